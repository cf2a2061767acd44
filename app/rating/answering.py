"""A rater's answers about themself: asked section by section, stored once, scored when complete."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlmodel import Session, col

from app.db import lock_row, utc_now
from app.errors import StudyClosed, Unusable
from app.models import Rater, RaterAnswer, Slot, Study, StudyState, Vote
from app.rating.drawing import give_back
from app.rating.withdrawing import require_taking_part
from app.studies.instrument import (
    CHOSEN,
    NOT_CHOSEN,
    Kind,
    Questionnaire,
    Section,
    questionnaire_of,
)
from app.studies.plan import Design, When
from app.studies.queries import stands
from app.studies.scoring import scored


@dataclass(frozen=True, slots=True)
class Part:
    """One page of questions."""

    section: Section
    number: int  # from 1
    total: int

    @property
    def is_last(self) -> bool:
        return self.number == self.total


def next_part(session: Session, rater_id: int) -> Part | None:
    """The first section without answers; None when all are stored, or pairs come first."""
    asked, design = _asked(session, rater_id)
    if design.instrument_when is When.AFTER and _has_pairs_left(session, rater_id):
        return None
    return _first_open(asked, _stored(session, rater_id))


def unanswered(part: Part, answers: Mapping[str, str]) -> list[str]:
    """The items without one of their answers. Names may all be left unticked."""
    if part.section.kind is Kind.NAMES:
        return []
    return [
        item.name for item in part.section.items if item.points(answers.get(item.name, "")) is None
    ]


def answer_part(
    session: Session, *, rater_id: int, section: str, answers: Mapping[str, str]
) -> None:
    """Stores the answers to a section, if it is the one that is open: sent again, or from a page
    that is over, they change nothing. The last section makes the score."""
    lock_row(session, Rater, rater_id)
    require_taking_part(session, rater_id)
    part = next_part(session, rater_id)
    if part is None or part.section.name != section:
        return
    asked, design = _asked(session, rater_id)
    stored = _stored(session, rater_id)
    if unanswered(part, answers):
        raise Unusable("Every question needs one of its answers.")
    given = {item.name: _value(part.section, answers.get(item.name)) for item in part.section.items}
    session.add_all(
        RaterAnswer(rater_id=rater_id, item=name, value=value, instrument_version=asked.version)
        for name, value in given.items()
    )
    session.flush()
    if part.is_last:
        _complete(session, rater_id, asked, design, stored | given)


def answer(session: Session, *, rater_id: int, answers: Mapping[str, str]) -> None:
    """Stores the answers to all sections at once; a second sending changes nothing."""
    part = next_part(session, rater_id)
    while part is not None:
        answer_part(session, rater_id=rater_id, section=part.section.name, answers=answers)
        part = next_part(session, rater_id)


def _asked(session: Session, rater_id: int) -> tuple[Questionnaire, Design]:
    stored, state = session.execute(
        select(col(Study.design), col(Study.state))
        .join(Rater, col(Rater.study_id) == col(Study.id))
        .where(col(Rater.id) == rater_id)
    ).one()
    if state != StudyState.OPEN:
        raise StudyClosed("This study has closed. Your answers so far are stored. Thank you.")
    return questionnaire_of(stored), Design.from_json(stored)


def _has_pairs_left(session: Session, rater_id: int) -> bool:
    standing = select(col(Vote.id)).where(col(Vote.slot_id) == col(Slot.id), stands())
    left = select(col(Slot.id)).where(
        col(Slot.rater_id) == rater_id, ~standing.correlate(Slot).exists()
    )
    return session.execute(left.limit(1)).first() is not None


def _stored(session: Session, rater_id: int) -> dict[str, str]:
    rows = session.execute(
        select(col(RaterAnswer.item), col(RaterAnswer.value)).where(
            col(RaterAnswer.rater_id) == rater_id
        )
    )
    return {row.item: row.value for row in rows}


def _first_open(asked: Questionnaire, stored: Mapping[str, str]) -> Part | None:
    for number, section in enumerate(asked.sections, start=1):
        if any(item.name not in stored for item in section.items):
            return Part(section, number, len(asked.sections))
    return None


def _value(section: Section, given: str | None) -> str:
    if section.kind is Kind.NAMES:
        return CHOSEN if given == CHOSEN else NOT_CHOSEN
    return given or ""


def _complete(
    session: Session,
    rater_id: int,
    asked: Questionnaire,
    design: Design,
    answers: Mapping[str, str],
) -> None:
    rater = session.get_one(Rater, rater_id, populate_existing=True)
    found = scored(asked, answers)
    rater.answered_at = utc_now()
    rater.expertise_score, rater.scored_as = found.score, found.scored_as
    rater.self_described = found.self_described
    if design.screens_out and found.scored_as != rater.kind:  # before any pair was shown
        rater.screened_out_at = rater.answered_at
        give_back(session, rater, unseen=True)
        session.execute(
            delete(Slot).where(col(Slot.rater_id) == rater_id, col(Slot.shown_at).is_(None))
        )
    session.flush()
