"""Many tests at once: p values corrected for their number."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.analysis.effects import Difference
from app.analysis.parts import Cell, Part, PartColumn, declined
from app.analysis.wording import counted, listed, p_value

NAME = "multiplicity"
TITLE = "How many questions were asked of these votes?"
LEVEL = 0.05
ONE_OF_SEVERAL = (
    "This is one of several secondary tests: what holds when p is corrected for their number is "
    f"told under “{TITLE}”."
)
METHOD = """One test is primary and stands as it is: that non-experts and experts differ in the \
effect of the feature. The secondary tests listed here are corrected together by Holm's method, \
which holds the chance of even one false finding among them at 5% whatever depends on whatever: \
with p values in ascending order, p_(i) is multiplied by m - i + 1, never less than the one \
before, never more than 1. Other measures in the feature's place are corrected by themselves, by \
the method of Benjamini and Hochberg, which holds the expected share of false findings among the \
findings. Not corrected is the primary test asked again in another way: with other controls, other \
definitions of an expert, or the votes treated otherwise.

Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of \
Statistics 6, 65-70. Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. \
Journal of the Royal Statistical Society B 57, 289-300."""

SMALL = (
    "A small p value speaks for neutrality in a test of neutrality, and against what the question "
    "says in the others."
)

Floats = NDArray[np.float64]


def holm(p_values: Sequence[float] | Floats) -> list[float]:
    """Correct p values so that even one false finding is rare.

    Parameters
    ----------
    p_values
        0 to 1, in any order.

    Returns
    -------
    list of float
        Adjusted p values in the same order.

    Notes
    -----
    p~_(i) = max_{j <= i} min(1, (m - j + 1) p_(j)). Holds the family-wise error under any
    dependence.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics 6, 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return _in_place(np.minimum(stepped, 1.0), order)


def benjamini_hochberg(p_values: Sequence[float] | Floats) -> list[float]:
    """Correct p values so that few of the findings are false.

    Parameters
    ----------
    p_values
        0 to 1, in any order.

    Returns
    -------
    list of float
        Adjusted p values in the same order.

    Notes
    -----
    p~_(i) = min_{j >= i} min(1, m p_(j) / j). Holds the false discovery rate for independent or
    positively dependent tests.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a practical and
    powerful approach to multiple testing. Journal of the Royal Statistical Society B 57, 289-300.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03])
    [0.03, 0.04, 0.04]
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    stepped = np.minimum.accumulate(scaled[::-1])[::-1]
    return _in_place(np.minimum(stepped, 1.0), order)


def _in_place(adjusted: Floats, order: NDArray[np.intp]) -> list[float]:
    found = np.empty_like(adjusted)
    found[order] = adjusted
    return [float(f"{value:.15g}") for value in found]


def multiplicity_part(parts: Sequence[Part], primary: Difference | None = None) -> Part:
    """List the secondary tests of other parts with p values corrected for their number.

    Parameters
    ----------
    parts
        Parts of the report; their `data["tests"]`, where they have them, are the family.
    primary
        The difference between the groups, which is not corrected; None where there is none.

    Returns
    -------
    Part
        A row for each secondary test, in the order of the parts.
    """
    tests = [test for part in parts for test in part.data.get("tests", ())]
    if not tests:
        return declined(NAME, TITLE, "No secondary test could be made of these votes.")
    adjusted = holm([test["p_value"] for test in tests])
    rows: list[dict[str, Cell]] = [
        {
            "test": test["test"],
            "part": test["part"],
            "about": test["about"],
            "group": test["group"],
            "p_value": test["p_value"],
            "holm": corrected,
            "shown": "yes" if corrected < LEVEL else "no",
        }
        for test, corrected in zip(tests, adjusted, strict=True)
    ]
    return Part(
        name=NAME,
        title=TITLE,
        sentence=_sentence(rows, primary),
        columns=COLUMNS,
        rows=tuple(rows),
        method=METHOD,
        notes=(SMALL,),
        data={"primary": None if primary is None else primary.p_value, "level": LEVEL},
        basis=_basis(len(rows), [part.title for part in parts if part.data.get("tests")]),
    )


def _basis(n: int, titles: list[str]) -> str:
    questions = listed([f"“{title}”" for title in titles])
    return (
        f"{counted(n, 'p value')} of {questions}, each from the votes, ties, weights, intervals "
        "and controls that its own section names"
    )


COLUMNS = (
    PartColumn("test", "Question", "What is tested", "text"),
    PartColumn("p_value", "p", "p value as it stands", "p"),
    PartColumn("holm", "p, corrected (Holm)", "p value corrected for all tests listed", "p"),
    PartColumn("shown", "Shown at 5%", "Whether the corrected p value is below 0.05", "text"),
)


def _sentence(rows: list[dict[str, Cell]], primary: Difference | None) -> str:
    found = [row for row in rows if row["shown"] == "yes"]
    first = (
        f"The one primary test, whether the groups differ, stands as it is "
        f"({p_value(primary.p_value)}). "
        if primary
        else ""
    )
    n = len(rows)
    if n == 1:
        outcome = "holds" if found else "does not reach 5%"
        return f"{first}One secondary question was asked beside it; its answer {outcome}."
    count = {0: "none", n: "all"}.get(len(found), str(len(found)))
    return (
        f"{first}{n} secondary tests were made beside it; corrected for their number, {count} of "
        f"them {'reaches' if count in {'none', '1'} else 'reach'} 5%."
    )
