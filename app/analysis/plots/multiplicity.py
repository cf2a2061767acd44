"""The chart of many tests: p values before and after correction."""

from typing import Any

from app.analysis.multiplicity import LEVEL
from app.analysis.plots.drawing import Width
from app.analysis.plots.moderators import Mark, people, rows_chart
from app.analysis.wording import p_value

SMALLEST = 0.0001  # drawn


def multiplicity_chart(part: dict[str, Any], *, width: Width = "wide") -> str:
    """Draw the p values of the secondary tests, as they are and corrected.

    Parameters
    ----------
    part
        `multiplicity_part(...).as_dict()`, not declined.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute.
    """
    marks = [
        _mark(number, name, row[key])
        for number, row in enumerate(part["rows"])
        for name, key in (("as it stands", "p_value"), ("corrected", "holm"))
    ]
    words = [
        f"{row['test']}: {p_value(row['p_value'])}, corrected {p_value(row['holm'])}."
        for row in part["rows"]
    ]
    return rows_chart(
        [(people(row), row["about"]) for row in part["rows"]],
        marks,
        title=f"{part['title']} p values of the secondary tests",
        description=" ".join([*words, f"A dashed line marks {LEVEL}."]),
        axis=f"p value, 0 to 1 (logarithmic; below {SMALLEST:g} drawn there; dashed: {LEVEL})",
        domain=(SMALLEST, 1.0),
        lines=(LEVEL,),
        log=True,
        width=width,
    )


def _mark(number: int, series: str, p: float) -> Mark:
    at = max(p, SMALLEST)
    return Mark(number, series, "", at, at, at)
