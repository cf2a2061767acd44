"""A queue in one table. A job exists exactly if the transaction that asked for it committed."""

from datetime import timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.db import utc_now
from app.models import Job, JobState

_LEASE = timedelta(minutes=2)  # renewed at every step; a job whose process died is taken up again
MOST_ATTEMPTS = 3


def enqueue(session: Session, kind: str, **payload: Any) -> int:  # Any: JSON
    job = Job(kind=kind, payload=payload)
    session.add(job)
    session.flush()
    assert job.id is not None  # noqa: S101  # given by the flush
    return job.id


def claim(session: Session) -> Job | None:
    """The oldest job that waits, or whose process let its lease run out; it is ours now. Whoever
    claims it looks at `attempts`, which may be more than `MOST_ATTEMPTS`."""
    now = utc_now()
    statement = (
        select(Job)
        .where(
            or_(
                col(Job.state) == JobState.QUEUED,
                (col(Job.state) == JobState.RUNNING) & (col(Job.leased_until) < now),
            )
        )
        .order_by(col(Job.enqueued_at), col(Job.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    job = session.exec(statement).first()
    if job is None:
        return None
    job.state, job.leased_until = JobState.RUNNING, now + _LEASE
    job.attempts += 1
    return job


def step(session: Session, job_id: int, *, done: int, total: int) -> None:
    job = session.get_one(Job, job_id)
    job.done, job.total, job.leased_until = done, total, utc_now() + _LEASE


def finish(session: Session, job_id: int) -> None:
    job = session.get_one(Job, job_id)
    job.state, job.finished_at = JobState.DONE, utc_now()


def retry(session: Session, job_id: int) -> None:
    """Back into the queue, for what may go well the next time."""
    job = session.get_one(Job, job_id)
    job.state, job.leased_until = JobState.QUEUED, None


def fail(session: Session, job_id: int, error: str) -> None:
    job = session.get_one(Job, job_id)
    job.state, job.finished_at, job.error = JobState.FAILED, utc_now(), error


def unfinished(session: Session, kind: str, **payload: Any) -> Job | None:  # Any: JSON
    """The job of this kind and payload that has not ended yet, for showing its progress."""
    statement = (
        select(Job)
        .where(col(Job.kind) == kind, col(Job.state).in_([JobState.QUEUED, JobState.RUNNING]))
        .order_by(col(Job.id).desc())
    )
    return next((job for job in session.exec(statement) if job.payload == payload), None)
