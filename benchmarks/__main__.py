"""`python -m benchmarks`: prints a table of what is measured, ours, its floor and their ratio."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from benchmarks import analysing, exporting, importing, measuring, planning, voting
from benchmarks.timing import Comparison


class Name(StrEnum):
    VOTE = "vote"
    IMPORT = "import"
    MEASURE = "measure"
    ANALYSE = "analyse"
    PLAN = "plan"
    EXPORT = "export"


BENCHMARKS: dict[Name, Callable[[Path, bool], Iterator[Comparison]]] = {
    Name.VOTE: voting.compare,
    Name.IMPORT: importing.compare,
    Name.MEASURE: measuring.compare,
    Name.ANALYSE: analysing.compare,
    Name.PLAN: planning.compare,
    Name.EXPORT: exporting.compare,
}
ROW = "{:<40} {:>12}   {:<38} {:>12} {:>9}"


def main(
    only: Annotated[Name | None, typer.Option(help="Run this one alone.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="A tenth of the work: a first look.")
    ] = False,
) -> None:
    """Time votes, importing, measuring, analysing, planning and exporting, each by its floor."""
    print(ROW.format("what", "ours", "floor", "floor", "ratio"))
    for name in [only] if only else BENCHMARKS:
        with TemporaryDirectory() as folder:
            for row in BENCHMARKS[name](Path(folder), quick):
                ours, floor = (f"{1000 * seconds:,.3f} ms" for seconds in (row.ours, row.floor))
                print(ROW.format(row.what, ours, row.floor_is, floor, f"{row.ratio:,.1f}"))


if __name__ == "__main__":
    typer.run(main)
