"""The chart of the hierarchical model beside the main estimate."""

from typing import Any

from app.analysis.hierarchical_part import DIFFERENCE, ESTIMATES
from app.analysis.plots.drawing import (
    ACCENT,
    BLUE,
    INK,
    Spec,
    Width,
    described,
    draw,
)
from app.analysis.plots.rows import (
    LEGEND,
    SIZES,
    Row,
    intervals,
    reference_lines,
    row_names,
    stacked,
    x_axis,
)
from app.analysis.wording import feature_words

STYLES = dict(
    zip(ESTIMATES.values(), ((ACCENT, "circle"), (BLUE, "diamond"), (INK, "square")), strict=True)
)
BETWEEN = 0.2  # two estimates of a row, in rows

Json = dict[str, Any]  # Any: JSON


def hierarchical_chart(part: Json, *, width: Width = "wide") -> str:
    """Draw each group's effect and the difference under both models.

    Parameters
    ----------
    part
        The part "hierarchical", as JSON, not declined.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute: for each group and the
        difference three points with their 95% intervals, told apart by place, shape and colour.
    """
    size = SIZES[width]
    drawn = [row for row in part["rows"] if row["estimate"] in STYLES]
    names = list(dict.fromkeys(row["quantity"] for row in drawn))
    middle = 0.5 if width == "wide" else 0.62
    points: list[Row] = [
        {
            "y": names.index(row["quantity"])
            + middle
            + ([*STYLES].index(row["estimate"]) - 1) * BETWEEN,
            "x": row["low"],
            "x2": row["high"],
            "value": row["log_odds"],
            "of": row["estimate"],
        }
        for row in drawn
    ]
    ends = [0.0, *(one[end] for one in points for end in ("x", "x2"))]
    room = 0.04 * (max(ends) - min(ends) or 1.0)
    noun = feature_words(part["data"]["feature"]).noun
    axis = f"Natural log odds per unit of {noun}; 0 is no effect"
    x = x_axis(axis, (min(ends) - room, max(ends) + room), size)
    labels = row_names([(name, _small(name)) for name in names], width)
    svg = draw(stacked([reference_lines(x, 0), *_marks(points, x), *labels], len(names), size))
    told = " ".join(
        f"{row['quantity']}, {row['estimate']}: {row['log_odds']:.2f} ({row['low']:.2f} to "
        f"{row['high']:.2f})."
        for row in drawn
    )
    title = f"Effect of {noun} on choices under two models, with 95% intervals"
    return described(svg, title, f"{told} A dashed line marks 0, no effect.")


def _small(name: str) -> str:
    return "difference" if name == DIFFERENCE else "effect"


def _marks(points: list[Row], x: Spec) -> list[Spec]:
    colour, shape = (
        {
            "field": "of",
            "type": "nominal",
            "legend": LEGEND,
            "scale": {"domain": [*STYLES], "range": [style[ix] for style in STYLES.values()]},
        }
        for ix in (0, 1)
    )
    return intervals(points, x, colour=colour, shape=shape)
