"""What changes an effect: fits of the feature times something else, and their win shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.analysis.diagnostics import GroupVotes, require_enough
from app.analysis.effects import FEATURE, win_share
from app.analysis.options import NotIdentified, Options
from app.analysis.preference import Separated
from app.analysis.terms import SIDE, Coefficient, Term, Terms, fit_terms
from app.analysis.usable import DEPENDENT, usable_controls
from app.analysis.votes import VoteTable
from app.analysis.wording import feature_words, percent

BY = "feature_by_moderator"
SIDE_BY = "side_by_moderator"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Share:
    """A win share with its 95% interval.

    Parameters
    ----------
    value, low, high
        0 to 1; a tie counts as half a win.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Moderated:
    """An effect that changes along a moderator.

    Parameters
    ----------
    term
        Natural log odds by which the effect of the feature changes per unit of the moderator.
    shares
        Win share of a step more of the feature at each value asked for.
    """

    term: Term
    shares: tuple[Share, ...]


def controls_of(table: VoteTable, options: Options) -> tuple[str, ...]:
    """Controls that the options ask for.

    Parameters
    ----------
    table
        The votes.
    options
        Their `adjust`; None stands for all controls of the table.

    Returns
    -------
    tuple of str
        Names.
    """
    return table.controls if options.adjust is None else options.adjust


def share_at(intercept: float, effect: Coefficient, step: float = 1.0) -> Share:
    """Give the win share that belongs to a log odds, with the interval from its ends.

    Parameters
    ----------
    intercept
        Natural log odds of the left poem where nothing differs.
    effect
        Natural log odds with interval.
    step
        By which they are multiplied.

    Returns
    -------
    Share
        1/2 (expit(a + theta) + expit(theta - a)) at theta and at both ends.

    Examples
    --------
    >>> share_at(0.0, Coefficient(0.0, 1.0, 9.0, -2.3, 2.3, 1.0)).value
    0.5
    """
    ends = (effect.log_odds, effect.ci_low, effect.ci_high)
    return Share(*(win_share(intercept, step * theta) for theta in ends))


def in_words(share: Share) -> str:
    """A share with its interval as sentences give it.

    Parameters
    ----------
    share
        The share.

    Returns
    -------
    str
        In whole percent.

    Examples
    --------
    >>> in_words(Share(0.6449, 0.6, 0.68))
    '64% (60 to 68)'
    """
    return f"{percent(share.value)}% ({percent(share.low)} to {percent(share.high)})"


def fit_columns(
    votes: GroupVotes,
    columns: Mapping[str, Floats],
    wanted: Mapping[str, Mapping[str, float]],
    controls: tuple[str, ...],
    options: Options,
    *,
    weighted_for: str,
) -> Terms:
    """Fit columns made of the feature beside the controls, or say why that cannot be done.

    Parameters
    ----------
    votes
        The votes.
    columns
        Left minus right, shape (n_votes,) each, by names that no column of the poems has.
    wanted, weighted_for
        As of `app.analysis.terms.fit_terms`.
    controls
        Names of the controls to hold equal; those that say nothing are left out.
    options
        Weights and variance.

    Returns
    -------
    Terms
        The fit.

    Raises
    ------
    NotIdentified
        The votes are too few, say nothing of the feature, are separated, or some column follows
        from the others; the message is a sentence.
    """
    require_enough(votes)
    held = {name: votes.controls[name] for name in usable_controls(votes, controls)}
    _require_independent(votes, [*held.values(), *columns.values()])
    try:
        return fit_terms(
            votes,
            {**columns, **held},
            wanted,
            weighted_for=weighted_for,
            weights=options.weights,
            variance=options.variance,
        )
    except Separated:
        raise NotIdentified(
            f"Some choices by {votes.people} follow the measures of the poems without exception, "
            "so that an effect has no limit and no interval; more votes, among which some go the "
            "other way, are needed."
        ) from None


def _require_independent(votes: GroupVotes, columns: Sequence[Floats]) -> None:
    x = np.column_stack([np.ones(len(votes.outcome)), *columns])
    length = np.sqrt((x**2).sum(axis=0))
    triangle = np.asarray(np.linalg.qr(x / np.where(length > 0, length, 1.0), mode="r"))
    left_over = np.diagonal(triangle) ** 2
    if len(left_over) < x.shape[1] or left_over.min() < DEPENDENT:
        noun = feature_words(votes.table.feature).noun
        raise NotIdentified(
            f"In the votes by {votes.people} what is asked here cannot be told apart from {noun} "
            "itself, the side and the measures held equal; more votes on other pairs are needed."
        )


def moderate(
    votes: GroupVotes,
    moderator: Floats,
    at: Sequence[float],
    controls: tuple[str, ...],
    options: Options,
) -> Moderated:
    """Estimate how the effect of the feature changes along a moderator.

    Parameters
    ----------
    votes
        The votes.
    moderator
        A number of each vote, the same whichever poem stands left, shape (n_votes,).
    at
        Values of the moderator at which the win share is asked for.
    controls
        Names of the controls to hold equal.
    options
        Weights and variance.

    Returns
    -------
    Moderated
        The change per unit, and win shares.

    Raises
    ------
    NotIdentified
        As of `fit_columns`.

    Notes
    -----
    E[y] = expit(a + theta d + kappa z d + c z + gamma' controls), d the difference in the feature
    and z the moderator. The win share at z is 1/2 (expit(a_z + theta_z) + expit(theta_z - a_z))
    with theta_z = theta + kappa z and a_z = a + c z.
    """
    columns = {FEATURE: votes.feature, BY: votes.feature * moderator, SIDE_BY: moderator}
    points = {f"at {ix}": {FEATURE: 1.0, BY: float(value)} for ix, value in enumerate(at)}
    found = fit_columns(
        votes, columns, {BY: {BY: 1.0}, **points}, controls, options, weighted_for=FEATURE
    )
    shares = tuple(
        share_at(
            found.coefficients[SIDE] + found.coefficients[SIDE_BY] * value,
            found.terms[name].coefficient,
            votes.table.step,
        )
        for name, value in zip(points, at, strict=True)
    )
    return Moderated(found.terms[BY], shares)
