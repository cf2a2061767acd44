"""From an invitation to a rater: what they are told, consent, and their slots."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from app.accounts.tokens import derived_token, hash_token, is_token
from app.db import new_key, utc_now
from app.errors import Unusable
from app.models import (
    ConsentText,
    Pair,
    Pairing,
    Participant,
    Poem,
    PoemFeature,
    Purpose,
    Rater,
    RaterKind,
    Slot,
    Study,
)
from app.rating.admission import (
    Invited,
    Standing,
    identity,
    invited_by,
    known_as,
    require_open,
    require_place,
    standing,
)
from app.rating.arriving import Arrival
from app.studies.design import (
    PlanCheck,
    PlanPair,
    PlanSlot,
    add_checks,
    add_repeats,
    draw_slots,
    shown_to_each,
)
from app.studies.plan import Design, When

_VERSION_LENGTH = 12  # hexadecimal digits of the hash of a text consented to
_WORDS_A_MINUTE = 240  # silent reading of English, Brysbaert 2019
_MINUTES_TO_CHOOSE = 0.15
_USUAL_WORDS = 100  # of a poem not measured yet


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a person is told before they say yes."""

    title: str
    question: str
    about: str
    pairs: int
    minutes: int
    language: str
    minimum_age: int | None
    known_by: str | None  # who tells us who they are: a panel, a list or a link of their own
    keep_identities_days: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class CurrentRater:
    id: int
    study_id: int
    answered: bool
    asks_first: bool  # the questions come before the pairs
    screened_out: bool
    language: str


def invitation(session: Session, link_key: str, arrival: Arrival | None = None) -> Invitation:
    """`arrival`: who they are to a panel or a list, where that is known."""
    invited = invited_by(session, link_key)
    study, recruitment = invited.study, invited.recruitment
    require_open(study)
    there_are = session.scalar(select(func.count()).where(col(Pair.study_id) == study.id)) or 0
    pairs = shown_to_each(Design.from_json(study.design), min(study.pairs_per_rater, there_are))
    words = session.scalar(
        select(func.avg(col(PoemFeature.value)))
        .join(Poem, col(Poem.id) == col(PoemFeature.poem_id))
        .where(col(Poem.poem_set_id) == study.poem_set_id, col(PoemFeature.name) == "n_words")
    )
    per_pair = _MINUTES_TO_CHOOSE + 2 * float(words or _USUAL_WORDS) / _WORDS_A_MINUTE
    design = Design.from_json(study.design)
    who = identity(invited, arrival)
    return Invitation(
        title=study.title,
        question=study.question,
        about=study.about,
        pairs=pairs,
        minutes=max(1, round(pairs * per_pair)),
        language=design.language,
        minimum_age=design.minimum_age,
        known_by=who.panel if who else None,
        keep_identities_days=recruitment.keep_identities_days,
        standing=standing(session, invited, arrival),
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
    row = session.execute(
        select(
            col(Rater.id),
            col(Rater.study_id),
            col(Rater.answered_at),
            col(Rater.screened_out_at),
            col(Study.design),
        )
        .join(Study, col(Study.id) == col(Rater.study_id))
        .where(col(Rater.token_hash) == hash_token(token))
    ).first()
    if row is None:
        return None
    design = Design.from_json(row.design)
    return CurrentRater(
        id=row.id,
        study_id=row.study_id,
        answered=row.answered_at is not None,
        asks_first=design.instrument_when is When.BEFORE,
        screened_out=row.screened_out_at is not None,
        language=design.language,
    )


def _language(design: Mapping[str, Any]) -> str:
    return Design.from_json(design).language


def give_slots(session: Session, *, study: Study, rater: Rater) -> None:
    """Draws this rater's slots from the study's pairs, evenly over what their group has seen; the
    study's design says how many come again and how many check that they are read."""
    column = "drawn_expert" if rater.kind == RaterKind.EXPERT else "drawn_nonexpert"
    drawn = col(getattr(Pair, column))
    rows = session.execute(
        select(
            col(Pair.id),
            col(Pair.first_poem_id),
            col(Pair.second_poem_id),
            col(Poem.prompt_id),
            drawn,
        )
        .join(Poem, col(Poem.id) == col(Pair.first_poem_id))
        .where(col(Pair.study_id) == study.id)
        .order_by(col(Pair.id))
    ).all()
    # The draw repeats for whoever knows seed and rater, and is different for every rater.
    rng = np.random.default_rng([study.seed, rater.id or 0])
    within = study.pairing == Pairing.WITHIN_PROMPT
    pairs = [
        PlanPair(row.id, row.first_poem_id, row.second_poem_id, within and row.prompt_id, row[4])
        for row in rows
    ]
    design = Design.from_json(study.design)
    chosen = draw_slots(pairs, study.pairs_per_rater, rng)
    order = add_checks(add_repeats(chosen, design.repeats, rng), design.checks, rng)
    session.execute(
        insert(Slot),
        [
            {"key": new_key(), "rater_id": rater.id, "position": position, **_slot(planned)}
            for position, planned in enumerate(order, start=1)
        ],
    )
    # In the order of their ids, so that two raters who join at once never wait for each other.
    for pair_id in sorted(slot.pair_id for slot in chosen):
        session.execute(update(Pair).where(col(Pair.id) == pair_id).values({column: drawn + 1}))


def _slot(planned: PlanSlot | PlanCheck) -> dict[str, object]:
    if isinstance(planned, PlanCheck):
        nothing = dict.fromkeys(("pair_id", "left_poem_id", "right_poem_id"))
        return {**nothing, "purpose": Purpose.CHECK, "check_side": planned.side}
    return {
        "pair_id": planned.pair_id,
        "left_poem_id": planned.left,
        "right_poem_id": planned.right,
        "purpose": planned.purpose,
        "check_side": None,
    }
