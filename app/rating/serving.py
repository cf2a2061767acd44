"""What a rater sees next, as a value that cannot tell where its poems come from."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.db import utc_now
from app.errors import StudyClosed
from app.models import Choice, Poem, Purpose, Rater, Slot, Study, StudyState, Vote, VoteFollowUp
from app.rating.withdrawing import refuse_withdrawn
from app.studies.plan import Design, Recruitment, When
from app.studies.queries import stands
from app.verse.plain import plain_stanzas

_WORTH_A_BREAK = 3  # pairs still to come; with fewer, a break would only be in the way


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
    id, so none can leak. A check has no poems, and says which side to choose."""

    slot: str
    attempt: int
    question: str
    left: BlindPoem
    right: BlindPoem
    check: Choice | None
    position: int
    total: int
    questions_after: bool
    undo: Undo | None


@dataclass(frozen=True, slots=True)
class Practice:
    """A pair that is none of the study's, and of which nothing is stored."""

    question: str
    total: int


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What the study asks about the last choice."""

    slot: str
    attempt: int
    confidence: bool
    ease: bool
    position: int
    total: int
    questions_after: bool
    undo: Undo | None


@dataclass(frozen=True, slots=True)
class Break:
    done: int
    left: int
    questions_after: bool
    undo: Undo | None


@dataclass(frozen=True, slots=True)
class Done:
    total: int
    undo: Undo | None


Shown = BlindPair | Practice | FollowUp | Break | Done


@dataclass(frozen=True, slots=True)
class _Last:
    """The rater's latest vote that stands, by the order of the pairs."""

    slot: str
    attempt: int
    position: int
    purpose: Purpose
    followed_up: bool
    is_newest: bool

    @property
    def undo(self) -> Undo | None:
        """None after one was taken back: only the last answer can be, and none before it."""
        return Undo(self.slot, self.attempt) if self.is_newest else None


def next_slot(session: Session, rater_id: int) -> Shown:
    """What stands before this rater: the practice pair, a question about the last choice, a break,
    or the first slot without a vote that stands, of which it notes when it was first shown."""
    rater = session.execute(_standing_of_rater(), {"rater_id": rater_id}).one()
    refuse_withdrawn(rater.withdrawn_at)
    design = Design.from_json(rater.design)
    row = session.execute(_first_open_slot(), {"rater_id": rater_id}).first()
    last = _last(session, rater_id)
    undo = _undo(rater, last, has_more=row is not None)
    if rater.state != StudyState.OPEN:
        if row is not None:
            raise StudyClosed("This study has closed. Your answers so far are stored. Thank you.")
        return Done(total=rater.total, undo=None)
    if last is None and design.practice and rater.practised_at is None:
        return Practice(question=rater.question, total=rater.total)
    after = design.instrument_when is When.AFTER and rater.answered_at is None
    if last is not None and _asks(design, last):
        return FollowUp(
            slot=last.slot,
            attempt=last.attempt,
            confidence=design.asks_confidence,
            ease=design.asks_ease,
            position=last.position,
            total=rater.total,
            questions_after=after,
            undo=undo,
        )
    if row is None:
        return Done(total=rater.total, undo=undo)
    done, left = row.position - 1, rater.total - row.position + 1
    if _is_due(design.break_every, done, left, rater.last_break):
        return Break(done=done, left=left, questions_after=after, undo=undo)
    return _pair(session, row, question=rater.question, total=rater.total, after=after, undo=undo)


def last_vote(session: Session, rater_id: int) -> Undo | None:
    """What the rater may take back."""
    rater = session.execute(_standing_of_rater(), {"rater_id": rater_id}).one()
    has_more = session.execute(_first_open_slot(), {"rater_id": rater_id}).first() is not None
    return _undo(rater, _last(session, rater_id), has_more=has_more)


def _undo(rater: Row[Any], last: _Last | None, *, has_more: bool) -> Undo | None:
    """Nothing once the rater has been given what they came for, or was told what they failed."""
    finished = not has_more and rater.answered_at is not None
    recruitment = Recruitment.from_json(rater.recruitment)
    rewarded = recruitment.completion_code or recruitment.return_link
    return None if last is None or (finished and rewarded) else last.undo


def _asks(design: Design, last: _Last) -> bool:
    return design.asks_about_choices and last.purpose is not Purpose.CHECK and not last.followed_up


def _is_due(every: int | None, done: int, left: int, last: int) -> bool:
    return every is not None and left >= _WORTH_A_BREAK and done // every > last // every


def _pair(
    session: Session,
    row: Row[Any],  # Any: the columns of the statement
    *,
    question: str,
    total: int,
    after: bool,
    undo: Undo | None,
) -> BlindPair:
    if row.shown_at is None:
        first_time = (col(Slot.id) == row.id) & col(Slot.shown_at).is_(None)
        session.execute(update(Slot).where(first_time).values(shown_at=utc_now()))
    left, right = (plain_stanzas(text) if text else () for text in (row.left_text, row.right_text))
    return BlindPair(
        slot=row.key,
        attempt=row.attempts + 1,
        question=question,
        left=BlindPoem(left),
        right=BlindPoem(right),
        check=row.check_side,
        position=row.position,
        total=total,
        questions_after=after,
        undo=undo,
    )


def _last(session: Session, rater_id: int) -> _Last | None:
    row = session.execute(_last_that_stands(), {"rater_id": rater_id}).first()
    return _Last(*row) if row else None


# Half of a vote's time would go into writing these statements anew: each is written once.


@cache
def _standing_of_rater() -> Select[Any]:  # Any: the columns below
    total = (
        select(func.count())
        .where(col(Slot.rater_id) == col(Rater.id))
        .correlate(Rater)
        .scalar_subquery()
    )
    return (
        select(
            col(Rater.practised_at),
            col(Rater.answered_at),
            col(Rater.last_break),
            col(Rater.withdrawn_at),
            col(Study.question),
            col(Study.state),
            col(Study.design),
            col(Study.recruitment),
            total.label("total"),
        )
        .join(Study, col(Study.id) == col(Rater.study_id))
        .where(col(Rater.id) == bindparam("rater_id"))
    )


@cache
def _last_that_stands() -> Select[str, int, int, Purpose, bool, bool]:
    newer, of_rater = aliased(Vote), aliased(Slot)
    later = (
        select(col(newer.id))
        .join(of_rater, col(of_rater.id) == col(newer.slot_id))
        .where(col(of_rater.rater_id) == bindparam("rater_id"), col(newer.id) > col(Vote.id))
        .correlate(Vote)
    )
    return (
        select(
            col(Slot.key),
            col(Vote.attempt),
            col(Slot.position),
            col(Slot.purpose),
            col(VoteFollowUp.vote_id).is_not(None),
            ~later.exists(),
        )
        .join(Vote, col(Vote.slot_id) == col(Slot.id))
        .outerjoin(VoteFollowUp, col(VoteFollowUp.vote_id) == col(Vote.id))
        .where(col(Slot.rater_id) == bindparam("rater_id"), stands())
        .order_by(col(Slot.position).desc())
        .limit(1)
    )


@cache
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
            col(Slot.check_side),
            attempts.label("attempts"),
            col(left.text).label("left_text"),
            col(right.text).label("right_text"),
        )
        .outerjoin(left, col(left.id) == col(Slot.left_poem_id))
        .outerjoin(right, col(right.id) == col(Slot.right_poem_id))
        .where(col(Slot.rater_id) == bindparam("rater_id"), ~standing.correlate(Slot).exists())
        .order_by(col(Slot.position))
        .limit(1)
    )
