"""Planning a study: its power with several numbers of experts, from studies that are drawn."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from app.analysis.planning import Plan, draw_study
from app.analysis.points import effect_of_points
from app.analysis.power import SEED, simulated_differences
from app.analysis.study_parameters import StudyParameters
from benchmarks.timing import Comparison, in_turns

EXPERTS = (5, 10, 20, 40, 80)
N_NONEXPERTS, N_VOTES, POINTS = 100, 10, 10  # what an admin's page asks when it is opened
STUDIES, QUICK_STUDIES, ROUNDS = 40, 4, 3


def compare(_folder: Path, quick: bool) -> Iterator[Comparison]:
    parameters = StudyParameters(n_experts=max(EXPERTS), n_nonexperts=N_NONEXPERTS)
    plan = Plan(parameters).with_votes(N_VOTES).with_effect(effect_of_points(POINTS, parameters))
    studies = QUICK_STUDIES if quick else STUDIES

    def ours() -> None:
        list(simulated_differences(plan, experts=EXPERTS, runs=studies))

    def floor() -> None:
        for child in np.random.SeedSequence(SEED).spawn(studies):
            draw_study(plan, np.random.default_rng(child))

    own, least = in_turns(ours, floor, rounds=1 if quick else ROUNDS, per=studies)
    what = f"power with {len(EXPERTS)} numbers of experts, a study"
    yield Comparison(what, own, "drawing its votes", least)
