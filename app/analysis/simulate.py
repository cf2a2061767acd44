"""Votes drawn from known effects: for tests, for the demo study and for planning."""

import numpy as np
from numpy.typing import NDArray

from app.analysis.columns import Frame, InvalidVotes, column_names, ids, numbers, require_columns
from app.analysis.context import UNKNOWN, Context
from app.analysis.draws import (
    NO_PROMPT,
    ChoiceArrays,
    PoemArrays,
    SlotArrays,
    choice_arrays,
    poem_arrays,
    possible_pairs,
    slot_arrays,
)
from app.analysis.options import Group
from app.analysis.sides import NO_PROMPT as UNNAMED
from app.analysis.study_parameters import StudyParameters
from app.analysis.votes import CONTROLS, GROUPS, RHYME, WORDS, VoteTable

__all__ = [
    "StudyParameters",
    "as_table",
    "draw_poems",
    "draw_slots",
    "simulate_study",
    "simulate_table",
    "simulate_votes",
]

Columns = dict[str, NDArray[np.generic]]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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


def simulate_table(parameters: StudyParameters, rng: np.random.Generator) -> VoteTable:
    """Draw a whole study as checked arrays, without the names in between.

    Parameters
    ----------
    parameters
        The study.
    rng
        Source of randomness.

    Returns
    -------
    VoteTable
        What `VoteTable.from_frames` makes of `simulate_study` for the same seed.

    Examples
    --------
    >>> small = StudyParameters(n_experts=3, n_nonexperts=3, n_prompts=5)
    >>> simulate_table(small, np.random.default_rng(1)).named_prompts
    5
    """
    poems = poem_arrays(parameters, rng)
    slots = slot_arrays(possible_pairs(poems.prompt), poems.prompt, parameters, rng)
    choices = choice_arrays(poems, slots, parameters, rng)
    return as_table(poems, slots, choices, feature=RHYME, controls=CONTROLS)


def as_table(
    poems: PoemArrays,
    slots: SlotArrays,
    choices: ChoiceArrays,
    *,
    feature: str,
    controls: tuple[str, ...],
) -> VoteTable:
    """Make a table of arrays that were drawn.

    Parameters
    ----------
    poems, slots, choices
        The study; every rater has a choice.
    feature, controls
        Columns of the poems.

    Returns
    -------
    VoteTable
        Named as `simulate_study` names them.
    """
    chosen = choices.slot
    used, sides = np.unique(
        np.concatenate([slots.left[chosen], slots.right[chosen]]), return_inverse=True
    )
    of = poems.prompt[used]
    answered, prompt = np.unique(of, return_inverse=True)
    prompts = [f"q{ix:05d}" for ix in answered.tolist()]
    if (of == NO_PROMPT).any():  # poems without prompts are all the poems, or none
        prompt = np.arange(len(used))
        prompts = [f"{UNNAMED}p{ix:05d}" for ix in used.tolist()]
    n_raters, n_votes = int(slots.rater.max(initial=-1)) + 1, len(chosen)
    expert, nonexpert = GROUPS.index(Group.EXPERT), GROUPS.index(Group.NONEXPERT)
    return VoteTable(
        vote_ids=[f"v{ix:07d}" for ix in chosen.tolist()],
        raters=[f"r{ix:05d}" for ix in range(n_raters)],
        rater=slots.rater[chosen],
        group=np.where(slots.is_expert[chosen], expert, nonexpert),
        poems=[f"p{ix:05d}" for ix in used.tolist()],
        left=sides[:n_votes],
        right=sides[n_votes:],
        prompts=prompts,
        prompt=prompt,
        named_prompts=int(poems.prompt.max(initial=NO_PROMPT)) + 1,
        outcome=choices.outcome,
        simulated=np.ones(n_votes, dtype=np.bool_),
        feature=feature,
        controls=controls,
        values=np.column_stack([poems.columns[name][used] for name in (feature, *controls)]),
        context=_context(choices, len(used)),
    )


def _context(choices: ChoiceArrays, n_poems: int) -> Context:
    n_votes = len(choices.slot)
    return Context(
        sources=[],
        source=np.full(n_poems, UNKNOWN),
        seconds=choices.decision_ms / 1000,
        ease=np.full(n_votes, np.nan),
        score=np.full(n_votes, np.nan),
        self_described=np.full(n_votes, UNKNOWN),
        scored_as=np.full(n_votes, UNKNOWN),
        layouts=[],
        layout=np.full(n_votes, UNKNOWN),
        position=np.full(n_votes, np.nan),
        excluded=np.zeros(n_votes, dtype=np.bool_),
        again=np.zeros(n_votes, dtype=np.bool_),
    )


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
        `poem_id`, `prompt_id` (empty where there are no prompts), `rhyme_density` (0, 0.5 or 1;
        half of the poems do not rhyme), `n_lines` and `words_per_line`, each of shape (n_poems,).
    """
    drawn = poem_arrays(parameters, rng)
    named = [f"q{ix:05d}" if ix != NO_PROMPT else "" for ix in drawn.prompt.tolist()]
    return {
        "poem_id": np.array([f"p{ix:05d}" for ix in range(len(named))]),
        "prompt_id": np.array(named),
        **drawn.columns,
    }


def draw_slots(poems: Frame, parameters: StudyParameters, rng: np.random.Generator) -> Columns:
    """Draw raters and the pairs they see, sides at random.

    Parameters
    ----------
    poems
        `poem_id`, optionally `prompt_id`.
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
    prompt = prompt_numbers(poems, len(names))
    drawn = slot_arrays(possible_pairs(prompt), prompt, parameters, rng)
    n_raters = parameters.n_experts + parameters.n_nonexperts
    return {
        "rater_id": np.array([f"r{ix:05d}" for ix in range(n_raters)])[drawn.rater],
        "group": np.where(drawn.is_expert, Group.EXPERT.value, Group.NONEXPERT.value),
        "poem_left": names[drawn.left],
        "poem_right": names[drawn.right],
    }


def prompt_numbers(poems: Frame, n_poems: int) -> Ints:
    """Number the prompts of poems.

    Parameters
    ----------
    poems
        Optionally `prompt_id`; an empty cell is no prompt.
    n_poems
        Number of rows.

    Returns
    -------
    ndarray
        Index of each poem's prompt, -1 for none, shape (n_poems,).
    """
    if "prompt_id" not in column_names(poems):
        return np.full(n_poems, NO_PROMPT)
    named = np.array(ids(poems, "prompt_id", what="poem", optional=True))
    distinct, prompt = np.unique(named, return_inverse=True)
    return np.asarray(prompt - int(distinct.size > 0 and distinct[0] == ""), dtype=np.int64)


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
        `rater_id`, `group` (expert or nonexpert), `poem_left`, `poem_right`, optionally `vote_id`;
        in the order in which raters see them.
    parameters
        The effects; of the sizes only the median number of votes is used.
    rng
        Source of randomness.
    feature
        Column of the poems that `rhyme_expert` and `rhyme_nonexpert` are the effects of.

    Returns
    -------
    dict
        The slots' columns with `vote_id`, `choice` (left, right, tie), `decision_ms` (whole
        milliseconds) and `simulated` (1), in the order of the slots, each of shape (n_slots,);
        fewer where raters drop out.

    Raises
    ------
    InvalidVotes
        A column is missing, a poem is unknown, a number is not finite, or a group is neither
        expert nor nonexpert.

    Notes
    -----
    Rater r of group g, asked for n_r votes, sees in poem i of prompt q the appeal
    u = (beta_g + b_r + h ln(n_r / median) + k s + c_q) feature_i + sum gamma z_i + v_i + v_gi. With
    eta = position + a_r + u_left - u_right and nu_r = nu exp(t_r), left, tie and right have odds
    exp(eta / 2) : nu_r : exp(-eta / 2). a, b, c, v and t are normal with mean 0; h is
    `votes_rhyme`; k is `haste_rhyme` and s how far the log time of the decision lies above what is
    typical of the rater, in standard deviations. After each vote a rater leaves with the log odds
    of `dropout` plus `dropout_rhyme` times b_r.

    References
    ----------
    Davidson, R. R. (1970). On extending the Bradley-Terry model to accommodate ties in paired
    comparison experiments. Journal of the American Statistical Association 65, 317-328.
    """
    effects = dict(parameters.control_effects)
    require_columns(poems, ("poem_id", feature, *effects), what="poems")
    require_columns(slots, ("rater_id", "group", "poem_left", "poem_right"), what="slots")
    raters, rater = np.unique(ids(slots, "rater_id", what="slot"), return_inverse=True)
    names = ids(poems, "poem_id", what="poem")
    drawn_poems = PoemArrays(
        prompt_numbers(poems, len(names)),
        {name: _column(poems, name) for name in (feature, *effects)},
    )
    sides = [_poem_rows(names, slots, side) for side in ("poem_left", "poem_right")]
    drawn_slots = SlotArrays(rater, _is_expert(slots), *sides)
    chosen = choice_arrays(drawn_poems, drawn_slots, parameters, rng, feature=feature)
    kept = chosen.slot
    vote_ids = (
        np.array(ids(slots, "vote_id", what="slot"))
        if "vote_id" in column_names(slots)
        else np.array([f"v{ix:07d}" for ix in range(len(rater))])
    )
    return {
        "vote_id": vote_ids[kept],
        "rater_id": raters[rater[kept]],
        "group": np.where(drawn_slots.is_expert[kept], Group.EXPERT.value, Group.NONEXPERT.value),
        "poem_left": np.array(ids(slots, "poem_left", what="slot"))[kept],
        "poem_right": np.array(ids(slots, "poem_right", what="slot"))[kept],
        "choice": np.array([WORDS[outcome] for outcome in chosen.outcome.tolist()]),
        "decision_ms": chosen.decision_ms,
        "simulated": np.ones(len(kept), dtype=np.int64),
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


def _poem_rows(names: list[str], slots: Frame, side: str) -> Ints:
    row_of = {name: row for row, name in enumerate(names)}
    seen = ids(slots, side, what="slot")
    for row, name in enumerate(seen):
        if name not in row_of:
            raise InvalidVotes(f"Slot row {row + 1}, column {side}: there is no poem {name!r}.")
    return np.array([row_of[name] for name in seen], dtype=np.int64)
