"""The data set of a study as files."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.database import opened
from app.db import transaction
from app.exports.dictionary import dictionary_markdown
from app.exports.tables import Table
from app.exports.tables import export as rows_of
from app.exports.writers import Format
from app.studies.queries import find_study


def export(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="The study's name or key.")],
    folder: Annotated[
        Path, typer.Option(file_okay=False, help="Where the files go; made if need be.")
    ] = Path(),
    format: Annotated[Format, typer.Option(help="Kind of the files.")] = Format.CSV,  # noqa: A002  # the option's name
    full: Annotated[
        bool, typer.Option("--full", help="Also the votes that were taken back.")
    ] = False,
) -> None:
    """Write votes, poems, raters, checks and the data dictionary of a study to files."""
    folder.mkdir(parents=True, exist_ok=True)
    with opened() as engine, transaction(engine, write=False) as session:
        found = find_study(session, study)
        for table in Table:
            file = folder / f"{table.value}.{format.value}"
            # Under another name until it is whole: half a file never looks like a data set.
            unfinished = file.with_suffix(file.suffix + ".part")
            with unfinished.open("wb") as output:
                output.writelines(rows_of(session, found, table, format, full=full))
            unfinished.replace(file)
            typer.echo(str(file))
    dictionary = folder / "data-dictionary.md"
    dictionary.write_text(dictionary_markdown(), encoding="utf-8")
    typer.echo(str(dictionary))
