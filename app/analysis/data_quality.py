"""The part of a report that says what votes it rests on, and which it leaves out."""

import numpy as np
from numpy.typing import NDArray

from app.analysis.basis import Basis
from app.analysis.options import Exclusions, Group
from app.analysis.parts import Cell, Part, PartColumn, declined
from app.analysis.votes import GROUPS, VoteTable
from app.analysis.wording import PEOPLE, counted, feature_words, listed, unmeasured

NAME = "data"
TITLE = "Which votes does this rest on?"
METHOD = (
    "Every vote given to the analysis is counted, except that of a pair marked as shown again "
    "(purpose repeat) only the first vote is. The votes that Blindverse keeps and exports hold, of "
    "each pair that a rater was given, the last that stands, none that its rater took back, and no "
    "answer to an attention check. Votes by language models as judges are never counted with "
    "people. A "
    "vote is left out where one of its poems lacks a measure that the estimate needs. Votes that "
    "somebody marked as excluded are left out, unless the report says otherwise at its top, and "
    "are counted here; nothing else is left out for being fast, odd or unlike the others."
)

_RARE = ("left_out", "simulated", "excluded", "again")  # shown where there is any


def data_part(basis: Basis) -> Part:
    """Count votes, raters, prompts, ties, and what is left out, by group.

    Parameters
    ----------
    basis
        The votes and their counts.

    Returns
    -------
    Part
        A row for each group that voted. Times are in seconds.
    """
    counts = basis.data.counts
    if not basis.data.rows:
        return declined(NAME, TITLE, "Nobody has voted yet.", method=METHOD)
    noun = feature_words(basis.table.feature).noun
    rows = tuple(
        _row(basis, group) for group in Group if group is not Group.JUDGE or counts[group].votes
    )
    columns = [
        one for one in _columns(noun) if one.name not in _RARE or any(r[one.name] for r in rows)
    ]
    return Part(
        name=NAME,
        title=TITLE,
        sentence=_sentence(basis),
        columns=tuple(columns),
        rows=rows,
        method=METHOD,
        notes=tuple(_notes(basis)),
        data={
            "rows": basis.data.rows,
            "sha256": basis.data.sha256,
            "counts_excluded": basis.options.exclusions is Exclusions.KEEP,
        },
        basis=f"{counted(sum(one.votes for one in counts.values()), 'vote')} counted"
        + (", those of judges too" if counts[Group.JUDGE].votes else "")
        + "; ties as choices of their own; nothing is weighted, estimated or held equal",
    )


def _columns(noun: str) -> tuple[PartColumn, ...]:
    return (
        PartColumn("group", "Group", "Group of raters", "text"),
        PartColumn("raters", "Raters", "Raters who voted", "count"),
        PartColumn("votes", "Votes", "Votes that are counted", "count"),
        PartColumn("ties", "Ties", "Votes for “can’t choose” among them", "count"),
        PartColumn("tie_rate", "Ties, %", "Ties per vote", "percent"),
        PartColumn(
            "informative",
            f"On pairs that differ in {noun}",
            f"Votes on two poems that differ in {noun}",
            "count",
        ),
        PartColumn("prompts", "Prompts", "Prompts voted on", "count"),
        PartColumn("poems", "Poems", "Poems voted on", "count"),
        PartColumn(
            "left", "Left chosen, %", "Votes for the left poem, of those that decide", "percent"
        ),
        PartColumn("seconds", "Median time, s", "Median time from display to choice", "seconds"),
        PartColumn("left_out", "Left out", "Votes on a poem that could not be measured", "count"),
        PartColumn("simulated", "Simulated", "Votes drawn by a simulation", "count"),
        PartColumn(
            "excluded",
            "Marked as excluded",
            "Votes that somebody decided should not count; the text says whether they do",
            "count",
        ),
        PartColumn(
            "again",
            "Repeats",
            "Votes on a pair that the rater had seen before, not counted here",
            "count",
        ),
    )


def _row(basis: Basis, group: Group) -> dict[str, Cell]:
    table, found = basis.table, basis.data.counts[group]
    given, code = basis.given, GROUPS.index(group)
    own = table.group == code
    counted_ = own & table.measured
    outcome, seconds = table.outcome[counted_], table.context.seconds[counted_]
    decided = outcome[outcome != 0.5]  # noqa: PLR2004  # a tie
    known = seconds[np.isfinite(seconds)]
    return {
        "group": PEOPLE[group].capitalize(),
        "raters": found.raters,
        "votes": found.votes,
        "ties": found.ties,
        "tie_rate": found.tie_rate,
        "informative": found.informative,
        "prompts": found.prompts,
        "poems": found.poems,
        "left": float(decided.mean()) if decided.size else None,
        "seconds": float(np.median(known)) if known.size else None,
        "left_out": int((own & ~table.measured).sum()),
        "simulated": int(table.simulated[counted_].sum()),
        "excluded": int(given.context.excluded[given.group == code].sum()),
        "again": int(basis.every.context.again[basis.every.group == code].sum()),
    }


def _sentence(basis: Basis) -> str:
    counts = {group: basis.data.counts[group] for group in (Group.NONEXPERT, Group.EXPERT)}
    votes = sum(one.votes for one in counts.values())
    ties = sum(one.ties for one in counts.values())
    if not votes:
        return "No vote of these could be counted."
    who = [
        f"{one.raters:,} {PEOPLE[group] if one.raters != 1 else PEOPLE[group].removesuffix('s')}"
        for group, one in counts.items()
        if one.votes
    ]
    prompts = _prompts(basis.table)
    on = f", on {counted(prompts, 'prompt')}" if prompts else ""
    share = f"In {100 * ties / votes:.0f}% of them" if ties else "In none of them"
    return (
        f"This report rests on {counted(votes, 'vote')} by {listed(who)}{on}. {share} the rater "
        "could not choose."
    )


def _of_people(table: VoteTable) -> NDArray[np.bool_]:
    """Whether a vote is counted and a person's, shape (n_votes,)."""
    own: NDArray[np.bool_] = table.measured & (table.group != GROUPS.index(Group.JUDGE))
    return own


def _prompts(table: VoteTable) -> int:
    """Prompts that people's votes touch; 0 where the poems have none."""
    if not table.named_prompts:
        return 0
    own = _of_people(table)
    poems = np.concatenate([table.left[own], table.right[own]])
    return len(np.unique(table.prompt[poems]))


def _unmarked_repeats(table: VoteTable) -> int:
    """Votes counted on two poems on which their rater had voted before."""
    own = _of_people(table)
    sides = np.sort(np.column_stack([table.left[own], table.right[own]]), axis=1)
    seen = np.unique(np.column_stack([table.rater[own], sides]), axis=0)
    return int(own.sum()) - len(seen)


def _notes(basis: Basis) -> list[str]:
    data, excluded = basis.data, basis.data.excluded
    again = int(basis.every.context.again.sum())
    judged = data.counts[Group.JUDGE].votes
    found = []
    if data.left_out:
        found.append(
            f"{counted(data.left_out, 'vote')} left out, on a pair with {unmeasured(data.missing)}."
        )
    if again:
        found.append(
            f"{counted(again, 'vote')} on a pair that came again with its sides exchanged, counted "
            "only where raters are compared with themselves."
        )
    if twice := _unmarked_repeats(basis.table):
        found.append(
            f"{counted(twice, 'vote')} on two poems that the rater had voted on before, not marked "
            "as repeats: counted, and allowed for as all votes of one rater are."
        )
    if judged:
        found.append(f"{counted(judged, 'vote')} by language models as judges, not counted here.")
    if excluded:
        found.append(
            f"{counted(excluded, 'vote')} marked as excluded and left out; the answer gives the "
            "result with them too."
            if basis.options.exclusions is Exclusions.DROP
            else f"{counted(excluded, 'vote')} marked as excluded, yet counted here; the answer "
            "gives the result without them too."
        )
    if data.simulated:
        found.append(f"{counted(data.simulated, 'vote')} drawn by a simulation.")
    return found
