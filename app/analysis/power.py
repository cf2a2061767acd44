"""Whether a planned study would see a difference between groups: studies drawn again and again."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtr, stdtrit

from app.analysis.comparison import COMPARED, compare
from app.analysis.diagnostics import group_votes
from app.analysis.distribution import share
from app.analysis.effects import Difference, Estimate, estimate_difference, estimate_group
from app.analysis.options import CONFIDENCE, Group, NotIdentified, Options
from app.analysis.planning import Plan, draw_study
from app.analysis.points import in_points, marginal_share
from app.analysis.votes import GROUPS, VoteTable

SEED = 20_261_125
RUNS = 200
LEVEL = 1 - CONFIDENCE
WANTED_POWER = 0.8

Found = dict[int, Difference | None]


@dataclass(frozen=True, slots=True)
class Power:
    """How often studies of a plan see a difference, and how precise they are.

    Parameters
    ----------
    n_experts, n_nonexperts, n_prompts, n_poems, votes_per_rater
        The plan; `n_prompts` is 0 where poems answer none, `n_poems` 0 where poems of prompts are
        not counted, and votes are the mean.
    effect
        Natural log odds per unit of the feature by which a typical non-expert exceeds a typical
        expert.
    points
        The same as percentage points of the share of choices, where experts' is 50%.
    runs, estimated
        Studies that were drawn, and those among them that give an estimate.
    power, power_low, power_high
        Share of the studies drawn whose test of no difference has p < 0.05, 0 to 1, with the 95%
        interval for so few studies (Wilson). A study without an estimate sees nothing.
    half_width, half_width_points
        Mean half of the 95% interval for the difference, in natural log odds and in points of a
        share of 50%; None where no study gives an estimate.
    expected
        What the power is by the widths of the intervals, which hardly vary by chance; see
        `expected_power`.
    """

    n_experts: int
    n_nonexperts: int
    n_prompts: int
    n_poems: int
    votes_per_rater: float
    effect: float
    points: float
    runs: int
    estimated: int
    power: float
    power_low: float
    power_high: float
    half_width: float | None
    half_width_points: float | None
    expected: float


def simulated_differences(
    plan: Plan,
    *,
    experts: Sequence[int] | None = None,
    runs: int = RUNS,
    seed: int = SEED,
    options: Options | None = None,
) -> Iterator[Found]:
    """Draw studies of a plan one after the other, and estimate the difference in each.

    Parameters
    ----------
    plan
        The plan.
    experts
        Numbers of experts to look at; None for that of the plan. The largest number is drawn, and
        the first so many of them are taken for each, beside the same non-experts.
    runs
        Studies to draw.
    seed
        Of the random numbers: study number k of any plan begins with the same ones.
    options
        Weights, ties and variance of the estimate; None for the defaults. What is held equal is
        said by the plan.

    Yields
    ------
    dict
        For each number of experts the primary estimate of the difference, None where the study
        gives none.
    """
    counts = tuple(experts) if experts is not None else (plan.parameters.n_experts,)
    largest = replace(plan.parameters, n_experts=max(counts))
    drawn = replace(plan, parameters=largest)
    for child in np.random.SeedSequence(seed).spawn(runs):
        yield _differences(drawn, counts, np.random.default_rng(child), options or Options())


def _differences(
    plan: Plan, counts: Sequence[int], rng: np.random.Generator, options: Options
) -> Found:
    if plan.parameters.n_experts + plan.parameters.n_nonexperts == 0:
        return dict.fromkeys(counts)
    table = draw_study(plan, rng)
    nonexpert = _estimate(table, Group.NONEXPERT, plan, options)
    experts = table.where(table.group == GROUPS.index(Group.EXPERT))
    found: Found = {}
    for count in counts:
        few = experts if count == max(counts) else experts.where(experts.rater < count)
        expert = _estimate(few, Group.EXPERT, plan, options)
        found[count] = (
            None
            if nonexpert is None or expert is None
            else estimate_difference(nonexpert, expert, variance=options.variance)
        )
    return found


def _estimate(table: VoteTable, group: Group, plan: Plan, options: Options) -> Estimate | None:
    try:
        return estimate_group(
            group_votes(table, group, options.ties),
            plan.controls,
            weights=options.weights,
            ties=options.ties,
            variance=options.variance,
        )
    except NotIdentified:
        return None


def why_no_estimate(plan: Plan, *, seed: int = SEED, options: Options | None = None) -> str | None:
    """Say why a study of a plan gives no estimate.

    Parameters
    ----------
    plan, seed, options
        As for `simulated_differences`, whose first study is looked at.

    Returns
    -------
    str or None
        The sentence of the first group that cannot be estimated; None where both can.
    """
    child = np.random.SeedSequence(seed).spawn(1)[0]
    table, chosen = draw_study(plan, np.random.default_rng(child)), options or Options()
    votes = {group: group_votes(table, group, chosen.ties) for group in COMPARED}
    declined = compare(votes, plan.controls, chosen).declined
    return next(iter(declined.values()), None)


def power_of(plan: Plan, found: Iterable[Difference | None]) -> Power:
    """Sum up the studies that were drawn of a plan.

    Parameters
    ----------
    plan
        The plan, with the number of experts that the estimates are for.
    found
        One estimate for each study, at least one study.

    Returns
    -------
    Power
        How many see the difference, and how precise they are.
    """
    each = list(found)
    made = [one for one in each if one is not None]
    parameters = plan.parameters
    effect = parameters.rhyme_nonexpert - parameters.rhyme_expert
    seen = share(sum(one.p_value < LEVEL for one in made), len(each))
    widths = [(one.ci_high - one.ci_low) / 2 for one in made]
    half_width = float(np.mean(widths)) if widths else None
    return Power(
        n_experts=parameters.n_experts,
        n_nonexperts=parameters.n_nonexperts,
        n_prompts=plan.material if plan.has_prompts else 0,
        n_poems=0 if plan.has_prompts else plan.material,
        votes_per_rater=plan.mean_votes,
        effect=effect,
        points=100 * (marginal_share(effect, parameters) - 0.5),
        runs=len(each),
        estimated=len(made),
        power=seen.value,
        power_low=seen.low,
        power_high=seen.high,
        half_width=half_width,
        half_width_points=None if half_width is None else in_points(half_width),
        expected=expected_power(each, true_difference(plan)),
    )


def true_difference(plan: Plan) -> float:
    """Give what the estimate of the difference tends to, natural log odds.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    float
        logit of the non-experts' share of choices less that of the experts'.
    """
    parameters = plan.parameters
    shares = [
        marginal_share(effect, parameters)
        for effect in (parameters.rhyme_nonexpert, parameters.rhyme_expert)
    ]
    more, less = (math.log(one / (1 - one)) for one in shares)
    return more - less


def expected_power(found: Sequence[Difference | None], difference: float) -> float:
    """Give the power for a difference from how precise drawn studies are.

    Parameters
    ----------
    found
        One estimate for each study, at least one study; the effect they were drawn with need not be
        this difference, on which standard errors hardly depend.
    difference
        Natural log odds that the estimate tends to.

    Returns
    -------
    float
        0 to 1.

    Notes
    -----
    Mean over the studies of P(|T + difference / se| > t(df)) with T of Student's distribution with
    the study's df; 0 for a study without an estimate. It takes it for granted that standard errors
    are right, and so it differs little between one draw of some 30 studies and another.
    """
    each = [0.0] * len(found)
    for ix, one in enumerate(found):
        if one is not None:
            limit, shift = float(stdtrit(one.df, 1 - LEVEL / 2)), abs(difference) / one.se
            each[ix] = float(stdtr(one.df, shift - limit) + stdtr(one.df, -shift - limit))
    return float(np.mean(each))


def smallest_difference(
    found: Sequence[Difference | None], *, wanted: float = WANTED_POWER
) -> float | None:
    """Give the difference that studies as precise as these see with a wanted power.

    Parameters
    ----------
    found
        One estimate for each study, at least one study.
    wanted
        The power, above 0.05 and below 1.

    Returns
    -------
    float or None
        Natural log odds that the estimate tends to; None where no difference has that power,
        because too many studies give no estimate.
    """
    low, high = 0.0, 1.0
    while expected_power(found, high) < wanted:
        if high > 100:  # noqa: PLR2004  # odds of e^100 to 1
            return None
        low, high = high, 2 * high
    for _ in range(40):
        middle = (low + high) / 2
        if expected_power(found, middle) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2
