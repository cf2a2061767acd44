"""How much of what is known about choices each kind of measure accounts for: Shapley shares."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from app.analysis.blocks import SOURCE, families, family, independent, source_columns
from app.analysis.bootstrap import ROWS, Bootstrapped, Draws, pigeonhole, recentred
from app.analysis.diagnostics import GroupVotes, require_enough
from app.analysis.numbering import numbered
from app.analysis.options import NotIdentified
from app.analysis.preference import Separated, fit_logit, sums
from app.analysis.terms import SIDE
from app.analysis.votes import VoteTable
from app.analysis.wording import PEOPLE, counted, feature_words

VOTES_PER_COLUMN = 10
DRAWS = 500
RIDGE = 1e-9  # of the mean curvature: for what a draw leaves out altogether

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Shares:
    """McFadden's R^2 of one group's choices, split over kinds of measures.

    Parameters
    ----------
    total
        R^2 of all measures, 0 to 1, corrected for overfitting, with its interval.
    blocks
        The part of each block; they sum to the total.
    in_sample, total_in_sample
        The same as fitted, not corrected.
    measures
        Names of the columns of each block.
    votes
        Votes they are from.
    draws
        Draws of the bootstrap.
    """

    total: Bootstrapped
    blocks: dict[str, Bootstrapped]
    total_in_sample: float
    in_sample: dict[str, float]
    measures: dict[str, tuple[str, ...]]
    votes: int
    draws: int

    @property
    def shown(self) -> bool:
        """Whether the measures are known to explain anything: the interval leaves out 0."""
        return self.total.low > 0


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """Columns of root mean square 1, which of them each block has, and the fits of all subsets.

    A subset of m blocks is a number whose bits tell which; `coef` has one for each but the empty.
    """

    x: Floats
    y: Floats
    blocks: tuple[str, ...]
    measures: dict[str, tuple[str, ...]]
    of: dict[str, list[int]]
    coef: list[Floats]

    def columns(self, subset: int) -> list[int]:
        """Indices of the columns of a subset."""
        return sorted(
            column
            for ix, block in enumerate(self.blocks)
            if subset >> ix & 1
            for column in self.of[block]
        )


def blocks_of(table: VoteTable) -> tuple[str, ...]:
    """Give the blocks that what is explained may be split over.

    Parameters
    ----------
    table
        The votes.

    Returns
    -------
    tuple of str
        The families of measures, then side and source.
    """
    return (*families(table), SIDE, SOURCE)


def shares(
    votes: GroupVotes,
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
    progress: Progress | None = None,
) -> Shares:
    """Split what the measures explain of one group's choices.

    Parameters
    ----------
    votes
        The group's votes: of the feature, all controls of the table, and the sources.
    rng
        Source of randomness.
    draws
        Draws of the bootstrap.
    progress
        Told how many of how many votes are done.

    Returns
    -------
    Shares
        Of the blocks that have a column.

    Raises
    ------
    NotIdentified
        The votes are too few or separated; the message is a sentence.

    Notes
    -----
    R^2(S) = 1 - LL(S) / (-n ln 2) for every subset S of the blocks, LL of the fractional logit with
    equal weights, and 0 for none: a coin. A block's part is its Shapley value, the mean over all
    orders of what it adds to those before it: sum over S without it of
    |S|! (m - |S| - 1)! / m! (R^2(S + block) - R^2(S)).

    Each draw of `pigeonhole` is fitted by one Newton step from the fit of all votes, with the
    draw's own curvature (at the fit of all blocks): LL* ~ LL_w(b) + s' H^-1 s / 2. Fitted R^2 is
    too high, the more so the more columns; `recentred` takes away as much as draws exceed it.
    Draws exceed it by more than samples exceed the truth, since votes that share both rater and
    prompt vary together three times as much under `pigeonhole` as they should. The part too much,
    tr(H^-1 M) / (2 n ln 2) with M = 2 sum over cells rater x prompt of S S' and for votes across
    prompts 2 sum over pairs of prompts of S S', is taken from the draws first.

    References
    ----------
    McFadden, D. (1974). Conditional logit analysis of qualitative choice behavior. Frontiers in
    Econometrics, 105-142.
    Shorrocks, A. F. (2013). Decomposition procedures for distributional analysis: a unified
    framework based on the Shapley value. Journal of Economic Inequality 11, 99-126.
    """
    require_enough(votes)
    model = _fitted(votes)
    drawn = pigeonhole(votes, draws, rng)
    split = shapley_weights(len(model.blocks))
    fitted = split @ _r2(model, _whole(len(votes.outcome)))[0]
    resampled = (_r2(model, _told(drawn, progress)) - _excess(model, votes)) @ split.T
    blocks = {
        name: recentred(float(fitted[ix]), resampled[:, ix]) for ix, name in enumerate(model.blocks)
    }
    return Shares(
        total=recentred(float(fitted.sum()), resampled.sum(axis=1)),
        blocks=blocks,
        total_in_sample=float(fitted.sum()),
        in_sample=dict(zip(model.blocks, fitted.tolist(), strict=True)),
        measures=model.measures,
        votes=len(votes.outcome),
        draws=len(resampled),
    )


def shapley_weights(n: int) -> Floats:
    """Weights of the values of all subsets in the Shapley values.

    Parameters
    ----------
    n
        Number of players, at least 1.

    Returns
    -------
    ndarray
        Shape (n, 2^n); the subset of players i, j, ... is column 2^i + 2^j + ...

    Examples
    --------
    >>> shapley_weights(2).tolist()
    [[-0.5, 0.5, -0.5, 0.5], [-0.5, -0.5, 0.5, 0.5]]
    """
    found = np.zeros((n, 2**n))
    for subset in range(2**n):
        size = subset.bit_count()
        for player in range(n):
            inside = subset >> player & 1
            before = size - inside
            weight = math.factorial(before) * math.factorial(n - before - 1) / math.factorial(n)
            found[player, subset] = weight if inside else -weight
    return found


def _fitted(votes: GroupVotes) -> _Model:
    table, order = votes.table, families(votes.table)
    measured = {table.feature: votes.feature, **votes.controls}
    ordered = dict(sorted(measured.items(), key=lambda one: order.index(family(table, one[0]))))
    ordered = {table.feature: votes.feature, **ordered}
    columns = {**ordered, **source_columns(votes)}
    names = independent(columns)
    people = PEOPLE[votes.group]
    if len(votes.outcome) < VOTES_PER_COLUMN * (len(names) + 1):
        raise NotIdentified(
            f"{counted(len(votes.outcome), 'vote')} by {people} are too few to tell "
            f"{counted(len(names), 'measure')} apart; at least "
            f"{VOTES_PER_COLUMN * (len(names) + 1)} are needed."
        )
    of: dict[str, list[int]] = {SIDE: [0]}
    measures: dict[str, tuple[str, ...]] = {SIDE: (SIDE,)}
    for ix, name in enumerate(names, start=1):
        block = family(table, name) if name in measured else SOURCE
        of.setdefault(block, []).append(ix)
        measures[block] = (*measures.get(block, ()), name)
    x = np.column_stack([np.ones(len(votes.outcome)), *(columns[name] for name in names)])
    x = x / np.sqrt(np.mean(x**2, axis=0))
    blocks = tuple(block for block in blocks_of(table) if block in of)
    model = _Model(x, votes.outcome, blocks, measures, of, [])
    try:
        model.coef.extend(_subsets(model))
    except Separated:
        noun = feature_words(votes.table.feature).noun
        raise NotIdentified(
            f"The votes by {people} follow {noun} or another measure without exception, so that "
            "what each explains has no end; more votes, some of which go the other way, are needed."
        ) from None
    return model


def _subsets(model: _Model) -> list[Floats]:
    """The coefficients of every subset, each from where that of all blocks stands."""
    weight = np.ones(len(model.y))
    start = fit_logit(model.x, model.y, weight).coef
    every = range(1, 1 << len(model.blocks))
    chosen = [model.columns(subset) for subset in every]
    return [
        fit_logit(np.ascontiguousarray(model.x[:, of]), model.y, weight, start=start[of]).coef
        for of in chosen
    ]


def _whole(n: int) -> Iterator[tuple[slice, Floats]]:
    """Every vote once; the step of a fit from where it stands is none."""
    for first in range(0, n, ROWS):
        some = slice(first, min(first + ROWS, n))
        yield some, np.ones((1, some.stop - first))


def _told(drawn: Draws, progress: Progress | None) -> Iterator[tuple[slice, Floats]]:
    n = len(drawn.votes.outcome)
    for some, weights in drawn.weights():
        yield some, weights
        if progress:
            progress(min(some.stop, n), n)


def _r2(model: _Model, weighted: Iterable[tuple[slice, Floats]]) -> Floats:
    """R^2 of every subset under every row of weights, shape (n_draws, 2^n_blocks)."""
    total = sum((weights @ _per_vote(model, some) for some, weights in weighted), np.zeros(()))
    total = total[total[:, 0] > 0]  # a draw may hold no vote
    curvature, at = _full_curvature(model, total), 1 + _n_pairs(model)
    found = np.zeros((len(total), 1 << len(model.blocks)))
    for subset in range(1, found.shape[1]):
        of = model.columns(subset)
        log_likelihood, score = total[:, at], total[:, at + 1 : at + 1 + len(of)]
        at += 1 + len(of)
        step = np.linalg.solve(curvature[np.ix_(range(len(total)), of, of)], score[:, :, None])
        gain = np.einsum("di,di->d", score, step[:, :, 0]) / 2
        best = np.minimum(log_likelihood + gain, 0.0)
        found[:, subset] = 1 + best / (total[:, 0] * math.log(2))
    return found


def _excess(model: _Model, votes: GroupVotes) -> Floats:
    """By how much too much the draws' R^2 of every subset exceeds that of the votes."""
    p = expit(model.x @ model.coef[-1])
    score = model.x * (model.y - p)[:, None]
    hessian = model.x.T @ (model.x * (p * (1 - p))[:, None])
    crossing = np.flatnonzero(votes.left != votes.right)
    low, high = (end(votes.left, votes.right)[crossing] for end in (np.minimum, np.maximum))
    own = votes.rater * votes.n_prompts
    cell = np.concatenate([own + votes.left, (own + votes.right)[crossing]])
    both = np.concatenate([np.arange(len(score)), crossing])
    too_much = 2 * _products(cell, score[both])
    too_much += 2 * _products(low * votes.n_prompts + high, score[crossing])
    found = np.zeros(1 << len(model.blocks))
    for subset in range(1, len(found)):
        of = np.ix_(model.columns(subset), model.columns(subset))
        found[subset] = np.trace(np.linalg.solve(hessian[of], too_much[of]))
    return found / (2 * len(score) * math.log(2))


def _products(cell: Ints, score: Floats) -> Floats:
    """Sum over cells of S S', S the sum of the scores in a cell; shape (k, k)."""
    if not cell.size:
        return np.zeros((score.shape[1], score.shape[1]))
    index = numbered(cell)[1]
    total = np.column_stack([sums(index, column) for column in score.T])
    return total.T @ total


def _n_pairs(model: _Model) -> int:
    k = int(model.x.shape[1])
    return k * (k + 1) // 2


def _per_vote(model: _Model, some: slice) -> Floats:
    """What some votes add to 1, the curvature of all columns, and of each subset its log likelihood
    and score; shape (n_votes, ...)."""
    x, y = model.x[some], model.y[some]
    p = expit(x @ model.coef[-1])
    pairs = combinations_with_replacement(range(x.shape[1]), 2)
    columns = [np.ones(len(y)), *(p * (1 - p) * x[:, i] * x[:, j] for i, j in pairs)]
    for subset, coef in enumerate(model.coef, start=1):
        part = x[:, model.columns(subset)]
        eta = part @ coef
        columns.append(y * eta - np.logaddexp(0.0, eta))
        columns += [*((y - expit(eta))[:, None] * part).T]
    return np.column_stack(columns)


def _full_curvature(model: _Model, total: Floats) -> Floats:
    """The curvature of all columns under each row of weights, shape (n_draws, k, k)."""
    k = model.x.shape[1]
    found = np.zeros((len(total), k, k))
    pairs = combinations_with_replacement(range(k), 2)
    for ix, (i, j) in enumerate(pairs, start=1):
        found[:, i, j] = found[:, j, i] = total[:, ix]
    mean = np.trace(found, axis1=1, axis2=2) / k
    found += RIDGE * mean[:, None, None] * np.eye(k)
    return found
