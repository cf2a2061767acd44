"""The chart of the effect with different things held equal."""

from typing import Any

from app.analysis.plots.drawing import Width
from app.analysis.plots.forest import ForestRow, ends, forest, reach
from app.analysis.plots.rows import tens
from app.analysis.wording import counted_choices, feature_words


def controls_chart(part: dict[str, Any], *, width: Width = "wide") -> str:
    """Draw both groups' win share with different things held equal.

    Parameters
    ----------
    part
        The part "controls" as JSON, with rows.
    width
        "wide", about 640 pixels, or "narrow", about 340 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute.
    """
    chosen = feature_words(part["data"]["feature"], part["data"]["step"]).chosen
    of_what = counted_choices(part["data"]["ties"])
    rows = [
        ForestRow(row["held"], "held equal", ends(row, "nonexpert", 100), ends(row, "expert", 100))
        for row in part["rows"]
    ]
    return forest(
        rows,
        title=f"Share of {of_what} for {chosen}, by what is held equal, with 95% intervals",
        axis=f"Share of {of_what} for {chosen}, %",
        line=50,
        domain=tens(reach(rows, 50), part["data"]),
        told=part["sentence"],
        width=width,
    )
