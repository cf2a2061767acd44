"""A rater withdraws, or has everything erased: the one place where a vote is deleted."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, func, select, update
from sqlmodel import Session, col

from app.db import lock_row, utc_now
from app.errors import NotFound, Withdrawn
from app.models import (
    Erasure,
    Exclusion,
    Participant,
    PersonalLink,
    Rater,
    Slot,
    Study,
    Vote,
)
from app.rating.arriving import LINK
from app.rating.drawing import give_back
from app.studies.plan import Design
from app.studies.quality import WITHDRAWN


def require_taking_part(session: Session, rater_id: int) -> None:
    withdrawn_at = select(col(Rater.withdrawn_at)).where(col(Rater.id) == rater_id)
    refuse_withdrawn(session.scalar(withdrawn_at))


def refuse_withdrawn(withdrawn_at: datetime | None) -> None:
    if withdrawn_at is not None:
        raise Withdrawn(
            "You have withdrawn from this study, so there is nothing more to do here. Thank you."
        )


def withdraw(session: Session, rater_id: int) -> None:
    """No more pairs from now on, and no report or file made from now on uses what was answered: the
    pairs are others' to be given. Asking again changes nothing."""
    lock_row(session, Rater, rater_id)
    rater = session.get_one(Rater, rater_id, populate_existing=True)
    if rater.withdrawn_at is not None:
        return
    rater.withdrawn_at = utc_now()
    session.add(
        Exclusion(
            rater_id=rater_id,
            excluded=True,
            rule=WITHDRAWN,
            reason="",
            made_at=rater.withdrawn_at,
        )
    )
    give_back(session, rater)
    session.flush()


def erase(session: Session, rater_id: int) -> Erasure:
    """Deletes a rater and all that hangs on them; what remains is that there was a rater of this
    key with so many votes, so that whoever holds an export knows which rows to delete."""
    lock_row(session, Rater, rater_id)
    rater = session.get(Rater, rater_id, populate_existing=True)
    if rater is None:
        raise NotFound("Everything about you has been erased already.")
    n_votes = session.scalar(
        select(func.count()).join(Slot).where(col(Slot.rater_id) == rater_id).select_from(Vote)
    )
    erasure = Erasure(study_id=rater.study_id, rater_key=rater.key, n_votes=n_votes or 0)
    if rater.withdrawn_at is None:  # else they have been
        give_back(session, rater)
    _forget_invitation(session, rater)
    session.expunge(rater)
    # The tables below follow by their foreign keys; a test looks into every one of them.
    session.execute(delete(Rater).where(col(Rater.id) == rater_id))
    session.add(erasure)
    session.flush()
    return erasure


@dataclass(frozen=True, slots=True)
class Erased:
    """What remains of a rater, for themself to read."""

    rater_key: str
    n_votes: int
    language: str


def erased(session: Session, rater_key: str) -> Erased | None:
    row = session.execute(
        select(col(Erasure.n_votes), col(Study.design))
        .join(Study, col(Study.id) == col(Erasure.study_id))
        .where(col(Erasure.rater_key) == rater_key)
    ).first()
    if row is None:
        return None
    return Erased(rater_key, row.n_votes, Design.from_json(row.design).language)


def _forget_invitation(session: Session, rater: Rater) -> None:
    """Whom a one-use link was meant for goes with the rater that it made."""
    theirs = col(PersonalLink.key).in_(came_by_link(rater.id or 0))
    session.execute(update(PersonalLink).where(theirs).values(label=""))


def came_by_link(rater_id: int) -> Select[str]:
    """The key of the one-use link that made this rater, if one did."""
    return select(col(Participant.external_id)).where(
        col(Participant.rater_id) == rater_id, col(Participant.panel) == LINK
    )
