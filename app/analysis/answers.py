"""What raters scored on each item they were asked about themselves."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.analysis.columns import Frame, InvalidVotes, column_names, ids, numbers, require_columns

POINTS = "points_"  # begins the name of a column; the scale and the item follow

Floats = NDArray[np.float64]


def _none() -> Floats:
    return np.zeros((0, 0))


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Points of raters on items.

    Parameters
    ----------
    scales, items
        Scale and name of each item, shape (n_items,) each.
    points
        Points of each rater of a table on each item, shape (n_raters, n_items); not-a-number where
        they were not asked or have not answered.
    """

    scales: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    points: Floats = field(default_factory=_none)


def read_answers(raters: Frame, names: list[str]) -> Answers:
    """Read the points of the raters who voted.

    Parameters
    ----------
    raters
        One row a rater: `rater_id`, and for each item a column `points_<scale>_<item>`, whose
        scale has no underscore. Other columns are ignored.
    names
        Identifiers of the raters of the votes, shape (n_raters,).

    Returns
    -------
    Answers
        In the order of `names`; the items in the order of their columns' names.

    Raises
    ------
    InvalidVotes
        There is no column `rater_id`, a rater has two rows, or what stands for points is none.

    Examples
    --------
    >>> read_answers({"rater_id": ["b", "a"], "points_habits_reads": [2, ""]}, ["a", "b"]).items
    ('reads',)
    """
    require_columns(raters, ("rater_id",), what="raters")
    rows = ids(raters, "rater_id", what="rater")
    index = {name: row for row, name in enumerate(rows)}
    if len(index) < len(rows):
        row = next(row for row, name in enumerate(rows) if index[name] != row)
        raise InvalidVotes(
            f"Rater rows {row + 1} and {index[rows[row]] + 1}, column rater_id: {rows[row]!r} is "
            "given twice; every rater has one row."
        )

    def label(row: int) -> str:
        return f"Rater row {row + 1} (rater {rows[row]})"

    columns = sorted(name for name in column_names(raters) if _parts(name))
    used = np.ones(len(rows), dtype=np.bool_)
    given = [numbers(raters, c, names=rows, used=used, label=label, of="rater") for c in columns]
    table = np.column_stack(given) if given else np.zeros((len(rows), 0))
    points = np.full((len(names), len(columns)), np.nan)
    known = [(ix, index[name]) for ix, name in enumerate(names) if name in index]
    for ix, row in known:
        points[ix] = table[row]
    parts = [_parts(name) for name in columns]
    return Answers(
        tuple(scale for scale, _item in parts), tuple(item for _s, item in parts), points
    )


def _parts(column: str) -> tuple[str, ...]:
    """Scale and item of a column of points; nothing of another."""
    if not column.startswith(POINTS):
        return ()
    scale, _, item = column.removeprefix(POINTS).partition("_")
    return (scale, item) if scale and item else ()
