"""Answers to attention checks as rows: what was asked and what was answered, also what was taken
back. They are no votes on poems, so they have a file of their own that no analysis reads."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, false, func, select
from sqlmodel import Session, col

from app.exports.columns import FLAG, READ_AT_ONCE, TEXT, TIME, Column, Row, iso
from app.exports.votes import FULL_VOTE_COLUMNS
from app.models import Exclusion, Purpose, Rater, Slot, Study, Vote, VoteRetraction
from app.studies.quality import is_newest

_OF_VOTES = {column.name: column for column in FULL_VOTE_COLUMNS}
CHECK_COLUMNS = (
    Column("answer_id", "Identifier of the answer", TEXT),
    *(_OF_VOTES[name] for name in ("study", "rater_id", "group", "simulated", "position")),
    Column("asked", "The side that the check says to choose: left or right", TEXT),
    _OF_VOTES["choice"],
    Column("passed", "1 where that is the side asked for, otherwise 0", FLAG),
    _OF_VOTES["attempt"],
    Column(
        "stands",
        "0 for an answer its rater took back, otherwise 1; only those that stand count in the "
        "raters' n_checks and n_checks_failed",
        FLAG,
    ),
    Column("shown_at", "When the check was first shown for this attempt", TIME, "UTC"),
    *(_OF_VOTES[name] for name in ("cast_at", "decision_ms", "server_ms", "app_version")),
    *(_OF_VOTES[name] for name in ("excluded", "retracted_at")),
)

_Statement = Select[*tuple[Any, ...]]  # Any: the columns' own types


def check_rows(session: Session, study_id: int) -> Iterator[Row]:
    """Every answer to a check, in the order they were stored. Raters who withdrew are not in it.
    Memory does not grow with the number of answers."""
    for found in session.execute(_statement(study_id).execution_options(yield_per=READ_AT_ONCE)):
        yield _row(found)


def _statement(study_id: int) -> _Statement:
    statement: _Statement = (
        select(
            col(Vote.key),
            col(Study.key).label("study"),
            col(Rater.key).label("rater_id"),
            col(Rater.kind),
            col(Rater.simulated),
            col(Slot.position),
            col(Slot.check_side),
            col(Vote.choice),
            col(Vote.attempt),
            col(Vote.shown_at),
            col(Vote.cast_at),
            col(Vote.decision_ms),
            col(Vote.app_version),
            func.coalesce(col(Exclusion.excluded), false()).label("excluded"),
            col(VoteRetraction.at).label("retracted_at"),
        )
        .join(Slot, col(Slot.id) == Vote.slot_id)
        .join(Rater, col(Rater.id) == Slot.rater_id)
        .join(Study, col(Study.id) == Rater.study_id)
        .outerjoin(VoteRetraction, col(VoteRetraction.vote_id) == Vote.id)
        .outerjoin(Exclusion, (col(Exclusion.rater_id) == Rater.id) & is_newest(Exclusion))
        .where(col(Rater.study_id) == study_id, col(Rater.withdrawn_at).is_(None))
        .where(col(Slot.purpose) == Purpose.CHECK)
        .order_by(col(Vote.id))
    )
    return statement


def _row(found: Any) -> Row:  # Any: a row of the statement above
    return {
        "answer_id": found.key,
        "study": found.study,
        "rater_id": found.rater_id,
        "group": found.kind.value,
        "simulated": int(found.simulated),
        "position": found.position,
        "asked": found.check_side.value,
        "choice": found.choice.value,
        "passed": int(found.choice == found.check_side),
        "attempt": found.attempt,
        "stands": int(found.retracted_at is None),
        "shown_at": iso(found.shown_at),
        "cast_at": iso(found.cast_at),
        "decision_ms": found.decision_ms,
        "server_ms": (found.cast_at - found.shown_at) // timedelta(milliseconds=1),
        "app_version": found.app_version,
        "excluded": int(found.excluded),
        "retracted_at": iso(found.retracted_at),
    }
