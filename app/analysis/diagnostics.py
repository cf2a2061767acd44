"""Whether one group's votes can answer at all, and if not, what is missing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.analysis.clusters import Clusters
from app.analysis.numbering import numbered
from app.analysis.options import (
    MIN_INFORMATIVE_VOTES,
    MIN_PROMPTS,
    MIN_RATERS,
    Group,
    NotIdentified,
    Ties,
)
from app.analysis.sides import NO_PROMPT
from app.analysis.votes import GROUPS, VoteTable
from app.analysis.wording import PEOPLE, counted, feature_words, listed, unmeasured

CHANCE = 0.5  # the outcome of a tie

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many votes of one group are analysed, and on what.

    Parameters
    ----------
    votes, ties
        Votes on pairs of measured poems, and those among them that are ties.
    informative
        Votes on two poems that differ in the feature.
    raters, prompts, poems
        Raters who voted; prompts and poems voted on. Poems without a prompt count as none.
    tie_rate
        Ties per vote, 0 to 1; None without votes.
    """

    votes: int
    ties: int
    informative: int
    raters: int
    prompts: int
    poems: int
    tie_rate: float | None


@dataclass(frozen=True, slots=True)
class Data:
    """What an analysis was computed from.

    Parameters
    ----------
    rows
        Votes in the table, of judges and those left out too.
    sha256
        Hash of these rows.
    simulated
        Votes among them that were drawn by a simulation.
    left_out
        Votes among them on a pair with a poem that lacks the feature or a control.
    missing
        What the poems of those votes lack, by name of the column.
    excluded
        Votes among the rows that are marked as excluded, counted or not.
    clustered_by
        "prompt", or "poem" where prompts are fewer than 5.
    few_prompts
        Whether there are prompts, but fewer than 5: intervals then hold the truth too seldom.
    counts
        Votes, raters, prompts and poems of every group; the votes that are not left out.
    """

    rows: int
    sha256: str
    simulated: int
    left_out: int
    missing: tuple[str, ...]
    excluded: int
    clustered_by: str
    few_prompts: bool
    counts: dict[Group, Counts]


@dataclass(frozen=True, slots=True, eq=False)
class GroupVotes:
    """The votes of one group as the fit needs them.

    Parameters
    ----------
    table
        The table they are from.
    group
        The group.
    counts
        Their counts, ties included, whatever is done with ties.
    rows
        Index of each vote in the table, shape (n_votes,), as are the arrays below; ties are left
        out if they are dropped.
    outcome
        1, 1/2 or 0.
    clusters
        Which rater and prompts each vote belongs to; raters are numbered among those of these
        votes, prompts (or poems in their place) among those of the whole table.
    feature
        Left minus right.
    controls
        Left minus right, one array for each control of the table.
    people
        What sentences call those who voted.
    """

    table: VoteTable
    group: Group
    counts: Counts
    rows: Ints
    outcome: Floats
    clusters: Clusters
    feature: Floats
    controls: dict[str, Floats]
    people: str

    @property
    def rater(self) -> Ints:
        """Index of each vote's rater among the raters of these votes."""
        return self.clusters.rater

    @property
    def left(self) -> Ints:
        """Index of the prompt of the left poem, or of the poem standing in its place."""
        return self.clusters.left

    @property
    def right(self) -> Ints:
        """The same of the right poem."""
        return self.clusters.right

    @property
    def n_prompts(self) -> int:
        """Number of prompts, or of poems in their place, in the whole table."""
        return self.clusters.n_prompts


def count_votes(table: VoteTable, group: Group) -> Counts:
    """Count the votes of one group that are analysed.

    Parameters
    ----------
    table
        The votes.
    group
        The group.

    Returns
    -------
    Counts
        All zero where there is no such vote.
    """
    own = _analysed(table, group)
    left, right = table.left[own], table.right[own]
    poems = _distinct(left, right)
    prompts = [table.prompts[ix] for ix in _distinct(table.prompt[poems])]
    feature = table.values[:, 0]
    votes, ties = int(own.sum()), int((table.outcome[own] == CHANCE).sum())
    return Counts(
        votes=votes,
        ties=ties,
        informative=int((feature[left] != feature[right]).sum()),
        raters=len(_distinct(table.rater[own])),
        prompts=sum(not name.startswith(NO_PROMPT) for name in prompts),
        poems=len(poems),
        tie_rate=ties / votes if votes else None,
    )


def _analysed(table: VoteTable, group: Group) -> Bools:
    own: Bools = table.group == GROUPS.index(group)
    return own & table.measured


def _distinct(*indices: Ints) -> Ints:
    """Indices that occur, sorted."""
    return np.flatnonzero(np.bincount(np.concatenate(indices)))


def group_votes(table: VoteTable, group: Group, ties: Ties) -> GroupVotes:
    """Take the votes of one group that are analysed.

    Parameters
    ----------
    table
        The votes.
    group
        The group.
    ties
        Whether ties are kept.

    Returns
    -------
    GroupVotes
        Possibly of no vote.
    """
    own = _analysed(table, group)
    if ties is Ties.DROP:
        own &= table.outcome != CHANCE
    left, right = table.left[own], table.right[own]
    by_prompt = table.clustered_by_prompt
    difference = [column[left] - column[right] for column in table.values.T]
    return GroupVotes(
        table=table,
        group=group,
        counts=count_votes(table, group),
        rows=np.flatnonzero(own),
        outcome=table.outcome[own],
        clusters=Clusters(
            rater=numbered(table.rater[own])[1],
            left=table.prompt[left] if by_prompt else left,
            right=table.prompt[right] if by_prompt else right,
            n_prompts=len(table.prompts) if by_prompt else len(table.poems),
        ),
        feature=difference[0],
        controls=dict(zip(table.controls, difference[1:], strict=True)),
        people=PEOPLE[group],
    )


def describe(table: VoteTable, given: VoteTable) -> Data:
    """Say what a table holds.

    Parameters
    ----------
    table
        The votes that are analysed.
    given
        All votes, those left out as excluded or because a pair came again among them.

    Returns
    -------
    Data
        Number and hash of the rows given, what is left out of them, and the counts of every group.
    """
    left_out = ~table.measured
    return Data(
        rows=len(given.vote_ids),
        sha256=given.sha256(),
        simulated=int(given.simulated.sum()),
        left_out=int(left_out.sum()),
        missing=table.where(left_out).missing,
        excluded=int((given.context.excluded & ~given.context.again).sum()),
        clustered_by="prompt" if table.clustered_by_prompt else "poem",
        few_prompts=table.few_prompts,
        counts={group: count_votes(table, group) for group in Group},
    )


def require_enough(votes: GroupVotes) -> None:
    """Refuse votes that are too few, or that say nothing of the feature.

    Parameters
    ----------
    votes
        One group's votes.

    Raises
    ------
    NotIdentified
        Says what is missing, and how many more of what are needed at least.
    """
    people, noun = votes.people, feature_words(votes.table.feature).noun
    given = len(votes.outcome)
    if not votes.counts.votes:
        raise NotIdentified(_no_votes(votes))
    require_prompts(votes.table, votes.rows, people)
    informative = votes.feature != 0
    n_informative = int(informative.sum())
    if not given and votes.counts.ties:
        raise NotIdentified(
            f"All {counted(votes.counts.ties, 'vote')} by {people} are ties, which are left out; "
            "votes that decide are needed."
        )
    if given and not n_informative:
        raise NotIdentified(
            f"The two poems never differ in {noun} in the {counted(given, 'vote')} by {people}; at "
            f"least {MIN_INFORMATIVE_VOTES} votes on pairs that differ are needed for an estimate."
        )
    prompts = len(_distinct(votes.left[informative], votes.right[informative]))
    place = "prompt" if votes.table.clustered_by_prompt else "poem"
    needs = (
        (len(_distinct(votes.rater[informative])), MIN_RATERS, "rater"),
        (n_informative, MIN_INFORMATIVE_VOTES, "vote"),
        (prompts, MIN_PROMPTS, place),
    )
    short = [(have, need, what) for have, need, what in needs if have < need]
    if short:
        raise NotIdentified(_too_few(people, noun, needs, short))
    if (votes.outcome[informative] == CHANCE).all():
        raise NotIdentified(
            f"All {counted(n_informative, 'vote')} by {people} on pairs that differ in {noun} are "
            "ties, so there is no choice to explain; votes that decide are needed."
        )


def require_prompts(table: VoteTable, rows: Ints, people: str) -> None:
    """Refuse votes on poems that all answer one prompt.

    Parameters
    ----------
    table, rows
        The votes, and the index of those looked at, shape (n_votes,).
    people
        What sentences call those who voted.

    Raises
    ------
    NotIdentified
        There is one prompt. A poem without any counts as a prompt of its own.
    """
    seen = _distinct(table.prompt[table.left[rows]], table.prompt[table.right[rows]])
    if len(seen) == 1 and not table.prompts[seen[0]].startswith(NO_PROMPT):
        noun = feature_words(table.feature).noun
        whose = "All votes" if len(table.prompts) == 1 else f"All votes by {people}"
        raise NotIdentified(
            f"{whose} are on poems for one prompt, so they cannot tell how much {noun} counts with "
            "any other, and no estimate is given: that takes votes on at least 2 prompts, and on "
            f"{MIN_PROMPTS} for an interval that allows for other prompts."
        )


def _no_votes(votes: GroupVotes) -> str:
    table, people = votes.table, votes.people
    own = table.where(table.group == GROUPS.index(votes.group))
    if not own.vote_ids and GROUPS.index(votes.group) in table.set_aside:
        return f"Every vote by {people} is marked as excluded."
    if (table.group == GROUPS.index(Group.JUDGE)).all():
        return "Nobody has voted yet."
    if not own.vote_ids:
        return f"There are no {people} to compare with: none of the votes is by one."
    return f"Every vote by {people} is on a pair with {unmeasured(own.missing)}."


Need = tuple[int, int, str]


def _too_few(people: str, noun: str, needs: tuple[Need, ...], short: list[Need]) -> str:
    raters, votes, prompts = (counted(n, what) for n, _, what in needs)
    n_raters = needs[0][0]
    have = f"{raters} with {votes} on {prompts}" if n_raters else "none"
    least = listed([counted(need, what) for _, need, what in needs])
    more = listed([counted(need - n, f"more {what}") for n, need, what in short])
    needed = "is" if [need - n for n, need, _ in short] == [1] else "are"
    return (
        f"There are too few votes by {people}: on pairs that differ in {noun} there "
        f"{'is' if n_raters == 1 else 'are'} {have}. At least {more} {needed} needed for an "
        f"estimate, which takes at least {least}."
    )


def raters_vote_unequally(votes: GroupVotes) -> bool:
    """Tell whether some raters of a group gave more votes than others.

    Parameters
    ----------
    votes
        One group's votes.

    Returns
    -------
    bool
        False where all gave the same number, or nobody voted.
    """
    given = np.bincount(votes.rater)
    return bool(given.size and given.min() < given.max())
