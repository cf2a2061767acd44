"""Columns of a table by what they measure, and the columns that an estimate can take besides."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.analysis.diagnostics import GroupVotes
from app.analysis.options import Options
from app.analysis.usable import DEPENDENT
from app.analysis.votes import RHYME, VoteTable

MORE_CONTROLS = (RHYME, "meter_regularity", "readability", "uplift_ending")
MOST_SOURCES = 20  # each is a column: more would ask more of most studies than they hold
LAYOUT, STYLE, SOURCE = "layout", "style", "source"

Floats = NDArray[np.float64]


def family(table: VoteTable, column: str) -> str:
    """Say what a column measures.

    Parameters
    ----------
    table
        The votes.
    column
        Name of a numeric column of poems.

    Returns
    -------
    str
        As the table's families say; "style" for a column that they do not name.
    """
    return table.families.get(column, STYLE)


def families(table: VoteTable) -> tuple[str, ...]:
    """Give the families that a table's columns may be of.

    Parameters
    ----------
    table
        The votes.

    Returns
    -------
    tuple of str
        That of the feature first, then in the order of the table's families; "style" among them.
    """
    named = (family(table, table.feature), *table.families.values(), STYLE)
    return tuple(dict.fromkeys(named))


def report_controls(table: VoteTable, options: Options) -> tuple[str, ...]:
    """Give the controls of the report's own estimate.

    Parameters
    ----------
    table
        The votes.
    options
        The options.

    Returns
    -------
    tuple of str
        Those of the options, or all of the table.
    """
    return table.controls if options.adjust is None else options.adjust


def more_controls(table: VoteTable, adjust: tuple[str, ...]) -> tuple[str, ...]:
    """Give the further columns of the table that a careful reader would hold equal too.

    Parameters
    ----------
    table
        The votes.
    adjust
        The report's controls.

    Returns
    -------
    tuple of str
        Rhyme density, where another feature is asked for, regularity of metre, readability and
        uplift, as far as the table has them.
    """
    return tuple(name for name in MORE_CONTROLS if name in table.controls and name not in adjust)


def source_columns(votes: GroupVotes) -> dict[str, Floats]:
    """Tell by whom the poems of each vote are.

    Parameters
    ----------
    votes
        The votes.

    Returns
    -------
    dict
        A column for each source, 1 if only the left poem is by it, -1 if only the right one, else
        0; shape (n_votes,). Empty where fewer than 2 or more than 20 sources are known.
    """
    context, table = votes.table.context, votes.table
    if not has_sources(table):
        return {}
    left, right = (context.source[side[votes.rows]] for side in (table.left, table.right))
    return {
        f"source {name}": (left == ix).astype(np.float64) - (right == ix)
        for ix, name in enumerate(context.sources)
    }


def has_sources(table: VoteTable) -> bool:
    """Tell whether poems of different known sources can be told apart.

    Parameters
    ----------
    table
        The votes.

    Returns
    -------
    bool
        True for 2 to 20 sources.
    """
    seen = np.unique(table.context.source[np.concatenate([table.left, table.right])])
    return bool(len(seen) > 1 and len(table.context.sources) <= MOST_SOURCES)


def with_columns(votes: GroupVotes, columns: Mapping[str, Floats]) -> GroupVotes:
    """Give votes further columns that can be held equal.

    Parameters
    ----------
    votes
        The votes.
    columns
        Left minus right, shape (n_votes,) each.

    Returns
    -------
    GroupVotes
        The same votes.
    """
    return replace(votes, controls={**votes.controls, **columns})


def in_place_of_feature(table: VoteTable, name: str) -> VoteTable:
    """Put another column in the place of the feature.

    Parameters
    ----------
    table
        The votes.
    name
        One of its controls.

    Returns
    -------
    VoteTable
        The feature and the other controls as controls.
    """
    ix = table.controls.index(name) + 1
    order = [ix, *(other for other in range(len(table.controls) + 1) if other != ix)]
    names = (table.feature, *table.controls)
    return replace(
        table,
        feature=name,
        controls=tuple(names[other] for other in order[1:]),
        values=table.values[:, order],
    )


def independent(columns: Mapping[str, Floats]) -> tuple[str, ...]:
    """Leave out columns that say nothing beside the side and the columns before them.

    Parameters
    ----------
    columns
        Shape (n_votes,) each.

    Returns
    -------
    tuple of str
        Names of those that stay.
    """
    if not columns:
        return ()
    kept: list[str] = []
    basis = [np.ones(len(next(iter(columns.values()))))]
    basis[0] /= np.sqrt(max(len(basis[0]), 1))
    for name, column in columns.items():
        length = float(np.sqrt(column @ column))
        if not length:
            continue
        rest = column / length
        for _ in range(2):  # once more, for what rounding left
            for one in basis:
                rest = rest - (one @ rest) * one
        left_over = float(rest @ rest)
        if left_over >= DEPENDENT:
            kept.append(name)
            basis.append(rest / np.sqrt(left_over))
    return tuple(kept)
