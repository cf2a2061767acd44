"""Whether intervals hold what they promise: many studies drawn from a known truth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from app.analysis.clusters import influence
from app.analysis.coverage import Interval, Performance, performance
from app.analysis.diagnostics import GroupVotes, group_votes
from app.analysis.effects import (
    Difference,
    Ends,
    GroupEffect,
    estimate_difference,
    estimate_group,
    share_difference,
    win_share,
)
from app.analysis.options import Group, NotIdentified, Ties, Weights
from app.analysis.precision import Spread, naive_variance
from app.analysis.preference import fit_logit, fit_weighted
from app.analysis.simulate import simulate_table
from app.analysis.study_parameters import StudyParameters

LIMIT_STUDIES = 400
LIMIT_VOTES = 12_000_000  # of both groups, so that memory holds them
FEATURE_COLUMN = 1

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Method(StrEnum):
    """How the interval is made."""

    OURS = "two-way, weighted"
    RATER = "clusters by rater"
    NAIVE = "naive"


class Quantity(StrEnum):
    """What is estimated: log odds of a group, their difference, and that of the win shares."""

    EXPERT = "expert"
    NONEXPERT = "nonexpert"
    DIFFERENCE = "difference"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A kind of study.

    Parameters
    ----------
    name
        In the table.
    meaning
        In what it differs from the first, a phrase.
    parameters
        The study. The groups differ in `n_experts`, `n_nonexperts` and the effect of rhyme alone.
    """

    name: str
    meaning: str
    parameters: StudyParameters

    @property
    def without_difference(self) -> bool:
        """Whether both groups are drawn alike, so that any difference found is an error."""
        return self.parameters.rhyme_expert == self.parameters.rhyme_nonexpert


@dataclass(frozen=True, slots=True)
class _Conventional:
    intercept: float
    theta: float
    spread: Spread


Found = dict[Method, dict[Quantity, Interval]]
Truth = dict[Method, dict[Quantity, float]]


_BASE = StudyParameters()
SCENARIOS = (
    Scenario("base", "20 experts, 300 non-experts, 60 prompts of 4 poems", _BASE),
    Scenario("8 experts", "8 experts", replace(_BASE, n_experts=8)),
    Scenario("12 prompts", "12 prompts of 4 poems", replace(_BASE, n_prompts=12)),
    Scenario(
        "confounded",
        "rhymed poems are 6 lines longer, and each line adds 0.1",
        replace(_BASE, rhyme_lines=6.0, control_effects=(("n_lines", 0.1),)),
    ),
    Scenario(
        "heavy voters",
        "the effect falls by 0.2 for e times as many votes",
        replace(_BASE, votes_rhyme=-0.2),
    ),
    Scenario(
        "crossing pairs",
        "half the pairs are of poems for different prompts",
        replace(_BASE, cross_prompt_share=0.5),
    ),
    Scenario(
        "no prompts",
        "80 poems without prompts, any two of them a pair",
        replace(_BASE, n_prompts=0, poems_per_prompt=80),
    ),
    Scenario(
        "many votes",
        "about 50,000 votes on the 60 prompts",
        replace(_BASE, median_votes=115.0),
    ),
    Scenario(
        "dropping out",
        "one in 20 leaves after each vote, those who like rhyme least more often",
        replace(_BASE, median_votes=30.0, dropout=0.05, dropout_rhyme=-2.0),
    ),
    Scenario(
        "difference",
        "rhyme moves non-experts only, 80 experts",
        replace(_BASE, rhyme_expert=0.0, n_experts=80),
    ),
    Scenario(
        "4 prompts",
        "4 prompts of 20 poems; such a result is called preliminary",
        replace(_BASE, n_prompts=4, poems_per_prompt=20),
    ),
    Scenario(
        "2 prompts",
        "2 prompts of 40 poems; such a result is called preliminary",
        replace(_BASE, n_prompts=2, poems_per_prompt=40),
    ),
)


def intervals(parameters: StudyParameters, rng: np.random.Generator) -> Found | None:
    """Draw a study and analyse it by every method.

    Parameters
    ----------
    parameters
        The study.
    rng
        Source of randomness.

    Returns
    -------
    dict or None
        An interval for each quantity by each method, all of them with the two controls; None where
        the analysis gives no estimate for a group.
    """
    table = simulate_table(parameters, rng)
    votes = {group: group_votes(table, group, Ties.HALF) for group in _PEOPLE}
    try:
        ours = {group: estimate_group(own, table.controls) for group, own in votes.items()}
        difference = estimate_difference(ours[Group.NONEXPERT], ours[Group.EXPERT])
        others = {group: _conventional(own) for group, own in votes.items()}
    except NotIdentified:
        return None
    effects: dict[Quantity, GroupEffect | Difference] = {
        _PEOPLE[group]: one.effect for group, one in ours.items()
    }
    effects[Quantity.DIFFERENCE] = difference
    points = Interval(
        difference.win_share, difference.win_share_ci_low, difference.win_share_ci_high
    )
    found: Found = {
        Method.OURS: {
            quantity: Interval(one.log_odds, one.ci_low, one.ci_high)
            for quantity, one in effects.items()
        }
        | {Quantity.POINTS: points}
    }
    for method in (Method.RATER, Method.NAIVE):
        own = {group: by_method[method] for group, by_method in others.items()}
        found[method] = {
            _PEOPLE[group]: Interval(one.theta, *one.spread.interval(one.theta))
            for group, one in own.items()
        }
        of, less = own[Group.NONEXPERT], own[Group.EXPERT]
        found[method] |= {
            Quantity.DIFFERENCE: _difference(of.theta - less.theta, of.spread, less.spread),
            Quantity.POINTS: Interval(*share_difference(_share(of), _share(less))),
        }
    return found


_PEOPLE = {Group.EXPERT: Quantity.EXPERT, Group.NONEXPERT: Quantity.NONEXPERT}


def _difference(value: float, of: Spread, less: Spread) -> Interval:
    both = Spread(of.variance + less.variance, min(of.df, less.df))
    return Interval(value, *both.interval(value))


def _share(one: _Conventional) -> Ends:
    low, high = one.spread.interval(one.theta)
    value, *ends = (win_share(one.intercept, end) for end in (one.theta, low, high))
    return value, ends[0], ends[1]


def _columns(votes: GroupVotes) -> Floats:
    return np.column_stack([np.ones(len(votes.outcome)), votes.feature, *votes.controls.values()])


def _conventional(votes: GroupVotes) -> dict[Method, _Conventional]:
    """What statistical packages give: every vote alone, or clusters by rater (CR1, t(G - 1))."""
    x = _columns(votes)
    scale = np.sqrt(np.mean(x**2, axis=0))
    x = x / scale
    contrast = np.eye(x.shape[1])[FEATURE_COLUMN] / scale
    fit = fit_logit(x, votes.outcome, np.ones(len(x)))
    moved = influence(x, fit, votes.clusters, contrast, jackknife=False).rater
    n = len(moved)
    intercept, theta = float(fit.coef[0]), float(contrast @ fit.coef)
    by_rater = Spread(n / (n - 1) * float(moved @ moved), float(n - 1))
    naive = Spread(naive_variance(x, fit, contrast), float(len(x) - len(scale)))
    return {
        Method.RATER: _Conventional(intercept, theta, by_rater),
        Method.NAIVE: _Conventional(intercept, theta, naive),
    }


def limits(scenario: Scenario, rng: np.random.Generator, *, studies: int = LIMIT_STUDIES) -> Truth:
    """Find what the estimates of a scenario tend to.

    Parameters
    ----------
    scenario
        The scenario.
    rng
        Source of randomness.
    studies
        Number of studies to pool, fewer where they have very many votes.

    Returns
    -------
    dict
        For each method and quantity the coefficient of one logit fitted to all votes of so many
        studies, each with raters, poems and prompts of its own: with the weights 1 / (1 + tau^2 I)
        for ours, equal ones for the others. Where the groups are drawn alike the larger group
        stands for both, and the difference is 0.
    """
    drawn: dict[Group, list[tuple[Floats, Floats, Ints]]] = {group: [] for group in _PEOPLE}
    wanted = [Group.NONEXPERT] if scenario.without_difference else [*_PEOPLE]
    votes_so_far = 0
    for _ in range(studies):
        table = simulate_table(scenario.parameters, rng)
        for group in wanted:
            votes = group_votes(table, group, Ties.HALF)
            drawn[group].append((_columns(votes), votes.outcome, votes.rater))
        votes_so_far += len(table.rater)
        if votes_so_far > LIMIT_VOTES:
            break
    by_weights = {
        weights: {group: _pooled(drawn[group], weights) for group in wanted}
        for weights in (Weights.TAU, Weights.EQUAL)
    }
    return {
        Method.OURS: _quantities(by_weights[Weights.TAU]),
        Method.RATER: _quantities(by_weights[Weights.EQUAL]),
        Method.NAIVE: _quantities(by_weights[Weights.EQUAL]),
    }


def _pooled(parts: Sequence[tuple[Floats, Floats, Ints]], weights: Weights) -> tuple[float, float]:
    """The side's coefficient and that of rhyme."""
    before = np.cumsum([0, *(int(rater.max()) + 1 for _, _, rater in parts)])
    x = np.concatenate([columns for columns, _, _ in parts])
    y = np.concatenate([outcome for _, outcome, _ in parts])
    rater = np.concatenate(
        [own + start for (_, _, own), start in zip(parts, before[:-1], strict=True)]
    )
    scale = np.sqrt(np.mean(x**2, axis=0))
    x /= scale
    fit = fit_weighted(x, y, rater, FEATURE_COLUMN, weights)
    return float(fit.coef[0]), float(fit.coef[FEATURE_COLUMN] / scale[FEATURE_COLUMN])


def _quantities(of: dict[Group, tuple[float, float]]) -> dict[Quantity, float]:
    nonexpert = of[Group.NONEXPERT]
    expert = of.get(Group.EXPERT, nonexpert)
    return {
        Quantity.EXPERT: expert[1],
        Quantity.NONEXPERT: nonexpert[1],
        Quantity.DIFFERENCE: nonexpert[1] - expert[1],
        Quantity.POINTS: win_share(*nonexpert) - win_share(*expert),
    }


def judge(found: Iterable[Found | None], truth: Truth) -> dict[Method, dict[Quantity, Performance]]:
    """Judge every method and quantity of a scenario.

    Parameters
    ----------
    found
        What `intervals` gave for each study; those without an estimate are left out.
    truth
        What `limits` gave.

    Returns
    -------
    dict
        By method and quantity.
    """
    kept = [one for one in found if one is not None]
    return {
        method: {
            quantity: performance([one[method][quantity] for one in kept], truth[method][quantity])
            for quantity in Quantity
        }
        for method in Method
    }
