"""The instrument: what raters are asked about themselves, read from instrument.toml, and what of it
one study asks, kept with the study when it opens. No database."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from app.errors import Unusable
from app.studies.plan import USUAL_LANGUAGE, Design

LANGUAGES = ("en", "de")  # every text stands in each of them
SELF_DESCRIBED = "self_described"  # the item whose answer is what a rater calls themself
CHOSEN, NOT_CHOSEN = (
    "yes",
    "no",
)  # what is stored of a name that was ticked, and of one that was not
FROZEN = "instrument"  # where a study's design keeps its questionnaire

Raw = Mapping[str, Any]  # Any: TOML or JSON


class Kind(StrEnum):
    """How the items of a section are answered."""

    GRADED = "graded"  # one of several answers, each worth its points
    NAMES = "names"  # names to be ticked
    CHOICE = "choice"  # one of several answers, of which one is right


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    points: float

    @property
    def pair(self) -> tuple[str, str]:
        """As a form takes it."""
        return self.value, self.label


@dataclass(frozen=True, slots=True)
class Item:
    name: str
    text: str
    hint: str
    options: tuple[Option, ...]
    source: str

    @property
    def is_scored(self) -> bool:
        return any(option.points for option in self.options)

    @property
    def most(self) -> float:
        return max(option.points for option in self.options)

    def points(self, value: str) -> float | None:
        """None for an answer that is none of its options."""
        return next((one.points for one in self.options if one.value == value), None)


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    kind: Kind
    heading: str
    intro: str
    items: tuple[Item, ...]
    language: str

    @property
    def scored(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.is_scored)

    @property
    def most(self) -> float:
        """The most points that can be had."""
        return sum(item.most for item in self.scored)


@dataclass(frozen=True, slots=True)
class Rule:
    """Makes of answers a score and a group."""

    name: str
    title: str
    weights: Mapping[str, float]  # by section
    expert_from: float  # the least score of an expert
    one_of: Mapping[str, Sequence[str]]  # by item, answers of which an expert has given one


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What one study asks, in one language, and how it is scored."""

    version: str
    sections: tuple[Section, ...]
    rule: Rule

    @property
    def items(self) -> Iterator[Item]:
        return (item for section in self.sections for item in section.items)

    @property
    def weights(self) -> dict[str, float]:
        """Of the sections that are asked and count."""
        return {
            section.name: self.rule.weights[section.name]
            for section in self.sections
            if self.rule.weights.get(section.name)
        }

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        return asdict(self)


def questionnaire(design: Design) -> Questionnaire:
    """What the file asks of the raters of such a study now."""
    rule = _rule(design.expert_rule)
    asked = {"always"}
    asked |= {"recognition_test"} if design.recognition_test else set()
    asked |= {"knowledge_test"} if design.knowledge_test else set()
    sections = tuple(
        section
        for raw, section in zip(_file()["sections"], sections_in(design.language), strict=True)
        if raw["asked"] in asked
    )
    found = Questionnaire(version(), sections, rule)
    if not found.weights:
        needed = " or ".join(rule.weights)
        raise Unusable(
            f"The rule “{rule.title}” scores {needed}, which this study does not ask: choose one "
            "of the tests too, or another rule."
        )
    unasked = [name for name in rule.one_of if name not in {item.name for item in found.items}]
    if unasked:
        raise Unusable(f"The rule “{rule.title}” needs the item “{unasked[0]}”.")
    return found


def questionnaire_of(stored: Raw) -> Questionnaire:
    """A study's own, as it was kept when it opened; before, what the file holds now."""
    if FROZEN not in stored:
        return questionnaire(Design.from_json(stored))
    kept = stored[FROZEN]
    sections = tuple(_section_of_json(raw) for raw in kept["sections"])
    return Questionnaire(kept["version"], sections, Rule(**kept["rule"]))


def frozen(stored: Raw) -> dict[str, Any]:  # Any: JSON
    """A study's design with its questionnaire kept in it."""
    return {**stored, FROZEN: questionnaire(Design.from_json(stored)).to_json()}


def version() -> str:
    return str(_file()["version"])


@cache
def sections_in(language: str) -> tuple[Section, ...]:
    """All of them, in a language; in English where the file does not have it."""
    language = language if language in LANGUAGES else USUAL_LANGUAGE
    return tuple(_section(raw, language) for raw in _file()["sections"])


@cache
def rules() -> tuple[Rule, ...]:
    """All of them, the usual one first."""
    return tuple(
        Rule(
            name=raw["name"],
            title=raw["title"],
            weights=raw["weights"],
            expert_from=float(raw["expert_from"]),
            one_of=raw.get("one_of", {}),
        )
        for raw in _file()["rules"]
    )


def in_words(found: Questionnaire) -> str:
    """How the score is made, and who is an expert by it, for an admin."""
    rule, weights = found.rule, found.weights
    headings = {section.name: section.heading for section in found.sections}
    parts = [f"{weight:g} × “{headings[name]}”" for name, weight in weights.items()]
    whole = (
        f"the share of the points of “{headings[next(iter(weights))]}”"
        if len(parts) == 1
        else f"the mean of the shares of points, weighed {', '.join(parts)}"
    )
    who = f"who scores {rule.expert_from:g} or more" if rule.expert_from else "whoever"
    if rule.one_of:
        items = {item.name: item for item in found.items}
        answers = (
            f"to “{items[name].text}” {_any_of(items[name], values)}"
            for name, values in rule.one_of.items()
        )
        who += f"{' and' if rule.expert_from else ''} answered {', or '.join(answers)}"
    return f"{rule.title}. The score is {whole}; an expert is {who}."


def _any_of(item: Item, values: Sequence[str]) -> str:
    labels = (f"“{option.label}”" for option in item.options if option.value in values)
    return " or ".join(labels)


def _rule(name: str) -> Rule:
    found = next((rule for rule in rules() if rule.name == name), None)
    if found is None:
        known = ", ".join(rule.name for rule in rules())
        raise Unusable(f"The instrument has no rule {name!r}; it has: {known}.")
    return found


@cache
def _file() -> Raw:
    text = files("app.studies").joinpath("instrument.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _section(raw: Raw, language: str) -> Section:
    kind, also = Kind(raw["kind"]), [raw["also"]] if "also" in raw else []
    if kind is Kind.NAMES:
        items = tuple(_name(one, language) for one in raw["names"])
    else:
        own = (one for one in _file()["items"] if one["section"] == raw["name"])
        items = tuple(_item(one, also, language) for one in own)
    heading, intro = (_text(raw[key], language) for key in ("heading", "intro"))
    return Section(raw["name"], kind, heading, intro, items, language)


def _item(raw: Raw, also: Sequence[Raw], language: str) -> Item:
    options = tuple(
        Option(one["value"], _text(one["label"], language), float(one["points"]))
        for one in (*raw["options"], *also)
    )
    text, hint = _text(raw["text"], language), _text(raw.get("hint", ""), language)
    return Item(raw["name"], text, hint, options, raw["source"])


def _name(raw: Raw, language: str) -> Item:
    options = (Option(CHOSEN, "", float(raw["points"])), Option(NOT_CHOSEN, "", 0.0))
    return Item(raw["name"], _text(raw["text"], language), "", options, raw["source"])


def _text(raw: str | Raw, language: str) -> str:
    return raw if isinstance(raw, str) else str(raw[language])


def _section_of_json(raw: Raw) -> Section:
    items = tuple(
        Item(**{**one, "options": tuple(Option(**option) for option in one["options"])})
        for one in raw["items"]
    )
    return Section(**{**raw, "kind": Kind(raw["kind"]), "items": items})
