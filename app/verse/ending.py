"""How a poem ends: whether its mood rises, and whether it states a lesson or consolation."""

from collections.abc import Sequence
from statistics import fmean

FEWEST_LINES = 4
SHORTEST = 2
_SHARE = 4  # the last quarter


def n_ending_lines(stanza_lengths: Sequence[int]) -> int | None:
    """Say how many lines at the end of a poem are its ending.

    Parameters
    ----------
    stanza_lengths : sequence of int
        Lines of each stanza.

    Returns
    -------
    int or None
        Lines of the last stanza, where it has at least two and at most half of the poem. Else (one
        stanza, a last line that stands alone, a long last stanza) a quarter of the lines, rounded
        up, at least two. None for a poem of fewer than four lines.

    Examples
    --------
    >>> [n_ending_lines(lengths) for lengths in ([4, 4, 4], [14], [3, 3, 1], [4, 20], [3])]
    [4, 4, 2, 6, None]
    """
    total = sum(stanza_lengths)
    if total < FEWEST_LINES:
        return None
    last = stanza_lengths[-1]
    return last if SHORTEST <= last <= total / 2 else max(SHORTEST, -(-total // _SHARE))


def uplift(sentiments: Sequence[float], n_ending: int) -> float:
    """Give how far the mood of the ending is above that of the rest.

    Parameters
    ----------
    sentiments : sequence of float
        Shape (n_lines,), -1 to 1, as of `line_sentiment`.
    n_ending : int
        Lines of the ending, from 1 to n_lines - 1, as of `n_ending_lines`.

    Returns
    -------
    float
        -2 (the ending falls) to 2 (it rises): mean over the ending less mean over the rest.

    Examples
    --------
    >>> uplift([-0.5, 0.0, 0.5, 0.5], 2)
    0.75
    """
    return fmean(sentiments[-n_ending:]) - fmean(sentiments[:-n_ending])
