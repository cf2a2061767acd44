"""The difference between the groups in points of win share."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit

from app.analysis import Group, Options, Ties, Variance, Weights
from app.analysis.comparison import COMPARED, compare
from app.analysis.diagnostics import group_votes
from app.analysis.effects import estimate_difference, estimate_group
from app.analysis.simulate import StudyParameters, simulate_table

STUDY = StudyParameters(n_experts=30, n_nonexperts=60, n_prompts=20)


@pytest.fixture(scope="module")
def votes():
    table = simulate_table(STUDY, np.random.default_rng(5))
    return {group: group_votes(table, group, Ties.HALF) for group in COMPARED}


def win_share(side: float, theta: float) -> float:
    return float((expit(side + theta) + expit(theta - side)) / 2)


def test_independent_votes_give_the_interval_of_a_glm_by_the_delta_method_nearly(votes):
    found = compare(votes, (), Options(variance=Variance.NAIVE, weights=Weights.EQUAL)).difference
    assert found is not None
    shares, variances = [], []
    for group in COMPARED:
        x = sm.add_constant(votes[group].feature)
        fit = sm.GLM(votes[group].outcome, x, family=sm.families.Binomial()).fit()
        side, theta = fit.params
        step = 1e-5
        slope = (win_share(side, theta + step) - win_share(side, theta - step)) / (2 * step)
        shares.append(win_share(side, theta))
        variances.append(slope**2 * fit.cov_params()[1, 1])
    assert found.win_share == pytest.approx(shares[0] - shares[1], abs=1e-9)
    half = (found.win_share_ci_high - found.win_share_ci_low) / 2
    assert half == pytest.approx(1.96 * np.sqrt(sum(variances)), rel=0.02)


def test_difference_in_points_is_that_of_the_shares_shown(votes):
    found = compare(votes, ("n_lines",), Options())
    nonexpert, expert = (found.groups[group] for group in COMPARED)
    assert found.difference is not None
    assert nonexpert is not None
    assert expert is not None
    assert found.difference.win_share == pytest.approx(nonexpert.win_share - expert.win_share)
    assert found.difference.win_share_ci_low < found.difference.win_share
    assert found.difference.win_share < found.difference.win_share_ci_high


def test_share_near_its_end_gives_an_interval_as_lopsided(votes):
    one = estimate_group(votes[Group.NONEXPERT], ())
    other = estimate_group(votes[Group.EXPERT], ())
    wide = replace(other.effect, win_share=0.95, win_share_ci_low=0.45, win_share_ci_high=0.999)
    found = estimate_difference(one, replace(other, effect=wide))
    above = found.win_share_ci_high - found.win_share
    below = found.win_share - found.win_share_ci_low
    assert above > 0.4  # the expert's share may be .5 less
    assert below < 0.2
