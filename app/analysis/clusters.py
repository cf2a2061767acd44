"""What each rater, prompt and pair of prompts moves an estimate."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from app.analysis.numbering import numbered
from app.analysis.preference import LogitFit, sums

SINGULAR = 1e-10

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)  # no slots: `touches` is kept with it
class Clusters:
    """Which rater and which prompts each vote belongs to.

    Parameters
    ----------
    rater
        Index of the rater, 0 to n_raters - 1, every rater present, shape (n_votes,).
    left, right
        Index of the prompt of the left and of the right poem, 0 to n_prompts - 1, shape
        (n_votes,); equal for a pair within one prompt. Poems may stand in the prompts' place.
    n_prompts
        Number of prompts, touched by these votes or not.
    """

    rater: Ints
    left: Ints
    right: Ints
    n_prompts: int

    @cached_property
    def touches(self) -> "Touches":
        """Which prompts and cells the votes touch, worked out when it is first asked for."""
        return _touches(self)


@dataclass(frozen=True, slots=True, eq=False)
class Touches:
    """Which prompts, pairs of prompts and cells the votes touch.

    Parameters
    ----------
    vote, prompt
        Vote and prompt of every touch of a prompt by a vote, shape (n_touches,); no votes where
        each touches one prompt, in their order.
    touched
        Whether a vote touches the prompt, shape (n_prompts,).
    crossing
        Votes whose two prompts differ.
    pair_prompts, pair
        The pairs of different prompts that votes cross, as p * n_prompts + q with p < q, sorted;
        index among them of each crossing vote.
    cell, crossing_cell
        Cell rater x prompt of each touch; cell rater x pair of prompts of each crossing vote.
    """

    vote: Ints | None
    prompt: Ints
    touched: Bools
    crossing: Ints
    pair_prompts: Ints
    pair: Ints
    cell: Ints
    crossing_cell: Ints

    def each(self, of_votes: Floats) -> Floats:
        """Values of the votes, repeated for every prompt they touch.

        Parameters
        ----------
        of_votes
            Shape (n_votes, ...).

        Returns
        -------
        ndarray
            Shape (n_touches, ...).
        """
        return of_votes if self.vote is None else of_votes[self.vote]


def _touches(clusters: Clusters) -> Touches:
    rater, left, right, n_prompts = (
        clusters.rater, clusters.left, clusters.right, clusters.n_prompts
    )  # fmt: skip
    crossing = np.flatnonzero(left != right)
    vote, prompt, of = None, left, rater
    if crossing.size:
        vote = np.concatenate([np.arange(len(rater)), crossing])
        prompt, of = np.concatenate([left, right[crossing]]), rater[vote]
    low, high = np.minimum(left, right)[crossing], np.maximum(left, right)[crossing]
    pair_prompts, pair = numbered(low * n_prompts + high)
    return Touches(
        vote=vote,
        prompt=prompt,
        touched=np.bincount(prompt, minlength=n_prompts) > 0,
        crossing=crossing,
        pair_prompts=pair_prompts,
        pair=pair,
        cell=numbered(of * n_prompts + prompt)[1],
        crossing_cell=numbered(rater[crossing] * max(len(pair_prompts), 1) + pair)[1],
    )


@dataclass(frozen=True, slots=True, eq=False)
class Influence:
    """What each cluster of votes moves one coefficient.

    Parameters
    ----------
    rater
        d_r, shape (n_raters,), in units of the coefficient, as are all of these.
    prompt
        d_p, shape (n_prompts,), 0 where no vote touches the prompt.
    touched
        Whether a vote touches the prompt, shape (n_prompts,).
    pair, pair_prompts
        d_pq of each pair of different prompts that votes cross, shape (n_pairs,), and the pair
        as p * n_prompts + q with p < q, sorted.
    cells
        V_RP, the squared influences of the cells rater x prompt less those of rater x pair.
    jackknifed
        Whether d_r and d_p are those of the linearised jackknife.
    singular
        Whether without some cluster the coefficients could not be told apart, so that a
        pseudo-inverse was used for it.
    """

    rater: Floats
    prompt: Floats
    touched: Bools
    pair: Floats
    pair_prompts: Ints
    cells: float
    jackknifed: bool
    singular: bool


def influence(
    x: Floats, fit: LogitFit, clusters: Clusters, contrast: Floats, *, jackknife: bool = True
) -> Influence:
    """Influence of every cluster on one linear combination of the coefficients.

    Parameters
    ----------
    x
        Columns of the fit, shape (n_votes, k).
    fit
        The fit.
    clusters
        The clusters.
    contrast
        c in c'b, shape (k,): a unit vector for one coefficient.
    jackknife
        True: d_c = c' (H - H_c)^-1 S_c for raters and prompts (CV3L). False: c' H^-1 S_c,
        without any correction for small samples (HC0).

    Returns
    -------
    Influence
        The influences; those of pairs and cells always use H^-1.

    Notes
    -----
    S_c and H_c are the sums over a cluster's votes of w (y - p) x and of w p (1 - p) x x'. A vote
    touches the prompts of both its poems, and counts once for a prompt that both share. H - H_c is
    inverted as I - L^-1 H_c L^-T with H = L L', so that the units of the columns do not matter.

    References
    ----------
    MacKinnon, J. G., Nielsen, M. O. and Webb, M. D. (2024). Cluster-robust jackknife and bootstrap
    inference for logistic regression models. arXiv:2406.00650.
    """
    return moved(logit_votes(x, fit), clusters, jackknife=jackknife).along(contrast)


@dataclass(frozen=True, slots=True, eq=False)
class PerVote:
    """What each vote adds to the sums of a fit by maximum likelihood, or of one like it.

    Parameters
    ----------
    score
        Derivative of the log likelihood in each of k coefficients, weighted, shape (n_votes,) each.
    curvature
        Gives for i <= j the negative second derivatives, weighted, shape (n_votes,).
    hessian
        Their sums, positive definite, shape (k, k).
    """

    score: tuple[Floats, ...]
    curvature: Callable[[int, int], Floats]
    hessian: Floats


def logit_votes(x: Floats, fit: LogitFit) -> PerVote:
    """What each vote adds to a fractional logit.

    Parameters
    ----------
    x
        Columns of the fit, shape (n_votes, k).
    fit
        The fit.

    Returns
    -------
    PerVote
        w (y - p) x and w p (1 - p) x x'.
    """
    columns = np.ascontiguousarray(x.T)

    def curvature(i: int, j: int) -> Floats:
        return np.asarray(columns[i] * columns[j] * fit.curvature, dtype=np.float64)

    return PerVote(tuple(columns * fit.residual), curvature, fit.hessian)


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """What each cluster moves the coefficients of one fit by: worked out once, read off for any
    combination of them.

    Parameters
    ----------
    votes, clusters, jackknifed
        As they were given.
    rater, prompt
        Movement of all coefficients by each cluster, shape (n_clusters, k).
    singular
        Whether some cluster alone identifies a column.
    """

    votes: PerVote
    clusters: Clusters
    jackknifed: bool
    rater: Floats
    prompt: Floats
    singular: bool

    def along(self, contrast: Floats) -> Influence:
        """Give the influences on one linear combination of the coefficients.

        Parameters
        ----------
        contrast
            c in c'b, shape (k,).

        Returns
        -------
        Influence
            As of `influence`.
        """
        toward = np.linalg.solve(self.votes.hessian, contrast)
        linear = np.zeros(len(self.clusters.rater))
        for score, weight in zip(self.votes.score, toward, strict=True):
            if weight:
                linear += score * weight
        touches = self.clusters.touches
        across = linear[touches.crossing]
        cells = _squares(touches.cell, touches.each(linear))
        cells -= _squares(touches.crossing_cell, across)
        return Influence(
            rater=self.rater @ contrast,
            prompt=self.prompt @ contrast,
            touched=touches.touched,
            pair=sums(touches.pair, across, len(touches.pair_prompts)),
            pair_prompts=touches.pair_prompts,
            cells=cells,
            jackknifed=self.jackknifed,
            singular=self.singular,
        )


def moved(votes: PerVote, clusters: Clusters, *, jackknife: bool = True) -> Moved:
    """Work out what every cluster moves the coefficients of a fit by.

    Parameters
    ----------
    votes
        What each vote adds to the sums of the fit.
    clusters, jackknife
        As of `influence`.

    Returns
    -------
    Moved
        For any number of combinations of the coefficients.
    """
    n_raters = int(clusters.rater.max()) + 1
    touches = clusters.touches
    rater, rater_alone = _movement(votes, clusters.rater, n_raters, None, jackknife)
    prompt, prompt_alone = _movement(
        votes, touches.prompt, clusters.n_prompts, touches.vote, jackknife
    )
    return Moved(votes, clusters, jackknife, rater, prompt, rater_alone or prompt_alone)


def _movement(
    votes: PerVote, cluster: Ints, n_clusters: int, vote: Ints | None, jackknife: bool
) -> tuple[Floats, bool]:
    """(H - H_c)^-1 S_c of every cluster, and whether some cluster alone identifies a column."""

    def total(column: Floats) -> Floats:
        return sums(cluster, column if vote is None else column[vote], n_clusters)

    whiten = np.linalg.inv(np.linalg.cholesky(votes.hessian))  # makes H the identity
    score = np.column_stack([total(column) for column in votes.score]) @ whiten.T
    if not jackknife:
        return score @ whiten, False
    k = len(whiten)
    own = np.zeros((n_clusters, k, k))
    for i, j in combinations_with_replacement(range(k), 2):
        own[:, i, j] = own[:, j, i] = total(votes.curvature(i, j))
    left_over, axes = np.linalg.eigh(np.eye(k) - whiten @ own @ whiten.T)
    singular = left_over < SINGULAR
    inverse = np.where(singular, 0.0, 1.0 / np.where(singular, 1.0, left_over))
    along = np.einsum("cij,ci->cj", axes, score) * inverse
    return np.einsum("cj,cij->ci", along, axes) @ whiten, bool(singular.any())


def _squares(cell: Ints, values: Floats) -> float:
    """Sum over cells of the square of the sum of the values in a cell."""
    return float((np.bincount(cell, values) ** 2).sum()) if cell.size else 0.0
