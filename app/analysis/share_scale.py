"""One scale for all charts of a report that show shares of choices, so that they compare."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.analysis.parts import Cell, Part

SHOWN_IN = {
    "answer": ("win_share",),
    "controls": ("nonexpert", "expert"),
    "dose": ("share",),
    "laziness": ("low_share", "high_share"),
    "neutrality": ("win_share",),
    "expertise": ("share",),
    "definitions": ("nonexpert_share", "expert_share"),
    "judges": ("win_share",),
}
DIFFERENCE = "Difference"  # the row of the answer that holds no share but the difference of two


def with_one_scale(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Tell every part that shows shares of choices how far all of them reach.

    Parameters
    ----------
    parts
        Parts of a report.

    Returns
    -------
    tuple of Part
        The same; `data["shares"]` of those parts holds the ends of the lowest and of the highest
        interval among them, 0 to 1.
    """
    ends = [end for part in parts for end in _ends(part)]
    if not ends:
        return tuple(parts)
    reach = [min(ends), max(ends)]
    return tuple(
        replace(part, data=part.data | {"shares": reach}) if part.name in SHOWN_IN else part
        for part in parts
    )


def _ends(part: Part) -> Iterator[float]:
    for point in part.data.get("curves", ()) if part.name in SHOWN_IN else ():
        yield from _numbers(point["low"], point["high"])
    names = SHOWN_IN.get(part.name, ())
    columns = [column for column in part.columns if column.name in names]
    for row in part.rows:
        if row.get("group") != DIFFERENCE:
            for column in columns:
                yield from _numbers(row.get(column.low), row.get(column.high))


def _numbers(*cells: Cell) -> Iterator[float]:
    yield from (float(cell) for cell in cells if isinstance(cell, int | float))
