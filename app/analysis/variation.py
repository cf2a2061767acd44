"""How much raters and poems vary, read from votes: what a study like this one is drawn with."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import logit

from app.analysis.diagnostics import GroupVotes, group_votes, require_enough
from app.analysis.effects import FEATURE
from app.analysis.options import Group, NotIdentified, Ties, Weights
from app.analysis.points import marginal_share, tie_share
from app.analysis.study_parameters import StudyParameters
from app.analysis.terms import SIDE, Terms, fit_terms
from app.analysis.usable import usable_controls
from app.analysis.votes import VoteTable

ENOUGH_RATERS = 20  # of a group, for how much they vary
ENOUGH_VOTES = 1_000  # of each group, for how much the appeal of poems differs between groups
ROUNDS = 4
MOST = 2.0  # standard deviation, natural log odds
MOST_NU = 50.0

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Variation:
    """What a study's votes say of how much raters and poems vary.

    Parameters
    ----------
    parameters
        The assumed study with what could be read in the place of what was assumed.
    read
        Names of the fields that were read from the votes.
    """

    parameters: StudyParameters
    read: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    votes: GroupVotes
    terms: Terms


def variation_of(
    table: VoteTable, assumed: StudyParameters, *, controls: tuple[str, ...]
) -> Variation:
    """Read from votes what varies between raters and poems, as far as they are enough.

    Parameters
    ----------
    table
        The votes.
    assumed
        What is taken where they are not.
    controls
        Columns of the table that the fit holds equal.

    Returns
    -------
    Variation
        `position` and `tie_nu` of any votes that can be fitted; `rater_position_sd` and
        `rater_rhyme_sd` of groups of 20 raters or more; `poem_sd` and `poem_group_sd` where both
        groups have 1,000 votes or more. The rest is as assumed.

    Notes
    -----
    By moments, from the residuals r and curvatures W = p (1 - p) of each group's logit with equal
    weights. Raters: tau^2 of `app.analysis.preference.heterogeneity`. Poems: with S_p the sum of r
    where p is left less that where it is right, I_p the sum of W, and I_pair the same of a pair,
    the variance of a poem's appeal to a group is
    (sum_p S_p^2 - 2 sum r^2) / (sum_p I_p^2 + 2 sum_pair I_pair^2 - 4 sum W^2), and the part that
    both groups share (sum_p S_pe S_pn) / (sum_p I_pe I_pn + 2 sum_pair I_pair,e I_pair,n). These
    are variances of the logit over all raters; those of the conditional model are larger by the
    square of how much random effects and ties flatten the curve, which `marginal_share` gives.
    """
    fitted = [
        one
        for group in (Group.NONEXPERT, Group.EXPERT)
        if (one := _fit(group_votes(table, group, Ties.HALF), controls)) is not None
    ]
    if not fitted:
        return Variation(assumed, ())
    marginal = _raters(fitted) | _poems(fitted, table)
    ties = sum(one.votes.counts.ties for one in fitted)
    tie_rate = ties / sum(one.votes.counts.votes for one in fitted)
    side = _pooled([(one.terms.coefficients[SIDE], len(one.votes.outcome)) for one in fitted])
    parameters = assumed
    for _ in range(ROUNDS):  # the curve's flatness depends on what it tells
        flatness = float(logit(marginal_share(0.5, parameters))) / 0.5
        found = {name: min(sd / flatness, MOST) for name, sd in marginal.items()}
        parameters = _with(parameters, found | {"position": side / flatness})
        parameters = replace(parameters, tie_nu=_tie_nu(tie_rate, parameters))
    return Variation(parameters, ("position", "tie_nu", *marginal))


def _with(parameters: StudyParameters, found: dict[str, float]) -> StudyParameters:
    values: dict[str, Any] = dict(found)  # Any: of any field
    return replace(parameters, **values)


def _fit(votes: GroupVotes, controls: tuple[str, ...]) -> _Fitted | None:
    try:
        require_enough(votes)
        kept = usable_controls(votes, controls)
        columns = {FEATURE: votes.feature, **{name: votes.controls[name] for name in kept}}
        found = fit_terms(
            votes, columns, (FEATURE, SIDE), weighted_for=FEATURE, weights=Weights.EQUAL
        )
    except NotIdentified:
        return None
    return _Fitted(votes, found)


def _pooled(values: Sequence[tuple[float, int]]) -> float:
    """Mean by numbers."""
    return sum(value * n for value, n in values) / sum(n for _, n in values)


def _raters(fitted: Sequence[_Fitted]) -> dict[str, float]:
    """Standard deviations between raters, of the groups that are large enough."""
    large = [one for one in fitted if one.votes.counts.raters >= ENOUGH_RATERS]
    names = {"rater_position_sd": SIDE, "rater_rhyme_sd": FEATURE}
    if not large:
        return {}
    return {
        name: math.sqrt(
            _pooled([(one.terms.terms[term].tau2, one.votes.counts.raters) for one in large])
        )
        for name, term in names.items()
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Of one group: what residuals and curvatures come to, by poem and by pair."""

    score: Floats
    information: Floats
    pairs: Floats
    residual: float
    curvature: float

    @property
    def excess(self) -> float:
        return float(self.score @ self.score) - 2 * self.residual

    @property
    def expected(self) -> float:
        own = float(self.information @ self.information)
        return own + 2 * float(self.pairs @ self.pairs) - 4 * self.curvature


def _poems(fitted: Sequence[_Fitted], table: VoteTable) -> dict[str, float]:
    """Standard deviations of poems' appeal: to all, and to a group on top of it."""
    if len(fitted) < 2 or min(len(one.votes.outcome) for one in fitted) < ENOUGH_VOTES:  # noqa: PLR2004
        return {}
    own, other = (_sums(one, table) for one in fitted)
    if min(own.expected, other.expected, both := _shared_information(own, other)) <= 0:
        return {}
    total = (own.excess + other.excess) / (own.expected + other.expected)
    shared = float(own.score @ other.score) / both
    shared = min(max(shared, 0.0), max(total, 0.0))
    return {
        "poem_sd": math.sqrt(shared),
        "poem_group_sd": math.sqrt(max(total, 0.0) - shared),
    }


def _shared_information(own: _Sums, other: _Sums) -> float:
    return float(own.information @ other.information) + 2 * float(own.pairs @ other.pairs)


def _sums(one: _Fitted, table: VoteTable) -> _Sums:
    left, right = table.left[one.votes.rows], table.right[one.votes.rows]
    n, r, w = len(table.poems), one.terms.fit.residual, one.terms.fit.curvature
    every = np.minimum(table.left, table.right) * n + np.maximum(table.left, table.right)
    known, pair = np.unique(every, return_inverse=True)
    return _Sums(
        score=_by(left, r, n) - _by(right, r, n),
        information=_by(left, w, n) + _by(right, w, n),
        pairs=_by(pair[one.votes.rows], w, len(known)),
        residual=float(r @ r),
        curvature=float(w @ w),
    )


def _by(index: Ints, value: Floats, n: int) -> Floats:
    sums: Floats = np.bincount(index, weights=value, minlength=n).astype(np.float64)
    return sums


def _tie_nu(rate: float, parameters: StudyParameters) -> float:
    """The tie parameter with which so many choices are ties."""
    if rate <= 0:
        return 0.0

    def too_many(nu: float) -> float:
        return tie_share(replace(parameters, tie_nu=nu)) - rate

    if too_many(MOST_NU) < 0:
        return MOST_NU
    found: float = brentq(too_many, 0.0, MOST_NU, xtol=1e-6)
    return found
