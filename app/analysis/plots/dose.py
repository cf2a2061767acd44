"""The chart of dose: shares by the size of the difference."""

from typing import Any

from app.analysis.plots.drawing import Width
from app.analysis.plots.moderators import curve_chart, people, told
from app.analysis.votes import RHYME
from app.analysis.wording import plain


def dose_chart(part: dict[str, Any], *, width: Width = "wide") -> str:
    """Draw the share of the poem with more of the feature by the size of the difference.

    Parameters
    ----------
    part
        `dose_part(...).as_dict()`, not declined.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute.
    """
    feature = part["data"]["feature"]
    rhyme = feature == RHYME
    keys = ("share", "share_ci_low", "share_ci_high")
    words = [
        told(f"{people(row)}, differing by {row['difference']}", *(row[key] for key in keys))
        for row in part["rows"]
    ]
    points = [_at(row, *(row[key] for key in keys)) for row in part["rows"]]
    curve = [_at(row, row["share"], row["low"], row["high"]) for row in part["data"]["curves"]]
    return curve_chart(
        curve,
        points,
        title=f"{part['title']} Shares of choices by the size of the difference, with 95% "
        "intervals",
        description=" ".join([*words, "A dashed line marks 50%."]),
        x_title=f"Difference in {'rhyme density (0 to 1)' if rhyme else plain(feature)}",
        data=part["data"],
        y_title=f"Choices for the {'more rhymed' if rhyme else 'higher'} poem, %",
        width=width,
    )


def _at(row: dict[str, Any], value: float, low: float, high: float) -> dict[str, Any]:  # Any: JSON
    share = {"value": 100 * value, "low": 100 * low, "high": 100 * high}
    return {"people": people(row), "x": row["size"], **share}
