"""From the text of a CSV or JSONL file to records: line, and value by column. Knows the formats,
not what the columns mean."""

import csv
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.errors import UnreadableFile

NAMES = ("source", "title", "poem_id", "prompt_id")  # may be written as numbers
KNOWN = (*NAMES, "text", "prompt", "style_instruction", "model")

_DELIMITERS = ",;\t"
_HEADER_WITHIN = 65_536  # characters
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_NUL = "\\u0000"  # as JSON writes it
_LONGEST_CELL = 500_000  # characters
_NEVER_CLOSED = (
    "A quotation mark is opened in this row and never closed; the rows after it cannot be read. "
    "Close it, or write a quotation mark inside a cell twice."
)
_ENDLESS = (
    "A cell of this row is longer than {:,} characters, so the rows after it were not read. Is a "
    "closing quotation mark missing?"
)
_CLOSED_EARLY = (
    'A quotation mark ends a cell too early. Write a quotation mark inside a cell twice (""), '
    "and the cell between two quotation marks."
)


@dataclass(frozen=True, slots=True)
class Record:
    line: int  # of the file, where the record begins
    values: dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class RowError:
    line: int
    column: str | None
    message: str


@dataclass(slots=True)
class Table:
    """What a file holds, filled while it is read."""

    columns: list[str] = field(default_factory=list)
    first_line: int = 1  # the header's, or the first object's
    records: list[Record] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    n_blank: int = 0


def column_name(written: str) -> str:
    """`Prompt ID` is `prompt_id`; a column that we do not know keeps its name."""
    name = "_".join(written.casefold().replace("_", " ").replace("-", " ").split())
    return name if name in KNOWN else written.strip()


def read_csv(text: str) -> Table:
    table = Table()
    csv.field_size_limit(_LONGEST_CELL)  # the whole program's: another reader may have raised it
    reader = csv.reader(_lines(text), delimiter=_delimiter(text), strict=True)
    for line, cells in _csv_rows(reader, table):
        if not any(cell.strip() for cell in cells):
            table.n_blank += 1
        elif not table.columns:
            _take_header(table, line, cells)
            if table.errors:
                break
        elif len(cells) != len(table.columns):
            table.errors.append(RowError(line, None, _wrong_width(cells, table.columns)))
        else:
            values = dict(zip(table.columns, cells, strict=True))
            values.pop("", None)
            table.records.append(Record(line, values))
    if "" in table.columns:
        table.notes.append("Columns without a name were left out.")
        table.columns = [name for name in table.columns if name]
    return table


def _lines(text: str) -> Iterator[str]:
    """With their ends. `StringIO` would first copy the text, at four bytes a character."""
    return (found.group() for found in _LINE.finditer(text))


def _delimiter(text: str) -> str:
    """The one that makes the most known columns of the header, then the most columns."""

    def columns(delimiter: str) -> tuple[int, int]:
        for cells in csv.reader(_lines(text[:_HEADER_WITHIN]), delimiter=delimiter):
            if any(cell.strip() for cell in cells):
                return sum(column_name(cell) in KNOWN for cell in cells), len(cells)
        return 0, 0

    return max(_DELIMITERS, key=columns)


def _csv_rows(reader: Any, table: Table) -> Iterator[tuple[int, list[str]]]:  # Any: csv.reader's
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message, is_last = _quoting(str(error))
            table.errors.append(RowError(line, None, message))
            if is_last:
                return


def _quoting(error: str) -> tuple[str, bool]:
    """What is wrong, and whether nothing after it can be read."""
    if "unexpected end of data" in error:
        return _NEVER_CLOSED, True
    if "field limit" in error:
        return _ENDLESS.format(_LONGEST_CELL), True
    return _CLOSED_EARLY, False


def _take_header(table: Table, line: int, cells: list[str]) -> None:
    table.first_line = line
    table.columns = [column_name(cell) for cell in cells]
    for name in dict.fromkeys(table.columns):
        if name and table.columns.count(name) > 1:
            table.errors.append(RowError(line, name, f"Two columns are called “{name}”: keep one."))


def _wrong_width(cells: list[str], columns: list[str]) -> str:
    return (
        f"This row has {len(cells)} {'cell' if len(cells) == 1 else 'cells'} and the header "
        f"{len(columns)}: a cell with a separator or a line break in it needs quotation marks "
        "around it."
    )


def read_jsonl(text: str) -> Table:
    if text.lstrip().startswith("["):
        raise UnreadableFile(
            "The file begins with “[”, as one JSON list does. Write one JSON object on each line, "
            "without brackets around all and without commas between."
        )
    table = Table()
    columns: dict[str, str] = {}  # as written: as known
    for line, written in enumerate(_lines(text), 1):
        if not written.strip():
            table.n_blank += 1
            continue
        try:
            record = Record(line, _object(written, columns))
        except ValueError as error:
            table.errors.append(RowError(line, None, str(error)))
        else:
            table.records.append(record)
    if _NUL in text:
        table.notes.append(f"NUL characters, written {_NUL}, were left out.")
    table.columns = list(dict.fromkeys(columns.values()))
    table.first_line = table.records[0].line if table.records else 1
    return table


def _object(written: str, columns: dict[str, str]) -> dict[str, Any]:  # Any: JSON
    read = _parse(written)
    if not isinstance(read, dict):
        raise ValueError(  # noqa: TRY004  # a wrong line, not a wrong call
            f"This line is {kind(read)}, not an object: write {{…}} with names and values."
        )
    for name in read:
        if name not in columns:
            columns[name] = column_name(name)
    values = {columns[name]: value for name, value in read.items()}
    if len(values) < len(read):
        raise ValueError("Two names of this object mean the same column: keep one.")
    if any(isinstance(values.get(name), int | float) for name in NAMES):
        _keep_as_written(values, written, columns)
    return values


def _keep_as_written(values: dict[str, Any], written: str, columns: dict[str, str]) -> None:
    """Let `1.50` stay “1.50” where a number is a name."""
    as_written = json.loads(written, parse_int=str, parse_float=str)
    for name, value in as_written.items():
        if columns[name] in NAMES and isinstance(value, str):
            values[columns[name]] = value


def _parse(written: str) -> Any:  # Any: JSON
    try:
        read = _DECODER.decode(written.strip())
    except json.JSONDecodeError as error:
        raise ValueError(
            f"This is not valid JSON at character {error.colno} ({error.msg}). Each line must "
            "hold one whole object."
        ) from error
    except RecursionError as error:
        raise ValueError("This object is nested too deeply: keep metadata flat.") from error
    if _NUL in written:
        read = _without_nul(read)
    if "\\ud" in written.lower():
        _refuse_half_letters(read)
    return read


def _finite(written: str) -> float:
    number = float(written)
    if math.isinf(number):
        raise ValueError(f"The number {written} is too large: write it as a string.")
    return number


def _no_constant(written: str) -> None:
    raise ValueError(f"{written} is not valid JSON: write null where there is no number.")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: JSON
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"The name “{twice}” occurs twice in this object: keep one.")
    return found


_DECODER = json.JSONDecoder(
    parse_float=_finite, parse_constant=_no_constant, object_pairs_hook=_distinct
)


def _without_nul(value: Any) -> Any:  # Any: JSON
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(item) for name, item in value.items()}
    return value


def _refuse_half_letters(value: Any) -> None:  # Any: JSON
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            "This line holds half of a character (a lone \\ud8… escape): write the character "
            "itself, in UTF-8."
        ) from error


def kind(value: object) -> str:
    """What a JSON value is, in a word."""
    names = {bool: "true or false", int: "a number", float: "a number", str: "a string"}
    names |= {list: "a list", dict: "an object", type(None): "null"}
    return names[type(value)]
