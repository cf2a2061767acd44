"""How far the votes of a group can be relied on: with themselves, each other and either side."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from app.analysis.again import Repeats, repeats
from app.analysis.agreement import (
    FEWEST,
    PairVotes,
    alphas_without,
    choice_coincidences,
    choices_lost,
    krippendorff_alpha,
    pair_votes,
    scale_separation,
    told,
)
from app.analysis.clusters import Clusters
from app.analysis.comparison import COMPARED
from app.analysis.context import UNKNOWN
from app.analysis.diagnostics import GroupVotes, group_votes
from app.analysis.halves import split_half
from app.analysis.left_out import jackknifed, without
from app.analysis.numbering import numbered
from app.analysis.options import (
    MIN_INFORMATIVE_VOTES,
    MIN_RATERS,
    Group,
    NotIdentified,
    Options,
    Ties,
)
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
        The measure and its 95% interval; None where there is none.
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
    Intervals are those of `app.analysis.left_out`: of alpha and of repeats by leaving out each
    rater and each prompt (every pair that touches it); of the separation and of halves each prompt.
    The pull of a side is that of `app.analysis.terms`, given as the share expit(a) of choices for
    the left.
    """
    found: list[Reliability] = []
    for group in COMPARED:
        votes = group_votes(table, group, Ties.HALF)
        if not len(votes.outcome):
            continue
        pairs = _pairs(votes)
        again_votes = votes if every is None else group_votes(every, group, Ties.HALF)
        found += [
            _separation(votes, pairs),
            _halves(votes, pairs, rng),
            _alpha(votes, pairs),
            *_repeats(again_votes, _pairs(again_votes)),
            *_sides(votes, options),
        ]
    return tuple(found)


def _pairs(votes: GroupVotes) -> PairVotes:
    left, right = votes.table.left[votes.rows], votes.table.right[votes.rows]
    return pair_votes(left, right, votes.outcome, votes.rater)


def _prompts(votes: GroupVotes) -> Ints:
    """Index of each poem's prompt, or of the poem that stands in its place."""
    table = votes.table
    return table.prompt if table.clustered_by_prompt else np.arange(len(table.poems))


def _separation(votes: GroupVotes, pairs: PairVotes) -> Reliability:
    one = scale_separation(pairs, _prompts(votes))
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
    return Reliability(votes.group, SEPARATION, "", one.value, one.low, one.high, rests, reason)


def _halves(votes: GroupVotes, pairs: PairVotes, rng: np.random.Generator) -> Reliability:
    found, group = split_half(pairs, _prompts(votes), rng), votes.group
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
    lost = choices_lost(pairs, each)
    by_prompt = _clusters(votes, pairs, np.arange(len(each)), np.zeros(len(each), np.int64))[0]
    by_rater, by_both = _clusters(votes, pairs, lost.unit, lost.rater)[1:]
    parts = (told(each), by_prompt), (lost.told, by_rater), (lost.told, by_both)
    every = told(total[None])[0]
    low, high = jackknifed(
        value, *(alphas_without(every, _by_cluster(of, *clusters)) for of, clusters in parts)
    )
    return Reliability(votes.group, ALPHA, "", value, low, high, rests)


Entries = tuple[Ints, Ints]


def _clusters(
    votes: GroupVotes, pairs: PairVotes, unit: Ints, rater: Ints
) -> tuple[Entries, Entries, Entries]:
    """Which entries, each of a rater and a pair, belong to each prompt, each rater and to both.

    An entry on a pair that crosses two prompts belongs to either.
    """
    first = np.unique(pairs.unit, return_index=True)[1][unit]
    one, other = votes.left[first], votes.right[first]
    crossing = np.flatnonzero(one != other)
    entry = np.concatenate([np.arange(len(unit)), crossing])
    prompt = np.concatenate([one, other[crossing]])
    both = numbered(rater[entry] * votes.n_prompts + prompt)[1]
    return (entry, prompt), (np.arange(len(unit)), numbered(rater)[1]), (entry, both)


def _by_cluster(values: Floats, entry: Ints, cluster: Ints) -> Floats:
    """Sums of the values, shape (n_entries, ...), over the entries of each cluster."""
    columns = values.reshape(len(values), -1)[entry]
    found = np.column_stack([sums(cluster, column) for column in columns.T])
    return found.reshape(-1, *values.shape[1:])


def _repeats(votes: GroupVotes, pairs: PairVotes) -> list[Reliability]:
    again = repeats(pairs)
    if not again.rater.size:
        reason = "Nobody saw the same two poems twice."
        return [Reliability(votes.group, SAME, "", None, None, None, "0 repeats", reason)]
    every = ((SAME, again.same), (SAME_EXCHANGED, again.same_exchanged), (LEANING, again.leaning))
    return [
        _mean(votes, pairs, again, measure, values)
        for measure, values in every
        if not np.isnan(values).all()
    ]


def _mean(
    votes: GroupVotes, pairs: PairVotes, again: Repeats, measure: str, values: Floats
) -> Reliability:
    known = ~np.isnan(values)
    values, n = values[known], int(known.sum())
    ways = []
    for entry, cluster in _clusters(votes, pairs, again.unit[known], again.rater[known]):
        parts, given = _by_cluster(values, entry, cluster), np.bincount(cluster)
        ways.append(without(float(values.sum()), parts, n, given.astype(np.float64)))
    value, rests = float(values.mean()), counted(n, "repeat")
    low, high = jackknifed(value, *ways)
    if low is not None and high is not None:
        low, high = max(low, -1.0 if measure == LEANING else 0.0), min(high, 1.0)
    return Reliability(votes.group, measure, "", value, low, high, rests)


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
