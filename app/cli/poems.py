"""Poem sets on the command line."""

import hashlib
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli.database import opened
from app.db import Engine, transaction
from app.errors import Unusable
from app.poems.importing import import_poems
from app.poems.measuring import measure_set
from app.poems.naming import KEEP, LEAVE_OUT, Decided, decided
from app.poems.queries import find_poem_set, poem_sets
from app.poems.reading import Reading, read
from app.poems.trimming import findings, trimmed, what_was_done
from app.verse import TrimKind

app = typer.Typer(no_args_is_help=True)

_MOST_ERRORS_SHOWN = 50
_MOST_TRIMS_SHOWN = 50
_LONGEST_TRIM = 80  # characters


@app.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Poems as CSV or JSON Lines.")
    ],
    set_name: Annotated[str, typer.Option("--set", help="Name of the new poem set.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only check the file; store nothing.")
    ] = False,
    trim: Annotated[
        str,
        typer.Option(
            help="What to trim beside the verse: all, none, or kinds with commas between, of "
            f"{', '.join(TrimKind)}."
        ),
    ] = "all",
    names: Annotated[
        str,
        typer.Option(
            help="What to do with poems that name a model or a source when all is trimmed: keep, "
            "as the name belongs to the verse, or exclude. Must be given where there are any."
        ),
    ] = "",
) -> None:
    """Store a file of poems as a new set, all of it or nothing, and measure them.

    Columns: text and source are required; prompt, prompt_id, title, poem_id and style_instruction
    are optional; all others are kept as metadata.

    What is trimmed is listed on standard error, and with --dry-run before anything is stored. A
    trimmed poem keeps its text as it was in its metadata; one of which no verse would be left is
    left out.
    """
    kinds = _kinds(trim)
    given = read(file.read_bytes(), file.name)
    _show_errors_and_notes(file, given)
    if names not in {"", KEEP, LEAVE_OUT}:
        raise typer.BadParameter(f"--names is {KEEP} or {LEAVE_OUT}.")
    _show_trims(file, given, kinds)
    reading, kept, out = decided(trimmed(given, kinds), names)
    done = what_was_done(given, reading)
    if dry_run:
        typer.echo(f"{len(reading.rows)} poems can be imported{f' ({done})' if done else ''}.")
        return
    with file.open("rb") as opened_file:
        content_sha256 = hashlib.file_digest(opened_file, "sha256").hexdigest()
    with opened() as engine:
        with transaction(engine, write=True) as session:
            poem_set = import_poems(
                session,
                reading,
                name=set_name,
                file_name=file.name,
                content_sha256=content_sha256,
                decided=Decided(
                    trimmed=sorted(kinds),
                    kept=sorted(set(TrimKind) - kinds),
                    naming=names,
                    named_kept=kept,
                    named_left_out=out,
                ),
            )
            set_id, key = poem_set.id or 0, poem_set.key
        _measure(engine, set_id, len(reading.rows))
    said = f"Imported {len(reading.rows)} poems as “{set_name}” ({key})"
    typer.echo(f"{said}; {done}." if done else f"{said}.")


@app.command("measure")
def measure_again(
    sets: Annotated[
        list[str] | None, typer.Argument(metavar="SET", help="Names or keys of poem sets.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every poem set.")] = False,
) -> None:
    """Measure the poems that lack a feature or have one of an older version.

    Run it after an update to have the new values at once; a running server does the same by
    itself, and both may work at the same time. Poems that are up to date are not touched.
    """
    if bool(sets) == everything:
        raise typer.BadParameter("name poem sets, or give --all.")
    with opened() as engine:
        with transaction(engine, write=False) as session:
            found = (
                poem_sets(session)
                if everything
                else [find_poem_set(session, name) for name in dict.fromkeys(sets or ())]
            )
        for row in found:
            n_done = _measure(engine, row.id, row.n_unmeasured)
            typer.echo(f"{row.name}: {n_done:,} of {row.n_poems:,} poems measured.")


@app.command("list")
def list_sets() -> None:
    """List the poem sets: key, number of poems, name."""
    with opened() as engine, transaction(engine, write=False) as session:
        for row in poem_sets(session):
            typer.echo(f"{row.key}  {row.n_poems:>7} poems  {row.name}")


def _measure(engine: Engine, set_id: int, expected: int) -> int:
    """With a progress bar; how many poems were measured."""
    n_done = 0
    with typer.progressbar(length=expected, label="Measuring", file=sys.stderr) as bar:
        for n_done, _total in measure_set(engine, set_id):
            bar.update(n_done - bar.pos)
    return n_done


def _kinds(trim: str) -> frozenset[TrimKind]:
    if trim in {"all", "none"}:
        return frozenset(TrimKind if trim == "all" else ())
    try:
        return frozenset(TrimKind(name.strip()) for name in trim.split(","))
    except ValueError:
        raise typer.BadParameter(
            f"--trim is all, none, or of {', '.join(TrimKind)}, with commas between."
        ) from None


def _show_errors_and_notes(file: Path, reading: Reading) -> None:
    for note in reading.notes if not reading.errors else ():
        typer.echo(note, err=True)
    for error in reading.errors[:_MOST_ERRORS_SHOWN]:
        place = ", ".join([f"line {error.line}", *([error.column] if error.column else [])])
        typer.echo(f"{file.name}, {place}: {error.message}", err=True)
    if reading.errors:
        raise Unusable(f"{len(reading.errors)} errors in {file.name}; nothing was stored.")


def _show_trims(file: Path, reading: Reading, kinds: frozenset[TrimKind]) -> None:
    found = [
        (finding.row.line, trim)
        for finding in (findings(reading) if kinds else ())
        for trim in finding.trims
        if trim.kind in kinds
    ]
    for line, trim in found[:_MOST_TRIMS_SHOWN]:
        what = " ".join(trim.what.split())
        short = what if len(what) <= _LONGEST_TRIM else f"{what[:_LONGEST_TRIM]}…"
        typer.echo(f"{file.name}, line {line}: {trim.kind.value} trimmed: {short}", err=True)
    n_more = len(found) - _MOST_TRIMS_SHOWN
    if n_more > 0:
        typer.echo(f"{n_more:,} more trims are not listed.", err=True)
