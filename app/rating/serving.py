"""The rater's next slot as a value that cannot tell where its poems come from."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.db import utc_now
from app.errors import StudyClosed
from app.models import Poem, Rater, Slot, Study, StudyState, Vote
from app.rating.withdrawing import require_taking_part
from app.studies.queries import stands
from app.verse.plain import plain_stanzas


@dataclass(frozen=True, slots=True)
class BlindPoem:
    stanzas: tuple[tuple[str, ...], ...]  # lines with their indentation


@dataclass(frozen=True, slots=True)
class Undo:
    """What takes the last vote back."""

    slot: str
    attempt: int


@dataclass(frozen=True, slots=True)
class BlindPair:
    """All that a rater's page is given of a pair. There is no field for a source, a title or an
    id, so none can leak."""

    slot: str
    attempt: int
    question: str
    left: BlindPoem
    right: BlindPoem
    position: int
    total: int
    undo: Undo | None


@dataclass(frozen=True, slots=True)
class Done:
    total: int
    undo: Undo | None


def next_slot(session: Session, rater_id: int) -> BlindPair | Done:
    """The first slot of this rater without a vote that stands; notes when it was first shown."""
    require_taking_part(session, rater_id)
    row = session.execute(_first_open_slot(), {"rater_id": rater_id}).first()
    total = session.scalar(select(func.count()).where(col(Slot.rater_id) == rater_id)) or 0
    undo = last_vote(session, rater_id)
    if row is None:
        return Done(total=total, undo=undo)
    if row.state != StudyState.OPEN:
        raise StudyClosed("This study has closed. Your answers so far are stored. Thank you.")
    if row.shown_at is None:
        first_time = (col(Slot.id) == row.id) & col(Slot.shown_at).is_(None)
        session.execute(update(Slot).where(first_time).values(shown_at=utc_now()))
    return BlindPair(
        slot=row.key,
        attempt=row.attempts + 1,
        question=row.question,
        left=BlindPoem(plain_stanzas(row.left_text)),
        right=BlindPoem(plain_stanzas(row.right_text)),
        position=row.position,
        total=total,
        undo=undo,
    )


def last_vote(session: Session, rater_id: int) -> Undo | None:
    """The rater's latest vote that stands, by the order of the pairs."""
    row = session.execute(
        select(col(Slot.key), col(Vote.attempt))
        .join(Vote, col(Vote.slot_id) == col(Slot.id))
        .where(col(Slot.rater_id) == rater_id, stands())
        .order_by(col(Slot.position).desc())
        .limit(1)
    ).first()
    return Undo(slot=row.key, attempt=row.attempt) if row else None


@cache  # half of a vote's time would go into writing this statement anew
def _first_open_slot() -> Select[Any]:  # Any: the columns below
    left, right = aliased(Poem), aliased(Poem)
    attempts = (
        select(func.count())
        .where(col(Vote.slot_id) == col(Slot.id))
        .correlate(Slot)
        .scalar_subquery()
    )
    standing = select(col(Vote.id)).where(col(Vote.slot_id) == col(Slot.id), stands())
    return (
        select(
            col(Slot.id),
            col(Slot.key),
            col(Slot.position),
            col(Slot.shown_at),
            attempts.label("attempts"),
            col(Study.question),
            col(Study.state),
            col(left.text).label("left_text"),
            col(right.text).label("right_text"),
        )
        .join(Rater, col(Rater.id) == col(Slot.rater_id))
        .join(Study, col(Study.id) == col(Rater.study_id))
        .join(left, col(left.id) == col(Slot.left_poem_id))
        .join(right, col(right.id) == col(Slot.right_poem_id))
        .where(col(Slot.rater_id) == bindparam("rater_id"), ~standing.correlate(Slot).exists())
        .order_by(col(Slot.position))
        .limit(1)
    )
