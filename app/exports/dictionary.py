"""The data dictionary, made from the columns themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from app.exports.checks import CHECK_COLUMNS
from app.exports.columns import NUMBER, TEXT, Column
from app.exports.poems import META, POEM_COLUMNS
from app.exports.raters import POINTS, RATER_COLUMNS, SAYS
from app.exports.votes import FULL_VOTE_COLUMNS, VOTE_COLUMNS
from app.verse import FEATURE_VERSION, FEATURES

_FULL_ONLY = "; only in the full export"


@dataclass(frozen=True, slots=True)
class Entry:
    table: str
    column: str
    type: str
    unit: str
    meaning: str
    range: str = ""
    version: str = ""


def dictionary() -> list[Entry]:
    """One entry a column, in the order of the files."""
    default = {column.name for column in VOTE_COLUMNS}
    votes = (
        _entry("votes", column, note="" if column.name in default else _FULL_ONLY)
        for column in FULL_VOTE_COLUMNS
    )
    meta = Column(META + "...", "One for each column of the upload that is none of the above", TEXT)
    says = Column(SAYS + "...", "One for each item of the questionnaire: what the rater said", TEXT)
    points = Column(
        POINTS + "...",
        "One for each item that counts, named by its section and the item: what the answer is "
        "worth (docs/expertise.md)",
        NUMBER,
        "points",
    )
    poems = (_entry("poems", column) for column in (*POEM_COLUMNS, meta))
    raters = (_entry("raters", column) for column in (*RATER_COLUMNS, says, points))
    checks = (_entry("checks", column) for column in CHECK_COLUMNS)
    return [*votes, *poems, *raters, *checks]


def _entry(table: str, column: Column, *, note: str = "") -> Entry:
    low_high, version = _FEATURES.get(column.name, ("", "")) if table == "poems" else ("", "")
    meaning = column.meaning + note
    return Entry(table, column.name, column.type, column.unit, meaning, low_high, version)


def _range(low: float | None, high: float | None) -> str:
    if low is None:
        return ""
    return f"{low:g} or more" if high in (None, inf) else f"{low:g} to {high:g}"


_FEATURES = {
    feature.name: (_range(feature.low, feature.high), str(feature.version)) for feature in FEATURES
}

_HEAD = f"""\
# Data dictionary

What the exported files of a study hold. This page is made from the program's own columns by
`make docs`; the features are of version {FEATURE_VERSION}.

- **Files.** Votes, poems, raters and checks, each as CSV or as JSON Lines with the same columns.
  The votes' `poem_left` and `poem_right` are the poems' `poem_id`; the `rater_id` of votes and
  checks is the raters'. The prompts of a vote's poems are in the poems' file.
- **CSV** is RFC 4180 in UTF-8, without a byte order mark; records end with CR LF, and the line ends
  of a poem stand inside quotation marks. What is missing is an empty cell; in JSON Lines it is
  `null`.
- **Numbers** are written with the fewest digits that read back as exactly the same number. Read
  identifiers as text (in pandas `dtype=str` for their columns), so that none becomes a number.
- **Times** are UTC, as in `2026-01-31T09:30:00.000Z`.
- **Spreadsheets** take a cell that begins with `=`, `+`, `-` or `@` for a formula. Poems are
  exported unaltered: import such files as text when the poems come from people you do not trust.
- **Which votes.** The export holds the last vote that stands for each pair a rater was given. The
  full export holds every vote ever cast on a pair, also those taken back. Neither holds votes of
  raters who have withdrawn or had everything erased. Nobody's token, address or name is in any
  file.
- **Attention checks** are no votes on poems: their answers are in the checks' file alone, every one
  ever given (of the same raters), also those taken back. No analysis reads it. A rater's
  `n_checks_failed` is the number of their rows with `stands` 1 and `passed` 0.
- **Simulated** votes and raters are marked 1 in the column `simulated`; `blindverse analyse` leaves
  them out unless asked for them alone.
"""
_TITLES = {"votes": "Votes", "poems": "Poems", "raters": "Raters", "checks": "Attention checks"}


def dictionary_markdown() -> str:
    """The page docs/data-dictionary.md."""
    entries = dictionary()
    sections = [
        _section(title, (entry for entry in entries if entry.table == table))
        for table, title in _TITLES.items()
    ]
    return "\n".join([_HEAD, *sections])


def _section(title: str, entries: Iterable[Entry]) -> str:
    lines = [
        f"## {title}",
        "",
        "| column | type | unit | range | version | meaning |",
        "|---|---|---|---|---|---|",
    ]
    for entry in entries:
        cells = (
            f"`{entry.column}`",
            entry.type,
            entry.unit,
            entry.range,
            entry.version,
            entry.meaning,
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*lines, ""])
