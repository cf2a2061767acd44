"""How varied the words of a text are, whatever its length."""

from collections.abc import Sequence

WINDOW = 25


def moving_average_ttr(words: Sequence[str], window: int = WINDOW) -> float | None:
    """Give the mean share of different words in a window moved over a text (MATTR).

    Parameters
    ----------
    words : sequence of str
        The words, in one case.
    window : int
        Length of the window in words, 1 or more.

    Returns
    -------
    float or None
        1 / `window` (one word only) to 1 (no word returns within a window). None for a text that
        is shorter than the window.

    Notes
    -----
    The mean over all i of the number of types among words i to i + `window` - 1, divided by
    `window`. Unlike the plain ratio of types to tokens it does not fall as a text grows.

    References
    ----------
    Covington, M. A. and McFall, J. D. (2010). Cutting the Gordian knot: the moving-average
    type-token ratio (MATTR). Journal of Quantitative Linguistics 17, 94-100.

    Examples
    --------
    >>> moving_average_ttr("rain rain go away".split(), window=2)
    0.8333333333333334
    """
    n_windows = len(words) - window + 1
    if n_windows < 1:
        return None
    repeats, last = 0, n_windows - 1
    latest: dict[str, int] = {}
    for ix, word in enumerate(words):
        if word in latest and ix - latest[word] < window:  # count the windows that hold both
            repeats += min(latest[word], last) - max(ix - window + 1, 0) + 1
        latest[word] = ix
    return 1 - repeats / (n_windows * window)
