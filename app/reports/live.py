"""The report of a study as it is now: while its page is open, a vote is in it within a minute if
it takes less than 20 s to make; never made again when nothing came and the program is the same."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from app import __version__
from app.db import utc_now
from app.models import Report
from app.reports.building import request_report
from app.reports.filters import Filters
from app.reports.queries import newest, seen_now
from app.verse import FEATURE_VERSION

# A vote comes at worst just after a page has looked, and finds a report just made: 15 + 20 + 5 s,
# and what the making takes.
FRESH_FOR = timedelta(seconds=20)
LOOK_EVERY, WAIT_EVERY = 15, 5  # seconds from look to look; while a newer one is being made
_KEPT = 3  # so that what a page shows can still be downloaded when the next is there


def live_report(
    session: Session, *, study_id: int, admin_id: int | None, now: datetime | None = None
) -> Report:
    """The newest report with the usual filters; asked for here where votes came since."""
    found = newest(session, study_id, Filters(), made=False)
    if found is not None and not _is_old(session, found, now or utc_now()):
        return found
    asked = request_report(session, study_id=study_id, admin_id=admin_id, live=True)
    _forget(session, study_id)
    return asked


def last_made(session: Session, *, study_id: int) -> Report | None:
    """What can be shown while the newest is in the making."""
    return newest(session, study_id, Filters(), made=True)


def keep(session: Session, found: Report) -> None:
    """It stays, and stands in the list of the study's reports."""
    found.live = False
    session.add(found)
    session.flush()


def _is_old(session: Session, found: Report, now: datetime) -> bool:
    if found.finished_at is None or now - found.created_at < FRESH_FOR:
        return False
    made_by = (found.app_version, found.feature_version)
    same = found.seen == seen_now(session, found.study_id)
    return not same or made_by != (__version__, FEATURE_VERSION)


def _forget(session: Session, study_id: int) -> None:
    statement = (
        select(Report)
        .where(Report.study_id == study_id, col(Report.live), col(Report.finished_at).is_not(None))
        .order_by(col(Report.id).desc())
        .offset(_KEPT)
    )
    for old in session.exec(statement):
        session.delete(old)
    session.flush()
