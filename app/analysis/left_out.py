"""Intervals of measures that no fit gives: what they become without some raters or prompts."""

import numpy as np
from numpy.typing import NDArray

from app.analysis.components import Components
from app.analysis.options import Variance
from app.analysis.precision import Spread, clustered, prompt_df

FEWEST = 3  # clusters that a jackknife is made of

Floats = NDArray[np.float64]


def jackknifed(
    value: float, prompts: Floats, raters: Floats | None = None, cells: Floats | None = None
) -> tuple[float, float] | tuple[None, None]:
    """Give the 95% interval of a measure from what it is without each cluster of votes.

    Parameters
    ----------
    value
        The measure.
    prompts, raters
        The measure without each prompt, and without each rater, shape (n_clusters,); not-a-number
        where it has none. Without raters the interval is one way.
    cells
        The measure without what each rater said of each prompt.

    Returns
    -------
    low, high
        value -+ t(df) sqrt(V); None and None where there are fewer than 3 of some cluster, or
        nothing moves the measure.

    Notes
    -----
    With d_c the measure without c less the measure, V_R = (G-1)/G sum d_r^2, V_P likewise,
    V_RP = sum d_rp^2 and V = max(V_R + V_P - V_RP, V_R, V_P). The degrees of freedom of V_R and
    V_P are 3 (sum d^2)^2 / sum d^4 - 2, those of V as in `app.analysis.precision`.

    Examples
    --------
    The mean of 1, 2 and 3, each a prompt: standard error 0.58, two degrees of freedom at most.

    >>> low, high = jackknifed(2.0, np.array([2.5, 2.0, 1.5]))
    >>> round(low, 2), round(high, 2)
    (-0.48, 4.48)
    """
    ways = [(one - value)[np.isfinite(one)] for one in (prompts, raters) if one is not None]
    if min(len(moved) for moved in ways) < FEWEST:
        return None, None
    spreads = [_spread(moved) for moved in ways]
    own = np.zeros(0) if cells is None else (cells - value)[np.isfinite(cells)]
    by_rater = spreads[1:] or [Spread(0.0, 1.0)]
    parts = Components(by_rater[0].variance, spreads[0].variance, float((own**2).sum()))
    spread = clustered(Variance.TWO_WAY, parts, tuple(by_rater), spreads[0].df)
    return spread.interval(value) if spread.variance > 0 else (None, None)


def _spread(moved: Floats) -> Spread:
    n = len(moved)
    return Spread((n - 1) / n * float((moved**2).sum()), prompt_df(moved, n))


def without(total: float, parts: Floats, n: int, given: Floats) -> Floats:
    """Give a mean without each of some clusters.

    Parameters
    ----------
    total, n
        Sum of all values, and their number.
    parts, given
        Sum and number of the values of each cluster, shape (n_clusters,).

    Returns
    -------
    ndarray
        Shape (n_clusters,); not-a-number for a cluster without a value, or with all of them.

    Examples
    --------
    >>> without(6.0, np.array([3.0, 0.0]), 3, np.array([1.0, 0.0])).tolist()
    [1.5, nan]
    """
    left = n - given
    some = (given > 0) & (left > 0)
    found: Floats = np.where(some, (total - parts) / np.where(some, left, 1.0), np.nan)
    return found
