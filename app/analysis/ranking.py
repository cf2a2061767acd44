"""Sources ranked by each group: how often each is chosen, with and without rhyme held equal."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.analysis.bradley_terry import BradleyTerry, fit_bradley_terry
from app.analysis.clusters import Clusters
from app.analysis.comparison import COMPARED
from app.analysis.context import UNKNOWN
from app.analysis.diagnostics import CHANCE, GroupVotes, group_votes, require_prompts
from app.analysis.effects import win_share
from app.analysis.joint import Joint, joint
from app.analysis.options import (
    CONFIDENCE,
    MIN_INFORMATIVE_VOTES,
    MIN_PROMPTS,
    MIN_RATERS,
    PRELIMINARY_DF,
    PRELIMINARY_HALF_WIDTH,
    Group,
    NotIdentified,
    Options,
    Variance,
    Weights,
)
from app.analysis.terms import SIDE
from app.analysis.votes import VoteTable
from app.analysis.wording import PEOPLE, counted, listed

DRAWS = 2000
TWO = 2

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One source's place.

    Parameters
    ----------
    source
        Its name.
    strength, se, df, ci_low, ci_high
        Natural log odds against a source of mean strength; standard error; degrees of freedom; 95%
        interval.
    win_share, win_share_ci_low, win_share_ci_high
        How often it is chosen over a source of mean strength, sides balanced, a tie counting half;
        0 to 1.
    rank, rank_low, rank_high
        Place, from 1 for the strongest, and its 95% interval.
    votes
        Votes between it and another source.
    """

    source: str
    strength: float
    se: float
    df: float
    ci_low: float
    ci_high: float
    win_share: float
    win_share_ci_low: float
    win_share_ci_high: float
    rank: int
    rank_low: int
    rank_high: int
    votes: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """The sources as one group ranks them.

    Parameters
    ----------
    sources
        From the strongest.
    held_equal
        Name of the feature held equal; None for none.
    coefficient
        Natural log odds per unit of that feature; None for none.
    intercept
        Natural log odds of the left side where nothing differs.
    votes, between
        Votes on poems of known sources, and those among them between two sources.
    preliminary
        Whether some interval is too wide, or its degrees of freedom too few, to build on.
    leans_on_one
        Whether without some one rater or prompt the strengths could not be told apart.
    """

    sources: tuple[Ranked, ...]
    held_equal: str | None
    coefficient: float | None
    intercept: float
    votes: int
    between: int
    preliminary: bool
    leans_on_one: bool


@dataclass(frozen=True, slots=True)
class Rankings:
    """Both rankings of every group.

    Parameters
    ----------
    plain, held_equal
        As chosen, and with the feature held equal, by group; None where the votes cannot say.
    declined
        For what is None, the sentence that says why, by group and "plain" or "held_equal".
    unknown
        Votes left out because the source of a poem is not known, by group.
    """

    plain: dict[Group, Ranking | None]
    held_equal: dict[Group, Ranking | None]
    declined: dict[tuple[Group, str], str]
    unknown: dict[Group, int]


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """One group's votes on poems of known sources, sources numbered among those voted on."""

    group: Group
    feature_name: str
    names: tuple[str, ...]
    left: Ints
    right: Ints
    outcome: Floats
    feature: Floats
    clusters: Clusters
    table: VoteTable
    rows: Ints

    @property
    def between(self) -> NDArray[np.bool_]:
        """Votes between two different sources."""
        return np.not_equal(self.left, self.right)


def rank_sources(
    table: VoteTable, options: Options, rng: np.random.Generator, *, draws: int = DRAWS
) -> Rankings:
    """Rank the sources by the choices of each group, as chosen and with the feature held equal.

    Parameters
    ----------
    table
        The votes, with sources.
    options
        Weights (`rater`, or else every vote the same), ties and variance.
    rng
        Source of randomness, for the intervals of ranks.
    draws
        Draws for each ranking.

    Returns
    -------
    Rankings
        Rankings, or the sentences that say why there are none.

    Notes
    -----
    Bradley-Terry with a side: P(left) = expit(a + s_left - s_right [+ theta d]), sum s = 0, ties
    half, no penalty; d the feature, left minus right. Every strength has the variance of
    `app.analysis.terms`. Ranks are counted in draws from the multivariate t distribution of the
    strengths (`app.analysis.joint`); their interval is the 2.5th to the 97.5th percentile.
    """
    plain: dict[Group, Ranking | None] = {}
    equal: dict[Group, Ranking | None] = {}
    declined: dict[tuple[Group, str], str] = {}
    unknown: dict[Group, int] = {}
    for group in COMPARED:
        own = group_votes(table, group, options.ties)
        votes, unknown[group] = _compared(own)
        for kind, into in (("plain", plain), ("held_equal", equal)):
            try:
                _require_votes(own)
                fit = _fit(votes, options.weights, held_equal=kind == "held_equal")
                into[group] = _rank(votes, fit, options.variance, draws, rng)
            except NotIdentified as reason:
                into[group] = None
                declined[group, kind] = str(reason)
    return Rankings(plain, equal, declined, unknown)


def _compared(votes: GroupVotes) -> tuple[_Compared, int]:
    context, table = votes.table.context, votes.table
    left = context.source[table.left[votes.rows]]
    right = context.source[table.right[votes.rows]]
    known = (left != UNKNOWN) & (right != UNKNOWN)
    sources, both = np.unique(np.concatenate([left[known], right[known]]), return_inverse=True)
    rater = np.unique(votes.rater[known], return_inverse=True)[1]
    n = int(known.sum())
    return _Compared(
        group=votes.group,
        feature_name=table.feature,
        names=tuple(context.sources[ix] for ix in sources.tolist()),
        left=both[:n],
        right=both[n:],
        outcome=votes.outcome[known],
        feature=votes.feature[known],
        clusters=Clusters(rater, votes.left[known], votes.right[known], votes.n_prompts),
        table=table,
        rows=votes.rows[known],
    ), int((~known).sum())


def _require_votes(votes: GroupVotes) -> None:
    if not len(votes.outcome):
        raise NotIdentified(f"There are no votes by {PEOPLE[votes.group]} to be counted.")


def _require_enough(votes: _Compared) -> None:
    people = PEOPLE[votes.group]
    if not votes.names:
        raise NotIdentified(
            f"No vote by {people} is on two poems whose sources are known, so there is nothing to "
            "rank."
        )
    if len(votes.names) < TWO:
        raise NotIdentified(
            f"All votes by {people} are on poems of one source, {votes.names[0]}; a ranking takes "
            "at least 2."
        )
    require_prompts(votes.table, votes.rows, people)
    between, clusters = votes.between, votes.clusters
    touched = np.union1d(clusters.left[between], clusters.right[between])
    needs = (
        (len(np.unique(clusters.rater[between])), MIN_RATERS, "rater"),
        (int(between.sum()), MIN_INFORMATIVE_VOTES, "vote"),
        (len(touched), MIN_PROMPTS, "prompt" if votes.table.clustered_by_prompt else "poem"),
    )
    if any(have < need for have, need, _ in needs):
        have = listed([counted(have, what) for have, _, what in needs])
        least = listed([counted(need, what) for _, need, what in needs])
        raise NotIdentified(
            f"There are too few votes by {people} between poems of different sources: they come to "
            f"{have}, and a ranking takes at least {least}."
        )
    if (votes.outcome[between] == CHANCE).all():
        raise NotIdentified(
            f"All votes by {people} between poems of different sources are ties, so there is no "
            "choice to rank by."
        )


def _fit(votes: _Compared, weights: Weights, *, held_equal: bool) -> BradleyTerry:
    _require_enough(votes)
    weight = None
    if weights is Weights.RATER:
        weight = 1.0 / np.bincount(votes.clusters.rater)[votes.clusters.rater]
        weight = weight / weight.mean()
    try:
        return fit_bradley_terry(
            votes.left,
            votes.right,
            votes.outcome,
            names=votes.names,
            weight=weight,
            side=True,
            predictors={votes.feature_name: votes.feature} if held_equal else None,
        )
    except NotIdentified as reason:
        text = str(reason)
        raise NotIdentified(f"Among {PEOPLE[votes.group]}: {text[0].lower()}{text[1:]}") from None


def _rank(
    votes: _Compared,
    fit: BradleyTerry,
    variance: Variance,
    draws: int,
    rng: np.random.Generator,
) -> Ranking:
    order = sorted(range(len(fit.names)), key=lambda ix: (-fit.strengths[ix], fit.names[ix]))
    found = joint(fit.x, fit.fit, votes.clusters, fit.contrasts[order], variance=variance)
    variances = [spread.variance for spread in found.spreads]
    if not (np.isfinite(variances).all() and min(variances) > 0):
        raise NotIdentified(
            f"The votes by {PEOPLE[votes.group]} leave no variation between raters and prompts "
            "from which the precision of a ranking could be judged; more raters are needed."
        )
    sources = _places(votes, fit, found, order, _rank_range(found, draws, rng))
    held_equal = next((name for name in fit.coefficients if name != SIDE), None)
    return Ranking(
        sources=sources,
        held_equal=held_equal,
        coefficient=fit.coefficients[held_equal] if held_equal else None,
        intercept=fit.coefficients[SIDE],
        votes=len(votes.outcome),
        between=int(votes.between.sum()),
        preliminary=any(_preliminary(one) for one in sources),
        leans_on_one=found.singular,
    )


def _rank_range(found: Joint, draws: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """The ends of the 95% interval of every rank, which is a whole number."""
    drawn = found.draws(draws, rng)
    ranks = np.argsort(np.argsort(-drawn, axis=1), axis=1) + 1
    tail = (1 - CONFIDENCE) / 2
    low = np.quantile(ranks, tail, axis=0, method="inverted_cdf")
    high = np.quantile(ranks, 1 - tail, axis=0, method="inverted_cdf")
    return low.astype(np.int64), high.astype(np.int64)


def _places(
    votes: _Compared, fit: BradleyTerry, found: Joint, order: list[int], ranks: tuple[Ints, Ints]
) -> tuple[Ranked, ...]:
    between, n = votes.between, len(votes.names)
    seen = np.bincount(votes.left[between], minlength=n)
    seen = seen + np.bincount(votes.right[between], minlength=n)
    side = fit.coefficients[SIDE]
    places = []
    for at, (ix, spread) in enumerate(zip(order, found.spreads, strict=True)):
        strength = float(fit.strengths[ix])
        low, high = spread.interval(strength)
        shares = [win_share(side, value) for value in (strength, low, high)]
        places.append(
            Ranked(
                source=votes.names[ix],
                strength=strength,
                se=math.sqrt(spread.variance),
                df=spread.df,
                ci_low=low,
                ci_high=high,
                win_share=shares[0],
                win_share_ci_low=shares[1],
                win_share_ci_high=shares[2],
                rank=at + 1,
                rank_low=min(int(ranks[0][at]), at + 1),
                rank_high=max(int(ranks[1][at]), at + 1),
                votes=int(seen[ix]),
            )
        )
    return tuple(places)


def _preliminary(one: Ranked) -> bool:
    half_width = (one.win_share_ci_high - one.win_share_ci_low) / 2
    return one.df < PRELIMINARY_DF or half_width > PRELIMINARY_HALF_WIDTH
