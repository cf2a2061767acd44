"""How the sources of a set obeyed their instructions and what rhymes they use, as its page shows
it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.analysis.cliches import Interval
from app.analysis.distribution import share
from app.analysis.plots import Reference, SourceShares, share_chart
from app.analysis.wording import counted
from app.exports.columns import INTEGER, NUMBER, TEXT, Column, Row
from app.poems.instructions import Asked, Obedience

ALL = "All sources"
MOST_DRAWN = 24  # sources in a chart, those with most poems
MOST_PAIRS = 5  # of a source

SERIES = {
    Asked.NO_RHYME: "rhyme although asked not to",
    Asked.RHYME: "do not rhyme although asked to",
}

Stock = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class AskedPoems:
    """The poems of a source that were asked the same."""

    n: int  # measured
    n_disobeying: int
    n_rhymed: int
    disobeying: Interval | None
    rhymed: Interval | None


@dataclass(frozen=True, slots=True)
class ObedienceRow:
    source: str
    asked: dict[Asked, AskedPoems]


@dataclass(frozen=True, slots=True)
class ObedienceShown:
    everything: ObedienceRow
    rows: tuple[ObedienceRow, ...]  # by falling share that rhymes although asked not to
    charts: dict[str, str]
    n_asked: dict[Asked, int]  # poems, measured or not
    n_unmeasured: int  # of those asked to rhyme, or not to


@dataclass(frozen=True, slots=True)
class StockShown:
    rows: tuple[Stock, ...]  # by falling number of distinct pairs, those not compared at the end
    charts: dict[str, str]
    sample_size: int | None
    corpus: float | None
    declined: dict[str, list[str]]  # sources by the sentence that says why


def obedience_shown(found: Sequence[Obedience]) -> ObedienceShown | None:
    """None where no poem comes with an instruction."""
    n_asked = {asked: sum(one.n_poems for one in found if one.asked is asked) for asked in Asked}
    if sum(n_asked.values()) == n_asked[Asked.NOTHING]:
        return None
    sources = sorted({one.source for one in found}, key=lambda name: (name.casefold(), name))
    rows = [
        _obedience_row(source, [one for one in found if one.source == source]) for source in sources
    ]
    rows.sort(key=lambda row: tuple(-_value(row.asked[asked].disobeying) for asked in SERIES))
    return ObedienceShown(
        everything=_obedience_row(ALL, found),
        rows=tuple(rows),
        charts=_obedience_charts(rows),
        n_asked=n_asked,
        n_unmeasured=sum(one.n_poems - one.n_measured for one in found if one.asked in SERIES),
    )


def _obedience_row(source: str, found: Sequence[Obedience]) -> ObedienceRow:
    asked = {}
    for wanted in Asked:
        own = [one for one in found if one.asked is wanted]
        n = sum(one.n_measured for one in own)
        n_disobeying = sum(one.n_disobeying for one in own)
        n_rhymed = sum(one.n_rhymed for one in own)
        asked[wanted] = AskedPoems(
            n=n,
            n_disobeying=n_disobeying,
            n_rhymed=n_rhymed,
            disobeying=share(n_disobeying, n) if n else None,
            rhymed=share(n_rhymed, n) if n else None,
        )
    return ObedienceRow(source, asked)


def _value(found: Interval | None) -> float:
    return -1.0 if found is None else found.value


def _obedience_charts(rows: Sequence[ObedienceRow]) -> dict[str, str]:
    def n_asked(row: ObedienceRow) -> int:
        return sum(row.asked[asked].n for asked in SERIES)

    series = [asked for asked in SERIES if any(row.asked[asked].n for row in rows)]
    largest = sorted(rows, key=lambda row: -n_asked(row))[:MOST_DRAWN]
    drawn = tuple(
        SourceShares(
            row.source,
            counted(n_asked(row), "poem"),
            tuple(row.asked[asked].disobeying for asked in series),
        )
        for row in rows
        if row in largest and n_asked(row)
    )
    if not drawn:
        return {}
    parts: dict[str, Any] = {  # Any: keywords
        "series": tuple(SERIES[asked] for asked in series),
        "title": "Poems that disobey their style instruction, by source, with 95% intervals",
        "axis": "Share of the poems asked so, %",
    }
    return {
        "wide": share_chart(drawn, width="wide", **parts),
        "narrow": share_chart(drawn, width="narrow", **parts),
    }


def stock_shown(stock: Stock) -> StockShown:
    def compared(one: Stock) -> float:
        return -one["distinct_per_rhyme"]["value"] if one["distinct_per_rhyme"] else 1.0

    declined: dict[str, list[str]] = {}
    for one in stock["sources"]:
        if one["declined"]:
            declined.setdefault(one["declined"], []).append(one["source"])
    return StockShown(
        rows=tuple(sorted(stock["sources"], key=compared)),
        charts=_stock_charts(stock),
        sample_size=stock["sample_size"],
        corpus=stock["corpus_distinct_per_rhyme"],
        declined=declined,
    )


def _stock_charts(stock: Stock) -> dict[str, str]:
    found = [one for one in stock["sources"] if one["distinct_per_rhyme"]]
    largest = sorted(found, key=lambda one: -one["n_rhymes"])[:MOST_DRAWN]
    if not largest:
        return {}
    largest.sort(key=lambda one: -one["distinct_per_rhyme"]["value"])
    drawn = tuple(
        SourceShares(
            one["source"],
            counted(one["n_rhymes"], "rhyme"),
            (Interval(**one["distinct_per_rhyme"]),),
        )
        for one in largest
    )
    size = stock["sample_size"]
    parts: dict[str, Any] = {  # Any: keywords
        "series": ("distinct rhymes",),
        "title": f"Distinct rhymes among {size:,} of each source, with 95% intervals",
        "axis": f"Distinct pairs among {size:,} rhymes, %",
        "reference": Reference(stock["corpus_distinct_per_rhyme"], "a corpus of verse"),
    }
    return {
        "wide": share_chart(drawn, width="wide", **parts),
        "narrow": share_chart(drawn, width="narrow", **parts),
    }


_STOCK = {
    "n_poems": "Poems",
    "n_rhyming": "Poems with a rhyme",
    "n_rhymes": "Rhymes",
    "n_distinct": "Distinct pairs among them",
}
_SHARES = {
    "distinct_per_rhyme": "Distinct pairs expected among sample_size rhymes, by their number",
    "commonplace": "Share of rhymes among the 1,000 most common of verse",
}
STOCK_COLUMNS = (
    Column("source", "Name of the source", TEXT),
    *(Column(name, meaning, INTEGER) for name, meaning in _STOCK.items()),
    Column("sample_size", "Rhymes drawn from every source", INTEGER),
    *(
        Column(f"{name}{end}", f"{meaning}{words}", NUMBER)
        for name, meaning in _SHARES.items()
        for end, words in (
            ("", ""),
            ("_ci_low", ": lower end of the 95% interval"),
            ("_ci_high", ": upper end of the 95% interval"),
        )
    ),
    Column("declined", "Why it is not compared", TEXT),
)
PAIR_COLUMNS = (
    Column("source", "Name of the source", TEXT),
    Column("word", "One word of the pair", TEXT),
    Column("other_word", "The other", TEXT),
    Column("n_poems", "Poems of the source that hold the pair", INTEGER),
    Column("n_rhymes", "Rhymes of the source that are this pair", INTEGER),
    Column("share", "Share of the source's pairs", NUMBER),
    Column("corpus_share", "Share of the corpus' rhymes", NUMBER),
    Column("ratio", "Times as often as in the corpus, shrunk", NUMBER),
    Column("ratio_ci_low", "Lower end of its 95% interval", NUMBER),
    Column("ratio_ci_high", "Upper end of its 95% interval", NUMBER),
)


def stock_rows(stock: Stock) -> Iterator[Row]:
    for one in stock["sources"]:
        row: Row = {name: one[name] for name in ("source", *_STOCK, "declined")}
        row["sample_size"] = stock["sample_size"]
        for name in _SHARES:
            found = one[name] or dict.fromkeys(("value", "low", "high"))
            row |= {
                name: found["value"],
                f"{name}_ci_low": found["low"],
                f"{name}_ci_high": found["high"],
            }
        yield row


def pair_rows(stock: Stock) -> Iterator[Row]:
    for one in stock["sources"]:
        for pair in one["cliches"]:
            word, other = pair["pair"]
            yield {
                "source": one["source"],
                "word": word,
                "other_word": other,
                **{name: pair[name] for name in ("n_poems", "n_rhymes", "share", "corpus_share")},
                "ratio": pair["ratio"]["value"],
                "ratio_ci_low": pair["ratio"]["low"],
                "ratio_ci_high": pair["ratio"]["high"],
            }
