"""Votes as checked arrays, made from data frames."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress, pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.analysis.answers import Answers, read_answers
from app.analysis.columns import (
    FLAGS,
    Frame,
    InvalidVotes,
    coded,
    column_names,
    ids,
    require_columns,
)
from app.analysis.context import Context, read_context
from app.analysis.options import MIN_PROMPTS, Group
from app.analysis.sides import Sides, indexed

RHYME = "rhyme_density"
CONTROLS = ("n_lines", "words_per_line")
FAMILIES: Mapping[str, str] = {RHYME: "rhyme", **dict.fromkeys(CONTROLS, "layout")}
GROUPS = tuple(Group)
CHOICES = {"left": 1.0, "tie": 0.5, "right": 0.0}
WORDS = {1.0: "left", 0.5: "tie", 0.0: "right"}

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Label = Callable[[int], str]


@dataclass(frozen=True, slots=True, eq=False)
class VoteTable:
    """Votes and the poems they are about, checked, in the order of the vote ids.

    Parameters
    ----------
    vote_ids
        Identifiers, sorted, shape (n_votes,).
    raters, rater
        Sorted identifiers, shape (n_raters,); index into them for each vote, shape (n_votes,).
    group
        Index into `GROUPS`, shape (n_votes,).
    poems, left, right
        Sorted identifiers of the poems voted on, shape (n_poems,); indices into them, (n_votes,).
    prompts, prompt
        Sorted identifiers, shape (n_prompts,); index of each poem's prompt, shape (n_poems,).
        A poem without a prompt is a prompt of its own.
    named_prompts
        Number of different prompts among all poems given, voted on or not.
    outcome
        1 for left, 1/2 for a tie, 0 for right, shape (n_votes,).
    simulated
        Whether a vote was drawn by a simulation, shape (n_votes,).
    feature, controls
        Names of the feature of interest and of the other columns.
    values
        The feature and the controls of each poem, in their own units, shape
        (n_poems, 1 + n_controls); not-a-number where a poem has none.
    context
        What else is known of the votes and poems.
    set_aside
        Groups of which votes were left out for being marked as excluded, as in `group`.
    answers
        What the raters scored on the items they were asked about themselves.
    step
        The difference between two poems that shares of choices are given for, in the feature's
        unit: 1 for rhyme density, a fully rhymed poem against an unrhymed one. For any other
        feature that which 95% of the differences within pairs, those of 0 aside, do not exceed:
        what a report says must not depend on a unit, nor speak of differences that no pair has.
    families
        What the columns of poems measure, in a word each: columns of one family are parted from
        those of others where a report splits what measures explain.
    """

    vote_ids: list[str]
    raters: list[str]
    rater: Ints
    group: Ints
    poems: list[str]
    left: Ints
    right: Ints
    prompts: list[str]
    prompt: Ints
    named_prompts: int
    outcome: Floats
    simulated: Bools
    feature: str
    controls: tuple[str, ...]
    values: Floats
    context: Context
    set_aside: tuple[int, ...] = ()
    answers: Answers = field(default_factory=Answers)
    step: float = 1.0
    families: Mapping[str, str] = field(default_factory=lambda: dict(FAMILIES))

    @classmethod
    def from_frames(
        cls,
        votes: Frame,
        poems: Frame,
        *,
        feature: str = RHYME,
        controls: Sequence[str] = CONTROLS,
        answers: Frame | None = None,
        families: Mapping[str, str] = FAMILIES,
    ) -> Self:
        """Check votes and poems and make arrays of them.

        Parameters
        ----------
        votes
            One row a vote: `vote_id`, `rater_id`, `group` (expert, nonexpert, judge) or `expert`
            (0, 1), `poem_left`, `poem_right`, `choice` (left, right, tie); optionally `simulated`
            (0, 1) and the columns of `app.analysis.context.read_context`. Others are ignored.
        poems
            One row a poem: `poem_id`, the feature, the controls; optionally `prompt_id` and
            `source`. A number may be missing: None, an empty cell or not-a-number.
        feature
            Numeric column of the poems whose effect is asked for.
        controls
            Numeric columns of the poems that the adjusted estimate holds equal.
        answers
            One row a rater: the columns of `app.analysis.answers.read_answers`; None where raters'
            answers about themselves are not known.
        families
            What the columns of poems measure, such as rhyme or metre; of the others it is style.

        Returns
        -------
        VoteTable
            The same for any order of the rows.

        Raises
        ------
        InvalidVotes
            A column is missing; an identifier is empty, unknown or given twice; a choice or group
            is none of those allowed; a rater is in two groups; a poem meets itself; what stands
            for a number is none, or not finite.

        Examples
        --------
        >>> table = VoteTable.from_frames(
        ...     {"vote_id": ["v1"], "rater_id": ["r"], "expert": [1], "poem_left": ["a"],
        ...      "poem_right": ["b"], "choice": ["left"]},
        ...     {"poem_id": ["a", "b"], "rhyme_density": [1.0, 0.0]},
        ...     controls=(),
        ... )
        >>> table.outcome.tolist(), table.poems
        ([1.0], ['a', 'b'])
        """
        controls = tuple(dict.fromkeys(name for name in controls if name != feature))
        require_columns(
            votes, ("vote_id", "rater_id", "poem_left", "poem_right", "choice"), what="votes"
        )
        require_columns(poems, ("poem_id", feature, *controls), what="poems")
        vote_ids = ids(votes, "vote_id", what="vote")

        def label(row: int) -> str:
            return f"Vote row {row + 1} (vote {vote_ids[row]})"

        order = _order(vote_ids)
        group = _groups(votes, label)
        raters, rater = indexed(ids(votes, "rater_id", what="vote"))
        _refuse_rater_of_two_groups(raters, rater, group)
        sides = Sides.read(votes, poems)
        outcome = coded(votes, "choice", dict(CHOICES), label=label, right="left, right or tie")
        simulated = _flags(votes, "simulated", label, rows=len(vote_ids))
        values_ = sides.numbers(poems, (feature, *controls), share=RHYME)
        return cls(
            vote_ids=[vote_ids[row] for row in order],
            raters=raters,
            rater=rater[order],
            group=group[order],
            poems=sides.names,
            left=sides.left[order],
            right=sides.right[order],
            prompts=sides.prompts,
            prompt=sides.prompt,
            named_prompts=sides.named_prompts,
            outcome=np.array(outcome, dtype=np.float64)[order],
            simulated=simulated[order],
            feature=feature,
            controls=controls,
            values=values_,
            context=read_context(votes, poems, order=order, poem_rows=sides.rows, label=label),
            answers=Answers() if answers is None else read_answers(answers, raters),
            step=1.0 if feature == RHYME else sides.step(values_[:, 0]),
            families=families,
        )

    @property
    def clustered_by_prompt(self) -> bool:
        """Whether there are prompts enough to be clusters; otherwise poems stand in their place."""
        return self.named_prompts >= MIN_PROMPTS

    @property
    def few_prompts(self) -> bool:
        """Whether poems stand in the place of some prompts: of none, intervals hold better."""
        return 0 < self.named_prompts < MIN_PROMPTS

    @property
    def measured(self) -> Bools:
        """Whether both poems of a vote have the feature and every control, shape (n_votes,)."""
        complete: Bools = np.all(np.isfinite(self.values), axis=1)
        return complete[self.left] & complete[self.right]

    @property
    def missing(self) -> tuple[str, ...]:
        """The feature and the controls that some poem of these votes lacks."""
        seen = self.values[np.concatenate([self.left, self.right])]
        names = (self.feature, *self.controls)
        return tuple(
            name for name, column in zip(names, seen.T, strict=True) if np.isnan(column).any()
        )

    def where(self, keep: Bools) -> Self:
        """Keep some of the votes.

        Parameters
        ----------
        keep
            True for each vote to keep, shape (n_votes,).

        Returns
        -------
        VoteTable
            The same poems and raters, fewer votes.
        """
        if keep.all():
            return self
        return replace(
            self,
            vote_ids=list(compress(self.vote_ids, keep.tolist())),
            rater=self.rater[keep],
            group=self.group[keep],
            left=self.left[keep],
            right=self.right[keep],
            outcome=self.outcome[keep],
            simulated=self.simulated[keep],
            context=self.context.where(keep),
        )

    def without_excluded(self) -> Self:
        """Leave out the votes that are marked as excluded.

        Returns
        -------
        VoteTable
            The other votes; `set_aside` remembers whose were left out.
        """
        marked = self.context.excluded
        return replace(self.where(~marked), set_aside=tuple(np.unique(self.group[marked]).tolist()))

    def sha256(self) -> str:
        """Hash of the rows given: votes in order of their ids, and the poems they are about.

        Returns
        -------
        str
            64 hexadecimal digits; equal for equal rows in any order and from any file format.
        """
        digest = hashlib.sha256()
        header = (self.feature, *self.controls, str(self.clustered_by_prompt))
        digest.update("\t".join(header).encode())
        used = np.unique(np.concatenate([self.left, self.right]))
        for poem in used.tolist():
            numbers_ = "\t".join(map(repr, self.values[poem].tolist()))
            line = f"\n{self.poems[poem]}\t{self.prompts[self.prompt[poem]]}\t{numbers_}"
            digest.update(line.encode())
        words = [group.value for group in GROUPS]
        columns = (
            self.vote_ids,
            [self.raters[ix] for ix in self.rater.tolist()],
            [words[ix] for ix in self.group.tolist()],
            [self.poems[ix] for ix in self.left.tolist()],
            [self.poems[ix] for ix in self.right.tolist()],
            [WORDS[value] for value in self.outcome.tolist()],
            ["1" if flag else "0" for flag in self.simulated.tolist()],
        )
        digest.update("\n".join(["", *map("\t".join, zip(*columns, strict=True))]).encode())
        return digest.hexdigest()


def _order(vote_ids: Sequence[str]) -> Ints:
    order = sorted(range(len(vote_ids)), key=vote_ids.__getitem__)
    for earlier, later in pairwise(order):
        if vote_ids[earlier] == vote_ids[later]:
            raise InvalidVotes(
                f"Vote row {later + 1}, column vote_id: {vote_ids[later]} stands already in row "
                f"{earlier + 1}; every vote has an id of its own."
            )
    return np.array(order, dtype=np.int64)


def _groups(votes: Frame, label: Label) -> Ints:
    names = column_names(votes)
    if "group" in names:
        codes = {group.value: ix for ix, group in enumerate(GROUPS)}
        read = coded(votes, "group", codes, label=label, right="expert, nonexpert or judge")
        return np.array(read, dtype=np.int64)
    if "expert" in names:
        expert, nonexpert = GROUPS.index(Group.EXPERT), GROUPS.index(Group.NONEXPERT)
        codes = {word: expert if flag else nonexpert for word, flag in FLAGS.items()}
        read = coded(votes, "expert", codes, label=label, right="0 or 1")
        return np.array(read, dtype=np.int64)
    raise InvalidVotes(
        "The votes have neither a column 'group' (expert, nonexpert, judge) nor a column "
        "'expert' (0, 1)."
    )


def _flags(votes: Frame, column: str, label: Label, *, rows: int) -> Bools:
    if column not in column_names(votes):
        return np.zeros(rows, dtype=np.bool_)
    return np.array(coded(votes, column, FLAGS, label=label, right="0 or 1"), dtype=np.bool_)


def _refuse_rater_of_two_groups(raters: Sequence[str], rater: Ints, group: Ints) -> None:
    first = np.zeros(len(raters), dtype=np.int64)
    first[rater] = group
    torn = np.flatnonzero(first[rater] != group)
    if torn.size:
        row = int(torn[0])
        here, there = GROUPS[group[row]].value, GROUPS[first[rater[row]]].value
        raise InvalidVotes(
            f"Vote row {row + 1}: rater {raters[rater[row]]} is {here} here and {there} elsewhere; "
            "a rater belongs to one group."
        )
