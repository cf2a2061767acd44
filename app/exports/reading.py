"""Files of votes and poems, ours or others', to columns: ids stay the strings they are.

CSV and JSON Lines are read row by row, so that what is wrong is said with its line, and cells are
left as they stand for whoever needs numbers of them: no guess at a column's type can change an id
or a last digit. Parquet has its own types.
"""

import csv
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from app.errors import UnreadableFile

Frame = dict[str, list[Any]]  # Any: cells as the file gives them
SUFFIXES = (".csv", ".jsonl", ".ndjson", ".parquet")

_SEPARATORS = {",": "a comma", ";": "a semicolon", "\t": "a tab"}
_LONGEST_CELL = 100_000_000  # characters; the csv module's own limit would refuse a long poem


def read_frame(path: Path) -> Frame:
    """The columns of a CSV, JSONL or Parquet file, by its suffix."""
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return _parquet(path)
    if suffix not in SUFFIXES:
        raise UnreadableFile(
            f"{path.name}: the suffix says how to read a file; it must be one of "
            f"{', '.join(SUFFIXES)}."
        )
    frame: Frame = {}
    for number, (_line, record) in enumerate(read_records(path)):
        for name in record.keys() - frame.keys():
            frame[name] = [None] * number
        for name, cells in frame.items():
            cells.append(record.get(name))
    if not frame and suffix == ".csv":  # a study that nobody has voted in has a header all the same
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return {name: [] for name in next(_csv_reader(lines)[0])}
    if not frame:
        raise UnreadableFile(f"{path.name}: there are no rows in the file.")
    return frame


def read_records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:  # Any: as above
    """The records of a CSV or JSONL file one by one, each with its line, counted from 1."""
    read = _csv_records if path.suffix.lower() == ".csv" else _json_records
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield from read(path.name, lines)
    except UnicodeDecodeError:
        raise _not_utf8(path) from None
    except OSError as error:
        raise UnreadableFile(f"{path.name} cannot be read: {error.strerror}.") from None


def _not_utf8(path: Path) -> UnreadableFile:
    """Where and why; the file is read again, as the reader that failed had read ahead."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                line.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                return UnreadableFile(
                    f"{path.name}, line {number}: the byte {line[error.start]:#04x} is not UTF-8; "
                    "save the file as UTF-8."
                )
    return UnreadableFile(f"{path.name}: the file is not UTF-8; save it as UTF-8.")


def _csv_records(name: str, lines: Iterator[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader, separator = _csv_reader(lines)
    line = 1  # where the record begins
    try:
        header: list[str] = next(reader, [])
        _check_header(name, header)
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                yield line, dict(zip(header, cells, strict=True))
            elif any(cell.strip() for cell in cells):
                raise UnreadableFile(
                    f"{name}, line {line}: there are {len(cells)} cells, but the header names "
                    f"{len(header)} columns; put quotation marks around a cell that holds "
                    f"{separator} or a line break."
                )
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(
            f"{name}, line {line}: {error}; a cell with quotation marks stands between two of them "
            "and holds each of its own twice."
        ) from None


def _csv_reader(lines: Iterator[str]) -> tuple[Any, str]:  # Any: csv.reader's
    """With what parts its cells, in words: the sign that the header has most of."""
    csv.field_size_limit(_LONGEST_CELL)
    first = next(lines, "")
    sign = max(_SEPARATORS, key=first.count)
    return csv.reader(chain([first], lines), delimiter=sign, strict=True), _SEPARATORS[sign]


def _check_header(name: str, header: list[str]) -> None:
    if not header:
        raise UnreadableFile(f"{name}: the file is empty; its first line must name the columns.")
    twice = next((column for column in header if header.count(column) > 1), None)
    if twice is not None:
        raise UnreadableFile(f"{name}, line 1: the column {twice!r} is named more than once.")


def _json_records(name: str, lines: Iterator[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            said = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            raise UnreadableFile(f"{name}, line {number}: this is not JSON ({said}).") from None
        if not isinstance(record, dict):
            raise UnreadableFile(
                f"{name}, line {number}: every line must hold one JSON object, as in "
                '{"poem_id": "p1", "text": "..."}.'
            )
        yield number, record


def _parquet(path: Path) -> Frame:
    import polars as pl

    try:
        return pl.read_parquet(path).to_dict(as_series=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UnreadableFile(f"{path.name} is not a Parquet file: {error}.") from None
