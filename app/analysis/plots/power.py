"""Charts of power: by the difference that is to be seen, and by the number of experts."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from app.analysis.plots.drawing import (
    ACCENT,
    BLUE,
    INK,
    SIZES,
    Spec,
    Width,
    config,
    described,
    draw,
    wrapped,
)
from app.analysis.plots.rows import REFERENCE, layer
from app.analysis.power import WANTED_POWER, Power
from app.analysis.wording import percent

HEIGHT = 260  # pixels
UPRIGHT = 36  # letters of a title that stands on its side
COLOURS = (INK, BLUE, ACCENT)
SHAPES = ("circle", "diamond", "square")
DASHES = ([1, 0], [7, 3], [2, 3])
MOST_SERIES = 3
MARKED = 5  # points between the shapes on a curve
LEGEND: Spec = {
    "title": None,
    "orient": "top",
    "symbolSize": 90,
    "symbolOpacity": 1,
    "labelLimit": 0,
}

Row = dict[str, Any]  # Any: JSON


def power_chart(part: dict[str, Any], *, width: Width = "wide") -> str:  # Any: JSON
    """Draw power by the size of the difference, as the study is and with more of something.

    Parameters
    ----------
    part
        `power_part(...).as_dict()`, not declined.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute.
    """
    curves = part["data"]["curves"]
    names = list(dict.fromkeys(row["study"] for row in curves))
    drawn = [
        {"x": row["points"], "value": 100 * row["power"], "series": row["study"]} for row in curves
    ]
    points = [_point(row["points"], row, names[0]) for row in part["rows"] if row["study"] in names]
    words = [
        f"{row['points']:.0f} points: {percent(row['power'])}% "
        f"({percent(row['power_low'])} to {percent(row['power_high'])})."
        for row in part["rows"]
        if row["study"] in names
    ]
    x: Spec = {
        "field": "x",
        "type": "quantitative",
        "title": wrapped("Difference between the groups, points", SIZES[width].title_words),
        "scale": {"domain": [0, max(row["x"] for row in drawn)], "nice": False},
        "axis": {"tickCount": 5, "grid": False},
    }
    svg = _drawn(drawn, points, names, x, width, every=MARKED)
    title = f"{part['title']} Power by the size of the difference"
    return described(svg, title, " ".join([*words, "A dashed line marks 80%."]))


def planning_chart(found: Sequence[Power], *, width: Width = "wide") -> str:
    """Draw power by the number of experts.

    Parameters
    ----------
    found
        Of plans that differ in experts, and perhaps in other numbers, at most three combinations of
        these.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute.
    """
    series = _series(found)
    names = list(dict.fromkeys(series))
    points = [
        _point(one.n_experts, asdict(one), name) for one, name in zip(found, series, strict=True)
    ]
    counts = sorted({one.n_experts for one in found})
    x: Spec = {
        "field": "x",
        "type": "quantitative",
        "title": "Experts",
        "scale": {"type": "log", "domain": [counts[0] / 1.15, counts[-1] * 1.15], "nice": False},
        "axis": {"values": counts, "format": "d", "grid": False},
    }
    words = [
        f"{one.n_experts} experts{f', {name}' if name else ''}: {percent(one.power)}% "
        f"({percent(one.power_low)} to {percent(one.power_high)})."
        for one, name in zip(found, series, strict=True)
    ]
    curve = [row | {"value": 100 * one.expected} for row, one in zip(points, found, strict=True)]
    svg = _drawn(curve, points, names, x, width)
    told = " ".join([*words, "A dashed line marks 80%."])
    return described(svg, "Power by the number of experts", told)


def _series(found: Sequence[Power]) -> list[str]:
    """What a line of the chart stands for: the numbers in which the plans differ."""
    told = [
        (
            f"{one.n_nonexperts:,} non-experts",
            f"{one.votes_per_rater:.3g} votes each",
            f"{one.n_prompts:,} prompts" if one.n_prompts else f"{one.n_poems:,} poems",
            f"{round(one.points, 1) + 0.0:g} points",
        )
        for one in found
    ]
    differ = [len(set(column)) > 1 for column in zip(*told, strict=True)]
    return [
        ", ".join(text for text, shown in zip(each, differ, strict=True) if shown) for each in told
    ]


def _point(x: float, row: Row, series: str) -> Row:
    ends = (100 * row[key] for key in ("power", "power_low", "power_high"))
    return {"x": x, "series": series} | dict(zip(("value", "low", "high"), ends, strict=True))


def _drawn(
    curve: Sequence[Row],
    points: Sequence[Row],
    names: Sequence[str],
    x: Spec,
    width: Width,
    *,
    every: int = 0,
) -> str:
    """Curves, points with their intervals, and the line at 80%."""
    size = SIZES[width]
    y: Spec = {
        "field": "value",
        "type": "quantitative",
        "title": wrapped("Power, % of studies that see it", UPRIGHT),
        "scale": {"domain": [0, 100], "nice": False},
        "axis": {"values": [0, 20, 40, 60, 80, 100], "grid": True, "titleFontSize": size.text},
    }
    columns = len(names) if width == "wide" else 2
    colour, shape, dash = (_by(names, [*of], columns) for of in (COLOURS, SHAPES, DASHES))
    dash["legend"] = None
    marks = [row for row in curve if every and row["x"] % every == 0 and row["series"] != names[0]]
    point = {"type": "point", "filled": True, "size": 90, "opacity": 1}
    ends = {"y": y | {"field": "low"}, "y2": {"field": "high"}}
    layers = [
        layer(REFERENCE, [{"value": 100 * WANTED_POWER}], y=y),
        layer({"type": "line", "strokeWidth": 2}, curve, x=x, y=y, color=colour, strokeDash=dash),
        layer({"type": "rule", "strokeWidth": 2.5}, points, x=x, **ends, color=colour),
        layer(point, [*points, *marks], x=x, y=y, color=colour, shape=shape),
    ]
    return draw(
        {
            "width": size.plot,
            "height": HEIGHT,
            "layer": layers,
            "config": config(size) | {"aria": False},
        }
    )


def _by(names: Sequence[str], values: Sequence[Any], columns: int) -> Spec:  # Any: of Vega-Lite
    scale = {"domain": [*names], "range": [*values[: len(names)]]}
    legend = LEGEND | {"columns": columns} if len(names) > 1 else None
    return {"field": "series", "type": "nominal", "legend": legend, "scale": scale}
