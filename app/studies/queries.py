"""Reads: studies and their links."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from app.errors import NotFound, Unusable
from app.models import (
    GroupLink,
    Pair,
    Pairing,
    PoemSet,
    Purpose,
    Rater,
    RaterKind,
    Slot,
    Study,
    StudyState,
    Vote,
    VoteRetraction,
)
from app.studies.instrument import in_words, questionnaire_of
from app.studies.plan import Design, Recruitment


@dataclass(frozen=True, slots=True)
class StudyRow:
    id: int
    key: str
    name: str
    state: StudyState
    title: str
    question: str
    about: str
    pairing: Pairing
    pairs_per_rater: int
    design: Design
    recruitment: Recruitment
    n_pairs: int
    set_key: str
    set_name: str
    created_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None


def studies(session: Session) -> list[StudyRow]:
    """All of them, newest first."""
    n_pairs = (
        select(func.count())
        .where(col(Pair.study_id) == col(Study.id))
        .correlate(Study)
        .scalar_subquery()
    )
    statement = (
        select(Study, PoemSet.key, PoemSet.name, n_pairs)
        .join(PoemSet, col(PoemSet.id) == Study.poem_set_id)
        .order_by(col(Study.id).desc())
    )
    return [_row(*row) for row in session.exec(statement).all()]


def study(session: Session, key: str) -> StudyRow:
    found = study_by_key(session, key)
    poem_set = session.get_one(PoemSet, found.poem_set_id)
    n_pairs = session.exec(select(func.count()).where(Pair.study_id == found.id)).one()
    return _row(found, poem_set.key, poem_set.name, n_pairs)


def study_by_key(session: Session, key: str) -> Study:
    found = session.exec(select(Study).where(Study.key == key)).first()
    if found is None:
        raise NotFound("There is no such study.")
    return found


def find_study(session: Session, name_or_key: str) -> Study:
    """By its name, or else by its key."""
    by_name = session.exec(select(Study).where(Study.name == name_or_key)).first()
    if by_name is not None:
        return by_name
    try:
        return study_by_key(session, name_or_key)
    except NotFound:
        raise NotFound(f"There is no study with the name or key “{name_or_key}”.") from None


def votes_by_people(session: Session) -> dict[str, int]:
    """By study key: the votes that stand, without those of judges and simulated raters. A study
    without any is not in it."""
    statement = (
        select(Study.key, func.count())
        .join(Rater, col(Rater.study_id) == Study.id)
        .join(Slot, col(Slot.rater_id) == Rater.id)
        .join(Vote, col(Vote.slot_id) == Slot.id)
        .where(col(Rater.simulated).is_(False), Rater.kind != RaterKind.JUDGE, stands())
        .where(col(Slot.purpose) != Purpose.CHECK)
        .group_by(Study.key)
    )
    return dict(session.exec(statement).all())


def rule_in_words(session: Session, key: str) -> str:
    """Whom the study's rule makes an expert; of a draft, also why it can make none."""
    try:
        return in_words(questionnaire_of(study_by_key(session, key).design))
    except Unusable as error:
        return str(error)


def group_links(session: Session, key: str) -> dict[RaterKind, str]:
    """The public key of each group's link."""
    statement = (
        select(GroupLink.kind, GroupLink.key)
        .join(Study, col(Study.id) == GroupLink.study_id)
        .where(Study.key == key)
    )
    return {RaterKind(kind): link for kind, link in session.exec(statement).all()}


def stands() -> ColumnElement[bool]:
    """A condition on Vote: its rater has not taken it back."""
    retracted = select(VoteRetraction.vote_id).where(col(VoteRetraction.vote_id) == col(Vote.id))
    return ~retracted.correlate(Vote).exists()


def _row(found: Study, set_key: str, set_name: str, n_pairs: int) -> StudyRow:
    return StudyRow(
        id=found.id or 0,
        key=found.key,
        name=found.name,
        state=found.state,
        title=found.title,
        question=found.question,
        about=found.about,
        pairing=found.pairing,
        pairs_per_rater=found.pairs_per_rater,
        design=Design.from_json(found.design),
        recruitment=Recruitment.from_json(found.recruitment),
        n_pairs=n_pairs,
        set_key=set_key,
        set_name=set_name,
        created_at=found.created_at,
        opened_at=found.opened_at,
        closed_at=found.closed_at,
    )
