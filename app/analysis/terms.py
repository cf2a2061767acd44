"""Coefficients of a fractional logit, each with all that its interval and a comparison need."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from app.analysis.clusters import Influence, Moved, logit_votes, moved
from app.analysis.components import Components, components, difference_components
from app.analysis.diagnostics import GroupVotes
from app.analysis.options import NotIdentified, Variance, Weights
from app.analysis.precision import Spread, clustered, naive_variance, pooled, prompt_df, rater_df
from app.analysis.preference import Heterogeneity, LogitFit, fit_weighted, heterogeneity

SIDE = "side"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """An estimate with its interval.

    Parameters
    ----------
    log_odds, se, df, ci_low, ci_high
        Natural log odds per unit; standard error; degrees of freedom; 95% interval.
    p_value
        Two-sided, of 0; 0 to 1.
    """

    log_odds: float
    se: float
    df: float
    ci_low: float
    ci_high: float
    p_value: float


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One linear combination of coefficients, and what a comparison needs of it.

    Parameters
    ----------
    value
        Natural log odds per unit.
    spread
        Its variance and degrees of freedom.
    influence
        Influence of raters and prompts on it.
    parts
        V_R, V_P and V_RP.
    raters
        V_R with its degrees of freedom.
    naive
        Variance as if votes had nothing in common.
    tau2
        Variance of the coefficient between raters.
    """

    value: float
    spread: Spread
    influence: Influence
    parts: Components
    raters: Spread
    naive: Spread
    tau2: float

    @property
    def coefficient(self) -> Coefficient:
        """The estimate with its interval."""
        return coefficient(self.value, self.spread)


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """A fitted logit, in the units of its columns.

    Parameters
    ----------
    coefficients
        Natural log odds per unit of each column, the side first.
    terms
        The combinations asked for, by name.
    fit
        The fit, of columns divided by `scale`.
    scale
        Root mean square of each column, shape (k,).
    """

    coefficients: dict[str, float]
    terms: dict[str, Term]
    fit: LogitFit
    scale: Floats


def coefficient(value: float, spread: Spread) -> Coefficient:
    """Give an estimate with its interval and p value.

    Parameters
    ----------
    value
        The estimate.
    spread
        Its variance, positive, and degrees of freedom.

    Returns
    -------
    Coefficient
        The interval value -+ t(df) sqrt(V); p from the same distribution.

    Examples
    --------
    >>> round(coefficient(2.0, Spread(1.0, 1e9)).p_value, 4)
    0.0455
    """
    se = math.sqrt(spread.variance)
    low, high = spread.interval(value)
    p_value = 2 * float(stdtr(spread.df, -abs(value) / se))
    return Coefficient(value, se, spread.df, low, high, p_value)


def fit_terms(
    votes: GroupVotes,
    columns: Mapping[str, Floats],
    wanted: Mapping[str, Mapping[str, float]] | Sequence[str],
    *,
    weighted_for: str,
    weights: Weights = Weights.TAU,
    variance: Variance = Variance.TWO_WAY,
) -> Terms:
    """Fit choices to columns and give coefficients with intervals that forget no cluster.

    Parameters
    ----------
    votes
        The votes.
    columns
        Left minus right, shape (n_votes,) each; together with the side of full rank.
    wanted
        The combinations to give: by name the weight of each column ("side" may be one); or names
        of columns, each by itself.
    weighted_for
        The column whose unlikeness between raters weighs the votes.
    weights, variance
        As in `Options`.

    Returns
    -------
    Terms
        The side's coefficient is that of "side".

    Raises
    ------
    Separated
        The choices follow a column without exception; its `column` counts the side as 0.
    NotIdentified
        There is no variation between clusters; the message is a sentence.

    Notes
    -----
    x = [1, columns], each divided by its root mean square for the fit, coefficients multiplied
    back. See `app.analysis.preference` for the weights, `app.analysis.components` for the variance.
    """
    names = (SIDE, *columns)
    x = np.ones((len(votes.outcome), len(names)), order="F")
    for ix, column in enumerate(columns.values(), start=1):
        x[:, ix] = column
    scale = np.array([math.sqrt(float(column @ column) / len(x)) for column in x.T])
    x /= scale
    fit = fit_weighted(x, votes.outcome, votes.rater, names.index(weighted_for), weights)
    sums = wanted if isinstance(wanted, Mapping) else {name: {name: 1.0} for name in wanted}
    movement = moved(logit_votes(x, fit), votes.clusters)
    terms = {}
    for name, weights_of in sums.items():
        contrast = np.array([weights_of.get(column, 0.0) for column in names]) / scale
        terms[name] = _term(votes, x, fit, movement, contrast=contrast, variance=variance)
    coefficients = dict(zip(names, (fit.coef / scale).tolist(), strict=True))
    return Terms(coefficients, terms, fit, scale)


def _term(
    votes: GroupVotes,
    x: Floats,
    fit: LogitFit,
    movement: Moved,
    *,
    contrast: Floats,
    variance: Variance,
) -> Term:
    found = movement.along(contrast)
    unlike = heterogeneity(fit, x, contrast, votes.rater)
    naive = Spread(naive_variance(x, fit, contrast), float(len(x) - x.shape[1]))
    return judged(votes, float(contrast @ fit.coef), found, unlike, naive=naive, variance=variance)


def judged(
    votes: GroupVotes,
    value: float,
    found: Influence,
    unlike: Heterogeneity,
    *,
    naive: Spread,
    variance: Variance,
) -> Term:
    """Put an estimate and the influences on it together.

    Parameters
    ----------
    votes
        The votes.
    value
        The estimate.
    found
        What raters and prompts move it.
    unlike
        How much raters differ in it.
    naive
        Its variance as if votes had nothing in common.
    variance
        As in `Options`.

    Returns
    -------
    Term
        With the variance asked for.

    Raises
    ------
    NotIdentified
        There is no variation between clusters; the message is a sentence.
    """
    parts = components(found)
    raters = Spread(parts.rater, rater_df(unlike.noise + unlike.tau2 * unlike.information**2))
    if variance is Variance.NAIVE:
        spread = naive
    else:
        df = prompt_df(found.prompt, int(found.touched.sum()))
        spread = clustered(variance, parts, (raters,), df)
    if not (math.isfinite(spread.variance) and spread.variance > 0):
        raise NotIdentified(
            f"The votes by {votes.people} leave no variation between raters and prompts "
            "from which the precision of an estimate could be judged; more raters are needed."
        )
    return Term(value, spread, found, parts, raters, naive, unlike.tau2)


def subtract(term: Term, other: Term, *, variance: Variance = Variance.TWO_WAY) -> Coefficient:
    """Give the difference of two groups' terms.

    Parameters
    ----------
    term, other
        Terms of two groups who share no rater, from one table.
    variance
        As in `Options`.

    Returns
    -------
    Coefficient
        `term` less `other`.

    Notes
    -----
    V_R and V_RP add over the groups. They share prompts: for V_P the groups' prompt influences are
    subtracted before they are squared. Degrees of freedom:
    V^2 / (sum_g V_Rg^2 / df_Rg + V_P^2 / df_P).
    """
    if variance is Variance.NAIVE:
        spread = pooled((term.naive, other.naive))
    else:
        of, less = term.influence, other.influence
        df = prompt_df(of.prompt - less.prompt, int((of.touched | less.touched).sum()))
        raters = (term.raters, other.raters)
        spread = clustered(variance, difference_components(of, less), raters, df)
    return coefficient(term.value - other.value, spread)
