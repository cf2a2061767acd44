"""The sensitivity grid as a part of a report."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.analysis.blocks import more_controls, report_controls
from app.analysis.comparison import Comparison
from app.analysis.grid import BUDGET, Curve, Progress, SpecificationResult, sensitivity_curve
from app.analysis.options import Group, Options
from app.analysis.part_basis import intervals_by
from app.analysis.parts import Cell, Part, PartColumn, declined
from app.analysis.votes import VoteTable
from app.analysis.wording import counted, feature_words, lean_more, listed, plain

NAME, TITLE = "sensitivity", "Does the answer depend on how the votes are analysed?"
AXES = {
    "ties": "Ties",
    "controls": "Held equal",
    "weights": "Weights",
    "experts": "Experts",
    "votes": "Votes",
}
WORDS = {
    "ties": {"half": "half each", "drop": "left out", "ordinal": "an outcome"},
    "controls": {
        "none": "nothing",
        "report": "as reported",
        "more": "and more",
        "source": "and source",
    },
    "weights": {"tau": "adaptive", "equal": "all alike", "rater": "raters alike"},
    "experts": {
        "invitation": "as invited",
        "self-described": "by own word",
        "scored": "as scored",
        "score": "by score",
    },
    "votes": {"kept": "not excluded", "all": "all"},
}
METHOD = """\
Every combination of these choices: ties counted as half a choice for each side, left out, or taken
as an outcome of their own (Davidson 1970: left, tie and right in the ratio
exp(eta/2) : nu : exp(-eta/2), by maximum likelihood); what is held equal; how much a vote counts;
who is an expert; whether excluded votes count. Each has the intervals of the kind of the
main estimate, and gives D, the log odds of non-experts less those of experts; a
specification curve (Simonsohn, Simmons and Nelson 2020) sorts them by D.

Scales: with ties as halves a win share is of all choices. With ties left out or an outcome of
their own it is of choices that decide: in Davidson's model P(left) / (P(left) + P(right)) =
expit(eta), so that its effect compares with the log odds of left against right given a decision.

The specifications use the same votes and are no independent tests: the number whose interval
excludes 0 is no p-value.

Davidson, R. R. (1970). Journal of the American Statistical Association 65, 317-328. Simonsohn, U.,
Simmons, J. P. and Nelson, L. D. (2020). Nature Human Behaviour 4, 1208-1214."""


def sensitivity_part(
    table: VoteTable,
    options: Options,
    *,
    budget: int = BUDGET,
    progress: Progress | None = None,
    known: Mapping[str, Sequence[Comparison]] | None = None,
) -> Part:
    """Say whether the answer depends on how the votes are analysed.

    Parameters
    ----------
    table
        The votes, those excluded among them.
    options
        The report's own choices.
    budget, progress, known
        As of `sensitivity_curve`.

    Returns
    -------
    Part
        A row for each specification, by difference. `data` has the choices, in the order of the
        chart, and the counts.
    """
    curve = sensitivity_curve(table, options, budget=budget, progress=progress, known=known)
    if not curve.estimated:
        reason = curve.main.comparison.declined["difference"]
        return declined(NAME, TITLE, reason, method=METHOD)
    return Part(
        name=NAME,
        title=TITLE,
        sentence=_sentence(table.feature, curve),
        columns=_columns(),
        rows=tuple(_row(ix, one, curve) for ix, one in enumerate(curve.results, start=1)),
        method=METHOD,
        notes=_notes(table, options, curve),
        data=_data(table.feature, curve),
        basis=f"{counted(curve.main.comparison.votes, 'vote')} in the report's own "
        "way; votes, ties, weights and controls of every other as its row says; intervals: "
        f"{intervals_by(table, options)}",
    )


def _sentence(feature: str, curve: Curve) -> str:
    given = curve.estimated
    n, excluding = len(given), curve.above + curve.below
    ways = "this one way" if n == 1 else f"{n} ways"
    found = (
        f"We analysed the votes in {ways}; in {excluding or 'none'} of them the 95% interval of "
        "the difference between the groups leaves out 0"
    )
    if excluding:
        found += (
            f" ({lean_more(feature, nonexperts=True, away=curve.main.comparison.away)} in "
            f"{curve.above}, the other way round in {curve.below})"
        )
    ratios = [one.comparison.difference for one in given]
    values = [one.ratio_of_odds_ratios for one in ratios if one is not None]
    if n > 1:
        found += (
            f". The ratio of the two odds ratios, non-experts to experts, runs from "
            f"{min(values):.2f} to {max(values):.2f}"
        )
    own = curve.main.comparison.difference
    if own is not None:
        found += (
            f"; the report's own is {own.ratio_of_odds_ratios:.2f} "
            f"({own.ratio_ci_low:.2f} to {own.ratio_ci_high:.2f})"
        )
    return f"{found}. {_conflict(feature, curve)}".rstrip()


def _conflict(feature: str, curve: Curve) -> str:
    more = f"which group leans more to {feature_words(feature).toward}"
    if curve.main_conflicts:
        return (
            f"Whether ties count as half or are left out changes {more}: take neither for settled."
        )
    if curve.tie_conflicts:
        return (
            f"In {curve.tie_conflicts} of {curve.tie_pairs} pairs of analyses alike in all else, "
            f"leaving ties out changes {more}."
        )
    return ""


def _columns() -> tuple[PartColumn, ...]:
    choices = tuple(
        PartColumn(name, heading, f"{heading}, as chosen here", "text")
        for name, heading in AXES.items()
    )
    shares = tuple(
        PartColumn(
            group,
            f"{people}, win share",
            f"How often {people.lower()} choose the poem with a step more of the feature",
            "percent",
            f"{group}_low",
            f"{group}_high",
        )
        for group, people in (("nonexpert", "Non-experts"), ("expert", "Experts"))
    )
    difference = PartColumn(
        "difference",
        "Difference D, log odds",
        "Log odds of non-experts less those of experts",
        "number",
        "low",
        "high",
    )
    return (
        PartColumn("order", "Place", "Place on the curve, by the difference", "count"),
        *choices,
        *shares,
        difference,
        PartColumn("reason", "Why none", "Why there is no difference, if so", "text"),
    )


def _row(order: int, one: SpecificationResult, curve: Curve) -> dict[str, Cell]:
    found = one.comparison.difference
    row: dict[str, Cell] = {"order": order, "main": int(one is curve.main)}
    for name in AXES:
        key = getattr(one.specification, name)
        row |= {name: WORDS[name][key], f"{name}_choice": key}
    for group in (Group.NONEXPERT, Group.EXPERT):
        effect = one.comparison.groups[group]
        row |= {
            group.value: None if effect is None else effect.win_share,
            f"{group.value}_low": None if effect is None else effect.win_share_ci_low,
            f"{group.value}_high": None if effect is None else effect.win_share_ci_high,
        }
    row |= {
        "difference": None if found is None else found.log_odds,
        "low": None if found is None else found.ci_low,
        "high": None if found is None else found.ci_high,
        "reason": "" if found else one.comparison.declined["difference"],
    }
    return row


def _notes(table: VoteTable, options: Options, curve: Curve) -> tuple[str, ...]:
    adjust = report_controls(table, options)
    held = listed([plain(name) for name in adjust] or ["nothing"])
    more = more_controls(table, adjust)
    missing = len(curve.results) - len(curve.estimated)
    found = [f"Held equal as reported: {held}."]
    if more:
        found.append(f"“And more” also holds {listed([plain(name) for name in more])} equal.")
    if "source" in curve.choices["controls"]:
        found.append("“And source” compares poems as if by one source, beside what is reported.")
    if "scored" in curve.choices["experts"]:
        found.append("Experts as scored are those by the rule that the study fixed.")
    if "score" in curve.choices["experts"]:
        found.append("Experts by score are the raters who score above the middle rater.")
    if not curve.complete:
        found.append(
            "So many votes take too long to analyse in every combination: only a few choices at a "
            "time differ from the report's own."
        )
    if "tau" in curve.choices["weights"]:
        found.append(
            "“Adaptive” weights lie between counting all votes alike and counting all raters "
            "alike, by how much raters differ."
        )
    if missing:
        found.append(
            f"In {counted(missing, 'further way')} the difference could not be estimated; the "
            "table says why."
        )
    return tuple(found)


def _data(feature: str, curve: Curve) -> dict[str, Any]:  # Any: JSON
    return {
        "feature": feature,
        "choices": [
            {"name": name, "axis": AXES[name], "key": key, "words": WORDS[name][key]}
            for name, keys in curve.choices.items()
            for key in sorted(keys, key=[*WORDS[name]].index)
            if len(keys) > 1
        ],
        "specifications": len(curve.results),
        "estimated": len(curve.estimated),
        "above": curve.above,
        "below": curve.below,
        "tie_pairs": curve.tie_pairs,
        "tie_conflicts": curve.tie_conflicts,
        "main_conflicts": curve.main_conflicts,
        "complete": curve.complete,
    }
