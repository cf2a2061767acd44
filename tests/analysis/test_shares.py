"""What kinds of measures explain: against brute force, refits and known truth."""

import math
from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm

from app.analysis import Group, NotIdentified, Options, Ties, VoteTable
from app.analysis.bootstrap import Bootstrapped, pigeonhole
from app.analysis.diagnostics import GroupVotes, group_votes
from app.analysis.plots.shares import shares_chart
from app.analysis.preference import fit_logit
from app.analysis.shares import Shares, shapley_weights, shares
from app.analysis.shares_part import shares_part
from tests.analysis.measured import (
    AS_REPORTED,
    LARGER,
    backwards,
    measured_study,
    numbers,
    swapped,
    table,
)
from tests.analysis.studies import SMALL, Frame, study


def votes_of(whole: VoteTable, group: Group = Group.NONEXPERT) -> GroupVotes:
    return group_votes(whole, group, Ties.HALF)


def split(whole: VoteTable, seed: int = 1, draws: int = 200) -> Shares:
    return shares(votes_of(whole), rng=np.random.default_rng(seed), draws=draws)


@pytest.fixture(scope="module")
def whole() -> VoteTable:
    return table(*measured_study(LARGER))


@pytest.fixture(scope="module")
def found(whole: VoteTable) -> Shares:
    return split(whole)


@pytest.fixture(scope="module")
def part(whole: VoteTable) -> dict[str, Any]:
    return shares_part(whole, AS_REPORTED, rng=np.random.default_rng(1), draws=200).as_dict()


@pytest.mark.parametrize("n", [1, 3, 6])
def test_shapley_values_are_means_over_all_orders(n):
    values = np.random.default_rng(n).normal(size=2**n)
    by_order = np.zeros(n)
    for order in permutations(range(n)):
        before = 0
        for player in order:
            by_order[player] += values[before | 1 << player] - values[before]
            before |= 1 << player
    expected = by_order / math.factorial(n)
    assert shapley_weights(n) @ values == pytest.approx(expected)


def test_the_total_is_one_less_the_ratio_of_log_likelihoods_of_statsmodels():
    """Ties dropped, so that the outcome is the 0 or 1 that a logit takes."""
    whole = VoteTable.from_frames(*study())
    votes = group_votes(whole, Group.NONEXPERT, Ties.DROP)
    x = np.column_stack([votes.feature, *votes.controls.values()])
    fit = sm.Logit(votes.outcome, sm.add_constant(x)).fit(disp=0)
    found = shares(votes, rng=np.random.default_rng(1), draws=2)
    coin = -len(votes.outcome) * math.log(2)
    assert found.total_in_sample == pytest.approx(1 - fit.llf / coin, rel=1e-9)


def test_parts_sum_to_the_total(found):
    assert sum(found.in_sample.values()) == pytest.approx(found.total_in_sample)
    values = sum(one.value for one in found.blocks.values())
    assert values == pytest.approx(found.total.value)


def test_measures_are_sorted_into_their_blocks(found):
    assert found.measures == {
        "side": ("side",),
        "rhyme": ("rhyme_density",),
        "metre": ("meter_regularity",),
        "layout": ("n_lines", "words_per_line"),
        "style": ("readability", "imagery"),
        "source": ("source model a", "source model b"),
    }


def test_kinds_of_measures_are_those_that_the_table_names():
    votes, poems = measured_study(LARGER)
    poems = {
        **poems,
        "n_commas": [len(name) % 3 + n % 5 for n, name in enumerate(poems["poem_id"])],
    }
    named = {"rhyme_density": "rhyme", "n_commas": "layout", "imagery": "pictures"}
    controls = ("n_commas", "imagery", "readability")
    whole = VoteTable.from_frames(votes, poems, controls=controls, families=named)
    found = split(whole, draws=2).measures
    assert found["layout"] == ("n_commas",)
    assert found["pictures"] == ("imagery",)
    assert found["style"] == ("readability",)


def test_weights_are_products_of_counts_of_raters_and_prompts(whole):
    votes = votes_of(whole)
    drawn = pigeonhole(votes, 50, np.random.default_rng(2))
    weights = np.concatenate([one for _, one in drawn.weights()], axis=1)
    vote = 17
    expected = drawn.rater[:, votes.rater[vote]] * drawn.prompt[:, votes.left[vote]]
    assert votes.left[vote] == votes.right[vote]
    assert weights[:, vote] == pytest.approx(expected)
    assert drawn.rater.sum(axis=1) == pytest.approx(np.full(50, drawn.rater.shape[1]))


def test_a_vote_across_prompts_weighs_as_both_were_drawn():
    votes = votes_of(VoteTable.from_frames(*study(replace(SMALL, cross_prompt_share=1.0))))
    vote = int(np.flatnonzero(votes.left != votes.right)[0])
    drawn = pigeonhole(votes, 50, np.random.default_rng(2))
    _, weights = next(drawn.weights())
    left, right = votes.left[vote], votes.right[vote]
    expected = drawn.rater[:, votes.rater[vote]] * drawn.prompt[:, left] * drawn.prompt[:, right]
    assert weights[:, vote] == pytest.approx(expected)


def test_one_newton_step_is_as_good_as_fitting_each_draw():
    """The total's interval, against one whose every draw is fitted to the end."""
    votes = votes_of(VoteTable.from_frames(*study(LARGER)))
    found = shares(votes, rng=np.random.default_rng(3), draws=100)
    drawn = pigeonhole(votes, 100, np.random.default_rng(3))
    weights = np.concatenate([one for _, one in drawn.weights()], axis=1)
    x = np.column_stack([np.ones(len(votes.outcome)), votes.feature, *votes.controls.values()])
    x /= np.sqrt(np.mean(x**2, axis=0))
    exact = []
    for weight in weights:
        kept = weight > 0
        own, y, w = x[kept], votes.outcome[kept], weight[kept]
        eta = own @ fit_logit(own, y, w).coef
        exact.append(1 + w @ (y * eta - np.logaddexp(0, eta)) / (w.sum() * math.log(2)))
    low, high = np.quantile(exact, [0.025, 0.975])
    assert found.total.high - found.total.low == pytest.approx(high - low, rel=0.03)


def test_what_explains_nothing_comes_out_around_nothing():
    parameters = replace(SMALL, n_nonexperts=60, n_prompts=20, rhyme_nonexpert=0.0, position=0.0)
    totals = [split(table(*measured_study(parameters, seed)), draws=100) for seed in range(20)]
    corrected = np.array([one.total.value for one in totals])
    fitted = np.array([one.total_in_sample for one in totals])
    assert abs(corrected.mean()) < 0.35 * fitted.mean()
    assert sum(one.shown for one in totals) <= 2


def test_intervals_hold_what_a_very_large_study_shows():
    parameters = replace(SMALL, n_nonexperts=100, n_prompts=30, rhyme_nonexpert=0.8)
    large = replace(parameters, n_nonexperts=1500, n_prompts=500)
    truth = split(VoteTable.from_frames(*study(large)), draws=2).in_sample["rhyme"]
    found = [split(VoteTable.from_frames(*study(parameters, seed))) for seed in range(30)]
    held = sum(one.blocks["rhyme"].low <= truth <= one.blocks["rhyme"].high for one in found)
    assert held >= 26


def test_measures_of_nothing_are_hidden_with_a_sentence():
    parameters = replace(SMALL, rhyme_expert=0.0, rhyme_nonexpert=0.0, position=0.0)
    whole = table(*measured_study(parameters))
    part = shares_part(whole, AS_REPORTED, rng=np.random.default_rng(1), draws=200)
    assert part.declined
    assert "the 95% interval of what all of them explain reaches 0" in part.sentence


def test_more_measures_than_votes_can_tell_apart_are_declined():
    votes, poems = measured_study()
    few = {name: cells[:90] for name, cells in votes.items()}
    few["group"] = ["nonexpert"] * 90
    with pytest.raises(NotIdentified, match=r"too few to tell 8 measures apart; at least 90"):
        split(table({name: cells[:80] for name, cells in few.items()}, poems))


def test_separated_choices_are_declined():
    votes, poems = study()
    density = dict(zip(poems["poem_id"], poems["rhyme_density"], strict=True))
    sides = zip(votes["poem_left"], votes["poem_right"], strict=True)
    votes["choice"] = ["left" if density[a] > density[b] else "right" for a, b in sides]
    with pytest.raises(NotIdentified, match="without exception"):
        split(VoteTable.from_frames(votes, poems))


def renamed(names: list[str]) -> dict[str, str]:
    """Other names, in another order."""
    return {name: f"z{99_999 - 7 * ix}" for ix, name in enumerate(sorted(set(names)))}


def with_other_names(votes: Frame, poems: Frame) -> tuple[Frame, Frame]:
    raters, poem = renamed(votes["rater_id"]), renamed(poems["poem_id"])
    prompts, vote = renamed(poems["prompt_id"]), renamed(votes["vote_id"])
    new = {
        **votes,
        "vote_id": [vote[name] for name in votes["vote_id"]],
        "rater_id": [raters[name] for name in votes["rater_id"]],
        "poem_left": [poem[name] for name in votes["poem_left"]],
        "poem_right": [poem[name] for name in votes["poem_right"]],
    }
    names = {
        "poem_id": [poem[name] for name in poems["poem_id"]],
        "prompt_id": [prompts[name] for name in poems["prompt_id"]],
    }
    return new, poems | names


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_names_of_raters_prompts_poems_and_votes_change_nothing(share):
    votes, poems = measured_study(replace(LARGER, cross_prompt_share=share))
    before, after = split(table(votes, poems)), split(table(*with_other_names(votes, poems)))
    for name, one in before.blocks.items():
        other = after.blocks[name]
        ends = (one.value, one.low, one.high)
        assert (other.value, other.low, other.high) == pytest.approx(ends, abs=1e-9)


def test_order_sides_names_and_units_change_nothing(found):
    votes, poems = measured_study(LARGER)
    scaled = {**poems, "readability": [1e4 * value - 3 for value in poems["readability"]]}
    for frames in (
        (backwards(votes), backwards(poems)),
        (swapped(votes), poems),
        (votes, scaled),
        with_other_names(votes, poems),
    ):
        after = split(table(*frames))
        for name, one in found.blocks.items():
            assert after.blocks[name].value == pytest.approx(one.value, abs=1e-9)
            assert after.blocks[name].low == pytest.approx(one.low, abs=1e-9)


def test_progress_runs_over_the_votes_of_both_groups(whole):
    seen: list[tuple[int, int]] = []
    rng = np.random.default_rng(1)
    shares_part(whole, Options(), rng=rng, draws=2, progress=lambda *done: seen.append(done))
    n = len(whole.vote_ids)
    assert seen[-1] == (n, n)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_the_part_says_what_explains_most_and_where_nothing_is_known(part):
    assert part["sentence"].startswith("For non-experts, all measures together explain")
    assert "the largest part falls to rhyme" in part["sentence"]
    assert [row["block"] for row in part["rows"]][:2] == ["all", "rhyme"]
    blocks = numbers(part, key="block")
    assert blocks["rhyme nonexpert_low"] > 0


def test_a_part_larger_than_the_whole_is_explained_and_no_other(part, whole, monkeypatch):
    clause = "more than the whole, since other parts come out below 0"
    found = {row["block"]: row["nonexpert"] for row in part["rows"]}
    exceeds = max(value for name, value in found.items() if name != "all") > found["all"]
    assert (clause in part["sentence"]) is exceeds
    given = split(whole)
    for total in (0.071, 0.2):
        blocks = dict.fromkeys(given.blocks, Bootstrapped(-0.001, -0.01, 0.01))
        blocks["rhyme"] = Bootstrapped(0.073, 0.04, 0.1)
        one = replace(given, total=Bootstrapped(total, 0.04, 0.3), blocks=blocks)
        monkeypatch.setattr("app.analysis.shares_part.shares", lambda *_, one=one, **__: one)
        told = shares_part(whole, AS_REPORTED, rng=np.random.default_rng(1)).sentence
        assert (clause in told) is (total < 0.073)


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_chart_has_a_row_for_each_kind(part, width):
    svg = shares_chart(part, width=width)
    for name in ("All", "Rhyme", "Layout", "Source"):
        assert name in svg
    assert "style=" not in svg
