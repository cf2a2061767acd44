"""Studies that know all that a report asks for, drawn, and many of them taken for one."""

from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.analysis.context import Context
from app.analysis.draws import choice_arrays, poem_arrays, possible_pairs, slot_arrays
from app.analysis.options import Group
from app.analysis.pace import within_rater
from app.analysis.simulate import as_table
from app.analysis.study_parameters import StudyParameters
from app.analysis.votes import CONTROLS, GROUPS, RHYME, VoteTable

APPEAL = {"a": 0.3, "b": 0.1, "c": -0.1, "d": -0.3}  # natural log odds of each source
OF_SOURCE = "appeal of the source"
SCORE_GAP = 2.0  # standard deviations between experts and others
EASE_MIDDLE, EASE_LEAST, EASE_MOST = 3.0, 1.0, 5.0

Ints = NDArray[np.int64]


def informed_table(parameters: StudyParameters, rng: np.random.Generator) -> VoteTable:
    """Draw a study with sources, scores of expertise and stated ease.

    Parameters
    ----------
    parameters
        The study.
    rng
        Source of randomness.

    Returns
    -------
    VoteTable
        The poems of a prompt are in turn by four sources, whose appeal is that of `APPEAL` beside
        their features; every poem of the first rhymes at least by half. A rater's score is normal
        with standard deviation 1 and lies 2 higher for experts. On a scale from 1 to 5 a decision
        is called as much easier than 3 as it was quicker than the rater's others, in standard
        deviations, rounded.
    """
    poems = poem_arrays(parameters, rng)
    source = np.arange(len(poems.prompt)) % len(APPEAL)
    density = poems.columns[RHYME]
    poems.columns[RHYME] = np.where(source == 0, np.maximum(density, 0.5), density)
    poems.columns[OF_SOURCE] = np.array([*APPEAL.values()])[source]
    effects = (*parameters.control_effects, (OF_SOURCE, 1.0))
    slots = slot_arrays(possible_pairs(poems.prompt), poems.prompt, parameters, rng)
    choices = choice_arrays(poems, slots, replace(parameters, control_effects=effects), rng)
    table = as_table(poems, slots, choices, feature=RHYME, controls=CONTROLS)
    expert = table.group == GROUPS.index(Group.EXPERT)
    score = rng.standard_normal(len(table.raters))[table.rater] + SCORE_GAP * expert
    slow = within_rater(np.log(table.context.seconds), table.rater)
    ease = np.clip(np.round(EASE_MIDDLE - slow), EASE_LEAST, EASE_MOST)
    seen = np.array([int(name[1:]) for name in table.poems])
    known = replace(table.context, sources=[*APPEAL], source=source[seen], score=score, ease=ease)
    return replace(table, context=known)


def judge_table(parameters: StudyParameters, rng: np.random.Generator) -> VoteTable:
    """Draw a study by judges.

    Parameters
    ----------
    parameters
        The study; all of its raters are judges.
    rng
        Source of randomness.

    Returns
    -------
    VoteTable
        As of `informed_table`.
    """
    table = informed_table(parameters, rng)
    return replace(table, group=np.full(len(table.group), GROUPS.index(Group.JUDGE)))


def pooled(tables: Sequence[VoteTable]) -> VoteTable:
    """Take the votes of several studies for those of one.

    Parameters
    ----------
    tables
        Studies of one design, by the same sources.

    Returns
    -------
    VoteTable
        Raters, poems and prompts of one study are none of another's.
    """
    first = tables[0]
    raters, poems, prompts = (
        _starts([len(getattr(one, name)) for one in tables])
        for name in ("raters", "poems", "prompts")
    )
    return replace(
        first,
        vote_ids=[name for one in tables for name in one.vote_ids],
        raters=[name for one in tables for name in one.raters],
        rater=_joined([one.rater for one in tables], raters),
        group=np.concatenate([one.group for one in tables]),
        poems=[name for one in tables for name in one.poems],
        left=_joined([one.left for one in tables], poems),
        right=_joined([one.right for one in tables], poems),
        prompts=[name for one in tables for name in one.prompts],
        prompt=_joined([one.prompt for one in tables], prompts),
        named_prompts=sum(one.named_prompts for one in tables),
        outcome=np.concatenate([one.outcome for one in tables]),
        simulated=np.concatenate([one.simulated for one in tables]),
        values=np.concatenate([one.values for one in tables]),
        context=_together([one.context for one in tables]),
    )


def _starts(sizes: Sequence[int]) -> list[int]:
    return [0, *accumulate(sizes[:-1])]


def _joined(parts: Sequence[Ints], starts: Sequence[int]) -> Ints:
    return np.concatenate([part + start for part, start in zip(parts, starts, strict=True)])


def _together(contexts: Sequence[Context]) -> Context:
    """All but the names of sources and layouts, which the studies have in common."""
    names = {one.name for one in fields(Context)} - {"sources", "layouts"}
    joined: dict[str, Any] = {  # Any: arrays of several types
        name: np.concatenate([getattr(one, name) for one in contexts]) for name in names
    }
    return replace(contexts[0], **joined)
