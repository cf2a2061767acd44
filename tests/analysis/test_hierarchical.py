"""The hierarchical model finds what was put in, and says when it cannot be trusted."""

from dataclasses import replace

import numpy as np
import pytest

from app.analysis import VoteTable
from app.analysis.hierarchical import (
    Posterior,
    Sampling,
    as_part,
    fit_hierarchical,
    hierarchical_part,
)
from app.analysis.options import Group, Options
from app.analysis.simulate import StudyParameters, simulate_study
from tests.full_run import missing

SHORT = Sampling(warmup=150, draws=150, chains=2, seed=3)
N_SD = 3  # how far, in posterior standard deviations, the truth of one study may lie
STUDY = StudyParameters(
    n_experts=8,
    n_nonexperts=12,
    median_votes=30,
    n_prompts=10,
    rhyme_expert=0.0,
    rhyme_nonexpert=1.2,
)
OPTIONS = Options(adjust=("n_lines",))


@pytest.fixture(scope="module", autouse=True)
def numpyro():
    try:
        import numpyro  # noqa: F401
    except ModuleNotFoundError:
        missing("NumPyro, the optional extra blindverse[bayes], is not installed.")


@pytest.fixture(scope="module")
def table() -> VoteTable:
    votes, poems = simulate_study(STUDY, np.random.default_rng(5))
    return VoteTable.from_frames(votes, poems)


@pytest.fixture(scope="module")
def found(table):
    return fit_hierarchical(table, OPTIONS, SHORT)


def test_effects_that_the_votes_were_drawn_with_are_found(found):
    truth = {Group.EXPERT: STUDY.rhyme_expert, Group.NONEXPERT: STUDY.rhyme_nonexpert}
    for group, one in found.effects.items():
        assert abs(one.mean - truth[group]) < N_SD * one.sd
        assert one.low < one.mean < one.high
    assert found.effects[Group.NONEXPERT].low > 0


def test_chains_agree_and_every_vote_is_used(found, table):
    assert all(one.rhat < 1.05 for one in found.effects.values())
    assert found.divergences == 0
    assert found.votes == found.of == len(table.vote_ids)


def test_difference_is_that_of_the_effects(found):
    effects = found.effects
    assert found.difference.mean == pytest.approx(
        effects[Group.NONEXPERT].mean - effects[Group.EXPERT].mean
    )


def test_too_few_draws_are_said_to_be_too_few(found):
    assert not replace(found, difference=Posterior(0.5, 0.1, 0.3, 0.7, 1.2, 900.0)).converged
    assert not replace(found, difference=Posterior(0.5, 0.1, 0.3, 0.7, 1.0, 90.0)).converged
    assert not replace(found, divergences=1).converged


def test_part_gives_each_effect_and_spread(found):
    part = as_part(replace(found, divergences=2), "rhyme_density")
    assert part.rows[2]["quantity"] == "Non-experts less experts"
    assert {"Spread: poem", "Spread: rater feature"} <= {row["quantity"] for row in part.rows}
    assert any("not settled" in note for note in part.notes)


def test_nobody_to_ask_is_said_in_a_sentence(table):
    nobody = table.where(np.zeros(len(table.vote_ids), dtype=bool))
    part = hierarchical_part(nobody, OPTIONS, SHORT)
    assert part.declined
    assert part.sentence == "Nobody has voted yet."
