"""Poems whose text names a model or a source, or speaks as one: what to do with them is asked
before a set is stored, and the decision is kept with it."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from app.errors import Unusable
from app.poems.names import names_in, source_names
from app.poems.reading import PoemRow, Reading
from app.verse import TrimKind

KEEP, LEAVE_OUT = "keep", "exclude"
# Kinds that give a source away by themselves: each must be decided, none goes without a word.
MUST_BE_DECIDED = (TrimKind.SIGNATURE,)


@dataclass(frozen=True, slots=True)
class Decided:
    """What an admin chose about a file before its poems were stored."""

    trimmed: list[str] = field(default_factory=list)  # kinds
    kept: list[str] = field(default_factory=list)  # kinds that were found and kept
    naming: str = ""  # keep or exclude: the poems that still name a model or a source
    named_kept: list[str] = field(default_factory=list)  # their ids
    named_left_out: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def naming(reading: Reading) -> list[tuple[PoemRow, tuple[str, ...]]]:
    """The poems whose text names a model or a source of the reading, with the names."""
    sources = source_names(row.source for row in reading.rows)
    found = ((row, names_in(row.text, sources)) for row in reading.rows)
    return [(row, names) for row, names in found if names]


def decided(
    to_store: Reading, choice: str, own_choices: Mapping[int, str] | None = None
) -> tuple[Reading, list[str], list[str]]:
    """The poems to be stored, and the ids of those that name one and are kept, or left out:
    by the poem's own choice, by its line in the file, where there is one, else by the choice for
    all. Refused while a poem is neither."""
    own = own_choices or {}
    kept, out, open_ = [], [], []
    for row, names in naming(to_store):
        chosen = own.get(row.line) or choice
        if chosen == KEEP:
            kept.append(row)
        elif chosen == LEAVE_OUT:
            out.append(row)
        else:
            open_.append((row, names))
    if open_:
        raise Unusable(_undecided(open_))
    lines = {row.line for row in out}
    rows = tuple(row for row in to_store.rows if row.line not in lines)
    ids = ([row.poem_id for row in kept], [row.poem_id for row in out])
    return replace(to_store, rows=rows), *ids


def _undecided(found: Collection[tuple[PoemRow, tuple[str, ...]]]) -> str:
    (row, names), n = next(iter(found)), len(found)
    which = "One poem names" if n == 1 else f"{n:,} poems name"
    return (
        f"{which} a model or a source in what would be stored (the first on line "
        f"{row.line}: “{names[0]}”). "
        "Choose whether such poems are kept, as the name belongs to the verse, or left out."
    )
