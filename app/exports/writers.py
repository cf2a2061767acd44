"""Rows to the bytes of a file, as they come.

CSV is RFC 4180 in UTF-8, without a byte order mark; records end with CR LF as it asks, and the line
ends of a poem stand inside quotation marks. Nothing is escaped against spreadsheets that take a
cell beginning with = + - @ for a formula: the data are what raters and poets gave. Floating-point
numbers are written with the fewest digits that read back as the same number. What is missing is an
empty cell in CSV and null in JSON Lines.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any

from app.exports.columns import Column, Row

_BYTES_AT_ONCE = 64 * 1024


class Format(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


MEDIA_TYPES = {Format.CSV: "text/csv; charset=utf-8", Format.JSONL: "application/x-ndjson"}


def write(rows: Iterable[Row], columns: Sequence[Column], format: Format) -> Iterator[bytes]:  # noqa: A002  # what the choice is called everywhere
    """The file in pieces. Memory does not grow with the number of rows."""
    lines = _LINES[format](rows, [column.name for column in columns])
    piece = io.StringIO(newline="")
    for line in lines:
        piece.write(line)
        if piece.tell() >= _BYTES_AT_ONCE:
            yield piece.getvalue().encode()
            piece = io.StringIO(newline="")
    if piece.tell():
        yield piece.getvalue().encode()


def _csv_lines(rows: Iterable[Row], names: Sequence[str]) -> Iterator[str]:
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\r\n")

    def written(cells: Iterable[Any]) -> str:  # Any: cells, as in a Row
        writer.writerow(cells)
        text = line.getvalue()
        line.seek(0)
        line.truncate()
        return text

    yield written(names)
    for row in rows:
        yield written(_cell(row[name]) for name in names)


def _cell(value: Any) -> Any:  # Any: a cell of a Row, and what the writer takes
    if isinstance(value, bool | dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value


def _json_lines(rows: Iterable[Row], names: Sequence[str]) -> Iterator[str]:
    for row in rows:
        record = {name: row[name] for name in names}
        yield json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n"


_LINES: dict[Format, Callable[[Iterable[Row], Sequence[str]], Iterator[str]]] = {
    Format.CSV: _csv_lines,
    Format.JSONL: _json_lines,
}
