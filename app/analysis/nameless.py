"""Numbering raters, prompts and poems by what their votes say, so that nothing drawn hangs on
names."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.analysis.clusters import Clusters
from app.analysis.diagnostics import CHANCE, GroupVotes
from app.analysis.preference import sums

ROUNDS = 3
DIGITS = 7  # after the point: sums in another order differ far behind them

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def nameless(votes: GroupVotes) -> tuple[Ints, Ints]:
    """Number the raters and the prompts of some votes by the votes themselves.

    Parameters
    ----------
    votes
        One group's votes, at least one.

    Returns
    -------
    rater, prompt
        Number of each rater, 0 to n_raters - 1, shape (n_raters,), and of each prompt (or poem in
        its place), shape (n_prompts,); prompts that no vote touches come last.

    Notes
    -----
    The numbers are the same whatever raters, prompts and poems are called, in which order the votes
    come, in which units measures are, and if all sides are exchanged. A vote is told by its tie and
    by |d| and (2 y - 1) d of every measure, d the difference over its root mean square; a rater and
    a prompt by the number of their votes and the sums of these, then, three times over, by the sums
    weighed with the numbers of the others' clusters. Only those that all of this cannot tell apart
    are numbered in the order of their names.
    """
    told = _told(votes)
    touched = np.zeros(votes.n_prompts, dtype=np.bool_)
    touched[votes.left] = touched[votes.right] = True
    raters = int(votes.rater.max()) + 1
    rater, prompt = np.zeros(raters, dtype=np.int64), np.zeros(votes.n_prompts, dtype=np.int64)
    for _ in range(ROUNDS):
        seen = _weight(prompt[votes.left]) + _weight(prompt[votes.right])
        rater = _numbered([rater, *_sums(told * seen, votes.rater, raters)])
        by = told * _weight(rater[votes.rater])
        crosses = votes.left != votes.right
        both = zip(
            _sums(by, votes.left, votes.n_prompts),
            _sums(by[:, crosses], votes.right[crosses], votes.n_prompts),
            strict=True,
        )
        prompt = _numbered([~touched, prompt, *(np.round(a + b, DIGITS) for a, b in both)])
    return _places(rater), _places(prompt)


def nameless_poems(votes: GroupVotes) -> Ints:
    """Number the poems of some votes by the votes themselves.

    Parameters
    ----------
    votes
        The votes, at least one.

    Returns
    -------
    ndarray
        Number of each poem of their table, 0 to n_poems - 1, shape (n_poems,), found as `nameless`
        finds those of prompts; poems on which nobody voted come last.
    """
    table, rows = votes.table, votes.rows
    clusters = Clusters(votes.rater, table.left[rows], table.right[rows], len(table.poems))
    return nameless(replace(votes, clusters=clusters))[1]


def _told(votes: GroupVotes) -> Floats:
    """What is known of each vote without its names, sides and units, shape (k, n_votes)."""
    rows = [np.ones(len(votes.outcome)), (votes.outcome == CHANCE).astype(np.float64)]
    for column in (votes.feature, *votes.controls.values()):
        size = float(np.sqrt(np.mean(np.square(column))))
        if size > 0:
            scaled = column / size
            rows += [np.abs(scaled), (2 * votes.outcome - 1) * scaled]
    return np.stack(rows)


def _weight(number: Ints) -> Floats:
    """Numbers as weights whose sums tell which numbers there are."""
    weight: Floats = np.sqrt(2.0 + number)
    return weight


def _sums(told: Floats, cluster: Ints, n: int) -> list[Floats]:
    return [np.round(sums(cluster, row, n), DIGITS) for row in told]


def _numbered(keys: list[NDArray[np.generic]]) -> Ints:
    """The same number for those alike in every key, in the order of the first key that differs."""
    table = np.column_stack([np.asarray(key, dtype=np.float64) for key in keys])
    found: Ints = np.unique(table, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return found


def _places(number: Ints) -> Ints:
    """Where each stands in their order."""
    place = np.empty(len(number), dtype=np.int64)
    place[np.argsort(number, kind="stable")] = np.arange(len(number))
    return place
