"""Measures of agreement: Krippendorff's alpha, halves of the raters, the same pair again."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from app.analysis.bradley_terry import fit_bradley_terry, player_sets
from app.analysis.numbering import numbered
from app.analysis.preference import sums

SPLITS = 100
TOGETHER = 20  # splits
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
    n_units = int(unit.max(initial=-1)) + 1
    n_raters = int(rater.max(initial=0)) + 1
    cells, cell = numbered(unit * n_raters + rater)
    given = np.column_stack(
        [sums(cell, (value == v).astype(np.float64), len(cells)) for v in range(n_values)]
    )
    given = given / given.sum(axis=1, keepdims=True)
    of = cells // n_raters
    raters = np.bincount(of, minlength=n_units)
    total = np.column_stack([sums(of, column, n_units) for column in given.T])
    found = np.einsum("ui,uj->uij", total, total)
    for i in range(n_values):
        for j in range(n_values):
            found[:, i, j] -= sums(of, given[:, i] * given[:, j], n_units)
    found = np.where(raters[:, None, None] > 1, found, 0.0)
    return np.asarray(found / np.maximum(raters - 1, 1)[:, None, None], dtype=np.float64)


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
    value
        0 to 1; None where too few poems can be placed, or too many for one fit.
    poems, left_out
        Poems placed, and those that nothing, or only victories or defeats, join to others.
    too_many
        Whether there is no value because one fit would take too many numbers.
    """

    value: float | None
    poems: int
    left_out: int
    too_many: bool = False


def scale_separation(votes: PairVotes) -> Separation:
    """Tell how much of the spread of the poems' strengths is not noise.

    Parameters
    ----------
    votes
        The votes.

    Returns
    -------
    Separation
        1 - sum se^2 / sum s^2 over poems, not below 0.

    Notes
    -----
    Strengths s by Bradley-Terry without penalty, apart for each set of poems of which every one
    won or tied against every other at least through others; s and its plain standard error against
    the mean of the set.

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
    squares = noise = 0.0
    placed = 0
    for own in np.split(within, starts[1:]) if within.size else []:
        poems, both = numbered(np.concatenate([low[own], high[own]]))
        if own.size * len(poems) > MOST_NUMBERS:
            return Separation(None, 0, len(seen), too_many=True)
        one, other, names = both[: own.size], both[own.size :], [*map(str, poems)]
        found = fit_bradley_terry(
            one, other, share[own], names=names, weight=weight[own], joined=True
        )
        squares += float((found.strengths**2).sum())
        noise += float(np.trace(found.covariance()))
        placed += len(poems)
    some = placed >= FEWEST and squares > NO_SPREAD
    value = max(0.0, 1.0 - noise / squares) if some else None
    return Separation(value, placed, len(seen) - placed)


@dataclass(frozen=True, slots=True)
class Halves:
    """Agreement of random halves of the raters.

    Parameters
    ----------
    value, low, high
        Mean over the splits, and the values between which 95% of them lie; -1 to 1.
    poems
        Poems both halves voted on, on average over the splits.
    """

    value: float
    low: float
    high: float
    poems: int


def split_half(
    votes: PairVotes, rng: np.random.Generator, *, splits: int = SPLITS
) -> Halves | None:
    """Tell how well two random halves of the raters agree on the poems.

    Parameters
    ----------
    votes
        The votes.
    rng
        Source of randomness.
    splits
        Number of splits.

    Returns
    -------
    Halves or None
        2 r / (1 + r), r the correlation between halves of the share of its votes that each poem
        won, poems weighed by n1 n2 / (n1 + n2); None where there are fewer than 4 raters or no
        split gives a correlation.

    References
    ----------
    Spearman, C. (1910). Correlation calculated from faulty data. British Journal of Psychology 3,
    271-295. Brown, W. (1910). Some experimental results in the correlation of mental abilities.
    Same volume, 296-322.
    """
    n_raters = int(votes.rater.max(initial=-1)) + 1
    if n_raters <= FEWEST:
        return None
    rater = _nameless(votes)
    halves = np.array([rng.permutation(n_raters) < n_raters // 2 for _ in range(splits)])
    found, shared = [], []
    for seen, won in _by_half(votes, halves[:, rater]):
        r, poems = _agreement(seen, won)
        if r is not None:
            found.append(2 * r / (1 + r) if r > -1 else -1.0)
            shared.append(poems)
    if not found:
        return None
    values = np.clip(found, -1.0, 1.0)
    low, high = np.quantile(values, [0.025, 0.975])
    return Halves(float(values.mean()), float(low), float(high), round(float(np.mean(shared))))


def _nameless(votes: PairVotes) -> Ints:
    """Number raters by what they chose, so that the splits do not hang on names."""
    n_raters, n_poems = int(votes.rater.max()) + 1, int(votes.high.max()) + 1
    won = sums(votes.low, votes.share, n_poems) + sums(votes.high, 1 - votes.share, n_poems)
    seen = np.bincount(votes.low, minlength=n_poems) + np.bincount(votes.high, minlength=n_poems)
    appeal = won / np.maximum(seen, 1)
    taste = (2 * votes.share - 1) * (appeal[votes.low] - appeal[votes.high])
    given = np.bincount(votes.rater, minlength=n_raters)
    ties = np.bincount(votes.rater[votes.share == 1 / 2], minlength=n_raters)
    order = np.lexsort((np.round(sums(votes.rater, taste, n_raters), 9), ties, given))
    number = np.empty(n_raters, dtype=np.int64)
    number[order] = np.arange(n_raters)
    return number


def _by_half(votes: PairVotes, halves: Bools) -> Iterator[tuple[Floats, Floats]]:
    """Of every split how often each half saw each poem and chose it, shape (2, n_poems)."""
    shape = (int(votes.high.max()) + 1, halves.shape[1])
    poem, rater = np.concatenate([votes.low, votes.high]), np.tile(votes.rater, 2)
    share = np.concatenate([votes.share, 1 - votes.share])
    # Of small whole and half numbers the sums are exact in any order.
    seen, won = (csr_array((of, (poem, rater)), shape) for of in (np.ones(len(poem)), share))
    every = [of.sum(axis=1) for of in (seen, won)]
    for some in np.array_split(halves, -(-len(halves) // TOGETHER)):
        one = [(of @ some.T.astype(np.float64)).T for of in (seen, won)]
        for half_seen, half_won in zip(*one, strict=True):
            yield (
                np.stack([half_seen, every[0] - half_seen]),
                np.stack([half_won, every[1] - half_won]),
            )


def _agreement(seen: Floats, won: Floats) -> tuple[float | None, int]:
    shares = won / np.maximum(seen, 1)
    both = (seen[0] > 0) & (seen[1] > 0)
    if both.sum() < FEWEST:
        return None, 0
    weight = (seen[0] * seen[1])[both] / (seen[0] + seen[1])[both]
    weight = weight / weight.sum()
    one, other = (share[both] - weight @ share[both] for share in shares)
    spread = float((weight @ one**2) * (weight @ other**2))
    if spread <= NO_SPREAD:
        return None, 0
    return float(weight @ (one * other)) / float(np.sqrt(spread)), int(both.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Repeats:
    """What raters chose when a pair came again.

    Parameters
    ----------
    rater
        Index of the rater of each pair that a rater saw more than once, shape (n_cells,), as are
        the others.
    same
        Share of the repeats in which the choice was the same.
    same_exchanged
        The same among repeats with sides exchanged; not-a-number where there are none.
    leaning
        Among repeats with sides exchanged, those in which left was chosen both times less those in
        which right was, per repeat.
    """

    rater: Ints
    same: Floats
    same_exchanged: Floats
    leaning: Floats


def repeats(votes: PairVotes) -> Repeats:
    """Compare the votes of a rater on a pair that came again.

    Parameters
    ----------
    votes
        The votes.

    Returns
    -------
    Repeats
        One entry for each rater and pair with at least two votes. Every two of its votes are
        compared, and every entry counts the same.
    """
    n_raters = int(votes.rater.max(initial=0)) + 1
    cells, cell = numbered(votes.unit * n_raters + votes.rater)
    value = np.round(2 * votes.share).astype(np.int64)
    kind = cell * 2 * OUTCOMES + OUTCOMES * votes.exchanged + value
    counts = np.bincount(kind, minlength=2 * OUTCOMES * len(cells)).reshape(-1, 2, OUTCOMES)
    again = counts.sum(axis=(1, 2)) > 1
    own, total = counts[again].astype(np.float64), counts[again].sum(axis=1)
    n = total.sum(axis=1)
    straight, turned = own[:, 0], own[:, 1]
    crossed = straight.sum(axis=1) * turned.sum(axis=1)
    some = np.where(crossed > 0, crossed, np.nan)
    # Straight, the low poem stands left, and value 2 is the choice of it; exchanged, value 0 is
    # the choice of the left poem.
    both_left, both_right = straight[:, 2] * turned[:, 0], straight[:, 0] * turned[:, 2]
    return Repeats(
        rater=cells[again] % n_raters,
        same=(total * (total - 1)).sum(axis=1) / (n * (n - 1)),
        same_exchanged=(straight * turned).sum(axis=1) / some,
        leaning=(both_left - both_right) / some,
    )
