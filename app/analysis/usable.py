"""Which controls say anything beside the side, the feature and each other."""

import numpy as np
from numpy.typing import NDArray

from app.analysis.diagnostics import GroupVotes
from app.analysis.options import NotIdentified
from app.analysis.wording import feature_words, listed, plain

DEPENDENT = 1e-9  # share of a column's squares that the other columns leave over

Floats = NDArray[np.float64]


def usable_controls(votes: GroupVotes, controls: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out controls that say nothing beside the others.

    Parameters
    ----------
    votes
        One group's votes, enough of them.
    controls
        Names of the controls asked for.

    Returns
    -------
    tuple of str
        Those that vary and are no combination of the side and the controls before them.

    Raises
    ------
    NotIdentified
        The feature itself is a combination of the side and these controls.
    """
    people, noun = votes.people, feature_words(votes.table.feature).noun
    columns = [votes.feature, np.ones(len(votes.feature)), *(votes.controls[c] for c in controls)]
    products = _correlations(columns)
    feature, side = 0, 1
    if _left_over(products, feature, [side]) < DEPENDENT:
        raise NotIdentified(
            f"In every vote by {people} the left poem exceeds the right one in {noun} by the same, "
            f"so that {noun} and side cannot be told apart; sides drawn at random are needed."
        )
    kept = [side]
    for ix in range(side + 1, len(columns)):
        if _left_over(products, ix, kept) >= DEPENDENT:
            kept.append(ix)
    names = tuple(controls[ix - side - 1] for ix in kept[1:])
    if _left_over(products, feature, kept) < DEPENDENT:
        raise NotIdentified(
            f"In the votes by {people}, {noun} cannot be told apart from "
            f"{listed([plain(name) for name in names])}: one follows from the other; pairs in "
            "which they differ apart are needed."
        )
    return names


def _correlations(columns: list[Floats]) -> Floats:
    """Cosines between columns, 0 for a column of zeros."""
    x = np.column_stack(columns)
    products = x.T @ x
    length = np.sqrt(products.diagonal())
    return products / np.outer(*[np.where(length > 0, length, 1.0)] * 2)


def _left_over(products: Floats, column: int, others: list[int]) -> float:
    """Share of a column's squares that a linear combination of others leaves; 0 if all zero."""
    beside = products[column, others]
    explained = beside @ np.linalg.solve(products[np.ix_(others, others)], beside)
    return float(products[column, column] - explained)
