"""What an admin decides about a study before it opens (Design, frozen then) and about whom it
recruits (Recruitment, which may change while it runs). No database: JSON in, values out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from app.errors import Unusable

USUAL_LANGUAGE = "en"
_MOST_REPEATS = 50
_MOST_CHECKS = 10
_OLDEST = 120


class When(StrEnum):
    BEFORE = "before"
    AFTER = "after"


class Panel(StrEnum):
    NONE = "none"
    PROLIFIC = "prolific"
    MTURK = "mturk"
    SONA = "sona"


def _within(what: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise Unusable(f"{what} must be between {low} and {high}.")


@dataclass(frozen=True, slots=True)
class Design:
    """Everything that could change what raters do or how it is read; frozen with the study."""

    language: str = USUAL_LANGUAGE  # of the study's own texts and of the page around them
    minimum_age: int | None = None
    instrument_when: When = When.BEFORE
    recognition_test: bool = False
    knowledge_test: bool = False
    expert_rule: str = "usual"  # a rule of the instrument's file
    screens_out: bool = False  # those whose score does not fit the group they were invited to
    practice: bool = False
    asks_confidence: bool = False
    asks_ease: bool = False
    break_every: int | None = None  # pairs
    repeats: int = 0  # pairs shown again to each rater with sides exchanged
    checks: int = 0  # attention checks for each rater
    fastest_reading: int = 700  # words a minute above which a vote is flagged
    most_one_side: float = 0.9  # share of choices of one side above which a rater is flagged

    def __post_init__(self) -> None:
        _within("Repeated pairs", self.repeats, 0, _MOST_REPEATS)
        _within("Attention checks", self.checks, 0, _MOST_CHECKS)
        if self.minimum_age is not None:
            _within("The minimum age", self.minimum_age, 1, _OLDEST)
        if self.screens_out and self.instrument_when is When.AFTER:
            raise Unusable(
                "Raters can be screened out only by questions that come before the pairs."
            )
        if self.break_every is not None and self.break_every < 1:
            raise Unusable("A break comes after at least one pair.")

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What is not stored, in a study of an earlier version, is as it was then: the default."""
        values = _known(cls, stored)
        if "instrument_when" in values:
            values["instrument_when"] = When(values["instrument_when"])
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


# What a new study begins with.
RECOMMENDED = Design(practice=True, break_every=12, repeats=2, checks=1)


@dataclass(frozen=True, slots=True)
class Recruitment:
    panel: Panel = Panel.NONE
    return_link: str = ""  # the panel's address for those who have finished
    completion_code: str = ""
    screened_out_code: str = ""
    failed_attention_code: str = ""
    closes_at: datetime | None = None
    keep_identities_days: int = 90  # after the closing; then who raters are to a panel is deleted

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        values = _known(cls, stored)
        if "panel" in values:
            values["panel"] = Panel(values["panel"])
        if values.get("closes_at"):
            values["closes_at"] = datetime.fromisoformat(values["closes_at"])
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"closes_at": self.closes_at and self.closes_at.isoformat()}


def _known(cls: type, stored: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(cls)}
    return {name: value for name, value in stored.items() if name in names}
