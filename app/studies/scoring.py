"""What answers to the instrument are worth: points, shares of them, a score and a group. No
database."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.models import RaterKind
from app.studies.instrument import SELF_DESCRIBED, Questionnaire, Section

Answers = Mapping[str, str]  # by item


@dataclass(frozen=True, slots=True)
class Scored:
    """`score` is 0 to 1."""

    score: float
    scored_as: RaterKind
    self_described: RaterKind | None


def points(section: Section, answers: Answers) -> dict[str, float]:
    """By scored item, of those answered with one of its options."""
    found = {item.name: item.points(answers.get(item.name, "")) for item in section.scored}
    return {name: value for name, value in found.items() if value is not None}


def share(section: Section, answers: Answers) -> float:
    """Points out of the most that can be had: for names, hits less false alarms out of the names
    that are right. Never below 0."""
    return max(0.0, sum(points(section, answers).values())) / section.most


def scored(found: Questionnaire, answers: Answers) -> Scored:
    """Of a complete set of answers."""
    weights, rule = found.weights, found.rule
    total = sum(
        weights[section.name] * share(section, answers)
        for section in found.sections
        if section.name in weights
    )
    score = round(total / sum(weights.values()), 12)  # a threshold met is met, whatever the sum
    qualified = not rule.one_of or any(
        answers.get(name) in values for name, values in rule.one_of.items()
    )
    is_expert = qualified and score >= rule.expert_from
    said = answers.get(SELF_DESCRIBED)
    return Scored(
        score=score,
        scored_as=RaterKind.EXPERT if is_expert else RaterKind.NONEXPERT,
        self_described=RaterKind(said) if said else None,
    )
