"""Answers of the demo's simulated raters about themselves, drawn from a known experience."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from app.models import RaterKind
from app.studies.instrument import CHOSEN, NOT_CHOSEN, SELF_DESCRIBED, Item, Kind, Questionnaire

# How the groups differ in experience, raters within one, and how sharply items tell them apart.
MEANS = {RaterKind.EXPERT: 0.9, RaterKind.NONEXPERT: -0.9}
WITHIN_SD = 0.7
SHARPNESS = 1.6
GUESSES = 0.03  # of a name that is no poet's
ADMITS = 0.6  # says that they do not know, where they do not
CALLS_ITSELF_EXPERT = 0.8  # from which experience on


@dataclass(frozen=True, slots=True)
class Sitting:
    """How hard each item is, the same for all raters."""

    asked: Questionnaire
    difficulty: dict[str, float]


def sitting(asked: Questionnaire, rng: np.random.Generator) -> Sitting:
    return Sitting(asked, {item.name: float(rng.normal()) for item in asked.items})


def drawn(of: Sitting, kind: RaterKind, rng: np.random.Generator) -> dict[str, str]:
    """One rater's answers to every item."""
    experience = float(rng.normal(MEANS[kind], WITHIN_SD))
    answers = {}
    for section in of.asked.sections:
        for item in section.items:
            ease = SHARPNESS * (experience - of.difficulty[item.name])
            answers[item.name] = _drawn(section.kind, item, experience, ease, rng)
    return answers


def _drawn(kind: Kind, item: Item, experience: float, ease: float, rng: np.random.Generator) -> str:
    knows = bool(rng.random() < 1 / (1 + np.exp(-ease)))
    if item.name == SELF_DESCRIBED:
        says = experience + rng.normal(0, WITHIN_SD) > CALLS_ITSELF_EXPERT
        return (RaterKind.EXPERT if says else RaterKind.NONEXPERT).value
    if kind is Kind.NAMES:
        ticks = knows if item.most > 0 else rng.random() < GUESSES
        return CHOSEN if ticks else NOT_CHOSEN
    options = sorted(item.options, key=lambda option: option.points)
    if kind is Kind.GRADED:
        level = NormalDist().cdf(experience + rng.normal(0, WITHIN_SD))
        return options[min(int(level * len(options)), len(options) - 1)].value
    if knows:
        return options[-1].value
    if rng.random() < ADMITS:
        return item.options[-1].value
    wrong = [option.value for option in item.options[:-1] if not option.points]
    return wrong[int(rng.integers(len(wrong)))]
