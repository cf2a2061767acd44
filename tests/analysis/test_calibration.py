"""Intervals hold the truth as often as they promise; those of common practice do not."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from app.analysis import VoteTable
from app.analysis.calibration import (
    SCENARIOS,
    Method,
    Quantity,
    Scenario,
    intervals,
    judge,
    limits,
)
from app.analysis.coverage import Interval, performance, seeds
from app.analysis.plots.calibration import coverage_chart
from app.analysis.simulate import StudyParameters, simulate_study, simulate_table

STUDIES, SEED = 80, 4
CHANCE = 0.001  # that a test fails although coverage is 93%
SMALL = replace(StudyParameters(), n_nonexperts=80, n_prompts=30)


@pytest.fixture(scope="module")
def judged():
    scenario = Scenario("small", "80 non-experts, 30 prompts", SMALL)
    truth = limits(scenario, np.random.default_rng(SEED), studies=100)
    found = [intervals(SMALL, np.random.default_rng(seed)) for seed in seeds(SEED, 0, STUDIES)]
    return judge(found, truth)


@pytest.mark.parametrize("quantity", Quantity)
def test_intervals_hold_the_truth_as_often_as_promised(judged, quantity):
    ours = judged[Method.OURS][quantity]
    least = binom.ppf(CHANCE, STUDIES, 0.93)
    assert round(ours.coverage.value * STUDIES) >= least


def test_difference_that_is_not_there_is_seldom_found(judged):
    found = judged[Method.OURS][Quantity.DIFFERENCE].rejection.value * STUDIES
    assert round(found) <= binom.ppf(1 - CHANCE, STUDIES, 0.07)


def test_taking_votes_for_independent_promises_too_much(judged):
    naive = judged[Method.NAIVE][Quantity.NONEXPERT].coverage.value
    assert naive < judged[Method.OURS][Quantity.NONEXPERT].coverage.value
    assert round(naive * STUDIES) < binom.ppf(0.01, STUDIES, 0.93)


def test_estimates_are_not_biased(judged):
    for quantity in Quantity:
        one = judged[Method.OURS][quantity]
        assert abs(one.bias) < 4 * one.bias_se


def test_performance_counts_what_the_intervals_hold():
    found = [Interval(0.5, 0.1, 0.9), Interval(0.1, -0.3, 0.5), Interval(1.0, 0.9, 1.1)]
    one = performance(found, truth=0.3)
    assert one.coverage.value == pytest.approx(2 / 3)
    assert one.rejection.value == pytest.approx(2 / 3)
    assert one.length == pytest.approx((0.8 + 0.8 + 0.2) / 3)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_arrays_drawn_are_the_study_that_is_drawn(scenario):
    parameters = replace(scenario.parameters, n_nonexperts=12, n_experts=5, median_votes=10.0)
    votes, poems = simulate_study(parameters, np.random.default_rng(8))
    named = VoteTable.from_frames(votes, poems)
    drawn = simulate_table(parameters, np.random.default_rng(8))
    assert named.sha256() == drawn.sha256()
    np.testing.assert_array_equal(named.context.seconds, drawn.context.seconds)


@pytest.mark.parametrize(
    ("name", "value"),
    [("dropout", 1.5), ("n_experts", -1), ("cross_prompt_share", -0.1), ("poem_sd", -1.0)],
)
def test_study_that_cannot_be_drawn_is_refused_by_name(name, value):
    with pytest.raises(ValueError, match=name):
        replace(StudyParameters(), **{name: value})


def test_chart_tells_a_screen_reader_what_it_shows():
    row = {"scenario": "base", "quantity": "experts", "coverage": 95.5, "se": 0.7}
    svg = coverage_chart([row | {"method": method} for method in ("ours", "by rater", "naive")])
    assert 'role="img"' in svg
    assert "Ours: base, experts: 95.5%." in svg
