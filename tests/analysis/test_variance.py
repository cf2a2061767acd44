"""Votes that share a rater or a prompt count as related, checked by going through all pairs."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm

from app.analysis import Group, VoteTable
from app.analysis.clusters import Clusters, influence, logit_votes, moved
from app.analysis.components import components, difference_components
from app.analysis.precision import naive_variance, prompt_df, rater_df
from app.analysis.preference import fit_logit
from app.analysis.simulate import StudyParameters
from tests.analysis.studies import CONTROLS, Fitted, equal_fit, study

EXACT = 1e-12
CROSSING = StudyParameters(
    n_experts=7, n_nonexperts=9, n_prompts=8, fewest_votes=20, cross_prompt_share=0.5
)


@pytest.fixture(scope="module")
def table():
    votes, poems = study(CROSSING, seed=5)
    return VoteTable.from_frames(votes, poems)


@pytest.fixture(scope="module")
def fits(table):
    return {group: equal_fit(table, group, CONTROLS) for group in (Group.NONEXPERT, Group.EXPERT)}


def scores(one: Fitted) -> Any:
    """What each vote moves the rhyme coefficient, one at a time."""
    toward = np.linalg.inv(one.fit.hessian)[1]
    return np.array([toward @ row * e for row, e in zip(one.x, one.fit.residual, strict=True)])


def touched(one: Fitted) -> list[set[int]]:
    return [
        {left, right} for left, right in zip(one.clusters.left, one.clusters.right, strict=True)
    ]


def summed_over_pairs(moved: Any, related: Callable[[int, int], bool]) -> float:
    n = len(moved)
    return float(sum(moved[i] * moved[j] for i in range(n) for j in range(n) if related(i, j)))


def test_some_pairs_of_the_study_cross_prompts(fits):
    for one in fits.values():
        assert 0.2 < np.mean(one.clusters.left != one.clusters.right) < 0.8


@pytest.mark.parametrize("group", [Group.EXPERT, Group.NONEXPERT])
def test_uncorrected_variances_equal_sums_over_all_related_pairs_of_votes(fits, group):
    one = fits[group]
    moved, rater, prompts = scores(one), one.clusters.rater, touched(one)
    found = components(influence(one.x, one.fit, one.clusters, one.contrast, jackknife=False))
    by_rater = summed_over_pairs(moved, lambda i, j: rater[i] == rater[j])
    by_prompt = summed_over_pairs(moved, lambda i, j: bool(prompts[i] & prompts[j]))
    by_both = summed_over_pairs(
        moved, lambda i, j: rater[i] == rater[j] and bool(prompts[i] & prompts[j])
    )
    either = summed_over_pairs(
        moved, lambda i, j: rater[i] == rater[j] or bool(prompts[i] & prompts[j])
    )
    assert found.rater == pytest.approx(by_rater, abs=EXACT)
    assert found.prompt == pytest.approx(by_prompt, abs=EXACT)
    assert found.cells == pytest.approx(by_both, abs=EXACT)
    assert found.union == pytest.approx(either, abs=EXACT)


def test_variance_of_the_difference_equals_the_sum_over_pairs_of_both_groups(fits):
    non, expert = fits[Group.NONEXPERT], fits[Group.EXPERT]
    moved = np.concatenate([scores(non), -scores(expert)])
    rater = np.concatenate([non.clusters.rater, 1000 + expert.clusters.rater])
    prompts = touched(non) + touched(expert)
    one, other = (
        influence(fit.x, fit.fit, fit.clusters, fit.contrast, jackknife=False)
        for fit in (non, expert)
    )
    either = summed_over_pairs(
        moved, lambda i, j: rater[i] == rater[j] or bool(prompts[i] & prompts[j])
    )
    assert difference_components(one, other).union == pytest.approx(either, abs=EXACT)


@pytest.mark.parametrize("group", [Group.EXPERT, Group.NONEXPERT])
def test_jackknife_influences_follow_their_formula_cluster_by_cluster(fits, group):
    one = fits[group]
    found = influence(one.x, one.fit, one.clusters, one.contrast)

    def left_out(mine: Any) -> float:
        h = (one.x[mine] * one.fit.curvature[mine, None]).T @ one.x[mine]
        moved = np.linalg.solve(one.fit.hessian - h, one.x[mine].T @ one.fit.residual[mine])
        return float(moved[1])

    by_rater = [left_out(one.clusters.rater == ix) for ix in range(len(found.rater))]
    by_prompt = [
        left_out((one.clusters.left == ix) | (one.clusters.right == ix))
        for ix in range(one.clusters.n_prompts)
    ]
    assert found.rater == pytest.approx(np.array(by_rater), abs=EXACT)
    assert found.prompt == pytest.approx(np.array(by_prompt), abs=EXACT)
    g, p, parts = len(by_rater), one.clusters.n_prompts, components(found)
    assert parts.rater == pytest.approx((g - 1) / g * sum(d**2 for d in by_rater), abs=EXACT)
    pairs = (found.pair**2).sum()
    assert parts.prompt == pytest.approx(
        (p - 1) / p * (sum(d**2 for d in by_prompt) - pairs), abs=EXACT
    )
    assert parts.two_way >= max(parts.rater, parts.prompt)


@pytest.mark.parametrize("group", [Group.EXPERT, Group.NONEXPERT])
@pytest.mark.parametrize("jackknife", [True, False])
def test_many_combinations_of_one_fit_get_what_each_gets_alone(fits, group, jackknife):
    one = fits[group]
    together = moved(logit_votes(one.x, one.fit), one.clusters, jackknife=jackknife)
    for contrast in np.random.default_rng(2).normal(size=(20, one.x.shape[1])):
        apart = Clusters(
            one.clusters.rater, one.clusters.left, one.clusters.right, one.clusters.n_prompts
        )
        alone = influence(one.x, one.fit, apart, contrast, jackknife=jackknife)
        found = together.along(contrast)
        for name in ("rater", "prompt", "touched", "pair", "pair_prompts", "cells"):
            assert np.array_equal(getattr(found, name), getattr(alone, name)), name
        sum_of_units = sum(
            weight * influence(one.x, one.fit, apart, unit, jackknife=jackknife).rater
            for weight, unit in zip(contrast, np.eye(len(contrast)), strict=True)
        )
        assert found.rater == pytest.approx(sum_of_units, abs=EXACT)


@pytest.mark.parametrize("group", [Group.EXPERT, Group.NONEXPERT])
def test_clustered_standard_errors_agree_with_statsmodels(fits, group):
    one = fits[group]
    model = sm.GLM(one.y, one.x, family=sm.families.Binomial())
    theirs = model.fit(
        cov_type="cluster",
        cov_kwds={"groups": one.clusters.rater, "use_correction": False},
        tol=1e-12,
    )
    parts = components(influence(one.x, one.fit, one.clusters, one.contrast, jackknife=False))
    assert one.fit.coef == pytest.approx(theirs.params, abs=1e-8)
    assert np.sqrt(parts.rater) == pytest.approx(theirs.bse[1], rel=1e-6)


def test_a_rater_who_alone_identifies_a_column_is_flagged_and_gives_a_number():
    votes, poems = study(CROSSING, seed=5)
    poems["n_lines"] = [8.0] * len(poems["poem_id"])
    odd = votes["poem_left"][0]
    poems["n_lines"][poems["poem_id"].index(odd)] = 12.0
    rater = votes["rater_id"][0]
    keep = [
        r == rater or odd not in (a, b)
        for r, a, b in zip(votes["rater_id"], votes["poem_left"], votes["poem_right"], strict=True)
    ]
    table = VoteTable.from_frames(votes, poems, controls=("n_lines",))
    kept = dict(zip(votes["vote_id"], keep, strict=True))
    table = table.where(np.array([kept[name] for name in table.vote_ids]))
    one = equal_fit(table, Group(votes["group"][0]), ("n_lines",))
    found = influence(one.x, one.fit, one.clusters, one.contrast)
    assert found.singular
    assert np.isfinite(found.rater).all()


def test_equal_raters_have_degrees_of_freedom_one_less_than_their_number():
    assert rater_df(np.ones(12)) == pytest.approx(11)
    assert rater_df(np.array([1.0, 0, 0, 0])) == 1


def test_degrees_of_freedom_of_prompts_stay_below_their_number():
    assert prompt_df(np.ones(20), 20) == 19
    assert prompt_df(np.array([1.0, 0, 0, 0]), 4) == 1
    assert prompt_df(np.zeros(4), 4) == 1


def test_unequal_raters_have_fewer_degrees_of_freedom():
    assert rater_df(np.array([2.0, 1.0, 1.0])) == pytest.approx(16 / 6 - 1)


def test_naive_variance_with_unequal_weights_is_that_of_independent_votes(fits):
    one = fits[Group.EXPERT]
    weight = np.random.default_rng(1).uniform(0.5, 1.5, len(one.y))
    fit = fit_logit(one.x, one.y, weight)
    bread = np.linalg.inv(fit.hessian)
    chance = fit.curvature / weight  # p (1 - p)
    meat = (one.x * (weight**2 * chance)[:, None]).T @ one.x
    found = naive_variance(one.x, fit, one.contrast)
    assert found == pytest.approx((bread @ meat @ bread)[1, 1], rel=1e-10)
