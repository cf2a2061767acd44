"""Reads: the reports of a study, and one of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app import jobs
from app.errors import NotFound
from app.models import (
    Erasure,
    Exclusion,
    Poem,
    Rater,
    RaterAnswer,
    Report,
    SchemeCorrection,
    Slot,
    Study,
    Vote,
    VoteRetraction,
)
from app.reports.filters import Filters

JOB = "report"


@dataclass(frozen=True, slots=True)
class ReportRow:
    key: str
    created_at: datetime
    finished_at: datetime | None  # none while it is waited for
    error: str | None
    app_version: str
    options: dict[str, Any]  # Any: JSON

    @property
    def told(self) -> list[str]:
        return Filters.from_dict(self.options).told()


def reports_of(session: Session, study_id: int) -> list[ReportRow]:
    """Newest first, without their results and without those that follow a running study."""
    statement = (
        select(
            col(Report.key),
            col(Report.created_at),
            col(Report.finished_at),
            col(Report.error),
            col(Report.app_version),
            col(Report.options),
        )
        .where(col(Report.study_id) == study_id, col(Report.live).is_(False))
        .order_by(col(Report.id).desc())
    )
    return [ReportRow(*row) for row in session.execute(statement)]


def steps_done(session: Session, report_id: int) -> tuple[int, int] | None:
    """Of how many steps how many are done; none where nobody counts them."""
    job = jobs.unfinished(session, JOB, report=report_id)
    return (job.done, job.total) if job and job.total else None


def report(session: Session, key: str) -> Report:
    found: Report | None = (
        session.execute(select(Report).where(col(Report.key) == key)).scalars().first()
    )
    if found is None:
        raise NotFound("There is no such report.")
    return found


def seen_now(session: Session, study_id: int) -> str:
    """Tells whether anything came that would change a report: people who joined, votes, votes taken
    back, answers to the questions, corrected schemes, decisions on raters, erasures. None of these
    is ever deleted but by an erasure."""
    own = (col(Rater.study_id) == study_id,)
    joined = select(func.count(col(Rater.id))).where(*own)
    votes = select(func.count(col(Vote.id))).join(Slot).join(Rater).where(*own)
    back = (
        select(func.count(col(VoteRetraction.vote_id)))
        .join(Vote)
        .join(Slot)
        .join(Rater)
        .where(*own)
    )
    corrections = (
        select(func.count(col(SchemeCorrection.id)))
        .join(Poem)
        .join(Study, col(Study.poem_set_id) == Poem.poem_set_id)
        .where(col(Study.id) == study_id)
    )
    decisions = select(func.count(col(Exclusion.id))).join(Rater).where(*own)
    erased = select(func.count(col(Erasure.id))).where(col(Erasure.study_id) == study_id)
    answered = select(func.count(col(Rater.answered_at))).where(*own)
    seen = (joined, votes, back, answered, corrections, decisions, erased)
    return " ".join(str(session.scalar(one)) for one in seen)


def has_answers(session: Session, study_id: int) -> bool:
    """Whether some rater answered the questions about themselves: then a report uses them."""
    own = select(col(RaterAnswer.rater_id)).join(Rater).where(col(Rater.study_id) == study_id)
    return session.execute(own.limit(1)).first() is not None


def newest(session: Session, study_id: int, filters: Filters, *, made: bool) -> Report | None:
    """The newest report with these filters, or the newest of them that has a result."""
    statement = (
        select(col(Report.id), col(Report.options))
        .where(col(Report.study_id) == study_id)
        .order_by(col(Report.id).desc())
    )
    if made:
        statement = statement.where(col(Report.result).is_not(None))
    for found, options in session.execute(statement):
        if Filters.from_dict(options) == filters:
            return session.get(Report, found)
    return None
