"""The chart of judges beside people."""

from typing import Any

from app.analysis.options import Group
from app.analysis.plots.drawing import (
    ACCENT,
    EXPERT,
    NONEXPERT,
    Spec,
    Width,
    described,
    draw,
)
from app.analysis.plots.rows import (
    SIZES,
    Row,
    intervals,
    reference_lines,
    row_names,
    stacked,
    tens,
    x_axis,
)
from app.analysis.wording import PEOPLE, counted, percent

STYLES = {
    "judge": (ACCENT, "square"),
    PEOPLE[Group.JUDGE]: (ACCENT, "triangle-up"),
    PEOPLE[Group.NONEXPERT]: (NONEXPERT, "circle"),
    PEOPLE[Group.EXPERT]: (EXPERT, "diamond"),
}

Json = dict[str, Any]  # Any: JSON


def judges_chart(part: Json, *, width: Width = "wide") -> str:
    """Draw how often each judge and each group chooses the rhymed poem.

    Parameters
    ----------
    part
        The part "judges", as JSON, not declined.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute: a row for each, a point for
        its share and a line for the 95% interval.
    """
    size = SIZES[width]
    rows = part["rows"]
    points: list[Row] = [
        {
            "y": number + (0.5 if width == "wide" else 0.62),
            "x": 100 * row["win_share_ci_low"],
            "x2": 100 * row["win_share_ci_high"],
            "value": 100 * row["win_share"],
            "kind": row["kind"],
        }
        for number, row in enumerate(rows)
    ]
    chosen = part["data"]["chosen"]
    domain = tens([one[end] for one in points for end in ("x", "x2")], part["data"])
    x = x_axis(f"Share of choices for {chosen}, %", domain, size)
    names = row_names([(row["who"], counted(row["votes"], "vote")) for row in rows], width)
    svg = draw(stacked([reference_lines(x, 50), *_marks(points, x), *names], len(rows), size))
    told = " ".join(
        f"{row['who']}: {percent(row['win_share'])}% ({percent(row['win_share_ci_low'])} to "
        f"{percent(row['win_share_ci_high'])})."
        for row in rows
    )
    title = f"Share of choices for {chosen}, by judges and people, with 95% intervals"
    return described(svg, title, f"{told} A dashed line marks 50%.")


def _marks(points: list[Row], x: Spec) -> list[Spec]:
    colour, shape = (
        {
            "field": "kind",
            "type": "nominal",
            "legend": None,
            "scale": {"domain": [*STYLES], "range": [style[ix] for style in STYLES.values()]},
        }
        for ix in (0, 1)
    )
    return intervals(points, x, colour=colour, shape=shape, size=110)
