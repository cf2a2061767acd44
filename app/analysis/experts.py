"""Expertise as a score instead of two groups, and the groups drawn by other definitions."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.analysis.comparison import COMPARED, Comparison, compare
from app.analysis.context import UNKNOWN
from app.analysis.diagnostics import GroupVotes, group_votes
from app.analysis.moderation import Share, controls_of, moderate
from app.analysis.options import Exclusions, Experts, Group, NotIdentified, Options
from app.analysis.placing import EXPERT, JUDGE, NONEXPERT, cut, groups, placed, scores
from app.analysis.terms import Coefficient
from app.analysis.votes import VoteTable

POINTS = 5  # of the curve; each takes as long as a coefficient
INNER = (0.05, 0.95)  # quantiles of the raters' scores between which the curve is drawn
PEOPLE = "raters"
ALIKE = 1e-9  # a standard deviation below this is rounding

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
    by
        The definition.
    found
        The comparison; None where the file lacks what the definition needs.
    left_out
        People's votes that the definition puts in neither group.
    cut
        Score above which a rater counts as an expert; None for the other definitions.
    alike
        Share of the raters placed who are in the group they were invited to; None without any.
    """

    by: Experts
    found: Comparison | None
    left_out: int
    cut: float | None = None
    alike: float | None = None


def definitions(table: VoteTable, options: Options) -> tuple[Definition, ...]:
    """Compare the groups under each definition of an expert.

    Parameters
    ----------
    table
        The votes, those excluded among them, their groups as invited.
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
    return tuple(_definition(by, table, options) for by in Experts)


def _definition(by: Experts, table: VoteTable, options: Options) -> Definition:
    if options.exclusions is Exclusions.DROP:  # those left out decide nothing, no median either
        table = table.without_excluded()
    drawn = placed(table, by)
    people = int((drawn.group != JUDGE).sum())
    left_out = int((table.group != JUDGE).sum()) - people
    above = cut(table) if by is Experts.SCORE else float("nan")
    at = above if np.isfinite(above) else None
    if not people:
        return Definition(by, None, left_out, cut=at)
    votes = {one: group_votes(drawn, one, options.ties) for one in COMPARED}
    found = compare(votes, controls_of(table, options), options)
    return Definition(by, found, left_out, cut=at, alike=_alike(table, groups(table, by)))


def _alike(table: VoteTable, group: Ints) -> float | None:
    """Every rater counts once."""
    kept = (group != UNKNOWN) & (table.group != JUDGE)
    raters, first = np.unique(table.rater[kept], return_index=True)
    if not raters.size:
        return None
    return float((group[kept][first] == table.group[kept][first]).mean())
