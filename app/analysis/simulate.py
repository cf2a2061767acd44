"""Votes drawn from known effects: for tests, for the demo study and for planning."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from app.analysis.columns import Frame, InvalidVotes, column_names, ids, numbers, require_columns
from app.analysis.options import Group
from app.analysis.votes import RHYME

DENSITIES = (0.0, 0.5, 1.0)
DENSITY_SHARES = (0.5, 0.15, 0.35)
LENGTHS = (8.0, 12.0, 14.0, 16.0)

Columns = dict[str, NDArray[np.generic]]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class StudyParameters:
    """A study and the effects at work in it.

    Parameters
    ----------
    n_experts, n_nonexperts
        Raters of each group.
    median_votes, votes_log_sd, fewest_votes, most_votes
        Votes per rater: log-normal with this median and standard deviation of the logarithm, held
        between the two ends.
    n_prompts, poems_per_prompt
        The poems, when they are drawn too.
    cross_prompt_share
        Share of pairs whose poems answer different prompts, 0 to 1.
    rhyme_expert, rhyme_nonexpert
        Natural log odds per unit of the feature, for a typical rater and prompt, given all else.
    position
        Natural log odds of the left side.
    control_effects
        Natural log odds per unit of other columns, as (column, effect).
    rater_position_sd, rater_rhyme_sd
        Standard deviation between raters of the side's and of the feature's effect.
    poem_sd, poem_group_sd
        Standard deviation of poems' appeal to all, and on top of it to each group.
    prompt_rhyme_sd
        Standard deviation between prompts of the feature's effect.
    tie_nu, log_tie_sd
        Davidson's tie parameter for a typical rater, and the standard deviation between raters of
        its logarithm. 0 means no ties.
    median_seconds, seconds_rater_log_sd, seconds_log_sd
        Time of a decision: log-normal with this median, between raters and between votes.
    """

    n_experts: int = 20
    n_nonexperts: int = 300
    median_votes: float = 15.0
    votes_log_sd: float = 0.9
    fewest_votes: int = 5
    most_votes: int = 500
    n_prompts: int = 60
    poems_per_prompt: int = 4
    cross_prompt_share: float = 0.0
    rhyme_expert: float = 0.5
    rhyme_nonexpert: float = 0.5
    position: float = 0.1
    control_effects: tuple[tuple[str, float], ...] = ()
    rater_position_sd: float = 0.4
    rater_rhyme_sd: float = 0.5
    poem_sd: float = 0.4
    poem_group_sd: float = 0.25
    prompt_rhyme_sd: float = 0.3
    tie_nu: float = 0.35
    log_tie_sd: float = 0.4
    median_seconds: float = 14.0
    seconds_rater_log_sd: float = 0.4
    seconds_log_sd: float = 0.6


def simulate_study(
    parameters: StudyParameters, rng: np.random.Generator
) -> tuple[Columns, Columns]:
    """Draw the poems and the votes of a whole study.

    Parameters
    ----------
    parameters
        The study.
    rng
        Source of randomness.

    Returns
    -------
    votes, poems
        Columns as `VoteTable.from_frames` takes them.

    Examples
    --------
    >>> small = StudyParameters(n_experts=3, n_nonexperts=3, n_prompts=5)
    >>> votes, poems = simulate_study(small, np.random.default_rng(1))
    >>> len(poems["poem_id"]), sorted(set(votes["group"].tolist()))
    (20, ['expert', 'nonexpert'])
    """
    poems = draw_poems(parameters, rng)
    slots = draw_slots(poems, parameters, rng)
    return simulate_votes(poems, slots, parameters, rng), poems


def draw_poems(parameters: StudyParameters, rng: np.random.Generator) -> Columns:
    """Draw poems by their features, without texts.

    Parameters
    ----------
    parameters
        The study.
    rng
        Source of randomness.

    Returns
    -------
    dict
        `poem_id`, `prompt_id`, `rhyme_density` (0, 0.5 or 1; half of the poems do not rhyme),
        `n_lines` and `words_per_line`, each of shape (n_prompts * poems_per_prompt,).
    """
    n = parameters.n_prompts * parameters.poems_per_prompt
    prompt = np.repeat(np.arange(parameters.n_prompts), parameters.poems_per_prompt)
    return {
        "poem_id": np.array([f"p{ix:05d}" for ix in range(n)]),
        "prompt_id": np.array([f"q{ix:05d}" for ix in prompt]),
        "rhyme_density": rng.choice(DENSITIES, size=n, p=DENSITY_SHARES),
        "n_lines": rng.choice(LENGTHS, size=n),
        "words_per_line": np.round(rng.normal(6.5, 0.8, size=n), 2),
    }


def draw_slots(poems: Frame, parameters: StudyParameters, rng: np.random.Generator) -> Columns:
    """Draw raters and the pairs they see, sides at random.

    Parameters
    ----------
    poems
        `poem_id` and `prompt_id`.
    parameters
        The study.
    rng
        Source of randomness.

    Returns
    -------
    dict
        `rater_id`, `group`, `poem_left`, `poem_right`, each of shape (n_votes,). A rater sees a
        pair again only after all pairs.
    """
    names = np.array(ids(poems, "poem_id", what="poem"))
    prompt = np.unique(ids(poems, "prompt_id", what="poem"), return_inverse=True)[1]
    pairs = np.concatenate(
        [
            np.array([*combinations(np.flatnonzero(prompt == ix), 2)], dtype=np.int64).reshape(
                -1, 2
            )
            for ix in range(prompt.max() + 1)
        ]
    )
    n_raters = parameters.n_experts + parameters.n_nonexperts
    asked = np.exp(rng.normal(np.log(parameters.median_votes), parameters.votes_log_sd, n_raters))
    asked = np.clip(np.round(asked), parameters.fewest_votes, parameters.most_votes)
    shown = [pairs[_cycle(len(pairs), int(votes), rng)] for votes in asked]
    both = _cross(np.concatenate(shown), prompt, parameters.cross_prompt_share, rng)
    both = rng.permuted(both, axis=1)
    rater = np.repeat(np.arange(n_raters), asked.astype(np.int64))
    is_expert = rater < parameters.n_experts
    return {
        "rater_id": np.array([f"r{ix:05d}" for ix in range(n_raters)])[rater],
        "group": np.where(is_expert, Group.EXPERT.value, Group.NONEXPERT.value),
        "poem_left": names[both[:, 0]],
        "poem_right": names[both[:, 1]],
    }


def _cycle(n_pairs: int, votes: int, rng: np.random.Generator) -> Ints:
    if votes <= n_pairs:
        return rng.choice(n_pairs, size=votes, replace=False)
    rounds = -(-votes // n_pairs)
    return np.concatenate([rng.permutation(n_pairs) for _ in range(rounds)])[:votes]


def _cross(both: Ints, prompt: Ints, share: float, rng: np.random.Generator) -> Ints:
    """Exchange the second poem of some pairs for one of another prompt."""
    other = rng.integers(0, len(prompt), size=len(both))
    crosses = (rng.random(len(both)) < share) & (prompt[other] != prompt[both[:, 0]])
    return np.column_stack([both[:, 0], np.where(crosses, other, both[:, 1])])


def simulate_votes(
    poems: Frame,
    slots: Frame,
    parameters: StudyParameters,
    rng: np.random.Generator,
    *,
    feature: str = RHYME,
) -> Columns:
    """Draw the choices of given raters on given pairs of given poems.

    Parameters
    ----------
    poems
        `poem_id`, the feature, the columns of the control effects, optionally `prompt_id`.
    slots
        `rater_id`, `group` (expert or nonexpert), `poem_left`, `poem_right`, optionally `vote_id`.
    parameters
        The effects; the sizes of the study are not used.
    rng
        Source of randomness.
    feature
        Column of the poems that `rhyme_expert` and `rhyme_nonexpert` are the effects of.

    Returns
    -------
    dict
        The slots' columns with `vote_id`, `choice` (left, right, tie), `decision_ms` (whole
        milliseconds) and `simulated` (1), in the order of the slots, each of shape (n_slots,).

    Raises
    ------
    InvalidVotes
        A column is missing, a poem is unknown, a number is not finite, or a group is neither
        expert nor nonexpert.

    Notes
    -----
    Rater r of group g sees in poem i of prompt q the appeal
    u = (beta_g + b_r + c_q) feature_i + sum gamma z_i + v_i + v_gi. With
    eta = position + a_r + u_left - u_right and nu_r = nu exp(t_r), left, tie and right have odds
    exp(eta / 2) : nu_r : exp(-eta / 2). a, b, c, v and t are normal with mean 0.

    References
    ----------
    Davidson, R. R. (1970). On extending the Bradley-Terry model to accommodate ties in paired
    comparison experiments. Journal of the American Statistical Association 65, 317-328.
    """
    require_columns(poems, ("poem_id", feature, *dict(parameters.control_effects)), what="poems")
    require_columns(slots, ("rater_id", "group", "poem_left", "poem_right"), what="slots")
    raters, rater = np.unique(ids(slots, "rater_id", what="slot"), return_inverse=True)
    is_expert = _is_expert(slots)
    density = _column(poems, feature)
    rater_taste = parameters.rater_rhyme_sd * rng.standard_normal(len(raters))
    slope = np.where(is_expert, parameters.rhyme_expert, parameters.rhyme_nonexpert)
    slope += rater_taste[rater]
    appeal = _shared_appeal(poems, density, parameters, rng)
    by_group = parameters.poem_group_sd * rng.standard_normal((2, len(density)))
    eta = (
        parameters.position + parameters.rater_position_sd * rng.standard_normal(len(raters))[rater]
    )
    for side, sign in (("poem_left", 1), ("poem_right", -1)):
        poem = _poem_rows(poems, slots, side)
        own = slope * density[poem] + appeal[poem] + by_group[is_expert.astype(int), poem]
        eta = eta + sign * own
    vote_ids = (
        np.array(ids(slots, "vote_id", what="slot"))
        if "vote_id" in column_names(slots)
        else np.array([f"v{ix:07d}" for ix in range(len(rater))])
    )
    log_tie = parameters.log_tie_sd * rng.standard_normal(len(raters))[rater]
    return {
        "vote_id": vote_ids,
        "rater_id": raters[rater],
        "group": np.where(is_expert, Group.EXPERT.value, Group.NONEXPERT.value),
        "poem_left": np.array(ids(slots, "poem_left", what="slot")),
        "poem_right": np.array(ids(slots, "poem_right", what="slot")),
        "choice": _choose(eta, log_tie, parameters.tie_nu, rng),
        "decision_ms": _decision_ms(rater, len(raters), parameters, rng),
        "simulated": np.ones(len(rater), dtype=np.int64),
    }


def _is_expert(slots: Frame) -> NDArray[np.bool_]:
    groups = ids(slots, "group", what="slot")
    for row, group in enumerate(groups):
        if group not in (Group.EXPERT, Group.NONEXPERT):
            raise InvalidVotes(
                f"Slot row {row + 1}, column group: {group!r} is not allowed; it must be expert or "
                "nonexpert."
            )
    return np.array([group == Group.EXPERT for group in groups], dtype=np.bool_)


def _column(poems: Frame, column: str) -> Floats:
    names = ids(poems, "poem_id", what="poem")
    return numbers(poems, column, names=names, used=np.ones(len(names), dtype=np.bool_))


def _poem_rows(poems: Frame, slots: Frame, side: str) -> Ints:
    row_of = {name: row for row, name in enumerate(ids(poems, "poem_id", what="poem"))}
    seen = ids(slots, side, what="slot")
    for row, name in enumerate(seen):
        if name not in row_of:
            raise InvalidVotes(f"Slot row {row + 1}, column {side}: there is no poem {name!r}.")
    return np.array([row_of[name] for name in seen], dtype=np.int64)


def _shared_appeal(
    poems: Frame, density: Floats, parameters: StudyParameters, rng: np.random.Generator
) -> Floats:
    """Appeal of each poem that does not depend on who reads."""
    appeal = parameters.poem_sd * rng.standard_normal(len(density))
    for column, effect in parameters.control_effects:
        appeal += effect * _column(poems, column)
    if "prompt_id" in column_names(poems):
        named = ids(poems, "prompt_id", what="poem", optional=True)
        prompt = np.unique(named, return_inverse=True)[1]
        taste = parameters.prompt_rhyme_sd * rng.standard_normal(int(prompt.max()) + 1)
        appeal += np.where(np.array(named) == "", 0.0, taste[prompt]) * density
    return appeal


def _choose(eta: Floats, log_tie: Floats, nu: float, rng: np.random.Generator) -> NDArray[np.str_]:
    with np.errstate(divide="ignore"):  # nu = 0: no ties
        tie = np.log(nu) + log_tie
    chances = softmax(np.column_stack([eta / 2, tie, -eta / 2]), axis=1)
    drawn = (rng.random((len(eta), 1)) > chances[:, :2].cumsum(axis=1)).sum(axis=1)
    chosen: NDArray[np.str_] = np.array(["left", "tie", "right"])[drawn]
    return chosen


def _decision_ms(
    rater: Ints, n_raters: int, parameters: StudyParameters, rng: np.random.Generator
) -> Ints:
    own = parameters.seconds_rater_log_sd * rng.standard_normal(n_raters)[rater]
    log_seconds = np.log(parameters.median_seconds) + own
    log_seconds += parameters.seconds_log_sd * rng.standard_normal(len(rater))
    return np.asarray(np.round(1000 * np.exp(log_seconds)), dtype=np.int64)
