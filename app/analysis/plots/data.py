"""The chart of the votes that a report rests on: sides, ties, and what is not counted."""

from typing import Any

from app.analysis.plots.drawing import ACCENT, BAR, BLUE, MUTED, Spec, Width, described, draw
from app.analysis.plots.rows import LEGEND, SIZES, Row, layer, row_names, stacked, x_axis
from app.analysis.wording import counted

LEFT, TIES, RIGHT, ASIDE = "left chosen", "can’t choose", "right chosen", "not counted"
COLOURS = {LEFT: BLUE, TIES: MUTED, RIGHT: BAR, ASIDE: ACCENT}
THICK = 0.3  # of a bar, in rows
GAP = 0.004  # between the pieces of a bar, of the longest bar

Json = dict[str, Any]  # Any: JSON


def data_chart(part: Json, *, width: Width = "wide") -> str:
    """Draw each group's votes: those for the left and the right poem, ties, and those left out.

    Parameters
    ----------
    part
        The part "data" as JSON, not declined.
    width
        "wide", about 640 pixels, or "narrow", about 330 pixels, for a phone.

    Returns
    -------
    str
        An SVG element without style sheet, script or style attribute: a bar for each group, its
        pieces as long as there are votes; beside it the number counted and the median time.
    """
    rows = [(row, _pieces(row, part)) for row in part["rows"]]
    most = max(sum(pieces.values()) for _, pieces in rows)
    values = [
        one for number, (_, pieces) in enumerate(rows) for one in _bar(number, pieces, most, width)
    ]
    x = x_axis("Votes", (0, most or 1), SIZES[width])
    kinds = [kind for kind in COLOURS if any(pieces[kind] for _, pieces in rows)]
    colour: Spec = {
        "field": "kind",
        "type": "nominal",
        "legend": LEGEND | {"direction": "horizontal", "symbolType": "square", "columns": 2},
        "scale": {"domain": kinds, "range": [COLOURS[kind] for kind in kinds]},
    }
    ends = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    names = [(row["group"], _told_of(row)) for row, _ in rows]
    layers = [layer({"type": "rect"}, values, x=x, color=colour, **ends), *row_names(names, width)]
    told = " ".join(
        f"{row['group']}, {_told_of(row)}: "
        + ", ".join(f"{kind} {n:,}" for kind, n in pieces.items() if n)
        + "."
        for row, pieces in rows
    )
    return described(draw(stacked(layers, len(rows), SIZES[width])), part["title"], told)


def _pieces(row: Json, part: Json) -> dict[str, int]:
    decided = row["votes"] - row["ties"]
    left = round((row["left"] or 0.0) * decided)
    excluded = 0 if part["data"].get("counts_excluded") else row["excluded"]
    aside = row["left_out"] + excluded + row["again"]
    return {LEFT: left, TIES: row["ties"], RIGHT: decided - left, ASIDE: aside}


def _told_of(row: Json) -> str:
    time = "" if row["seconds"] is None else f", median {row['seconds']:.0f} s"
    return f"{counted(row['votes'], 'vote')}{time}"


def _bar(number: int, pieces: dict[str, int], most: int, width: Width) -> list[Row]:
    middle = number + (0.5 if width == "wide" else 0.62)
    found, at = [], 0
    for kind, n in pieces.items():
        if n:
            end = max(at + n - GAP * most, at + n / 2)
            ends = {"y": middle - THICK / 2, "y2": middle + THICK / 2}
            found.append({"x": at, "x2": end, "kind": kind} | ends)
        at += n
    return found
