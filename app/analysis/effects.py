"""Effect of a feature on the choices of each group, and the difference between the groups."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from app.analysis.diagnostics import GroupVotes, require_enough
from app.analysis.options import (
    PRELIMINARY_DF,
    PRELIMINARY_HALF_WIDTH,
    VERDICT_HALF_WIDTH,
    NotIdentified,
    Ties,
    Variance,
    Weights,
)
from app.analysis.ordinal import ordinal_terms
from app.analysis.preference import Separated
from app.analysis.terms import SIDE, Coefficient, Term, fit_terms, subtract
from app.analysis.usable import usable_controls
from app.analysis.wording import feature_words, percent, plain

Ends = tuple[float, float, float]  # an estimate and the ends of its interval

FEATURE = "feature"  # a name that no control can have: those are columns of the poems
WIDEST = 8.0  # log odds either way at a usual difference


@dataclass(frozen=True, slots=True)
class GroupEffect:
    """Effect of the feature on one group's choices.

    Parameters
    ----------
    log_odds, se, df, ci_low, ci_high
        Natural log odds of the left poem per unit that the feature of the left exceeds that of
        the right; standard error; degrees of freedom; 95% interval.
    win_share, win_share_ci_low, win_share_ci_high
        How often a poem wins that has a step more, sides balanced, all else equal; 0 to 1.
    odds_ratio, odds_ratio_ci_low, odds_ratio_ci_high
        exp of log_odds and of its interval, each times the step.
    step
        That of the table.
    intercept
        Natural log odds of the left poem where nothing differs.
    coefficients
        Natural log odds per unit of each control.
    tau2
        Variance of the effect between raters, squared log odds.
    votes, ties, informative, raters, prompts, poems, tie_rate
        Counts, ties included whatever is done with them.
    preliminary
        Whether the interval is too wide, or the degrees of freedom or the prompts too few, to
        build on.
    precise
        Whether the interval is narrow enough for a verdict in one line.
    leans_on_one
        Whether without some one rater or prompt the coefficients could not be told apart.
    """

    log_odds: float
    se: float
    df: float
    ci_low: float
    ci_high: float
    win_share: float
    win_share_ci_low: float
    win_share_ci_high: float
    odds_ratio: float
    odds_ratio_ci_low: float
    odds_ratio_ci_high: float
    step: float
    intercept: float
    coefficients: dict[str, float]
    tau2: float
    votes: int
    ties: int
    informative: int
    raters: int
    prompts: int
    poems: int
    tie_rate: float | None
    preliminary: bool
    precise: bool
    leans_on_one: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """Effect among non-experts less the effect among experts.

    Parameters
    ----------
    log_odds, se, df, ci_low, ci_high
        As of a group.
    p_value
        Two-sided, of no difference; 0 to 1.
    ratio_of_odds_ratios, ratio_ci_low, ratio_ci_high
        exp of log_odds and of its interval, each times the step.
    win_share, win_share_ci_low, win_share_ci_high
        Win share of the non-experts less that of the experts, and its 95% interval; -1 to 1.
    preliminary
        Whether either group is, or the degrees of freedom are too few.
    """

    log_odds: float
    se: float
    df: float
    ci_low: float
    ci_high: float
    p_value: float
    ratio_of_odds_ratios: float
    ratio_ci_low: float
    ratio_ci_high: float
    win_share: float
    win_share_ci_low: float
    win_share_ci_high: float
    preliminary: bool

    @property
    def differs(self) -> bool:
        """Whether the 95% interval leaves out 0."""
        return self.ci_low > 0 or self.ci_high < 0


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """One group's effect with what a comparison needs of it.

    Parameters
    ----------
    effect
        The effect.
    term
        The same with the influences of raters and prompts.
    dropped
        Controls that said nothing beside the others.
    """

    effect: GroupEffect
    term: Term
    dropped: tuple[str, ...]


def estimate_group(
    votes: GroupVotes,
    controls: tuple[str, ...],
    *,
    weights: Weights = Weights.TAU,
    ties: Ties = Ties.HALF,
    variance: Variance = Variance.TWO_WAY,
) -> Estimate:
    """Estimate the effect of the feature on one group's choices.

    Parameters
    ----------
    votes
        The group's votes.
    controls
        Controls to hold equal.
    weights, variance
        As in `Options`.
    ties
        ORDINAL fits Davidson's model, whose win share is that among choices that decide; else
        ties count as half, or were left out of the votes.

    Returns
    -------
    Estimate
        The effect and its influences.

    Raises
    ------
    NotIdentified
        The votes are too few, say nothing of the feature, or are separated or nearly so; the
        message is a sentence.

    Notes
    -----
    x = [1, feature, controls], left minus right; columns are divided by their root mean square for
    the fit and coefficients multiplied back. Interval: theta +- t(df) sqrt(V). Win share:
    1/2 (expit(a + theta) + expit(theta - a)), a the intercept.
    """
    require_enough(votes)
    kept = usable_controls(votes, controls)
    columns = {FEATURE: votes.feature, **{name: votes.controls[name] for name in kept}}
    fitted = ordinal_terms if ties is Ties.ORDINAL else fit_terms
    try:
        found = fitted(
            votes, columns, (FEATURE,), weighted_for=FEATURE, weights=weights, variance=variance
        )
    except Separated as separated:
        raise NotIdentified(_separation(votes, kept, separated.column)) from None
    term = found.terms[FEATURE]
    _require_bounds(votes, term)
    effect = _group_effect(votes, coefficients=found.coefficients, term=term)
    dropped = tuple(name for name in controls if name not in kept)
    return Estimate(effect, term, dropped)


def _require_bounds(votes: GroupVotes, term: Term) -> None:
    low, high = term.spread.interval(term.value)
    if (high - low) / 2 * math.sqrt(float(np.mean(votes.feature**2))) > WIDEST:
        ends = [percent(float(expit(votes.table.step * end))) for end in (low, high)]
        raise NotIdentified(
            f"The votes by {votes.people} leave too much open, shares of choices from {ends[0]} to "
            f"{ends[1]}%, so no number is given; more raters, prompts or votes are needed."
        )


def _separation(votes: GroupVotes, controls: tuple[str, ...], column: int) -> str:
    people = votes.people
    if column == 0:
        return (
            f"The votes by {people} nearly always chose the same side, so no effect can be "
            "estimated; votes with choices of both sides are needed."
        )
    noun = feature_words(votes.table.feature).noun
    name = noun if column == 1 else plain(controls[column - 2])
    return (
        f"The votes by {people} follow {name} without exception, so that its effect has no upper "
        "limit and no interval; more votes, among which some go the other way, are needed."
    )


def _group_effect(votes: GroupVotes, *, coefficients: dict[str, float], term: Term) -> GroupEffect:
    controls = {name: of for name, of in coefficients.items() if name not in {SIDE, FEATURE}}
    intercept, found = coefficients[SIDE], term.coefficient
    theta, low, high = found.log_odds, found.ci_low, found.ci_high
    step = votes.table.step
    steps = [step * value for value in (theta, low, high)]
    shares = [win_share(intercept, value) for value in steps]
    half_width = (shares[2] - shares[1]) / 2
    ratios = [_exp(value) for value in steps]
    counts = votes.counts
    return GroupEffect(
        log_odds=theta,
        se=found.se,
        df=found.df,
        ci_low=low,
        ci_high=high,
        win_share=shares[0],
        win_share_ci_low=shares[1],
        win_share_ci_high=shares[2],
        odds_ratio=ratios[0],
        odds_ratio_ci_low=ratios[1],
        odds_ratio_ci_high=ratios[2],
        step=step,
        intercept=intercept,
        coefficients=controls,
        tau2=term.tau2,
        votes=counts.votes,
        ties=counts.ties,
        informative=counts.informative,
        raters=counts.raters,
        prompts=counts.prompts,
        poems=counts.poems,
        tie_rate=counts.tie_rate,
        preliminary=found.df < PRELIMINARY_DF
        or half_width > PRELIMINARY_HALF_WIDTH
        or votes.table.few_prompts,
        precise=half_width <= VERDICT_HALF_WIDTH,
        leans_on_one=term.influence.singular,
    )


def win_share(intercept: float, theta: float) -> float:
    """How often a poem wins that has one unit more of the feature, sides balanced.

    Parameters
    ----------
    intercept
        Natural log odds of the left poem where nothing differs.
    theta
        Natural log odds per unit of the feature.

    Returns
    -------
    float
        0 to 1; a tie counts as half a win.

    Examples
    --------
    >>> win_share(0.3, 0.0)
    0.5
    """
    return float((expit(intercept + theta) + expit(theta - intercept)) / 2)


def _exp(value: float) -> float:
    with np.errstate(over="ignore", under="ignore"):
        return float(np.exp(value))


def estimate_difference(
    nonexpert: Estimate, expert: Estimate, *, variance: Variance = Variance.TWO_WAY
) -> Difference:
    """Estimate by how much more the feature moves non-experts than experts.

    Parameters
    ----------
    nonexpert, expert
        The groups' estimates, from one table.
    variance
        As in `Options`.

    Returns
    -------
    Difference
        theta of the non-experts less theta of the experts, and the same in win shares.

    Notes
    -----
    See `app.analysis.terms.subtract`. The ends of the difference of the win shares P - Q are
    P - Q - sqrt(a^2 + b^2 - 2 r a b), a = P - P_low, b = Q_high - Q, and
    P - Q + sqrt(c^2 + d^2 - 2 r c d), c = P_high - P, d = Q - Q_low: those of both groups'
    intervals put together. r is the correlation of the two thetas, from their variances and that
    of their difference.

    References
    ----------
    Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect measures: a
    general approach. Statistics in Medicine 27, 1693-1702.
    """
    found, step = subtract(nonexpert.term, expert.term, variance=variance), nonexpert.effect.step
    one, other = nonexpert.effect, expert.effect
    share, share_low, share_high = share_difference(
        _share(one), _share(other), _correlation(one, other, found)
    )
    return Difference(
        log_odds=found.log_odds,
        se=found.se,
        df=found.df,
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        p_value=found.p_value,
        ratio_of_odds_ratios=_exp(step * found.log_odds),
        ratio_ci_low=_exp(step * found.ci_low),
        ratio_ci_high=_exp(step * found.ci_high),
        win_share=share,
        win_share_ci_low=share_low,
        win_share_ci_high=share_high,
        preliminary=any(one.effect.preliminary for one in (nonexpert, expert))
        or found.df < PRELIMINARY_DF,
    )


def _correlation(one: GroupEffect, other: GroupEffect, difference: Coefficient) -> float:
    together = one.se**2 + other.se**2 - difference.se**2
    return min(max(together / (2 * one.se * other.se), -1.0), 1.0)


def _share(one: GroupEffect) -> Ends:
    return one.win_share, one.win_share_ci_low, one.win_share_ci_high


def share_difference(one: Ends, other: Ends, correlation: float = 0.0) -> Ends:
    """Give the difference of two shares with an interval put together from theirs.

    Parameters
    ----------
    one, other
        Each a share and the ends of its interval, 0 to 1.
    correlation
        Of the two estimates, -1 to 1.

    Returns
    -------
    tuple of float
        `one` less `other`, and the ends of its interval.

    Notes
    -----
    See `estimate_difference`.

    Examples
    --------
    >>> [round(end, 2) for end in share_difference((0.6, 0.57, 0.63), (0.5, 0.46, 0.54))]
    [0.1, 0.05, 0.15]
    """
    (share, low, high), (less, less_low, less_high) = one, other
    value = share - less
    return (
        value,
        value - _joined(share - low, less_high - less, correlation),
        value + _joined(high - share, less - less_low, correlation),
    )


def _joined(one: float, other: float, correlation: float) -> float:
    return math.sqrt(max(one**2 + other**2 - 2 * correlation * one * other, 0.0))
