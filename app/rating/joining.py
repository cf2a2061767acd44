"""From an invitation to a rater: what they are told, consent, and their slots."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from app.accounts.tokens import derived_token, hash_token, is_token
from app.db import new_key, utc_now
from app.errors import Unusable
from app.models import (
    ConsentText,
    Pair,
    Participant,
    Poem,
    PoemFeature,
    Rater,
    Study,
)
from app.rating.admission import (
    Invited,
    Standing,
    identity,
    invited_by,
    known_as,
    require_open,
    require_opened,
    require_place,
    standing,
)
from app.rating.arriving import Arrival
from app.rating.drawing import give_slots
from app.studies.design import (
    shown_to_each,
)
from app.studies.instrument import Kind, questionnaire_of
from app.studies.plan import Design, When

_VERSION_LENGTH = 12  # hexadecimal digits of the hash of a text consented to
_WORDS_A_MINUTE = 240  # silent reading of English, Brysbaert 2019
_MINUTES_TO_CHOOSE = 0.15
_MINUTES_A_QUESTION, _MINUTES_A_NAME = 0.15, 0.04
_USUAL_WORDS = 100  # of a poem not measured yet


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a person is told before they say yes."""

    title: str
    question: str
    about: str
    pairs: int  # of poems
    checks: int  # pages between them that ask for one side
    minutes: int
    language: str
    minimum_age: int | None
    known_by: str | None  # who tells us who they are: a panel, a list or a link of their own
    keep_identities_days: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class CurrentRater:
    id: int
    key: str
    token: str
    study_id: int
    answered: bool
    asks_first: bool  # the questions come before the pairs
    screened_out: bool
    withdrawn: bool
    language: str


def invitation(session: Session, link_key: str, arrival: Arrival | None = None) -> Invitation:
    """`arrival`: who they are to a panel or a list, where that is known."""
    invited = invited_by(session, link_key)
    study, recruitment = invited.study, invited.recruitment
    require_opened(study)
    there_are = session.scalar(select(func.count()).where(col(Pair.study_id) == study.id)) or 0
    design = Design.from_json(study.design)
    pairs = shown_to_each(design, min(study.pairs_per_rater, there_are))
    words = session.scalar(
        select(func.avg(col(PoemFeature.value)))
        .join(Poem, col(Poem.id) == col(PoemFeature.poem_id))
        .where(col(Poem.poem_set_id) == study.poem_set_id, col(PoemFeature.name) == "n_words")
    )
    per_pair = _MINUTES_TO_CHOOSE + 2 * float(words or _USUAL_WORDS) / _WORDS_A_MINUTE
    who = identity(invited, arrival)
    return Invitation(
        title=study.title,
        question=study.question,
        about=study.about,
        pairs=pairs.of_poems,
        checks=pairs.checks,
        minutes=max(1, round(pairs.of_poems * per_pair + _minutes_of_questions(study))),
        language=design.language,
        minimum_age=design.minimum_age,
        known_by=who.panel if who else None,
        keep_identities_days=recruitment.keep_identities_days,
        standing=standing(session, invited, arrival),
    )


def _minutes_of_questions(study: Study) -> float:
    sections = questionnaire_of(study.design).sections
    return sum(
        len(section.items)
        * (_MINUTES_A_NAME if section.kind is Kind.NAMES else _MINUTES_A_QUESTION)
        for section in sections
    )


def language_of(session: Session, link_key: str) -> str:
    """In which whoever opens this link is spoken to, whatever else it leads to."""
    return _language(invited_by(session, link_key).study.design)


def _consent_version(text: str) -> str:
    """The version of a text consented to: another letter makes another version."""
    return hashlib.sha256(text.encode()).hexdigest()[:_VERSION_LENGTH]


def join(
    session: Session,
    link_key: str,
    token: str,
    *,
    arrival: Arrival | None = None,
    secret: str = "",
    consented_to: str | None = None,
) -> str:
    """A new rater of the link's group, who consents now to the text they were shown; gives the
    token of their cookie and of their personal link. Whoever has joined before is the same rater
    again: by who they are to a panel or a list, or else by the token, which was made with the page
    they consent on."""
    invited = invited_by(session, link_key, joining=True)
    require_open(invited.study)
    if arrival is None and not is_token(token):
        raise Unusable("The form did not arrive whole. Please load the page again.")
    known = arrival and known_as(session, invited.study.id, arrival)
    if known:
        return derived_token(secret, known.key)
    if rater_by_token(session, token) is not None:
        return token
    require_place(session, invited, arrival)
    key = new_key()
    if arrival is not None:
        token = derived_token(secret, key)
    rater = _consenting(session, invited, key, token, consented_to)
    try:
        with session.begin_nested():
            _store(session, rater, invited, arrival)
    except IntegrityError:  # the same form or person at the same moment, and it was first
        first = known_as(session, invited.study.id, arrival) if arrival else None
        return derived_token(secret, first.key) if first else token
    give_slots(session, study=invited.study, rater=rater)
    return token


def _consenting(
    session: Session, invited: Invited, key: str, token: str, consented_to: str | None
) -> Rater:
    version = _keep_text(session, consented_to) if consented_to is not None else None
    now = utc_now()
    return Rater(
        key=key,
        study_id=invited.study.id or 0,
        kind=invited.kind,
        token_hash=hash_token(token),
        consent_version=version,
        consented_at=now,
        joined_at=now,
    )


def _store(session: Session, rater: Rater, invited: Invited, arrival: Arrival | None) -> None:
    session.add(rater)
    session.flush()
    who = identity(invited, arrival)
    if who is not None:
        session.add(
            Participant(
                rater_id=rater.id or 0,
                study_id=rater.study_id,
                panel=who.panel,
                external_id=who.external_id,
                external_study=who.external_study,
                external_session=who.external_session,
            )
        )
    if invited.personal is not None:
        invited.personal.used_at = rater.joined_at
    session.flush()


def _keep_text(session: Session, text: str) -> str:
    """Stores a text the first time somebody consents to it."""
    version = _consent_version(text)
    if session.get(ConsentText, version) is None:
        try:
            with session.begin_nested():
                session.add(ConsentText(version=version, text=text))
                session.flush()
        except IntegrityError:  # somebody else consented to it at the same moment
            pass
    return version


def rater_by_token(session: Session, token: str) -> CurrentRater | None:
    row = session.execute(_raters().where(col(Rater.token_hash) == hash_token(token))).first()
    return _current(row, token) if row else None


def rater_by_key(session: Session, key: str, tokens: Sequence[str]) -> CurrentRater | None:
    """The rater of this key, for whoever has their token among others."""
    row = session.execute(_raters().where(col(Rater.key) == key)).first()
    token = next((one for one in tokens if row and hash_token(one) == row.token_hash), None)
    return _current(row, token) if row and token else None


def of_the_same_study(session: Session, token: str, others: Sequence[str]) -> list[str]:
    """Those of the other tokens whose raters take part in the study of this one's."""
    study = select(col(Rater.study_id)).where(col(Rater.token_hash) == hash_token(token))
    statement = select(col(Rater.token_hash)).where(col(Rater.study_id) == study.scalar_subquery())
    hashes = [hash_token(other) for other in others]
    found = set(session.scalars(statement.where(col(Rater.token_hash).in_(hashes))))
    return [
        other
        for other, hashed in zip(others, hashes, strict=True)
        if hashed in found and other != token
    ]


def _raters() -> Select[Any]:  # Any: the columns below
    columns: list[Any] = [  # Any: of as many types
        col(Rater.id),
        col(Rater.key),
        col(Rater.token_hash),
        col(Rater.study_id),
        col(Rater.answered_at),
        col(Rater.screened_out_at),
        col(Rater.withdrawn_at),
        col(Study.design),
    ]
    return select(*columns).join(Study, col(Study.id) == col(Rater.study_id))


def _current(row: Row[Any], token: str) -> CurrentRater:  # Any: as above
    design = Design.from_json(row.design)
    return CurrentRater(
        id=row.id,
        key=row.key,
        token=token,
        study_id=row.study_id,
        answered=row.answered_at is not None,
        asks_first=design.instrument_when is When.BEFORE,
        screened_out=row.screened_out_at is not None,
        withdrawn=row.withdrawn_at is not None,
        language=design.language,
    )


def _language(design: Mapping[str, Any]) -> str:
    return Design.from_json(design).language
