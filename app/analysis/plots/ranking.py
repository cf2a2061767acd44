"""The chart of sources ranked, as chosen and with the feature held equal."""

from typing import Any

from app.analysis.options import Group
from app.analysis.plots.drawing import (
    EXPERT,
    INK,
    MUTED,
    NONEXPERT,
    Size,
    Spec,
    Width,
    described,
    draw,
)
from app.analysis.plots.rows import (
    SIZES,
    Row,
    intervals,
    layer,
    reference_lines,
    row_names,
    stacked,
    x_axis,
)
from app.analysis.wording import PEOPLE, percent

COLOURS = {PEOPLE[Group.NONEXPERT]: NONEXPERT, PEOPLE[Group.EXPERT]: EXPERT}
PREFIXES = ("", "equal_")
SHAPES = ("circle", "diamond")
BETWEEN = 0.3  # the two estimates of a source, in rows
STEP = 10

Json = dict[str, Any]  # Any: JSON


def ranking_chart(part: Json, *, width: Width = "wide") -> str:
    """Draw how often each source is chosen, by group, as chosen and with the feature held equal.

    Parameters
    ----------
    part
        The part "ranking", as JSON, not declined.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute. A circle is the share as
        chosen, a diamond that with the feature held equal, a thin line joins the two, and thick
        lines are 95% intervals.
    """
    size = SIZES[width]
    rows = part["rows"]
    kinds = ("as chosen", f"{part['data']['held_equal']} held equal")
    points = _points(rows, kinds, size)
    axis = "Chosen over a source of average strength, % of choices"
    x = x_axis(axis, _domain(points), size)
    names = [(row["source"], _rank(row)) for row in rows]
    layers = [reference_lines(x, 50), *_marks(points, kinds, x), *row_names(names, width)]
    title = "How often each source is chosen over an average one, by group, with 95% intervals"
    told = " ".join(_told(row, kinds) for row in rows)
    svg = draw(stacked(layers, len(rows), size))
    return described(svg, title, f"{told} A dashed line marks 50%.")


def _rank(row: Json) -> str:
    low, high = row["rank_low"], row["rank_high"]
    return f"{row['group']}, rank {low}" + (f" to {high}" if high > low else "")


def _points(rows: list[Json], kinds: tuple[str, ...], size: Size) -> list[Row]:
    middle = 0.5 if size is SIZES["wide"] else 0.62
    return [
        {
            "y": number + middle + (ix - 0.5) * BETWEEN,
            "x": 100 * row[f"{prefix}win_share_ci_low"],
            "x2": 100 * row[f"{prefix}win_share_ci_high"],
            "value": 100 * row[f"{prefix}win_share"],
            "group": row["group"],
            "kind": kind,
            "row": number,
        }
        for number, row in enumerate(rows)
        for ix, (prefix, kind) in enumerate(zip(PREFIXES, kinds, strict=True))
        if row[f"{prefix}win_share"] is not None
    ]


def _domain(points: list[Row]) -> tuple[float, float]:
    low = min([40.0, *(one["x"] for one in points)])
    high = max([60.0, *(one["x2"] for one in points)])
    return max(0.0, STEP * (low // STEP)), min(100.0, STEP * -(-high // STEP))


def _marks(points: list[Row], kinds: tuple[str, ...], x: Spec) -> list[Spec]:
    scale = {"domain": [*COLOURS], "range": [*COLOURS.values()]}
    colour = {"field": "group", "type": "nominal", "legend": None, "scale": scale}
    legend = {
        "title": None,
        "orient": "top",
        "direction": "vertical",
        "symbolSize": 90,
        "symbolFillColor": INK,
        "symbolStrokeColor": INK,
        "labelLimit": 0,
    }
    shape = {
        "field": "kind",
        "type": "nominal",
        "legend": legend,
        "scale": {"domain": [*kinds], "range": [*SHAPES]},
    }
    return [*_slopes(points, x), *intervals(points, x, colour=colour, shape=shape)]


def _slopes(points: list[Row], x: Spec) -> list[Spec]:
    """Join the two estimates of a source."""
    by_row: dict[int, list[Row]] = {}
    for one in points:
        by_row.setdefault(one["row"], []).append(one)
    values = [
        {"x": one["value"], "x2": other["value"], "y": one["y"], "y2": other["y"]}
        for one, other in (both for both in by_row.values() if len(both) > 1)
    ]
    mark = {"type": "rule", "strokeWidth": 1, "color": MUTED}
    return [layer(mark, values, x=x, x2={"field": "x2"}, y2={"field": "y2"})]


def _told(row: Json, kinds: tuple[str, ...]) -> str:
    shares = []
    for prefix, kind in zip(PREFIXES, kinds, strict=True):
        names = ("win_share", "win_share_ci_low", "win_share_ci_high")
        share, low, high = (row[f"{prefix}{name}"] for name in names)
        if share is not None:
            shares.append(f"{kind} {percent(share)}% ({percent(low)} to {percent(high)})")
    return f"{_rank(row)}, {row['source']}: {', '.join(shares)}."
