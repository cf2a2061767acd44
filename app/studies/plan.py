"""What an admin decides about a study before it opens (Design, frozen then) and about whom it
recruits (Recruitment, which may change while it runs). No database: JSON in, values out."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from string import Formatter
from typing import Any, Self
from urllib.parse import urlsplit

from app.errors import Unusable

USUAL_LANGUAGE = "en"
MOST_REPEATS = 50
MOST_CHECKS = 10
OLDEST = 120
SLOWEST, FASTEST = 100, 5000  # words a minute
LONGEST_KEPT = 3650  # days
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
IN_RETURN_LINKS = ("code", "id", "study", "session")  # what stands in braces in a return link


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
        _within("Repeated pairs", self.repeats, 0, MOST_REPEATS)
        _within("Attention checks", self.checks, 0, MOST_CHECKS)
        if self.minimum_age is not None:
            _within("The minimum age", self.minimum_age, 1, OLDEST)
        if self.screens_out and self.instrument_when is When.AFTER:
            raise Unusable(
                "Raters can be screened out only by questions that come before the pairs."
            )
        if self.break_every is not None and self.break_every < 1:
            raise Unusable("A break comes after at least one pair.")
        _within("The fastest reading", self.fastest_reading, SLOWEST, FASTEST)
        if not 0.5 < self.most_one_side <= 1:  # noqa: PLR2004  # half is what chance gives
            raise Unusable("The largest share of one side must be above 0.5 and at most 1.")

    @property
    def asks_about_choices(self) -> bool:
        return self.asks_confidence or self.asks_ease

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
    only_from_panel: bool = False  # by a group's link; personal and signed links work all the same
    failed_checks_forgiven: int = 0  # so many attention checks may fail for the completion code

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


def mistakes(design: Design, recruitment: Recruitment) -> dict[str, str]:
    """By field, what of a recruitment cannot work with this design, and what would be right."""
    found = _about_codes(design, recruitment) | _about_link(recruitment)
    if not 0 <= recruitment.keep_identities_days <= LONGEST_KEPT:
        found["keep_identities_days"] = f"The days must be between 0 and {LONGEST_KEPT}."
    if not 0 <= recruitment.failed_checks_forgiven <= MOST_CHECKS:
        found["failed_checks_forgiven"] = (
            f"The checks forgiven must be between 0 and {MOST_CHECKS}."
        )
    if recruitment.only_from_panel and recruitment.panel is Panel.NONE:
        found["only_from_panel"] = "Choose the panel that people must come from."
    return found


def _about_codes(design: Design, recruitment: Recruitment) -> dict[str, str]:
    found = {}
    by_code = recruitment.panel in {Panel.PROLIFIC, Panel.MTURK}
    if by_code and not recruitment.completion_code:
        found["completion_code"] = (
            "This panel needs a completion code: raters show it that they have finished."
        )
    if by_code and design.screens_out and not recruitment.screened_out_code:
        found["screened_out_code"] = (
            "This study ends early for raters who do not fit, and the panel needs a code for them."
        )
    seen: set[str] = set()
    for name in ("completion_code", "screened_out_code", "failed_attention_code"):
        code = getattr(recruitment, name)
        if code and not _CODE.fullmatch(code):
            found[name] = "A code is made of letters, digits, - and _, at most 64."
        elif code in seen:
            found[name] = "This code is the same as another: each needs one of its own."
        seen.add(code or name)
    return found


def _about_link(recruitment: Recruitment) -> dict[str, str]:
    link = recruitment.return_link
    if recruitment.panel is Panel.SONA and "{id}" not in link:
        return {
            "return_link": "Sona needs a return link with {id} where its address has XXXX, so that "
            "the credit reaches the right person."
        }
    if not link:
        return {}
    try:
        address = urlsplit(link)
        named = [part[1:] for part in Formatter().parse(link) if part[1] is not None]
        good = address.scheme == "https" and bool(address.hostname)
    except ValueError:
        return {"return_link": "This is no address: it must begin with https://."}
    if not good or any(letter.isspace() for letter in link):
        return {"return_link": "A return link must be an address that begins with https://."}
    if any(part not in {(name, "", None) for name in IN_RETURN_LINKS} for part in named):
        known = ", ".join(f"{{{name}}}" for name in IN_RETURN_LINKS)
        return {"return_link": f"In braces a return link may have {known} and nothing else."}
    return {}
