"""From a group's link to a rater: what they are told, consent, questions, and their slots."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from app.accounts.tokens import hash_token, new_token
from app.db import new_key, utc_now
from app.errors import NotFound, StudyClosed, Unusable
from app.models import (
    GroupLink,
    Pair,
    Poem,
    Rater,
    RaterAnswer,
    RaterKind,
    Slot,
    Study,
    StudyState,
)
from app.rating.instrument import CONSENT_VERSION, INSTRUMENT_VERSION, ITEMS
from app.studies.design import PlanPair, draw_slots

_MINUTES_PER_PAIR = 0.6  # two short poems read with care and a choice


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a person is told before they say yes."""

    title: str
    question: str
    about: str
    pairs: int
    minutes: int


@dataclass(frozen=True, slots=True)
class CurrentRater:
    id: int
    study_id: int
    answered: bool


def invitation(session: Session, link_key: str) -> Invitation:
    study, _kind = _invited_to(session, link_key)
    minutes = max(1, round(study.pairs_per_rater * _MINUTES_PER_PAIR))
    return Invitation(study.title, study.question, study.about, study.pairs_per_rater, minutes)


def join(session: Session, link_key: str) -> str:
    """A new rater of the link's group, who consents now. Gives the token of their cookie and of
    their personal link."""
    study, kind = _invited_to(session, link_key)
    token = new_token()
    now = utc_now()
    rater = Rater(
        study_id=study.id or 0,
        kind=kind,
        token_hash=hash_token(token),
        consent_version=CONSENT_VERSION,
        consented_at=now,
        joined_at=now,
    )
    session.add(rater)
    session.flush()
    give_slots(session, study=study, rater=rater)
    return token


def rater_by_token(session: Session, token: str) -> CurrentRater | None:
    row = session.execute(
        select(col(Rater.id), col(Rater.study_id), col(Rater.answered_at)).where(
            col(Rater.token_hash) == hash_token(token)
        )
    ).first()
    return CurrentRater(row.id, row.study_id, row.answered_at is not None) if row else None


def is_of_link(session: Session, token: str, link_key: str) -> bool:
    """Whether this token's rater joined by this link: they go on instead of joining again."""
    statement = (
        select(col(Rater.id))
        .join(GroupLink, col(GroupLink.study_id) == col(Rater.study_id))
        .where(
            col(Rater.token_hash) == hash_token(token),
            col(GroupLink.key) == link_key,
            col(GroupLink.kind) == col(Rater.kind),
        )
    )
    return session.execute(statement).first() is not None


def unanswered(answers: Mapping[str, str]) -> dict[str, str]:
    """By item, what is missing or not one of its options."""
    return {
        item.name: "Please choose one of the answers."
        for item in ITEMS
        if answers.get(item.name) not in {value for value, _label in item.options}
    }


def answer(session: Session, *, rater_id: int, answers: Mapping[str, str]) -> None:
    """Stores a complete set of answers, once; a second sending changes nothing."""
    if unanswered(answers):
        raise Unusable("Every question needs one of its answers.")
    rater = session.get_one(Rater, rater_id, with_for_update=True)
    if rater.answered_at is not None:
        return
    rater.answered_at = utc_now()
    for item in ITEMS:
        session.add(
            RaterAnswer(
                rater_id=rater_id,
                item=item.name,
                value=answers[item.name],
                instrument_version=INSTRUMENT_VERSION,
            )
        )
    session.flush()


def give_slots(session: Session, *, study: Study, rater: Rater) -> None:
    """Draws this rater's slots from the study's pairs, evenly over what their group has seen."""
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
    chosen = draw_slots([PlanPair(*row) for row in rows], study.pairs_per_rater, rng)
    session.execute(
        insert(Slot),
        [
            {
                "key": new_key(),
                "rater_id": rater.id,
                "pair_id": slot.pair_id,
                "position": position,
                "left_poem_id": slot.left,
                "right_poem_id": slot.right,
            }
            for position, slot in enumerate(chosen, start=1)
        ],
    )
    # In the order of their ids, so that two raters who join at once never wait for each other.
    for pair_id in sorted(slot.pair_id for slot in chosen):
        session.execute(update(Pair).where(col(Pair.id) == pair_id).values({column: drawn + 1}))


def _invited_to(session: Session, link_key: str) -> tuple[Study, RaterKind]:
    row = session.execute(
        select(Study, col(GroupLink.kind))
        .join(GroupLink, col(GroupLink.study_id) == col(Study.id))
        .where(col(GroupLink.key) == link_key)
    ).first()
    if row is None:
        raise NotFound("This invitation does not exist. Please check the link you were given.")
    study, kind = row
    if study.state == StudyState.DRAFT:
        raise StudyClosed("This study has not opened yet. Please come back later.")
    if study.state == StudyState.CLOSED:
        raise StudyClosed("This study has closed. Thank you for your interest.")
    return study, RaterKind(kind)
