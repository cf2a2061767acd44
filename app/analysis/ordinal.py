"""Ties as an outcome of their own: Davidson's and Rao and Kupper's models of paired choices."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit

from app.analysis.clusters import PerVote, moved
from app.analysis.diagnostics import CHANCE, GroupVotes
from app.analysis.options import Variance, Weights
from app.analysis.precision import Spread
from app.analysis.preference import Heterogeneity, Separated, moments
from app.analysis.terms import SIDE, Term, fit_terms, judged

MAX_STEPS = 60
MAX_HALVINGS = 40
STEP_TOLERANCE = 1e-7  # convergence is quadratic: what is left is about its square
ENDLESS = 25.0

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """The log likelihood of each vote and its derivatives, shape (n_votes,) each.

    Parameters
    ----------
    value
        Natural logarithm of the probability of what was chosen.
    by_eta, by_tie
        First derivatives, in the linear predictor and in the tie parameter.
    eta_eta, eta_tie, tie_tie
        Negative second derivatives.
    """

    value: Floats
    by_eta: Floats
    by_tie: Floats
    eta_eta: Floats
    eta_tie: Floats
    tie_tie: Floats


Model = Callable[[Floats, Floats, float], Likelihood]


def davidson(eta: Floats, y: Floats, log_nu: float) -> Likelihood:
    """Davidson's model: left, tie and right in the ratio exp(eta/2) : nu : exp(-eta/2).

    Parameters
    ----------
    eta
        Natural log odds of left against right where one of them is chosen, shape (n_votes,).
    y
        1 for left, 1/2 for a tie, 0 for right, shape (n_votes,).
    log_nu
        Natural logarithm of nu.

    Returns
    -------
    Likelihood
        Concave in (eta, log nu), of which it is an exponential family.

    References
    ----------
    Davidson, R. R. (1970). On extending the Bradley-Terry model to accommodate ties in paired
    comparison experiments. Journal of the American Statistical Association 65, 317-328.

    Examples
    --------
    >>> at = davidson(np.zeros(3), np.array([1.0, 0.5, 0.0]), 0.0)
    >>> np.exp(at.value).round(3).tolist()
    [0.333, 0.333, 0.333]
    """
    left, right, tie = eta / 2, -eta / 2, np.full(len(eta), log_nu)
    total = np.logaddexp(np.logaddexp(left, right), tie)
    p_left, p_right, p_tie = (np.exp(one - total) for one in (left, right, tie))
    mean = (p_left - p_right) / 2
    tied = (y == CHANCE).astype(np.float64)
    return Likelihood(
        value=(y - CHANCE) * eta + tied * log_nu - total,
        by_eta=y - CHANCE - mean,
        by_tie=tied - p_tie,
        eta_eta=(p_left + p_right) / 4 - mean**2,
        eta_tie=-mean * p_tie,
        tie_tie=p_tie * (1 - p_tie),
    )


def rao_kupper(eta: Floats, y: Floats, margin: float) -> Likelihood:
    """Rao and Kupper's model: left where it leads by more than a margin, tie where neither does.

    Parameters
    ----------
    eta, y
        As of `davidson`; here P(left) = expit(eta - margin), P(right) = expit(-eta - margin).
    margin
        The margin, positive, in natural log odds.

    Returns
    -------
    Likelihood
        Concave in (eta, margin); minus infinity where the margin is not positive.

    References
    ----------
    Rao, P. V. and Kupper, L. L. (1967). Ties in paired-comparison experiments: a generalization of
    the Bradley-Terry model. Journal of the American Statistical Association 62, 194-204.

    Examples
    --------
    >>> at = rao_kupper(np.zeros(3), np.array([1.0, 0.5, 0.0]), math.log(2))
    >>> np.exp(at.value).round(3).tolist()
    [0.333, 0.333, 0.333]
    """
    if margin <= 0:
        nothing = np.zeros(len(eta))
        return Likelihood(np.full(len(eta), -np.inf), *[nothing] * 5)
    lower, upper = expit(eta - margin), expit(eta + margin)
    tied = y == CHANCE
    not_right, not_left = (y != 0).astype(np.float64), (y != 1).astype(np.float64)
    # P(tie) = expit(eta + margin) (1 - expit(eta - margin)) (1 - exp(-2 margin))
    to_left, to_right = 1 - lower, upper
    of_left, of_right = not_left == 0, not_right == 0
    by_lower = np.where(of_left, to_left, np.where(tied, -lower, 0.0))
    by_upper = np.where(of_right, -to_right, np.where(tied, 1 - upper, 0.0))
    lower_curve = np.where(of_right, 0.0, lower * (1 - lower))
    upper_curve = np.where(of_left, 0.0, upper * (1 - upper))
    value = (
        np.where(of_left, log_expit(eta - margin), np.where(tied, log_expit(margin - eta), 0.0))
        + np.where(of_right, log_expit(-eta - margin), np.where(tied, log_expit(eta + margin), 0.0))
        + np.where(tied, math.log(-math.expm1(-2 * margin)), 0.0)
    )
    slope = 2 / math.expm1(2 * margin)
    return Likelihood(
        value=value,
        by_eta=by_lower + by_upper,
        by_tie=by_upper - by_lower + np.where(tied, slope, 0.0),
        eta_eta=lower_curve + upper_curve,
        eta_tie=upper_curve - lower_curve,
        tie_tie=lower_curve + upper_curve + np.where(tied, slope * (slope + 2), 0.0),
    )


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalFit:
    """A fitted model of left, tie and right.

    Parameters
    ----------
    coef
        Natural log odds per unit of each column, shape (k,).
    tie
        log nu of `davidson`, the margin of `rao_kupper`.
    log_likelihood
        Weighted sum over the votes.
    votes
        What each vote adds, of the k columns and then of the tie parameter.
    """

    coef: Floats
    tie: float
    log_likelihood: float
    votes: PerVote


def fit_ordinal(
    x: Floats, y: Floats, weight: Floats, *, model: Model = davidson, start: Floats | None = None
) -> OrdinalFit:
    """Fit a model of left, tie and right by maximum likelihood.

    Parameters
    ----------
    x
        Columns, shape (n_votes, k), of full column rank, each of root mean square 1.
    y
        1, 1/2 or 0, shape (n_votes,); at least one tie and one choice.
    weight
        Weights, positive, shape (n_votes,).
    model
        `davidson` or `rao_kupper`.
    start
        Coefficients and tie parameter to start from, shape (k + 1,); None for no effects.

    Returns
    -------
    OrdinalFit
        By Newton's method; a step that lowers the likelihood is halved.

    Raises
    ------
    Separated
        The choices are separated: some coefficient grows without end.

    Examples
    --------
    Of the side alone, 4 left, 2 ties, 1 right: odds 4, and nu = 2 / sqrt(4 x 1) = 1.

    >>> y = np.array([1.0] * 4 + [0.5] * 2 + [0.0])
    >>> fit = fit_ordinal(np.ones((7, 1)), y, np.ones(7))
    >>> round(math.exp(fit.coef[0]), 6), round(math.exp(fit.tie), 6)
    (4.0, 1.0)
    """
    at = np.append(np.zeros(x.shape[1]), _first_tie(y, model)) if start is None else start
    for _ in range(MAX_STEPS):
        fit = _evaluate(x, y, weight, at, model)
        try:
            step = np.linalg.solve(fit.votes.hessian, _gradient(x, fit))
        except np.linalg.LinAlgError:
            break
        at = _ascend(x, y, weight, at, step=np.asarray(step, np.float64), model=model)
        if np.abs(step).max() < STEP_TOLERANCE:
            return _evaluate(x, y, weight, at, model)
        if np.abs(at).max() > ENDLESS:
            break
    raise Separated(int(np.abs(at[:-1]).argmax()))


def _first_tie(y: Floats, model: Model) -> float:
    """The tie parameter where nothing else has an effect."""
    share = float(np.mean(y == CHANCE))
    return math.log(2 * share / (1 - share)) if model is davidson else 2 * math.atanh(share)


def _gradient(x: Floats, fit: OrdinalFit) -> Floats:
    return np.array([column.sum() for column in fit.votes.score])


def _evaluate(x: Floats, y: Floats, weight: Floats, at: Floats, model: Model) -> OrdinalFit:
    found = model(x @ at[:-1], y, float(at[-1]))
    by_eta, by_tie = weight * found.by_eta, weight * found.by_tie
    eta_eta, eta_tie, tie_tie = (
        weight * one for one in (found.eta_eta, found.eta_tie, found.tie_tie)
    )
    columns = np.ascontiguousarray(x.T)
    k = len(columns)

    def curvature(i: int, j: int) -> Floats:
        if j < k:
            return np.asarray(columns[i] * columns[j] * eta_eta, dtype=np.float64)
        return np.asarray(columns[i] * eta_tie if i < k else tie_tie, dtype=np.float64)

    hessian = np.empty((k + 1, k + 1))
    hessian[:k, :k] = (columns * eta_eta) @ x
    hessian[:k, k] = hessian[k, :k] = columns @ eta_tie
    hessian[k, k] = tie_tie.sum()
    votes = PerVote((*(columns * by_eta), by_tie), curvature, hessian)
    return OrdinalFit(at[:-1], float(at[-1]), float(weight @ found.value), votes)


def _ascend(
    x: Floats, y: Floats, weight: Floats, at: Floats, *, step: Floats, model: Model
) -> Floats:
    def height(place: Floats) -> float:
        return float(weight @ model(x @ place[:-1], y, float(place[-1])).value)

    if np.abs(step).max() < STEP_TOLERANCE:
        return at + step
    before = height(at)
    for _ in range(MAX_HALVINGS):
        if height(at + step) >= before:
            break
        step = step * 0.5
    return at + step


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalTerms:
    """A fitted model of left, tie and right, in the units of its columns.

    Parameters
    ----------
    coefficients, terms
        As of `app.analysis.terms.Terms`, on the scale of choices that decide.
    tie
        log nu or the margin; None without ties.
    """

    coefficients: dict[str, float]
    terms: dict[str, Term]
    tie: float | None


def ordinal_terms(
    votes: GroupVotes,
    columns: Mapping[str, Floats],
    wanted: Mapping[str, Mapping[str, float]] | Sequence[str],
    *,
    weighted_for: str,
    weights: Weights = Weights.TAU,
    variance: Variance = Variance.TWO_WAY,
    model: Model = davidson,
) -> OrdinalTerms:
    """Fit left, tie and right to columns, with intervals that forget no cluster.

    Parameters
    ----------
    votes
        The votes, ties among them.
    columns, wanted, weighted_for, weights, variance
        As of `app.analysis.terms.fit_terms`.
    model
        `davidson` or `rao_kupper`.

    Returns
    -------
    OrdinalTerms
        An effect on eta. In Davidson's model P(left) / (P(left) + P(right)) = expit(eta): the
        effect compares with the log odds of left against right given a decision, as of ties
        dropped, not with a scale on which ties are halves.

    Raises
    ------
    Separated
        As of `fit_terms`.
    NotIdentified
        As of `fit_terms`.

    Notes
    -----
    Scores and curvatures of the likelihood take the place of the logit's in weights, influences
    (CV3L) and degrees of freedom; the tie parameter is one more coefficient. Without any tie both
    models are the logit.
    """
    if not (votes.outcome == CHANCE).any():
        found = fit_terms(
            votes, columns, wanted, weighted_for=weighted_for, weights=weights, variance=variance
        )
        return OrdinalTerms(found.coefficients, found.terms, None)
    names = (SIDE, *columns)
    x = np.column_stack([np.ones(len(votes.outcome)), *columns.values()])
    scale = np.sqrt(np.mean(x**2, axis=0))
    x = x / scale
    fit, weight = _fit_weighted(x, votes, names.index(weighted_for), weights, model)
    sums = wanted if isinstance(wanted, Mapping) else {name: {name: 1.0} for name in wanted}
    terms = {}
    for name, weights_of in sums.items():
        contrast = np.array([weights_of.get(column, 0.0) for column in names]) / scale
        terms[name] = _term(votes, fit, weight, contrast, variance)
    coefficients = dict(zip(names, (fit.coef / scale).tolist(), strict=True))
    return OrdinalTerms(coefficients, terms, fit.tie)


def _fit_weighted(
    x: Floats, votes: GroupVotes, column: int, weights: Weights, model: Model
) -> tuple[OrdinalFit, Floats]:
    """The fit with the weights asked for, and these; see `preference.fit_weighted`."""
    rater, weight = votes.rater, np.ones(len(x))
    if weights is Weights.RATER:
        weight = 1.0 / np.bincount(rater)[rater]
        weight /= weight.mean()
    fit = fit_ordinal(x, votes.outcome, weight, model=model)
    if weights is not Weights.TAU:
        return fit, weight
    unlike = _unlike(fit, np.eye(x.shape[1])[column], rater)
    if unlike.tau2 == 0.0:
        return fit, weight
    weight = (1.0 / (1.0 + unlike.tau2 * unlike.information))[rater]
    weight /= weight.mean()
    start = np.append(fit.coef, fit.tie)
    return fit_ordinal(x, votes.outcome, weight, model=model, start=start), weight


def _unlike(fit: OrdinalFit, contrast: Floats, rater: Ints) -> Heterogeneity:
    direction = np.linalg.solve(fit.votes.hessian, np.append(contrast, 0.0))
    direction /= contrast @ direction[:-1]
    return moments(*_along(fit, direction), rater)


def _along(fit: OrdinalFit, direction: Floats) -> tuple[Floats, Floats]:
    """Each vote's score and information along a direction."""
    score, information = np.zeros((2, len(fit.votes.score[0])))
    for i, of_i in enumerate(direction):
        score += fit.votes.score[i] * of_i
        for j in range(i, len(direction)):
            twice = 1.0 if i == j else 2.0
            information += twice * of_i * direction[j] * fit.votes.curvature(i, j)
    return score, information


def _term(
    votes: GroupVotes, fit: OrdinalFit, weight: Floats, contrast: Floats, variance: Variance
) -> Term:
    whole = np.append(contrast, 0.0)
    found = moved(fit.votes, votes.clusters).along(whole)
    _, information = _along(fit, np.linalg.solve(fit.votes.hessian, whole))
    naive = Spread(float(weight @ information), float(len(weight) - len(whole)))
    unlike = _unlike(fit, contrast, votes.rater)
    value = float(contrast @ fit.coef)
    return judged(votes, value, found, unlike, naive=naive, variance=variance)
