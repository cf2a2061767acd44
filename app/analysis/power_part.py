"""The part of a report that says which differences a study like it would see."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.analysis.additions import (
    Addition,
    Goal,
    More,
    additions,
    additions_in_words,
    how_many_more,
)
from app.analysis.basis import Basis
from app.analysis.effects import Difference
from app.analysis.options import NotIdentified
from app.analysis.part_basis import basis_line
from app.analysis.parts import Cell, Part, PartColumn, declined
from app.analysis.planning import Plan, plan_of_votes
from app.analysis.points import effect_of_points, from_points, in_points
from app.analysis.power import (
    SEED,
    WANTED_POWER,
    Power,
    expected_power,
    power_of,
    simulated_differences,
    smallest_difference,
)
from app.analysis.study_parameters import StudyParameters
from app.analysis.variation import Variation, variation_of
from app.analysis.votes import VoteTable
from app.analysis.wording import counted, listed, percent

NAME = "power"
TITLE = "What differences would a study like this see?"
SHOWN = 10.0
POINTS = (3.0, 5.0, 10.0, 20.0)
MOST_VOTES = 150_000  # beyond them, drawing studies like this one takes minutes
BUDGET = 5_000_000  # votes to draw for the table, and as many for what more would do
RUNS = (40, 80)  # fewest and most studies for each row
MORE_RUNS = 20
AS_IT_IS = "As it is"
NOT_OBSERVED = (
    "This is about studies like this one before their votes are counted. It neither supports nor "
    "weakens what was found here: how sure that is, the interval of the answer says."
)
NOT_ASSUMED = (
    "The interval of a power allows only for how few studies were drawn, not for what was read "
    "from these votes or assumed: in simulated studies it held the true power in about 85%, not "
    "in 95%."
)
CURVE = tuple(0.5 * step for step in range(1, 51))  # points
METHOD = """Studies like this one are drawn again and again, with the same poems and pairs, as \
many raters and as many votes of each, and a difference between the groups that is known: rhyme, \
or what stands in its place, leaves experts cold (50%) and moves non-experts by so many points. \
Each drawn study is analysed as this one is. The power is the share of them whose test of no \
difference has p < 0.05. Its interval (Wilson's) is for the number of studies drawn. A study that \
gives no estimate sees nothing.

Votes are drawn from Davidson's model with random position and effect of raters, appeal of poems \
to all and to a group, and effect of prompts. {read} The rest is assumed: {assumed}.

The power by standard errors, the smallest difference, the curves, and what more raters, votes or \
prompts would do are reckoned from the drawn studies' standard errors and degrees of freedom, \
which hardly vary by chance: the mean of P(|T + D / se| > t(df)). More prompts are copies of those \
there are, with an appeal of their own.

The difference that this study found is not used: the power for it would say nothing that its \
p value does not (Hoenig and Heisey 2001). Sources: Davidson 1970; Arnold, Hogan, Colford and \
Hubbard 2011 (power by simulation)."""

COLUMNS = (
    PartColumn("study", "Study", "What the drawn studies have", "text"),
    PartColumn(
        "points",
        "Difference, points",
        "Share of choices of non-experts less that of experts, who are at 50%; percentage points",
        "number",
    ),
    PartColumn(
        "ratio", "Ratio of odds ratios", "The same as a ratio of the two odds ratios", "ratio"
    ),
    PartColumn(
        "power",
        "Power, %",
        "Share of drawn studies that see the difference (p < 0.05)",
        "percent",
        low="power_low",
        high="power_high",
    ),
    PartColumn(
        "expected",
        "Power by standard errors, %",
        "The same reckoned from the drawn studies' standard errors",
        "percent",
    ),
    PartColumn(
        "half_width",
        "Half of the interval, points",
        "Mean half of the 95% interval for the difference, in points of a share of 50%",
        "number",
    ),
    PartColumn("runs", "Studies drawn", "Number of studies drawn", "count"),
)


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """Studies of one plan, and what they come to."""

    power: Power
    found: Sequence[Difference | None]


def power_part(basis: Basis) -> Part:
    """Say which differences a study like this one would see, and what more it would take.

    Parameters
    ----------
    basis
        The votes and the estimates.

    Returns
    -------
    Part
        A row for each difference, and for each way to see the largest that is not seen now;
        `data["curves"]` holds power by difference as the study is and with twice the experts or
        prompts. Declined where there is no comparison, or the votes are very many.
    """
    table, options = _in_steps(basis.table), basis.options
    missing = basis.estimate.declined.get("difference")
    if missing:
        raise NotIdentified(f"{missing} So no study like this one would see any difference.")
    counts = basis.data.counts
    n_votes = sum(counts[group].votes for group in basis.estimate.groups)
    if n_votes > MOST_VOTES:
        reason = (
            f"With {counted(n_votes, 'vote')} it would take too long to draw studies like this one "
            "again and again; the interval of the answer says how precise it is."
        )
        return declined(NAME, TITLE, reason)
    controls = options.adjust or ()
    variation = variation_of(table, StudyParameters(), controls=controls)
    plan = plan_of_votes(table, variation.parameters, controls=controls)
    plans = {points: planned for points in POINTS if (planned := _moved(plan, points))}
    runs = int(min(max(BUDGET / (n_votes * len(POINTS)), RUNS[0]), RUNS[1]))
    drawn = {points: _drawn(one, runs, basis) for points, one in plans.items()}
    middle = drawn[_nearest(drawn)]
    smallest = smallest_difference(middle.found)
    unseen = [points for points, one in drawn.items() if one.power.expected < WANTED_POWER]
    goal = Goal(WANTED_POWER)
    more: tuple[Addition, ...] = ()
    if unseen:
        more = tuple(additions(plans[unseen[-1]], goal, runs=MORE_RUNS, options=options))
    return Part(
        name=NAME,
        title=TITLE,
        sentence=_sentence(drawn, smallest, unseen, more, goal),
        columns=COLUMNS,
        rows=tuple(_rows(drawn, more)),
        method=_method(variation),
        notes=_notes(drawn),
        data={
            "feature": table.feature,
            "smallest_points": None if smallest is None else in_points(smallest),
            "curves": [*_curves(middle.found, more)],
        },
        basis=basis_line(
            f"Studies of {counted(n_votes, 'vote')} each, or as many more as the row says, "
            f"{runs:,} for each row at most",
            table,
            options,
        ),
    )


def _in_steps(table: VoteTable) -> VoteTable:
    """With a feature that differs by 1 where it differs by what shares of choices are given for."""
    values = table.values.copy()
    values[:, 0] /= table.step
    return replace(table, values=values, step=1.0)


def _nearest(drawn: Iterable[float]) -> float:
    """The difference that sentences speak of."""
    return min(drawn, key=lambda points: abs(points - SHOWN))


def _moved(plan: Plan, points: float) -> Plan | None:
    """The plan with such a difference; None where ties leave none so large."""
    try:
        return plan.with_effect(effect_of_points(points, plan.parameters))
    except ValueError:
        return None


def _drawn(plan: Plan, runs: int, basis: Basis) -> _Drawn:
    n = plan.parameters.n_experts
    each = simulated_differences(plan, runs=runs, seed=SEED, options=basis.options)
    found = [one[n] for one in each]
    return _Drawn(power_of(plan, found), found)


def _curves(
    found: Sequence[Difference | None], more: Sequence[Addition]
) -> Iterator[dict[str, str | float]]:
    """Power by difference as the study is, and with twice the experts or the prompts."""
    studies = {AS_IT_IS: found}
    for one in more:
        if one.more in {More.EXPERTS, More.PROMPTS, More.POEMS} and 2.0 in one.drawn:  # noqa: PLR2004
            studies[f"Twice the {one.more}"] = one.drawn[2.0]
    for name, each in studies.items():
        for points in CURVE:
            power = expected_power(each, from_points(points))
            yield {"study": name, "points": points, "power": power}


def _rows(drawn: dict[float, _Drawn], more: Sequence[Addition]) -> list[dict[str, Cell]]:
    rows = [_row(AS_IT_IS, one.power) for one in drawn.values()]
    return rows + [_row(how_many_more(one).capitalize(), one.power) for one in more]


def _row(study: str, power: Power) -> dict[str, Cell]:
    return {
        "study": study,
        "points": round(power.points, 6),
        "ratio": math.exp(from_points(power.points)),
        "power": power.power,
        "power_low": power.power_low,
        "power_high": power.power_high,
        "expected": power.expected,
        "half_width": power.half_width_points,
        "runs": power.runs,
    }


def _sentence(
    drawn: dict[float, _Drawn],
    smallest: float | None,
    unseen: Sequence[float],
    more: tuple[Addition, ...],
    goal: Goal,
) -> str:
    shown = _nearest(drawn)
    power = percent(drawn[shown].power.expected)
    differed = f"{shown:g} points, as {50 + shown:g}% does from 50%"
    first = (
        f"If the groups’ shares of choices differed by {differed}, a study with these poems and as "
        f"many raters and votes would see it with a power of about {power}%."
    )
    told = [first]
    if smallest is None:
        told.append("There is no difference that it would see with a power of 80%.")
    else:
        told.append(
            "The smallest difference that it would see with a power of 80% is about "
            f"{_points(in_points(smallest))}."
        )
    if more:
        told.append(f"For {unseen[-1]:g} points {additions_in_words(more, goal)}")
    return " ".join(told)


def _points(points: float) -> str:
    return f"{points:.1f} points" if points < 10 else f"{points:.0f} points"  # noqa: PLR2004


def _notes(drawn: dict[float, _Drawn]) -> tuple[str, ...]:
    notes = [
        NOT_OBSERVED,
        "A difference that was not seen may be there all the same.",
        NOT_ASSUMED,
    ]
    runs = next(iter(drawn.values())).power.runs
    if runs < RUNS[1]:
        notes.append(f"Of so large a study only {runs} are drawn for each row.")
    unestimated = sum(one.power.runs - one.power.estimated for one in drawn.values())
    if unestimated:
        drawn_in_all = sum(one.power.runs for one in drawn.values())
        notes.append(f"{unestimated:,} of the {drawn_in_all:,} studies drawn gave no estimate.")
    return tuple(notes)


_FIELDS = {
    "position": "the side’s effect {:.2f}",
    "tie_nu": "the tie parameter {:.2f}",
    "rater_position_sd": "between raters in the side {:.2f}",
    "rater_rhyme_sd": "between raters in the effect {:.2f}",
    "poem_sd": "of poems’ appeal {:.2f}",
    "poem_group_sd": "of poems’ appeal to a group besides {:.2f}",
    "prompt_rhyme_sd": "between prompts in the effect {:.2f}",
    "log_tie_sd": "between raters in ties {:.2f}",
}


def _method(variation: Variation) -> str:
    def told(names: Sequence[str]) -> str:
        return listed([_FIELDS[name].format(getattr(variation.parameters, name)) for name in names])

    read = [name for name in _FIELDS if name in variation.read]
    assumed = [name for name in _FIELDS if name not in variation.read]
    of_votes = (
        f"Read from these votes (natural log odds; standard deviations): {told(read)}."
        if read
        else "Nothing of this could be read from these votes."
    )
    return METHOD.format(read=of_votes, assumed=told(assumed))
