"""A rater's slots: drawn from the study's pairs, and given back. The pairs count how often each
group was given them."""

from collections.abc import Iterable

import numpy as np
from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from app.db import new_key
from app.models import Pair, Pairing, Poem, Purpose, Rater, RaterKind, Slot, Study
from app.studies.design import (
    PlanCheck,
    PlanPair,
    PlanSlot,
    add_checks,
    add_repeats,
    draw_slots,
)
from app.studies.plan import Design


def give_slots(session: Session, *, study: Study, rater: Rater) -> None:
    """Draws this rater's slots from the study's pairs, evenly over what their group has seen; the
    study's design says how many come again and how many check that they are read."""
    drawn = col(getattr(Pair, _counter(rater.kind)))
    rows = session.execute(
        select(
            col(Pair.id),
            col(Pair.first_poem_id),
            col(Pair.second_poem_id),
            col(Poem.prompt_id),
            drawn,
        )
        .join(Poem, col(Poem.id) == col(Pair.first_poem_id))
        .where(col(Pair.study_id) == study.id)
        .order_by(col(Pair.id))
    ).all()
    # The draw repeats for whoever knows seed and rater, and is different for every rater.
    rng = np.random.default_rng([study.seed, rater.id or 0])
    within = study.pairing == Pairing.WITHIN_PROMPT
    pairs = [
        PlanPair(row.id, row.first_poem_id, row.second_poem_id, within and row.prompt_id, row[4])
        for row in rows
    ]
    design = Design.from_json(study.design)
    chosen = draw_slots(pairs, study.pairs_per_rater, rng)
    order = add_checks(add_repeats(chosen, design.repeats, rng), design.checks, rng)
    session.execute(
        insert(Slot),
        [
            {"key": new_key(), "rater_id": rater.id, "position": position, **_slot(planned)}
            for position, planned in enumerate(order, start=1)
        ],
    )
    _count(session, rater.kind, [slot.pair_id for slot in chosen], by=1)


def give_back(session: Session, rater: Rater, *, unseen: bool = False) -> None:
    """The pairs that this rater was given count as never given, so that others are given them;
    `unseen`: only those not shown yet."""
    statement = select(col(Slot.pair_id)).where(
        col(Slot.rater_id) == rater.id, col(Slot.purpose) == Purpose.MEASURE
    )
    if unseen:
        statement = statement.where(col(Slot.shown_at).is_(None))
    _count(session, rater.kind, session.scalars(statement).all(), by=-1)


def _count(session: Session, kind: RaterKind, pair_ids: Iterable[int | None], *, by: int) -> None:
    """In the order of their ids, so that two raters at once never wait for each other."""
    column = _counter(kind)
    drawn = col(getattr(Pair, column))
    for pair_id in sorted(pair_id for pair_id in pair_ids if pair_id is not None):
        counted = update(Pair).where(col(Pair.id) == pair_id, drawn + by >= 0)
        session.execute(counted.values({column: drawn + by}))


def _counter(kind: RaterKind) -> str:
    return "drawn_expert" if kind == RaterKind.EXPERT else "drawn_nonexpert"


def _slot(planned: PlanSlot | PlanCheck) -> dict[str, object]:
    if isinstance(planned, PlanCheck):
        nothing = dict.fromkeys(("pair_id", "left_poem_id", "right_poem_id"))
        return {**nothing, "purpose": Purpose.CHECK, "check_side": planned.side}
    return {
        "pair_id": planned.pair_id,
        "left_poem_id": planned.left,
        "right_poem_id": planned.right,
        "purpose": planned.purpose,
        "check_side": None,
    }
