"""A file of poems, read and checked: rows, or every error with its line. Knows no database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from app.poems.decoding import decode
from app.poems.equality import text_hash
from app.poems.records import Record, RowError, Table, kind, read_csv, read_jsonl

__all__ = ["MOST_SHOWN", "PoemRow", "Reading", "RowError", "read"]

MOST_SHOWN = 200  # errors on a page; all are counted
_MOST_EQUAL_SHOWN = 10
_INK = re.compile(r"[^\s\u200b\ufeff]")
_REQUIRED = {
    "text": "every row needs the poem itself",
    "source": "write which model or person wrote the poem",
}
_LIMITS = {  # characters
    "text": 400_000,  # a poem of 5,000 long lines
    "source": 200,
    "title": 500,
    "poem_id": 200,
    "prompt_id": 200,
    "prompt": 50_000,
    "style_instruction": 50_000,
}
_SHARED = ("source", "prompt_id", "prompt", "style_instruction")  # of many poems
_AS_GIVEN = ("text", "prompt", "style_instruction")
_SLUG_LENGTH = 32
_FORMATS = {".csv": read_csv, ".tsv": read_csv, ".jsonl": read_jsonl, ".ndjson": read_jsonl}


@dataclass(frozen=True, slots=True)
class PoemRow:
    line: int
    poem_id: str
    prompt_id: str | None
    prompt: str | None
    source: str
    title: str | None
    text: str
    style_instruction: str | None
    meta: dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Reading:
    rows: tuple[PoemRow, ...]  # those without an error
    errors: tuple[RowError, ...]  # all of them, by line
    notes: tuple[str, ...]
    meta_columns: tuple[str, ...]

    @property
    def shown_errors(self) -> tuple[RowError, ...]:
        return self.errors[:MOST_SHOWN]


def read(content: bytes, file_name: str) -> Reading:
    """Raises `UnreadableFile` where there is no table to speak of."""
    decoded = decode(content)
    del content  # of a large file only what is needed is kept, here and below
    decoded_notes, table = decoded.notes, _format(file_name, decoded.text)(decoded.text)
    del decoded
    if "source" not in table.columns and "model" in table.columns:
        _take_model_as_source(table)
    errors = [*table.errors, *_missing_columns(table)]
    rows: list[PoemRow] = []
    if len(errors) == len(table.errors):
        once: dict[str, str] = {}
        drafts = [_draft(record, errors, once) for record in _used_up(table.records)]
        errors += [*_repeated_ids(drafts), *_contradictions(drafts)]
        wrong = {error.line for error in errors}
        rows = [row for row in _named(drafts) if row.line not in wrong]
    meta = tuple(name for name in table.columns if name not in _LIMITS)
    errors.sort(key=lambda error: error.line)
    notes = (*decoded_notes, *table.notes, *_notes(rows, meta, table.n_blank))
    return Reading(tuple(rows), tuple(errors), notes, meta)


def _format(file_name: str, text: str) -> Any:  # Any: one of two functions
    named = _FORMATS.get(PurePath(file_name).suffix.lower())
    looks = read_jsonl if text.lstrip().startswith(("{", "[")) else read_csv
    return named or looks


def _take_model_as_source(table: Table) -> None:
    table.notes.append("The column “model” was read as the source.")
    table.columns = ["source" if name == "model" else name for name in table.columns]
    for record in table.records:
        if "model" in record.values:
            record.values["source"] = record.values.pop("model")


def _missing_columns(table: Table) -> Iterator[RowError]:
    if not table.columns:
        if not table.errors:
            yield RowError(1, None, "The file holds no poems.")
        return
    found = ", ".join(table.columns)
    for name, why in _REQUIRED.items():
        if name not in table.columns:
            message = f"There is no column “{name}”: {why}. The columns found are: {found}."
            yield RowError(table.first_line, name, message)
    if not table.records and not table.errors:
        yield RowError(table.first_line, None, "No poem follows the names of the columns.")


def _used_up(records: list[Record]) -> Iterator[Record]:
    """The records, each forgotten when the next is asked for."""
    records.reverse()
    while records:
        yield records.pop()


def _draft(record: Record, errors: list[RowError], once: dict[str, str]) -> PoemRow:
    """A row whose poem_id may still be missing; what is wrong with it is added to the errors. A
    text of `once` is kept once, however many poems have it."""
    fields: dict[str, str | None] = {}
    for column in _LIMITS:
        value, complaint = _field(column, record.values.get(column))
        fields[column] = once.setdefault(value, value) if value and column in _SHARED else value
        if complaint:
            errors.append(RowError(record.line, column, complaint))
    prompt, prompt_id = fields["prompt"], fields["prompt_id"]
    return PoemRow(
        line=record.line,
        poem_id=fields["poem_id"] or "",
        prompt_id=prompt_id or (_made_prompt_id(prompt) if prompt else None),
        prompt=prompt,
        source=fields["source"] or "",
        title=fields["title"],
        text=fields["text"] or "",
        style_instruction=fields["style_instruction"],
        meta={name: value for name, value in record.values.items() if name not in _LIMITS},
    )


def _field(column: str, value: Any) -> tuple[str | None, str | None]:  # Any: JSON
    """The value, and what is wrong with it."""
    label = column.replace("_", " ")
    if value is None or (isinstance(value, str) and not _INK.search(value)):
        why = _REQUIRED.get(column)
        return None, f"The {label} is empty: {why}." if why else None
    if not isinstance(value, str):
        return None, f"The {label} is {kind(value)}: write a string in quotation marks."
    if len(value) > _LIMITS[column]:
        return None, (
            f"The {label} has {len(value):,} characters: at most {_LIMITS[column]:,} are taken."
        )
    return value if column in _AS_GIVEN else value.strip(), None


def _folded(text: str) -> str:
    return " ".join(text.split())


@lru_cache
def _made_prompt_id(prompt: str) -> str:
    folded = _folded(prompt)
    slug = re.sub(r"\W+", "-", folded.lower()).strip("-")[:_SLUG_LENGTH].strip("-")
    digest = sha256(folded.encode()).hexdigest()[:8]
    return f"{slug}-{digest}" if slug else digest


def _repeated_ids(drafts: list[PoemRow]) -> Iterator[RowError]:
    first: dict[str, int] = {}
    for row in drafts:
        line = first.setdefault(row.poem_id, row.line) if row.poem_id else row.line
        if line != row.line:
            message = f"The poem id “{row.poem_id}” is already on line {line}: each needs its own."
            yield RowError(row.line, "poem_id", message)


def _contradictions(drafts: list[PoemRow]) -> Iterator[RowError]:
    first: dict[str, tuple[int, str]] = {}
    for row in drafts:
        if row.prompt is None or row.prompt_id is None:
            continue
        folded = _folded(row.prompt)
        line, known = first.setdefault(row.prompt_id, (row.line, folded))
        if known != folded:
            message = (
                f"The prompt id “{row.prompt_id}” has another text on line {line}: write the same "
                f"prompt on lines {line} and {row.line}, or give this one an id of its own."
            )
            yield RowError(row.line, "prompt", message)


def _named(drafts: list[PoemRow]) -> Iterator[PoemRow]:
    taken = {row.poem_id for row in drafts}
    for number, row in enumerate(drafts, 1):
        poem_id = row.poem_id or f"p{number:04}"
        while not row.poem_id and poem_id in taken:
            poem_id += "x"
        taken.add(poem_id)
        yield row if row.poem_id else replace(row, poem_id=poem_id)


def _notes(rows: list[PoemRow], meta: tuple[str, ...], n_blank: int) -> Iterator[str]:
    if n_blank:
        yield f"{_count(n_blank, 'blank row')} skipped."
    n_alone = sum(row.prompt_id is None for row in rows)
    if n_alone:
        yield f"{_count(n_alone, 'poem')} of {len(rows):,} without a prompt."
    if meta:
        yield f"Kept as metadata: {', '.join(meta)}."
    yield from _equal_texts(rows)


def _equal_texts(rows: list[PoemRow]) -> Iterator[str]:
    first: dict[bytes, int] = {}  # by the half of a hash, which is enough
    equal: dict[int, list[int]] = {}
    for row in rows:
        line = first.setdefault(bytes.fromhex(text_hash(row.text)[:32]), row.line)
        if line != row.line:
            equal.setdefault(line, [line]).append(row.line)
    groups = [equal[line] for line in sorted(equal)]
    for found in groups[:_MOST_EQUAL_SHOWN]:
        *some, last = [f"{line}" for line in found[:_MOST_EQUAL_SHOWN]]
        n_more = len(found) - _MOST_EQUAL_SHOWN
        more = f" and {n_more:,} more" if n_more > 0 else ""
        yield f"Equal texts on lines {', '.join(some)} and {last}{more}."
    if len(groups) > _MOST_EQUAL_SHOWN:
        yield f"{len(groups) - _MOST_EQUAL_SHOWN:,} more groups of equal texts."


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
