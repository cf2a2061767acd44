"""How often intervals held what they were to hold, over many studies drawn from a known truth."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95% interval, in natural log odds per unit or another unit.

    Parameters
    ----------
    value, low, high
        The estimate and the ends.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """How often something happened among studies.

    Parameters
    ----------
    value, se
        0 to 1, and its binomial standard error.
    """

    value: float
    se: float


@dataclass(frozen=True, slots=True)
class Performance:
    """What many intervals for one quantity were worth.

    Parameters
    ----------
    truth
        The limit of the estimate in very large studies of the same design, natural log odds.
    studies
        Studies with an estimate.
    coverage
        How often the interval held the truth.
    rejection
        How often it did not hold 0.
    bias, bias_se
        Mean of estimate less truth, and its standard error.
    length
        Mean length of the interval.
    """

    truth: float
    studies: int
    coverage: Share
    rejection: Share
    bias: float
    bias_se: float
    length: float


def performance(found: Sequence[Interval], truth: float) -> Performance:
    """Judge intervals by the truth.

    Parameters
    ----------
    found
        One interval for each study, two or more.
    truth
        What they are to hold.

    Returns
    -------
    Performance
        Coverage, how often 0 is outside, bias and length.

    Examples
    --------
    >>> found = [Interval(0.5, 0.1, 0.9), Interval(0.1, -0.3, 0.5)]
    >>> judged = performance(found, truth=0.2)
    >>> judged.coverage.value, judged.rejection.value, round(judged.bias, 3)
    (1.0, 0.5, 0.1)
    """
    ends = np.array([(one.value, one.low, one.high) for one in found])
    value, low, high = ends.T
    n = len(found)
    return Performance(
        truth=truth,
        studies=n,
        coverage=_share((low <= truth) & (truth <= high)),
        rejection=_share((low > 0) | (high < 0)),
        bias=float(value.mean() - truth),
        bias_se=float(value.std(ddof=1) / math.sqrt(n)),
        length=float((high - low).mean()),
    )


def _share(happened: NDArray[np.bool_]) -> Share:
    share = float(happened.mean())
    return Share(share, math.sqrt(share * (1 - share) / len(happened)))


def seeds(seed: int, number: int, studies: int) -> Iterator[np.random.SeedSequence]:
    """Give each study of a scenario a seed of its own, whatever process draws it.

    Parameters
    ----------
    seed
        Of the calibration.
    number
        Of the scenario.
    studies
        How many.

    Yields
    ------
    SeedSequence
        One for each study.
    """
    yield from np.random.SeedSequence([seed, number]).spawn(studies)
