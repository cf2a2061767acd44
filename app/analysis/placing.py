"""Who is an expert: raters put into groups by each definition."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.analysis.context import UNKNOWN
from app.analysis.options import Experts, Group
from app.analysis.preference import sums
from app.analysis.votes import GROUPS, VoteTable

JUDGE, EXPERT, NONEXPERT = (
    GROUPS.index(group) for group in (Group.JUDGE, Group.EXPERT, Group.NONEXPERT)
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def placed(table: VoteTable, by: Experts) -> VoteTable:
    """Put the raters into groups by a definition of an expert.

    Parameters
    ----------
    table
        The votes, their groups as invited.
    by
        The definition.

    Returns
    -------
    VoteTable
        The votes of judges, and of the people whom the definition places.
    """
    if by is Experts.INVITATION:
        return table
    group = groups(table, by)
    return replace(table, group=group).where(group != UNKNOWN)


def groups(table: VoteTable, by: Experts) -> Ints:
    """Give the group of each vote by a definition of an expert.

    Parameters
    ----------
    table
        The votes, their groups as invited.
    by
        The definition.

    Returns
    -------
    ndarray
        Index in `GROUPS`, shape (n_votes,); -1 for people whom the definition does not place: who
        did not say, or said one thing with one vote and another with another.
    """
    if by is Experts.INVITATION:
        return table.group
    is_expert = _is_expert(table, by)[table.rater]
    told = np.where(is_expert == 1, EXPERT, np.where(is_expert == 0, NONEXPERT, UNKNOWN))
    return np.asarray(np.where(table.group == JUDGE, JUDGE, told), dtype=np.int64)


def _is_expert(table: VoteTable, by: Experts) -> Floats:
    """1 or 0 of each rater, shape (n_raters,); not-a-number where it is not known."""
    if by is Experts.SCORE:
        score = scores(table)
        return np.where(np.isfinite(score), score > cut(table), np.nan)
    context = table.context
    said = context.self_described if by is Experts.SELF_DESCRIBED else context.scored_as
    return _mean(said.astype(np.float64), (said != UNKNOWN) & (table.group != JUDGE), table)


def cut(table: VoteTable) -> float:
    """Give the score above which a rater is an expert by score.

    Parameters
    ----------
    table
        The votes.

    Returns
    -------
    float
        The median of the raters with a score; not-a-number where there is none.
    """
    score = scores(table)
    known = score[np.isfinite(score)]
    return float(np.median(known)) if known.size else float("nan")


def scores(table: VoteTable) -> Floats:
    """Give every rater's score of expertise.

    Parameters
    ----------
    table
        The votes.

    Returns
    -------
    ndarray
        Mean of the scores given with a rater's votes, shape (n_raters,); not-a-number for judges
        and where there is none.
    """
    known = np.isfinite(table.context.score) & (table.group != JUDGE)
    return _mean(table.context.score, known, table)


def _mean(values: Floats, known: NDArray[np.bool_], table: VoteTable) -> Floats:
    rater, n = table.rater[known], len(table.raters)
    given = np.bincount(rater, minlength=n)
    total = sums(rater, np.asarray(values[known], dtype=np.float64), n)
    return np.where(given > 0, total / np.maximum(given, 1), np.nan)
