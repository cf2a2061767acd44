"""The chart of the sensitivity grid: a specification curve over the choices behind it."""

from typing import Any

from app.analysis.plots.drawing import (
    ACCENT,
    EXPERT,
    GRID,
    INK,
    MUTED,
    NONEXPERT,
    Size,
    Spec,
    Width,
    config,
    described,
    draw,
    wrapped,
)
from app.analysis.plots.rows import REFERENCE, Row, layer

SIZES: dict[Width, Size] = {
    "wide": Size(plot=440, row=16, text=14, title_words=26),
    "narrow": Size(plot=188, row=15, text=12, title_words=26),
}
CURVE_HEIGHT = 240
KINDS = {
    "above": ("non-experts lean more", NONEXPERT, "triangle-up"),
    "below": ("experts lean more", EXPERT, "triangle-down"),
    "neither": ("interval holds 0", MUTED, "circle"),
    "main": ("as reported", ACCENT, "diamond"),
}


def sensitivity_chart(part: dict[str, Any], *, width: Width = "wide") -> str:
    """Draw the difference between the groups under every choice, and below it the choices.

    Parameters
    ----------
    part
        The part "sensitivity" as JSON, with rows.
    width
        "wide", about 640 pixels, or "narrow", about 340 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute.
    """
    size = SIZES[width]
    rows = [_drawn(row) for row in part["rows"] if row["difference"] is not None]
    views = [_curve(rows, size)]
    if part["data"]["choices"]:
        views.append(_matrix(rows, part["data"]["choices"], size))
    spec: Spec = {
        "vconcat": views,
        "spacing": 12,
        "bounds": "flush",
        "config": config(size) | {"aria": False},
    }
    title = "Difference between the groups under every choice of the analysis, with 95% intervals"
    return described(draw(spec), title, _told(part))


def _drawn(row: Row) -> Row:
    kind = "above" if row["low"] > 0 else "below" if row["high"] < 0 else "neither"
    return row | {"kind": KINDS["main" if row["main"] else kind][0]}


def _place(rows: list[Row]) -> Spec:
    return {
        "field": "order",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, len(rows) + 1], "nice": False, "zero": False},
    }


def _curve(rows: list[Row], size: Size) -> Spec:
    names, colours, shapes = zip(*KINDS.values(), strict=True)
    title = "Log odds of non-experts less those of experts"
    y = {
        "type": "quantitative",
        "title": wrapped(title, size.title_words),
        "axis": {"grid": True, "tickCount": 5},
        "scale": {"zero": True},
    }
    legend = {
        "title": None,
        "orient": "top",
        "columns": 2 if size is SIZES["wide"] else 1,
        "direction": "vertical",
        "symbolSize": 70,
        "symbolOpacity": 1,
        "labelLimit": 0,
    }
    kind = {"field": "kind", "type": "nominal", "legend": legend}
    colour = kind | {"scale": {"domain": [*names], "range": [*colours]}}
    shape = kind | {"scale": {"domain": [*names], "range": [*shapes]}}
    x = _place(rows)
    main = [row for row in rows if row["main"]]
    step = size.plot / (len(rows) + 1)
    thin = {"type": "rule", "strokeWidth": min(2.5, max(0.6, 0.6 * step)), "opacity": 0.55}
    dot = {"type": "point", "filled": True, "opacity": 1, "size": min(90, max(14, 12 * step))}
    line = layer(REFERENCE, [{"at": 0}], y=y | {"field": "at"})
    ends: dict[str, Spec] = {"y": y | {"field": "low"}, "y2": {"field": "high"}}
    at = y | {"field": "difference"}
    return {
        "width": size.plot,
        "height": CURVE_HEIGHT,
        "layer": [
            line,
            layer(thin, rows, x=x, **ends, color=colour),
            layer(dot, rows, x=x, y=at, color=colour, shape=shape),
            layer({"type": "rule", "strokeWidth": 2.5}, main, x=x, **ends, color=colour),
            layer(dot | {"size": 110}, main, x=x, y=at, color=colour, shape=shape),
        ],
    }


def _matrix(rows: list[Row], choices: list[dict[str, Any]], size: Size) -> Spec:
    labels = [_label(choice) for choice in choices]
    marks = [
        {"order": row["order"], "choice": label, "main": row["main"]}
        for row in rows
        for choice, label in zip(choices, labels, strict=True)
        if row[f"{choice['name']}_choice"] == choice["key"]
    ]
    y = {
        "field": "choice",
        "type": "nominal",
        "sort": labels,
        "title": None,
        "scale": {"domain": labels},
        "axis": {"labelLimit": 0, "labelFontSize": size.text - 2, "labelPadding": 6},
    }
    tick = {"type": "tick", "orient": "vertical", "color": INK, "size": size.row - 6, "opacity": 1}
    thickness = min(3.0, max(0.6, 0.7 * size.plot / (len(rows) + 1)))
    x = _place(rows)
    changes = [
        label
        for before, after, label in zip(choices, choices[1:], labels[1:], strict=False)
        if before["name"] != after["name"]
    ]
    parted = layer(
        {"type": "rule", "color": GRID, "yOffset": -size.row / 2},
        [{"choice": label} for label in changes],
        y=y,
    )
    main = [mark for mark in marks if mark["main"]]
    return {
        "width": size.plot,
        "height": size.row * len(labels),
        "layer": [
            parted,
            layer(tick | {"thickness": thickness}, marks, x=x, y=y),
            layer(tick | {"thickness": 3, "color": ACCENT, "size": size.row}, main, x=x, y=y),
        ],
    }


def _label(choice: dict[str, Any]) -> str:
    return f"{choice['axis']}: {choice['words']}"


def _told(part: dict[str, Any]) -> str:
    rows = [row for row in part["rows"] if row["difference"] is not None]
    lowest, highest = rows[0], rows[-1]
    ends = [
        f"{name} {row['difference']:.2f} ({row['low']:.2f} to {row['high']:.2f})"
        for name, row in (("Lowest", lowest), ("highest", highest))
    ]
    return f"{part['sentence']} {', '.join(ends)}. Below the curve, marks show each choice."
