"""How many more of what would make a study precise enough: raters, votes of each, or prompts."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.analysis.effects import Difference
from app.analysis.options import Options
from app.analysis.planning import Plan
from app.analysis.power import SEED, Power, power_of, simulated_differences
from app.analysis.wording import listed

TIMES = (1.5, 2.0, 3.0)
RUNS = 30  # enough for the width of intervals; see `expected_power`


class More(StrEnum):
    """What a study can have more of."""

    EXPERTS = "experts"
    NONEXPERTS = "non-experts"
    VOTES = "votes by each rater"
    PROMPTS = "prompts"
    POEMS = "poems"


@dataclass(frozen=True, slots=True)
class Goal:
    """When a study is precise enough.

    Parameters
    ----------
    power
        The least power for the difference of the plan, 0 to 1; None to ask for a width.
    half_width_points
        The largest half of the 95% interval, in points of a share of 50%; None to ask for power.
    """

    power: float | None = 0.8
    half_width_points: float | None = None

    def is_met(self, by: Power) -> bool:
        """Whether a study is.

        Parameters
        ----------
        by
            The study's power and precision.

        Returns
        -------
        bool
            True if so; False where it gives no estimate.
        """
        if self.half_width_points is not None:
            width = by.half_width_points
            return width is not None and width <= self.half_width_points
        return self.power is not None and by.expected >= self.power


@dataclass(frozen=True, slots=True, eq=False)
class Addition:
    """More of one thing.

    Parameters
    ----------
    more
        Of what.
    times
        The least of `TIMES` that is enough, or the largest if none is.
    added
        How many more these are; None for votes, whose number differs between raters.
    enough
        Whether it is.
    power
        What the study then is.
    drawn
        The estimates of the studies drawn, by how many times as many.
    """

    more: More
    times: float
    added: int | None
    enough: bool
    power: Power
    drawn: dict[float, Sequence[Difference | None]]


def enlarged(plan: Plan, more: More, times: float) -> Plan:
    """Give a plan with more of one thing.

    Parameters
    ----------
    plan
        The plan.
    more
        Of what.
    times
        How many times as many, 1 or more.

    Returns
    -------
    Plan
        Numbers are rounded up.
    """
    parameters = plan.parameters
    match more:
        case More.EXPERTS:
            number = math.ceil(times * parameters.n_experts)
            return replace(plan, parameters=replace(parameters, n_experts=number))
        case More.NONEXPERTS:
            number = math.ceil(times * parameters.n_nonexperts)
            return replace(plan, parameters=replace(parameters, n_nonexperts=number))
        case More.PROMPTS | More.POEMS:
            return plan.with_material(math.ceil(times * plan.material))
    if plan.votes is None:
        most = math.ceil(times * parameters.most_votes)
        median = times * parameters.median_votes
        return replace(plan, parameters=replace(parameters, median_votes=median, most_votes=most))
    votes = {group: -(-given * int(2 * times) // 2) for group, given in plan.votes.items()}
    return replace(plan, votes=votes)


def additions(
    plan: Plan,
    goal: Goal,
    *,
    times: tuple[float, ...] = TIMES,
    runs: int = RUNS,
    seed: int = SEED,
    options: Options | None = None,
) -> Iterator[Addition]:
    """Find how many more of each thing, everything else as it is, make a study precise enough.

    Parameters
    ----------
    plan
        The study, with the effects it is to see.
    goal
        When it is precise enough.
    times
        How many times as many to try, ascending; each a multiple of a half.
    runs
        Studies to draw of each enlarged plan.
    seed, options
        As for `simulated_differences`.

    Yields
    ------
    Addition
        For experts, non-experts, votes by each rater, and prompts (poems where there are no
        prompts): the fewest that are enough, or the most that were tried.
    """
    material = More.PROMPTS if plan.has_prompts else More.POEMS

    def draw(more: More, by: float) -> _Drawn:
        larger = enlarged(plan, more, by)
        each = simulated_differences(larger, runs=runs, seed=seed, options=options)
        found = [one[larger.parameters.n_experts] for one in each]
        return power_of(larger, found), found

    for more in (More.EXPERTS, More.NONEXPERTS, More.VOTES, material):
        yield _fewest(plan, more, times, goal, draw)


_Drawn = tuple[Power, Sequence[Difference | None]]


def _fewest(
    plan: Plan,
    more: More,
    times: tuple[float, ...],
    goal: Goal,
    draw: Callable[[More, float], _Drawn],
) -> Addition:
    """By halving the choices: more is never worse."""
    tried: dict[float, _Drawn] = {}
    low, high = 0, len(times)
    while low < high:
        middle = (low + high) // 2
        tried[times[middle]] = draw(more, times[middle])
        is_met = goal.is_met(tried[times[middle]][0])
        low, high = (low, middle) if is_met else (middle + 1, high)
    at = times[min(low, len(times) - 1)]
    return Addition(
        more,
        at,
        _added(plan, more, at),
        low < len(times),
        tried[at][0],
        {by: found for by, (_, found) in tried.items()},
    )


def _added(plan: Plan, more: More, times: float) -> int | None:
    had = {
        More.EXPERTS: plan.parameters.n_experts,
        More.NONEXPERTS: plan.parameters.n_nonexperts,
        More.PROMPTS: plan.material,
        More.POEMS: plan.material,
    }
    return math.ceil(times * had[more]) - had[more] if more in had else None


def additions_in_words(found: tuple[Addition, ...], goal: Goal) -> str:
    """Say what would do, in sentences.

    Parameters
    ----------
    found
        What `additions` gave.
    goal
        The goal.

    Returns
    -------
    str
        A sentence that begins with a small letter.
    """
    aim = (
        f"an interval of {goal.half_width_points:g} points to either side"
        if goal.half_width_points is not None
        else f"a power of {100 * (goal.power or 0):.0f}%"
    )
    enough = [f"with {how_many_more(one)} ({_reached(one, goal)})" for one in found if one.enough]
    short = [f"{how_many_more(one)} ({_reached(one, goal)})" for one in found if not one.enough]
    if not enough:
        return f"not even {listed(short, 'or')}, all else as it is, would reach {aim}."
    told = f"it would reach {aim}, all else as it is, {listed(enough, 'or')}"
    return f"{told}; not with {listed(short, 'or')}." if short else f"{told}."


def how_many_more(one: Addition) -> str:
    """Name an addition.

    Parameters
    ----------
    one
        The addition.

    Returns
    -------
    str
        As in "20 more experts".
    """
    if one.added is None:
        return f"{one.times:g} times as many {one.more}"
    return f"{one.added:,} more {one.more}"


def _reached(one: Addition, goal: Goal) -> str:
    if goal.half_width_points is None:
        return f"about {100 * one.power.expected:.0f}%"
    width = one.power.half_width_points
    return "no estimate" if width is None else f"about {width:.1f} points"
