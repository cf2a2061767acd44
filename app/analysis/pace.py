"""Whether quick or easy decisions lean on the feature more than slow or hard ones."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.analysis.diagnostics import group_votes
from app.analysis.moderation import Moderated, controls_of, moderate
from app.analysis.options import Group, NotIdentified, Options
from app.analysis.preference import sums
from app.analysis.terms import Coefficient
from app.analysis.votes import GROUPS, VoteTable
from app.analysis.wording import PEOPLE

LONGEST = 3600.0  # seconds; beyond it the rater did something else meanwhile
ALIKE = 1e-9  # a standard deviation below this is rounding
LINES = "n_lines"
AT = (-1.0, 1.0)  # standard deviations of the rater's own decisions

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Measure:
    """A way to tell an effortless decision.

    Parameters
    ----------
    name
        "decision_time", "time_per_line" or "ease".
    heading
        As a table calls it.
    low, high
        What decisions one standard deviation below and above the rater's mean are called.
    """

    name: str
    heading: str
    low: str
    high: str


MEASURES = (
    Measure("decision_time", "Decision time", "quick", "slow"),
    Measure("time_per_line", "Reading time per line", "quick", "slow"),
    Measure("ease", "Stated ease", "hard", "easy"),
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Votes of a group that a measure cannot use.

    Parameters
    ----------
    unmeasured, implausible, unvarying
        Without the measure; with a time of 0 or more than an hour; by raters whose measure never
        varies.
    """

    unmeasured: int
    implausible: int
    unvarying: int


@dataclass(frozen=True, slots=True, eq=False)
class Laziness:
    """How one group's effect of the feature changes with one measure.

    Parameters
    ----------
    measure, group
        Of what, and of whom.
    found
        Change per standard deviation, with win shares one below and one above the rater's mean;
        None where there is no estimate.
    reason
        Why there is none, in a sentence.
    votes, raters
        Used, on pairs that differ in the feature or not.
    left_out
        Votes not used.
    """

    measure: Measure
    group: Group
    found: Moderated | None
    reason: str
    votes: int
    raters: int
    left_out: LeftOut

    @property
    def change(self) -> Coefficient | None:
        """Log odds by which the effect changes per standard deviation."""
        return None if self.found is None else self.found.term.coefficient


def measured(table: VoteTable, measure: Measure) -> tuple[Floats, NDArray[np.bool_]]:
    """Give a measure of each vote.

    Parameters
    ----------
    table
        The votes.
    measure
        Which.

    Returns
    -------
    values, implausible
        Natural log of seconds, or of seconds per line, or the stated ease in its own units; shape
        (n_votes,), not-a-number where there is none. And whether a time was given that cannot be:
        0 or less, or more than an hour.
    """
    context = table.context
    if measure.name == "ease":
        return context.ease, np.zeros(len(context.ease), dtype=np.bool_)
    seconds = context.seconds
    implausible = (seconds <= 0) | (seconds > LONGEST)
    plausible = np.where(implausible, np.nan, seconds)
    if measure.name == "time_per_line":
        names = (table.feature, *table.controls)
        if LINES not in names:
            return np.full(len(seconds), np.nan), implausible
        lines = table.values[:, names.index(LINES)]
        both = lines[table.left] + lines[table.right]
        plausible = plausible / np.where(both > 0, both, np.nan)
    return np.log(plausible), implausible


def within_rater(values: Floats, rater: Ints) -> Floats:
    """Compare each decision with the same rater's others.

    Parameters
    ----------
    values
        Shape (n_votes,); not-a-number where unknown.
    rater
        Index of each vote's rater, shape (n_votes,).

    Returns
    -------
    ndarray
        (value - mean) / standard deviation (of n - 1) of the rater's known values;
        not-a-number where unknown, or where the rater has fewer than two or all are alike.

    Examples
    --------
    >>> within_rater(np.array([1.0, 3.0, 5.0, 7.0]), np.array([0, 0, 0, 1])).tolist()
    [-1.0, 0.0, 1.0, nan]
    """
    z = np.full(len(values), np.nan)
    known = np.isfinite(values)
    if not known.any():
        return z
    own, given = rater[known], values[known]
    n = np.bincount(own)
    centred = given - (sums(own, given) / np.maximum(n, 1))[own]
    sd = np.sqrt(sums(own, centred**2) / np.maximum(n - 1, 1))[own]
    z[known] = np.where(sd > ALIKE, centred / np.where(sd > ALIKE, sd, 1.0), np.nan)
    return z


def laziness(table: VoteTable, group: Group, measure: Measure, options: Options) -> Laziness:
    """Estimate how a group's effect of the feature changes with the ease of deciding.

    Parameters
    ----------
    table
        The votes.
    group
        The group.
    measure
        What tells an easy decision.
    options
        As of the main estimate.

    Returns
    -------
    Laziness
        The change and two win shares, or why there are none.

    Notes
    -----
    See `app.analysis.moderation.moderate`; the moderator is `within_rater` of the measure.
    """
    values, implausible = measured(table, measure)
    everyone = group_votes(table, group, options.ties)
    z = np.full(len(values), np.nan)
    z[everyone.rows] = within_rater(values[everyone.rows], everyone.rater)
    kept = np.isfinite(z) | (table.group != GROUPS.index(group))
    votes = group_votes(table.where(kept), group, options.ties)
    known, impossible = np.isfinite(values[everyone.rows]), implausible[everyone.rows]
    left_out = LeftOut(
        unmeasured=int((~known & ~impossible).sum()),
        implausible=int(impossible.sum()),
        unvarying=int((known & ~kept[everyone.rows]).sum()),
    )
    found, reason = None, ""
    if len(everyone.outcome) and not len(votes.outcome):
        reason = f"{measure.heading} varies for none of the {PEOPLE[group]}, or was not measured."
    else:
        try:
            found = moderate(votes, z[kept][votes.rows], AT, controls_of(table, options), options)
        except NotIdentified as why:
            reason = str(why)
    raters = len(np.unique(votes.rater))
    return Laziness(measure, group, found, reason, len(votes.outcome), raters, left_out)
