"""Attention checks: which of them a rater has failed."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from app.models import Purpose, Rater, Slot, Vote
from app.studies.queries import stands


def failed_checks(session: Session, rater_id: int) -> int:
    """How many checks this rater answered otherwise than the check itself asks. A vote that was
    taken back does not count, nor does a check not answered yet."""
    statement = _failed().where(col(Slot.rater_id) == rater_id)
    return session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def failed_checks_by_rater(session: Session, study_id: int) -> dict[int, int]:
    """The same for everybody in a study; a rater who failed none is not in it."""
    failed = (
        _failed()
        .join(Rater, col(Rater.id) == col(Slot.rater_id))
        .where(col(Rater.study_id) == study_id)
        .subquery()
    )
    statement = select(failed.c.rater_id, func.count()).group_by(failed.c.rater_id)
    return {row[0]: row[1] for row in session.execute(statement)}


def _failed() -> Select[Any]:  # Any: the raters' ids
    return (
        select(col(Slot.rater_id))
        .join(Vote, col(Vote.slot_id) == col(Slot.id))
        .where(
            col(Slot.purpose) == Purpose.CHECK,
            col(Vote.choice) != col(Slot.check_side),
            stands(),
        )
    )
