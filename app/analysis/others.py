"""What else drives choices: every other measure in the feature's place."""

import math
from dataclasses import dataclass

import numpy as np

from app.analysis.blocks import in_place_of_feature, report_controls
from app.analysis.comparison import COMPARED
from app.analysis.diagnostics import group_votes
from app.analysis.effects import Estimate, estimate_group
from app.analysis.multiplicity import benjamini_hochberg
from app.analysis.options import Group, NotIdentified, Options
from app.analysis.part_basis import basis_line
from app.analysis.parts import Cell, Part, PartColumn, declined
from app.analysis.terms import Coefficient, coefficient
from app.analysis.votes import VoteTable
from app.analysis.wording import PEOPLE, counted, feature_words, listed, plain, sentence_case

NAME, TITLE = "others", "What else drives choices?"
ALPHA = 0.05
METHOD = """\
Each numeric measure in turn takes the feature's place in the main estimate: the same model, weights
and kind of intervals, with the report's controls held equal except the measure itself. The feature
of the report is not held equal unless it is a control. To be comparable, effects are odds ratios
per standard deviation of the measure's differences between the two poems of a vote (their root mean
square over the votes of both groups).

p values are two-sided, adjusted by Benjamini and Hochberg (1995) over all other measures and both
groups: of those below 0.05 no more than 5% are expected to be false. Intervals are not adjusted.

Assumed: each measure acts in a straight line on the log odds. Measures go together; one may show an
effect that is another's.

Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal
Statistical Society B 57, 289-300."""


@dataclass(frozen=True, slots=True)
class OtherEffect:
    """The effect of one measure.

    Parameters
    ----------
    column
        Its name.
    sd
        Root mean square of its differences, in its units, over the votes of both groups.
    groups
        Of each group the effect in natural log odds per `sd`; None where there is none.
    adjusted_p
        Of each group, by Benjamini and Hochberg; None where there is none.
    declined
        Of each group without an effect, why.
    """

    column: str
    sd: float
    groups: dict[Group, Coefficient | None]
    adjusted_p: dict[Group, float | None]
    declined: dict[Group, str]


def other_effects(table: VoteTable, options: Options) -> tuple[OtherEffect, ...]:
    """Estimate the effect of every column of the table in the feature's place.

    Parameters
    ----------
    table
        The votes, with all measures there are as controls.
    options
        The report's own choices.

    Returns
    -------
    tuple of OtherEffect
        The feature first, then the others in the order of the table; p values are adjusted over
        the others.
    """
    adjust = report_controls(table, options)
    found = [_one(table, name, adjust, options) for name in (table.feature, *table.controls)]
    tested = [
        (ix, group, one.p_value)
        for ix, effect in enumerate(found[1:], start=1)
        for group, one in effect.groups.items()
        if one is not None
    ]
    adjusted = benjamini_hochberg([p for *_, p in tested])
    for (ix, group, _), p in zip(tested, adjusted, strict=True):
        found[ix].adjusted_p[group] = p
    return tuple(found)


def _one(table: VoteTable, name: str, adjust: tuple[str, ...], options: Options) -> OtherEffect:
    view = table if name == table.feature else in_place_of_feature(table, name)
    votes = {group: group_votes(view, group, options.ties) for group in COMPARED}
    differences = np.concatenate([own.feature for own in votes.values()])
    sd = math.sqrt(float(np.mean(differences**2))) if differences.size else 0.0
    held = tuple(control for control in adjust if control != name)
    groups: dict[Group, Coefficient | None] = dict.fromkeys(COMPARED)
    reasons = {}
    for group, own in votes.items():
        try:
            estimate = estimate_group(
                own, held, weights=options.weights, ties=options.ties, variance=options.variance
            )
        except NotIdentified as reason:
            reasons[group] = str(reason)
        else:
            groups[group] = _per_sd(estimate, sd)
    return OtherEffect(name, sd, groups, dict.fromkeys(COMPARED), reasons)


def _per_sd(estimate: Estimate, sd: float) -> Coefficient:
    spread = estimate.term.spread
    return coefficient(sd * estimate.term.value, type(spread)(sd**2 * spread.variance, spread.df))


def others_part(table: VoteTable, options: Options) -> Part:
    """Say what else drives choices.

    Parameters
    ----------
    table
        The votes, with all measures there are as controls.
    options
        The report's own choices.

    Returns
    -------
    Part
        A row for each measure, the feature first, the others by the larger effect of the groups.
    """
    if not table.controls:
        return declined(NAME, TITLE, "No other measure of the poems is known.", method=METHOD)
    own, *others = other_effects(table, options)
    estimated = [one for one in others if any(one.groups.values())]
    if not estimated:
        reasons = dict.fromkeys(others[0].declined.values())
        none = f"No estimate can be given of {counted(len(others), 'other measure')}."
        return declined(NAME, TITLE, " ".join([none, *reasons]), method=METHOD)
    ordered = [own, *sorted(estimated, key=lambda one: (-_size(one), one.column))]
    ordered += [one for one in others if one not in estimated]
    return Part(
        name=NAME,
        title=TITLE,
        sentence=_sentence(table.feature, estimated),
        columns=_columns(),
        rows=tuple(_row(one, table.feature) for one in ordered),
        method=METHOD,
        notes=(*_notes(table, options), *_without(own, others)),
        data={"feature": table.feature, "ties": options.ties.value},
        basis=_basis(table, options, own),
    )


def _without(own: OtherEffect, others: list[OtherEffect]) -> list[str]:
    """Why some measures have no estimate, where the feature has one."""
    return [
        f"{sentence_case(plain(one.column))}: {reason}"
        for one in others
        for group, reason in one.declined.items()
        if group not in own.declined
    ]


def _basis(table: VoteTable, options: Options, own: OtherEffect) -> str:
    held = listed([plain(name) for name in report_controls(table, options)])
    groups = [group for group, one in own.groups.items() if one is not None] or COMPARED
    votes = sum(len(group_votes(table, group, options.ties).outcome) for group in groups)
    controls = f"{held}; of these never the measure itself" if held else "none"
    return basis_line(votes, table, options, controls=controls)


def _size(one: OtherEffect) -> float:
    return max(abs(found.log_odds) for found in one.groups.values() if found is not None)


def _sentence(feature: str, estimated: list[OtherEffect]) -> str:
    noun = feature_words(feature).noun
    parts = [f"We put {counted(len(estimated), 'other measure')} in the place of {noun}"]
    for group in COMPARED:
        if all(one.groups[group] is None for one in estimated):
            parts.append(f"for {PEOPLE[group]} there is no estimate")
            continue
        real = [one for one in estimated if (one.adjusted_p[group] or 0) < ALPHA]
        real = [one for one in real if one.groups[group] is not None]
        real.sort(key=lambda one: -abs(_log_odds(one, group)))
        more = [plain(one.column) for one in real if _log_odds(one, group) > 0]
        less = [plain(one.column) for one in real if _log_odds(one, group) < 0]
        told = [f"more {listed(more)}"] if more else []
        told += [f"less {listed(less)}"] if less else []
        parts.append(
            f"{PEOPLE[group]} lean to poems with {', and to those with '.join(told)}"
            if told
            else f"for {PEOPLE[group]} none stands out from chance"
        )
    return f"{parts[0]}: {'; '.join(parts[1:])} (adjusted for the number of measures)."


def _log_odds(one: OtherEffect, group: Group) -> float:
    found = one.groups[group]
    return 0.0 if found is None else found.log_odds


def _columns() -> tuple[PartColumn, ...]:
    columns = [PartColumn("measure", "Measure", "The measure in the feature's place", "text")]
    for group in COMPARED:
        people = PEOPLE[group].capitalize()
        columns += [
            PartColumn(
                group.value,
                f"{people}, odds ratio per SD",
                f"Odds of {PEOPLE[group]} for a poem with one standard deviation more of it",
                "ratio",
                f"{group.value}_low",
                f"{group.value}_high",
            ),
            PartColumn(
                f"{group.value}_p",
                f"{people}, adjusted p",
                "Of no effect, by Benjamini and Hochberg over all other measures and both groups",
                "p",
            ),
        ]
    sd = PartColumn("sd", "SD", "Standard deviation of the differences, in the measure's own unit")
    return (*columns, sd)


def _row(one: OtherEffect, feature: str) -> dict[str, Cell]:
    row: dict[str, Cell] = {
        "column": one.column,
        "measure": plain(one.column),
        "own": int(one.column == feature),
        "sd": one.sd,
    }
    for group in COMPARED:
        found = one.groups[group]
        ends = (
            (None, None, None)
            if found is None
            else tuple(_ratio(end) for end in (found.log_odds, found.ci_low, found.ci_high))
        )
        names = (group.value, f"{group.value}_low", f"{group.value}_high")
        row |= dict(zip(names, ends, strict=True))
        row[f"{group.value}_p"] = one.adjusted_p[group]
    return row


def _ratio(log_odds: float) -> float:
    with np.errstate(over="ignore", under="ignore"):
        return float(np.exp(log_odds))


def _notes(table: VoteTable, options: Options) -> tuple[str, ...]:
    held = listed([plain(name) for name in report_controls(table, options)] or ["nothing"])
    return (
        f"Held equal: {held}, except the measure itself.",
        "Measures go together: one may show an effect that is another's.",
    )
