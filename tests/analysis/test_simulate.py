"""Simulated studies have the shape and the effects that were asked for."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.analysis import InvalidVotes, VoteTable, analyse
from app.analysis.simulate import StudyParameters, draw_poems, simulate_study, simulate_votes
from tests.analysis.studies import SMALL, result, study

PLAIN = StudyParameters(  # nothing random but the choice itself
    n_experts=60,
    n_nonexperts=60,
    median_votes=200,
    votes_log_sd=0,
    rater_position_sd=0,
    rater_rhyme_sd=0,
    poem_sd=0,
    poem_group_sd=0,
    prompt_rhyme_sd=0,
    tie_nu=0,
    log_tie_sd=0,
)
WITHIN = 4  # standard errors


def test_equal_seeds_give_equal_studies():
    assert study(SMALL, seed=7) == study(SMALL, seed=7)
    assert study(SMALL, seed=7) != study(SMALL, seed=8)


def test_defaults_are_the_study_of_the_calibration():
    votes, poems = study(StudyParameters(), seed=1)
    assert len(poems["poem_id"]) == 240
    assert len(set(poems["prompt_id"])) == 60
    assert len(set(votes["rater_id"])) == 320
    per_rater = np.unique(votes["rater_id"], return_counts=True)[1]
    assert per_rater.min() >= 5
    assert per_rater.max() <= 500
    assert 0.10 < np.mean(np.array(votes["choice"]) == "tie") < 0.17
    assert 10_000 < np.median(votes["decision_ms"]) < 20_000


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0, 0), (0.5, 0.4, 0.6)])
def test_pairs_cross_prompts_as_often_as_asked(share, least, most):
    votes, poems = study(replace(SMALL, cross_prompt_share=share), seed=3)
    prompt = dict(zip(poems["poem_id"], poems["prompt_id"], strict=True))
    sides = zip(votes["poem_left"], votes["poem_right"], strict=True)
    assert least <= np.mean([prompt[a] != prompt[b] for a, b in sides]) <= most


def test_known_effects_without_noise_are_found_again():
    truth = replace(
        PLAIN,
        rhyme_expert=-0.4,
        rhyme_nonexpert=0.9,
        position=0.2,
        control_effects=(("n_lines", 0.05),),
    )
    found = result(*study(truth, seed=11))["groups"]
    for group, effect in (("expert", -0.4), ("nonexpert", 0.9)):
        one = found[group]
        assert abs(one["log_odds"] - effect) < WITHIN * one["se"]
        assert one["se"] < 0.06
        assert one["intercept"] == pytest.approx(0.2, abs=0.1)
        assert one["coefficients"]["n_lines"] == pytest.approx(0.05, abs=0.02)
        assert one["ties"] == 0


def test_given_poems_and_slots_are_kept_in_their_order():
    poems = {"poem_id": ["a", "b"], "rhyme_density": [1.0, 0.0]}
    slots = {
        "vote_id": ["s9", "s1", "s5"],
        "rater_id": ["x", "y", "x"],
        "group": ["expert", "nonexpert", "expert"],
        "poem_left": ["a", "b", "a"],
        "poem_right": ["b", "a", "b"],
    }
    sure = replace(PLAIN, rhyme_expert=50.0, rhyme_nonexpert=-50.0, position=0)
    votes = simulate_votes(poems, slots, sure, np.random.default_rng(1))
    assert {name: votes[name].tolist() for name in slots} == slots
    assert votes["choice"].tolist() == ["left", "left", "left"]
    assert votes["simulated"].tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("slots", "message"),
    [
        ({"poem_left": ["zz"]}, "row 1, column poem_left: there is no poem 'zz'"),
        ({"group": ["judge"]}, "'judge' is not allowed"),
    ],
)
def test_unknown_poems_and_groups_are_refused(slots, message):
    poems = {"poem_id": ["a", "b"], "rhyme_density": [1.0, 0.0]}
    good: dict[str, Any] = {
        "rater_id": ["x"],
        "group": ["expert"],
        "poem_left": ["a"],
        "poem_right": ["b"],
    }
    with pytest.raises(InvalidVotes, match=message):
        simulate_votes(poems, {**good, **slots}, SMALL, np.random.default_rng(1))


def test_poems_are_half_unrhymed():
    poems = draw_poems(StudyParameters(n_prompts=500), np.random.default_rng(2))
    assert np.mean(poems["rhyme_density"] == 0) == pytest.approx(0.5, abs=0.05)


@pytest.mark.slow
def test_intervals_hold_the_truth_about_as_often_as_they_say():
    """Of 60 studies without a difference 95% should find none; fewer than 86% has p < 0.005."""
    held = 0
    for seed in range(60):
        table = VoteTable.from_frames(
            *simulate_study(StudyParameters(), np.random.default_rng(seed))
        )
        difference = analyse(table, sections=()).estimate.difference
        assert difference is not None
        held += difference.ci_low <= 0 <= difference.ci_high
    assert held / 60 >= 0.86
