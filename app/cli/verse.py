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

from app.cli.poem_files import Record, check_suffix, records_of
from app.cli.progress import with_progress
from app.errors import Unusable
from app.verse import FEATURES, Language, ParsedPoem

_NOT_ENGLISH = "Rhyme is not measured: the text is not English."

Scheme = list[str | None]


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
    check_suffix(file)
    if output and output.exists() and output.samefile(file):
        raise typer.BadParameter("--output would take the place of the poems: name another file.")
    with TemporaryFile() as store:
        # Before anything is out, so that what cannot be read is said first.
        poems = _store_stanzas(file, store)
        with _opened(output) as out:
            records = with_progress(records_of(file), total=poems.n_records, label="Measuring")
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
    for record in records_of(file):
        poems.add(record)
    return poems


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
