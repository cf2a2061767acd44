"""What a report was asked to look at, and how: kept with it, and said at its top."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from app.analysis import Exclusions, Experts, Options, Ties, Variance, VoteTable, Weights
from app.analysis.blocks import MORE_CONTROLS
from app.analysis.parts import plain_json
from app.analysis.placing import JUDGE, placed
from app.analysis.votes import CONTROLS, RHYME
from app.analysis.wording import counted, listed, plain
from app.errors import Unusable
from app.verse import FAMILIES

Frame = dict[str, list[Any]]  # Any: cells of the export


@dataclass(frozen=True, slots=True)
class Filters:
    """Days are UTC, both ends included."""

    feature: str = RHYME
    adjust: tuple[str, ...] = CONTROLS
    weights: Weights = Weights.TAU
    ties: Ties = Ties.HALF
    variance: Variance = Variance.TWO_WAY
    since: date | None = None
    until: date | None = None
    exclusions: Exclusions = Exclusions.DROP
    experts: Experts = Experts.INVITATION
    hierarchical: bool = False

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:  # Any: JSON
        """What is not stored is as it was before it could be chosen."""
        usual = cls().as_dict() | dict(stored)
        return cls(
            feature=usual["feature"],
            adjust=tuple(usual["adjust"]),
            weights=Weights(usual["weights"]),
            ties=Ties(usual["ties"]),
            variance=Variance(usual["variance"]),
            since=_day(usual["since"]),
            until=_day(usual["until"]),
            exclusions=Exclusions(usual["exclusions"]),
            experts=Experts(usual["experts"]),
            hierarchical=usual["hierarchical"],
        )

    def as_dict(self) -> dict[str, Any]:  # Any: JSON
        days = {
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
        }
        return plain_json(asdict(self) | days)  # type: ignore[no-any-return]  # a dictionary again

    @property
    def options(self) -> Options:
        """As `analyse` takes them."""
        return Options(
            adjust=tuple(name for name in self.adjust if name != self.feature),
            weights=self.weights,
            ties=self.ties,
            variance=self.variance,
            exclusions=self.exclusions,
            experts=self.experts,
        )

    @property
    def period(self) -> str:
        """When the votes were cast, in words; empty where that was not chosen."""
        if self.since and self.until:
            return f"from {self.since.isoformat()} to {self.until.isoformat()}"
        if self.since:
            return f"from {self.since.isoformat()} on"
        return f"until {self.until.isoformat()}" if self.until else ""

    def told(self) -> list[str]:
        """A sentence for each choice that is not the usual one."""
        usual, found = Filters(), []
        if self.feature != usual.feature:
            found.append(f"{plain(self.feature).capitalize()} stands in rhyme's place.")
        if self.adjust != usual.adjust:
            held = listed([plain(name) for name in self.adjust])
            found.append(f"Held equal: {held or 'nothing'}.")
        chosen = asdict(self)
        found += [words for (name, value), words in _TOLD.items() if chosen[name] == value]
        if self.since or self.until:
            found.append(f"Only votes cast {self.period}.")
        if self.hierarchical:
            found.append("A hierarchical model was asked for beside the main estimate.")
        return found

    def command(self, files: Mapping[str, str]) -> str:
        """The command that gives the same of the study's files, which are named by what they hold:
        votes, poems and, where raters answered questions about themselves, raters."""
        given = [word for table, name in files.items() for word in (f"--{table}", name)]
        return " ".join(["blindverse analyse", *given, *self.arguments()])

    def arguments(self) -> list[str]:
        """What `blindverse analyse` takes for the same, beside the files."""
        usual, found = Filters(), []
        given = {
            "--feature": (self.feature, usual.feature),
            "--adjust": (",".join(self.adjust) or "none", ",".join(usual.adjust)),
            "--weights": (self.weights, usual.weights),
            "--ties": (self.ties, usual.ties),
            "--variance": (self.variance, usual.variance),
            "--since": (self.since and self.since.isoformat(), None),
            "--until": (self.until and self.until.isoformat(), None),
            "--experts": (self.experts, usual.experts),
            "--exclusions": (self.exclusions, usual.exclusions),
        }
        for name, (value, default) in given.items():
            found += [] if value == default else [name, str(value)]
        return found + (["--hierarchical"] if self.hierarchical else [])


_TOLD = {  # by field too, for members of two enumerations with the same text are equal
    ("weights", Weights.EQUAL): "Every vote counts the same.",
    ("weights", Weights.RATER): "Every rater counts the same.",
    ("ties", Ties.DROP): "Ties are left out.",
    ("ties", Ties.ORDINAL): "Ties are an outcome of their own (Davidson's model).",
    ("variance", Variance.RATER): "Intervals are clustered by rater alone.",
    ("variance", Variance.NAIVE): "Intervals take votes for independent.",
    ("exclusions", Exclusions.KEEP): "Votes marked as excluded are counted.",
    (
        "experts",
        Experts.SELF_DESCRIBED,
    ): "Experts are those who call themselves so; raters who did not say are left out.",
    (
        "experts",
        Experts.SCORED,
    ): "Experts are those whose answers the study's rule scored as such; raters who did not answer "
    "are left out.",
    (
        "experts",
        Experts.SCORE,
    ): "Experts are those whose score of expertise is above the middle rater's; raters without a "
    "score are left out.",
}
_ONE_KIND = {"Commonness of rhymes": "Rhyme"}  # families that measure the same
_FAMILIES = {
    feature.name: _ONE_KIND.get(family, family).lower()
    for family, own in FAMILIES.items()
    for feature in own
}
_EXPERT_COLUMNS = {
    Experts.SELF_DESCRIBED: "self_described",
    Experts.SCORED: "scored_as",
    Experts.SCORE: "expertise_score",
}


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def make_table(
    votes: Frame, poems: Frame, filters: Filters, raters: Frame | None = None
) -> VoteTable:
    """The votes that the filters leave, as an analysis takes them. Beside what is held equal it has
    the measures of `MORE_CONTROLS` that every poem has, so that no vote is lost for them."""
    rhymes = _FAMILIES.get(filters.feature) == _FAMILIES[RHYME]
    more = [
        name
        for name in MORE_CONTROLS
        if name not in filters.adjust
        and not (rhymes and name == RHYME)  # another measure of the same
        and all(map(_is_number, poems.get(name, [None])))
    ]
    table = VoteTable.from_frames(
        filtered(votes, filters),
        poems,
        feature=filters.feature,
        controls=(*filters.adjust, *more),
        answers=raters,
        families=_FAMILIES,
    )
    _refuse_if_nobody_is_placed(table, filters.experts)
    return table


def _refuse_if_nobody_is_placed(table: VoteTable, experts: Experts) -> None:
    if _has_people(table) and not _has_people(placed(table, experts)):
        raise Unusable(
            f"By the column {_EXPERT_COLUMNS[experts]} no rater can be called an expert or a "
            "non-expert: it is empty. Choose another definition of an expert."
        )


def _has_people(table: VoteTable) -> bool:
    return bool((table.group != JUDGE).any())


def _is_number(cell: Any) -> bool:  # Any: a cell
    try:
        return math.isfinite(float(cell))
    except (TypeError, ValueError, OverflowError):
        return False


def filtered(votes: Frame, filters: Filters) -> Frame:
    """The rows that are kept."""
    keep = [True] * len(next(iter(votes.values()), []))
    if filters.since or filters.until:
        first, last = (day.isoformat() if day else "" for day in (filters.since, filters.until))
        days = [_cast_on(cell, row) for row, cell in enumerate(_column(votes, "cast_at"), 1)]
        keep = [first <= day and (not last or day <= last) for day in days]
        if days and not any(keep):
            raise Unusable(
                f"No vote was cast {filters.period}: the {counted(len(days), 'vote')} here are "
                f"from {min(days)} to {max(days)}."
            )
    if filters.experts in _EXPERT_COLUMNS:
        _column(votes, _EXPERT_COLUMNS[filters.experts])
    if all(keep):
        return votes
    return {
        name: [cell for cell, kept in zip(cells, keep, strict=True) if kept]
        for name, cells in votes.items()
    }


def _column(votes: Frame, name: str) -> list[Any]:  # Any: cells
    if name not in votes:
        raise Unusable(f"The votes have no column {name!r}, which the filter needs.")
    return votes[name]


def _cast_on(cell: Any, row: int) -> str:  # Any: a cell
    day = str(cell)[:10]
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        raise Unusable(
            f"Vote row {row}, column cast_at: {cell!r} is no time; it must begin with a day, as in "
            "2026-01-31T09:30:00.000Z."
        ) from None
