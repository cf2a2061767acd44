"""Effects on typical raters and the shares of choices they make, one turned into the other."""

import math

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit, roots_hermitenorm

from app.analysis.study_parameters import StudyParameters

NODES, WEIGHTS = roots_hermitenorm(21)  # of a standard normal
LARGEST_EFFECT = 12.0  # natural log odds: beyond it, a share is 1 to any digit that is shown
MOST_POINTS = 45.0


def marginal_share(effect: float, parameters: StudyParameters) -> float:
    """Give the share of choices that an effect on typical raters makes among all of them.

    Parameters
    ----------
    effect
        Natural log odds per unit of the feature, given all else.
    parameters
        How much raters, poems and prompts vary, the side's effect and ties.

    Returns
    -------
    float
        How often a poem wins that has one unit more, sides balanced, ties as half; 0 to 1.

    Notes
    -----
    The mean of Davidson's model over eta ~ N(effect -+ position, s^2), with
    s^2 = rater_rhyme^2 + prompt_rhyme^2 + rater_position^2 + 2 (poem^2 + poem_group^2), and over
    the raters' tie parameters, by Gauss-Hermite quadrature.

    Examples
    --------
    >>> round(marginal_share(0.5, StudyParameters()), 3)
    0.59
    """
    share = 0.0
    for side in (parameters.position, -parameters.position):
        left, tie = _chances(effect + side, parameters)
        share += (left + tie / 2) / 2
    return share


def tie_share(parameters: StudyParameters) -> float:
    """Give about the share of ties among all choices.

    Parameters
    ----------
    parameters
        As for `marginal_share`.

    Returns
    -------
    float
        0 to 1.

    Notes
    -----
    Of pairs whose difference in the feature has no effect on the whole, though it has on single
    raters and prompts; among all pairs, some of which differ, that is about right.
    """
    return _chances(parameters.position, parameters)[1]


def _chances(middle: float, parameters: StudyParameters) -> tuple[float, float]:
    """Mean chances of left and of a tie."""
    if not parameters.tie_nu:
        eta = middle + spread(parameters) * NODES
        return float(WEIGHTS @ expit(eta) / WEIGHTS.sum()), 0.0
    eta = (middle + spread(parameters) * NODES)[:, None]
    nu = parameters.tie_nu * np.exp(parameters.log_tie_sd * NODES)[None, :]
    total = np.exp(eta / 2) + np.exp(-eta / 2) + nu
    mass = np.outer(WEIGHTS, WEIGHTS) / WEIGHTS.sum() ** 2
    return float((mass * np.exp(eta / 2) / total).sum()), float((mass * nu / total).sum())


def spread(parameters: StudyParameters) -> float:
    """Give the standard deviation of eta between raters, pairs and prompts.

    Parameters
    ----------
    parameters
        The variation.

    Returns
    -------
    float
        Natural log odds.
    """
    raters = parameters.rater_rhyme_sd**2 + parameters.rater_position_sd**2
    poems = 2 * (parameters.poem_sd**2 + parameters.poem_group_sd**2)
    return math.sqrt(raters + parameters.prompt_rhyme_sd**2 + poems)


def effect_of_points(points: float, parameters: StudyParameters) -> float:
    """Give the effect on typical raters that moves the share of choices by so many points.

    Parameters
    ----------
    points
        Above 50%, 0 to less than 45.
    parameters
        As for `marginal_share`.

    Returns
    -------
    float
        Natural log odds per unit of the feature.

    Raises
    ------
    ValueError
        The points are out of range, or ties leave no such share.

    Examples
    --------
    >>> round(effect_of_points(9.0, StudyParameters()), 1)
    0.5
    """
    wanted = 0.5 + points / 100
    most = min(MOST_POINTS, 100 * marginal_share(LARGEST_EFFECT, parameters) - 50)
    if not 0 <= points < most:
        raise ValueError(f"The difference is {points:g} points; it must be 0 to {most:.0f}.")
    found: float = brentq(
        lambda effect: marginal_share(effect, parameters) - wanted, -1e-9, LARGEST_EFFECT
    )
    return found


def in_points(log_odds: float) -> float:
    """Give a difference of log odds as points of a share that is 50% in one group.

    Parameters
    ----------
    log_odds
        Natural log odds.

    Returns
    -------
    float
        -50 to 50.

    Examples
    --------
    >>> round(in_points(0.4), 1)
    9.9
    """
    return 100 * (float(expit(log_odds)) - 0.5)


def from_points(points: float) -> float:
    """Give the difference of log odds for points of a share that is 50% in one group.

    Parameters
    ----------
    points
        Between -50 and 50, both excluded.

    Returns
    -------
    float
        Natural log odds.

    Examples
    --------
    >>> round(from_points(9.9), 1)
    0.4
    """
    return float(logit(0.5 + points / 100))
