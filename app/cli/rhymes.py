"""Compare the rhymes of the sources of a file of poems; needs no database."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.poem_files import Record, check_suffix, records_of
from app.cli.progress import with_progress
from app.errors import UnreadableFile
from app.verse import ParsedPoem, commonness, corpus_counts, rhyme_pairs

if TYPE_CHECKING:  # NumPy and SciPy would slow down the start of every command
    from app.analysis import RhymeStock
    from app.analysis.cliches import Interval
    from app.analysis.diversity import SourceStock

Pairs = list[tuple[str, str]]

_HEAD = (
    *("source", "poems", "with rhyme", "rhymes", "distinct"),
    *("commonplace % (95%)", "distinct per rhyme (95%)"),
)


def rhymes(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="Poems as CSV or JSON Lines, with columns source, and text or lines.",
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Give every figure as JSON.")] = False,
) -> None:
    """Compare the sources of a file of poems by how commonplace and how varied their rhymes are.

    Gives for each source the share of its rhymes among the 1,000 most common of verse, the distinct
    pairs of words per rhyme among as many rhymes as are drawn from every source, and the pairs that
    it repeats most beyond what verse does. Records that share a value in the column poem are one
    poem.
    """
    from app.analysis import rhyme_stock

    check_suffix(file)
    found = rhyme_stock(
        _pairs_by_source(file),
        corpus=corpus_counts(),
        unlisted=lambda one, other: commonness(one, other).count,
    )
    if as_json:
        typer.echo(json.dumps(found.as_dict(), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        typer.echo("\n".join(_summary(found)))


def _pairs_by_source(file: Path) -> dict[str, list[Pairs]]:
    n_records = sum(1 for _record in _with_source(file))  # what is wrong is said before any work
    poems: dict[str, dict[str | int, Pairs]] = {}
    for record in with_progress(_with_source(file), total=n_records, label="Finding rhymes"):
        own = poems.setdefault(str(record.source), {})
        own.setdefault(record.poem or record.line, []).extend(rhyme_pairs(ParsedPoem(record.text)))
    return {source: [*poems[source].values()] for source in sorted(poems, key=str.casefold)}


def _with_source(file: Path) -> Iterator[Record]:
    for record in records_of(file):
        if not record.source:
            raise UnreadableFile(
                f"{file.name}, line {record.line}, source: it is empty; write which model or "
                "person wrote the poem."
            )
        yield record


def _summary(found: "RhymeStock") -> Iterator[str]:
    rows = [_HEAD, *map(_row, found.sources)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(map(str.ljust, row, widths)).rstrip()
    if found.sample_size and found.corpus_distinct_per_rhyme:
        yield (
            f"\nDistinct per rhyme: among {found.sample_size:,} rhymes drawn from each source; as "
            f"many drawn from the corpus would give {found.corpus_distinct_per_rhyme:.3f}."
        )
    for one in found.sources:
        yield from _cliches(one)


def _row(one: "SourceStock") -> Sequence[str]:
    counts = (one.n_poems, one.n_rhyming, one.n_rhymes, one.n_distinct)
    return (
        one.source,
        *(f"{count:,}" for count in counts),
        _interval(one.commonplace, 100, ".1f") or "none",
        _interval(one.distinct_per_rhyme, 1, ".3f") or one.declined or "none",
    )


def _cliches(one: "SourceStock") -> Iterator[str]:
    if one.cliches:
        yield f"\n{one.source} repeats, with how many times as often as the corpus (95%):"
    for pair in one.cliches:
        often = _interval(pair.ratio, 1, ",.1f")
        yield f"  {'/'.join(pair.pair)}  {often}, in {pair.n_poems:,} poems"


def _interval(found: "Interval | None", times: int, digits: str) -> str:
    if found is None:
        return ""
    value, low, high = (times * one for one in (found.value, found.low, found.high))
    return f"{value:{digits}} ({low:{digits}} to {high:{digits}})"
