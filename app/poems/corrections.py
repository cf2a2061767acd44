"""Reads: the corrections of poems' rhyme schemes, and which of them is in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.models import Admin, Poem, SchemeCorrection


@dataclass(frozen=True, slots=True)
class Correction:
    scheme: str | None  # none: it withdrew those before
    note: str
    made_by: str  # the admin's e-mail address
    made_at: datetime


def is_in_force(correction: type[SchemeCorrection]) -> ColumnElement[bool]:
    """For joining with poems: the newest of the poem, where it is no withdrawal."""
    other = aliased(SchemeCorrection)
    newest = (
        select(func.max(col(other.id)))
        .where(col(other.poem_id) == col(Poem.id))
        .correlate(Poem)
        .scalar_subquery()
    )
    return and_(col(correction.id) == newest, col(correction.scheme).is_not(None))


def corrections_in_force(session: Session, poem_row_ids: Sequence[int]) -> dict[int, int]:
    """From the poem's row number to the correction's, for the poems that have one."""
    statement = (
        select(col(SchemeCorrection.poem_id), col(SchemeCorrection.id))
        .join(Poem, is_in_force(SchemeCorrection))
        .where(col(Poem.id).in_(poem_row_ids))
    )
    return dict(map(tuple, session.execute(statement)))


def corrections_of(session: Session, poem_row_id: int) -> tuple[Correction, ...]:
    """Newest first."""
    statement = (
        select(
            col(SchemeCorrection.scheme),
            col(SchemeCorrection.note),
            col(Admin.email),
            col(SchemeCorrection.made_at),
        )
        .join(Admin, col(Admin.id) == col(SchemeCorrection.made_by))
        .where(col(SchemeCorrection.poem_id) == poem_row_id)
        .order_by(col(SchemeCorrection.id).desc())
    )
    return tuple(Correction(*row) for row in session.execute(statement))
