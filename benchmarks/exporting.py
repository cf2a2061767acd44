"""Exporting the votes of a study: from the database to the bytes of a file."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, literal, select
from sqlmodel import Session, col

from app import __version__
from app.db import make_engine, migrate, transaction, utc_now
from app.exports.tables import Table, export
from app.exports.votes import VOTE_COLUMNS, vote_rows
from app.exports.writers import Format
from app.models import Choice, Rater, RaterKind, Slot, Study, Vote
from app.rating.drawing import give_slots
from benchmarks.poems import open_study_of
from benchmarks.timing import Comparison, in_turns

RATERS, QUICK_RATERS, PAIRS, ROUNDS = 200, 20, 250, 3


def compare(folder: Path, quick: bool) -> Iterator[Comparison]:
    n_raters = QUICK_RATERS if quick else RATERS
    url = f"sqlite:///{folder / 'app.db'}"
    migrate(url)
    engine = make_engine(url)
    with transaction(engine, write=True) as session:
        study = open_study_of(session, n_poems=2 * PAIRS, pairs_per_rater=PAIRS)
        vote(session, study, n_raters)
    with transaction(engine, write=False) as session:
        names = [column.name for column in VOTE_COLUMNS]
        rows = [[row[name] for name in names] for row in vote_rows(session, study.id or 0)]

        def ours() -> None:
            with (folder / "ours.csv").open("wb") as file:
                file.writelines(export(session, study, Table.VOTES, Format.CSV))

        def floor() -> None:
            with (folder / "floor.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([names, *rows])

        own, least = in_turns(ours, floor, rounds=ROUNDS)
    engine.dispose()
    assert (folder / "ours.csv").read_bytes() == (folder / "floor.csv").read_bytes()
    yield Comparison(f"export of {len(rows):,} votes", own, "csv.writer of rows at hand", least)


def vote(session: Session, study: Study, n_raters: int) -> None:
    """Every rater votes on every pair they are given."""
    for _ in range(n_raters):
        rater = Rater(study_id=study.id or 0, kind=RaterKind.EXPERT, simulated=True)
        session.add(rater)
        session.flush()
        give_slots(session, study=study, rater=rater)
    now = utc_now()
    values = {
        "key": col(Slot.key),
        "slot_id": col(Slot.id),
        "attempt": literal(1),
        "choice": literal(Choice.LEFT.value),
        "shown_at": literal(now - timedelta(seconds=9), Vote.__table__.c.shown_at.type),  # type: ignore[attr-defined]  # SQLModel does not declare it
        "cast_at": literal(now, Vote.__table__.c.cast_at.type),  # type: ignore[attr-defined]  # as above
        "decision_ms": 8000 + col(Slot.position),
        "app_version": literal(__version__),
    }
    session.execute(insert(Vote).from_select([*values], select(*values.values())))
