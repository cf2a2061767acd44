"""Importing a file of poems: read, checked and stored."""

import csv
import io
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from app.db import make_engine, migrate, transaction
from app.poems.importing import import_poems
from app.poems.reading import read
from benchmarks.poems import COLUMNS, poems_csv
from benchmarks.sqlite import bare
from benchmarks.timing import Comparison, in_turns

POEMS, QUICK_POEMS, ROUNDS = 20_000, 2_000, 3


def compare(folder: Path, quick: bool) -> Iterator[Comparison]:
    n_poems = QUICK_POEMS if quick else POEMS
    content = poems_csv(n_poems)
    url = f"sqlite:///{folder / 'app.db'}"
    migrate(url)
    engine, plain, numbers = make_engine(url), bare(folder / "bare.db"), count()
    plain.execute(f"CREATE TABLE poem (id INTEGER PRIMARY KEY, {', '.join(COLUMNS)})")

    def ours() -> None:
        reading = read(content, "poems.csv")
        with transaction(engine, write=True) as session:
            import_poems(
                session,
                reading,
                name=f"Set {next(numbers)}",
                file_name="poems.csv",
                content_sha256="0" * 64,
            )

    def floor() -> None:
        rows = csv.reader(io.StringIO(content.decode(), newline=""))
        names = next(rows)
        into = f"INSERT INTO poem ({', '.join(names)}) VALUES (?, ?, ?, ?, ?)"
        plain.execute("BEGIN IMMEDIATE")
        plain.executemany(into, rows)
        plain.execute("COMMIT")

    own, least = in_turns(ours, floor, rounds=ROUNDS, per=n_poems // 1000)
    engine.dispose()
    yield Comparison("import of 1,000 poems", own, "csv.reader and executemany", least)
