"""Small simulated studies, and the steps from votes to an estimate, for the tests here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.analysis import Group, Options, Ties, VoteTable, Weights, analyse
from app.analysis.clusters import Clusters
from app.analysis.diagnostics import group_votes
from app.analysis.preference import LogitFit, fit_logit
from app.analysis.sections import SECTIONS
from app.analysis.simulate import StudyParameters, simulate_study

CONTROLS = ("n_lines", "words_per_line")
WITHOUT_POWER = tuple(one for one in SECTIONS if one.name != "power")
SMALL = StudyParameters(
    n_experts=8, n_nonexperts=12, n_prompts=10, poems_per_prompt=4, fewest_votes=20
)

Frame = dict[str, Any]


def study(parameters: StudyParameters = SMALL, seed: int = 1) -> tuple[Frame, Frame]:
    """Votes and poems as lists."""
    votes, poems = simulate_study(parameters, np.random.default_rng(seed))
    return (
        {name: column.tolist() for name, column in votes.items()},
        {name: column.tolist() for name, column in poems.items()},
    )


def result(
    votes: Frame, poems: Frame, options: Options | None = None, **table: Any
) -> dict[str, Any]:
    """All but the section on power, which takes as long as all others together."""
    made = VoteTable.from_frames(votes, poems, **table)
    return analyse(made, options, sections=WITHOUT_POWER).as_dict()


def rows(votes: Frame, keep: Callable[[int], bool]) -> Frame:
    """The votes whose row number and row `keep` likes."""
    chosen = [ix for ix in range(len(votes["vote_id"])) if keep(ix)]
    return {name: [column[ix] for ix in chosen] for name, column in votes.items()}


def only_group(votes: Frame, group: str) -> Frame:
    return rows(votes, lambda ix: votes["group"][ix] == group)


@dataclass(frozen=True)
class Fitted:
    x: Any
    y: Any
    fit: LogitFit
    clusters: Clusters
    contrast: Any


def equal_fit(
    table: VoteTable, group: Group, controls: tuple[str, ...], ties: Ties = Ties.HALF
) -> Fitted:
    """The fit with equal weights on the columns as they are."""
    votes = group_votes(table, group, ties)
    columns = [np.ones(len(votes.outcome)), votes.feature, *(votes.controls[c] for c in controls)]
    x = np.column_stack(columns)
    fit = fit_logit(x, votes.outcome, np.ones(len(x)))
    contrast = np.eye(x.shape[1])[1]
    clusters = Clusters(votes.rater, votes.left, votes.right, votes.n_prompts)
    return Fitted(x, votes.outcome, fit, clusters, contrast)


EQUAL = Options(weights=Weights.EQUAL)
