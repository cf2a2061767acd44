"""Analysing a large study: both groups, with and without controls, intervals and sensitivity."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from app.analysis import VoteTable, analyse
from app.analysis.simulate import StudyParameters, simulate_study
from benchmarks.timing import Comparison, in_turns

SEED, ROUNDS = 1, 5
LARGE = StudyParameters(n_experts=1_000, n_nonexperts=3_400, n_prompts=200)
SMALL = StudyParameters(n_experts=20, n_nonexperts=60, n_prompts=20)


def compare(_folder: Path, quick: bool) -> Iterator[Comparison]:
    import statsmodels.api as sm  # takes seconds

    columns = simulate_study(SMALL if quick else LARGE, np.random.default_rng(SEED))
    votes, poems = ({name: column.tolist() for name, column in part.items()} for part in columns)
    table = VoteTable.from_frames(votes, poems)
    difference = table.values[table.left] - table.values[table.right]
    design = np.column_stack([np.ones(len(difference)), difference])

    def ours() -> None:
        analyse(VoteTable.from_frames(votes, poems))

    def floor() -> None:
        sm.GLM(table.outcome, design, family=sm.families.Binomial()).fit()

    rounds = 1 if quick else ROUNDS
    own, least = in_turns(ours, floor, rounds=rounds)
    what = f"analysis of {len(table.vote_ids):,} votes, whole"
    yield Comparison(what, own, "one GLM logit of statsmodels", least)
    own, least = in_turns(lambda: analyse(table), floor, rounds=rounds)
    yield Comparison("the same, rows already checked", own, "one GLM logit of statsmodels", least)
