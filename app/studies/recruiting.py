"""Whom an open study still recruits: its panel, codes and closing date, the quota of each group,
and links for one person each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.db import lock_row, utc_now
from app.errors import Conflict, NotFound, Unusable
from app.models import GroupLink, PersonalLink, RaterKind, Study, StudyState
from app.studies.plan import Design, Recruitment, mistakes

MOST_LINKS = 1_000  # made at once
LONGEST_LABEL = 200
_MOST_QUOTA = 1_000_000

Quotas = Mapping[RaterKind, int | None]


@dataclass(frozen=True, slots=True)
class PersonalLinkRow:
    key: str
    kind: RaterKind
    label: str
    created_at: datetime
    used_at: datetime | None


def change_recruitment(
    session: Session, key: str, *, recruitment: Recruitment, quotas: Quotas
) -> None:
    """For as long as anybody can still join."""
    study = locked_study(session, key)
    if study.state == StudyState.CLOSED:
        raise Conflict("The study is closed: it recruits nobody any more.")
    promised = Recruitment.from_json(study.recruitment).keep_identities_days
    if study.state == StudyState.OPEN and recruitment.keep_identities_days > promised:
        raise Unusable(
            f"Raters were promised that their identity is deleted after {promised} days: it may "
            "only be sooner."
        )
    set_recruitment(session, study, recruitment)
    set_quotas(session, study.id or 0, quotas)


def set_recruitment(session: Session, study: Study, recruitment: Recruitment) -> None:
    """What cannot work with the study's design is refused."""
    wrong = mistakes(Design.from_json(study.design), recruitment)
    if wrong:
        raise Unusable(next(iter(wrong.values())))
    study.recruitment = recruitment.to_json()
    session.flush()


def set_quotas(session: Session, study_id: int, quotas: Quotas) -> None:
    """How many of each group may join; None: any number."""
    for kind in sorted(quotas):
        quota = quotas[kind]
        if quota is not None and not 0 <= quota <= _MOST_QUOTA:
            raise Unusable(f"A quota must be between 0 and {_MOST_QUOTA:,}, or empty for no limit.")
        session.execute(
            update(GroupLink)
            .where(col(GroupLink.study_id) == study_id, col(GroupLink.kind) == kind)
            .values(quota=quota)
        )


def quotas(session: Session, study_id: int) -> dict[RaterKind, int | None]:
    statement = select(col(GroupLink.kind), col(GroupLink.quota)).where(
        col(GroupLink.study_id) == study_id
    )
    return {RaterKind(kind): quota for kind, quota in session.execute(statement)}


def make_personal_links(
    session: Session, key: str, *, kind: RaterKind, labels: Sequence[str]
) -> int:
    """One for each label; a label may be empty."""
    study = locked_study(session, key)
    if study.state == StudyState.CLOSED:
        raise Conflict("The study is closed: it recruits nobody any more.")
    if not 1 <= len(labels) <= MOST_LINKS:
        raise Unusable(f"Between 1 and {MOST_LINKS:,} links can be made at once.")
    if any(len(label) > LONGEST_LABEL for label in labels):
        raise Unusable(f"A label may have at most {LONGEST_LABEL} characters.")
    session.add_all(
        PersonalLink(study_id=study.id or 0, kind=kind, label=label, created_at=utc_now())
        for label in labels
    )
    session.flush()
    return len(labels)


def personal_links(session: Session, study_id: int) -> list[PersonalLinkRow]:
    """In the order they were made."""
    statement = (
        select(
            col(PersonalLink.key),
            col(PersonalLink.kind),
            col(PersonalLink.label),
            col(PersonalLink.created_at),
            col(PersonalLink.used_at),
        )
        .where(col(PersonalLink.study_id) == study_id)
        .order_by(col(PersonalLink.id))
    )
    return [PersonalLinkRow(*row) for row in session.execute(statement)]


def locked_study(session: Session, key: str) -> Study:
    """As it is once nobody else is changing it, which may be: gone."""
    statement = select(Study).where(col(Study.key) == key)
    study: Study | None = session.execute(statement).scalar_one_or_none()
    if study is not None:
        lock_row(session, Study, study.id or 0)
        again = statement.execution_options(populate_existing=True)
        study = session.scalars(again).one_or_none()
    if study is None:
        raise NotFound("There is no such study.")
    return study
