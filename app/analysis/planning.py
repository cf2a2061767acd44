"""A study as it is planned: its poems and pairs, its raters, and what is at work in it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.analysis.columns import Frame, ids, numbers, require_columns
from app.analysis.draws import (
    NO_PROMPT,
    PoemArrays,
    SlotArrays,
    choice_arrays,
    poem_arrays,
    possible_pairs,
    shown_to,
    slot_arrays,
)
from app.analysis.experts import everybody
from app.analysis.nameless import nameless_poems
from app.analysis.options import Group, Options
from app.analysis.points import NODES, WEIGHTS
from app.analysis.simulate import as_table, prompt_numbers
from app.analysis.study_parameters import StudyParameters
from app.analysis.votes import CONTROLS, GROUPS, RHYME, VoteTable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A study that may be made.

    Parameters
    ----------
    parameters
        Numbers of raters, prompts and poems, effects, and how much raters, poems and prompts vary.
    poems
        The study's own poems; None draws new ones in each simulated study.
    pairs
        The pairs of own poems that may be shown, shape (n_pairs, 2); None for every two poems that
        answer the same prompt.
    votes
        Numbers of votes that raters of each group gave, from which those of simulated raters are
        drawn; None for those of the parameters.
    feature, controls
        Columns of the poems: whose effect is asked for, and what is held equal.
    """

    parameters: StudyParameters
    poems: PoemArrays | None = None
    pairs: Ints | None = None
    votes: dict[Group, Ints] | None = None
    feature: str = RHYME
    controls: tuple[str, ...] = CONTROLS

    @property
    def has_prompts(self) -> bool:
        """Whether poems answer prompts, as against standing by themselves."""
        if self.poems is None:
            return self.parameters.n_prompts > 0
        return bool((self.poems.prompt != NO_PROMPT).any())

    @property
    def material(self) -> int:
        """Number of prompts, or of poems where there are none."""
        return self.parameters.n_prompts if self.has_prompts else self.parameters.poems_per_prompt

    def with_material(self, number: int) -> Self:
        """Give the same plan with so many prompts, or poems where there are no prompts.

        Parameters
        ----------
        number
            1 or more prompts, 2 or more poems. Where the study has poems of its own, fewer are some
            of them, and more are others like them: copies that appeal to raters in their own way.

        Returns
        -------
        Plan
            The plan.
        """
        sizes = (
            replace(self.parameters, n_prompts=number)
            if self.has_prompts
            else replace(self.parameters, poems_per_prompt=number)
        )
        return replace(self, parameters=sizes)

    def with_effect(self, effect: float) -> Self:
        """Give the same plan with experts whom the feature leaves cold, and others whom it moves.

        Parameters
        ----------
        effect
            Natural log odds per unit of the feature for a typical non-expert.

        Returns
        -------
        Plan
            The plan.
        """
        effects = replace(self.parameters, rhyme_expert=0.0, rhyme_nonexpert=effect)
        return replace(self, parameters=effects)

    def with_votes(self, number: int) -> Self:
        """Give the same plan with the same number of votes by every rater.

        Parameters
        ----------
        number
            1 or more.

        Returns
        -------
        Plan
            The plan.
        """
        sizes = replace(
            self.parameters,
            median_votes=float(number),
            votes_log_sd=0.0,
            fewest_votes=1,
            most_votes=number,
        )
        return replace(self, parameters=sizes, votes=None)

    @property
    def mean_votes(self) -> float:
        """Votes that a rater gives on average."""
        if self.votes is not None:
            given = np.concatenate([*self.votes.values()])
            return float(given.mean()) if len(given) else 0.0
        parameters = self.parameters
        spread = parameters.votes_log_sd * NODES + math.log(parameters.median_votes)
        held = np.clip(np.exp(spread), parameters.fewest_votes, parameters.most_votes)
        return float(WEIGHTS @ held / WEIGHTS.sum())


def poems_of_frame(poems: Frame, names: Sequence[str]) -> PoemArrays:
    """Read poems from columns.

    Parameters
    ----------
    poems
        `poem_id`, the columns named, optionally `prompt_id`.
    names
        Numeric columns; a number may be missing.

    Returns
    -------
    PoemArrays
        In the order of the rows.

    Raises
    ------
    InvalidVotes
        A column is missing, or what stands for a number is none.
    """
    require_columns(poems, ("poem_id", *names), what="poems")
    ids_ = ids(poems, "poem_id", what="poem")
    every = np.ones(len(ids_), dtype=np.bool_)
    return PoemArrays(
        prompt_numbers(poems, len(ids_)),
        {name: numbers(poems, name, names=ids_, used=every) for name in names},
    )


def plan_of_poems(
    poems: PoemArrays,
    parameters: StudyParameters,
    *,
    pairs: Ints | None = None,
    feature: str = RHYME,
    controls: tuple[str, ...] = CONTROLS,
) -> Plan:
    """Plan a study of given poems.

    Parameters
    ----------
    poems
        The poems; those without a number for the feature or a control are left out.
    parameters
        Raters, effects and variation; its numbers of prompts and poems are replaced by those of the
        poems.
    pairs
        Pairs of the poems that may be shown, shape (n_pairs, 2); None for every two that answer the
        same prompt.
    feature, controls
        Columns of the poems.

    Returns
    -------
    Plan
        Of the poems that are in some pair.

    Raises
    ------
    ValueError
        No two measured poems make a pair.
    """
    values = np.column_stack([poems.columns[name] for name in (feature, *controls)])
    measured = np.all(np.isfinite(values), axis=1)
    both = possible_pairs(poems.prompt) if pairs is None else pairs
    both = both[measured[both[:, 0]] & measured[both[:, 1]]]
    if not len(both):
        raise ValueError("No two measured poems make a pair.")
    kept, renamed = np.unique(both, return_inverse=True)
    prompts = np.unique(poems.prompt[kept])
    named = prompts[prompts != NO_PROMPT]
    prompt = np.where(
        poems.prompt[kept] == NO_PROMPT, NO_PROMPT, np.searchsorted(named, poems.prompt[kept])
    )
    sizes = replace(parameters, n_prompts=len(named))
    if not len(named):
        sizes = replace(sizes, poems_per_prompt=len(kept))
    return Plan(
        sizes,
        PoemArrays(prompt, {name: poems.columns[name][kept] for name in (feature, *controls)}),
        renamed.reshape(-1, 2),
        feature=feature,
        controls=controls,
    )


def plan_of_votes(
    table: VoteTable, parameters: StudyParameters, *, controls: tuple[str, ...]
) -> Plan:
    """Plan a study like one that has votes: the same poems and pairs, as many raters and votes.

    Parameters
    ----------
    table
        The votes.
    parameters
        Effects and variation.
    controls
        Columns of the table to hold equal.

    Returns
    -------
    Plan
        With the numbers of raters, and of votes of each, that the two groups have; the same
        whatever raters, poems and prompts are called, and if all sides are exchanged.

    Raises
    ------
    ValueError
        There is no vote by experts and non-experts on measured poems.
    """
    groups = {group: GROUPS.index(group) for group in (Group.EXPERT, Group.NONEXPERT)}
    own = table.measured & np.isin(table.group, [*groups.values()])
    number = nameless_poems(everybody(table, Options())) if own.any() else np.arange(0)
    order = np.argsort(number)
    both = np.sort(np.column_stack([number[table.left[own]], number[table.right[own]]]), axis=1)
    given = {g: np.bincount(table.rater[own & (table.group == ix)]) for g, ix in groups.items()}
    votes = {group: np.sort(counts[counts > 0]) for group, counts in given.items()}
    names = (table.feature, *table.controls)
    prompt = _by_first(table.prompt[order])
    if not table.named_prompts:
        prompt = np.full(len(order), NO_PROMPT)
    plan = plan_of_poems(
        PoemArrays(prompt, dict(zip(names, table.values[order].T, strict=True))),
        replace(
            parameters,
            n_experts=len(votes[Group.EXPERT]),
            n_nonexperts=len(votes[Group.NONEXPERT]),
            position=abs(parameters.position),  # which side is the left one must not matter
            cross_prompt_share=0.0,
        ),
        pairs=np.unique(both, axis=0) if len(both) else both,
        feature=table.feature,
        controls=controls,
    )
    return replace(plan, votes=votes)


def _by_first(numbers_: Ints) -> Ints:
    """Numbered anew in the order in which they first come."""
    _, first, place = np.unique(numbers_, return_index=True, return_inverse=True)
    found: Ints = np.argsort(np.argsort(first))[place]
    return found


def draw_study(plan: Plan, rng: np.random.Generator) -> VoteTable:
    """Draw one study of a plan.

    Parameters
    ----------
    plan
        The plan; at least one rater.
    rng
        Source of randomness.

    Returns
    -------
    VoteTable
        Its votes. Poems, pairs and the measures of poems are those of the plan; raters, votes and
        all that varies are drawn, as `app.analysis.simulate.simulate_votes` says.
    """
    poems, pairs = _material(plan, rng)
    slots = _slots(plan, poems, pairs, rng)
    choices = choice_arrays(poems, slots, plan.parameters, rng, feature=plan.feature)
    return as_table(poems, slots, choices, feature=plan.feature, controls=plan.controls)


def _slots(plan: Plan, poems: PoemArrays, pairs: Ints, rng: np.random.Generator) -> SlotArrays:
    parameters = plan.parameters
    if plan.votes is None:
        return slot_arrays(pairs, poems.prompt, parameters, rng)
    wanted = {Group.EXPERT: parameters.n_experts, Group.NONEXPERT: parameters.n_nonexperts}
    pooled = np.concatenate([*plan.votes.values()])
    asked = [
        _drawn_votes(plan.votes[group] if len(plan.votes[group]) else pooled, number, rng)
        for group, number in wanted.items()
    ]
    return shown_to(np.concatenate(asked), pairs, poems.prompt, rng, n_experts=parameters.n_experts)


def _drawn_votes(given: Ints, number: int, rng: np.random.Generator) -> Ints:
    """Those that were given, as often as they go into the number, and some of them by chance."""
    times, rest = divmod(number, len(given))
    extra = rng.choice(given, size=rest, replace=False)
    return np.concatenate([np.tile(given, times), extra])


def _material(plan: Plan, rng: np.random.Generator) -> tuple[PoemArrays, Ints]:
    """Poems and the pairs of them: the plan's own, some of them, or copies besides."""
    if plan.poems is None or plan.pairs is None:
        poems = poem_arrays(plan.parameters, rng)
        return poems, possible_pairs(poems.prompt)
    own = plan.poems
    unit = own.prompt if plan.has_prompts else np.arange(len(own.prompt))
    n_units = int(unit.max()) + 1
    times, rest = divmod(plan.material, n_units)
    if (times, rest) == (1, 0):
        return own, plan.pairs
    some = _part(plan, unit, rng.permutation(n_units)[:rest], rng)
    return _joined([(own, plan.pairs)] * times + ([some] if rest else []))


def _part(
    plan: Plan, unit: Ints, chosen: Ints, rng: np.random.Generator
) -> tuple[PoemArrays, Ints]:
    """The poems of some prompts, and the pairs whose poems are both among them."""
    assert plan.poems is not None and plan.pairs is not None  # noqa: S101, PT018
    kept = np.flatnonzero(np.isin(unit, chosen))
    both = plan.pairs[np.isin(plan.pairs, kept).all(axis=1)]
    if not len(both):  # a set of so few pairs that none is left: any of them
        both = plan.pairs[rng.integers(len(plan.pairs), size=1)]
        kept = np.unique(both)
    prompt = plan.poems.prompt[kept]
    if plan.has_prompts:
        prompt = np.unique(prompt, return_inverse=True)[1]
    columns = {name: column[kept] for name, column in plan.poems.columns.items()}
    return PoemArrays(prompt, columns), np.searchsorted(kept, both)


def _joined(parts: Sequence[tuple[PoemArrays, Ints]]) -> tuple[PoemArrays, Ints]:
    prompts, pairs, poems_before, prompts_before = [], [], 0, 0
    for poems, both in parts:
        prompts.append(
            np.where(poems.prompt == NO_PROMPT, NO_PROMPT, poems.prompt + prompts_before)
        )
        pairs.append(both + poems_before)
        poems_before += len(poems.prompt)
        prompts_before += int(poems.prompt.max()) + 1
    columns = {
        name: np.concatenate([poems.columns[name] for poems, _ in parts])
        for name in parts[0][0].columns
    }
    return PoemArrays(np.concatenate(prompts), columns), np.concatenate(pairs)
