"""Neutral is what was shown to be near a half, not what was not shown to be far from it."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from app.analysis import Options, VoteTable, analyse
from app.analysis.diagnostics import group_votes
from app.analysis.effects import GroupEffect, estimate_group, win_share
from app.analysis.multiplicity import TITLE
from app.analysis.neutrality import MARGINS, margin_log_odds, neutrality, neutrality_part
from app.analysis.options import Group, Ties
from app.analysis.simulate import StudyParameters
from app.analysis.wording import p_value
from tests.analysis.moderated import MODEST, frames

CONTROLS = ("n_lines", "words_per_line")


def effect(theta: float, se: float, df: float = 20.0, intercept: float = 0.1) -> GroupEffect:
    """An effect as the estimator gives it, with these numbers."""
    table = VoteTable.from_frames(*frames())
    found = estimate_group(group_votes(table, Group.EXPERT, Ties.HALF), CONTROLS).effect
    reach = stats.t.ppf(0.975, df) * se
    return replace(
        found,
        log_odds=theta,
        se=se,
        df=df,
        intercept=intercept,
        ci_low=theta - reach,
        ci_high=theta + reach,
        win_share=win_share(intercept, theta),
    )


@pytest.mark.parametrize("intercept", [-2.0, 0.0, 0.4])
@pytest.mark.parametrize("margin", MARGINS)
def test_the_margin_is_where_the_win_share_is_a_half_and_the_margin(margin, intercept):
    limit = margin_log_odds(margin, intercept)
    assert win_share(intercept, limit) == pytest.approx(0.5 + margin, abs=1e-12)
    assert win_share(intercept, -limit) == pytest.approx(0.5 - margin, abs=1e-12)


def test_the_two_tests_are_those_of_the_t_distribution():
    found = neutrality(effect(0.05, 0.07, 15.0))
    limit = margin_log_odds(0.05, 0.1)
    above = stats.t.sf((0.05 + limit) / 0.07, 15)
    below = stats.t.sf((limit - 0.05) / 0.07, 15)
    assert found.p_value == pytest.approx(max(above, below), rel=1e-9)
    assert found.low == pytest.approx(win_share(0.1, 0.05 - stats.t.ppf(0.95, 15) * 0.07))


@pytest.mark.parametrize("theta", np.linspace(-0.3, 0.3, 13))
@pytest.mark.parametrize("se", [0.02, 0.08, 0.13])
def test_a_group_is_neutral_exactly_when_its_90_percent_interval_lies_inside(theta, se):
    one = effect(float(theta), se)
    for margin in MARGINS:
        found = neutrality(one, margin)
        inside = 0.5 - margin < found.low and found.high < 0.5 + margin
        assert found.neutral == inside == (found.p_value < 0.05)


def test_a_wide_interval_around_a_half_is_no_neutrality():
    found = neutrality(effect(0.0, 0.4))
    assert (found.neutral, found.leans) == (False, 0)
    assert found.p_value > 0.3


def test_a_group_can_be_neutral_within_the_margin_and_lean():
    found = neutrality(effect(0.1, 0.03))
    assert (found.neutral, found.leans) == (True, 1)
    assert neutrality(effect(-0.1, 0.03)).leans == -1


def test_many_votes_without_an_effect_show_neutrality_in_words():
    calm = replace(
        MODEST,
        rhyme_expert=0.0,
        n_experts=80,
        median_votes=60.0,
        n_prompts=60,
        rater_rhyme_sd=0.0,
        prompt_rhyme_sd=0.0,
        poem_sd=0.0,
        poem_group_sd=0.0,
        rhyme_nonexpert=1.5,
    )
    part = neutrality_part(VoteTable.from_frames(*frames(calm, seed=11)), Options())
    assert "Experts can be called neutral about rhyme within 5 points by this test" in part.sentence
    experts = next(row for row in part.rows if row["group"] == "expert")
    assert "neutral within 5 points before correction" in str(experts["verdict"])
    assert f"{p_value(float(str(experts['p_value'])))} before correction" in part.sentence
    assert f"corrected for their number is told under “{TITLE}”" in part.sentence
    assert "Non-experts are not shown to be neutral: they lean toward rhyme" in part.sentence
    assert next(str(row["verdict"]) for row in part.rows if row["group"] == "expert").startswith(
        "neutral"
    )


@pytest.mark.parametrize("ties", Ties)
def test_neutrality_is_of_the_main_estimate_whatever_ties_are(ties):
    table, options = VoteTable.from_frames(*frames()), Options(ties=ties)
    main = analyse(table, options, sections=()).estimate
    part = neutrality_part(table, options)
    for group, effect in main.groups.items():
        own = next(row for row in part.rows if row["group"] == group)
        assert effect is not None
        assert own["win_share"] == pytest.approx(effect.win_share)
    of_what = "choices" if ties is Ties.HALF else "choices that decide"
    assert f"estimated share of {of_what} for" in part.sentence


def test_few_votes_without_an_effect_do_not():
    few = StudyParameters(
        n_experts=6, n_nonexperts=8, n_prompts=10, fewest_votes=20, rhyme_expert=0.0
    )
    part = neutrality_part(VoteTable.from_frames(*frames(few)), Options())
    experts = [row for row in part.rows if row["group"] == "expert"]
    assert not experts[0]["neutral"]
    assert "Experts are neither shown to be neutral about rhyme nor to lean either way" in (
        part.sentence
    )
