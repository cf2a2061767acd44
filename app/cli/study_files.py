"""The files of a study as an analysis takes them; needs no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from app.cli.progress import with_progress
from app.errors import Unusable
from app.exports.reading import Frame, read_frame
from app.verse import FEATURES
from app.verse import measure as measure_text

if TYPE_CHECKING:  # NumPy and SciPy would slow down the start of every command
    from app.analysis import VoteTable
    from app.reports.filters import Filters

CONTROLS = ("n_lines", "words_per_line")
_MEASURED = {feature.name for feature in FEATURES if feature.kind == "number"}


def controls_of(adjust: str, feature: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in adjust.split(",") if name.strip())
    if feature in names:
        raise typer.BadParameter(
            f"{feature} is the feature whose effect is asked for, so it cannot be held equal.",
            param_hint="--adjust",
        )
    return () if names == ("none",) else tuple(dict.fromkeys(names))


def usual_controls(files: "Files") -> tuple[str, ...]:
    """Those that the poems have, or that can be measured."""
    poems = files.poems
    kept = tuple(name for name in CONTROLS if "text" in poems or _is_numeric(poems.get(name, [])))
    if missing := [name for name in CONTROLS if name not in kept]:
        typer.echo(
            f"{files.poems_name} has neither {' nor '.join(missing)}, nor a text to measure them "
            "from: they are not held equal.",
            err=True,
        )
    return kept


@dataclass(frozen=True, slots=True)
class Files:
    """What the files of a study hold, and what they are called."""

    votes: Frame
    votes_name: str
    poems: Frame
    poems_name: str
    raters: Frame | None = None
    raters_name: str = ""


def read_files(votes: Path, poems: Path, raters: Path | None = None) -> Files:
    found = Files(
        read_frame(votes),
        votes.name,
        read_frame(poems),
        poems.name,
        read_frame(raters) if raters else None,
        raters.name if raters else "",
    )
    _refuse_poems_as_votes(found.votes, votes.name)
    return found


def table_of(
    files: Files, filters: "Filters", *, simulated: Literal["exclude", "only"]
) -> "VoteTable":
    """The votes of people, or the simulated ones alone."""
    table, file = _table(files, filters), files.votes_name
    return _of_people(table, file) if simulated == "exclude" else _simulated(table, file)


def _table(files: Files, filters: "Filters") -> "VoteTable":
    from app.analysis import InvalidVotes
    from app.reports.filters import make_table

    needed = (filters.feature, *filters.adjust)
    try:
        measure_missing(files.poems, files.poems_name, files.votes, needed)
        return make_table(files.votes, files.poems, filters, files.raters)
    except InvalidVotes as problem:
        of_poems = str(problem).startswith(("Poem ", "The poems "))
        name = files.poems_name if of_poems else files.votes_name
        if files.raters and str(problem).startswith(("Rater ", "The raters ")):
            name = files.raters_name
        raise Unusable(f"{name}: {problem}") from None


def _refuse_poems_as_votes(votes: Frame, file: str) -> None:
    found = [name for name in ("poem_id", "text") if name in votes]
    if found and "vote_id" not in votes:
        raise Unusable(
            f"{file}, given as --votes, has a column {found[0]} and none named vote_id: it looks "
            "like a file of poems. Are the files of --votes and --poems swapped?"
        )


def measure_missing(poems: Frame, file: str, votes: Frame, names: Sequence[str]) -> None:
    """Adds a column for each feature that the file does not give as numbers."""
    missing = [name for name in names if not _is_numeric(poems.get(name, []))]
    for name in missing:
        if name not in _MEASURED and name not in poems:
            raise typer.BadParameter(
                f"{file} has no column {name!r}, and it is none of the features measured from the "
                f"text: {', '.join(sorted(_MEASURED))}."
            )
    to_measure = [name for name in missing if name in _MEASURED]
    if to_measure:
        poems.update(_measured(poems, file, votes, to_measure))


def _is_numeric(cells: Sequence[Any]) -> bool:  # Any: cells as the file gives them
    """Whether any cell is a number; one that is not is then an error in its row."""
    return any(_is_number(cell) for cell in cells)


def _is_number(cell: Any) -> bool:  # Any: as above
    try:
        float(cell)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _measured(poems: Frame, file: str, votes: Frame, names: Sequence[str]) -> Frame:
    """The features of the poems voted on; None for the others, which nobody needs."""
    from app.analysis.columns import ids, require_columns

    require_columns(poems, ("poem_id",), what="poems")
    if "text" not in poems:
        raise Unusable(
            f"{file} has neither a numeric column {names[0]!r} nor a column 'text' to measure it "
            "from."
        )
    require_columns(votes, ("poem_left", "poem_right"), what="votes")
    sides = (ids(votes, side, what="vote") for side in ("poem_left", "poem_right"))
    voted_on = {poem for side in sides for poem in side}
    poem_ids = ids(poems, "poem_id", what="poem")
    rows = [row for row, poem in enumerate(poem_ids) if poem in voted_on]
    columns: Frame = {name: [None] * len(poem_ids) for name in names}
    for row in with_progress(rows, total=len(rows), label="Measuring poems"):
        text = poems["text"][row]
        if not isinstance(text, str) or not text.strip():
            raise Unusable(
                f"{file}: Poem row {row + 1} (poem {poem_ids[row]}), column text: the cell is "
                f"empty, so {names[0]} cannot be measured."
            )
        found = measure_text(text)
        for name in names:
            columns[name][row] = found[name]
    return columns


def _of_people(table: "VoteTable", file: str) -> "VoteTable":
    left_out = int(table.simulated.sum())
    if left_out and left_out == len(table.vote_ids):
        raise Unusable(
            f"{file}: all {left_out:,} votes are simulated; --simulated only analyses them."
        )
    if left_out:
        typer.echo(
            f"{left_out:,} simulated votes are left out; --simulated only analyses them alone.",
            err=True,
        )
    return table.where(~table.simulated)


def _simulated(table: "VoteTable", file: str) -> "VoteTable":
    if not table.simulated.any():
        raise Unusable(f"{file}: no vote is marked simulated (1 in a column simulated).")
    return table.where(table.simulated)
