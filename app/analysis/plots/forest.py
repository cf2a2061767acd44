"""What charts share that show both groups' figures, with intervals, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.analysis.plots.drawing import (
    EXPERT,
    MUTED,
    NONEXPERT,
    Size,
    Spec,
    Width,
    described,
    draw,
)
from app.analysis.plots.rows import SIZES, Row, layer, reference_lines, row_names, stacked, x_axis

GROUPS = {"nonexpert": "Non-experts", "expert": "Experts"}
COLOURS = {"nonexpert": NONEXPERT, "expert": EXPERT}
SHAPES = {"nonexpert": "circle", "expert": "diamond"}
BETWEEN = 0.3  # the two groups of a row, in rows
LEGEND: Spec = {"title": None, "orient": "top", "symbolSize": 90, "labelLimit": 0}

Ends = tuple[float, float, float]  # low, value, high


@dataclass(frozen=True, slots=True)
class ForestRow:
    """A row of such a chart.

    Parameters
    ----------
    name, small
        What it is, and what is written small beside it.
    nonexpert, expert
        Low end, value and high end of each group, in the units of the axis; None for none.
    """

    name: str
    small: str
    nonexpert: Ends | None
    expert: Ends | None


def ends(row: Row, name: str, factor: float = 1.0) -> Ends | None:
    """The interval of a column of a part's row, in units of 1 / factor."""
    low, value, high = (row[key] for key in (f"{name}_low", name, f"{name}_high"))
    return None if value is None else (factor * low, factor * value, factor * high)


def forest(
    rows: Sequence[ForestRow],
    *,
    title: str,
    axis: str,
    line: float,
    told: str,
    domain: tuple[float, float] | None = None,
    width: Width = "wide",
) -> str:
    """Draw both groups' figures row by row.

    Parameters
    ----------
    rows
        From the top, at least one.
    title, told
        What the chart shows, for who cannot see it: briefly, and in full beside the figures.
    axis
        What stands under the axis, with its unit.
    line
        Where a dashed line stands.
    domain
        Ends of the axis; None for figures that are ratios, on a logarithmic axis.
    width
        "wide" or "narrow".

    Returns
    -------
    str
        An SVG element.
    """
    size = SIZES[width]
    x = x_axis(axis, domain or _around_ratios(rows, line), size)
    if domain is None:
        x["scale"] |= {"type": "log"}
    names = row_names([(row.name, row.small) for row in rows], width)
    svg = draw(
        stacked([reference_lines(x, line), *_groups(rows, x, size), *names], len(rows), size)
    )
    figures = [
        f"{row.name}, {GROUPS[group].lower()}: {_in_words(getattr(row, group))}."
        for row in rows
        for group in GROUPS
    ]
    return described(svg, title, " ".join([told, *figures, f"A dashed line marks {line:g}."]))


def _in_words(found: Ends | None) -> str:
    if found is None:
        return "no estimate"
    low, value, high = found
    return f"{value:.3g} ({low:.3g} to {high:.3g})"


def reach(rows: Sequence[ForestRow], line: float) -> tuple[float, float]:
    """The lowest and the highest end of all intervals, the line among them."""
    found = [one for row in rows for one in (row.nonexpert, row.expert) if one]
    low = min([line, *(one[0] for one in found)])
    return low, max([line, *(one[2] for one in found)])


def _around_ratios(rows: Sequence[ForestRow], line: float) -> tuple[float, float]:
    low, high = reach(rows, line)
    room = (high / low) ** 0.04
    return low / room, high * room


def _groups(rows: Sequence[ForestRow], x: Spec, size: Size) -> list[Spec]:
    drawn: list[Row] = []
    missing: list[Row] = []
    middle = 0.5 if size is SIZES["wide"] else 0.62
    known = [group for group in GROUPS if any(getattr(row, group) for row in rows)]
    for number, row in enumerate(rows):
        for ix, group in enumerate(known):
            found: Ends | None = getattr(row, group)
            y = number + middle + (ix - (len(known) - 1) / 2) * BETWEEN
            if found is None:
                missing.append({"y": y})
            else:
                low, value, high = found
                drawn.append({"y": y, "x": low, "x2": high, "value": value, "of": GROUPS[group]})
    colour, shape = _told_apart(COLOURS, known), _told_apart(SHAPES, known)
    point = {"type": "point", "filled": True, "size": 90, "opacity": 1}
    words = {"type": "text", "text": "no estimate", "color": MUTED, "fontSize": size.text - 1}
    rule = {"type": "rule", "strokeWidth": 2.5, "clip": True}
    return [
        layer(rule, drawn, x=x, x2={"field": "x2"}, color=colour),
        layer(point, drawn, x=x | {"field": "value"}, color=colour, shape=shape),
        layer(words, missing, x={"value": size.plot / 2}),
    ]


def _told_apart(by: dict[str, str], known: Sequence[str]) -> Spec:
    scale = {"domain": [GROUPS[one] for one in known], "range": [by[one] for one in known]}
    return {"field": "of", "type": "nominal", "legend": LEGEND, "scale": scale}
