"""Whether the intervals of a report's other sections hold what they promise."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from numpy.random import Generator

from app.analysis.coverage import Interval, Performance, performance
from app.analysis.options import NotIdentified, Options, Variance
from app.analysis.pooled import informed_table, pooled
from app.analysis.study_parameters import StudyParameters
from app.analysis.votes import VoteTable

LIMIT_STUDIES = 300
FEWEST = 2  # intervals that can be judged

Intervals = dict[str, Interval]
Find = Callable[[VoteTable, Options, Generator], Intervals]
Limit = Callable[[StudyParameters, Generator], dict[str, float]]


@dataclass(frozen=True, slots=True)
class CalibratedSection:
    """A section of a report whose intervals are calibrated.

    Parameters
    ----------
    name
        In the table.
    find
        Gives the intervals of a study by name, as the section does.
    changes
        Fields of the study's parameters that differ from the scenario's.
    draw
        Draws the study.
    limit
        Gives what the estimates tend to; None for those of `find` in the pooled votes of further
        studies.
    limit_studies
        How many are pooled.
    share
        Share of the studies asked for that are drawn, above 0 and at most 1: less than 1 where one
        takes long.
    """

    name: str
    find: Find
    changes: dict[str, Any] = field(default_factory=dict)  # Any: of any field
    draw: Callable[[StudyParameters, Generator], VoteTable] = informed_table
    limit: Limit | None = None
    limit_studies: int = LIMIT_STUDIES
    share: float = 1.0

    def parameters(self, scenario: StudyParameters) -> StudyParameters:
        """Give the study that is drawn in a scenario.

        Parameters
        ----------
        scenario
            The scenario's.

        Returns
        -------
        StudyParameters
            With the changes.
        """
        return replace(scenario, **self.changes)


def section_intervals(
    section: CalibratedSection, scenario: StudyParameters, rng: Generator
) -> Intervals:
    """Draw a study and give a section's intervals.

    Parameters
    ----------
    section
        The section.
    scenario
        The study.
    rng
        Source of randomness.

    Returns
    -------
    dict
        By name; empty where the votes cannot say.
    """
    table = section.draw(section.parameters(scenario), rng)
    try:
        return section.find(table, Options(), rng)
    except NotIdentified:
        return {}


def section_limits(
    section: CalibratedSection, scenario: StudyParameters, rng: Generator
) -> dict[str, float]:
    """Find what a section's estimates tend to.

    Parameters
    ----------
    section
        The section.
    scenario
        The study.
    rng
        Source of randomness.

    Returns
    -------
    dict
        By name: the section's own estimate from the votes of many studies, each with raters, poems
        and prompts of its own.
    """
    parameters = section.parameters(scenario)
    if section.limit is not None:
        return section.limit(parameters, rng)
    every = pooled([section.draw(parameters, rng) for _ in range(section.limit_studies)])
    found = section.find(every, Options(variance=Variance.NAIVE), rng)
    return {name: one.value for name, one in found.items()}


def judge_section(found: Iterable[Intervals], truth: dict[str, float]) -> dict[str, Performance]:
    """Judge the intervals of a section by the truth.

    Parameters
    ----------
    found
        What `section_intervals` gave for each study.
    truth
        What `section_limits` gave.

    Returns
    -------
    dict
        By name, in the order of the truth; what fewer than two studies gave is left out.
    """
    by_name: dict[str, list[Interval]] = defaultdict(list)
    for intervals in found:
        for name, one in intervals.items():
            by_name[name].append(one)
    return {
        name: performance(by_name[name], value)
        for name, value in truth.items()
        if len(by_name[name]) >= FEWEST
    }
