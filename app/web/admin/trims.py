"""What an upload's preview shows of things to trim, and the choices that come back from it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.errors import Unusable
from app.poems.naming import KEEP, LEAVE_OUT, MUST_BE_DECIDED, Decided, decided, naming
from app.poems.reading import PoemRow, Reading
from app.poems.trimming import Decision, Finding, findings, trimmed
from app.verse import Trim, TrimKind

MOST_SHOWN = 100  # poems; the others follow the choices by kind
_AROUND = 1  # lines shown before and after what would go
_BY_DECISION = {decision.value: decision for decision in Decision}

DECISIONS = (
    (Decision.BY_KIND.value, "as chosen above"),
    (Decision.TRIM.value, "trim all of it"),
    (Decision.KEEP.value, "keep as it is"),
    (Decision.EXCLUDE.value, "leave the poem out"),
)
NAMING_CHOICES = (
    ("", "as chosen below"),
    (KEEP, "keep the poem"),
    (LEAVE_OUT, "leave the poem out"),
)


@dataclass(frozen=True, slots=True)
class KindRow:
    kind: TrimKind
    n_poems: int
    n_trims: int


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    goes: bool


@dataclass(frozen=True, slots=True)
class ShownFinding:
    row: PoemRow
    kinds: list[tuple[TrimKind, int]]  # with the number of trims
    lines: list[list[Piece] | None]  # none stands for lines that are not shown
    is_all: bool  # no verse would be left


@dataclass(frozen=True, slots=True)
class Trims:
    kinds: list[KindRow]
    n_poems: int
    n_left_out: int  # if all is trimmed
    shown: list[ShownFinding]
    naming: list[
        tuple[PoemRow, tuple[str, ...]]
    ]  # poems that name a model or a source when all is trimmed


@dataclass(frozen=True, slots=True)
class Chosen:
    to_store: Reading
    decided: Decided
    errors: Mapping[str, str]  # by field: what must be chosen first


def look_for_trims(reading: Reading) -> Trims:
    found = findings(reading)
    n_trims = Counter(trim.kind for finding in found for trim in finding.trims)
    n_poems = Counter(kind for finding in found for kind in {trim.kind for trim in finding.trims})
    return Trims(
        kinds=[KindRow(kind, n_poems[kind], n_trims[kind]) for kind in TrimKind if n_trims[kind]],
        n_poems=len(found),
        n_left_out=sum(finding.is_all for finding in found),
        shown=[_shown(finding) for finding in found[:MOST_SHOWN]],
        naming=naming(trimmed(reading, set(TrimKind))),
    )


def trimmed_as_chosen(reading: Reading, values: Mapping[str, str]) -> Chosen:
    """What is not chosen is trimmed; but what gives a source away must be chosen."""
    kinds = {kind for kind in TrimKind if values.get(f"trim-{kind.value}", "trim") == "trim"}
    decisions = {
        row.line: _BY_DECISION[chosen]
        for row in reading.rows
        if (chosen := values.get(f"poem-{row.line}", "")) in _BY_DECISION
    }
    to_store = trimmed(reading, kinds, decisions)
    errors = _undecided_kinds(reading, values, decisions)
    own = _own_choices(to_store, values, decisions)
    try:
        to_store, kept, out = decided(to_store, values.get("naming", ""), own)
    except Unusable as error:
        return Chosen(to_store, Decided(), errors | {"naming": str(error)})
    done = Decided(
        trimmed=sorted(kinds),
        kept=sorted(set(TrimKind) - kinds),
        naming=values.get("naming", ""),
        named_kept=kept,
        named_left_out=out,
    )
    return Chosen(to_store, done, errors)


def _own_choices(
    to_store: Reading, values: Mapping[str, str], decisions: Mapping[int, Decision]
) -> dict[int, str]:
    """What was chosen for a single poem about the name in it. Who keeps a poem as it is, and says
    nothing of the name, keeps that too."""
    as_is = {line: KEEP for line, decision in decisions.items() if decision is Decision.KEEP}
    chosen = {row.line: values.get(f"naming-{row.line}", "") for row in to_store.rows}
    return as_is | {line: one for line, one in chosen.items() if one in (KEEP, LEAVE_OUT)}


def _undecided_kinds(
    reading: Reading, values: Mapping[str, str], decisions: Mapping[int, Decision]
) -> dict[str, str]:
    open_ = [one for one in MUST_BE_DECIDED if not values.get(f"trim-{one.value}")]
    if not open_:
        return {}
    n = Counter(
        kind
        for finding in findings(reading)
        if decisions.get(finding.row.line, Decision.BY_KIND) is Decision.BY_KIND
        for kind in {trim.kind for trim in finding.trims} & set(open_)
    )
    return {
        f"trim-{kind.value}": f"{kind.meaning} stands in {count} poem{'s' * (count != 1)}: choose "
        "whether to trim or to keep it."
        for kind, count in n.items()
    }


def _shown(finding: Finding) -> ShownFinding:
    counted = Counter(trim.kind for trim in finding.trims)
    return ShownFinding(
        row=finding.row,
        kinds=list(counted.items()),
        lines=list(_lines(finding.row.text, finding.trims)),
        is_all=finding.is_all,
    )


def _lines(text: str, trims: tuple[Trim, ...]) -> Iterator[list[Piece] | None]:
    """The lines that lose something, with those around them."""
    touched = {ix for trim in trims for ix in range(trim.first - 1, trim.last)}
    near = {ix + step for ix in touched for step in range(-_AROUND, _AROUND + 1)}
    place, skipped = 0, False
    for ix, line in enumerate(text.splitlines(keepends=True)):
        if ix in near:
            yield _pieces(line.rstrip("\r\n"), place, trims if ix in touched else ())
        elif not skipped:
            yield None
        skipped = ix not in near
        place += len(line)


def _pieces(line: str, start: int, trims: tuple[Trim, ...]) -> list[Piece]:
    pieces, done = [], 0
    for span in sorted(span for trim in trims for span in trim.spans):
        first, last = max(span[0] - start, done), min(span[1] - start, len(line))
        if first < last:
            pieces += [Piece(line[done:first], goes=False), Piece(line[first:last], goes=True)]
            done = last
    return [piece for piece in (*pieces, Piece(line[done:], goes=False)) if piece.text]
