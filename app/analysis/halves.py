"""How well two random halves of the raters agree on the poems."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from app.analysis.agreement import FEWEST, NO_SPREAD, PairVotes
from app.analysis.left_out import jackknifed
from app.analysis.preference import sums

SPLITS = 100
TOGETHER = 20  # splits

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Halves:
    """Agreement of random halves of the raters.

    Parameters
    ----------
    value, low, high
        Mean over the splits, with its 95% interval, -1 to 1; the ends are None where the poems are
        of fewer than 3 prompts.
    poems
        Poems both halves voted on, on average over the splits.
    """

    value: float
    low: float | None
    high: float | None
    poems: int


def split_half(
    votes: PairVotes, prompt: Ints, rng: np.random.Generator, *, splits: int = SPLITS
) -> Halves | None:
    """Tell how well two random halves of the raters agree on the poems.

    Parameters
    ----------
    votes
        The votes.
    prompt
        Index of the prompt of each poem, shape (n_poems,).
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

    Notes
    -----
    The interval leaves out the poems of one prompt at a time, in every split.

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
        agreement, poems = _agreement(seen, won, prompt)
        if agreement is not None:
            found.append(agreement)
            shared.append(poems)
    if not found:
        return None
    value, *without = np.mean(found, axis=0).tolist()
    own = np.isin(np.arange(len(without)), prompt[np.concatenate([votes.low, votes.high])])
    ends = jackknifed(value, np.array(without)[own])
    low, high = (None if end is None else float(np.clip(end, -1.0, 1.0)) for end in ends)
    return Halves(value, low, high, round(float(np.mean(shared))))


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


def _agreement(seen: Floats, won: Floats, prompt: Ints) -> tuple[Floats | None, int]:
    """Reliability of a split, then without each prompt; and the number of poems."""
    both = (seen[0] > 0) & (seen[1] > 0)
    if both.sum() < FEWEST:
        return None, 0
    weight = (seen[0] * seen[1])[both] / (seen[0] + seen[1])[both]
    weight = weight / weight.sum()
    of = prompt[: len(both)][both]
    one, other = (share[both] - weight @ share[both] for share in won / np.maximum(seen, 1))
    parts = [np.ones(len(of)), one, other, one**2, other**2, one * other]
    own = np.stack([sums(of, weight * part, int(prompt.max()) + 1) for part in parts])
    total = own.sum(axis=1, keepdims=True)
    n, x, y, xx, yy, xy = np.column_stack([total, total - own])
    n = np.maximum(n, NO_SPREAD)
    spread = (xx - x**2 / n) * (yy - y**2 / n)
    if spread[0] <= NO_SPREAD:
        return None, 0
    known = spread > NO_SPREAD
    r = np.where(known, (xy - x * y / n) / np.sqrt(np.where(known, spread, 1.0)), np.nan)
    r = np.where(known, r, r[0])
    reliability = np.where(r > -1, 2 * r / np.where(r > -1, 1 + r, 1.0), -1.0)
    return np.clip(reliability, -1.0, 1.0), int(both.sum())
