"""Several estimates from one fit: what moves them, and how they vary with each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.analysis.clusters import SINGULAR, Clusters
from app.analysis.components import Components
from app.analysis.options import Variance
from app.analysis.precision import Spread, clustered, naive_variance, prompt_df, rater_df
from app.analysis.preference import LogitFit, heterogeneity, sums

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """Estimates with their joint distribution.

    Parameters
    ----------
    value
        The estimates, shape (m,).
    spreads
        Variance and degrees of freedom of each: those of `app.analysis.terms.Term`.
    correlation
        Correlations of the estimates, shape (m, m).
    singular
        Whether without some one cluster the coefficients could not be told apart.
    """

    value: Floats
    spreads: tuple[Spread, ...]
    correlation: Floats
    singular: bool

    def draws(self, n: int, rng: np.random.Generator) -> Floats:
        """Draw from the multivariate t distribution of the estimates.

        Parameters
        ----------
        n
            Number of draws.
        rng
            Source of randomness.

        Returns
        -------
        ndarray
            Shape (n, m). The degrees of freedom are the fewest of all estimates.
        """
        df = min(spread.df for spread in self.spreads)
        se = np.sqrt([spread.variance for spread in self.spreads])
        values, axes = np.linalg.eigh(self.correlation)
        root = (axes * np.sqrt(np.maximum(values, 0.0))) @ axes.T  # unlike axes, without a sign
        stretch = np.sqrt(df / rng.chisquare(df, size=(n, 1)))
        normal = rng.standard_normal((n, len(se))) @ root
        found: Floats = self.value + stretch * normal * se
        return found


@dataclass(frozen=True, slots=True, eq=False)
class ClusterSums:
    """Scores and information of clusters, in coordinates in which the whole information is I.

    Parameters
    ----------
    score
        L^-1 S_c, shape (n_clusters, k).
    share, axes
        Eigenvalues, shape (n_clusters, k), from 0 to 1, and eigenvectors, shape
        (n_clusters, k, k), of L^-1 H_c L^-T.
    root
        L^-1, shape (k, k), with H = L L'.
    """

    score: Floats
    share: Floats
    axes: Floats
    root: Floats


def cluster_sums(
    x: Floats, fit: LogitFit, cluster: Ints, n_clusters: int, vote: Ints | None = None
) -> ClusterSums:
    """Sum scores and information by cluster.

    Parameters
    ----------
    x, fit
        Columns, shape (n_votes, k), and the fit.
    cluster
        Index of a cluster for each vote, or for each entry of `vote`.
    n_clusters
        Number of clusters.
    vote
        The vote of each entry of `cluster`, where a vote is in several; None for all in order.

    Returns
    -------
    ClusterSums
        The sums.
    """
    k = x.shape[1]
    root = np.linalg.inv(np.linalg.cholesky(fit.hessian))
    score, own = np.zeros((n_clusters, k)), np.zeros((n_clusters, k, k))
    columns = np.ascontiguousarray(x.T)

    def total(column: Floats) -> Floats:
        return sums(cluster, column if vote is None else column[vote], n_clusters)

    for i in range(k):
        score[:, i] = total(columns[i] * fit.residual)
        weighted = columns[i] * fit.curvature
        for j in range(i, k):
            own[:, i, j] = own[:, j, i] = total(weighted * columns[j])
    share, axes = np.linalg.eigh(root @ own @ root.T)
    return ClusterSums(score @ root.T, share, axes, root)


def moved(found: ClusterSums, contrasts: Floats, power: float = 1.0) -> tuple[Floats, bool]:
    """What each cluster moves some combinations of coefficients.

    Parameters
    ----------
    found
        Sums of the clusters.
    contrasts
        The combinations, shape (m, k).
    power
        1 for the linearised jackknife, 1/2 for CR2, 0 for no correction.

    Returns
    -------
    moved, singular
        C L^-T (I - L^-1 H_c L^-T)^-power L^-1 S_c, shape (n_clusters, m); and whether some cluster
        alone identifies a column, so that a pseudo-inverse was used.
    """
    left_over = 1.0 - found.share
    singular = left_over < SINGULAR
    stretch = np.where(singular, 0.0, np.where(singular, 1.0, left_over) ** -power)
    along = np.einsum("cij,ci->cj", found.axes, found.score) * stretch
    direction = found.root @ contrasts.T
    moved_by = np.einsum("cj,cij,im->cm", along, found.axes, direction, optimize=True)
    return np.asarray(moved_by, dtype=np.float64), bool(singular.any())


def joint(
    x: Floats,
    fit: LogitFit,
    clusters: Clusters,
    contrasts: Floats,
    *,
    variance: Variance = Variance.TWO_WAY,
) -> Joint:
    """Estimate several combinations of coefficients together.

    Parameters
    ----------
    x, fit, clusters
        As of `app.analysis.clusters.influence`.
    contrasts
        The combinations, shape (m, k).
    variance
        As in `Options`.

    Returns
    -------
    Joint
        Each with the variance and degrees of freedom that `app.analysis.terms` gives it alone.

    Notes
    -----
    V_R, V_P and V_RP are those of `app.analysis.components` with products of influences for
    squares. V_R + V_P - V_RP need not be a covariance: its negative eigenvalues are set to 0, and
    its correlations joined with the variances that each estimate has alone.
    """
    value = contrasts @ fit.coef
    if variance is Variance.NAIVE:
        n_free = float(len(x) - x.shape[1])
        spreads = [Spread(naive_variance(x, fit, one), n_free) for one in contrasts]
        covariance = contrasts @ np.linalg.solve(fit.hessian, contrasts.T)
        return Joint(value, tuple(spreads), _correlation(covariance), singular=False)
    raters, rater_alone = moved(
        cluster_sums(x, fit, clusters.rater, int(clusters.rater.max()) + 1), contrasts
    )
    own = clusters.touches
    prompts, prompt_alone = moved(
        cluster_sums(x, fit, own.prompt, clusters.n_prompts, own.vote), contrasts
    )
    linear = (np.linalg.solve(fit.hessian, contrasts.T).T @ x.T * fit.residual).T
    across, n_touched = linear[own.crossing], int(own.touched.sum())
    by_rater = _factor(len(raters)) * raters.T @ raters
    by_prompt = _factor(n_touched) * (prompts.T @ prompts - _gram(own.pair, across))
    cells = _gram(own.cell, own.each(linear)) - _gram(own.crossing_cell, across)
    spreads = []
    for ix, contrast in enumerate(contrasts):
        unlike = heterogeneity(fit, x, contrast, clusters.rater)
        of_raters = rater_df(unlike.noise + unlike.tau2 * unlike.information**2)
        parts = Components(*(float(one[ix, ix]) for one in (by_rater, by_prompt, cells)))
        df = prompt_df(prompts[:, ix], n_touched)
        spreads.append(clustered(variance, parts, (Spread(parts.rater, of_raters),), df))
    union = by_rater if variance is Variance.RATER else by_rater + by_prompt - cells
    return Joint(value, tuple(spreads), _correlation(union), rater_alone or prompt_alone)


def _gram(cell: Ints, values: Floats) -> Floats:
    """Sum over cells of the products of the sums in a cell, shape (m, m)."""
    if not cell.size:
        return np.zeros((values.shape[1], values.shape[1]))
    total = np.column_stack([sums(cell, column) for column in values.T])
    found: Floats = total.T @ total
    return found


def _factor(clusters: int) -> float:
    return (clusters - 1) / clusters


def _correlation(covariance: Floats) -> Floats:
    values, axes = np.linalg.eigh(covariance)
    proper = (axes * np.maximum(values, 0.0)) @ axes.T
    se = np.sqrt(np.maximum(proper.diagonal(), 0.0))
    se = np.where(se > 0, se, 1.0)
    found: Floats = proper / np.outer(se, se)
    return found
