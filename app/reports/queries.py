"""Reads: the reports of a study, and one of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import NotFound
from app.models import Report


@dataclass(frozen=True, slots=True)
class ReportRow:
    key: str
    created_at: datetime
    finished_at: datetime | None  # none while it is waited for
    error: str | None
    app_version: str


def reports_of(session: Session, study_id: int) -> list[ReportRow]:
    """Newest first, without their results."""
    statement = (
        select(
            col(Report.key),
            col(Report.created_at),
            col(Report.finished_at),
            col(Report.error),
            col(Report.app_version),
        )
        .where(col(Report.study_id) == study_id)
        .order_by(col(Report.id).desc())
    )
    return [ReportRow(*row) for row in session.execute(statement)]


def report(session: Session, key: str) -> Report:
    found: Report | None = (
        session.execute(select(Report).where(col(Report.key) == key)).scalars().first()
    )
    if found is None:
        raise NotFound("There is no such report.")
    return found
