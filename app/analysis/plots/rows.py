"""What charts with a row for each source of a poem set share."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from app.analysis.plots.drawing import (
    CHANCE_LINE,
    GRID,
    INK,
    MUTED,
    PADDING,
    PAGE,
    ROOM_FOR_NAMES,
    Size,
    Spec,
    Width,
    config,
    wrapped,
)

SIZES: dict[Width, Size] = {
    "wide": Size(plot=440, row=54, text=14, title_words=60),
    "narrow": Size(plot=308, row=66, text=12, title_words=40),
}
LONGEST_NAME: dict[Width, int] = {"wide": 24, "narrow": 32}  # letters
KEPT = 64  # charts: drawing one takes a tenth of a second
TICKS = 6

# Marks a value to compare with, such as chance or no effect.
REFERENCE: Spec = {
    "type": "rule",
    "color": CHANCE_LINE,
    "strokeDash": [5, 4],
    "strokeWidth": 1.5,
}

# Says at the top what colours and shapes stand for, a line each.
LEGEND: Spec = {
    "title": None,
    "orient": "top",
    "direction": "vertical",
    "symbolSize": 90,
    "labelLimit": 0,
}

Row = dict[str, Any]  # Any: numbers and words


def layer(mark: Spec, rows: Sequence[Row], **encoding: Spec) -> Spec:
    """Marks for some rows, whose height from the top is in "y"."""
    return {"data": {"values": [*rows]}, "mark": mark, "encoding": encoding}


def tens(values: Sequence[float], data: Mapping[str, Any] | None = None) -> tuple[float, float]:
    """Whole tens of percent that hold all values and something on both sides of 50.

    Parameters
    ----------
    values
        In percent.
    data
        That of the part, whose "shares" say how far those of the whole report reach.

    Returns
    -------
    low, high
        Ends of the scale, the same for all charts of shares of a report.
    """
    every = [*values, *(100 * end for end in (data or {}).get("shares", ()))]
    low, high = min([40.0, *every]), max([60.0, *every])
    return max(0.0, 10.0 * math.floor(low / 10)), min(100.0, 10.0 * math.ceil(high / 10))


def x_axis(title: str, domain: tuple[float, float], size: Size) -> Spec:
    """The scale of "x"."""
    return {
        "field": "x",
        "type": "quantitative",
        "title": wrapped(title, size.title_words),
        "scale": {"domain": [*domain], "nice": False, "zero": False},
        "axis": {"tickCount": TICKS, "tickMinStep": 1 if domain[1] - domain[0] > TICKS else 0},
    }


def reference_lines(x: Spec, *values: float) -> Spec:
    """Lines at values of "x", from top to bottom of all rows."""
    found = layer(REFERENCE, [{"x": value} for value in values], x=x)
    found["encoding"]["y"] = None
    return found


def intervals(
    points: Sequence[Row], x: Spec, *, colour: Spec, shape: Spec, size: int = 90
) -> list[Spec]:
    """Intervals from "x" to "x2" with a point at "value", told apart by colour and shape."""
    point = {"type": "point", "filled": True, "size": size, "opacity": 1}
    return [
        layer({"type": "rule", "strokeWidth": 2.5}, points, x=x, x2={"field": "x2"}, color=colour),
        layer(point, points, x=x | {"field": "value"}, color=colour, shape=shape),
    ]


def stacked(layers: Sequence[Spec], n_rows: int, size: Size) -> Spec:
    """Put layers together: rows of height 1 from the top, parted by thin lines."""
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, n_rows], "reverse": True, "nice": False, "zero": False},
    }
    lines = layer({"type": "rule", "color": GRID}, [{"y": n} for n in range(1, n_rows)])
    drawn = [lines, *layers]
    left = ROOM_FOR_NAMES if size is SIZES["wide"] else PADDING  # else names stand above the rows
    return {
        "width": size.plot,
        "height": n_rows * size.row,
        "layer": [one | {"encoding": {"y": y} | one["encoding"]} for one in drawn],
        "config": config(size, left=left) | {"aria": False},
    }


def row_names(names: Sequence[tuple[str, str]], width: Width) -> list[Spec]:
    """Write beside the rows, or above them where there is no room, what each stands for, and what
    it rests on."""
    size, longest = SIZES[width], LONGEST_NAME[width]
    rows = [
        {
            "y": number + (0.5 if width == "wide" else 0.2),
            "name": name if len(name) <= longest else f"{name[: longest - 1]}…",
            "n": n,
        }
        for number, (name, n) in enumerate(names)
    ]
    if width == "wide":
        places = [(-12, {"align": "right", "dy": -8}), (-12, {"align": "right", "dy": 9})]
    else:
        halo = {"stroke": PAGE, "strokeWidth": size.text / 2, "strokeJoin": "round"}
        places = [(0, {"align": "left"} | halo), (size.plot, {"align": "right"} | halo)]
    texts = [("name", INK, size.text), ("n", MUTED, size.text - 1)]
    return [
        layer(
            {"type": "text", "baseline": "middle", "color": colour, "fontSize": points} | place,
            rows,
            x={"value": at},
            text={"field": field},
        )
        for (field, colour, points), (at, place) in zip(texts, places, strict=True)
    ]
