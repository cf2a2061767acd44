"""What a feature is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from app.verse.parsed import ParsedPoem

Value = float | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """Something measured on a poem.

    Attributes
    ----------
    name : str
        Its key in `measure`, in tables and in exports.
    meaning : str
        What it says, in one sentence.
    unit : str
        Unit of its values.
    low, high : float or None
        Range of its values, both ends included; None where there is no such limit.
    version : int
        Raised by one whenever the same text may give another value.
    kind : {"number", "label"}
        Whether the values are numbers or labels.
    citation : str
        Source of the definition; empty for plain counts.
    value : callable
        From a `ParsedPoem` to the value; None where it cannot be measured.
    """

    name: str
    meaning: str
    unit: str
    low: float | None = 0
    high: float | None = None
    version: int
    kind: Literal["number", "label"] = "number"
    citation: str = ""
    value: Callable[[ParsedPoem], Value]
