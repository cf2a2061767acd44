"""The features of a set's poems by source, in the form its page shows them in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.analysis.plots import SourceBars, distribution_chart
from app.exports.columns import INTEGER, NUMBER, TEXT, Column, Row
from app.verse import FAMILIES, FEATURES, Feature

FIRST = "rhyme_density"
MOST_COLUMNS = 12  # sources in the overview, those with most poems
MOST_DRAWN = 24  # sources in a chart, those with most poems
MIN_POEMS = 5  # of which a mean may stand out
STANDS_OUT = 0.5  # standard deviations of all poems

_FINE = {"share", "0 or 1", "probability", "score", "difference of scores"}
_COARSE = (2.0, 20.0)  # standard deviations from which a digit less is shown
_LONGEST_LABEL = 24  # signs; of a label with a long word, as a scheme may be, fewer
_LONGEST_WORD = 16
_SHADES = (0.0, 0.1, 0.3, 0.5, 0.75)

Compared = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class ShownFeature:
    name: str
    label: str
    meaning: str
    unit: str  # empty where the label says it
    range: str  # empty where there is none
    is_label: bool


@dataclass(frozen=True, slots=True)
class NumberRow:
    source: str
    n: int
    n_missing: int
    mean: str
    sd: str
    median: str
    quartiles: str


@dataclass(frozen=True, slots=True)
class Numbers:
    rows: tuple[NumberRow, ...]  # by falling mean
    charts: dict[str, str]  # by width; none where no poem has a value
    n_outside: int
    n_drawn: int


@dataclass(frozen=True, slots=True)
class LabelRow:
    source: str
    n: int
    n_missing: int
    shares: tuple[tuple[str, int], ...]  # in percent, and how dark


@dataclass(frozen=True, slots=True)
class Label:
    full: str
    short: str  # fits above a column


@dataclass(frozen=True, slots=True)
class Labels:
    labels: tuple[Label, ...]
    rows: tuple[LabelRow, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    mark: str = ""  # above or below, where a source stands out
    full: str = ""  # where the text is shortened


@dataclass(frozen=True, slots=True)
class Overview:
    sources: tuple[str, ...]
    families: tuple[tuple[str, tuple[tuple[ShownFeature, tuple[Cell, ...]], ...]], ...]
    n_left_out: int  # sources


def shown(feature: Feature) -> ShownFeature:
    words = feature.name.removeprefix("n_").replace("_", " ").replace("meter", "metre")
    label = words.capitalize()
    return ShownFeature(
        name=feature.name,
        label=label,
        meaning=feature.meaning,
        unit="" if feature.kind == "label" or feature.unit == label.lower() else feature.unit,
        range=_range(feature) if feature.kind == "number" else "",
        is_label=feature.kind == "label",
    )


def _range(feature: Feature) -> str:
    if feature.high is None:
        return "" if feature.low is None else f"from {feature.low:g}"
    return (
        f"up to {feature.high:g}" if feature.low is None else f"{feature.low:g} to {feature.high:g}"
    )


def chosen(name: str | None) -> Feature:
    """The feature of this name, or else the first to be looked at."""
    by_name = {feature.name: feature for feature in FEATURES}
    return by_name.get(name or FIRST, by_name[FIRST])


def families() -> list[tuple[str, list[ShownFeature]]]:
    return [(family, [shown(feature) for feature in own]) for family, own in FAMILIES.items()]


def numbers(feature: Feature, found: Compared) -> Numbers:
    known = {source: one for source, one in found["sources"].items() if one["n"]}
    ranked = sorted(known, key=lambda source: -known[source]["mean"])
    drawn = _largest(found, MOST_DRAWN) & known.keys()
    bars = tuple(_bars(source, known[source]) for source in ranked if source in drawn)
    return Numbers(
        rows=tuple(
            _number_row(source, found["sources"][source], _digits(feature, found["all"]))
            for source in [*ranked, *(found["sources"].keys() - known.keys())]
        ),
        charts=charts(feature, bars, found["edges"]) if bars else {},
        n_outside=found["n_outside"],
        n_drawn=len(bars),
    )


def charts(
    feature: Feature, bars: tuple[SourceBars, ...], edges: Sequence[float]
) -> dict[str, str]:
    words = shown(feature)
    axis = f"{words.label}, {words.unit}" if words.unit else words.label
    title = f"{words.label} by source: how the poems are distributed, with quartiles"
    return {
        "wide": distribution_chart(bars, edges=tuple(edges), title=title, axis=axis, width="wide"),
        "narrow": distribution_chart(
            bars, edges=tuple(edges), title=title, axis=axis, width="narrow"
        ),
    }


def labels(found: Compared) -> Labels:
    names = [*found["labels"], *(["others"] if found["all"]["rest"] else [])]
    return Labels(
        labels=tuple(Label(name, _short(name)) for name in names),
        rows=tuple(
            LabelRow(source, one["n"], one["n_missing"], _shares(one, len(names)))
            for source, one in [("All sources", found["all"]), *found["sources"].items()]
        ),
    )


def overview(compared: Compared) -> Overview:
    """Means of the sources with most poems, and where they stand out from those of all poems."""
    anything = compared[FIRST]
    most = _largest(anything, MOST_COLUMNS)
    sources = tuple(source for source in anything["sources"] if source in most)
    rows = {
        feature.name: (shown(feature), tuple(_cells(feature, compared[feature.name], sources)))
        for feature in FEATURES
        if feature.name in compared
    }
    return Overview(
        sources=sources,
        families=tuple(
            (family, tuple(rows[feature.name] for feature in own if feature.name in rows))
            for family, own in FAMILIES.items()
        ),
        n_left_out=len(anything["sources"]) - len(sources),
    )


def _cells(feature: Feature, found: Compared, sources: Sequence[str]) -> Iterator[Cell]:
    everything = found["all"]
    digits = _digits(feature, everything)
    for one in [everything, *(found["sources"].get(source) for source in sources)]:
        if one is None or not one["n"]:
            yield Cell("–")
        elif feature.kind == "label":
            label = max(found["labels"], key=lambda name: one["counts"][name])
            short, share = _short(label), f"{100 * one['counts'][label] / one['n']:.0f}%"
            yield Cell(f"{short} ({share})", full="" if short == label else label)
        else:
            yield Cell(f"{one['mean']:z,.{digits}f}", _mark(one, everything))


def _mark(one: Compared, everything: Compared) -> str:
    sd = everything["sd"]
    if not sd or one["n"] < MIN_POEMS:
        return ""
    away = (one["mean"] - everything["mean"]) / sd
    if abs(away) < STANDS_OUT:
        return ""
    return "above" if away > 0 else "below"


def _short(label: str) -> str:
    longest_word = max(map(len, label.split()), default=0)
    most = _LONGEST_LABEL if longest_word <= _LONGEST_WORD else _LONGEST_WORD
    return label if len(label) <= most else f"{label[:most]}…"


def _bars(source: str, one: Compared) -> SourceBars:
    quartiles = (one["lower_quartile"], one["median"], one["upper_quartile"])
    return SourceBars(source, one["n"], tuple(one["counts"]), quartiles)


def _number_row(source: str, one: Compared, digits: int) -> NumberRow:
    if not one["n"]:
        return NumberRow(source, 0, one["n_missing"], "–", "–", "–", "")

    def written(name: str) -> str:
        return "–" if one[name] is None else f"{one[name]:z,.{digits}f}"

    return NumberRow(
        source=source,
        n=one["n"],
        n_missing=one["n_missing"],
        mean=written("mean"),
        sd=written("sd"),
        median=written("median"),
        quartiles=f"{written('lower_quartile')} to {written('upper_quartile')}",
    )


def _shares(one: Compared, n_labels: int) -> tuple[tuple[str, int], ...]:
    counts = [*one["counts"].values(), one["rest"]][:n_labels]
    shares = [count / one["n"] if one["n"] else 0.0 for count in counts]
    return tuple(
        (f"{100 * share:.0f}%" if share else "–", sum(share > limit for limit in _SHADES))
        for share in shares
    )


def _digits(feature: Feature, everything: Compared) -> int:
    """As many as tell poems apart."""
    if feature.unit in _FINE:
        return 2
    return sum((everything.get("sd") or 0.0) < limit for limit in _COARSE)


def _largest(found: Compared, most: int) -> set[str]:
    size = {source: one["n"] + one["n_missing"] for source, one in found["sources"].items()}
    return set(sorted(size, key=lambda source: -size[source])[:most])


_STATISTICS = {
    "mean": "Mean",
    "sd": "Standard deviation",
    "low": "Least value",
    "lower_quartile": "Lower quartile",
    "median": "Median",
    "upper_quartile": "Upper quartile",
    "high": "Greatest value",
}
COLUMNS = (
    Column("feature", "Name of the feature", TEXT),
    Column("source", "Name of the source", TEXT),
    Column("label", "For features that are labels: which", TEXT),
    Column("n", "Poems with a value, or with this label", INTEGER),
    Column("n_not_measured", "Poems without a value", INTEGER),
    *(Column(name, meaning, NUMBER) for name, meaning in _STATISTICS.items()),
)


def feature_rows(compared: Compared) -> Iterator[Row]:
    """A row for each feature that is a number and source; for the others, one for each label."""
    for name, found in compared.items():
        for source, one in found["sources"].items():
            row: Row = dict.fromkeys(column.name for column in COLUMNS)
            row |= {"feature": name, "source": source, "n_not_measured": one["n_missing"]}
            if "labels" in found:
                counts = one["counts"] | ({"others": one["rest"]} if one["rest"] else {})
                yield from (row | {"label": label, "n": n} for label, n in counts.items())
            else:
                yield row | {"n": one["n"]} | {key: one.get(key) for key in _STATISTICS}
