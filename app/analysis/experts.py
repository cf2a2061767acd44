"""Expertise as a score instead of two groups, and the groups drawn by other definitions."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.analysis.comparison import COMPARED, Comparison, compare
from app.analysis.context import UNKNOWN
from app.analysis.diagnostics import GroupVotes, group_votes
from app.analysis.moderation import Share, controls_of, moderate
from app.analysis.options import Group, NotIdentified, Options
from app.analysis.preference import sums
from app.analysis.terms import Coefficient
from app.analysis.votes import GROUPS, VoteTable

JUDGE, EXPERT, NONEXPERT = (
    GROUPS.index(group) for group in (Group.JUDGE, Group.EXPERT, Group.NONEXPERT)
)
POINTS = 5  # of the curve; each takes as long as a coefficient
INNER = (0.05, 0.95)  # quantiles of the raters' scores between which the curve is drawn
PEOPLE = "raters"
ALIKE = 1e-9  # a standard deviation below this is rounding
DEFINITIONS = ("invited", "self_described", "scored", "score")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Expertise:
    """How the effect of the feature changes with the score of expertise.

    Parameters
    ----------
    change
        Natural log odds by which the effect changes per standard deviation of the score.
    mean, sd
        Of the raters' scores, every rater counting once, in the units of the file.
    curve
        Score and win share, from a low score (5% of raters have less) to a high one (95%).
    low, high
        The ends of the curve.
    raters, votes
        Raters with a score, and their votes.
    left_out
        Votes of raters without one.
    """

    change: Coefficient
    mean: float
    sd: float
    curve: tuple[tuple[float, Share], ...]
    raters: int
    votes: int
    left_out: int

    @property
    def low(self) -> tuple[float, Share]:
        """The lower end of the curve."""
        return self.curve[0]

    @property
    def high(self) -> tuple[float, Share]:
        """The upper end of the curve."""
        return self.curve[-1]


def everybody(table: VoteTable, options: Options) -> GroupVotes:
    """Take the votes of experts and non-experts together.

    Parameters
    ----------
    table
        The votes.
    options
        What to do with ties.

    Returns
    -------
    GroupVotes
        As if of one group, whose people are "raters".
    """
    group = np.where(table.group == EXPERT, NONEXPERT, table.group)
    votes = group_votes(replace(table, group=group), Group.NONEXPERT, options.ties)
    return replace(votes, people=PEOPLE)


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


def expertise(table: VoteTable, options: Options) -> Expertise:
    """Estimate how the effect of the feature changes with the score of expertise.

    Parameters
    ----------
    table
        The votes.
    options
        As of the main estimate.

    Returns
    -------
    Expertise
        Over all people in one fit, judges left out.

    Raises
    ------
    NotIdentified
        There are no scores, they are all alike, or the votes are too few; the message is a
        sentence.

    Notes
    -----
    See `app.analysis.moderation.moderate`; the moderator is the score less the raters' mean,
    divided by their standard deviation (of n - 1), every rater counting once.
    """
    score = scores(table)
    kept = np.isfinite(score[table.rater])
    everyone = everybody(table, options)
    votes = everybody(table.where(kept), options)
    own = score[np.unique(table.rater[kept][votes.rows])]
    if not own.size:
        raise NotIdentified(
            "The votes have no score of expertise (column expertise_score), so expertise can only "
            "be told by the two groups."
        )
    mean, sd = float(np.sort(own).mean()), float(np.std(np.sort(own), ddof=min(1, own.size - 1)))
    if sd <= ALIKE * max(1.0, abs(mean)):
        raise NotIdentified(
            "All raters have the same score of expertise, so nothing can be said of how choices "
            "change with it; raters of different scores are needed."
        )
    low, high = np.quantile(own, INNER)
    if low == high:
        low, high = own.min(), own.max()
    at = np.linspace(low, high, POINTS)
    z = (score[table.rater[kept][votes.rows]] - mean) / sd
    found = moderate(votes, z, ((at - mean) / sd).tolist(), controls_of(table, options), options)
    return Expertise(
        change=found.term.coefficient,
        mean=mean,
        sd=sd,
        curve=tuple(zip(at.tolist(), found.shares, strict=True)),
        raters=len(own),
        votes=len(votes.outcome),
        left_out=len(everyone.outcome) - len(votes.outcome),
    )


@dataclass(frozen=True, slots=True)
class Definition:
    """The two groups drawn by one definition of an expert.

    Parameters
    ----------
    name
        "invited", "self_described", "scored" or "score".
    found
        The comparison; None where the file lacks what the definition needs.
    left_out
        People's votes that the definition puts in neither group.
    cut
        Score above which a rater counts as an expert; None for the other definitions.
    alike
        Share of the raters placed who are in the group they were invited to; None without any.
    """

    name: str
    found: Comparison | None
    left_out: int
    cut: float | None = None
    alike: float | None = None


def definitions(table: VoteTable, options: Options) -> tuple[Definition, ...]:
    """Compare the groups under each definition of an expert.

    Parameters
    ----------
    table
        The votes.
    options
        As of the main estimate.

    Returns
    -------
    tuple of Definition
        As invited; as the raters describe themselves; as the study's rule scored their answers; by
        a score above the raters' median.

    Notes
    -----
    A rater who described himself differently at different votes is in neither group.
    """
    score = scores(table)
    known = score[np.isfinite(score)]
    cut = float(np.median(known)) if known.size else None
    described = _said(table, table.context.self_described)
    scored = _said(table, table.context.scored_as)
    by_score = np.where(np.isfinite(score), np.sign(score - (cut or 0.0)) > 0, np.nan)
    return (
        _definition("invited", table, table.group, options),
        _definition("self_described", table, _as_groups(table, described), options),
        _definition("scored", table, _as_groups(table, scored), options),
        replace(_definition("score", table, _as_groups(table, by_score), options), cut=cut),
    )


def _said(table: VoteTable, said: Ints) -> Floats:
    return _mean(said.astype(np.float64), (said != UNKNOWN) & (table.group != JUDGE), table)


def _as_groups(table: VoteTable, is_expert: Floats) -> Ints:
    """Group of each vote from 1 or 0 of each rater; JUDGE, which no comparison uses, for others."""
    own = is_expert[table.rater]
    other = np.where(own == 0, NONEXPERT, JUDGE)
    return np.asarray(np.where(own == 1, EXPERT, other), dtype=np.int64)


def _definition(name: str, table: VoteTable, group: Ints, options: Options) -> Definition:
    placed = group != JUDGE
    left_out = int(((table.group != JUDGE) & ~placed).sum())
    if not placed.any():
        return Definition(name, None, left_out)
    drawn = replace(table, group=group).where(placed)
    votes = {one: group_votes(drawn, one, options.ties) for one in COMPARED}
    found = compare(votes, controls_of(table, options), options)
    return Definition(name, found, left_out, alike=_alike(table, group))


def _alike(table: VoteTable, group: Ints) -> float | None:
    """Every rater counts once."""
    placed = (group != JUDGE) & (table.group != JUDGE)
    raters, first = np.unique(table.rater[placed], return_index=True)
    if not raters.size:
        return None
    return float((group[placed][first] == table.group[placed][first]).mean())
