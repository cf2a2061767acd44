"""Who raters are to the panel or the list they came from, for approving what they did. Never part
of the research data."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.models import Participant, PersonalLink, Rater, RaterKind, Study
from app.rating.arriving import LINK
from app.rating.checks import failed_checks_by_rater
from app.rating.ending import State, came_to, code_for, standing_of_raters, state_of
from app.studies.plan import Recruitment


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    rater_key: str
    kind: RaterKind
    panel: str
    external_id: str  # of a personal link: its label, or else its key
    external_study: str | None
    external_session: str | None  # of the latest visit, as is the study
    earlier_visits: str | None  # each as study/session, oldest first, parted by blanks
    joined_at: datetime
    state: State
    code: str  # that they are shown; empty for none
    failed_checks: int


def participants(session: Session, study: Study) -> list[ParticipantRow]:
    """Everybody who is known to somebody, in the order they joined."""
    recruitment = Recruitment.from_json(study.recruitment)
    failed = failed_checks_by_rater(session, study.id or 0)
    labels = _labels(session, study.id or 0)
    statement = (
        standing_of_raters()
        .where(col(Rater.study_id) == study.id, col(Participant.rater_id).is_not(None))
        .order_by(col(Rater.id))
    )
    rows = []
    for row in session.execute(statement):
        state, n_failed = state_of(row), failed.get(row.id, 0)
        label = labels.get(row.external_id) if row.panel == LINK else None
        rows.append(
            ParticipantRow(
                rater_key=row.key,
                kind=RaterKind(row.kind),
                panel=row.panel,
                external_id=label or row.external_id,
                external_study=row.external_study,
                external_session=row.external_session,
                earlier_visits=row.earlier_visits,
                joined_at=row.joined_at,
                state=state,
                code=code_for(recruitment, came_to(row), failed=n_failed, panel=row.panel) or "",
                failed_checks=n_failed,
            )
        )
    return rows


def _labels(session: Session, study_id: int) -> dict[str, str]:
    statement = select(PersonalLink.key, PersonalLink.label).where(
        PersonalLink.study_id == study_id
    )
    return dict(session.exec(statement).all())
