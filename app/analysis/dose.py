"""The part of a report on how much of the feature it takes."""

from dataclasses import asdict

import numpy as np

from app.analysis.comparison import COMPARED
from app.analysis.diagnostics import group_votes
from app.analysis.dose_response import Bin, Dose, bin_edges, dose
from app.analysis.moderation import controls_of, in_words
from app.analysis.multiplicity import LEVEL, ONE_OF_SEVERAL
from app.analysis.options import Group, NotIdentified, Options
from app.analysis.part_basis import basis_line, half_or_dropped
from app.analysis.parts import Part, PartColumn, declined
from app.analysis.votes import RHYME, VoteTable
from app.analysis.wording import PEOPLE, feature_words, halved_choices, p_value, plain

NAME = "dose"
METHOD = """For each group, pairs are put into bins by the size |d| of the difference in the \
feature (quarters of the scale for rhyme density, quartiles for other features), and the choice is \
explained by one column per bin, which holds 1 where the left poem has more of the feature, -1 \
where it has less, and 0 for pairs of other bins or without a difference; the controls are held \
equal. So nothing is assumed about the form of the curve. Weights, kind of intervals and degrees \
of freedom as for the main estimate, the weights by raters' unlikeness in \
the bin with most votes. Bins without votes are left out; a bin with fewer than 30 votes, 3 raters \
or 5 prompts is put together with a neighbour.

The smooth curve is a fractional logit on d and d |d|. The coefficient of d |d| is the bend: 0 \
where the log odds grow in proportion to the difference, as the main estimate takes them to. Its p \
value is the test of linearity."""


def dose_part(table: VoteTable, options: Options) -> Part:
    """Say how choices follow the size of the difference.

    Parameters
    ----------
    table
        The votes.
    options
        As of the main estimate.

    Returns
    -------
    Part
        A row for each group and bin; `data["curves"]` holds the smooth curves with their bands,
        `data["tests"]` the tests of linearity.
    """
    noun = feature_words(table.feature).noun
    title = f"How much {noun} does it take?"
    found: dict[Group, Dose] = {}
    reasons: list[str] = []
    votes = {group: group_votes(table, group, options.ties) for group in COMPARED}
    sizes = np.abs(np.concatenate([one.feature for one in votes.values()]))
    edges = bin_edges(table.feature, sizes[sizes > 0])
    for group, own in votes.items():
        try:
            found[group] = dose(own, edges, controls_of(table, options), options)
        except NotIdentified as reason:
            reasons.append(str(reason))
    if not found:
        return declined(NAME, title, " ".join(dict.fromkeys(reasons)), method=METHOD)
    what = halved_choices(options.ties)
    told = [_sentence(table.feature, group, of, what) for group, of in found.items()]
    if any(of.bend and of.bend.p_value < LEVEL for of in found.values()):
        told.append(ONE_OF_SEVERAL)
    return Part(
        name=NAME,
        title=title,
        sentence=" ".join([*told, *reasons]),
        columns=COLUMNS,
        rows=tuple(_row(table.feature, g, one) for g, of in found.items() for one in of.bins),
        method=METHOD,
        notes=_notes(noun, found),
        data={
            "feature": table.feature,
            "curves": _curves(found),
            "bend": {g.value: asdict(of.bend) for g, of in found.items() if of.bend},
            "tests": [
                {
                    "test": f"{PEOPLE[group].capitalize()}: log odds grow in proportion to {noun}",
                    "part": NAME,
                    "about": "in proportion",
                    "group": group.value,
                    "p_value": of.bend.p_value,
                }
                for group, of in found.items()
                if of.bend is not None
            ],
        },
        basis=basis_line(
            sum(len(votes[group].outcome) for group in found), table, half_or_dropped(options)
        ),
    )


COLUMNS = (
    PartColumn("group", "Group", "Group of raters", "text"),
    PartColumn("difference", "Size of the difference", "Units of the feature", "text"),
    PartColumn("size", "Mean size", "Mean size of the differences in the bin", "number"),
    PartColumn(
        "share",
        "Share of choices",
        "Share of choices for the poem with more of the feature, all else equal",
        "percent",
        "share_ci_low",
        "share_ci_high",
    ),
    PartColumn("votes", "Votes", "Votes on such pairs", "count"),
)


def _row(feature: str, group: Group, one: Bin) -> dict[str, str | float | int | None]:
    return {
        "group": group.value,
        "difference": _range(one),
        "over": one.over,
        "up_to": one.up_to,
        "size": one.size,
        "share": one.share.value,
        "share_ci_low": one.share.low,
        "share_ci_high": one.share.high,
        "votes": one.votes,
    }


def _curves(found: dict[Group, Dose]) -> list[dict[str, str | float]]:
    return [
        {"group": group.value, "size": size, "share": at.value, "low": at.low, "high": at.high}
        for group, of in found.items()
        for size, at in of.curve
    ]


def _range(one: Bin) -> str:
    return f"over {one.over:g} to {one.up_to:g}" if one.over else f"up to {one.up_to:g}"


def _sentence(feature: str, group: Group, of: Dose, of_what: str) -> str:
    people, first, last = PEOPLE[group].capitalize(), of.bins[0], of.bins[-1]
    more = "more rhymed poem" if feature == RHYME else f"poem with the higher {plain(feature)}"
    what = "rhyme density" if feature == RHYME else plain(feature)
    told = f"{people} choose the {more} in an estimated {in_words(first.share)} of {of_what} where "
    told += f"the two differ in {what} by {_range(first)}"
    if last is not first:
        told += f", and in {in_words(last.share)} where they differ by {_range(last)}"
    if of.bend is None:
        return f"{told}."
    return f"{told}; {_shape(of)}."


def _shape(of: Dose) -> str:
    assert of.bend is not None  # noqa: S101
    p = f"{p_value(of.bend.p_value)} before correction"
    if of.bend.ci_low <= 0 <= of.bend.ci_high:
        return f"no departure from a straight line is shown ({p})"
    slope = 1 if of.curve[-1][1].value > 0.5 else -1  # noqa: PLR2004
    grows = of.bend.log_odds * slope > 0
    return f"the effect {'grows faster' if grows else 'levels off'} as differences grow ({p})"


def _notes(noun: str, found: dict[Group, Dose]) -> tuple[str, ...]:
    notes = ["Intervals have 95% each, not together for a whole curve."]
    if any(of.bend is None for of in found.values()):
        notes.append(
            f"All pairs differ in {noun} by the same, so that no curve can be drawn for a group."
        )
    return tuple(notes)
