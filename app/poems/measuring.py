"""The features of poems, measured and stored with their versions.

A poem's features are stored together, so a poem is up to date when it has every feature of the
registry in its present version. Where an admin has corrected its rhyme scheme, it is measured by
that scheme.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, insert
from sqlmodel import Session, col, select

from app import jobs
from app.db import Engine, transaction
from app.models import Poem, PoemFeature, PoemSet, SchemeCorrection
from app.poems.corrections import corrections_in_force, is_in_force
from app.verse import FEATURES, measure, read_scheme

JOB = "measure"

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class PoemText:
    id: int
    text: str
    correction_id: int | None = None
    scheme: str | None = None  # as corrected


@dataclass(frozen=True, slots=True)
class Measured:
    id: int
    correction_id: int | None
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
        select(col(Poem.id), Poem.text, SchemeCorrection.id, SchemeCorrection.scheme)
        .outerjoin(SchemeCorrection, is_in_force(SchemeCorrection))
        .where(Poem.poem_set_id == poem_set_id, col(Poem.id) > after, _needs_measuring())
        .order_by(col(Poem.id))
        .limit(limit)
    )
    return [PoemText(*row) for row in session.execute(statement)]


def measured(poem: PoemText) -> Measured:
    """Needs no database: slow work that a write transaction should not wait for."""
    scheme = None if poem.scheme is None else read_scheme(poem.scheme)
    return Measured(poem.id, poem.correction_id, measure(poem.text, scheme))


def store_features(session: Session, poems: Sequence[Measured]) -> None:
    """In the place of whatever was stored of these poems before. A poem whose scheme was corrected
    since it was measured keeps what the correction stored."""
    ids = [poem.id for poem in poems]
    lock_poems(session, ids)
    corrections = corrections_in_force(session, ids)
    current = [poem for poem in poems if poem.correction_id == corrections.get(poem.id)]
    if not current:
        return
    ids = [poem.id for poem in current]
    connection = session.connection()
    connection.execute(delete(PoemFeature).where(col(PoemFeature.poem_id).in_(ids)))
    connection.execute(insert(PoemFeature), [row for poem in current for row in _rows(poem)])


def lock_poems(session: Session, ids: Sequence[int]) -> None:
    """Another process that would store or correct the same poems waits its turn."""
    chosen = select(col(Poem.id)).where(col(Poem.id).in_(ids)).order_by(col(Poem.id))
    session.execute(chosen.with_for_update(key_share=True))


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
