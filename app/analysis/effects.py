"""Effect of a feature on the choices of each group, and the difference between the groups."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, stdtr

from app.analysis.clusters import (
    Clusters,
    Components,
    Influence,
    components,
    difference_components,
    influence,
)
from app.analysis.diagnostics import GroupVotes, require_enough, usable_controls
from app.analysis.options import (
    PRELIMINARY_DF,
    PRELIMINARY_HALF_WIDTH,
    VERDICT_HALF_WIDTH,
    NotIdentified,
    Variance,
    Weights,
)
from app.analysis.precision import Spread, clustered, naive_variance, pooled, prompt_df, rater_df
from app.analysis.preference import Separated, fit_weighted
from app.analysis.wording import PEOPLE, feature_words, plain

FEATURE = 1  # column of the feature, after the side


@dataclass(frozen=True, slots=True)
class GroupEffect:
    """Effect of the feature on one group's choices.

    Parameters
    ----------
    log_odds, se, df, ci_low, ci_high
        Natural log odds of the left poem per unit that the feature of the left exceeds that of
        the right; standard error; degrees of freedom; 95% interval.
    win_share, win_share_ci_low, win_share_ci_high
        How often a poem wins that has one unit more, sides balanced, all else equal; 0 to 1.
    odds_ratio, odds_ratio_ci_low, odds_ratio_ci_high
        exp of log_odds and of its interval.
    intercept
        Natural log odds of the left poem where nothing differs.
    coefficients
        Natural log odds per unit of each control.
    tau2
        Variance of the effect between raters, squared log odds.
    votes, ties, informative, raters, prompts, poems, tie_rate
        Counts, ties included whatever is done with them.
    preliminary
        Whether the interval is too wide, or the degrees of freedom too few, to build on.
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
        exp of log_odds and of its interval.
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
    preliminary: bool


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """One group's effect with what a comparison needs of it.

    Parameters
    ----------
    effect
        The effect.
    influence
        Influence of raters and prompts on the effect.
    parts
        V_R, V_P and V_RP.
    raters
        V_R with its degrees of freedom.
    naive
        Variance as if votes had nothing in common.
    dropped
        Controls that said nothing beside the others.
    """

    effect: GroupEffect
    influence: Influence
    parts: Components
    raters: Spread
    naive: Spread
    dropped: tuple[str, ...]


def estimate_group(
    votes: GroupVotes,
    controls: tuple[str, ...],
    *,
    weights: Weights = Weights.TAU,
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

    Returns
    -------
    Estimate
        The effect and its influences.

    Raises
    ------
    NotIdentified
        The votes are too few, say nothing of the feature, or are separated; the message is a
        sentence.

    Notes
    -----
    x = [1, feature, controls], left minus right; columns are divided by their root mean square for
    the fit and coefficients multiplied back. Interval: theta +- t(df) sqrt(V). Win share:
    1/2 (expit(a + theta) + expit(theta - a)), a the intercept.
    """
    require_enough(votes)
    kept = usable_controls(votes, controls)
    x = np.column_stack(
        [np.ones(len(votes.outcome)), votes.feature, *(votes.controls[name] for name in kept)]
    )
    scale = np.sqrt(np.mean(x**2, axis=0))
    x = x / scale
    try:
        fit, unlike = fit_weighted(x, votes.outcome, votes.rater, FEATURE, weights)
    except Separated as separated:
        raise NotIdentified(_separation(votes, kept, separated.column)) from None
    contrast = np.zeros(x.shape[1])
    contrast[FEATURE] = 1 / scale[FEATURE]
    clusters = Clusters(votes.rater, votes.left, votes.right, votes.n_prompts)
    found = influence(x, fit, clusters, contrast)
    parts = components(found)
    raters = Spread(parts.rater, rater_df(unlike.noise + unlike.tau2 * unlike.information**2))
    naive = Spread(naive_variance(x, fit, contrast), float(len(x) - x.shape[1]))
    if variance is Variance.NAIVE:
        spread = naive
    else:
        df = prompt_df(found.prompt, int(found.touched.sum()))
        spread = clustered(variance, parts, (raters,), df)
    if not (math.isfinite(spread.variance) and spread.variance > 0):
        raise NotIdentified(
            f"The votes by {PEOPLE[votes.group]} leave no variation between raters and prompts "
            "from which the precision of an estimate could be judged; more raters are needed."
        )
    coef = fit.coef / scale
    effect = _group_effect(
        votes,
        coefficients=dict(zip(("side", "feature", *kept), coef.tolist(), strict=True)),
        spread=spread,
        tau2=unlike.tau2 / float(scale[FEATURE]) ** 2,
        leans_on_one=found.singular,
    )
    dropped = tuple(name for name in controls if name not in kept)
    return Estimate(effect, found, parts, raters, naive, dropped)


def _separation(votes: GroupVotes, controls: tuple[str, ...], column: int) -> str:
    people = PEOPLE[votes.group]
    if column == 0:
        return (
            f"The votes by {people} nearly always chose the same side, so no effect can be "
            "estimated; votes with choices of both sides are needed."
        )
    noun = feature_words(votes.table.feature).noun
    name = noun if column == FEATURE else plain(controls[column - FEATURE - 1])
    return (
        f"The votes by {people} follow {name} without exception, so that its effect has no upper "
        "limit and no interval; more votes, among which some go the other way, are needed."
    )


def _group_effect(
    votes: GroupVotes,
    *,
    coefficients: dict[str, float],
    spread: Spread,
    tau2: float,
    leans_on_one: bool,
) -> GroupEffect:
    intercept, theta = coefficients.pop("side"), coefficients.pop("feature")
    low, high = spread.interval(theta)
    shares = [win_share(intercept, value) for value in (theta, low, high)]
    half_width = (shares[2] - shares[1]) / 2
    ratios = [_exp(value) for value in (theta, low, high)]
    counts = votes.counts
    return GroupEffect(
        log_odds=theta,
        se=math.sqrt(spread.variance),
        df=spread.df,
        ci_low=low,
        ci_high=high,
        win_share=shares[0],
        win_share_ci_low=shares[1],
        win_share_ci_high=shares[2],
        odds_ratio=ratios[0],
        odds_ratio_ci_low=ratios[1],
        odds_ratio_ci_high=ratios[2],
        intercept=intercept,
        coefficients=coefficients,
        tau2=tau2,
        votes=counts.votes,
        ties=counts.ties,
        informative=counts.informative,
        raters=counts.raters,
        prompts=counts.prompts,
        poems=counts.poems,
        tie_rate=counts.tie_rate,
        preliminary=spread.df < PRELIMINARY_DF or half_width > PRELIMINARY_HALF_WIDTH,
        precise=half_width <= VERDICT_HALF_WIDTH,
        leans_on_one=leans_on_one,
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
        theta of the non-experts less theta of the experts.

    Notes
    -----
    V_R and V_RP add over the groups, who share no rater. They share prompts: for V_P the groups'
    prompt influences are subtracted before they are squared. Degrees of freedom:
    V^2 / (sum_g V_Rg^2 / df_Rg + V_P^2 / df_P).
    """
    both = (nonexpert, expert)
    if variance is Variance.NAIVE:
        spread = pooled(tuple(one.naive for one in both))
    else:
        of, less = nonexpert.influence, expert.influence
        df = prompt_df(of.prompt - less.prompt, int((of.touched | less.touched).sum()))
        raters = tuple(one.raters for one in both)
        spread = clustered(variance, difference_components(of, less), raters, df)
    value = nonexpert.effect.log_odds - expert.effect.log_odds
    se = math.sqrt(spread.variance)
    low, high = spread.interval(value)
    return Difference(
        log_odds=value,
        se=se,
        df=spread.df,
        ci_low=low,
        ci_high=high,
        p_value=2 * float(stdtr(spread.df, -abs(value) / se)),
        ratio_of_odds_ratios=_exp(value),
        ratio_ci_low=_exp(low),
        ratio_ci_high=_exp(high),
        preliminary=any(one.effect.preliminary for one in both) or spread.df < PRELIMINARY_DF,
    )
