"""How far the items of a scale measure one thing: Cronbach's alpha, with Feldt's interval."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from app.analysis.options import Group
from app.analysis.votes import GROUPS, VoteTable

FEWEST_RATERS = 10  # below, an interval says next to nothing
FEWEST_ITEMS = 2
ALPHA, KR20 = "Cronbach’s alpha", "KR-20"
LEVEL = 0.95

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def cronbach_alpha(points: Floats) -> float | None:
    """Cronbach's alpha; for items of two values the same as Kuder and Richardson's formula 20.

    Parameters
    ----------
    points
        Points of each rater on each item, complete, shape (n_raters, n_items).

    Returns
    -------
    float or None
        At most 1, and below 0 where items work against each other; None with fewer than 2 raters
        or items, or where all raters have the same total.

    Notes
    -----
    k / (k - 1) * (1 - sum of the items' variances / variance of the totals), k the number of
    items. Items that do not vary count among them.

    References
    ----------
    Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika
    16, 297-334. Kuder, G. F. and Richardson, M. W. (1937). The theory of the estimation of test
    reliability. Psychometrika 2, 151-160.

    Examples
    --------
    Two items that always agree, and two that never do:

    >>> cronbach_alpha(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]))
    1.0
    >>> cronbach_alpha(np.array([[0.0, 1.0], [1.0, 0.0]])) is None
    True
    """
    n, k = points.shape
    if n < FEWEST_ITEMS or k < FEWEST_ITEMS:
        return None
    total = float(np.var(points.sum(axis=1), ddof=1))
    if total <= 0:
        return None
    own = float(np.var(points, axis=0, ddof=1).sum())
    return float(k / (k - 1) * (1 - own / total))


def alpha_interval(
    alpha: float, n_raters: int, n_items: int, *, level: float = LEVEL
) -> tuple[float, float]:
    """Feldt's interval for Cronbach's alpha.

    Parameters
    ----------
    alpha
        The coefficient.
    n_raters, n_items
        What it was computed from, 2 or more each.
    level
        Share of intervals that hold the truth.

    Returns
    -------
    tuple of float
        Lower and upper end.

    Notes
    -----
    1 - (1 - alpha) F, F the quantiles (1 + level) / 2 and (1 - level) / 2 of the F distribution
    with n - 1 and (n - 1)(k - 1) degrees of freedom. Exact for items that are parallel and normal.

    References
    ----------
    Feldt, L. S., Woodruff, D. J. and Salih, F. A. (1987). Statistical inference for coefficient
    alpha. Applied Psychological Measurement 11, 93-103, equations 6 and 7.

    Examples
    --------
    >>> [round(end, 3) for end in alpha_interval(0.913, 873, 20)]
    [0.904, 0.921]
    """
    df = (n_raters - 1, (n_raters - 1) * (n_items - 1))
    low, high = (float(stats.f.ppf(q, *df)) for q in ((1 + level) / 2, (1 - level) / 2))
    return 1 - (1 - alpha) * low, 1 - (1 - alpha) * high


@dataclass(frozen=True, slots=True)
class Consistency:
    """Internal consistency of one scale among some raters.

    Parameters
    ----------
    scale
        Its name.
    group
        Whose; None for experts and non-experts together.
    coefficient
        "Cronbach’s alpha", or "KR-20" where every item has two values at most.
    value, low, high
        The coefficient and its 95% interval; None where there is none.
    items, varying
        Items, and those on which these raters differ.
    raters
        Raters who answered all of them.
    mean, sd
        Of the raters' totals, in points; not-a-number without raters.
    reason
        Why there is no value.
    """

    scale: str
    group: Group | None
    coefficient: str
    value: float | None
    low: float | None
    high: float | None
    items: int
    varying: int
    raters: int
    mean: float
    sd: float
    reason: str = ""


def consistency(table: VoteTable) -> tuple[Consistency, ...]:
    """Tell how consistent each scale is, for each group and for all people.

    Parameters
    ----------
    table
        The votes, with answers.

    Returns
    -------
    tuple of Consistency
        By scale, in the order of their names; of each, non-experts, experts and all. Only raters
        with a vote in the table and with an answer to every item of the scale.
    """
    answers, found = table.answers, []
    group = np.full(len(table.raters), GROUPS.index(Group.JUDGE))
    group[table.rater] = table.group
    voted = np.zeros(len(table.raters), dtype=np.bool_)
    voted[table.rater] = True
    people = voted & (group != GROUPS.index(Group.JUDGE))
    for scale in sorted(set(answers.scales)):
        columns = np.array([one == scale for one in answers.scales])
        points = answers.points[:, columns]
        complete = np.isfinite(points).all(axis=1)
        two_valued = _two_valued(points[people & complete])
        for one in (Group.NONEXPERT, Group.EXPERT, None):
            own = people if one is None else people & (group == GROUPS.index(one))
            found.append(_of(scale, one, points[own & complete], two_valued=two_valued))
    return tuple(found)


def _two_valued(points: Floats) -> bool:
    return all(len(np.unique(column)) <= FEWEST_ITEMS for column in points.T)


def _of(scale: str, group: Group | None, points: Floats, *, two_valued: bool) -> Consistency:
    n, k = points.shape
    varying = int((np.ptp(points, axis=0) > 0).sum()) if n else 0
    totals = points.sum(axis=1)
    alpha = cronbach_alpha(points) if n >= FEWEST_RATERS else None
    low, high = (None, None) if alpha is None else alpha_interval(alpha, n, k)
    reason = ""
    if n < FEWEST_RATERS:
        reason = f"Fewer than {FEWEST_RATERS} raters answered."
    elif alpha is None:
        reason = "It takes two items, and raters with different totals."
    return Consistency(
        scale=scale,
        group=group,
        coefficient=KR20 if two_valued else ALPHA,
        value=alpha,
        low=low,
        high=high,
        items=k,
        varying=varying,
        raters=n,
        mean=float(totals.mean()) if n else float("nan"),
        sd=float(totals.std(ddof=1)) if n > 1 else float("nan"),
        reason=reason,
    )
