"""What raters choose when the same two poems come again."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.analysis.agreement import OUTCOMES, PairVotes
from app.analysis.numbering import numbered

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Repeats:
    """What raters chose when a pair came again.

    Parameters
    ----------
    rater, unit
        Index of the rater, and of the pair, of each pair that a rater saw more than once, shape
        (n_cells,), as are the others.
    same
        Share of the repeats in which the choice was the same.
    same_exchanged
        The same among repeats with sides exchanged; not-a-number where there are none.
    leaning
        Among repeats with sides exchanged, those in which left was chosen both times less those in
        which right was, per repeat.
    """

    rater: Ints
    unit: Ints
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
        unit=cells[again] // n_raters,
        same=(total * (total - 1)).sum(axis=1) / (n * (n - 1)),
        same_exchanged=(straight * turned).sum(axis=1) / some,
        leaning=(both_left - both_right) / some,
    )
