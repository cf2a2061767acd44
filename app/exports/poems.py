"""Poems of a set as rows, with every feature measured on them."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.exports.columns import FLAG, NUMBER, READ_AT_ONCE, TEXT, TIME, Column, Row, iso
from app.models import Poem, PoemFeature, Prompt, SchemeCorrection
from app.poems.corrections import is_in_force
from app.verse import FEATURE_VERSION, FEATURES

META = "meta_"
_GIVEN = (
    Column("poem_id", "Identifier of the poem within its set", TEXT),
    Column("prompt_id", "Identifier of the prompt; pairs are formed within a prompt", TEXT),
    Column("prompt", "Text of the prompt", TEXT),
    Column("source", "The model or person that wrote the poem", TEXT),
    Column("title", "Title", TEXT),
    Column("style_instruction", "What the writer was asked for in form or style", TEXT),
    Column("text", "The poem, with its line breaks", TEXT),
)
_MEASURED = tuple(
    Column(
        feature.name,
        feature.meaning.rstrip("."),
        NUMBER if feature.kind == "number" else TEXT,
        feature.unit,
    )
    for feature in FEATURES
)
POEM_COLUMNS = (
    *_GIVEN,
    *_MEASURED,
    Column(
        "scheme_corrected",
        "1 where an admin corrected the rhyme scheme: what depends on rhyme follows from it",
        FLAG,
    ),
    Column("scheme_corrected_at", "When the correction in force was made", TIME, "UTC"),
    Column(
        "feature_version",
        "Version of the measures; empty for a poem that they have not measured yet",
        TEXT,
    ),
)


def poem_columns(session: Session, poem_set_id: int) -> tuple[Column, ...]:
    """Those every set has, and one per column of the upload that is none of ours."""
    statement = (
        select(col(Poem.meta))
        .where(col(Poem.poem_set_id) == poem_set_id)
        .order_by(col(Poem.id))
        .execution_options(yield_per=READ_AT_ONCE)
    )
    uploaded: dict[str, None] = {}  # in the order in which they are met
    for meta in session.execute(statement).scalars():
        uploaded.update(dict.fromkeys(meta))
    extra = (Column(META + name, f"As uploaded in the column “{name}”", TEXT) for name in uploaded)
    return (*POEM_COLUMNS, *extra)


def poem_rows(session: Session, poem_set_id: int) -> Iterator[Row]:
    """In the order they were uploaded. Memory does not grow with the number of poems."""
    names = [column.name for column in poem_columns(session, poem_set_id)]
    statement = (
        select(
            col(Poem.id),
            col(Poem.poem_id),
            col(Prompt.prompt_id),
            col(Prompt.text).label("prompt"),
            col(Poem.source),
            col(Poem.title),
            col(Poem.style_instruction),
            col(Poem.text),
            col(Poem.meta),
            col(SchemeCorrection.made_at).label("corrected_at"),
        )
        .outerjoin(Prompt, col(Prompt.id) == Poem.prompt_id)
        .outerjoin(SchemeCorrection, is_in_force(SchemeCorrection))
        .where(col(Poem.poem_set_id) == poem_set_id)
        .order_by(col(Poem.id))
        .execution_options(yield_per=READ_AT_ONCE)
    )
    for part in session.execute(statement).partitions():
        measured = _measured(session, [found.id for found in part])
        for found in part:
            row = _given(found) | measured.get(found.id, {})
            yield {name: row.get(name) for name in names}


def _given(found: Any) -> Row:  # Any: a row of the statement above
    row = {column.name: getattr(found, column.name) for column in _GIVEN}
    row["scheme_corrected"] = int(found.corrected_at is not None)
    row["scheme_corrected_at"] = iso(found.corrected_at)
    return row | {META + name: value for name, value in found.meta.items()}


def _measured(session: Session, poem_ids: Sequence[int]) -> dict[int, Row]:
    """By poem: its features, and their version where all are of the present one."""
    statement = select(
        col(PoemFeature.poem_id),
        col(PoemFeature.name),
        col(PoemFeature.version),
        col(PoemFeature.value),
        col(PoemFeature.label),
    ).where(col(PoemFeature.poem_id).in_(poem_ids))
    rows: dict[int, Row] = {}
    versions: dict[int, set[tuple[str, int]]] = {}
    for poem_id, name, version, value, label in session.execute(statement):
        rows.setdefault(poem_id, {})[name] = label if value is None else value
        versions.setdefault(poem_id, set()).add((name, version))
    for poem_id, found in versions.items():
        rows[poem_id]["feature_version"] = FEATURE_VERSION if found >= _PRESENT else None
    return rows


_PRESENT = {(feature.name, feature.version) for feature in FEATURES}
