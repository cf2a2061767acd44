"""Raters as rows, without anything that would let one in or tell who they are."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.exports.columns import FLAG, INTEGER, READ_AT_ONCE, TEXT, TIME, Column, Row, iso
from app.models import Purpose, Rater, RaterAnswer, Slot, Vote, VoteRetraction

RATER_COLUMNS = (
    Column("rater_id", "Identifier of the rater", TEXT),
    Column("group", "expert, nonexpert or judge, by the link followed", TEXT),
    Column("simulated", "1 for a rater drawn by a simulation, 0 for a person", FLAG),
    Column("consented_at", "When the rater consented", TIME, "UTC"),
    Column("consent_version", "Version of the text consented to", TEXT),
    Column("joined_at", "When the rater was made", TIME, "UTC"),
    Column("answered_at", "When the questionnaire was answered; empty if not", TIME, "UTC"),
    Column("instrument_version", "Version of the questionnaire answered", TEXT),
    Column("n_slots", "Pairs given to the rater, also those that come again", INTEGER, "pairs"),
    Column("n_votes", "Votes of the rater that stand, as in the votes' file", INTEGER, "votes"),
)
SAYS = "says_"


def rater_columns(session: Session, study_id: int) -> tuple[Column, ...]:
    """Those every study has, and one per item that anyone in this one answered."""
    statement = (
        select(col(RaterAnswer.item))
        .join(Rater, col(Rater.id) == RaterAnswer.rater_id)
        .where(col(Rater.study_id) == study_id)
        .distinct()
        .order_by(col(RaterAnswer.item))
    )
    items = session.execute(statement).scalars().all()
    said = (
        Column(SAYS + item, f"What the rater answered to the item “{item}”", TEXT) for item in items
    )
    return (*RATER_COLUMNS, *said)


def rater_rows(session: Session, study_id: int) -> Iterator[Row]:
    """In the order they joined. Memory does not grow with the number of raters."""
    holds_poems = col(Slot.purpose) != Purpose.CHECK
    n_slots = (
        select(func.count()).where(col(Slot.rater_id) == Rater.id, holds_poems).correlate(Rater)
    )
    n_votes = (
        select(func.count())
        .select_from(Slot)
        .join(Vote, col(Vote.slot_id) == Slot.id)
        .outerjoin(VoteRetraction, col(VoteRetraction.vote_id) == Vote.id)
        .where(col(Slot.rater_id) == Rater.id, col(VoteRetraction.vote_id).is_(None))
        .where(holds_poems)
        .correlate(Rater)
    )
    statement = (
        select(
            col(Rater.id),
            col(Rater.key),
            col(Rater.kind),
            col(Rater.simulated),
            col(Rater.consented_at),
            col(Rater.consent_version),
            col(Rater.joined_at),
            col(Rater.answered_at),
            n_slots.scalar_subquery().label("n_slots"),
            n_votes.scalar_subquery().label("n_votes"),
        )
        .where(col(Rater.study_id) == study_id)
        .order_by(col(Rater.id))
        .execution_options(yield_per=READ_AT_ONCE)
    )
    names = [column.name for column in rater_columns(session, study_id)]
    for part in session.execute(statement).partitions():
        answers = _answers(session, [found.id for found in part])
        for found in part:
            row = _row(found) | answers.get(found.id, {})
            yield {name: row.get(name) for name in names}


def _row(found: Any) -> Row:  # Any: a row of the statement above
    return {
        "rater_id": found.key,
        "group": found.kind.value,
        "simulated": int(found.simulated),
        "consented_at": iso(found.consented_at),
        "consent_version": found.consent_version,
        "joined_at": iso(found.joined_at),
        "answered_at": iso(found.answered_at),
        "n_slots": found.n_slots,
        "n_votes": found.n_votes,
    }


def _answers(session: Session, rater_ids: Sequence[int]) -> dict[int, Row]:
    statement = select(
        col(RaterAnswer.rater_id),
        col(RaterAnswer.item),
        col(RaterAnswer.value),
        col(RaterAnswer.instrument_version),
    ).where(col(RaterAnswer.rater_id).in_(rater_ids))
    answers: dict[int, Row] = {}
    for rater_id, item, value, version in session.execute(statement):
        row = answers.setdefault(rater_id, {})
        row[SAYS + item] = value
        row["instrument_version"] = version
    return answers
