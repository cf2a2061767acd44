"""The chart of neutrality: 90% intervals against the margins."""

from typing import Any

from app.analysis.neutrality import MARGINS
from app.analysis.plots.drawing import Width
from app.analysis.plots.moderators import Mark, people, rows_chart, share_axis
from app.analysis.plots.rows import tens
from app.analysis.wording import percent


def neutrality_chart(part: dict[str, Any], *, width: Width = "wide") -> str:
    """Draw each group's share with its 90% interval, and the margins of neutrality.

    Parameters
    ----------
    part
        `neutrality_part(...).as_dict()`, not declined.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute.
    """
    rows = [row for row in part["rows"] if row["margin"] == MARGINS[0]]
    marks = [_mark(number, row) for number, row in enumerate(rows)]
    ends = [100 * (0.5 + sign * margin) for margin in MARGINS for sign in (-1, 1)]
    lines = sorted([50.0, *ends])
    words = [f"{people(row)}: {_interval(row)}, a 90% interval: {row['verdict']}." for row in rows]
    margins = " and ".join(f"{percent(margin)} points" for margin in MARGINS)
    return rows_chart(
        [(people(row), _interval(row)) for row in rows],
        marks,
        title=f"{part['title']} Shares of choices with 90% intervals",
        description=" ".join([*words, f"Dashed lines mark 50% and {margins} either side."]),
        axis=f"{share_axis(part['data'])} (90% intervals; dashed: 50, and {margins} either side)",
        domain=tens([end for one in marks for end in (one.low, one.high, *ends)], part["data"]),
        lines=lines,
        width=width,
    )


def _interval(row: dict[str, Any]) -> str:  # Any: JSON
    share, low, high = (percent(row[key]) for key in ("win_share", "low", "high"))
    return f"{share}% ({low} to {high})"


def _mark(number: int, row: dict[str, Any]) -> Mark:  # Any: JSON
    value, low, high = (100 * row[key] for key in ("win_share", "low", "high"))
    return Mark(number, people(row), people(row), value, low, high)
