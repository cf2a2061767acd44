"""The chart of what else drives choices."""

from typing import Any

from app.analysis.plots.drawing import Width
from app.analysis.plots.forest import ForestRow, ends, forest
from app.analysis.wording import p_value


def others_chart(part: dict[str, Any], *, width: Width = "wide") -> str:
    """Draw both groups' odds ratio per standard deviation of each measure.

    Parameters
    ----------
    part
        The part "others" as JSON, with rows.
    width
        "wide", about 640 pixels, or "narrow", about 340 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute.
    """
    rows = [
        ForestRow(
            row["measure"].capitalize(), _least(row), ends(row, "nonexpert"), ends(row, "expert")
        )
        for row in part["rows"]
    ]
    return forest(
        rows,
        title="Effect of each measure on choices, with 95% intervals",
        axis="Odds ratio per standard deviation of the difference",
        line=1,
        told=part["sentence"],
        width=width,
    )


def _least(row: dict[str, Any]) -> str:
    found = [row[f"{group}_p"] for group in ("nonexpert", "expert")]
    given = [p for p in found if p is not None]
    return f"least {p_value(min(given))}" if given else ""
