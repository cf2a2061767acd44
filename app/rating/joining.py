"""From a group's link to a rater: what they are told, consent, and their slots."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from app.accounts.tokens import hash_token, is_token
from app.db import new_key, utc_now
from app.errors import NotFound, StudyClosed, Unusable
from app.models import (
    GroupLink,
    Pair,
    Pairing,
    Poem,
    PoemFeature,
    Purpose,
    Rater,
    RaterKind,
    Slot,
    Study,
    StudyState,
)
from app.rating.instrument import CONSENT_VERSION
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


@dataclass(frozen=True, slots=True)
class CurrentRater:
    id: int
    study_id: int
    answered: bool
    asks_first: bool  # the questions come before the pairs
    screened_out: bool
    language: str


def invitation(session: Session, link_key: str) -> Invitation:
    study, _kind = _invited_to(session, link_key)
    there_are = session.scalar(select(func.count()).where(col(Pair.study_id) == study.id)) or 0
    pairs = shown_to_each(Design.from_json(study.design), min(study.pairs_per_rater, there_are))
    words = session.scalar(
        select(func.avg(col(PoemFeature.value)))
        .join(Poem, col(Poem.id) == col(PoemFeature.poem_id))
        .where(col(Poem.poem_set_id) == study.poem_set_id, col(PoemFeature.name) == "n_words")
    )
    per_pair = _MINUTES_TO_CHOOSE + 2 * float(words or _USUAL_WORDS) / _WORDS_A_MINUTE
    minutes = max(1, round(pairs * per_pair))
    return Invitation(
        study.title, study.question, study.about, pairs, minutes, _language(study.design)
    )


def join(session: Session, link_key: str, token: str) -> None:
    """A new rater of the link's group, who consents now. The token, of their cookie and of their
    personal link, was made with the page they consent on: the same form sent again finds the rater
    that it made."""
    study, kind = _invited_to(session, link_key, joining=True)
    if not is_token(token):
        raise Unusable("The form did not arrive whole. Please load the page again.")
    if rater_by_token(session, token) is not None:
        return
    now = utc_now()
    rater = Rater(
        study_id=study.id or 0,
        kind=kind,
        token_hash=hash_token(token),
        consent_version=CONSENT_VERSION,
        consented_at=now,
        joined_at=now,
    )
    try:
        with session.begin_nested():
            session.add(rater)
            session.flush()
    except IntegrityError:  # the same form at the same moment, and it was first
        return
    give_slots(session, study=study, rater=rater)


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


class Acquaintance(StrEnum):
    """What a rater's token and a link have to do with each other."""

    NONE = "none"
    SAME_STUDY = "same study"  # but the link of the other group
    SAME_LINK = "same link"


def acquaintance(session: Session, token: str, link_key: str) -> Acquaintance:
    """Whether this token's rater joined by this link, or by the other of its study."""
    statement = (
        select(col(GroupLink.kind) == col(Rater.kind))
        .join(Rater, col(Rater.study_id) == col(GroupLink.study_id))
        .where(col(Rater.token_hash) == hash_token(token), col(GroupLink.key) == link_key)
    )
    same_group = session.execute(statement).scalar_one_or_none()
    if same_group is None:
        return Acquaintance.NONE
    return Acquaintance.SAME_LINK if same_group else Acquaintance.SAME_STUDY


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


def _invited_to(
    session: Session, link_key: str, *, joining: bool = False
) -> tuple[Study, RaterKind]:
    statement = (
        select(Study, col(GroupLink.kind))
        .join(GroupLink, col(GroupLink.study_id) == col(Study.id))
        .where(col(GroupLink.key) == link_key)
    )
    if joining:  # closing the study waits until it is done
        statement = statement.with_for_update(read=True, key_share=True, of=Study)
        statement = statement.execution_options(populate_existing=True)  # as the lock found it
    row = session.execute(statement).first()
    if row is None:
        raise NotFound("This invitation does not exist. Please check the link you were given.")
    study, kind = row
    if study.state == StudyState.DRAFT:
        raise StudyClosed("This study has not opened yet. Please come back later.")
    if study.state == StudyState.CLOSED:
        raise StudyClosed("This study has closed. Thank you for your interest.")
    return study, RaterKind(kind)
