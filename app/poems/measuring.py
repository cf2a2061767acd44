"""The features of poems, measured and stored with their versions.

A poem's features are stored together, so a poem is up to date when it has every feature of the
registry in its present version.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, insert
from sqlmodel import Session, col, select

from app import jobs
from app.db import Engine, transaction
from app.models import Poem, PoemFeature, PoemSet
from app.verse import FEATURES, measure

JOB = "measure"

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class PoemText:
    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Measured:
    id: int
    values: dict[str, float | str | None]


def measure_poems(session: Session, poem_set_id: int, *, limit: int) -> int:
    """Measure up to `limit` poems that need it; how many then still do."""
    poems = poems_to_measure(session, poem_set_id, limit=limit)
    store_features(session, [measured(poem) for poem in poems])
    return unmeasured(session, poem_set_id)


def ask_for_measuring(session: Session) -> None:
    """Enqueue the measuring of every set that needs it and whose job has ended."""
    for set_id in session.exec(select(PoemSet.id)).all():
        if set_id is None or jobs.unfinished(session, JOB, poem_set=set_id):
            continue
        if unmeasured(session, set_id):
            jobs.enqueue(session, JOB, poem_set=set_id)


def measure_set(engine: Engine, poem_set_id: int) -> Iterator[tuple[int, int]]:
    """Measure what needs it, in steps that each commit; after every step, how many of how many
    are done. The measuring itself holds no transaction, so that votes never wait for it."""
    with transaction(engine, write=False) as session:
        total = unmeasured(session, poem_set_id)
    done, last = 0, 0
    while True:
        with transaction(engine, write=False) as session:
            poems = poems_to_measure(session, poem_set_id, limit=_AT_ONCE, after=last)
        if not poems:
            return
        results = [measured(poem) for poem in poems]
        with transaction(engine, write=True) as session:
            store_features(session, results)
        done, last = done + len(poems), poems[-1].id
        yield done, max(total, done)


def unmeasured(session: Session, poem_set_id: int) -> int:
    """How many poems lack a feature or have one of another version."""
    statement = select(func.count()).where(Poem.poem_set_id == poem_set_id, _needs_measuring())
    return session.exec(statement).one()


def poems_to_measure(
    session: Session, poem_set_id: int, *, limit: int, after: int = 0
) -> list[PoemText]:
    """In the order of their row numbers, from the one after `after`."""
    statement = (
        select(col(Poem.id), Poem.text)
        .where(Poem.poem_set_id == poem_set_id, col(Poem.id) > after, _needs_measuring())
        .order_by(col(Poem.id))
        .limit(limit)
    )
    return [PoemText(poem_id, text) for poem_id, text in session.exec(statement) if poem_id]


def measured(poem: PoemText) -> Measured:
    """Needs no database: slow work that a write transaction should not wait for."""
    return Measured(poem.id, measure(poem.text))


def store_features(session: Session, poems: Sequence[Measured]) -> None:
    """In the place of whatever was stored of these poems before."""
    if not poems:
        return
    ids = [poem.id for poem in poems]
    connection = session.connection()
    chosen = select(col(Poem.id)).where(col(Poem.id).in_(ids)).order_by(col(Poem.id))
    connection.execute(chosen.with_for_update(key_share=True))  # another process waits its turn
    connection.execute(delete(PoemFeature).where(col(PoemFeature.poem_id).in_(ids)))
    connection.execute(insert(PoemFeature), [row for poem in poems for row in _rows(poem)])


def _rows(poem: Measured) -> list[dict[str, Any]]:  # Any: what columns hold
    rows = []
    for feature in FEATURES:
        value = poem.values[feature.name]
        is_label = feature.kind == "label"
        rows.append(
            {
                "poem_id": poem.id,
                "name": feature.name,
                "version": feature.version,
                "value": None if is_label or value is None else float(value),
                "label": str(value) if is_label and value is not None else None,
            }
        )
    return rows


def _needs_measuring() -> ColumnElement[bool]:
    version = case({feature.name: feature.version for feature in FEATURES}, value=PoemFeature.name)
    n_current = (
        select(func.count())
        .where(col(PoemFeature.poem_id) == col(Poem.id), col(PoemFeature.version) == version)
        .correlate(Poem)
        .scalar_subquery()
    )
    return n_current < len(FEATURES)
