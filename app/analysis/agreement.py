"""Measures of agreement: Krippendorff's alpha, scale separation reliability."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.analysis.bradley_terry import fit_bradley_terry, player_sets
from app.analysis.left_out import jackknifed
from app.analysis.numbering import numbered
from app.analysis.preference import sums

MOST_NUMBERS = 10_000_000  # in the columns of one fit
OUTCOMES = 3
FEWEST = 3  # of what a correlation or a jackknife is made of
NO_SPREAD = 1e-18  # squares that rounding alone leaves

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class PairVotes:
    """Votes without their sides: which of two poems was chosen, in pairs that have no order.

    Parameters
    ----------
    low, high
        Index of either poem, low < high, shape (n_votes,).
    share
        1 if the poem with the lower index was chosen, 0 if the other, 1/2 for a tie.
    exchanged
        Whether the poem with the higher index stood left.
    unit
        Index of the unordered pair, 0 to n_units - 1.
    rater
        Index of the rater, 0 to n_raters - 1.
    """

    low: Ints
    high: Ints
    share: Floats
    exchanged: Bools
    unit: Ints
    rater: Ints


def pair_votes(left: Ints, right: Ints, outcome: Floats, rater: Ints) -> PairVotes:
    """Forget the sides of votes.

    Parameters
    ----------
    left, right
        Index of the poem on each side, shape (n_votes,).
    outcome
        1 for left, 1/2 for a tie, 0 for right.
    rater
        Index of the rater.

    Returns
    -------
    PairVotes
        The same whichever poem stood left, but for `exchanged`.
    """
    low, high = np.minimum(left, right), np.maximum(left, right)
    exchanged = np.greater(left, right)
    n_poems = int(high.max(initial=0)) + 1
    unit = numbered(low * n_poems + high)[1]
    return PairVotes(low, high, np.where(exchanged, 1 - outcome, outcome), exchanged, unit, rater)


def krippendorff_alpha(coincidences: Floats) -> float | None:
    """Krippendorff's alpha for names without order.

    Parameters
    ----------
    coincidences
        How often two raters of one unit gave each two values, each unit's counts divided by its
        ratings less one, shape (n_values, n_values), symmetric.

    Returns
    -------
    float or None
        1 for full agreement, 0 for what chance gives; None where all ratings are of one value.

    Notes
    -----
    alpha = 1 - (n - 1) sum_{c != k} o_ck / sum_{c != k} n_c n_k.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania.

    Examples
    --------
    Two raters, ten units, two values:

    >>> round(krippendorff_alpha(np.array([[10.0, 4.0], [4.0, 2.0]])), 3)
    0.095
    """
    marginal = coincidences.sum(axis=1)
    n = float(marginal.sum())
    by_chance = n**2 - float((marginal**2).sum())
    if by_chance <= 0:
        return None
    return 1.0 - (n - 1) * (n - float(np.trace(coincidences))) / by_chance


def unit_coincidences(unit: Ints, rater: Ints, value: Ints, n_values: int) -> Floats:
    """Coincidences of each unit, between different raters.

    Parameters
    ----------
    unit, rater, value
        Indices, one of each per rating, shape (n_ratings,). A rater may rate a unit more than once:
        the ratings then count together as one, each in equal part.
    n_values
        Number of values.

    Returns
    -------
    ndarray
        Shape (n_units, n_values, n_values); 0 for a unit with one rater.

    Notes
    -----
    With q_r the shares of the values that rater r gave to a unit and m its raters:
    sum_{r != s} q_r q_s' / (m - 1).
    """
    rated = _rated(unit, rater, value, n_values)
    total = rated.total
    found = np.einsum("ui,uj->uij", total, total)
    for i in range(n_values):
        for j in range(n_values):
            found[:, i, j] -= sums(rated.unit, rated.given[:, i] * rated.given[:, j], len(total))
    found = np.where(rated.raters[:, None, None] > 1, found, 0.0)
    return np.asarray(found / np.maximum(rated.raters - 1, 1)[:, None, None], dtype=np.float64)


def told(coincidences: Floats) -> Floats:
    """Say of coincidences of choices what their alpha depends on.

    Parameters
    ----------
    coincidences
        As of `choice_coincidences`, shape (n, 3, 3).

    Returns
    -------
    ndarray
        All of them, those with a tie first, and those of twice the same; shape (n, 3).
    """
    alike = np.trace(coincidences, axis1=1, axis2=2)
    return np.column_stack([coincidences.sum(axis=(1, 2)), coincidences[:, 1].sum(axis=1), alike])


def alphas_without(total: Floats, lost: Floats) -> Floats:
    """Krippendorff's alpha of choices of which something is lost.

    Parameters
    ----------
    total
        What is told of all coincidences, shape (3,).
    lost
        Of those lost, shape (n, 3).

    Returns
    -------
    ndarray
        As of `krippendorff_alpha`, shape (n,); not-a-number where nothing is lost or there is none.
    """
    n, ties, alike = (total - lost).T
    by_chance = n**2 - ties**2 - (n - ties) ** 2 / 2
    some = (by_chance > 0) & (lost[:, 0] > 0)
    found: Floats = np.where(
        some, 1.0 - (n - 1) * (n - alike) / np.where(some, by_chance, 1.0), np.nan
    )
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Rated:
    """Shares of the values that raters gave to units, a row for each rater of a unit.

    `total` and `raters` are the sum of the rows and their number, of each unit.
    """

    unit: Ints
    rater: Ints
    given: Floats
    total: Floats
    raters: Ints


def _rated(unit: Ints, rater: Ints, value: Ints, n_values: int) -> _Rated:
    n_units = int(unit.max(initial=-1)) + 1
    n_raters = int(rater.max(initial=0)) + 1
    cells, cell = numbered(unit * n_raters + rater)
    given = np.column_stack(
        [sums(cell, (value == v).astype(np.float64), len(cells)) for v in range(n_values)]
    )
    given = given / given.sum(axis=1, keepdims=True)
    of = cells // n_raters
    total = np.column_stack([sums(of, column, n_units) for column in given.T])
    return _Rated(of, cells % n_raters, given, total, np.bincount(of, minlength=n_units))


@dataclass(frozen=True, slots=True, eq=False)
class Lost:
    """What the coincidences lose without one rater of one unit.

    Parameters
    ----------
    unit, rater
        Which, shape (n_cells,).
    told
        What `told` says of what they lose, shape (n_cells, 3).
    """

    unit: Ints
    rater: Ints
    told: Floats


def choices_lost(votes: PairVotes, each: Floats) -> Lost:
    """Say what the coincidences of choices lose without one rater's choice in one pair.

    Parameters
    ----------
    votes
        The votes.
    each
        Their coincidences, as of `choice_coincidences`.

    Returns
    -------
    Lost
        Of every rater and pair.

    Notes
    -----
    With T the sum of q_s over the m raters of a unit and O its coincidences, the sum over s and t
    is (m - 1) O, of which q_r takes part in q_r (T - q_r)' and its transpose. What is left is
    divided by m - 2, or is nothing where one rater is left.
    """
    value = np.round(2 * votes.share).astype(np.int64)
    rated = _rated(votes.unit, votes.rater, value, OUTCOMES)
    q, m = rated.given, rated.raters[rated.unit].astype(np.float64)[:, None]
    others = rated.total[rated.unit] - q
    n = others.sum(axis=1)
    with_others = np.column_stack([2 * n, q[:, 1] * n + others[:, 1], 2 * (q * others).sum(axis=1)])
    own = told(each)[rated.unit]
    left = ((m - 1) * own - with_others) / np.maximum(m - 2, 1)
    return Lost(rated.unit, rated.rater, own - np.where(m > 2, left, 0.0))  # noqa: PLR2004


def choice_coincidences(votes: PairVotes) -> Floats:
    """Coincidences of choices of each unordered pair of poems: one poem, a tie, the other.

    Parameters
    ----------
    votes
        The votes.

    Returns
    -------
    ndarray
        Shape (n_units, 3, 3). Which poem is the one and which the other means nothing, so both
        ways count by half.
    """
    value = np.round(2 * votes.share).astype(np.int64)
    found = unit_coincidences(votes.unit, votes.rater, value, OUTCOMES)
    return np.asarray((found + found[:, ::-1, ::-1]) / 2, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Separation:
    """Scale separation reliability.

    Parameters
    ----------
    value, low, high
        0 to 1, with its 95% interval; None where too few poems can be placed, or too many for one
        fit, the interval also where they are of fewer than 3 prompts.
    poems, left_out
        Poems placed, and those that nothing, or only victories or defeats, join to others.
    too_many
        Whether there is no value because one fit would take too many numbers.
    """

    value: float | None
    poems: int
    left_out: int
    too_many: bool = False
    low: float | None = None
    high: float | None = None


def scale_separation(votes: PairVotes, prompt: Ints) -> Separation:
    """Tell how much of the spread of the poems' strengths is not noise.

    Parameters
    ----------
    votes
        The votes.
    prompt
        Index of the prompt of each poem, shape (n_poems,).

    Returns
    -------
    Separation
        1 - sum se^2 / sum s^2 over poems, not below 0.

    Notes
    -----
    Strengths s by Bradley-Terry without penalty, apart for each set of poems of which every one
    won or tied against every other at least through others; s and its plain standard error against
    the mean of the set. The interval leaves out the poems of one prompt at a time.

    References
    ----------
    Pollitt, A. (2012). The method of adaptive comparative judgement. Assessment in Education 19,
    281-300.
    """
    seen, index = numbered(np.concatenate([votes.low, votes.high]))
    first = np.unique(votes.unit, return_index=True)[1]
    weight = sums(votes.unit, np.ones(len(votes.unit)))
    share = sums(votes.unit, votes.share) / weight
    low, high = index[: len(votes.low)][first], index[len(votes.low) :][first]
    sets = player_sets(low, high, share, len(seen), strong=True)
    within = np.flatnonzero(sets[low] == sets[high])
    within = within[np.argsort(sets[low[within]], kind="stable")]
    starts = np.unique(sets[low[within]], return_index=True)[1]
    squares, noise, placed = np.zeros(len(seen)), np.zeros(len(seen)), 0
    for own in np.split(within, starts[1:]) if within.size else []:
        poems, both = numbered(np.concatenate([low[own], high[own]]))
        if own.size * len(poems) > MOST_NUMBERS:
            return Separation(None, 0, len(seen), too_many=True)
        one, other, names = both[: own.size], both[own.size :], [*map(str, poems)]
        found = fit_bradley_terry(
            one, other, share[own], names=names, weight=weight[own], joined=True
        )
        squares[poems], noise[poems] = found.strengths**2, found.covariance().diagonal()
        placed += len(poems)
    if placed < FEWEST or squares.sum() <= NO_SPREAD:
        return Separation(None, placed, len(seen) - placed)
    value = 1.0 - float(noise.sum() / squares.sum())
    of = prompt[seen]
    spread, error = squares.sum() - sums(of, squares), noise.sum() - sums(of, noise)
    own = (sums(of, squares) > 0) & (spread > NO_SPREAD)
    ends = jackknifed(value, 1.0 - error[own] / spread[own])
    inside = [None if end is None else min(max(0.0, end), 1.0) for end in ends]
    least, most = inside if inside[1] else (None, None)  # below 0 they say nothing of what is there
    return Separation(max(0.0, value), placed, len(seen) - placed, low=least, high=most)
