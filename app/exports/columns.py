"""What a column of an exported file is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

Row = dict[str, Any]  # Any: text or number, or in a meta_ column whatever JSON an uploader gave

TEXT = "text"
INTEGER = "integer"
NUMBER = "number"
FLAG = "0 or 1"
TIME = "time"

READ_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    meaning: str
    type: str
    unit: str = ""


def iso(time: datetime | None) -> str | None:
    """As in 2026-01-31T09:30:00.000Z; stored times are UTC."""
    if time is None:
        return None
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
