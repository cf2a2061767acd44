"""Measure a file of poems; needs no database."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Annotated, Any, TextIO

import typer

from app.cli.progress import with_progress
from app.errors import UnreadableFile, Unusable
from app.exports.reading import read_records
from app.poems.records import kind
from app.verse import FEATURES, Language, ParsedPoem

_SUFFIXES = (".csv", ".jsonl", ".ndjson")
_NOT_ENGLISH = "Rhyme is not measured: the text is not English."

Scheme = list[str | None]


@dataclass(frozen=True, slots=True)
class Record:
    id: Any  # Any: ids may be numbers
    poem: str | None  # records that share it are stanzas of one poem
    text: str


def measure(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="Poems as CSV or JSON Lines, with a column text, or lines (a list as JSON).",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="File to write to; standard output without it."),
    ] = None,
) -> None:
    """Measure the poems of a file: layout, rhyme scheme and every other feature.

    Gives JSON Lines, one object for each record in the order of the file: its id (from the column
    id or poem_id, else the number of its record), its scheme as one label for each line that is not
    blank (null where a line rhymes with none), and every feature by name.

    Records that share a value in the column poem are stanzas of one poem, in order, wherever they
    stand in the file: their schemes are found together, their features each alone. A note says
    where rhyme is not measured because the text is not English.
    """
    if file.suffix.lower() not in _SUFFIXES:
        raise typer.BadParameter(f"its suffix must be one of {', '.join(_SUFFIXES)}.")
    if output and output.exists() and output.samefile(file):
        raise typer.BadParameter("--output would take the place of the poems: name another file.")
    with TemporaryFile() as store:
        # Before anything is out, so that what cannot be read is said first.
        poems = _store_stanzas(file, store)
        with _opened(output) as out:
            records = with_progress(_records(file), total=poems.n_records, label="Measuring")
            for record in records:
                found = measured(record, poems.scheme_of(record))
                out.write(json.dumps(found, ensure_ascii=False) + "\n")


def measured(record: Record, scheme: Scheme | None) -> dict[str, Any]:  # Any: JSON
    """What is put out for a record; `scheme` where it was found together with other stanzas."""
    poem = ParsedPoem(record.text)
    found: dict[str, Any] = {"id": record.id, "scheme": scheme or _own_scheme(poem)}
    found |= {feature.name: feature.value(poem) for feature in FEATURES}
    if poem.language is Language.OTHER:
        found["note"] = _NOT_ENGLISH
    return found


def rhyme_schemes(stanzas_of_records: Sequence[str]) -> list[Scheme]:
    """The schemes of records that are stanzas of one poem: the poem's, cut where they meet. A label
    that is then alone in its record is none."""
    poem = ParsedPoem("\n\n".join(stanzas_of_records))
    labels = iter(_own_scheme(poem))
    parts = (list(islice(labels, len(ParsedPoem(text).lines))) for text in stanzas_of_records)
    return [_without_lone_labels(part) for part in parts]


def _own_scheme(poem: ParsedPoem) -> Scheme:
    return list(poem.rhymes.scheme) if poem.rhymes else [None] * len(poem.lines)


def _without_lone_labels(scheme: Scheme) -> Scheme:
    count = Counter(scheme)
    return [label if count[label] > 1 else None for label in scheme]


@dataclass(slots=True)
class _Poems:
    """The stanzas of poems that take more than one record. Their texts lie in a file, and in memory
    only where each begins, so that neither the size of the input nor the order of its records
    matters to memory."""

    store: IO[bytes]
    places: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  # start and length
    schemes: dict[str, list[Scheme]] = field(default_factory=dict)  # those still to come
    n_records: int = 0

    def add(self, record: Record) -> None:
        self.n_records += 1
        if record.poem is not None:
            written = record.text.encode("utf-8", "surrogatepass")
            self.places.setdefault(record.poem, []).append((self.store.tell(), len(written)))
            self.store.write(written)

    def scheme_of(self, record: Record) -> Scheme | None:
        """None for a record by itself. The records are asked for in the order of the file."""
        if record.poem is None or len(self.places[record.poem]) == 1:
            return None
        if record.poem not in self.schemes:
            self.schemes[record.poem] = rhyme_schemes(self._texts(record.poem))
        scheme = self.schemes[record.poem].pop(0)
        if not self.schemes[record.poem]:
            del self.schemes[record.poem]
        return scheme

    def _texts(self, poem: str) -> list[str]:
        texts = []
        for start, length in self.places[poem]:
            self.store.seek(start)
            texts.append(self.store.read(length).decode("utf-8", "surrogatepass"))
        return texts


def _store_stanzas(file: Path, store: IO[bytes]) -> _Poems:
    poems = _Poems(store)
    for record in _records(file):
        poems.add(record)
    if not poems.n_records:
        raise UnreadableFile(f"{file.name}: there are no poems in the file.")
    return poems


def _records(file: Path) -> Iterator[Record]:
    for number, (line, record) in enumerate(read_records(file), 1):
        where = f"{file.name}, line {line}"
        poem = record.get("poem")
        if file.suffix.lower() == ".csv" and record.get("lines"):
            record["lines"] = _lines_of_cell(record["lines"])
        yield Record(
            id=_id(record, number, where),
            poem=None if poem is None or poem == "" else json.dumps(poem, sort_keys=True),
            text=_text(record, where),
        )


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


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    # Under another name until it is whole, but for a pipe or a device.
    is_plain = output.is_file() or not output.exists()
    unfinished = output.with_name(f"{output.name}.part") if is_plain else output
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        unfinished.replace(output)
    except OSError as error:
        raise Unusable(f"{output} cannot be written: {error.strerror}.") from None
