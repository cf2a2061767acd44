"""The charts of reliability: of the raters' choices, and of the questions about themselves."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.analysis.options import Group
from app.analysis.plots.drawing import EXPERT, INK, NONEXPERT, Width, described, draw
from app.analysis.plots.rows import (
    SIZES,
    Row,
    intervals,
    reference_lines,
    row_names,
    stacked,
    x_axis,
)
from app.analysis.reliability import (
    ALPHA,
    HALVES,
    LEANING,
    LEFT,
    SAME,
    SAME_EXCHANGED,
    SEPARATION,
)
from app.analysis.wording import PEOPLE, counted

SHORT = {
    SEPARATION: "Scale separation",
    HALVES: "Halves of the raters",
    ALPHA: "Krippendorff’s alpha",
    SAME: "Same choice again",
    SAME_EXCHANGED: "Same, sides exchanged",
    LEANING: "Lean left, exchanged",
    LEFT: "Left poem chosen",
}
COLOURS = {PEOPLE[Group.NONEXPERT]: NONEXPERT, PEOPLE[Group.EXPERT]: EXPERT}
SHAPES = {PEOPLE[Group.NONEXPERT]: "circle", PEOPLE[Group.EXPERT]: "diamond"}
OTHERS = "square"
LONGEST = 24  # letters of a name that are drawn

Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class _Coefficient:
    name: str
    whose: str
    people: str
    value: float
    low: float | None
    high: float | None

    @property
    def told(self) -> str:
        given = self.low is not None and self.high is not None
        ends = f" ({self.low:.2f} to {self.high:.2f})" if given else ", without an interval"
        return f"{self.name}, {self.whose}: {self.value:.2f}{ends}."


def reliability_chart(part: Json, *, width: Width = "wide") -> str:
    """Draw each measure of agreement of each group.

    Parameters
    ----------
    part
        The part "reliability" as JSON, not declined.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute: a row for each measure and
        group that has a value, a point for it and a line for its 95% interval where there is one.
    """
    rows = [row for row in part["rows"] if row["value"] is not None]
    found = [
        _Coefficient(
            SHORT.get(row["measure"], row["measure"]),
            row["group"] + (f", {row['layout']}" if row["layout"] else ""),
            row["group"],
            *(row[key] for key in ("value", "low", "high")),
        )
        for row in sorted(rows, key=lambda row: [*SHORT].index(row["measure"]))
    ]
    axis = "Value: 1 is full agreement, and for a side 0.5 (chosen) or 0 (lean) no pull"
    return _chart(found, part["title"], axis, width)


def instrument_chart(part: Json, *, width: Width = "wide") -> str:
    """Draw how far the items of each scale go together, among all raters and by group.

    Parameters
    ----------
    part
        The part "instrument" as JSON, not declined.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute: a row for each scale and
        group that has a coefficient, a point for it and a line for its 95% interval.
    """
    found = [
        _Coefficient(
            _first_words(row["scale"]),
            f"{row['group']}, {counted(row['raters'], 'rater')}",
            row["group"],
            *(row[key] for key in ("value", "low", "high")),
        )
        for row in part["rows"]
        if row["value"] is not None
    ]
    return _chart(found, part["title"], "Coefficient: 1 where the items fully go together", width)


def _first_words(scale: str) -> str:
    """The name of a scale as far as it fits, without what stands in brackets."""
    words = scale.partition(" (")[0].capitalize().split()
    while len(" ".join(words)) > LONGEST and len(words) > 1:
        words.pop()
    return " ".join(words[:-1] if words[-1] in {"and", "of"} else words)


def _chart(found: Sequence[_Coefficient], title: str, axis: str, width: Width) -> str:
    middle = 0.5 if width == "wide" else 0.62
    ends = [end for one in found for end in (one.value, one.low, one.high) if end is not None]
    least = max(-1.0, math.floor(4 * min([0.0, *ends])) / 4)  # below it a line is cut
    points: list[Row] = [
        {
            "y": number + middle,
            "x": max(least, one.value if one.low is None else one.low),
            "x2": one.value if one.high is None else one.high,
            "value": max(least, one.value),
            "people": one.people,
        }
        for number, one in enumerate(found)
    ]
    names = list(dict.fromkeys(one.people for one in found))
    colour, shape = (
        {
            "field": "people",
            "type": "nominal",
            "legend": None,
            "scale": {"domain": names, "range": [of.get(name, other) for name in names]},
        }
        for of, other in ((COLOURS, INK), (SHAPES, OTHERS))
    )
    x = x_axis(axis, (least, 1.0), SIZES[width])
    layers = [
        reference_lines(x, 0),
        *intervals(points, x, colour=colour, shape=shape),
        *row_names([(one.name, one.whose) for one in found], width),
    ]
    told = " ".join(one.told for one in found)
    svg = draw(stacked(layers, len(found), SIZES[width]))
    return described(svg, f"{title} Values with 95% intervals", f"{told} A dashed line marks 0.")
