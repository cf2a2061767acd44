"""Measure a file of poems; needs no database."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from app.cli.progress import with_progress
from app.errors import UnreadableFile, Unusable
from app.exports.reading import read_records
from app.verse import measure as measure_text
from app.verse import rhyme_scheme

_SUFFIXES = (".csv", ".jsonl", ".ndjson")


def measure(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="Poems as CSV or JSON Lines, with a column text, or lines (a list of lines).",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="File to write to; standard output without it."),
    ] = None,
) -> None:
    """Measure the poems of a file: layout, rhyme scheme and every other feature.

    Gives JSON Lines, one object for each poem in the order of the file: its id (from the column id
    or poem_id, else the number of its record), its scheme as one label for each line that is not
    blank (null where a line rhymes with none), and every feature by name.
    """
    if file.suffix.lower() not in _SUFFIXES:
        raise typer.BadParameter(f"its suffix must be one of {', '.join(_SUFFIXES)}.")
    total = sum(1 for _ in _poems(file))  # and what cannot be read is said before anything is out
    with _opened(output) as out:
        for name, text in with_progress(_poems(file), total=total, label="Measuring"):
            found = {"id": name, "scheme": rhyme_scheme(text), **measure_text(text)}
            out.write(json.dumps(found, ensure_ascii=False) + "\n")


def _poems(file: Path) -> Iterator[tuple[Any, str]]:  # Any: ids may be numbers
    for number, (line, record) in enumerate(read_records(file), 1):
        name = next(
            (record[key] for key in ("id", "poem_id") if record.get(key) is not None), number
        )
        yield name, _text(record, f"{file.name}, line {line}")


def _text(record: dict[str, Any], where: str) -> str:  # Any: JSON
    if isinstance(record.get("text"), str):
        return str(record["text"])
    lines = record.get("lines")
    if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
        return "\n".join(lines)
    raise UnreadableFile(
        f"{where}: a poem needs its text, or in JSON Lines its lines as a list of strings."
    )


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    try:
        with output.open("w", encoding="utf-8", newline="\n") as file:
            yield file
    except OSError as error:
        raise Unusable(f"{output} cannot be written: {error.strerror}.") from None
