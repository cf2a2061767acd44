"""Poems, pairs and choices drawn at random, as arrays."""

from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, softmax

from app.analysis.study_parameters import StudyParameters
from app.analysis.votes import RHYME

DENSITIES = (0.0, 0.5, 1.0)
DENSITY_SHARES = (0.5, 0.15, 0.35)
LENGTHS = (8.0, 12.0, 14.0, 16.0)
OUTCOMES = np.array([1.0, 0.5, 0.0])  # left, tie, right
NO_PROMPT = -1

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class PoemArrays:
    """Poems by number.

    Parameters
    ----------
    prompt
        Index of each poem's prompt, 0 to n_prompts - 1, shape (n_poems,); -1 for none.
    columns
        The feature and controls by name, each of shape (n_poems,).
    """

    prompt: Ints
    columns: dict[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class SlotArrays:
    """Pairs to be voted on, by number; every array of shape (n_slots,).

    Parameters
    ----------
    rater
        Index of the rater, every one from 0 to n_raters - 1 present; the slots of a rater stand in
        the order in which they are shown.
    is_expert
        Whether the rater is an expert.
    left, right
        Indices of the poems.
    """

    rater: Ints
    is_expert: Bools
    left: Ints
    right: Ints


@dataclass(frozen=True, slots=True, eq=False)
class ChoiceArrays:
    """What was chosen; every array of shape (n_votes,).

    Parameters
    ----------
    slot
        Index of the slot, ascending; all slots unless raters drop out.
    outcome
        1 for left, 1/2 for a tie, 0 for right.
    decision_ms
        Whole milliseconds.
    """

    slot: Ints
    outcome: Floats
    decision_ms: Ints


def poem_arrays(parameters: StudyParameters, rng: np.random.Generator) -> PoemArrays:
    """Draw poems by their features: half of them do not rhyme.

    Parameters
    ----------
    parameters
        The study.
    rng
        Source of randomness.

    Returns
    -------
    PoemArrays
        With `rhyme_density`, `n_lines` and `words_per_line`.
    """
    prompt = np.repeat(np.arange(max(parameters.n_prompts, 1)), parameters.poems_per_prompt)
    density = rng.choice(DENSITIES, size=len(prompt), p=DENSITY_SHARES)
    lines = rng.choice(LENGTHS, size=len(prompt)) + np.round(parameters.rhyme_lines * density)
    words = np.round(rng.normal(6.5, 0.8, size=len(prompt)), 2)
    return PoemArrays(
        prompt if parameters.n_prompts else np.full(len(prompt), NO_PROMPT),
        {RHYME: density, "n_lines": lines, "words_per_line": words},
    )


def possible_pairs(prompt: Ints) -> Ints:
    """List the pairs of poems that answer the same prompt, or of those that answer none.

    Parameters
    ----------
    prompt
        Index of each poem's prompt, shape (n_poems,).

    Returns
    -------
    ndarray
        Indices of two poems, shape (n_pairs, 2).

    Examples
    --------
    >>> possible_pairs(np.array([0, 0, 1, 1])).tolist()
    [[0, 1], [2, 3]]
    """
    within = [[*combinations(np.flatnonzero(prompt == ix), 2)] for ix in np.unique(prompt)]
    return np.array([*chain(*within)], dtype=np.int64).reshape(-1, 2)


def slot_arrays(
    pairs: Ints, prompt: Ints, parameters: StudyParameters, rng: np.random.Generator
) -> SlotArrays:
    """Draw raters and the pairs they see, sides at random.

    Parameters
    ----------
    pairs
        The pairs to choose from, shape (n_pairs, 2).
    prompt
        Index of each poem's prompt, shape (n_poems,).
    parameters
        The study.
    rng
        Source of randomness.

    Returns
    -------
    SlotArrays
        Experts first. A rater sees a pair again only after all pairs.
    """
    n_raters = parameters.n_experts + parameters.n_nonexperts
    asked = np.exp(rng.normal(np.log(parameters.median_votes), parameters.votes_log_sd, n_raters))
    asked = np.clip(np.round(asked), parameters.fewest_votes, parameters.most_votes)
    return shown_to(
        asked.astype(np.int64),
        pairs,
        prompt,
        rng,
        n_experts=parameters.n_experts,
        cross_prompt_share=parameters.cross_prompt_share,
    )


def shown_to(
    asked: Ints,
    pairs: Ints,
    prompt: Ints,
    rng: np.random.Generator,
    *,
    n_experts: int,
    cross_prompt_share: float = 0.0,
) -> SlotArrays:
    """Draw the pairs that raters see who are asked for given numbers of votes, sides at random.

    Parameters
    ----------
    asked
        Votes of each rater, 1 or more, shape (n_raters,).
    pairs
        The pairs to choose from, shape (n_pairs, 2).
    prompt
        Index of each poem's prompt, shape (n_poems,).
    rng
        Source of randomness.
    n_experts
        The first so many raters are experts.
    cross_prompt_share
        Share of pairs whose poems answer different prompts, 0 to 1.

    Returns
    -------
    SlotArrays
        In the order of the raters. A rater sees a pair again only after all pairs.
    """
    shown = [pairs[_cycle(len(pairs), votes, rng)] for votes in asked.tolist()]
    both = np.concatenate([np.zeros((0, 2), dtype=np.int64), *shown])
    both = rng.permuted(_cross(both, prompt, cross_prompt_share, rng), axis=1)
    rater = np.repeat(np.arange(len(asked)), asked)
    return SlotArrays(rater, rater < n_experts, both[:, 0], both[:, 1])


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


def choice_arrays(
    poems: PoemArrays,
    slots: SlotArrays,
    parameters: StudyParameters,
    rng: np.random.Generator,
    *,
    feature: str = RHYME,
) -> ChoiceArrays:
    """Draw choices; the model is written at `app.analysis.simulate.simulate_votes`.

    Parameters
    ----------
    poems, slots
        The poems, and the pairs of them that are shown.
    parameters
        The effects.
    rng
        Source of randomness.
    feature
        Column of the poems that `rhyme_expert` and `rhyme_nonexpert` are the effects of.

    Returns
    -------
    ChoiceArrays
        One choice for every slot that its rater reached.
    """
    rater, density = slots.rater, poems.columns[feature]
    n_raters = int(rater.max(initial=-1)) + 1
    taste = parameters.rater_rhyme_sd * rng.standard_normal(n_raters)
    asked = np.bincount(rater, minlength=n_raters)
    own = taste + parameters.votes_rhyme * np.log(asked / parameters.median_votes)
    group = np.where(slots.is_expert, parameters.rhyme_expert, parameters.rhyme_nonexpert)
    slope = group + own[rater]
    shared = _shared_appeal(poems, density, parameters, rng)
    appeal = shared + parameters.poem_group_sd * rng.standard_normal((2, len(density)))
    eta = parameters.position + parameters.rater_position_sd * rng.standard_normal(n_raters)[rater]
    audience = slots.is_expert.astype(np.int64)
    eta += slope * density[slots.left] + appeal[audience, slots.left]
    eta -= slope * density[slots.right] + appeal[audience, slots.right]
    log_tie = parameters.log_tie_sd * rng.standard_normal(n_raters)[rater]
    chance = rng.random((len(eta), 1))
    slowness, decision_ms = _decisions(rater, n_raters, parameters, rng)
    eta += parameters.haste_rhyme * slowness * (density[slots.left] - density[slots.right])
    outcome = _choose(eta, log_tie, parameters.tie_nu, chance)
    slot = _reached(rater, taste, parameters, rng)
    return ChoiceArrays(slot, outcome[slot], decision_ms[slot])


def _shared_appeal(
    poems: PoemArrays, density: Floats, parameters: StudyParameters, rng: np.random.Generator
) -> Floats:
    """Appeal of each poem that does not depend on who reads."""
    appeal = parameters.poem_sd * rng.standard_normal(len(density))
    for column, effect in parameters.control_effects:
        appeal += effect * poems.columns[column]
    n_prompts = int(poems.prompt.max(initial=NO_PROMPT)) + 1
    taste = parameters.prompt_rhyme_sd * rng.standard_normal(n_prompts)
    return appeal + np.append(taste, 0.0)[poems.prompt] * density  # -1, no prompt, is the last


def _choose(eta: Floats, log_tie: Floats, nu: float, chance: Floats) -> Floats:
    with np.errstate(divide="ignore"):  # nu = 0: no ties
        tie = np.log(nu) + log_tie
    chances = softmax(np.column_stack([eta / 2, tie, -eta / 2]), axis=1)
    drawn = (chance > chances[:, :2].cumsum(axis=1)).sum(axis=1)
    outcome: Floats = OUTCOMES[drawn]
    return outcome


def _decisions(
    rater: Ints, n_raters: int, parameters: StudyParameters, rng: np.random.Generator
) -> tuple[Floats, Ints]:
    """How slow each decision is for its rater, in standard deviations, and its milliseconds."""
    own = parameters.seconds_rater_log_sd * rng.standard_normal(n_raters)[rater]
    log_seconds = np.log(parameters.median_seconds) + own
    slowness = rng.standard_normal(len(rater))
    log_seconds += parameters.seconds_log_sd * slowness
    return slowness, np.asarray(np.round(1000 * np.exp(log_seconds)), dtype=np.int64)


def _reached(
    rater: Ints, taste: Floats, parameters: StudyParameters, rng: np.random.Generator
) -> Ints:
    """Slots that come before their rater leaves."""
    if not parameters.dropout:
        return np.arange(len(rater))
    leaving = expit(logit(parameters.dropout) + parameters.dropout_rhyme * taste)
    given = rng.geometric(np.maximum(leaving, np.finfo(float).tiny))
    return np.flatnonzero(places(rater) < given[rater])


def places(rater: Ints) -> Ints:
    """Give each slot its place among those of its rater.

    Parameters
    ----------
    rater
        Index of the rater, 0 or more, shape (n_slots,).

    Returns
    -------
    ndarray
        0 for the first of each rater.

    Examples
    --------
    >>> places(np.array([1, 0, 1, 1])).tolist()
    [0, 0, 1, 2]
    """
    order = np.argsort(rater, kind="stable")
    first = np.cumsum(np.bincount(rater)) - np.bincount(rater)
    place = np.empty(len(rater), dtype=np.int64)
    place[order] = np.arange(len(rater)) - first[rater[order]]
    return place
