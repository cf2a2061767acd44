"""Charts of effects that something changes: intervals in rows, and curves with a band."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.analysis.options import Group
from app.analysis.plots.drawing import (
    EXPERT,
    INK,
    NONEXPERT,
    Spec,
    Width,
    config,
    described,
    draw,
    wrapped,
)
from app.analysis.plots.rows import (
    REFERENCE,
    SIZES,
    intervals,
    layer,
    reference_lines,
    row_names,
    stacked,
    tens,
    x_axis,
)
from app.analysis.wording import PEOPLE, feature_words, percent

SHAPES = ("circle", "diamond")
BETWEEN = 0.28  # two marks of a row, in rows
HEIGHT = 260  # of a chart of curves, in pixels
DASHES = ([1, 0], [6, 3])
ASIDE = (-4, 4)  # pixels that the groups' points stand beside their place
LEGEND: Spec = {
    "title": None,
    "orient": "top",
    "direction": "horizontal",
    "symbolSize": 90,
    "symbolOpacity": 1,
    "labelLimit": 0,
}
UPRIGHT = 36  # letters of a title that stands on its side
POWERS = [0.0001, 0.001, 0.01, 0.1, 1]
BAND = 0.18  # opacity
COLOURS = {
    PEOPLE[Group.NONEXPERT].capitalize(): NONEXPERT,
    PEOPLE[Group.EXPERT].capitalize(): EXPERT,
}

Row = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Mark:
    """A point with its interval in a row of a chart.

    Parameters
    ----------
    row
        Number of the row, from 0 at the top.
    series
        What its shape stands for.
    people
        Whose it is, which its colour says too; "" for neither group's.
    value, low, high
        In the units of the axis; the ends may be the value.
    """

    row: int
    series: str
    people: str
    value: float
    low: float
    high: float


def people(row: Row) -> str:
    """Name of a row's group as charts give it; of all raters where it has none."""
    return PEOPLE[Group(row["group"])].capitalize() if row["group"] else "All raters"


def share_axis(data: Mapping[str, Any]) -> str:
    """Title of the axis of win shares, from the data of their part."""
    chosen = feature_words(data["feature"], data["step"]).chosen
    return f"Share of {data['of_what']} for {chosen}, %"


def told(name: str, value: float, low: float, high: float) -> str:
    """A share with its interval for a screen reader; shares from 0 to 1."""
    return f"{name}: {percent(value)}% ({percent(low)} to {percent(high)})."


def rows_chart(
    names: Sequence[tuple[str, str]],
    marks: Sequence[Mark],
    *,
    title: str,
    description: str,
    axis: str,
    domain: tuple[float, float],
    lines: Sequence[float] = (50.0,),
    log: bool = False,
    width: Width = "wide",
) -> str:
    """Draw a row for each name, and in it points with their intervals.

    Parameters
    ----------
    names
        Of each row from the top, what it is and what it rests on.
    marks
        The points.
    title, description
        For who cannot see it.
    axis, domain, log
        What stands under the axis, with its unit; its ends; whether it is logarithmic.
    lines
        Where dashed lines stand.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels.

    Returns
    -------
    str
        An SVG element.
    """
    size = SIZES[width]
    x = x_axis(axis, domain, size)
    if log:
        x["scale"] |= {"type": "log"}
        x["axis"] = {"values": POWERS, "format": "~g"}
    series = list(dict.fromkeys(one.series for one in marks))
    values = [_placed(one, series, width) for one in marks]
    colour, shape = _told_apart(marks, series)
    layers = [
        reference_lines(x, *lines),
        *intervals(values, x, colour=colour, shape=shape),
        *row_names(names, width),
    ]
    return described(draw(stacked(layers, len(names), size)), title, description)


def _placed(mark: Mark, series: list[str], width: Width) -> Row:
    middle = 0.5 if width == "wide" else 0.62
    offset = (series.index(mark.series) - (len(series) - 1) / 2) * BETWEEN
    place = {"y": mark.row + middle + offset, "x": mark.low, "x2": mark.high}
    return place | {"value": mark.value, "series": mark.series, "people": mark.people}


def _told_apart(marks: Sequence[Mark], series: list[str]) -> tuple[Spec, Spec]:
    """Colours by group; shapes by group or by something else."""
    if all(one.series == one.people for one in marks):
        return _by_people("series", series if len(series) > 1 else ())
    key = LEGEND | {"symbolFillColor": INK, "symbolStrokeColor": INK}
    shape: Spec = {
        "field": "series",
        "type": "nominal",
        "legend": key,
        "scale": {"domain": series, "range": [*SHAPES]},
    }
    if not all(one.people for one in marks):
        return {"value": INK}, shape
    return _by_people("people")[0], shape


def _by_people(field: str, named: Sequence[str] = ()) -> tuple[Spec, Spec]:
    """Colour and shape of each group, with one legend for both, of those named."""
    legend = LEGEND | {"values": [one for one in COLOURS if one in named]} if named else None
    words: Spec = {"field": field, "type": "nominal", "legend": legend}
    colour, shape = (
        words | {"scale": {"domain": [*COLOURS], "range": by}}
        for by in ([*COLOURS.values()], [*SHAPES])
    )
    return colour, shape


def curve_chart(
    curve: Sequence[Row],
    points: Sequence[Row],
    *,
    title: str,
    description: str,
    x_title: str,
    y_title: str,
    data: Mapping[str, Any] | None = None,
    width: Width = "wide",
) -> str:
    """Draw win shares along a scale as curves with bands, and points with intervals on them.

    Parameters
    ----------
    curve, points
        "people" (a group's name, or "" for all), "x", and "value", "low", "high" in percent.
    title, description
        For who cannot see it.
    x_title, y_title
        What stands beside the axes, with the units.
    data
        As of `tens`.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels.

    Returns
    -------
    str
        An SVG element. Groups differ in colour, in the dashes of the line and in the shape of the
        points.
    """
    size = SIZES[width]
    drawn = [*curve, *points]
    low, high = tens([row[end] for row in drawn for end in ("low", "high")], data)
    first, last = _extent(curve, points)
    x = {
        "field": "x",
        "type": "quantitative",
        "title": wrapped(x_title, size.title_words),
        "scale": {"domain": [first, last], "nice": False, "zero": False},
        "axis": {"tickCount": 5, "grid": False},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "title": wrapped(y_title, UPRIGHT),
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": {"tickCount": 5, "grid": True, "titleFontSize": size.text},
    }
    one_curve = not any(row["people"] for row in drawn)
    colour, shape = _by_people("people", [row["people"] for row in drawn])
    dash: Spec = colour | {"scale": {"domain": [*COLOURS], "range": [*DASHES]}, "legend": None}
    if one_curve:
        colour, shape, dash = {"value": INK}, {"value": SHAPES[0]}, {"value": [1, 0]}
    chance = layer(REFERENCE, [{"value": 50}], y=y)
    band = {"type": "area", "opacity": BAND, "interpolate": "monotone"}
    line = {"type": "line", "strokeWidth": 2, "interpolate": "monotone"}
    layers = [
        chance,
        layer(band, curve, x=x, **_ends(y), color=colour),
        layer(line, curve, x=x, y=y, color=colour, strokeDash=dash),
    ]
    for name, beside in zip(COLOURS, ASIDE, strict=True):
        own = [row for row in points if row["people"] == name]
        rule = {"type": "rule", "strokeWidth": 2.5, "xOffset": beside}
        point = {"type": "point", "filled": True, "size": 90, "opacity": 1, "xOffset": beside}
        layers += [
            layer(rule, own, x=x, **_ends(y), color=colour),
            layer(point, own, x=x, y=y, color=colour, shape=shape),
        ]
    spec = {
        "width": size.plot,
        "height": HEIGHT,
        "layer": [one for one in layers if one["data"]["values"]],
        "config": config(size) | {"aria": False},
    }
    return described(draw(spec), title, description)


def _ends(y: Spec) -> dict[str, Spec]:
    return {"y": y | {"field": "low"}, "y2": {"field": "high"}}


def _extent(curve: Sequence[Row], points: Sequence[Row]) -> tuple[float, float]:
    """Ends of the axis, with room for the points' shapes."""
    places = [row["x"] for row in (*curve, *points)]
    low, high = min(places), max(places)
    if not points:
        return low, high
    room = 0.04 * (high - low) or 0.1 * abs(high) or 1.0
    return (low if curve and low == 0 else low - room), high + room
