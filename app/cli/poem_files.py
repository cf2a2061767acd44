"""Poems of a file that is given on the command line: needs no database."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from app.errors import UnreadableFile
from app.exports.reading import read_records
from app.poems.records import kind

_SUFFIXES = (".csv", ".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Record:
    id: Any  # Any: ids may be numbers
    poem: str | None  # records that share it are stanzas of one poem
    text: str
    source: str | None
    line: int  # of the file


def check_suffix(file: Path) -> None:
    if file.suffix.lower() not in _SUFFIXES:
        raise typer.BadParameter(f"its suffix must be one of {', '.join(_SUFFIXES)}.")


def records_of(file: Path) -> Iterator[Record]:
    """The poems of a file one by one; at least one, or the file is refused."""
    number = 0
    for number, (line, record) in enumerate(read_records(file), 1):
        where = f"{file.name}, line {line}"
        poem = record.get("poem")
        if file.suffix.lower() == ".csv" and record.get("lines"):
            record["lines"] = _lines_of_cell(record["lines"])
        yield Record(
            id=_id(record, number, where),
            poem=None if poem is None or poem == "" else json.dumps(poem, sort_keys=True),
            text=_text(record, where),
            source=None if record.get("source") is None else str(record["source"]),
            line=line,
        )
    if not number:
        raise UnreadableFile(f"{file.name}: there are no poems in the file.")


def _lines_of_cell(written: str) -> list[Any]:  # Any: JSON
    """A list as JSON writes it, or lines one under the other."""
    try:
        lines = json.loads(written)
    except ValueError:
        lines = None
    return lines if isinstance(lines, list) else written.splitlines()


def _id(record: dict[str, Any], number: int, where: str) -> Any:  # Any: JSON
    column = next((name for name in ("id", "poem_id") if record.get(name) is not None), None)
    if column is None:
        return number
    try:
        json.dumps(record[column], allow_nan=False, ensure_ascii=False).encode()
    except ValueError:  # NaN, or half of a character
        raise UnreadableFile(
            f"{where}, {column}: {record[column]!a} cannot be written as JSON; give a string "
            "or a number."
        ) from None
    return record[column]


def _text(record: dict[str, Any], where: str) -> str:  # Any: JSON
    text, lines = record.get("text"), record.get("lines")
    if isinstance(text, str):
        return text
    if text is not None:
        raise UnreadableFile(f"{where}, text: it is {kind(text)}; write a string.")
    if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
        return "\n".join(lines)
    if lines is not None:
        raise UnreadableFile(f"{where}, lines: write a list of strings.")
    found = ", ".join(map(repr, record)) or "none"
    raise UnreadableFile(
        f"{where}: a poem needs its 'text', or its 'lines' as a list of strings; the columns are "
        f"{found}."
    )
