"""The chart of what each kind of measure explains."""

from typing import Any

from app.analysis.plots.drawing import Width
from app.analysis.plots.forest import ForestRow, ends, forest, reach

LONGEST = 22


def shares_chart(part: dict[str, Any], *, width: Width = "wide") -> str:
    """Draw what each kind of measure explains of both groups' choices.

    Parameters
    ----------
    part
        The part "shares" as JSON, with rows.
    width
        "wide", about 640 pixels, or "narrow", about 340 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute.
    """
    rows = [
        ForestRow(
            row["block"].capitalize(),
            "together" if row["block"] == "all" else _count(row["measures"]),
            ends(row, "nonexpert", 100),
            ends(row, "expert", 100),
        )
        for row in part["rows"]
    ]
    low, high = reach(rows, 0)
    room = 0.04 * (high - low or 1.0)
    return forest(
        rows,
        title="What each kind of measure explains of choices, with 95% intervals",
        axis="Explained of what a coin leaves open (R²), %",
        line=0,
        domain=(low - room, high + room),
        told=part["sentence"],
        width=width,
    )


def _count(measures: str) -> str:
    n = len(measures.split(", "))
    return measures if n == 1 and len(measures) <= LONGEST else f"{n} measures"
