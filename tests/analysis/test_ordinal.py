"""Ties as an outcome of their own, against hand results, SciPy, statsmodels and known truth."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit
from statsmodels.miscmodels.ordinal_model import OrderedModel

from app.analysis import Group, NotIdentified, Options, Ties, VoteTable, Weights, analyse
from app.analysis.diagnostics import group_votes
from app.analysis.effects import FEATURE, estimate_group
from app.analysis.ordinal import Likelihood, davidson, fit_ordinal, ordinal_terms, rao_kupper
from app.analysis.preference import Separated
from tests.analysis.studies import CONTROLS, SMALL, Frame, only_group, result, rows, study

ORDINAL = Options(ties=Ties.ORDINAL)


def votes_of(eta: Any, log_nu: float, rng: np.random.Generator) -> Any:
    """Choices drawn from Davidson's model."""
    weights = np.column_stack(
        [np.exp(eta / 2), np.full(len(eta), np.exp(log_nu)), np.exp(-eta / 2)]
    )
    shares = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    return 1 - (rng.random(len(eta))[:, None] > shares[:, :2]).sum(axis=1) / 2


@pytest.fixture(scope="module")
def sample():
    rng = np.random.default_rng(5)
    x = np.column_stack([np.ones(400), rng.normal(size=(400, 2))])
    x /= np.sqrt(np.mean(x**2, axis=0))
    y = votes_of(x @ np.array([0.2, 0.7, -0.4]), -0.5, rng)
    return x, y, rng.uniform(0.5, 2.0, size=400)


def test_of_the_side_alone_davidson_gives_the_odds_and_nu_by_hand():
    y = np.repeat([1.0, 0.5, 0.0], [50, 30, 20])
    fit = fit_ordinal(np.ones((100, 1)), y, np.ones(100))
    assert fit.coef[0] == pytest.approx(np.log(50 / 20), abs=1e-10)
    assert fit.tie == pytest.approx(np.log(30 / np.sqrt(50 * 20)), abs=1e-10)


def test_of_the_side_alone_rao_and_kupper_give_side_and_margin_by_hand():
    y = np.repeat([1.0, 0.5, 0.0], [50, 30, 20])
    fit = fit_ordinal(np.ones((100, 1)), y, np.ones(100), model=rao_kupper)
    left, right = np.log(50 / 50), np.log(20 / 80)
    assert fit.coef[0] == pytest.approx((left - right) / 2, abs=1e-10)
    assert fit.tie == pytest.approx(-(left + right) / 2, abs=1e-10)


@pytest.mark.parametrize("model", [davidson, rao_kupper])
def test_probabilities_of_the_three_outcomes_sum_to_one(model):
    eta = np.linspace(-5, 5, 21)
    total = sum(np.exp(model(eta, np.full(21, y), 0.4).value) for y in (0.0, 0.5, 1.0))
    assert total == pytest.approx(np.ones(21))


@pytest.mark.parametrize("model", [davidson, rao_kupper])
@pytest.mark.parametrize("y", [0.0, 0.5, 1.0])
def test_derivatives_are_those_of_the_likelihood(model, y):
    eta, tie, h = np.linspace(-3, 3, 7), 0.6, 1e-5
    outcome = np.full(7, y)

    def at(d_eta: float, d_tie: float) -> Likelihood:
        found: Likelihood = model(eta + d_eta, outcome, tie + d_tie)
        return found

    here, right, left = at(0, 0), at(h, 0), at(-h, 0)
    up, down = at(0, h), at(0, -h)
    assert here.by_eta == pytest.approx((right.value - left.value) / (2 * h), abs=1e-8)
    assert here.by_tie == pytest.approx((up.value - down.value) / (2 * h), abs=1e-8)
    assert here.eta_eta == pytest.approx((left.by_eta - right.by_eta) / (2 * h), abs=1e-8)
    assert here.eta_tie == pytest.approx((down.by_eta - up.by_eta) / (2 * h), abs=1e-8)
    assert here.tie_tie == pytest.approx((down.by_tie - up.by_tie) / (2 * h), abs=1e-8)


@pytest.mark.parametrize("model", [davidson, rao_kupper])
def test_fit_is_the_maximum_that_scipy_finds(sample, model):
    x, y, weight = sample
    fit = fit_ordinal(x, y, weight, model=model)

    def loss(at):
        return -float(weight @ model(x @ at[:-1], y, float(at[-1])).value)

    start = np.array([0.0, 0.0, 0.0, 0.5])
    found = minimize(
        loss,
        start,
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 20_000, "maxfev": 20_000},
    )
    assert [*fit.coef, fit.tie] == pytest.approx(found.x, abs=1e-6)
    assert fit.log_likelihood == pytest.approx(-found.fun, abs=1e-8)


def test_rao_kupper_is_the_ordered_logit_of_statsmodels(sample):
    x, y, _ = sample
    fit = fit_ordinal(x, y, np.ones(len(y)), model=rao_kupper)
    codes = np.round(2 * y).astype(int)
    found = OrderedModel(codes, x[:, 1:], distr="logit").fit(method="bfgs", disp=0, gtol=1e-8)
    assert fit.coef[1:] == pytest.approx(found.params[:2], abs=1e-5)
    low, high = found.model.transform_threshold_params(found.params)[1:3]
    assert fit.coef[0] == pytest.approx(-(low + high) / 2, abs=1e-5)
    assert fit.tie == pytest.approx((high - low) / 2, abs=1e-5)


@pytest.mark.parametrize("model", [davidson, rao_kupper])
def test_curvatures_of_the_votes_sum_to_the_hessian_and_scores_to_nothing(sample, model):
    x, y, weight = sample
    votes = fit_ordinal(x, y, weight, model=model).votes
    for i in range(4):
        assert votes.score[i].sum() == pytest.approx(0.0, abs=1e-8)
        for j in range(i, 4):
            assert votes.curvature(i, j).sum() == pytest.approx(votes.hessian[i, j], abs=1e-9)


def test_separated_choices_are_refused():
    x = np.column_stack([np.ones(60), np.tile([1.0, -1.0], 30)])
    y = np.where(x[:, 1] > 0, 1.0, 0.0)
    y[:10] = 0.5
    y[:10:2] = 1.0
    with pytest.raises(Separated):
        fit_ordinal(x, y, np.ones(60))


def table(frames: tuple[Frame, Frame]) -> VoteTable:
    return VoteTable.from_frames(*frames)


def test_influences_are_what_leaving_a_rater_out_does_to_the_estimate():
    votes, poems = study(replace(SMALL, fewest_votes=60))
    whole = table((votes, poems))
    own = group_votes(whole, Group.NONEXPERT, Ties.ORDINAL)
    columns = {FEATURE: own.feature}
    found = ordinal_terms(own, columns, (FEATURE,), weighted_for=FEATURE, weights=Weights.EQUAL)
    names = [whole.raters[ix] for ix in np.unique(whole.rater[own.rows])]
    for ix in (0, 5):
        kept = [name != names[ix] for name in votes["rater_id"]]
        part = group_votes(table((rows(votes, kept.__getitem__), poems)), own.group, Ties.ORDINAL)
        less = ordinal_terms(
            part, {FEATURE: part.feature}, (FEATURE,), weighted_for=FEATURE, weights=Weights.EQUAL
        )
        moved = found.coefficients[FEATURE] - less.coefficients[FEATURE]
        term = found.terms[FEATURE]
        assert term.influence.rater[ix] == pytest.approx(moved, rel=0.1, abs=0.004)


def test_effect_of_a_known_davidson_model_is_recovered():
    votes, poems = study(
        replace(
            SMALL,
            n_nonexperts=400,
            n_prompts=60,
            rhyme_nonexpert=0.8,
            rater_rhyme_sd=0.0,
            rater_position_sd=0.0,
            poem_sd=0.0,
            poem_group_sd=0.0,
            prompt_rhyme_sd=0.0,
            log_tie_sd=0.0,
            tie_nu=0.7,
            position=0.2,
        ),
        seed=8,
    )
    own = group_votes(table((votes, poems)), Group.NONEXPERT, Ties.ORDINAL)
    found = ordinal_terms(own, {FEATURE: own.feature}, (FEATURE,), weighted_for=FEATURE)
    rhyme = found.terms[FEATURE].coefficient
    assert rhyme.ci_low < 0.8 < rhyme.ci_high
    assert rhyme.ci_high - rhyme.ci_low < 0.25
    assert found.tie == pytest.approx(np.log(0.7), abs=0.08)
    assert found.coefficients["side"] == pytest.approx(0.2, abs=0.06)


def test_without_ties_the_ordinal_estimate_is_the_logit():
    votes, poems = study(replace(SMALL, tie_nu=0.0))
    assert result(votes, poems, ORDINAL)["groups"] == result(votes, poems)["groups"]


def test_ordinal_effect_lies_near_that_of_choices_that_decide():
    votes, poems = study(replace(SMALL, n_nonexperts=150, tie_nu=0.8))
    shares = {
        ties: result(votes, poems, Options(ties=ties))["groups"]["nonexpert"]["log_odds"]
        for ties in Ties
    }
    assert shares[Ties.ORDINAL] == pytest.approx(shares[Ties.DROP], abs=0.08)
    assert abs(shares[Ties.HALF]) < 0.85 * abs(shares[Ties.ORDINAL])


def test_intervals_forget_neither_raters_nor_prompts():
    own = group_votes(table(study()), Group.NONEXPERT, Ties.ORDINAL)
    found = estimate_group(own, CONTROLS, ties=Ties.ORDINAL).term
    half = estimate_group(own, CONTROLS).term
    assert found.spread.variance > 1.3 * found.naive.variance
    ratio = found.coefficient.log_odds / half.coefficient.log_odds
    assert found.coefficient.se == pytest.approx(ratio * half.coefficient.se, rel=0.2)
    assert found.spread.df == pytest.approx(half.spread.df, rel=0.25)


def test_order_sides_and_units_change_nothing():
    votes, poems = study(seed=3)
    before = result(votes, poems, ORDINAL)
    back = {name: cells[::-1] for name, cells in votes.items()}
    assert result(back, poems, ORDINAL)["groups"] == before["groups"]
    turned = {"left": "right", "right": "left", "tie": "tie"}
    swapped = {
        **votes,
        "poem_left": votes["poem_right"],
        "poem_right": votes["poem_left"],
        "choice": [turned[choice] for choice in votes["choice"]],
    }
    scaled = {**poems, "n_lines": [1e5 * value + 3 for value in poems["n_lines"]]}
    for frames in ((swapped, poems), (votes, scaled)):
        after = result(*frames, ORDINAL)
        for key in ("log_odds", "se", "df", "ci_low", "p_value"):
            assert after["difference"][key] == pytest.approx(before["difference"][key], rel=1e-6)


def test_the_sentence_says_that_ties_are_an_outcome():
    found = analyse(table(study()), ORDINAL, sections=())
    assert "ties being an outcome of their own" in found.sentence
    assert "counts as half" not in found.sentence


@pytest.mark.parametrize("choice", ["tie", "left"])
def test_votes_without_any_contrast_are_declined_in_a_sentence(choice):
    votes, poems = study()
    same = {**votes, "choice": [choice] * len(votes["choice"])}
    found = result(same, poems, ORDINAL)
    assert found["groups"]["nonexpert"] is None
    assert found["declined"]["nonexpert"].endswith(".")


def test_win_share_is_that_of_choices_that_decide():
    own = group_votes(table(study()), Group.NONEXPERT, Ties.ORDINAL)
    effect = estimate_group(own, (), ties=Ties.ORDINAL).effect
    shares = expit(effect.intercept + effect.log_odds) + expit(effect.log_odds - effect.intercept)
    assert effect.win_share == pytest.approx(shares / 2)


def test_one_rater_is_too_few():
    votes, poems = study()
    one = only_group(votes, "expert")
    first = one["rater_id"][0]
    alone = rows(one, lambda row: one["rater_id"][row] == first)
    own = group_votes(table((alone, poems)), Group.EXPERT, Ties.ORDINAL)
    with pytest.raises(NotIdentified, match="too few"):
        estimate_group(own, (), ties=Ties.ORDINAL)
