"""Whom an invitation lets in: links, quotas, the closing date, and people who came before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.tokens import derived_token, hash_token
from app.db import lock_row, utc_now
from app.errors import JoiningOver, LinkUsed, NotFound, StudyClosed, StudyFull
from app.models import GroupLink, Participant, PersonalLink, Rater, RaterKind, Study, StudyState
from app.rating.arriving import LINK, Address, Arrival, read_address
from app.studies.plan import Recruitment


@dataclass(frozen=True, slots=True)
class Invited:
    """What a link's key leads to."""

    study: Study
    kind: RaterKind
    group_link_id: int
    quota: int | None
    personal: PersonalLink | None  # the link, where it is for one person

    @property
    def recruitment(self) -> Recruitment:
        return Recruitment.from_json(self.study.recruitment)


class Standing(StrEnum):
    """Whether an invitation can be accepted now."""

    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    OVER = "over"  # its closing date has passed
    USED = "used"
    ELSEWHERE = "elsewhere"  # it works only from the page of a panel


class Acquaintance(StrEnum):
    """What a browser that knows raters and an invitation have to do with each other."""

    NONE = "none"
    SOMEBODY = "somebody"  # took part in the group; a panel or a list says that this is another
    TAKEN_PART = "taken part"  # in the other group, or by a link that is not this person's own
    SAME_PERSON = "same person"  # who took part in the other group, as a panel or a list says
    SAME_LINK = "same link"


def invited_by(session: Session, link_key: str, *, joining: bool = False) -> Invited:
    """`joining`: closing the study waits until it is done, and whoever else joins in this group
    waits where their number counts."""
    kind, study_id, personal = _link(session, link_key)
    statement = select(Study).where(col(Study.id) == study_id)
    if joining:
        statement = statement.with_for_update(read=True, key_share=True, of=Study)
        statement = statement.execution_options(populate_existing=True)  # as the lock found it
    study = session.execute(statement).scalar_one()
    wanted = (col(GroupLink.study_id) == study_id, col(GroupLink.kind) == kind)
    link_id, quota = session.execute(
        select(col(GroupLink.id), col(GroupLink.quota)).where(*wanted)
    ).one()
    if joining and quota is not None:
        lock_row(session, GroupLink, link_id)
    if joining and personal is not None:
        lock_row(session, PersonalLink, personal.id or 0)
        session.refresh(personal)
    return Invited(study, kind, link_id, quota, personal)


def _link(session: Session, link_key: str) -> tuple[RaterKind, int, PersonalLink | None]:
    of_group = session.execute(
        select(col(GroupLink.kind), col(GroupLink.study_id)).where(col(GroupLink.key) == link_key)
    ).first()
    if of_group is not None:
        return RaterKind(of_group.kind), of_group.study_id, None
    personal = session.execute(
        select(PersonalLink).where(col(PersonalLink.key) == link_key)
    ).scalar_one_or_none()
    if personal is None:
        raise NotFound("This invitation does not exist. Please check the link you were given.")
    return RaterKind(personal.kind), personal.study_id, personal


def require_opened(study: Study) -> None:
    if study.state == StudyState.DRAFT:
        raise StudyClosed("This study has not opened yet. Please come back later.")


def require_open(study: Study) -> None:
    require_opened(study)
    if study.state == StudyState.CLOSED:
        raise StudyClosed("This study has closed. Thank you for your interest.")


def standing(session: Session, invited: Invited, arrival: Arrival | None) -> Standing:
    """For somebody who has not joined yet."""
    recruitment = invited.recruitment
    if invited.study.state == StudyState.CLOSED:
        return Standing.CLOSED
    if invited.personal is not None and invited.personal.used_at is not None:
        return Standing.USED
    if recruitment.closes_at is not None and recruitment.closes_at <= utc_now():
        return Standing.OVER
    if recruitment.only_from_panel and arrival is None and invited.personal is None:
        return Standing.ELSEWHERE
    if invited.quota is not None and _joined(session, invited) >= invited.quota:
        return Standing.FULL
    return Standing.OPEN


def require_place(session: Session, invited: Invited, arrival: Arrival | None) -> None:
    found = standing(session, invited, arrival)
    if found is Standing.USED:
        raise LinkUsed("This invitation is for one person, and it has been used already.")
    if found is Standing.OVER:
        raise JoiningOver("The time for joining this study is over. Thank you for your interest.")
    if found is Standing.ELSEWHERE:
        raise NotFound("Please open this study from the page where you found it.")
    if found is Standing.FULL:
        raise StudyFull("All places in this study are taken. Thank you for your interest.")


def _joined(session: Session, invited: Invited) -> int:
    """Those who are screened out or withdraw leave their place to others."""
    statement = select(func.count()).where(
        col(Rater.study_id) == invited.study.id,
        col(Rater.kind) == invited.kind,
        col(Rater.screened_out_at).is_(None),
        col(Rater.withdrawn_at).is_(None),
        col(Rater.simulated).is_(False),
    )
    return session.scalar(statement) or 0


def address_of(
    session: Session, link_key: str, parameters: Mapping[str, str], *, secret: str
) -> Address:
    """What the parameters of an invitation's address say of whoever opens it."""
    invited = invited_by(session, link_key)
    if invited.personal is not None:
        return Address()
    panel = invited.recruitment.panel
    return read_address(panel, parameters, link_key=link_key, secret=secret)


def identity(invited: Invited, arrival: Arrival | None) -> Arrival | None:
    """Who somebody is to the study: a personal link says it by itself."""
    if invited.personal is not None:
        return Arrival(LINK, invited.personal.key)
    return arrival


def known_as(session: Session, study_id: int | None, who: Arrival) -> Any:
    """Id, key and group of the rater that this person is already; None if they are new."""
    return session.execute(
        select(col(Rater.id), col(Rater.key), col(Rater.kind))
        .join(Participant, col(Participant.rater_id) == col(Rater.id))
        .where(
            col(Participant.study_id) == study_id,
            col(Participant.panel) == who.panel,
            col(Participant.external_id) == who.external_id,
        )
    ).first()


def returning(
    session: Session, link_key: str, arrival: Arrival, *, secret: str
) -> tuple[Acquaintance, str]:
    """The token of a person who has joined before, in whatever browser they come back: it is
    made from their rater's key, so that it is the same each time and no other link dies by it.
    Who joined one group and comes by the link of the other is the same person all the same."""
    invited = invited_by(session, link_key)
    known = known_as(session, invited.study.id, arrival)
    if not known:
        return Acquaintance.NONE, ""
    same = known.kind == invited.kind
    how = Acquaintance.SAME_LINK if same else Acquaintance.SAME_PERSON
    return how, derived_token(secret, known.key)


def acquaintance(
    session: Session, tokens: Sequence[str], link_key: str, arrival: Arrival | None = None
) -> tuple[Acquaintance, str]:
    """What a browser with these tokens has to do with the study of this link, and by which of
    them: the one by which it goes on, else the first. Nobody takes part in both groups of a study
    with one browser, whoever a panel says they are."""
    invited = invited_by(session, link_key)
    hashes = [hash_token(token) for token in tokens]
    rows = session.execute(
        select(col(Rater.id), col(Rater.kind), col(Rater.token_hash)).where(
            col(Rater.token_hash).in_(hashes), col(Rater.study_id) == invited.study.id
        )
    )
    found = sorted(rows, key=lambda row: hashes.index(row.token_hash))
    if not found:
        return Acquaintance.NONE, ""
    who = identity(invited, arrival)
    known = known_as(session, invited.study.id, who) if who else None
    for row in found:
        is_theirs = row.id == known.id if known else who is None and row.kind == invited.kind
        if is_theirs:
            return Acquaintance.SAME_LINK, tokens[hashes.index(row.token_hash)]
    strangers = arrival is not None and all(row.kind == invited.kind for row in found)
    how = Acquaintance.SOMEBODY if strangers else Acquaintance.TAKEN_PART
    return how, tokens[hashes.index(found[0].token_hash)]
