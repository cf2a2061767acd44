"""The chart of haste: shares in quick and in slow decisions."""

from typing import Any

from app.analysis.plots.drawing import Width
from app.analysis.plots.moderators import Mark, people, rows_chart, share_axis, told
from app.analysis.plots.rows import tens


def laziness_chart(part: dict[str, Any], *, width: Width = "wide") -> str:
    """Draw each group's share in quick and slow, hard and easy decisions.

    Parameters
    ----------
    part
        `laziness_part(...).as_dict()`, not declined.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute.
    """
    rows = part["rows"]
    series = _series(rows)
    marks = [
        _mark(number, row, end, series[end])
        for number, row in enumerate(rows)
        for end in ("low", "high")
    ]
    words = [
        told(f"{people(row)}, {row['heading'].lower()}, {row[f'{end}_name']}", *_shares(row, end))
        for row in rows
        for end in ("low", "high")
    ]
    return rows_chart(
        [(people(row), row["heading"].lower()) for row in rows],
        marks,
        title=f"{part['title']} Shares of choices with 95% intervals",
        description=" ".join([*words, "A dashed line marks 50%."]),
        axis=share_axis(part["data"]),
        domain=tens([end for one in marks for end in (one.low, one.high)], part["data"]),
        width=width,
    )


def _series(rows: list[dict[str, Any]]) -> dict[str, str]:  # Any: JSON
    """What the two shapes stand for: the words of every measure drawn."""
    return {
        end: ", or ".join(dict.fromkeys(row[f"{end}_name"] for row in rows))
        for end in ("low", "high")
    }


def _shares(row: dict[str, Any], end: str) -> tuple[float, float, float]:  # Any: JSON
    name = f"{end}_share"
    return row[name], row[f"{name}_ci_low"], row[f"{name}_ci_high"]


def _mark(number: int, row: dict[str, Any], end: str, series: str) -> Mark:  # Any: JSON
    return Mark(number, series, people(row), *(100 * share for share in _shares(row, end)))
