"""The chart of what a study cannot tell: how far the truth may lie from its estimates."""

from typing import Any

from app.analysis.options import PRELIMINARY_HALF_WIDTH, VERDICT_HALF_WIDTH
from app.analysis.plots.drawing import Width
from app.analysis.plots.moderators import Mark, rows_chart
from app.analysis.wording import counted

LIMITS = tuple(100 * limit for limit in (VERDICT_HALF_WIDTH, PRELIMINARY_HALF_WIDTH))


def limits_chart(part: dict[str, Any], *, width: Width = "wide") -> str:
    """Draw the reach of each interval, and how far it may reach for a result that can be built on.

    Parameters
    ----------
    part
        `limits_part(...).as_dict()`, with rows.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute.
    """
    rows = part["rows"]
    reaches = [100 * row["reach"] for row in rows]
    marks = [
        Mark(number, "how far the truth may lie", "", reach, 0.0, reach)
        for number, reach in enumerate(reaches)
    ]
    told = [f"{row['what']}: {reach:.0f} points." for row, reach in zip(rows, reaches, strict=True)]
    lines = f"{LIMITS[0]:g} and {LIMITS[1]:g}"
    return rows_chart(
        [(row["what"], _rests_on(row)) for row in rows],
        marks,
        title="How far the truth may lie from each estimate",
        description=" ".join([*told, f"Dashed lines mark {lines} points."]),
        axis=f"Longer side of the 95% interval, points (dashed: {lines})",
        domain=(0.0, max([*LIMITS, *reaches]) * 1.05),
        lines=LIMITS,
        width=width,
    )


def _rests_on(row: dict[str, Any]) -> str:  # Any: JSON
    return "" if row["raters"] is None else counted(row["raters"], "rater")
