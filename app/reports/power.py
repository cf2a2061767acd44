"""How many raters a study takes, from its own poems and pairs, before anybody votes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlmodel import Session, col, select

from app.analysis.draws import NO_PROMPT, PoemArrays
from app.analysis.planning import Plan, plan_of_poems
from app.analysis.plots.power import planning_chart
from app.analysis.points import effect_of_points, in_points
from app.analysis.power import (
    Power,
    power_of,
    simulated_differences,
    smallest_difference,
    why_no_estimate,
)
from app.analysis.study_parameters import StudyParameters
from app.analysis.votes import CONTROLS, RHYME
from app.errors import Unusable
from app.models import Poem, PoemFeature, Study
from app.studies.lifecycle import planned_pairs
from app.studies.queries import study_by_key

EXPERTS = (5, 10, 20, 40, 80)
MOST_POINTS, MOST_NONEXPERTS = 40, 2_000
BUDGET = 400_000  # votes to draw: a second or two
RUNS = (15, 80)  # fewest and most studies to draw
MOST_VOTES = 80_000  # of one study


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """What a study would see with each number of experts."""

    points: int
    n_nonexperts: int
    pairs_per_rater: int
    runs: int
    found: tuple[Power, ...]
    smallest: tuple[float | None, ...]  # points seen with a power of 80%, for each of `found`
    wide: str
    narrow: str


def outlook(session: Session, key: str, *, points: int, n_nonexperts: int) -> Outlook:
    """The same for the same poems, pairs and numbers."""
    study = study_by_key(session, key)
    plan = _plan(session, study, n_nonexperts)
    plan = plan.with_effect(effect_of_points(points, plan.parameters))
    votes = (n_nonexperts + max(EXPERTS)) * plan.mean_votes
    if votes > MOST_VOTES:
        raise Unusable(
            f"Studies of {votes:,.0f} votes, with {max(EXPERTS)} experts, take too long to draw "
            f"here, where {MOST_VOTES:,} is the most; the command “blindverse power” draws them."
        )
    runs = int(min(max(BUDGET / votes, RUNS[0]), RUNS[1]))
    drawn = list(simulated_differences(plan, experts=EXPERTS, runs=runs))
    plans = [replace(plan, parameters=replace(plan.parameters, n_experts=n)) for n in EXPERTS]
    each = [[one[n] for one in drawn] for n in EXPERTS]
    found = tuple(power_of(one, own) for one, own in zip(plans, each, strict=True))
    if not any(one.estimated for one in found):
        reason = why_no_estimate(plans[-1])
        raise Unusable(
            f"Studies of these poems and pairs give no estimate. {reason or ''}".rstrip()
        )
    smallest = [smallest_difference(own) for own in each]
    return Outlook(
        points=points,
        n_nonexperts=n_nonexperts,
        pairs_per_rater=round(plan.mean_votes),
        runs=runs,
        found=found,
        smallest=tuple(None if one is None else in_points(one) for one in smallest),
        wide=planning_chart(found),
        narrow=planning_chart(found, width="narrow"),
    )


def _plan(session: Session, study: Study, n_nonexperts: int) -> Plan:
    pairs = planned_pairs(session, study)
    ids, poems = _poems(session, study.poem_set_id)
    row_of = {poem: row for row, poem in enumerate(ids)}
    rows = [(row_of[first], row_of[second]) for first, second in pairs]
    both = np.array(rows, dtype=np.int64).reshape(-1, 2)
    density = poems.columns[RHYME]
    if not len(both) or not np.isfinite(density).any():
        raise Unusable(
            "There is no pair of poems whose rhyme is measured; wait until the measuring of the "
            "poem set is done."
        )
    if np.nanmin(density) == np.nanmax(density):
        raise Unusable("All poems of this set rhyme alike, so no study of them can compare rhyme.")
    try:
        plan = plan_of_poems(poems, StudyParameters(n_nonexperts=n_nonexperts), pairs=both)
    except ValueError as problem:
        raise Unusable(str(problem)) from None
    assert plan.pairs is not None  # noqa: S101  # those of the study
    return plan.with_votes(min(study.pairs_per_rater, len(plan.pairs)))


def _poems(session: Session, poem_set_id: int) -> tuple[Sequence[int], PoemArrays]:
    """Ids of the poems, and what is measured on them; not-a-number where it is not."""
    names = (RHYME, *CONTROLS)
    poems = session.exec(
        select(Poem.id, Poem.prompt_id)
        .where(Poem.poem_set_id == poem_set_id)
        .order_by(col(Poem.id))
    ).all()
    measured = session.exec(
        select(PoemFeature.poem_id, PoemFeature.name, PoemFeature.value)
        .join(Poem, col(Poem.id) == PoemFeature.poem_id)
        .where(Poem.poem_set_id == poem_set_id, col(PoemFeature.name).in_(names))
    ).all()
    ids = [poem_id or 0 for poem_id, _prompt in poems]
    row_of = {poem: row for row, poem in enumerate(ids)}
    columns = {name: np.full(len(ids), np.nan) for name in names}
    for poem_id, name, value in measured:
        if value is not None:
            columns[name][row_of[poem_id]] = value
    known = sorted({prompt for _id, prompt in poems if prompt is not None})
    number = {prompt: ix for ix, prompt in enumerate(known)}
    of = [NO_PROMPT if prompt is None else number[prompt] for _id, prompt in poems]
    return ids, PoemArrays(np.array(of, dtype=np.int64), columns)
