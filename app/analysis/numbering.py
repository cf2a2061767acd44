"""Numbering what occurs, faster than by sorting."""

import numpy as np
from numpy.typing import NDArray

ROOM = 16  # numbers that do not occur, for each that is given, beyond which sorting is cheaper

Ints = NDArray[np.int64]


def numbered(index: Ints) -> tuple[Ints, Ints]:
    """Number what occurs from 0, in its order.

    Parameters
    ----------
    index
        0 or more, shape (n,).

    Returns
    -------
    distinct, number
        The distinct indices, sorted; and where among them each one given stands, shape (n,):
        `numpy.unique(index, return_inverse=True)`.

    Examples
    --------
    >>> [found.tolist() for found in numbered(np.array([7, 3, 7]))]
    [[3, 7], [1, 0, 1]]
    """
    highest = int(index.max(initial=0))
    if highest >= ROOM * len(index):
        distinct, number = np.unique(index, return_inverse=True)
        return distinct, number
    occurs = np.zeros(highest + 1, dtype=np.bool_)
    occurs[index] = True
    place = np.cumsum(occurs, dtype=np.int32)
    return np.flatnonzero(occurs), place[index] - np.int64(1)
