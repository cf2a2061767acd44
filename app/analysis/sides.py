"""The two poems of each vote, looked up among the poems given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.analysis.columns import Frame, InvalidVotes, column_names, ids, numbers

NO_PROMPT = "\0"  # begins the name of a prompt that stands for a poem without one
USUAL = 0.95  # of the differences within pairs are no larger than the step

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sides:
    """The poems voted on, and which of them stood left and right.

    Parameters
    ----------
    names, rows
        Sorted identifiers, shape (n_poems,); the row of each among the poems given.
    left, right
        Index of each vote's poems, shape (n_votes,).
    prompts, prompt
        Sorted identifiers; index of each poem's, shape (n_poems,). A poem without a prompt is a
        prompt of its own.
    named_prompts
        Number of different prompts among all poems given.
    """

    names: list[str]
    rows: Ints
    left: Ints
    right: Ints
    prompts: list[str]
    prompt: Ints
    named_prompts: int

    @classmethod
    def read(cls, votes: Frame, poems: Frame) -> Self:
        """Look up the poems of the votes.

        Parameters
        ----------
        votes, poems
            As of `app.analysis.votes.VoteTable.from_frames`.

        Returns
        -------
        Sides
            The poems on which somebody voted.

        Raises
        ------
        InvalidVotes
            An identifier is empty, unknown or given twice, or a poem meets itself.
        """
        given = ids(poems, "poem_id", what="poem")
        row_of = {name: row for row, name in enumerate(given)}
        if len(row_of) < len(given):
            row = next(row for row, name in enumerate(given) if row_of[name] != row)
            raise InvalidVotes(
                f"Poem row {row + 1}, column poem_id: {given[row]} is given again in row "
                f"{row_of[given[row]] + 1}; every poem has one row."
            )
        left, right = (ids(votes, side, what="vote") for side in ("poem_left", "poem_right"))
        for side, seen in (("poem_left", left), ("poem_right", right)):
            _refuse_unknown_poem(side, seen, row_of)
        names = sorted({*left, *right})
        position = {name: ix for ix, name in enumerate(names)}
        sides = [
            np.array([position[name] for name in seen], dtype=np.int64) for seen in (left, right)
        ]
        _refuse_poem_against_itself(sides[0], sides[1], left)
        rows = np.array([row_of[name] for name in names], dtype=np.int64)
        named = (
            ids(poems, "prompt_id", what="poem", optional=True)
            if "prompt_id" in column_names(poems)
            else [""] * len(given)
        )
        prompts, prompt = indexed([named[row] or NO_PROMPT + given[row] for row in rows.tolist()])
        return cls(names, rows, sides[0], sides[1], prompts, prompt, len(set(named) - {""}))

    def numbers(self, poems: Frame, columns: Sequence[str], *, share: str) -> Floats:
        """Read numeric columns of the poems voted on.

        Parameters
        ----------
        poems
            As of `read`.
        columns
            Their names.
        share
            The one among them, if it is there, whose numbers must be from 0 to 1.

        Returns
        -------
        ndarray
            Shape (n_poems, n_columns); not-a-number where a poem has none.

        Raises
        ------
        InvalidVotes
            What stands for a number is none, not finite, or no share where it must be one.
        """
        given = ids(poems, "poem_id", what="poem")
        used = np.zeros(len(given), dtype=np.bool_)
        used[self.rows] = True
        read = [numbers(poems, column, names=given, used=used) for column in columns]
        if share in columns:
            _refuse_other_than_shares(share, read[columns.index(share)], given, used)
        return np.column_stack([column[self.rows] for column in read])

    def step(self, feature: Floats) -> float:
        """Give the difference in a feature that pairs usually do not exceed.

        Parameters
        ----------
        feature
            Of the poems, shape (n_poems,).

        Returns
        -------
        float
            The size that 95% of the differences within pairs, those of 0 aside, do not exceed; 1
            where no pair differs.
        """
        differences = feature[self.left] - feature[self.right]
        sizes = np.abs(differences[np.isfinite(differences) & (differences != 0)])
        return float(np.quantile(sizes, USUAL, method="higher")) if sizes.size else 1.0


def _refuse_other_than_shares(
    column: str, density: Floats, names: Sequence[str], used: NDArray[np.bool_]
) -> None:
    outside = np.flatnonzero(used & ((density < 0) | (density > 1)))
    if outside.size:
        row = int(outside[0])
        raise InvalidVotes(
            f"Poem row {row + 1} (poem {names[row]}), column {column}: {float(density[row])!r} is "
            "no share of lines; it must be from 0 (no line rhymes) to 1 (every line does)."
        )


def _refuse_unknown_poem(side: str, seen: Sequence[str], row_of: dict[str, int]) -> None:
    unknown = set(seen) - row_of.keys()
    if unknown:
        row = next(row for row, name in enumerate(seen) if name in unknown)
        raise InvalidVotes(
            f"Vote row {row + 1}, column {side}: there is no poem {seen[row]!r}; it must be a "
            "poem_id of the poems."
        )


def _refuse_poem_against_itself(left: Ints, right: Ints, names: Sequence[str]) -> None:
    same = np.flatnonzero(left == right)
    if same.size:
        row = int(same[0])
        raise InvalidVotes(
            f"Vote row {row + 1}, column poem_right: poem {names[row]} stands on both sides; a "
            "pair has two different poems."
        )


def indexed(names: Sequence[str]) -> tuple[list[str], Ints]:
    """Give sorted distinct names, and where each is found among them.

    Parameters
    ----------
    names
        In any order, shape (n,).

    Returns
    -------
    distinct, index
        Sorted; index of each name among them, shape (n,).

    Examples
    --------
    >>> distinct, index = indexed(["b", "a", "b"])
    >>> distinct, index.tolist()
    (['a', 'b'], [1, 0, 1])
    """
    distinct = sorted(set(names))
    position = {name: ix for ix, name in enumerate(distinct)}
    return distinct, np.array([position[name] for name in names], dtype=np.int64)
