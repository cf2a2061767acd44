"""How much of the feature it takes: choices by the size of the difference between two poems."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.analysis.diagnostics import GroupVotes, require_enough
from app.analysis.effects import FEATURE
from app.analysis.moderation import Share, fit_columns, share_at
from app.analysis.options import (
    MIN_INFORMATIVE_VOTES,
    MIN_PROMPTS,
    MIN_RATERS,
    Options,
)
from app.analysis.terms import SIDE, Coefficient
from app.analysis.votes import RHYME

EDGES = (0.25, 0.5, 0.75, 1.0)  # of rhyme density; other features have quarters
QUARTERS = (0.25, 0.5, 0.75, 1.0)
ROUNDING = 1e-9  # 0.7 - 0.2 is 0.5
STEPS = 4  # points of the curve beside 0; each takes as long as a coefficient
CURVE = "curve"

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs whose poems differ in the feature by about so much.

    Parameters
    ----------
    over, up_to
        Size of the difference, in units of the feature: above the first, at most the second.
    size
        Its mean.
    share
        Win share of the poem with more of the feature.
    votes
        Votes on such pairs.
    """

    over: float
    up_to: float
    size: float
    share: Share
    votes: int


@dataclass(frozen=True, slots=True)
class Dose:
    """How one group's choices follow the size of the difference.

    Parameters
    ----------
    bins
        From the smallest size to the largest.
    bend
        Natural log odds per squared unit by which the effect departs from a straight line, above 0
        where it steepens; None where all pairs differ by the same.
    curve
        Size and win share along the smooth curve; empty where there is no bend.
    """

    bins: tuple[Bin, ...]
    bend: Coefficient | None
    curve: tuple[tuple[float, Share], ...]


def bin_edges(feature: str, sizes: Floats) -> tuple[float, ...]:
    """Upper ends of the bins before any are put together.

    Parameters
    ----------
    feature
        Name of the feature.
    sizes
        Sizes of the differences, above 0, shape (n,).

    Returns
    -------
    tuple of float
        Quarters of the scale for rhyme density, otherwise quartiles of the sizes; ascending.

    Examples
    --------
    >>> bin_edges("n_lines", np.array([1.0, 2.0, 3.0, 4.0]))
    (1.0, 2.0, 3.0, 4.0)
    """
    if not sizes.size:
        return ()
    if feature == RHYME and sizes.max() <= 1 + ROUNDING:
        return EDGES
    quartiles = np.quantile(sizes, QUARTERS, method="inverted_cdf")
    apart = quartiles[:-1] * (1 + ROUNDING) < quartiles[1:]
    return tuple(quartiles[np.append(apart, True)].tolist())


def dose(
    votes: GroupVotes, edges: tuple[float, ...], controls: tuple[str, ...], options: Options
) -> Dose:
    """Estimate how a group's choices follow the size of the difference.

    Parameters
    ----------
    votes
        The group's votes.
    edges
        Upper ends of the bins, ascending, the last no less than any difference.
    controls
        Names of the controls to hold equal.
    options
        Weights and variance.

    Returns
    -------
    Dose
        Bins without a vote are left out; bins with too few votes, raters or prompts are put
        together with a neighbour.

    Raises
    ------
    NotIdentified
        The votes are too few, or cannot tell; the message is a sentence.

    Notes
    -----
    Bins: E[y] = expit(a + sum_k theta_k sign(d) 1[|d| in bin k] + gamma' z). The raters' weights
    are those of the bin with most votes. Curve: E[y] = expit(a + theta d + kappa d |d| + gamma' z),
    which is odd in d, so that exchanging the sides changes nothing; kappa = 0 is a straight line
    on the scale of log odds. Win shares at theta_k, and at theta s + kappa s^2 for a size s, as for
    the main estimate.
    """
    require_enough(votes)
    bins = _fit_bins(votes, _merged(votes, edges), controls, options)
    size = np.abs(votes.feature)
    spread = size[size > 0]
    if spread.max() - spread.min() <= ROUNDING * spread.max():
        return Dose(bins, None, ())
    bend, curve = _fit_curve(votes, float(spread.max()), controls, options)
    return Dose(bins, bend, curve)


@dataclass(frozen=True, slots=True, eq=False)
class _Member:
    """A bin and its votes."""

    over: float
    up_to: float
    inside: Bools


def _merged(votes: GroupVotes, edges: tuple[float, ...]) -> list[_Member]:
    size = np.abs(votes.feature)
    reach = np.array(edges) * (1 + ROUNDING)
    which = np.where(size > 0, np.searchsorted(reach, size), -1)
    bins = [
        _Member((0.0, *edges)[k], edges[k], which == k)
        for k in range(len(edges))
        if (which == k).any()
    ]
    while len(bins) > 1:
        counts = [int(one.inside.sum()) for one in bins]
        thin = [k for k, one in enumerate(bins) if not _enough(votes, one.inside)]
        if not thin:
            break
        worst = min(thin, key=counts.__getitem__)
        beside = [k for k in (worst - 1, worst + 1) if 0 <= k < len(bins)]
        low, high = sorted((worst, min(beside, key=counts.__getitem__)))
        one, other = bins[low], bins[high]
        bins[low : high + 1] = [_Member(one.over, other.up_to, one.inside | other.inside)]
    return bins


def _enough(votes: GroupVotes, inside: Bools) -> bool:
    prompts = np.concatenate([votes.left[inside], votes.right[inside]])
    return (
        int(inside.sum()) >= MIN_INFORMATIVE_VOTES
        and len(np.unique(votes.rater[inside])) >= MIN_RATERS
        and len(np.unique(prompts)) >= MIN_PROMPTS
    )


def _fit_bins(
    votes: GroupVotes, members: list[_Member], controls: tuple[str, ...], options: Options
) -> tuple[Bin, ...]:
    sign, size = np.sign(votes.feature), np.abs(votes.feature)
    names = [f"bin {k}" for k in range(len(members))]
    columns = {name: sign * one.inside for name, one in zip(names, members, strict=True)}
    counts = [int(one.inside.sum()) for one in members]
    found = fit_columns(
        votes,
        columns,
        {name: {name: 1.0} for name in names},
        controls,
        options,
        weighted_for=names[int(np.argmax(counts))],
    )
    side = found.coefficients[SIDE]
    return tuple(
        Bin(
            over=one.over,
            up_to=one.up_to,
            size=float(np.sort(size[one.inside]).mean()),
            share=share_at(side, found.terms[name].coefficient),
            votes=count,
        )
        for name, one, count in zip(names, members, counts, strict=True)
    )


def _fit_curve(
    votes: GroupVotes, largest: float, controls: tuple[str, ...], options: Options
) -> tuple[Coefficient, tuple[tuple[float, Share], ...]]:
    columns = {FEATURE: votes.feature, CURVE: votes.feature * np.abs(votes.feature)}
    sizes = [largest * step / STEPS for step in range(1, STEPS + 1)]
    wanted = {f"at {ix}": {FEATURE: s, CURVE: s * s} for ix, s in enumerate(sizes)}
    found = fit_columns(
        votes, columns, {CURVE: {CURVE: 1.0}, **wanted}, controls, options, weighted_for=FEATURE
    )
    side = found.coefficients[SIDE]
    shares = [share_at(side, found.terms[name].coefficient) for name in wanted]
    start = (0.0, Share(0.5, 0.5, 0.5))
    return found.terms[CURVE].coefficient, (start, *zip(sizes, shares, strict=True))
