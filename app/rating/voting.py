"""Casting a vote and taking it back, and what is said of it. An acknowledged vote is never lost and
never counted twice."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import Session, col

from app import __version__
from app.db import lock_row, utc_now
from app.errors import NotFound, SlotConflict, StudyClosed
from app.models import Choice as Choice  # noqa: PLC0414  # part of this module's interface
from app.models import (
    Purpose,
    Rater,
    Slot,
    Study,
    StudyState,
    Vote,
    VoteFollowUp,
    VoteRetraction,
)
from app.rating.serving import last_vote
from app.rating.withdrawing import require_taking_part
from app.studies.plan import Design

_WITHIN = ("decision_ms", "reading_ms", "left_ms", "right_ms")  # all while the pair was shown
_SLACK, _SLACK_MS = 1.02, 2_000  # no two clocks run alike
_MOST = 2**31 - 1  # what a column holds: in milliseconds 24 days


@dataclass(frozen=True, slots=True)
class Seen:
    """How a pair was seen, as the rater's own page measured it; what it did not measure, or cannot
    have, is unknown. The times are in milliseconds, as described with the columns of Vote."""

    decision_ms: int | None = None
    reading_ms: int | None = None
    hidden_ms: int | None = None
    left_ms: int | None = None
    right_ms: int | None = None
    layout: str | None = None
    viewport_width: int | None = None
    viewport_height: int | None = None
    input_kind: str | None = None

    def columns(self, elapsed_ms: float) -> dict[str, int | str | None]:
        """A clock that was set meanwhile gives a time that cannot be, such as one longer than has
        passed since the pair was first shown; the server's own remains."""
        longest = min(_MOST, _SLACK * elapsed_ms + _SLACK_MS)
        most = dict.fromkeys(_WITHIN, longest)
        return {
            name: None
            if isinstance(value, int) and not 0 <= value <= most.get(name, _MOST)
            else value
            for name, value in asdict(self).items()
        }


UNSEEN = Seen()


@dataclass(frozen=True, slots=True)
class _Attempt:
    """Where a slot stands: its last vote, if any, and whether that was taken back."""

    number: int
    vote_id: int | None
    retracted_at: datetime | None


def cast_vote(
    session: Session,
    *,
    rater_id: int,
    slot_key: str,
    attempt: int,
    choice: Choice,
    seen: Seen = UNSEEN,
) -> None:
    """Stores one vote. The same slot and attempt again changes nothing and is no error: it is a
    double click, a request sent twice, or the back button."""
    slot = _locked_slot(session, rater_id, slot_key)
    last = _last_attempt(session, slot.id)
    if attempt <= last.number:
        return
    if slot.state != StudyState.OPEN:
        raise StudyClosed("This study has closed. Your answers so far are stored. Thank you.")
    taken_back = last.vote_id is None or last.retracted_at is not None
    if attempt != last.number + 1 or not taken_back or slot.shown_at is None:
        raise SlotConflict("This answer is for another pair than the one before you.")
    shown_at, cast_at = last.retracted_at or slot.shown_at, utc_now()
    vote = Vote(
        slot_id=slot.id,
        attempt=attempt,
        choice=choice,
        shown_at=shown_at,
        cast_at=cast_at,
        app_version=__version__,
    )
    for name, value in seen.columns((cast_at - shown_at).total_seconds() * 1000).items():
        setattr(vote, name, value)
    session.add(vote)
    session.flush()


def retract_vote(session: Session, *, rater_id: int, slot_key: str, attempt: int) -> None:
    """Takes back the rater's last vote; the vote is kept beside its retraction. Asking again for
    a vote that was taken back changes nothing."""
    slot = _locked_slot(session, rater_id, slot_key)
    last = _last_attempt(session, slot.id)
    if attempt < last.number or last.retracted_at is not None:
        return
    if slot.state != StudyState.OPEN:
        raise StudyClosed("This study has closed, so the last answer stays.")
    undo = last_vote(session, rater_id)
    if last.vote_id is None or undo is None or (undo.slot, undo.attempt) != (slot_key, attempt):
        raise SlotConflict("Only the last answer can be taken back.")
    session.add(VoteRetraction(vote_id=last.vote_id))
    session.flush()


def follow_up(
    session: Session,
    *,
    rater_id: int,
    slot_key: str,
    attempt: int,
    confidence: int | None,
    ease: int | None,
) -> None:
    """What the rater says of their last choice, or that they would rather not. Sent again, or for a
    choice that was taken back meanwhile, it changes nothing; what the study does not ask is not
    stored."""
    slot = _locked_slot(session, rater_id, slot_key)
    last = _last_attempt(session, slot.id)
    if attempt < last.number or last.retracted_at is not None:
        return
    if attempt > last.number or last.vote_id is None:
        raise SlotConflict("This answer is for another pair than the one before you.")
    if session.get(VoteFollowUp, last.vote_id) is not None:
        return
    if slot.state != StudyState.OPEN:
        raise StudyClosed("This study has closed. Your answers so far are stored. Thank you.")
    design = Design.from_json(slot.design)
    if slot.purpose is Purpose.CHECK or not design.asks_about_choices:
        return
    session.add(
        VoteFollowUp(
            vote_id=last.vote_id,
            confidence=confidence if design.asks_confidence else None,
            ease=ease if design.asks_ease else None,
        )
    )
    session.flush()


def practise(session: Session, *, rater_id: int) -> None:
    """The practice pair was seen; nothing of the choice is stored."""
    unpractised = (col(Rater.id) == rater_id) & col(Rater.practised_at).is_(None)
    session.execute(update(Rater).where(unpractised).values(practised_at=utc_now()))


def end_break(session: Session, *, rater_id: int, done: int) -> None:
    """The rater goes on after a break that came after so many pairs."""
    earlier = (col(Rater.id) == rater_id) & (col(Rater.last_break) < done)
    session.execute(update(Rater).where(earlier).values(last_break=done))


def _locked_slot(session: Session, rater_id: int, slot_key: str) -> Row[Any]:  # Any: the columns
    """The slot and its study's state, which closing cannot change before this vote is stored; one
    request of this rater at a time."""
    session.execute(
        select(col(Study.id))
        .join(Rater, col(Rater.study_id) == col(Study.id))
        .where(col(Rater.id) == rater_id)
        .with_for_update(read=True, key_share=True, of=Study)
    )
    lock_row(session, Rater, rater_id)
    require_taking_part(session, rater_id)
    row = session.execute(
        select(
            col(Slot.id),
            col(Slot.shown_at),
            col(Slot.purpose),
            col(Study.state),
            col(Study.design),
        )
        .join(Rater, col(Rater.id) == col(Slot.rater_id))
        .join(Study, col(Study.id) == col(Rater.study_id))
        .where(col(Slot.key) == slot_key, col(Slot.rater_id) == rater_id)
    ).first()
    if row is None:
        raise NotFound("This pair is not one of yours.")
    return row


def _last_attempt(session: Session, slot_id: int) -> _Attempt:
    row = session.execute(
        select(col(Vote.attempt), col(Vote.id), col(VoteRetraction.at))
        .outerjoin(VoteRetraction, col(VoteRetraction.vote_id) == col(Vote.id))
        .where(col(Vote.slot_id) == slot_id)
        .order_by(col(Vote.attempt).desc())
        .limit(1)
    ).first()
    return _Attempt(*row) if row else _Attempt(0, None, None)
