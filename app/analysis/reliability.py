"""How far the votes of a group can be relied on: with themselves, each other and either side."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from app.analysis.agreement import (
    FEWEST,
    PairVotes,
    choice_coincidences,
    krippendorff_alpha,
    pair_votes,
    repeats,
    scale_separation,
    split_half,
)
from app.analysis.clusters import Clusters
from app.analysis.comparison import COMPARED
from app.analysis.context import UNKNOWN
from app.analysis.diagnostics import GroupVotes, group_votes
from app.analysis.numbering import numbered
from app.analysis.options import (
    MIN_INFORMATIVE_VOTES,
    MIN_RATERS,
    Group,
    NotIdentified,
    Options,
    Ties,
)
from app.analysis.precision import Spread
from app.analysis.preference import sums
from app.analysis.terms import SIDE, fit_terms
from app.analysis.votes import VoteTable
from app.analysis.wording import counted

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SEPARATION = "scale separation reliability"
HALVES = "split-half agreement"
ALPHA = "Krippendorff's alpha"
SAME = "same choice when a pair came again"
SAME_EXCHANGED = "same choice when a pair came again with sides exchanged"
LEANING = "lean to the left when a pair came again with sides exchanged"
LEFT = "left poem chosen"


@dataclass(frozen=True, slots=True)
class Reliability:
    """One measure of one group.

    Parameters
    ----------
    group
        The group.
    measure
        Its name.
    layout
        The layout of the page it speaks of; empty for all.
    value, low, high
        The measure and its 95% interval (of split-half agreement: the values between which 95% of
        the splits lie); None where there is none.
    rests_on
        What it rests on, as in "120 poems".
    reason
        Why there is no value, in a sentence; empty where there is one.
    """

    group: Group
    measure: str
    layout: str
    value: float | None
    low: float | None
    high: float | None
    rests_on: str
    reason: str = ""


def reliability(
    table: VoteTable,
    options: Options,
    rng: np.random.Generator,
    *,
    every: VoteTable | None = None,
) -> tuple[Reliability, ...]:
    """Measure how far each group's votes can be relied on.

    Parameters
    ----------
    table
        The votes. Ties are kept whatever `options` says: they are answers too.
    options
        Weights and variance, for the pull of the sides.
    rng
        Source of randomness, for the splits.
    every
        The votes with those on pairs that came again, where `table` is without them; None if it
        holds them. Only what compares a rater with themself uses these.

    Returns
    -------
    tuple of Reliability
        For every group with votes each measure, whether it has a value or a reason for none.

    Notes
    -----
    Intervals: of alpha by leaving out each prompt (every pair that touches it); of repeats by
    leaving out each rater; both V = (C-1)/C sum (a_c - a)^2 with t(C - 1). The pull of a side is
    that of `app.analysis.terms`, given as the share expit(a) of choices for the left.
    """
    found: list[Reliability] = []
    for group in COMPARED:
        votes = group_votes(table, group, Ties.HALF)
        if not len(votes.outcome):
            continue
        pairs = _pairs(votes)
        again = pairs if every is None else _pairs(group_votes(every, group, Ties.HALF))
        found += [
            _separation(group, pairs),
            _halves(group, pairs, rng),
            _alpha(votes, pairs),
            *_repeats(group, again),
            *_sides(votes, options),
        ]
    return tuple(found)


def _pairs(votes: GroupVotes) -> PairVotes:
    left, right = votes.table.left[votes.rows], votes.table.right[votes.rows]
    return pair_votes(left, right, votes.outcome, votes.rater)


def _separation(group: Group, pairs: PairVotes) -> Reliability:
    one = scale_separation(pairs)
    rests = counted(one.poems, "poem")
    if one.left_out:
        rests += f" ({one.left_out:,} left out)"
    reason = ""
    if one.value is None and one.too_many:
        reason = "More poems are joined by votes than can be placed on one scale in a report."
    elif one.value is None:
        reason = (
            "There are too few votes on the same poems to place them on a scale: at least 3 poems "
            "of unlike strength are needed, each of which won or tied and lost or tied."
        )
    return Reliability(group, SEPARATION, "", one.value, None, None, rests, reason)


def _halves(group: Group, pairs: PairVotes, rng: np.random.Generator) -> Reliability:
    found = split_half(pairs, rng)
    if found is None:
        reason = (
            "Halves of the raters cannot be compared: at least 4 raters are needed, who voted on "
            "at least 3 poems in common, of which some won more often than others."
        )
        return Reliability(group, HALVES, "", None, None, None, "no split", reason)
    rests = counted(found.poems, "poem")
    return Reliability(group, HALVES, "", found.value, found.low, found.high, rests)


def _alpha(votes: GroupVotes, pairs: PairVotes) -> Reliability:
    each = choice_coincidences(pairs)
    rated = int((each.sum(axis=(1, 2)) > 0).sum())
    rests = counted(rated, "pair")
    total: Floats = each.sum(axis=0)
    value = krippendorff_alpha(total)
    if value is None or rated < FEWEST:
        reason = (
            "Agreement beyond chance cannot be told: at least 3 pairs are needed on which two or "
            "more raters voted, not all of them ties."
        )
        return Reliability(votes.group, ALPHA, "", None, None, None, rests, reason)
    first = np.unique(pairs.unit, return_index=True)[1]
    one, other = votes.left[first], votes.right[first]
    crossing = one != other
    own = np.zeros((votes.n_prompts, *total.shape))
    np.add.at(own, one, each)
    np.add.at(own, other[crossing], each[crossing])
    without = [krippendorff_alpha(total - part) for part in own if part.any()]
    low, high = _jackknifed(value, [found for found in without if found is not None])
    return Reliability(votes.group, ALPHA, "", value, low, high, rests)


def _jackknifed(value: float, without: list[float]) -> tuple[float | None, float | None]:
    n = len(without)
    if n < FEWEST:
        return None, None
    variance = (n - 1) / n * float(((np.array(without) - value) ** 2).sum())
    return Spread(variance, n - 1.0).interval(value)


def _repeats(group: Group, pairs: PairVotes) -> list[Reliability]:
    again = repeats(pairs)
    exchanged = ~np.isnan(again.leaning)
    if not again.rater.size:
        reason = "Nobody saw the same two poems twice."
        return [Reliability(group, SAME, "", None, None, None, "0 repeats", reason)]
    found = [_mean(group, SAME, again.rater, again.same)]
    if exchanged.any():
        rater = again.rater[exchanged]
        found += [
            _mean(group, SAME_EXCHANGED, rater, again.same_exchanged[exchanged]),
            _mean(group, LEANING, rater, again.leaning[exchanged]),
        ]
    return found


def _mean(group: Group, measure: str, rater: Ints, values: Floats) -> Reliability:
    index = np.unique(rater, return_inverse=True)[1]
    value, rests = float(values.mean()), counted(len(values), "repeat")
    total, n = sums(index, values), np.bincount(index)
    low = high = None
    if len(n) >= FEWEST:
        without = (values.sum() - total) / (len(values) - n)
        low, high = _jackknifed(value, without.tolist())
    if low is not None and high is not None:
        low, high = max(low, -1.0 if measure == LEANING else 0.0), min(high, 1.0)
    return Reliability(group, measure, "", value, low, high, rests)


def _sides(votes: GroupVotes, options: Options) -> list[Reliability]:
    layouts, layout = votes.table.context.layouts, votes.table.context.layout[votes.rows]
    seen = [ix for ix in np.unique(layout).tolist() if ix != UNKNOWN]
    found = [_side(votes, "", options)]
    if seen and (len(seen) > 1 or (layout == UNKNOWN).any()):
        found += [_side(_only(votes, layout == ix), layouts[ix], options) for ix in seen]
    return found


def _only(votes: GroupVotes, keep: NDArray[np.bool_]) -> GroupVotes:
    return replace(
        votes,
        rows=votes.rows[keep],
        outcome=votes.outcome[keep],
        clusters=Clusters(
            numbered(votes.rater[keep])[1], votes.left[keep], votes.right[keep], votes.n_prompts
        ),
        feature=votes.feature[keep],
        controls={name: column[keep] for name, column in votes.controls.items()},
    )


def _side(votes: GroupVotes, layout: str, options: Options) -> Reliability:
    n, raters = len(votes.outcome), int(votes.rater.max(initial=-1)) + 1
    rests = counted(n, "vote")
    if n < MIN_INFORMATIVE_VOTES or raters < MIN_RATERS:
        reason = (
            f"There are too few votes: {counted(n, 'vote')} by {counted(raters, 'rater')}; at "
            f"least {MIN_INFORMATIVE_VOTES} votes by {MIN_RATERS} raters are needed."
        )
        return Reliability(votes.group, LEFT, layout, None, None, None, rests, reason)
    try:
        term = fit_terms(
            votes,
            {},
            (SIDE,),
            weighted_for=SIDE,
            weights=options.weights,
            variance=options.variance,
        ).terms[SIDE]
    except NotIdentified:
        reason = "Nearly all choices are for one side, or all alike, so no interval can be given."
        return Reliability(votes.group, LEFT, layout, None, None, None, rests, reason)
    low, high = (float(expit(end)) for end in term.spread.interval(term.value))
    return Reliability(votes.group, LEFT, layout, float(expit(term.value)), low, high, rests)
