"""The estimates of a stored analysis, one after the other, for a page and for a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.analysis.wording import listed, plain
from app.exports.columns import INTEGER, NUMBER, TEXT, Column, Row

GROUPS = ("nonexpert", "expert")
WHOSE = ("people", "simulated")


@dataclass(frozen=True, slots=True)
class Figures:
    """Both groups' effects and their difference, under one set of options."""

    name: str
    title: str
    adjusted_for: list[str]
    groups: dict[str, dict[str, Any] | None]  # Any: JSON
    difference: dict[str, Any] | None  # Any: JSON
    declined: dict[str, str]


def figures(analysis: dict[str, Any]) -> list[Figures]:  # Any: JSON
    """The estimate asked for, the one without controls, then those that test the others."""
    found = [_figures("adjusted", _held(analysis["adjusted_for"]), analysis)]
    if analysis["adjusted_for"]:
        found.append(_figures("unadjusted", _held([]), analysis["unadjusted"]))
    return found


def sensitivity(analysis: dict[str, Any]) -> list[Figures]:  # Any: JSON
    return [
        _figures(name, _OTHERWISE.get(name, plain(name).capitalize()), one)
        for name, one in analysis["sensitivity"].items()
    ]


def _figures(name: str, title: str, one: dict[str, Any]) -> Figures:  # Any: JSON
    return Figures(
        name, title, one["adjusted_for"], one["groups"], one["difference"], one["declined"]
    )


def _held(names: list[str]) -> str:
    if not names:
        return "Unadjusted: nothing held equal"
    return f"Adjusted: {listed([plain(name) for name in names])} held equal"


_OTHERWISE = {
    "average_rater": "Every rater counting alike, however many votes they gave",
    "ties_dropped": "Ties left out",
    "with_excluded": "With the votes marked as excluded",
    "without_excluded": "Without the votes marked as excluded",
    "ties_half": "Ties as half a choice for each",
}

_EFFECT = {
    "win_share": "Share of choices for the poem with a step more, all else equal, 0 to 1; for "
    "the difference, that of the two shares",
    "win_share_ci_low": "Lower end of its 95% interval",
    "win_share_ci_high": "Upper end of its 95% interval",
    "odds_ratio": "Odds ratio",
    "odds_ratio_ci_low": "Lower end of its 95% interval",
    "odds_ratio_ci_high": "Upper end of its 95% interval",
    "log_odds": "Natural log odds",
    "se": "Standard error of the log odds",
    "df": "Effective degrees of freedom",
}
_COUNTS = ("votes", "ties", "informative", "raters", "prompts", "poems")
_RATIO = {
    "odds_ratio": "ratio_of_odds_ratios",
    "odds_ratio_ci_low": "ratio_ci_low",
    "odds_ratio_ci_high": "ratio_ci_high",
}
COLUMNS = (
    Column("votes_by", "people or simulated", TEXT),
    Column("estimate", "Which estimate", TEXT),
    Column("adjusted_for", "What was held equal", TEXT),
    Column("group", "Group, or difference for non-experts less experts", TEXT),
    *(Column(name, meaning, NUMBER) for name, meaning in _EFFECT.items()),
    Column("p_value", "Two-sided, of no difference", NUMBER),
    *(Column(name, name.capitalize(), INTEGER) for name in _COUNTS),
    Column("declined", "Why there is no number", TEXT),
)


def figure_rows(result: dict[str, Any]) -> Iterator[Row]:  # Any: JSON
    """A row for each number on the page: for a group, or for the difference, whose share is the
    difference of the two shares, and its odds ratio the ratio of the two odds ratios."""
    for whose in WHOSE:
        analysis = result[whose]
        if analysis is not None:
            for one in [*figures(analysis), *sensitivity(analysis)]:
                yield from _rows(whose, one)


def _rows(whose: str, one: Figures) -> Iterator[Row]:
    for group in (*GROUPS, "difference"):
        row: Row = dict.fromkeys(column.name for column in COLUMNS)
        row |= {"votes_by": whose, "estimate": one.name, "group": group}
        row |= {"adjusted_for": " ".join(one.adjusted_for), "declined": one.declined.get(group)}
        effect = one.difference if group == "difference" else one.groups[group]
        row |= {name: (effect or {}).get(name) for name in (*_EFFECT, *_COUNTS, "p_value")}
        if group == "difference" and effect:
            row |= {name: effect[own] for name, own in _RATIO.items()}
        yield row
