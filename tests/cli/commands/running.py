"""Running a command as a person at a terminal does, and looking at what it left."""

import csv
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import select
from typer.testing import CliRunner

from app.cli import app
from app.db import Engine, transaction
from app.errors import AppError
from app.models import Admin, Poem, PoemSet


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str  # what went to standard error, and the sentence that `blindverse` would add to it


def run(*arguments: str, keys: str | None = None) -> Ran:
    ran = CliRunner().invoke(app, list(arguments), input=keys)
    if ran.exception is not None and not isinstance(ran.exception, SystemExit | AppError):
        raise ran.exception
    sentence = str(ran.exception) if isinstance(ran.exception, AppError) else ""
    return Ran(ran.exit_code, ran.stdout, ran.stderr + sentence)


def done(*arguments: str, keys: str | None = None) -> str:
    ran = run(*arguments, keys=keys)
    assert ran.code == 0, ran.err
    return ran.out


def write_poems(file: Path, rows: list[dict[str, str]]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


def stored(engine: Engine, table: type[PoemSet] | type[Poem] | type[Admin]) -> int:
    with transaction(engine, write=False) as session:
        return len(session.exec(select(table)).all())
