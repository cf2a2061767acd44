"""Measures without a rater or a prompt are those of the votes without them."""

from dataclasses import replace

import numpy as np
import pytest

from app.analysis import Group, Options, Ties, VoteTable
from app.analysis.agreement import (
    alphas_without,
    choice_coincidences,
    choices_lost,
    krippendorff_alpha,
    pair_votes,
    told,
)
from app.analysis.diagnostics import group_votes
from app.analysis.left_out import jackknifed
from app.analysis.preference import sums
from app.analysis.reliability import ALPHA, HALVES, SAME, SEPARATION, reliability
from app.analysis.simulate import StudyParameters
from tests.analysis.studies import study

STUDY = StudyParameters(n_experts=10, n_nonexperts=12, n_prompts=8, fewest_votes=30)


@pytest.fixture(scope="module")
def table() -> VoteTable:
    return VoteTable.from_frames(*study(STUDY, seed=4))


def choices(table: VoteTable):
    votes = group_votes(table, Group.NONEXPERT, Ties.HALF)
    return pair_votes(table.left[votes.rows], table.right[votes.rows], votes.outcome, votes.rater)


def test_alpha_without_a_rater_is_that_of_the_votes_of_the_others(table):
    pairs = choices(table)
    each = choice_coincidences(pairs)
    lost = choices_lost(pairs, each)
    of_rater = np.column_stack([sums(lost.rater, column) for column in lost.told.T])
    found = alphas_without(told(each).sum(axis=0), of_rater)
    for rater in range(12):
        kept = pairs.rater != rater
        rest = pair_votes(pairs.low[kept], pairs.high[kept], pairs.share[kept], pairs.rater[kept])
        expected = krippendorff_alpha(choice_coincidences(rest).sum(axis=0))
        assert found[rater] == pytest.approx(expected)


def interval(table: VoteTable, measure: str) -> tuple[float, float, float]:
    found = reliability(table, Options(), np.random.default_rng(5))
    one = next(one for one in found if one.group is Group.NONEXPERT and one.measure == measure)
    assert one.value is not None
    assert one.low is not None
    assert one.high is not None
    return one.low, one.value, one.high


def test_interval_of_repeats_forgets_no_prompt():
    """Raters who are all alike, but true to themselves on some prompts and not on others."""
    table = VoteTable.from_frames(*study(replace(STUDY, poems_per_prompt=2), seed=4))
    n_pairs = len(table.poems)
    steady = table.prompt[table.left] % 2 == 0
    turn = np.zeros((len(table.raters), n_pairs, n_pairs), dtype=int)
    outcome = table.outcome.copy()
    for ix, (rater, left, right) in enumerate(
        zip(table.rater, table.left, table.right, strict=True)
    ):
        low, high = min(left, right), max(left, right)
        low_wins = steady[ix] or turn[rater, low, high] % 2 == 0
        outcome[ix] = float(low_wins == (left == low))
        turn[rater, low, high] += 1
    low, value, high = interval(replace(table, outcome=outcome), SAME)
    assert 0.2 < value < 0.8
    assert high - low > 0.4


@pytest.mark.parametrize("measure", [ALPHA, HALVES, SEPARATION])
def test_agreement_has_an_interval_that_holds_its_value(table, measure):
    low, value, high = interval(table, measure)
    assert low <= value <= high
    assert low < high


def test_interval_of_a_mean_over_prompts_is_that_of_a_t_test():
    values = np.array([0.2, 0.4, 0.9, 0.7, 0.3, 0.8])
    n = len(values)
    without = (values.sum() - values) / (n - 1)
    low, high = jackknifed(float(values.mean()), without)
    assert low is not None
    assert high is not None
    se = values.std(ddof=1) / np.sqrt(n)
    assert (high + low) / 2 == pytest.approx(values.mean())
    # t with at most n - 1 degrees of freedom
    assert high - low >= 2 * 2.57 * se


def test_two_clusters_give_no_interval():
    assert jackknifed(0.5, np.array([0.4, 0.6])) == (None, None)
