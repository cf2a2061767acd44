"""What is forgotten by itself: who raters are to a panel or list, when a study's time is over."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.models import Participant, PersonalLink, Study, StudyState
from app.studies.plan import Recruitment


def forget_identities(session: Session, now: datetime) -> int:
    """Of studies that have been closed for as many days as they set; how many people that was. A
    study that is open forgets nobody, as they may come back."""
    closed = select(Study).where(
        Study.state == StudyState.CLOSED, col(Study.closed_at).is_not(None)
    )
    over = [study.id for study in session.exec(closed) if _is_over(study, now)]
    gone = session.execute(delete(Participant).where(col(Participant.study_id).in_(over)))
    labelled = update(PersonalLink).where(
        col(PersonalLink.study_id).in_(over), col(PersonalLink.label) != ""
    )
    session.execute(labelled.values(label=""))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a deletion has it


def _is_over(study: Study, now: datetime) -> bool:
    days = Recruitment.from_json(study.recruitment).keep_identities_days
    return study.closed_at is not None and study.closed_at + timedelta(days=days) <= now
