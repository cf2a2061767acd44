"""Columns of a data frame, checked and turned into lists and arrays."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

LARGEST, SMALLEST = 1e12, 1e-12  # beyond them squares of squares leave what a number can hold

FLAGS: dict[Any, bool] = {  # Any: keys as they come from files, numbers and strings alike
    0: False,
    1: True,
    "0": False,
    "1": True,
    "false": False,
    "true": True,
    "False": False,
    "True": True,
}


class InvalidVotes(ValueError):
    """A column or a row cannot be used; the message names it and says what would be right."""


class Frame(Protocol):
    """Anything whose columns are taken by name: a dictionary, a pandas or a polars frame."""

    def __getitem__(self, key: Any, /) -> Any:  # Any: frames share no type
        """One column, as a sequence."""


def column_names(frame: Frame) -> set[str]:
    """Names of the columns of a frame.

    Parameters
    ----------
    frame
        Dictionary of sequences, or a data frame.

    Returns
    -------
    set of str
        The names.

    Examples
    --------
    >>> sorted(column_names({"poem_id": ["a"], "n_lines": [4]}))
    ['n_lines', 'poem_id']
    """
    columns = getattr(frame, "columns", None)
    if columns is None:
        columns = frame.keys()  # type: ignore[attr-defined]  # a mapping, if it is no data frame
    return {str(name) for name in columns}


def require_columns(frame: Frame, names: Iterable[str], *, what: str) -> None:
    """Refuse a frame that lacks one of the columns.

    Parameters
    ----------
    frame
        The frame.
    names
        Columns it must have.
    what
        What the rows are, in the plural, for the message.

    Raises
    ------
    InvalidVotes
        A column is missing.
    """
    present = column_names(frame)
    missing = [name for name in names if name not in present]
    if missing:
        listed = ", ".join(sorted(present)) or "none"
        raise InvalidVotes(
            f"The {what} have no column {missing[0]!r}; the columns found are: {listed}."
        )


def values(frame: Frame, column: str) -> list[Any]:  # Any: whatever the file held
    """Give the cells of a column as they are.

    Parameters
    ----------
    frame
        The frame.
    column
        Name of a column that exists.

    Returns
    -------
    list
        One a row.

    Examples
    --------
    >>> values({"choice": ("left", "tie")}, "choice")
    ['left', 'tie']
    """
    cells = frame[column]
    return cells.tolist() if hasattr(cells, "tolist") else list(cells)


def is_missing(value: object) -> bool:
    """Tell whether a cell is empty: None, a blank string, not-a-number or pandas' NA.

    Parameters
    ----------
    value
        Content of a cell.

    Returns
    -------
    bool
        True for an empty cell.

    Examples
    --------
    >>> [is_missing(value) for value in (None, "", float("nan"), 0, "x")]
    [True, True, True, False, False]
    """
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return isinstance(value, str) and not value.strip()


def _id(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a whole number that a reader made a float beside empty cells
    return str(value)


def ids(frame: Frame, column: str, *, what: str, optional: bool = False) -> list[str]:
    """Read a column of identifiers as strings.

    Parameters
    ----------
    frame
        The frame.
    column
        Name of a column that exists.
    what
        What a row is, in the singular, for the message.
    optional
        Whether a cell may be empty; an empty cell is then an empty string.

    Returns
    -------
    list of str
        Identifiers, shape (n_rows,); whole numbers are written without a decimal point.

    Raises
    ------
    InvalidVotes
        A cell is empty and may not be.
    """
    raw = values(frame, column)
    read = [
        cell if type(cell) is str and cell else "" if is_missing(cell) else _id(cell)
        for cell in raw
    ]
    if not optional and "" in read:
        row = read.index("")
        raise InvalidVotes(
            f"{what.capitalize()} row {row + 1}, column {column}: the cell is empty; "
            f"every {what} needs its {column}."
        )
    return read


def numbers(
    frame: Frame,
    column: str,
    *,
    names: Sequence[str],
    used: NDArray[np.bool_],
    label: Callable[[int], str] | None = None,
    of: str = "",
) -> NDArray[np.float64]:
    """Read a numeric column of the poems, of the votes or of the raters.

    Parameters
    ----------
    frame
        Frame of poems or votes.
    column
        Name of a column that exists.
    names
        Ids of the rows, shape (n_rows,), for the message.
    used
        Rows whose number is needed, shape (n_rows,).
    label
        Names a row, for the message; None for a row of poems.
    of
        What a row is, in the singular, for the message; empty for a vote, or without a label for
        a poem.

    Returns
    -------
    ndarray
        Numbers, shape (n_rows,); not-a-number where the cell is empty.

    Raises
    ------
    InvalidVotes
        A needed cell holds something that is not a finite number, or the largest of them is beyond
        1e12, or not 0 and below 1e-12.
    """
    raw = values(frame, column)
    read = np.array([_number(cell) for cell in raw], dtype=np.float64).reshape(len(raw))
    bad = np.flatnonzero(used & np.isinf(read))
    where = label or (lambda row: f"Poem row {row + 1} (poem {names[row]})")
    if bad.size:
        row = int(bad[0])
        of = of or ("vote" if label else "poem")
        raise InvalidVotes(
            f"{where(row)}, column {column}: {raw[row]!r} is not a finite number; it must be one, "
            f"or empty where the {of} has none."
        )
    size = np.abs(np.where(used & np.isfinite(read), read, 0.0))
    largest = size.max(initial=0.0)
    if largest and not SMALLEST <= largest <= LARGEST:
        row = int(size.argmax())
        limit = f"at most {LARGEST:g}" if largest > LARGEST else f"at least {SMALLEST:g}"
        raise InvalidVotes(
            f"{where(row)}, column {column}: {raw[row]!r} is the largest of the column, and too "
            f"{'large' if largest > LARGEST else 'small'} to compute with; the largest must be "
            f"{limit}, which another unit gives."
        )
    return read


def _number(cell: Any) -> float:  # Any: whatever the file held
    """What is no number is infinite, for that is refused as well."""
    if is_missing(cell):
        return math.nan
    try:
        return float(cell)
    except (TypeError, ValueError, OverflowError):
        return math.inf


def coded(
    frame: Frame,
    column: str,
    codes: dict[Any, T],  # Any: keys as they come from files
    *,
    label: Callable[[int], str],
    right: str,
) -> list[T]:
    """Read a column of votes that holds one of a few words.

    Parameters
    ----------
    frame
        Frame of votes.
    column
        Name of a column that exists.
    codes
        Meaning of each word allowed.
    label
        Names a row, for the message.
    right
        What would be right, for the message.

    Returns
    -------
    list
        Meanings, shape (n_votes,).

    Raises
    ------
    InvalidVotes
        A cell holds something else.
    """
    raw = [None if cell != cell else cell for cell in values(frame, column)]  # noqa: PLR0124  # nan
    try:
        return [codes[cell] for cell in raw]
    except (KeyError, TypeError):
        row = next(row for row, cell in enumerate(raw) if not _known(cell, codes))
        raise InvalidVotes(
            f"{label(row)}, column {column}: {raw[row]!r} is not allowed; it must be {right}."
        ) from None


def _known(cell: object, codes: dict[Any, T]) -> bool:  # Any: as above
    try:
        return cell in codes
    except TypeError:
        return False
