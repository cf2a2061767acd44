"""Choice explained by feature differences: fractional logit, and weights for unlike raters."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from app.analysis.options import NotIdentified, Weights

MAX_STEPS = 30
MAX_HALVINGS = 30
ROWS = 8192  # votes at a time: what they need stays in the processor's cache
STEP_TOLERANCE = 1e-7  # convergence is quadratic: what is left is about its square
ENDLESS = 25.0  # log odds per typical difference: a chance of 1 in 10^11

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Separated(NotIdentified):
    """One column predicts some choices without exception, so that its coefficient has no end."""

    def __init__(self, column: int) -> None:
        super().__init__(f"column {column} separates the choices")
        self.column = column


@dataclass(frozen=True, slots=True, eq=False)
class LogitFit:
    """A fitted fractional logit.

    Parameters
    ----------
    coef
        Natural log odds per unit of each column, shape (k,).
    weight
        Weight of each vote, mean 1, shape (n_votes,).
    residual
        w (y - p), shape (n_votes,).
    curvature
        w p (1 - p), shape (n_votes,).
    hessian
        X' diag(curvature) X, shape (k, k).
    """

    coef: Floats
    weight: Floats
    residual: Floats
    curvature: Floats
    hessian: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Heterogeneity:
    """How much raters differ in the effect of the feature.

    Parameters
    ----------
    information
        I_r of each rater, shape (n_raters,).
    noise
        J_r of each rater, shape (n_raters,).
    tau2
        Variance of the effect between raters, squared log odds per unit of the feature.
    """

    information: Floats
    noise: Floats
    tau2: float


def fit_logit(x: Floats, y: Floats, weight: Floats, *, start: Floats | None = None) -> LogitFit:
    """Fit a fractional logit by Newton's method.

    Parameters
    ----------
    x
        Columns, shape (n_votes, k), of full column rank, each of root mean square 1.
    y
        Outcomes, 0 to 1, shape (n_votes,).
    weight
        Weights, positive, shape (n_votes,).
    start
        Coefficients to start from, shape (k,); None for zeros.

    Returns
    -------
    LogitFit
        The fit, exact to about 1e-14 in every coefficient.

    Raises
    ------
    Separated
        The choices are separated: some coefficient grows without end.

    Notes
    -----
    The root b of X' (w (y - p)) = 0 with p = 1 / (1 + exp(-X b)). The mean of y is taken to be p;
    nothing is taken about its variance. A step that raises the loss
    sum w (log(1 + exp(x b)) - y x b) is halved.

    References
    ----------
    Papke, L. E. and Wooldridge, J. M. (1996). Econometric methods for fractional response
    variables. Journal of Applied Econometrics 11, 619-632.

    Examples
    --------
    >>> x = np.ones((4, 1))
    >>> fit = fit_logit(x, np.array([1.0, 1.0, 1.0, 0.0]), np.ones(4))
    >>> round(float(fit.coef[0]), 6)  # log 3
    1.098612
    """
    coef = np.zeros(x.shape[1]) if start is None else start
    for _ in range(MAX_STEPS):
        fit = _evaluate(x, y, weight, coef)
        try:
            step = np.linalg.solve(fit.hessian, x.T @ fit.residual)
        except np.linalg.LinAlgError:
            break
        coef = _descend(x, y, weight, coef, np.asarray(step, dtype=np.float64))
        if np.abs(step).max() < STEP_TOLERANCE:
            return _evaluate(x, y, weight, coef)
        if np.abs(coef).max() > ENDLESS:
            break
    raise Separated(int(np.abs(coef).argmax()))


def _evaluate(x: Floats, y: Floats, weight: Floats, coef: Floats) -> LogitFit:
    residual, curvature = np.empty(len(y)), np.empty(len(y))
    hessian = np.zeros((x.shape[1], x.shape[1]))
    for first in range(0, len(y), ROWS):
        some = slice(first, first + ROWS)
        own = x[some]
        p = expit(own @ coef)
        residual[some] = weight[some] * (y[some] - p)
        curvature[some] = weight[some] * p * (1 - p)
        hessian += own.T @ (own * curvature[some, None])
    return LogitFit(coef, weight, residual, curvature, hessian)


def _loss(x: Floats, y: Floats, weight: Floats, coef: Floats) -> float:
    eta = x @ coef
    return float(weight @ (np.logaddexp(0.0, eta) - y * eta))


def _descend(x: Floats, y: Floats, weight: Floats, coef: Floats, step: Floats) -> Floats:
    if np.abs(step).max() < 1.0:  # so short a step of a convex loss is safe
        return coef + step
    before = _loss(x, y, weight, coef)
    for _ in range(MAX_HALVINGS):
        if _loss(x, y, weight, coef + step) <= before:
            break
        step = step * 0.5
    return coef + step


def sums(index: Ints, values: Floats, size: int = 0) -> Floats:
    """Sum values by index.

    Parameters
    ----------
    index
        0 or more, shape (n,).
    values
        Shape (n,).
    size
        Least length of the answer.

    Returns
    -------
    ndarray
        The sum of the values at each index, in the order of the values.

    Examples
    --------
    >>> sums(np.array([0, 2, 0]), np.array([1.0, 2.0, 3.0])).tolist()
    [4.0, 0.0, 2.0]
    """
    return np.asarray(np.bincount(index, values, minlength=size), dtype=np.float64)


def heterogeneity(fit: LogitFit, x: Floats, contrast: Floats, rater: Ints) -> Heterogeneity:
    """Estimate by moments how much raters differ in one combination of coefficients.

    Parameters
    ----------
    fit
        The fit.
    x
        Columns of the fit, shape (n_votes, k).
    contrast
        c in c'b, shape (k,): a unit vector for one coefficient.
    rater
        Index of each vote's rater, 0 to n_raters - 1, every rater present, shape (n_votes,).

    Returns
    -------
    Heterogeneity
        Per-rater information and noise, and tau^2, which is never negative.

    Notes
    -----
    With x~ = x H^-1 c / (c' H^-1 c), which for one coefficient is the W-weighted residual of its
    column on the other columns, W = w p (1 - p):
    I_r = sum W x~^2, S_r = sum w (y - p) x~, J_r = sum (w (y - p) x~)^2, and
    tau^2 = max(0, sum (S_r^2 - J_r) / sum I_r^2).
    """
    toward = np.linalg.solve(fit.hessian, contrast)
    partial = x @ (toward / (contrast @ toward))
    return moments(fit.residual * partial, fit.curvature * partial**2, rater)


def moments(score: Floats, information_of: Floats, rater: Ints) -> Heterogeneity:
    """Estimate by moments how much raters differ, from what each vote says of one direction.

    Parameters
    ----------
    score
        Derivative of each vote's log likelihood along the direction, shape (n_votes,).
    information_of
        Its negative second derivative, shape (n_votes,).
    rater
        As in `heterogeneity`.

    Returns
    -------
    Heterogeneity
        As of `heterogeneity`.
    """
    information = sums(rater, information_of)
    total = sums(rater, score)
    noise = sums(rater, score**2)
    tau2 = max(0.0, float((total**2 - noise).sum() / (information**2).sum()))
    return Heterogeneity(information, noise, tau2)


def fit_weighted(x: Floats, y: Floats, rater: Ints, column: int, weights: Weights) -> LogitFit:
    """Fit with the weights asked for.

    Parameters
    ----------
    x, y, rater
        As in `fit_logit` and `heterogeneity`.
    column
        The column whose unlikeness between raters weighs the votes.
    weights
        `equal`: every vote counts 1. `rater`: 1 / n_r, so that every rater counts the same.
        `tau`: w_r = 1 / (1 + tau^2 I_r), between the two by what the raters' differences ask for.

    Returns
    -------
    LogitFit
        The final fit, weights scaled to mean 1 over the votes.

    Raises
    ------
    Separated
        The choices are separated.
    """
    weight = np.ones(len(y))
    if weights is Weights.RATER:
        weight = 1.0 / np.bincount(rater)[rater]
        weight /= weight.mean()
    fit = fit_logit(x, y, weight)
    if weights is not Weights.TAU:
        return fit
    unlike = heterogeneity(fit, x, np.eye(x.shape[1])[column], rater)
    if unlike.tau2 == 0.0:
        return fit
    weight = (1.0 / (1.0 + unlike.tau2 * unlike.information))[rater]
    return fit_logit(x, y, weight / weight.mean(), start=fit.coef)
