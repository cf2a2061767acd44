"""The chart of shares with their intervals by source."""

from dataclasses import dataclass
from functools import lru_cache

from app.analysis.cliches import Interval
from app.analysis.plots.drawing import (
    ACCENT,
    BLUE,
    MUTED,
    Size,
    Spec,
    Width,
    described,
    draw,
)
from app.analysis.plots.rows import (
    KEPT,
    LEGEND,
    SIZES,
    Row,
    intervals,
    layer,
    reference_lines,
    row_names,
    stacked,
    x_axis,
)

COLOURS = (ACCENT, BLUE)
SHAPES = ("circle", "diamond")
BETWEEN = 0.3  # two estimates of a source, in rows
ENLARGED = 0.25  # where all lies within a quarter, no more is shown


@dataclass(frozen=True, slots=True)
class SourceShares:
    """The shares of one source.

    Parameters
    ----------
    source
        Its name.
    n
        What they rest on, as in "42 poems".
    shares
        One a series, 0 to 1; None where there is none.
    """

    source: str
    n: str
    shares: tuple[Interval | None, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A line to compare with.

    Parameters
    ----------
    value
        Where it stands, 0 to 1.
    label
        What it is.
    """

    value: float
    label: str


@lru_cache(KEPT)
def share_chart(
    rows: tuple[SourceShares, ...],
    *,
    series: tuple[str, ...],
    title: str,
    axis: str,
    reference: Reference | None = None,
    width: Width = "wide",
) -> str:
    """Draw shares with their intervals, a row for each source.

    Parameters
    ----------
    rows
        Sources, from the top, at least one.
    series
        Names of the shares that every source has, one or two.
    title
        What the chart shows, for who cannot see it.
    axis
        What stands under the axis, with its unit.
    reference
        A line to compare with; None for none.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute. Points are shares, lines
        their intervals; two series differ in shape, colour and place.
    """
    size = SIZES[width]
    x = x_axis(axis, _domain(rows, reference), size)
    names = row_names([(row.source, row.n) for row in rows], width)
    layers = [*_line(reference, x), *_shares(rows, series, x, size), *names]
    svg = draw(stacked(layers, len(rows), size))
    return described(svg, title, _told(rows, series, reference))


def _told(
    rows: tuple[SourceShares, ...], series: tuple[str, ...], reference: Reference | None
) -> str:
    parts = [
        f"{row.source}, {name}: {_in_words(found)}."
        for row in rows
        for name, found in zip(series, row.shares, strict=True)
    ]
    if reference:
        parts.append(f"A dashed line marks {reference.label}, {100 * reference.value:.0f}%.")
    return " ".join(parts)


def _in_words(found: Interval | None) -> str:
    if found is None:
        return "no such poems"
    return f"{100 * found.value:.0f}% ({100 * found.low:.0f} to {100 * found.high:.0f})"


def _domain(rows: tuple[SourceShares, ...], reference: Reference | None) -> tuple[float, float]:
    found = [one for row in rows for one in row.shares if one]
    line = [reference.value] if reference else []
    low = min([*(one.low for one in found), *line], default=0.0)
    high = max([*(one.high for one in found), *line], default=1.0)
    if high - low > ENLARGED:
        return 0.0, 100.0
    return max(0.0, 5 * (20 * low // 1)), min(100.0, 5 * (20 * high // 1 + 1))


def _line(reference: Reference | None, x: Spec) -> list[Spec]:
    if reference is None:
        return []
    return [reference_lines(x, 100 * reference.value)]


def _shares(
    rows: tuple[SourceShares, ...], series: tuple[str, ...], x: Spec, size: Size
) -> list[Spec]:
    values: list[Row] = []
    missing: list[Row] = []
    middle = 0.5 if size is SIZES["wide"] else 0.62
    for number, row in enumerate(rows):
        for ix, found in enumerate(row.shares):
            y = number + middle + (ix - (len(series) - 1) / 2) * BETWEEN
            if found is None:
                missing.append({"y": y})
            else:
                low, value, high = (100 * one for one in (found.low, found.value, found.high))
                values.append({"y": y, "x": low, "x2": high, "value": value, "of": series[ix]})
    colour, shape = (_told_apart(series, by) for by in (COLOURS, SHAPES))
    words = {"type": "text", "text": "no such poems", "color": MUTED, "fontSize": size.text - 1}
    return [
        *intervals(values, x, colour=colour, shape=shape),
        layer(words, missing, x={"value": size.plot / 2}),
    ]


def _told_apart(series: tuple[str, ...], by: tuple[str, str]) -> Spec:
    return {
        "field": "of",
        "type": "nominal",
        "legend": LEGEND if len(series) > 1 else None,
        "scale": {"domain": [*series], "range": [*by[: len(series)]]},
    }
