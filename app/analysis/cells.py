"""The cells of a part's table as they are read, the same in every format."""

import math
from collections.abc import Mapping
from typing import Any

from app.analysis.wording import p_value

NOTHING = "–"
ENDLESS = "∞"
_LARGE = 100
_TINY, _HUGE = 0.01, 1000

_WORDS = {
    "nonexpert": "non-experts",
    "expert": "experts",
    "judge": "judges",
    "decision_time": "decision time",
    "time_per_line": "time per line",
    "ease": "stated ease",
}

Numbers = Mapping[str, Any]  # Any: JSON


def cell_text(row: Numbers, column: Numbers) -> str:
    """Write a cell, with its interval where it has one.

    Parameters
    ----------
    row
        A row of a part, as JSON holds it.
    column
        A column of the part, as JSON holds it.

    Returns
    -------
    str
        As in "64 (60 to 68)"; a dash where there is nothing.

    Examples
    --------
    >>> share = {"name": "share", "format": "percent", "low": "low", "high": "high"}
    >>> cell_text({"share": 0.64, "low": 0.6, "high": 0.684}, share)
    '64 (60 to 68)'
    >>> slope = {"name": "slope", "format": "number", "low": "low", "high": "high"}
    >>> cell_text({"slope": 0.00416, "low": -0.104, "high": 0.113}, slope)
    '0.00 (−0.10 to 0.11)'
    >>> cell_text({"n": 1200}, {"name": "n", "format": "count", "low": "", "high": ""})
    '1,200'
    """
    value = row.get(column["name"])
    if value is None or value == "":
        return NOTHING
    text = value_text(value, column["format"])
    if not column["low"] or not column["high"]:
        return text
    low, high = row.get(column["low"]), row.get(column["high"])
    if low is None and high is None:
        return text
    if column["format"] == "number" and low is not None and high is not None:
        return _alike(value, low, high)
    ends = [ENDLESS if end is None else value_text(end, column["format"]) for end in (low, high)]
    return f"{text} ({ends[0]} to {ends[1]})"


def _alike(value: float, low: float, high: float) -> str:
    """With as many decimals each as the width of the interval deserves: two digits of it."""
    width = high - low
    decimals = max(0, 1 - math.floor(math.log10(width))) if width > 0 else 2
    texts = [f"{one:,.{decimals}f}".replace("-", "−") for one in (value, low, high)]
    return f"{texts[0]} ({texts[1]} to {texts[2]})"


def value_text(value: Any, kind: str) -> str:  # Any: a JSON value
    """Write one value.

    Parameters
    ----------
    value
        A number or a string.
    kind
        The format of its column.

    Returns
    -------
    str
        Groups and measures in words, shares in whole percent without the sign, p values as they
        are printed, numbers with three digits.

    Examples
    --------
    >>> value_text(0.0312, "p"), value_text(1.234, "ratio"), value_text(12.345, "number")
    ('0.031', '1.23', '12.3')
    >>> value_text(-0.001, "percent"), value_text("nonexpert", "text")
    ('0', 'non-experts')
    """
    if isinstance(value, str):
        return _WORDS.get(value, value)
    text = _written(value, kind)
    return text.removeprefix("-") if not text.strip("-0.") else text.replace("-", "−")


def _written(value: float, kind: str) -> str:
    match kind:
        case "percent":
            return f"{100 * value:.0f}"
        case "tenths":
            return f"{100 * value:.1f}"
        case "ratio":
            return f"{value:.2f}" if _TINY <= value < _HUGE or value == 0 else f"{value:.2g}"
        case "p":
            return p_value(value).removeprefix("p = ").removeprefix("p ")
        case "seconds":
            return f"{value:.1f}"
    whole = kind == "count" or abs(value) >= _LARGE or float(value).is_integer()
    return f"{value:,.0f}" if whole else f"{value:.3g}"
