"""What the poems of a file hold beside their verse, and what is done about it before they are
stored."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from app.poems.reading import PoemRow, Reading
from app.verse import Trim, TrimKind, apply_trims, find_trims

ORIGINAL = "original_text"
TRIMMED = "trimmed"


class Decision(StrEnum):
    """On one poem, before the choice by kind."""

    BY_KIND = "kind"
    TRIM = "trim"
    KEEP = "keep"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True)
class Finding:
    row: PoemRow
    trims: tuple[Trim, ...]

    @property
    def is_all(self) -> bool:
        """Whether no verse would be left."""
        return not apply_trims(self.row.text, self.trims).strip()


def findings(reading: Reading) -> list[Finding]:
    """The poems that hold something to trim, in the order of the file."""
    found = (Finding(row, find_trims(row.text, row.title)) for row in reading.rows)
    return [finding for finding in found if finding.trims]


def trimmed(
    reading: Reading,
    kinds: Collection[TrimKind],
    decisions: Mapping[int, Decision] | None = None,
) -> Reading:
    """The poems as they are to be stored: `kinds` are trimmed, unless a decision on the poem, by
    its line in the file, says otherwise. A poem of which nothing would be left is left out. A poem
    that was trimmed keeps its text as it was among its metadata."""
    names = _free_names(reading.meta_columns)
    rows = _trimmed_rows(reading, kinds, decisions or {}, names)
    return replace(reading, rows=tuple(rows))


def what_was_done(reading: Reading, stored: Reading) -> str:
    """In words, for whoever chose; empty where nothing was."""
    before = {row.line: row.text for row in reading.rows}
    n_trimmed = sum(row.text != before[row.line] for row in stored.rows)
    n_out = len(reading.rows) - len(stored.rows)
    done = [f"{n_trimmed:,} trimmed"] * bool(n_trimmed) + [f"{n_out:,} left out"] * bool(n_out)
    return ", ".join(done)


def _trimmed_rows(
    reading: Reading,
    kinds: Collection[TrimKind],
    decisions: Mapping[int, Decision],
    names: tuple[str, str],
) -> Iterator[PoemRow]:
    for row in reading.rows:
        decision = decisions.get(row.line, Decision.BY_KIND)
        if decision is Decision.EXCLUDE:
            continue
        if decision is Decision.KEEP or not (trims := _chosen(row, kinds, decision)):
            yield row
            continue
        text = apply_trims(row.text, trims)
        if text.strip():
            done = ", ".join(dict.fromkeys(trim.kind.value for trim in trims))
            yield replace(row, text=text, meta={**row.meta, names[0]: row.text, names[1]: done})


def _chosen(row: PoemRow, kinds: Collection[TrimKind], decision: Decision) -> list[Trim]:
    if not kinds and decision is Decision.BY_KIND:
        return []
    found = find_trims(row.text, row.title)
    return [trim for trim in found if decision is Decision.TRIM or trim.kind in kinds]


def _free_names(taken: Collection[str]) -> tuple[str, str]:
    """Columns of the file are never overwritten."""
    original, done = ORIGINAL, TRIMMED
    while original in taken or done in taken:
        original, done = original + "_", done + "_"
    return original, done
