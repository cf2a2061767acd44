"""A part of a report: what was found, as a sentence, as numbers and as a method."""

import math
from dataclasses import asdict, dataclass, field
from typing import Any

DIGITS = 12  # beyond them, sums differ between processors

Cell = str | float | int | None


@dataclass(frozen=True, slots=True)
class PartColumn:
    """A column of a part's table.

    Parameters
    ----------
    name
        Name in files.
    heading
        Heading on the page, with the unit where it has one.
    meaning
        What it holds, in a sentence without a full stop.
    format
        How the page shows it: "text", "count", "percent" (of a share from 0 to 1), "tenths"
        (the same with one decimal), "number", "ratio", "p" or "seconds".
    low, high
        Names of the columns that hold the ends of its 95% interval, empty for none: the page shows
        the three as one, "64 (60 to 68)".
    """

    name: str
    heading: str
    meaning: str
    format: str = "number"
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One section of a report.

    Parameters
    ----------
    name
        Its name, as in the address of its chart: "dose".
    title
        Its heading, a question in plain words.
    sentence
        What was found, for a reader without statistics; or why there is no number.
    declined
        Whether there is no number.
    columns, rows
        Its table; a row holds every column by name, and may hold more for the chart.
    method
        How it was computed: formula, what is assumed, source; paragraphs parted by blank lines.
    notes
        Limits that a reader must know of, a sentence each.
    data
        Whatever else the chart or the JSON needs.
    basis
        What the numbers rest on, in a line: the votes used, and how ties, weights, intervals and
        controls were chosen where they apply; empty for what is usual in the report.
    """

    name: str
    title: str
    sentence: str
    declined: bool = False
    columns: tuple[PartColumn, ...] = ()
    rows: tuple[dict[str, Cell], ...] = ()
    method: str = ""
    notes: tuple[str, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)  # Any: JSON
    basis: str = ""

    def as_dict(self) -> dict[str, Any]:  # Any: JSON
        """Give the part as JSON would hold it.

        Returns
        -------
        dict
            Its fields; a column that is the end of another's interval is left to that one. Numbers
            have 12 digits; those that are not finite are None.
        """
        ends = {end for column in self.columns for end in (column.low, column.high)}
        columns = [asdict(column) for column in self.columns if column.name not in ends]
        found: dict[str, Any] = plain_json(asdict(self) | {"columns": columns})  # Any: JSON
        return found


def declined(name: str, title: str, reason: str, *, method: str = "") -> Part:
    """Give a part that has no number, and says why.

    Parameters
    ----------
    name, title, method
        As of a part.
    reason
        The sentence.

    Returns
    -------
    Part
        Without rows.

    Examples
    --------
    >>> declined("dose", "How much rhyme does it take?", "Nobody has voted yet.").declined
    True
    """
    return Part(name, title, reason, declined=True, method=method)


def plain_json(value: Any) -> Any:  # Any: JSON in, JSON out
    """Make a value what JSON can hold.

    Parameters
    ----------
    value
        Numbers, strings, None, and dictionaries, lists and tuples of these.

    Returns
    -------
    object
        The same; floats with 12 digits, None for those that are not finite.

    Examples
    --------
    >>> plain_json({"share": 1 / 3, "end": float("inf"), "of": (1, "x")})
    {'share': 0.333333333333, 'end': None, 'of': [1, 'x']}
    """
    match value:
        case float():
            return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
        case str():
            return str(value)  # a StrEnum is a str that prints otherwise
        case dict():
            return {str(key): plain_json(item) for key, item in value.items()}
        case list() | tuple():
            return [plain_json(item) for item in value]
    return value
