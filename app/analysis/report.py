"""Votes to everything a report says of them."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from app.analysis.basis import Basis
from app.analysis.comparison import COMPARED, Comparison, compare
from app.analysis.diagnostics import (
    Data,
    GroupVotes,
    describe,
    group_votes,
    raters_vote_unequally,
)
from app.analysis.options import Exclusions, Group, Options, Ties, Weights
from app.analysis.parts import Part, plain_json
from app.analysis.placing import placed
from app.analysis.sections import SECTIONS, OnError, Section, make_parts
from app.analysis.sentences import notes, summary, verdict
from app.analysis.votes import VoteTable


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything a report shows.

    Parameters
    ----------
    feature
        Column whose effect was asked for.
    options
        The options, `adjust` filled in.
    estimate
        The comparison asked for.
    unadjusted
        The same without controls.
    sensitivity
        The same with every rater counting alike ("average_rater"), with ties treated the other
        way ("ties_dropped" or "ties_half"), and, where votes are marked as excluded, with them
        ("with_excluded") or without ("without_excluded"), whichever the estimate is not.
    data
        Rows, hash and counts.
    sentence
        The result in plain words.
    verdict
        The result in one line, only where both intervals are narrow.
    notes
        Limits that a reader must know of, one sentence each.
    version
        Version of the program.
    parts
        The sections of the report.
    """

    feature: str
    options: Options
    estimate: Comparison
    unadjusted: Comparison
    sensitivity: dict[str, Comparison]
    data: Data
    sentence: str
    verdict: str | None
    notes: tuple[str, ...]
    version: str
    parts: tuple[Part, ...]

    def as_dict(self) -> dict[str, Any]:  # Any: JSON
        """Give the analysis as JSON would hold it.

        Returns
        -------
        dict
            "groups", "difference", "declined" and "adjusted_for" of the estimate asked for; the
            same under "unadjusted" and under each name of "sensitivity"; "feature", "options",
            "data", "tie_rates", "sentence", "verdict", "notes", "version", and
            "parts", each as `Part.as_dict`. Numbers have 12 digits; those that are not finite are
            None.
        """
        counts = self.data.counts
        result = {
            **_comparison(self.estimate),
            "unadjusted": _comparison(self.unadjusted),
            "sensitivity": {name: _comparison(one) for name, one in self.sensitivity.items()},
            "feature": self.feature,
            "options": asdict(self.options),
            "data": asdict(self.data),
            "tie_rates": {group: counts[group].tie_rate for group in COMPARED},
            "sentence": self.sentence,
            "verdict": self.verdict,
            "notes": self.notes,
            "version": self.version,
            "parts": [part.as_dict() for part in self.parts],
        }
        return {key: plain_json(value) for key, value in result.items()}


def _comparison(one: Comparison) -> dict[str, Any]:  # Any: JSON
    return {
        "groups": {
            g: None if effect is None else asdict(effect) for g, effect in one.groups.items()
        },
        "difference": None if one.difference is None else asdict(one.difference),
        "declined": one.declined,
        "adjusted_for": one.adjusted_for,
    }


def analyse(
    table: VoteTable,
    options: Options | None = None,
    *,
    version: str = "",
    sections: tuple[Section, ...] = SECTIONS,
    on_error: OnError | None = None,
) -> Analysis:
    """Estimate how much the feature drives the choices of non-experts and of experts.

    Parameters
    ----------
    table
        The votes, their groups as invited.
    options
        Choices of the analysis; None for the defaults.
    version
        Version of the program, kept with the result.
    sections
        Sections of the report to make.
    on_error
        Gives a part in the place of one that failed for a reason of the program; None to raise.

    Returns
    -------
    Analysis
        Estimates, or for those that cannot be given the sentences that say why.

    Raises
    ------
    ValueError
        A control of the options is not in the table.

    Notes
    -----
    Votes on a pair that its rater had seen before (`purpose` repeat) count in the reliability of
    the raters alone. See docs/analysis.md.
    """
    options = options or Options()
    options = replace(options, adjust=table.controls if options.adjust is None else options.adjust)
    adjust = options.adjust or ()
    unknown = [name for name in adjust if name not in table.controls]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not among the controls of the table.")
    invited, every = _first_times(table), placed(table, options.experts)
    counted = _counted(table, options.exclusions)
    table = _first_times(placed(counted, options.experts))
    votes = {g: group_votes(table, g, options.ties) for g in COMPARED}
    estimate = compare(votes, adjust, options)
    unadjusted = compare(votes, (), options) if adjust else estimate
    sensitivity = _sensitivity(table, invited, votes, adjust, options)
    data = describe(table, every)
    uneven = [group for group, own in votes.items() if raters_vote_unequally(own)]
    sentence = summary(table.feature, estimate)
    limits = notes(table.feature, data, estimate, sensitivity, uneven=uneven)
    basis = Basis(
        table=table,
        given=_first_times(every),
        invited=invited,
        every=placed(counted, options.experts),
        options=options,
        estimate=estimate,
        unadjusted=unadjusted,
        sensitivity=sensitivity,
        data=data,
        sentence=sentence,
        notes=limits,
    )
    return Analysis(
        feature=table.feature,
        options=options,
        estimate=estimate,
        unadjusted=unadjusted,
        sensitivity=sensitivity,
        data=data,
        sentence=sentence,
        verdict=verdict(table.feature, estimate),
        notes=limits,
        version=version,
        parts=make_parts(basis, sections, on_error=on_error),
    )


def _first_times(every: VoteTable) -> VoteTable:
    return every.where(~every.context.again) if every.context.again.any() else every


def _counted(given: VoteTable, exclusions: Exclusions) -> VoteTable:
    drops = exclusions is Exclusions.DROP and given.context.excluded.any()
    return given.without_excluded() if drops else given


def _sensitivity(
    table: VoteTable,
    invited: VoteTable,
    votes: dict[Group, GroupVotes],
    adjust: tuple[str, ...],
    options: Options,
) -> dict[str, Comparison]:
    other = Ties.HALF if options.ties is Ties.DROP else Ties.DROP
    other_votes = {group: group_votes(table, group, other) for group in COMPARED}
    found = {
        "average_rater": compare(votes, adjust, replace(options, weights=Weights.RATER)),
        "ties_dropped" if other is Ties.DROP else "ties_half": compare(
            other_votes, adjust, replace(options, ties=other)
        ),
    }
    if invited.context.excluded.any():
        drops = options.exclusions is Exclusions.DROP
        others = _counted(invited, Exclusions.KEEP if drops else Exclusions.DROP)
        others = placed(others, options.experts)
        their_votes = {group: group_votes(others, group, options.ties) for group in COMPARED}
        found["with_excluded" if drops else "without_excluded"] = compare(
            their_votes, adjust, options
        )
    return found
