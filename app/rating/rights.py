"""Reads: everything stored about one rater, for that rater."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Table, func, select
from sqlmodel import Session, SQLModel, col

from app.db import utc_now
from app.models import Participant, PersonalLink, Poem, Rater, Slot, Study, Vote
from app.rating.personal_data import RATERS, Held
from app.rating.withdrawing import came_by_link
from app.studies.instrument import CHOSEN, Questionnaire, questionnaire_of
from app.verse.plain import plain_stanzas

_ANSWERS = "rater_answer"
_IDENTITIES = (Participant.__tablename__, PersonalLink.__tablename__)
_POEMS = ("left_poem_id", "right_poem_id")

Cell = str | int | float | bool | datetime | None
Row = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Section:
    """One table's rows about this rater."""

    name: str
    title: str
    why: str
    how_long: str
    columns: dict[str, str]  # from its name to what it is
    rows: list[Row]
    worded: list[Row]  # the same for a person to read; codes of answers are their texts


@dataclass(frozen=True, slots=True)
class Mine:
    title: str  # of the study, for raters
    key: str
    withdrawn_at: datetime | None
    n_votes: int
    sections: list[Section]

    @property
    def is_known(self) -> bool:
        """To whoever invited them, by a number or a name."""
        return any(one.rows for one in self.sections if one.name in _IDENTITIES)

    @property
    def came_by_own_link(self) -> bool:
        return any(one.rows for one in self.sections if one.name == PersonalLink.__tablename__)

    def as_dict(self, say: Callable[[str], str]) -> dict[str, Any]:  # Any: JSON
        """`say` translates our own words; names and values are the same in every language."""
        return {
            "study": self.title,
            "made_at": _iso(utc_now()),
            "tables": {
                one.name: {
                    "title": say(one.title),
                    "columns": {name: say(what) for name, what in one.columns.items()},
                    "rows": _plain(one.rows),
                }
                for one in self.sections
            },
        }


def stored_about(session: Session, rater_id: int) -> Mine:
    """All of it, but for what would tell what is still to come: of a pair that was not shown yet
    there is only that it waits. Poems are told by their first line, as the rater saw them."""
    rater = session.get_one(Rater, rater_id)
    study = session.get_one(Study, rater.study_id)
    asked = questionnaire_of(study.design)
    votes = select(func.count()).select_from(Vote).join(Slot).where(col(Slot.rater_id) == rater_id)
    sections = [_section(session, name, rater_id, asked) for name in RATERS]
    return Mine(study.title, rater.key, rater.withdrawn_at, session.scalar(votes) or 0, sections)


def _section(session: Session, name: str, rater_id: int, asked: Questionnaire) -> Section:
    held, table = RATERS[name], SQLModel.metadata.tables[name]
    shown = {column: one for column, one in held.columns.items() if not one.withheld}
    rows = [_row(session, name, row, shown) for row in _rows(session, table, rater_id)]
    columns = {column: one.what for column, one in shown.items()}
    worded = [_answer_in_words(row, asked) for row in rows] if name == _ANSWERS else rows
    return Section(name, held.title, held.why, held.how_long, columns, rows, worded)


def _answer_in_words(row: Row, asked: Questionnaire) -> Row:
    """A name that was ticked is answered by yes; what this study does not ask stays a code."""
    item = next((one for one in asked.items if one.name == row["item"]), None)
    if item is None:
        return row
    labels: dict[str, Cell] = {one.value: one.label for one in item.options if one.label}
    answer = labels.get(str(row["value"]), row["value"]) if labels else row["value"] == CHOSEN
    return row | {"item": item.text, "value": answer}


def _rows(session: Session, table: Table, rater_id: int) -> list[dict[str, Any]]:
    """Of this rater, by the foreign keys that lead to them; a reference to a row of the rater's is
    told by that row's key."""
    vote, slot, rater = (SQLModel.metadata.tables[name] for name in ("vote", "slot", "rater"))
    if table.name == PersonalLink.__tablename__:
        return _own_link(session, table, rater_id)
    named = {"slot_id", "vote_id"}
    columns: list[Any] = [column for column in table.c if column.name not in named]  # Any: SQL
    source: Any = table  # Any: a table, or a join of tables
    if "vote_id" in table.c:
        columns.append(vote.c.key.label("vote_id"))
        source = table.join(vote, vote.c.id == table.c.vote_id).join(slot)
        whose = slot.c.rater_id
    elif "slot_id" in table.c:
        columns.append(slot.c.key.label("slot_id"))
        source, whose = table.join(slot), slot.c.rater_id
    else:
        whose = table.c.id if table is rater else table.c.rater_id
    order = list(table.primary_key.columns)
    statement = select(*columns).select_from(source).where(whose == rater_id).order_by(*order)
    return [dict(row) for row in session.execute(statement).mappings()]


def _own_link(session: Session, table: Table, rater_id: int) -> list[dict[str, Any]]:
    """No foreign key leads from an invitation to whoever came by it."""
    statement = select(table).where(table.c.key.in_(came_by_link(rater_id)))
    return [dict(row) for row in session.execute(statement).mappings()]


def _row(session: Session, name: str, row: dict[str, Any], shown: dict[str, Held]) -> Row:
    if name == Slot.__tablename__:
        if row["shown_at"] is None:
            return {column: row[column] if column == "position" else None for column in shown}
        row |= {column: _first_line(session, row[column]) for column in _POEMS}
    return {column: _cell(row[column]) for column in shown}


def _first_line(session: Session, poem_id: int | None) -> str | None:
    text = session.scalar(select(col(Poem.text)).where(col(Poem.id) == poem_id))
    whole = plain_stanzas(text) if text else ()
    return whole[0][0].strip() if whole else None


def _cell(value: Any) -> Cell:  # Any: what a column holds
    plain: Cell = value.value if isinstance(value, Enum) else value
    return plain


def _plain(rows: list[Row]) -> list[dict[str, Any]]:  # Any: JSON
    return [
        {name: _iso(cell) if isinstance(cell, datetime) else cell for name, cell in row.items()}
        for row in rows
    ]


def _iso(time: datetime) -> str:
    return time.isoformat(timespec="seconds").replace("+00:00", "Z")
