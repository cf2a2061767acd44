"""The visits of somebody whom a panel sends again. The latest is the one it waits for: its number
goes into the return link and the file of participants; those before are kept beside it."""

from sqlmodel import Session, select

from app.models import Participant
from app.rating.admission import invited_by
from app.rating.arriving import Arrival

_MOST_KEPT = 50  # before the latest: an address can be opened as often as anybody likes


def is_another_visit(session: Session, link_key: str, arrival: Arrival) -> bool:
    """Whether the panel gives a visit of somebody known another number than their latest has."""
    known = _known(session, link_key, arrival)
    return known is not None and _of_arrival(known, arrival) != _of_stored(known)


def keep_visit(session: Session, link_key: str, arrival: Arrival) -> None:
    """Nothing changes for somebody unknown, or whose latest visit this is already."""
    known = _known(session, link_key, arrival, to_change=True)
    if known is None:
        return
    latest, before = _of_arrival(known, arrival), _of_stored(known)
    if latest == before:
        return
    if any(before):
        earlier = [*(known.earlier_visits or "").split(), "/".join(one or "" for one in before)]
        known.earlier_visits = " ".join(earlier[-_MOST_KEPT:])
    known.external_study, known.external_session = latest
    session.flush()


def _known(
    session: Session, link_key: str, arrival: Arrival, *, to_change: bool = False
) -> Participant | None:
    statement = select(Participant).where(
        Participant.study_id == invited_by(session, link_key).study.id,
        Participant.panel == arrival.panel,
        Participant.external_id == arrival.external_id,
    )
    if to_change:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.exec(statement).first()


def _of_stored(known: Participant) -> tuple[str | None, str | None]:
    return known.external_study, known.external_session


def _of_arrival(known: Participant, arrival: Arrival) -> tuple[str | None, str | None]:
    """What an address does not say is as it was."""
    return (
        arrival.external_study or known.external_study,
        arrival.external_session or known.external_session,
    )
