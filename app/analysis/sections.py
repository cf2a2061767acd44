"""The sections of a report, in their order. A new one is a line here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.random import Generator

from app.analysis.answer import answer_part
from app.analysis.basis import Basis
from app.analysis.controls import controls_part
from app.analysis.data_quality import data_part
from app.analysis.dose import dose_part
from app.analysis.expertise import definitions_part, expertise_part
from app.analysis.grid_part import sensitivity_part
from app.analysis.hierarchical_part import hierarchical_part
from app.analysis.instrument_part import instrument_part
from app.analysis.judges_part import judges_part
from app.analysis.laziness import laziness_part
from app.analysis.limits import limits_part
from app.analysis.multiplicity import multiplicity_part
from app.analysis.neutrality import neutrality_part
from app.analysis.options import NotIdentified, Options, Ties
from app.analysis.others import others_part
from app.analysis.parts import Part, declined
from app.analysis.plots.agreement import instrument_chart, reliability_chart
from app.analysis.plots.controls import controls_chart
from app.analysis.plots.data import data_chart
from app.analysis.plots.dose import dose_chart
from app.analysis.plots.drawing import Width
from app.analysis.plots.expertise import definitions_chart, expertise_chart
from app.analysis.plots.grid import sensitivity_chart
from app.analysis.plots.hierarchical import hierarchical_chart
from app.analysis.plots.judges import judges_chart
from app.analysis.plots.laziness import laziness_chart
from app.analysis.plots.limits import limits_chart
from app.analysis.plots.multiplicity import multiplicity_chart
from app.analysis.plots.neutrality import neutrality_chart
from app.analysis.plots.others import others_chart
from app.analysis.plots.power import power_chart
from app.analysis.plots.ranking import ranking_chart
from app.analysis.plots.shares import shares_chart
from app.analysis.plots.win_share import answer_chart
from app.analysis.power_part import power_part
from app.analysis.preference import Separated
from app.analysis.ranking_part import ranking_part
from app.analysis.reliability_part import reliability_part
from app.analysis.sampling import Progress
from app.analysis.share_scale import with_one_scale
from app.analysis.shares_part import shares_part
from app.analysis.votes import VoteTable

SEED = 20_240_229  # the same report from the same votes, to the last digit

SEPARATED = (
    "In these votes the choices follow one of the measures without exception, so that its effect "
    "has no upper limit and no interval; more votes, among which some go the other way, are needed."
)


class Chart(Protocol):
    """Draws a part, given as JSON would hold it."""

    def __call__(self, part: dict[str, Any], /, *, width: Width) -> str:  # Any: JSON
        """Give an SVG."""
        ...


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a report.

    Parameters
    ----------
    name
        The name of its part.
    title
        Its heading where the part cannot be made.
    part
        Makes it, from the votes and from the parts before it. Whatever is random in it comes from
        the generator.
    chart
        Draws it; None for no chart.
    slow
        Whether making it takes long, as a bootstrap does; `blindverse analyse --quick` leaves it
        out.
    when_live
        Whether the report of a running study has it, which is made again and again.
    """

    name: str
    title: str
    part: Callable[[Basis, Generator, Sequence[Part]], Part]
    chart: Chart | None = None
    slow: bool = False
    when_live: bool = True


def _of_votes(
    part: Callable[[VoteTable, Options], Part],
) -> Callable[[Basis, Generator, Sequence[Part]], Part]:
    """A part that needs the votes and the options alone."""
    return lambda of, _rng, _made: part(of.table, of.options)


SECTIONS: tuple[Section, ...] = (
    Section("answer", "What was found?", lambda of, _rng, _made: answer_part(of), answer_chart),
    Section(
        "controls",
        "How much of the effect is the feature itself?",
        lambda of, _rng, _made: controls_part(
            of.table, of.options, known=(of.estimate, of.unadjusted)
        ),
        controls_chart,
    ),
    Section("others", "What else drives choices?", _of_votes(others_part), others_chart),
    Section(
        "shares",
        "How much of what is known of choices does each kind of measure explain?",
        lambda of, rng, _made: shares_part(of.table, of.options, rng=rng),
        shares_chart,
        slow=True,
    ),
    Section("dose", "How large a difference does it take?", _of_votes(dose_part), dose_chart),
    Section("laziness", "Do quick choices lean more?", _of_votes(laziness_part), laziness_chart),
    Section("neutrality", "Is either group neutral?", _of_votes(neutrality_part), neutrality_chart),
    Section(
        "expertise",
        "Does the effect change with the score of expertise?",
        _of_votes(expertise_part),
        expertise_chart,
    ),
    Section(
        "definitions",
        "Does it matter who is called an expert?",
        lambda of, _rng, _made: definitions_part(of.invited, of.options),
        definitions_chart,
    ),
    Section(
        "instrument",
        "How reliable are the questions that tell experts from others?",
        _of_votes(instrument_part),
        instrument_chart,
    ),
    Section(
        "ranking",
        "Which sources are preferred?",
        lambda of, rng, _made: ranking_part(of.table, of.options, rng),
        ranking_chart,
    ),
    Section(
        "judges", "Do language models judge as people do?", _of_votes(judges_part), judges_chart
    ),
    Section(
        "reliability",
        "How far can the votes be relied on?",
        lambda of, rng, _made: reliability_part(of.table, of.options, rng, every=of.every),
        reliability_chart,
        slow=True,
    ),
    Section(
        "data",
        "Which votes does this rest on?",
        lambda of, _rng, _made: data_part(of),
        data_chart,
    ),
    Section(
        "sensitivity",
        "Does the answer depend on how it was computed?",
        lambda of, _rng, _made: sensitivity_part(of.invited, of.options, known=of.known),
        sensitivity_chart,
        slow=True,
    ),
    Section(
        "power",
        "What differences would a study like this see?",
        lambda of, _rng, _made: power_part(of),
        power_chart,
        slow=True,
        when_live=False,
    ),
    Section(
        "multiplicity",
        "Do the secondary findings stand together?",
        lambda of, _rng, made: multiplicity_part(made, of.estimate.difference),
        multiplicity_chart,
    ),
    Section(
        "limits",
        "What can this not tell?",
        lambda of, _rng, _made: limits_part(of),
        limits_chart,
    ),
)


def with_hierarchical(progress: Progress | None = None) -> tuple[Section, ...]:
    """Give the sections with that of the hierarchical model, which takes minutes.

    Parameters
    ----------
    progress
        Told how many steps of the sampler are done of the most that there may be.

    Returns
    -------
    tuple of Section
        All sections, that one after the sensitivity grid.
    """
    one = Section(
        "hierarchical",
        "Does a model with every source of variation agree?",
        lambda of, _rng, _made: hierarchical_part(of, progress=progress),
        hierarchical_chart,
    )
    after = [section.name for section in SECTIONS].index("sensitivity") + 1
    return (*SECTIONS[:after], one, *SECTIONS[after:])


CHARTS = {one.name: one.chart for one in with_hierarchical() if one.chart is not None}

OnError = Callable[[Section, Exception], Part]


def make_parts(
    basis: Basis, sections: tuple[Section, ...] = SECTIONS, *, on_error: OnError | None = None
) -> tuple[Part, ...]:
    """Make the sections of a report.

    Parameters
    ----------
    basis
        The votes and the estimates.
    sections
        Which, in which order.
    on_error
        Gives a part in the place of one that failed for a reason of the program; None to raise.

    Returns
    -------
    tuple of Part
        One a section. Where the votes cannot answer, the part says so. The numbers drawn for one
        section do not depend on the others.
    """
    made: list[Part] = []
    for section in sections:
        made.append(_part(section, basis, made, on_error))
    return with_one_scale(made)


def _part(section: Section, basis: Basis, made: Sequence[Part], on_error: OnError | None) -> Part:
    rng = np.random.default_rng([SEED, *section.name.encode()])
    try:
        part = section.part(basis, rng, made)
    except Separated:
        return declined(section.name, section.title, SEPARATED)
    except NotIdentified as reason:
        return declined(section.name, section.title, str(reason))
    except Exception as error:
        if on_error is None:
            raise
        return on_error(section, error)
    usual = part.method and not part.declined and not part.basis
    part = replace(part, basis=basis.line) if usual else part
    return _with_ties(part) if basis.options.ties is Ties.ORDINAL else part


HALVES = (
    "The report takes ties as an outcome of their own; this section does not: here a tie counts as "
    "half a choice for each side, and shares are of all choices."
)
WITH_HALVES = {"dose", "laziness", "expertise", "shares", "ranking", "judges"}


def _with_ties(part: Part) -> Part:
    """Say of a section that knows no outcome of their own for ties what it does with them."""
    if part.name not in WITH_HALVES or not part.method:
        return part
    return replace(part, method=f"{HALVES}\n\n{part.method}")


def draw_part(part: dict[str, Any], *, width: Width = "wide") -> str | None:  # Any: JSON
    """Draw a part.

    Parameters
    ----------
    part
        The part as JSON holds it.
    width
        "wide" or "narrow".

    Returns
    -------
    str or None
        An SVG; None where the part has no number or no chart.
    """
    chart = CHARTS.get(part["name"])
    if chart is None or part["declined"] or not part["rows"]:
        return None
    return chart(part, width=width)
