"""Poem sets on the command line."""

import hashlib
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli.database import opened
from app.db import transaction
from app.errors import Unusable
from app.poems.importing import import_poems
from app.poems.measuring import measure_set
from app.poems.queries import poem_sets
from app.poems.reading import read

app = typer.Typer(no_args_is_help=True)

_MOST_ERRORS_SHOWN = 50


@app.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Poems as CSV or JSON Lines.")
    ],
    set_name: Annotated[str, typer.Option("--set", help="Name of the new poem set.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only check the file; store nothing.")
    ] = False,
) -> None:
    """Store a file of poems as a new set, all of it or nothing, and measure them.

    Columns: text and source are required; prompt, prompt_id, title, poem_id and style_instruction
    are optional; all others are kept as metadata.
    """
    content = file.read_bytes()
    reading = read(content, file.name)
    for note in reading.notes if not reading.errors else ():
        typer.echo(note, err=True)
    for error in reading.errors[:_MOST_ERRORS_SHOWN]:
        place = ", ".join([f"line {error.line}", *([error.column] if error.column else [])])
        typer.echo(f"{file.name}, {place}: {error.message}", err=True)
    if reading.errors:
        raise Unusable(f"{len(reading.errors)} errors in {file.name}; nothing was stored.")
    if dry_run:
        typer.echo(f"{len(reading.rows)} poems can be imported.")
        return
    with opened() as engine:
        with transaction(engine, write=True) as session:
            poem_set = import_poems(
                session,
                reading,
                name=set_name,
                file_name=file.name,
                content_sha256=hashlib.sha256(content).hexdigest(),
            )
            set_id, key = poem_set.id or 0, poem_set.key
        with typer.progressbar(length=len(reading.rows), label="Measuring", file=sys.stderr) as bar:
            for done, _total in measure_set(engine, set_id):
                bar.update(done - bar.pos)
    typer.echo(f"Imported {len(reading.rows)} poems as “{set_name}” ({key}).")


@app.command("list")
def list_sets() -> None:
    """List the poem sets: key, number of poems, name."""
    with opened() as engine, transaction(engine, write=False) as session:
        for row in poem_sets(session):
            typer.echo(f"{row.key}  {row.n_poems:>7} poems  {row.name}")
