"""Estimates taken together vary as they do alone; few clusters are corrected as in R."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.analysis import Group, Ties, Variance, VoteTable, Weights
from app.analysis.clusters import influence
from app.analysis.components import components
from app.analysis.cr2 import cr2
from app.analysis.diagnostics import group_votes
from app.analysis.joint import joint
from app.analysis.preference import fit_logit
from app.analysis.simulate import StudyParameters, simulate_study
from app.analysis.terms import fit_terms
from tests.analysis.studies import CONTROLS as SMALL_CONTROLS
from tests.analysis.studies import equal_fit
from tests.analysis.test_against_r import RUNS, reference, table

Floats = NDArray[np.float64]
__all__ = ["reference", "table"]  # fixtures
CROSSING = StudyParameters(
    n_experts=9, n_nonexperts=12, n_prompts=10, fewest_votes=20, cross_prompt_share=0.5
)


@pytest.fixture(scope="module")
def crossing():
    return VoteTable.from_frames(*simulate_study(CROSSING, np.random.default_rng(5)))


@pytest.mark.parametrize("variance", list(Variance))
def test_each_estimate_has_the_interval_it_has_alone(crossing, variance):
    one = equal_fit(crossing, Group.EXPERT, SMALL_CONTROLS)
    found = joint(one.x, one.fit, one.clusters, np.eye(4), variance=variance)
    votes = group_votes(crossing, Group.EXPERT, Ties.HALF)
    alone = fit_terms(
        votes,
        {"feature": votes.feature, **votes.controls},
        ("side", "feature", *SMALL_CONTROLS),
        weighted_for="feature",
        weights=Weights.EQUAL,
        variance=variance,
    )
    for value, spread, term in zip(found.value, found.spreads, alone.terms.values(), strict=True):
        assert value == pytest.approx(term.value, rel=1e-9)
        assert spread.variance == pytest.approx(term.spread.variance, rel=1e-8)
        assert spread.df == pytest.approx(term.spread.df, rel=1e-8)


def test_correlations_are_those_of_sums_and_differences(crossing):
    """cov(a, b) = (V(a + b) - V(a - b)) / 4, each from the influences on one combination."""
    one = equal_fit(crossing, Group.NONEXPERT, SMALL_CONTROLS)
    found = joint(one.x, one.fit, one.clusters, np.eye(4))

    def union(contrast: Floats) -> float:
        return components(influence(one.x, one.fit, one.clusters, contrast)).union

    axes = np.eye(4)
    covariance = np.array(
        [
            [(union(axes[i] + axes[j]) - union(axes[i] - axes[j])) / 4 for j in range(4)]
            for i in range(4)
        ]
    )
    assert np.linalg.eigvalsh(covariance).min() > 0  # nothing was set to 0
    se = np.sqrt(covariance.diagonal())
    assert found.correlation == pytest.approx(covariance / np.outer(se, se), abs=1e-8)


def test_draws_have_the_spread_and_correlation_they_are_drawn_from(crossing):
    one = equal_fit(crossing, Group.NONEXPERT, SMALL_CONTROLS)
    found = joint(one.x, one.fit, one.clusters, np.eye(4))
    draws = found.draws(40_000, np.random.default_rng(3))
    df = min(spread.df for spread in found.spreads)
    wanted = np.array([spread.variance for spread in found.spreads]) * df / (df - 2)
    assert draws.mean(axis=0) == pytest.approx(found.value, abs=0.01)
    assert draws.var(axis=0) == pytest.approx(wanted, rel=0.1)
    assert np.corrcoef(draws.T) == pytest.approx(found.correlation, abs=0.03)


@pytest.mark.shared
@pytest.mark.parametrize("run", RUNS, ids=[run[0] for run in RUNS])
@pytest.mark.parametrize("group", [Group.EXPERT, Group.NONEXPERT])
def test_few_clusters_are_corrected_as_in_clubsandwich(table, reference, run, group):
    name, controls, ties = run
    one = equal_fit(table, group, controls, ties)
    found = cr2(one.x, one.fit, one.clusters.rater, one.contrast)
    theirs = reference[name]["rater_CR2_clubSandwich"][group.value]["se"]
    df = reference[name]["rater_CR2_satt_df"][group.value]
    assert np.sqrt(found.variance) == pytest.approx(theirs, rel=1e-3)
    assert found.df == pytest.approx(df, rel=1e-3)


def test_few_clusters_are_corrected_as_the_definition_says():
    """The n x n matrices of Bell and McCaffrey, on columns multiplied by the root of p (1 - p)."""
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(60), rng.standard_normal(60)])
    cluster = rng.integers(0, 7, 60)
    fit = fit_logit(x, rng.integers(0, 2, 60).astype(float), np.ones(60))
    root = np.sqrt(fit.curvature)
    white, rest = x * root[:, None], fit.residual / root
    left_over = np.eye(60) - white @ np.linalg.solve(fit.hessian, white.T)
    contrast = np.array([0.0, 1.0])
    toward = white @ np.linalg.solve(fit.hessian, contrast)
    g = []
    for c in range(7):
        own = np.flatnonzero(cluster == c)
        values, axes = np.linalg.eigh(left_over[np.ix_(own, own)])
        g.append(left_over[:, own] @ (axes / np.sqrt(values)) @ axes.T @ toward[own])
    d, p = np.array([one @ rest for one in g]), np.array(g) @ np.array(g).T
    found = cr2(x, fit, cluster, contrast)
    assert found.variance == pytest.approx(d @ d, rel=1e-9)
    assert found.df == pytest.approx(np.trace(p) ** 2 / (p**2).sum(), rel=1e-9)
