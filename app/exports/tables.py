"""The files of a study: votes, poems, raters, attention checks."""

from collections.abc import Iterator
from enum import StrEnum

from sqlmodel import Session

from app.exports.checks import CHECK_COLUMNS, check_rows
from app.exports.columns import Column, Row
from app.exports.poems import poem_columns, poem_rows
from app.exports.raters import rater_columns, rater_rows
from app.exports.votes import FULL_VOTE_COLUMNS, VOTE_COLUMNS, vote_rows
from app.exports.writers import Format, write
from app.models import Study


class Table(StrEnum):
    VOTES = "votes"
    POEMS = "poems"
    RATERS = "raters"
    CHECKS = "checks"


def export(
    session: Session,
    study: Study,
    table: Table,
    format: Format,  # noqa: A002  # what the choice is called everywhere
    *,
    full: bool = False,
) -> Iterator[bytes]:
    """One file of the study, in pieces; the session must live until the last. `full` gives the
    votes that were taken back too; the answers to checks are always all of them."""
    columns, rows = _of(session, study, table, full=full)
    return write(rows, columns, format)


def _of(
    session: Session, study: Study, table: Table, *, full: bool
) -> tuple[tuple[Column, ...], Iterator[Row]]:
    study_id, poem_set_id = study.id or 0, study.poem_set_id
    match table:
        case Table.VOTES:
            columns = FULL_VOTE_COLUMNS if full else VOTE_COLUMNS
            return columns, vote_rows(session, study_id, full=full)
        case Table.POEMS:
            return poem_columns(session, poem_set_id), poem_rows(session, poem_set_id)
        case Table.RATERS:
            return rater_columns(session, study_id), rater_rows(session, study_id)
        case Table.CHECKS:
            return CHECK_COLUMNS, check_rows(session, study_id)
