"""Choices by the size of the difference: bins that assume nothing, and a test of straightness."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.analysis import Options, VoteTable, Weights
from app.analysis.diagnostics import GroupVotes, group_votes
from app.analysis.dose import dose_part
from app.analysis.dose_response import EDGES, bin_edges, dose
from app.analysis.options import Group, Ties
from tests.analysis.moderated import cells, frames, modest
from tests.analysis.studies import rows, study

EQUAL = Options(weights=Weights.EQUAL)


def drawn(
    effect: Callable[[Any], Any],
    *,
    n: int = 6000,
    seed: int = 1,
    values: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
) -> VoteTable:
    """Votes whose log odds are a known function of the difference, with nothing else at work."""
    rng = np.random.default_rng(seed)
    poems = {
        "poem_id": [f"p{ix}" for ix in range(200)],
        "prompt_id": [f"q{ix // 4}" for ix in range(200)],
        "rhyme_density": rng.choice(values, 200).tolist(),
    }
    left = rng.integers(0, 200, n)
    right = 4 * (left // 4) + (left % 4 + rng.integers(1, 4, n)) % 4
    density = np.array(poems["rhyme_density"])
    d = density[left] - density[right]
    wins = rng.random(n) < 1 / (1 + np.exp(-np.sign(d) * effect(np.abs(d))))
    votes = {
        "vote_id": [f"v{ix}" for ix in range(n)],
        "rater_id": [f"r{ix % 60}" for ix in range(n)],
        "group": ["nonexpert"] * n,
        "poem_left": [f"p{ix}" for ix in left],
        "poem_right": [f"p{ix}" for ix in right],
        "choice": np.where(wins, "left", "right").tolist(),
    }
    return VoteTable.from_frames(votes, poems, controls=())


def nonexperts(table: VoteTable) -> GroupVotes:
    return group_votes(table, Group.NONEXPERT, Ties.HALF)


def test_bins_recover_a_step_and_the_bend_says_that_it_levels_off():
    found = dose(nonexperts(drawn(lambda size: 0.8 * (size > 0))), EDGES, (), EQUAL)
    truth = 1 / (1 + np.exp(-0.8))
    assert [one.up_to for one in found.bins] == [0.25, 0.5, 0.75, 1.0]
    for one in found.bins:
        assert one.share.low < truth < one.share.high
    assert found.bend is not None
    assert found.bend.ci_high < 0


def test_a_straight_line_is_not_called_bent_and_lies_in_the_band():
    found = dose(nonexperts(drawn(lambda size: 1.2 * size, seed=2)), EDGES, (), EQUAL)
    assert found.bend is not None
    assert found.bend.p_value > 0.05
    assert found.curve[0] == (0.0, found.curve[0][1])
    for size, share in found.curve[1:]:
        assert share.low < 1 / (1 + np.exp(-1.2 * size)) < share.high


def test_the_band_of_a_curve_that_levels_off_holds_it():
    table = drawn(lambda size: 2.6 * size - 1.8 * size**2, seed=6, n=20_000)
    found = dose(nonexperts(table), EDGES, (), EQUAL)
    assert found.bend is not None
    assert found.bend.ci_low < -1.8 < found.bend.ci_high < 0
    for size, share in found.curve[1:]:
        assert share.low < 1 / (1 + np.exp(-2.6 * size + 1.8 * size**2)) < share.high


def test_bins_are_those_of_a_logit_with_one_column_each():
    sm = pytest.importorskip("statsmodels.api")
    votes = nonexperts(drawn(lambda size: size, seed=3))
    found = dose(votes, EDGES, (), EQUAL)
    d, low = votes.feature, np.array([0, *EDGES[:-1]]) + 1e-9
    size = np.abs(d)
    columns = [
        np.sign(d) * ((size > a) & (size <= b + 1e-9)) for a, b in zip(low, EDGES, strict=True)
    ]
    x = np.column_stack([np.ones(len(d)), *columns])
    params = sm.GLM(votes.outcome, x, family=sm.families.Binomial()).fit().params
    for one, theta in zip(found.bins, params[1:], strict=True):
        expected = (1 / (1 + np.exp(-params[0] - theta)) + 1 / (1 + np.exp(params[0] - theta))) / 2
        assert one.share.value == pytest.approx(expected, rel=1e-6)
    assert sum(one.votes for one in found.bins) == int((d != 0).sum())


def test_bins_with_few_votes_are_put_together_and_empty_ones_left_out():
    table = drawn(lambda size: size, n=240, seed=4, values=(0.0, 0.1, 1.0))
    found = dose(nonexperts(table), EDGES, (), EQUAL)
    assert all(one.votes >= 30 for one in found.bins)
    kinds = [
        (one.over, one.up_to)
        for one in dose(
            nonexperts(drawn(lambda size: size, values=(0.0, 1.0))), EDGES, (), EQUAL
        ).bins
    ]
    assert kinds == [(0.75, 1.0)]


def test_a_single_size_gives_one_bin_and_no_curve():
    found = dose(nonexperts(drawn(lambda size: size, values=(0.0, 1.0))), EDGES, (), EQUAL)
    assert (found.bend, found.curve) == (None, ())


def test_other_features_have_quartiles_whatever_their_unit():
    sizes = np.arange(1.0, 101.0)
    assert bin_edges("n_lines", sizes) == (25.0, 50.0, 75.0, 100.0)
    assert bin_edges("n_lines", np.ones(8)) == (1.0,)
    votes, poems = study(seed=2)
    table = VoteTable.from_frames(votes, poems, feature="n_lines", controls=("rhyme_density",))
    thousand = {**poems, "n_lines": [1000 * n for n in poems["n_lines"]]}
    scaled = VoteTable.from_frames(votes, thousand, feature="n_lines", controls=("rhyme_density",))
    one, other = dose_part(table, Options()), dose_part(scaled, Options())
    assert [row["share"] for row in other.rows] == pytest.approx([row["share"] for row in one.rows])
    assert "the poem with the higher number of lines" in one.sentence


def test_the_sentence_gives_the_smallest_and_the_largest_difference():
    part = modest()["dose"]
    assert "Experts choose the more rhymed poem in an estimated" in part.sentence
    lay = [row for row in cells(part) if row["group"] == "nonexpert"]
    for row in (lay[0], lay[-1]):
        share, low, high = (
            f"{100 * row[key]:.0f}" for key in ("share", "share_ci_low", "share_ci_high")
        )
        assert f"{share}% ({low} to {high})" in part.sentence
        assert f"by {row['difference']}" in part.sentence
    assert {test["part"] for test in part.data["tests"]} == {"dose"}


def test_an_empty_group_is_said_to_be_missing():
    votes, poems = frames()
    nobody = rows(votes, lambda ix: False)
    assert dose_part(VoteTable.from_frames(nobody, poems), Options()).sentence == (
        "Nobody has voted yet."
    )
