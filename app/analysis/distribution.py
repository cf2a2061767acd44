"""How the values of a feature are distributed, and a share with its interval."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from app.analysis.cliches import Interval
from app.analysis.options import CONFIDENCE

MOST_BINS = 25
OUTLYING = 0.005  # of the values, at either end

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Distribution:
    """The values of one feature on some poems.

    Parameters
    ----------
    n, n_missing
        Poems with a value, from 1, and without.
    mean
        Mean value.
    sd
        Standard deviation, with n - 1; None for one value.
    low, lower_quartile, median, upper_quartile, high
        Least value, quartiles and greatest value; between two values, in proportion.
    counts
        Values in each bin; what lies beyond the outermost edges is in the outermost bins.
    """

    n: int
    n_missing: int
    mean: float
    sd: float | None
    low: float
    lower_quartile: float
    median: float
    upper_quartile: float
    high: float
    counts: tuple[int, ...]


def describe(values: Floats, edges: Floats) -> Distribution | None:
    """Sum up some values.

    Parameters
    ----------
    values
        One a poem, NaN where it has none, shape (n_poems,).
    edges
        Edges of the bins, rising, shape (n_bins + 1,).

    Returns
    -------
    Distribution or None
        None where no poem has a value.

    Examples
    --------
    >>> found = describe(np.array([0.0, 1.0, 1.0, 4.0, np.nan]), np.array([0.0, 1.0, 2.0]))
    >>> found.n, found.n_missing, found.mean, found.median, found.counts
    (4, 1, 1.5, 1.0, (1, 3))
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    low, lower, median, upper, high = map(float, np.quantile(known, [0, 0.25, 0.5, 0.75, 1]))
    counts, _ = np.histogram(np.clip(known, edges[0], edges[-1]), edges)
    return Distribution(
        n=len(known),
        n_missing=len(values) - len(known),
        mean=float(known.mean()),
        sd=float(known.std(ddof=1)) if len(known) > 1 else None,
        low=low,
        lower_quartile=lower,
        median=median,
        upper_quartile=upper,
        high=high,
        counts=tuple(map(int, counts)),
    )


def bin_edges(values: Floats, *, low: float | None, high: float | None) -> Floats:
    """Choose bins that suit some values.

    Parameters
    ----------
    values
        One a poem, NaN where it has none, shape (n_poems,).
    low, high
        Range that values can have; None where there is no such limit.

    Returns
    -------
    ndarray
        Edges of bins of equal width, a round number, shape (n_bins + 1,). Whole numbers of small
        range have a bin each, and stand in its middle.

    Notes
    -----
    The bins span the values without the outermost 0.5% at either end, or all of the possible range
    where the values take up half of it.

    Examples
    --------
    >>> bin_edges(np.array([4.0, 5.0, 6.0]), low=0, high=None).tolist()
    [3.5, 4.5, 5.5, 6.5]
    >>> bin_edges(np.array([0.1, 0.93]), low=0, high=1)[[0, 1, -1]].tolist()
    [0.0, 0.05, 1.0]
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return np.array([0.0, 1.0])
    least, most = map(float, np.quantile(known, [OUTLYING, 1 - OUTLYING]))
    if low is not None and high is not None and 2 * (most - least) >= high - low:
        least, most = low, high
    whole = bool((known == np.round(known)).all())
    if whole and most - least < MOST_BINS:
        return np.array([number - 0.5 for number in range(math.floor(least), math.ceil(most) + 2)])
    step = _round_up((most - least) / MOST_BINS or 1.0)
    step = max(step, 1.0) if whole else step
    first, last = math.floor(least / step + 1e-9), math.ceil(most / step - 1e-9)
    steps = range(first, max(last, first + 1) + 1)
    return np.array([round(number * step, 10) for number in steps])


def share(hits: int, n: int) -> Interval:
    """Give a share with its 95% interval.

    Parameters
    ----------
    hits
        What is counted, 0 to n.
    n
        Out of how many, from 1.

    Returns
    -------
    Interval
        hits / n with Wilson's interval.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> found = share(5, 10)
    >>> round(found.low, 3), found.value, round(found.high, 3)
    (0.237, 0.5, 0.763)
    """
    z = float(ndtri((1 + CONFIDENCE) / 2))
    middle = (hits + z**2 / 2) / (n + z**2)
    reach = z / (n + z**2) * math.sqrt(hits * (n - hits) / n + z**2 / 4)
    return Interval(hits / n, max(0.0, middle - reach), min(1.0, middle + reach))


def _round_up(step: float) -> float:
    """The next of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= step * (1 - 1e-9))
