"""Language models as judges: the same estimate for each, and for all together."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.analysis.clusters import influence
from app.analysis.comparison import COMPARED
from app.analysis.components import components
from app.analysis.cr2 import cr2
from app.analysis.diagnostics import GroupVotes, group_votes, require_prompts
from app.analysis.effects import FEATURE, estimate_group, win_share
from app.analysis.options import (
    MIN_INFORMATIVE_VOTES,
    MIN_PROMPTS,
    Group,
    NotIdentified,
    Options,
    Variance,
    Weights,
)
from app.analysis.precision import Spread, prompt_df
from app.analysis.preference import LogitFit, Separated
from app.analysis.terms import SIDE, coefficient, fit_terms
from app.analysis.usable import usable_controls
from app.analysis.votes import GROUPS, VoteTable
from app.analysis.wording import PEOPLE, counted, feature_words

MIN_JUDGES = 3

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How much the feature drives the choices of one judge, or of a group.

    Parameters
    ----------
    who
        The judge's id, or what the group is called.
    group
        The group; a judge by itself and all judges together are both of `Group.JUDGE`.
    log_odds, se, df, ci_low, ci_high
        Natural log odds per unit of the feature; standard error; degrees of freedom; 95% interval.
    win_share, win_share_ci_low, win_share_ci_high
        How often a poem with a step more is chosen, sides balanced, all else equal; 0 to 1.
    votes, prompts
        Votes; prompts that they touch, or poems where these stand in the prompts' place.
    """

    who: str
    group: Group
    log_odds: float
    se: float
    df: float
    ci_low: float
    ci_high: float
    win_share: float
    win_share_ci_low: float
    win_share_ci_high: float
    votes: int
    prompts: int


@dataclass(frozen=True, slots=True)
class Judgements:
    """Judges and people.

    Parameters
    ----------
    judges
        Each judge by itself, in the order of the ids.
    groups
        All judges together, non-experts, experts: those that can be estimated.
    declined
        For every judge and group without an estimate, the sentence that says why.
    """

    judges: tuple[Judgement, ...]
    groups: tuple[Judgement, ...]
    declined: dict[str, str]


def judge_effects(table: VoteTable, options: Options) -> Judgements:
    """Estimate the effect of the feature on the choices of judges, and of people beside them.

    Parameters
    ----------
    table
        The votes.
    options
        Controls, weights, ties and variance, as for people. A judge by itself is one cluster: its
        votes count the same and are clustered by prompt, unless the variance asked for is naive.

    Returns
    -------
    Judgements
        Estimates, or the sentences that say why there are none.

    Notes
    -----
    The model is that of `app.analysis.effects`. One judge's variance is CR2 with Satterthwaite's
    degrees (`app.analysis.cr2`), or, where votes touch two prompts, the V_P of
    `app.analysis.components` with its degrees, for CR2 knows no clusters that overlap.
    """
    adjust = table.controls if options.adjust is None else options.adjust
    declined: dict[str, str] = {}
    judges, groups = [], []
    of_judges = table.group == GROUPS.index(Group.JUDGE)
    numbers = np.unique(table.rater[of_judges]).tolist()
    for number in numbers:
        own = group_votes(table.where(table.rater == number), Group.JUDGE, options.ties)
        name = table.raters[number]
        try:
            judges.append(one_judge(name, own, adjust, variance=options.variance))
        except NotIdentified as reason:
            declined[name] = str(reason)
    asked = [Group.JUDGE] if len(numbers) >= MIN_JUDGES else []
    for group in (*asked, *COMPARED):
        try:
            groups.append(_group(group_votes(table, group, options.ties), adjust, options))
        except NotIdentified as reason:
            declined[PEOPLE[group]] = str(reason)
    return Judgements(tuple(judges), tuple(groups), declined)


def _group(votes: GroupVotes, adjust: tuple[str, ...], options: Options) -> Judgement:
    found = estimate_group(votes, adjust, weights=options.weights, variance=options.variance)
    effect = found.effect
    return Judgement(
        who=PEOPLE[votes.group],
        group=votes.group,
        log_odds=effect.log_odds,
        se=effect.se,
        df=effect.df,
        ci_low=effect.ci_low,
        ci_high=effect.ci_high,
        win_share=effect.win_share,
        win_share_ci_low=effect.win_share_ci_low,
        win_share_ci_high=effect.win_share_ci_high,
        votes=len(votes.outcome),
        prompts=_touched(votes),
    )


def _touched(votes: GroupVotes) -> int:
    return len(np.union1d(votes.left, votes.right))


def one_judge(
    name: str,
    votes: GroupVotes,
    adjust: tuple[str, ...],
    *,
    variance: Variance = Variance.TWO_WAY,
) -> Judgement:
    """Estimate the effect of the feature on one judge's choices.

    Parameters
    ----------
    name
        The judge's id.
    votes
        Its votes.
    adjust
        Controls to hold equal.
    variance
        Naive, or else clustered by prompt.

    Returns
    -------
    Judgement
        The estimate.

    Raises
    ------
    NotIdentified
        The votes are too few, say nothing of the feature, or are separated; the message is a
        sentence.
    """
    votes = replace(votes, people=f"the judge {name}")
    _require_enough(votes)
    kept = usable_controls(votes, adjust)
    columns = {FEATURE: votes.feature, **{control: votes.controls[control] for control in kept}}
    try:
        found = fit_terms(
            votes,
            columns,
            (FEATURE,),
            weighted_for=FEATURE,
            weights=Weights.EQUAL,
            variance=Variance.NAIVE,
        )
    except Separated:
        raise NotIdentified(
            f"The votes by {votes.people} follow a side or a measure without exception, so that "
            "its effect has no upper limit; votes that go the other way are needed."
        ) from None
    term = found.terms[FEATURE]
    spread = term.spread
    if variance is not Variance.NAIVE:
        x = np.column_stack([np.ones(len(votes.outcome)), *columns.values()]) / found.scale
        spread = _by_prompt(votes, x, found.fit, np.eye(len(found.scale))[1] / found.scale)
    if not (np.isfinite(spread.variance) and spread.variance > 0):
        raise NotIdentified(
            f"The votes by {votes.people} leave no variation between prompts from which the "
            "precision of an estimate could be judged; votes on more prompts are needed."
        )
    one = coefficient(term.value, spread)
    side = found.coefficients[SIDE]
    ends = (one.log_odds, one.ci_low, one.ci_high)
    shares = [win_share(side, votes.table.step * value) for value in ends]
    return Judgement(
        who=name,
        group=Group.JUDGE,
        log_odds=one.log_odds,
        se=one.se,
        df=one.df,
        ci_low=one.ci_low,
        ci_high=one.ci_high,
        win_share=shares[0],
        win_share_ci_low=shares[1],
        win_share_ci_high=shares[2],
        votes=len(votes.outcome),
        prompts=_touched(votes),
    )


def _by_prompt(votes: GroupVotes, x: Floats, fit: LogitFit, contrast: Floats) -> Spread:
    """CR2, which knows no clusters that overlap, or else the jackknife."""
    if (votes.left == votes.right).all():
        return cr2(x, fit, votes.left, contrast)
    moved = influence(x, fit, votes.clusters, contrast)
    return Spread(components(moved).prompt, prompt_df(moved.prompt, int(moved.touched.sum())))


def _require_enough(votes: GroupVotes) -> None:
    """As `app.analysis.diagnostics.require_enough`, but one rater is enough."""
    require_prompts(votes.table, votes.rows, votes.people)
    informative = votes.feature != 0
    n = int(informative.sum())
    prompts = len(np.union1d(votes.left[informative], votes.right[informative]))
    place = "prompt" if votes.table.clustered_by_prompt else "poem"
    noun = feature_words(votes.table.feature).noun
    if n < MIN_INFORMATIVE_VOTES or prompts < MIN_PROMPTS:
        raise NotIdentified(
            f"There are too few votes by {votes.people}: on pairs that differ in {noun} there are "
            f"{counted(n, 'vote')} on {counted(prompts, place)}, and an estimate takes at least "
            f"{MIN_INFORMATIVE_VOTES} votes on {MIN_PROMPTS} {place}s."
        )
    if (votes.outcome[informative] == 1 / 2).all():
        raise NotIdentified(
            f"All votes by {votes.people} on pairs that differ in {noun} are ties, so there is no "
            "choice to explain."
        )
