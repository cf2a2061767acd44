"""Variance of an estimate from few clusters of one kind: CR2, with Satterthwaite's degrees."""

import numpy as np
from numpy.typing import NDArray

from app.analysis.clusters import SINGULAR
from app.analysis.joint import cluster_sums, moved
from app.analysis.precision import Spread
from app.analysis.preference import LogitFit

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def cr2(x: Floats, fit: LogitFit, cluster: Ints, contrast: Floats) -> Spread:
    """Give the variance of one combination of coefficients, clustered one way.

    Parameters
    ----------
    x, fit
        Columns, shape (n_votes, k), and the fit.
    cluster
        Index of each vote's cluster, 0 or more, shape (n_votes,).
    contrast
        c in c'b, shape (k,).

    Returns
    -------
    Spread
        The variance, unbiased if the model's own variance p (1 - p) were true up to a factor, and
        Satterthwaite's degrees of freedom under it, at least 1.

    Notes
    -----
    d_c = c' L^-T (I - L^-1 H_c L^-T)^-1/2 L^-1 S_c with H = L L'; V = sum d_c^2. This is CR2 on
    columns and residuals multiplied by the root of w p (1 - p). With
    t_c = L^-T (I - L^-1 H_c L^-T)^-1/2 L^-1 c,
    P_cc' = [c = c'] t_c' H_c t_c - t_c' H_c H^-1 H_c' t_c' and df = (tr P)^2 / tr P^2.

    References
    ----------
    Bell, R. M. and McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression
    with multi-stage samples. Survey Methodology 28, 169-181.
    Pustejovsky, J. E. and Tipton, E. (2018). Small-sample methods for cluster-robust variance
    estimation and hypothesis testing in fixed effects models. Journal of Business & Economic
    Statistics 36, 672-683.

    Examples
    --------
    Every vote a cluster of its own, and only a mean to estimate: the usual variance with n - 1.

    >>> from app.analysis.preference import fit_logit
    >>> x, y = np.ones((8, 1)), np.array([1.0, 1, 1, 1, 0, 0, 0, 0])
    >>> found = cr2(x, fit_logit(x, y, np.ones(8)), np.arange(8), np.ones(1))
    >>> round(found.variance, 6), round(found.df, 6)  # s^2 / n / (p (1 - p))^2
    (0.571429, 7.0)
    """
    cluster = np.unique(cluster, return_inverse=True)[1]
    found = cluster_sums(x, fit, cluster, int(cluster.max()) + 1)
    d, _ = moved(found, contrast[None, :], 0.5)
    left_over = 1.0 - found.share
    singular = left_over < SINGULAR
    stretch = np.where(singular, 0.0, np.where(singular, 1.0, left_over) ** -0.5)
    along = np.einsum("cij,i->cj", found.axes, found.root @ contrast) * stretch
    inward = np.einsum("cij,cj->ci", found.axes, along * found.share)  # L^-1 H_c t_c
    p = np.diag((along**2 * found.share).sum(axis=1)) - inward @ inward.T
    squares = float((p**2).sum())
    df = float(np.trace(p)) ** 2 / squares if squares > 0 else 1.0
    return Spread(float((d**2).sum()), max(df, 1.0))
