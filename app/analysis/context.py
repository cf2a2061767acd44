"""What a vote was cast in: whose poems, how long it took, how it was shown, who said what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.analysis.columns import Frame, coded, column_names, ids, is_missing, numbers, values

UNKNOWN = -1

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Label = Callable[[int], str]

_AS_GROUP = {"expert": 1, "nonexpert": 0, "1": 1, "0": 0, 1: 1, 0: 0}
_PURPOSES: dict[object, int] = {"measure": 0, "repeat": 1}
_FLAGS = {"1": True, "0": False, 1: True, 0: False, "": False, None: False}


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """Columns that an analysis can do without, in the order of the votes or of the poems.

    Parameters
    ----------
    sources, source
        Sorted names of the sources; index of each poem's source, shape (n_poems,); -1 where it is
        not known.
    seconds
        Time from display to choice, shape (n_votes,); not-a-number where it was not measured.
    ease
        How easy the rater called the choice, in the units of the file, shape (n_votes,).
    score
        The rater's score of expertise, in the units of the file, shape (n_votes,).
    self_described
        1 for raters who call themselves experts, 0 for others, -1 unknown, shape (n_votes,).
    scored_as
        The same by the rule that the study scored answers by, shape (n_votes,).
    layouts, layout
        Names of the layouts; index of each vote's, -1 unknown, shape (n_votes,).
    position
        Place in the rater's order, from 1, shape (n_votes,); not-a-number where unknown.
    excluded
        Whether somebody decided that the vote should not count, shape (n_votes,).
    again
        Whether the rater had voted on the same two poems before and was shown them again to see
        whether they choose alike, shape (n_votes,).
    """

    sources: list[str]
    source: Ints
    seconds: Floats
    ease: Floats
    score: Floats
    self_described: Ints
    scored_as: Ints
    layouts: list[str]
    layout: Ints
    position: Floats
    excluded: Bools
    again: Bools

    def where(self, keep: Bools) -> Self:
        """Keep some of the votes.

        Parameters
        ----------
        keep
            True for each vote to keep, shape (n_votes,).

        Returns
        -------
        Context
            The same poems, fewer votes.
        """
        return type(self)(
            sources=self.sources,
            source=self.source,
            seconds=self.seconds[keep],
            ease=self.ease[keep],
            score=self.score[keep],
            self_described=self.self_described[keep],
            scored_as=self.scored_as[keep],
            layouts=self.layouts,
            layout=self.layout[keep],
            position=self.position[keep],
            excluded=self.excluded[keep],
            again=self.again[keep],
        )


def read_context(
    votes: Frame, poems: Frame, *, order: Ints, poem_rows: Ints, label: Label
) -> Context:
    """Read what votes and poems say beside what every analysis needs.

    Parameters
    ----------
    votes
        One row a vote; of `decision_ms`, `ease`, `expertise_score`, `self_described`,
        `scored_as` (expert, nonexpert), `layout`, `position`, `excluded` (0, 1) and `purpose`
        (measure, repeat) any may be missing.
    poems
        One row a poem; `source` (or `model`) may be missing.
    order
        Row of each vote kept, shape (n_votes,).
    poem_rows
        Row of each poem voted on, shape (n_poems,).
    label
        Names a row of the votes, for messages.

    Returns
    -------
    Context
        What is missing is unknown.

    Raises
    ------
    InvalidVotes
        A cell holds something that is not allowed there.
    """
    present = set(column_names(votes))
    n = len(order)

    def number(column: str) -> Floats:
        if column not in present:
            return np.full(n, np.nan)
        return _vote_numbers(votes, column, label)[order]

    def group(column: str) -> Ints:
        return code(column, dict(_AS_GROUP), "expert or nonexpert")

    def code(column: str, codes: dict[object, int], right: str) -> Ints:
        if column not in present:
            return np.full(n, UNKNOWN)
        cells = [cell if type(cell) is str else _or_empty(cell) for cell in values(votes, column)]
        read = coded({column: cells}, column, {**codes, "": UNKNOWN}, label=label, right=right)
        return np.array(read, dtype=np.int64)[order]

    layouts, layout = _named(votes, "layout", "vote") if "layout" in present else ([], None)
    sources, source = _sources(poems)
    return Context(
        sources=sources,
        source=source[poem_rows],
        seconds=number("decision_ms") / 1000,
        ease=number("ease"),
        score=number("expertise_score"),
        self_described=group("self_described"),
        scored_as=group("scored_as"),
        layouts=layouts,
        layout=np.full(n, UNKNOWN) if layout is None else layout[order],
        position=number("position"),
        excluded=code("excluded", {k: int(v) for k, v in _FLAGS.items()}, "0 or 1") == 1,
        again=code("purpose", _PURPOSES, "measure or repeat") == 1,
    )


def _or_empty(cell: object) -> object:
    return "" if is_missing(cell) else cell


def _vote_numbers(votes: Frame, column: str, label: Label) -> Floats:
    names = ids(votes, "vote_id", what="vote")
    return numbers(
        votes, column, names=names, used=np.ones(len(names), dtype=np.bool_), label=label
    )


def _sources(poems: Frame) -> tuple[list[str], Ints]:
    column = next((name for name in ("source", "model") if name in column_names(poems)), None)
    if column is None:
        return [], np.full(len(ids(poems, "poem_id", what="poem")), UNKNOWN)
    return _named(poems, column, "poem")


def _named(frame: Frame, column: str, what: str) -> tuple[list[str], Ints]:
    """Sorted names that occur, and where each row's is among them; -1 for an empty cell."""
    read = ids(frame, column, what=what, optional=True)
    names = sorted(set(read) - {""})
    index = {name: ix for ix, name in enumerate(names)} | {"": UNKNOWN}
    return names, np.array([index[name] for name in read], dtype=np.int64)
