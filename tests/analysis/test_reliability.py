"""Agreement is what published examples and simulated truth say, and refused where unknown."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.analysis import Group, Options, Ties, VoteTable
from app.analysis.again import repeats
from app.analysis.agreement import (
    krippendorff_alpha,
    pair_votes,
    scale_separation,
    unit_coincidences,
)
from app.analysis.diagnostics import group_votes
from app.analysis.halves import split_half
from app.analysis.reliability import (
    ALPHA,
    HALVES,
    LEANING,
    LEFT,
    SAME,
    SAME_EXCHANGED,
    SEPARATION,
    reliability,
)
from app.analysis.reliability_part import reliability_part
from app.analysis.simulate import StudyParameters
from tests.analysis.studies import Frame, rows, study

SWAPPED = {"left": "right", "right": "left", "tie": "tie"}
STUDY = StudyParameters(n_experts=10, n_nonexperts=40, n_prompts=8, fewest_votes=30)
# Krippendorff (2011), section C: four observers, twelve units, five values; alpha .743.
PUBLISHED = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3),
    (0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0),
)


def measured(table: VoteTable, group: Group = Group.NONEXPERT) -> dict[Any, Any]:
    found = reliability(table, Options(), np.random.default_rng(5))
    return {(one.measure, one.layout): one for one in found if one.group is group}


@pytest.fixture(scope="module")
def frames() -> tuple[Frame, Frame]:
    return study(STUDY, seed=4)


@pytest.fixture(scope="module")
def table(frames: tuple[Frame, Frame]) -> VoteTable:
    return VoteTable.from_frames(*frames)


def published() -> tuple[Any, Any, Any]:
    given = [
        (unit, rater, value - 1)
        for rater, values in enumerate(PUBLISHED)
        for unit, value in enumerate(values)
        if value
    ]
    unit, rater, value = np.array(given).T
    return unit, rater, value


def test_alpha_is_that_of_the_published_example():
    found = krippendorff_alpha(unit_coincidences(*published(), 5).sum(axis=0))
    assert found == pytest.approx(0.743, abs=5e-4)


def test_a_rating_given_twice_by_the_same_rater_is_no_agreement():
    unit, rater, value = published()
    again = [np.concatenate([one, one]) for one in (unit, rater, value)]
    twice = unit_coincidences(again[0], again[1], again[2], 5)
    assert twice == pytest.approx(unit_coincidences(unit, rater, value, 5))


def test_alpha_is_nothing_where_all_ratings_are_alike():
    assert krippendorff_alpha(np.array([[8.0, 0.0], [0.0, 0.0]])) is None


def pairs_of(table: VoteTable, group: Group = Group.NONEXPERT) -> Any:
    votes = group_votes(table, group, Ties.HALF)
    return pair_votes(table.left[votes.rows], table.right[votes.rows], votes.outcome, votes.rater)


def drawn(sd: float, votes: int = 6000, seed: int = 3) -> tuple[Any, np.ndarray]:
    """Votes of 60 raters on 40 poems whose strengths spread by `sd`."""
    rng = np.random.default_rng(seed)
    strength = sd * rng.standard_normal(40)
    left = rng.integers(0, 40, votes)
    right = (left + rng.integers(1, 40, votes)) % 40
    won = rng.random(votes) < 1 / (1 + np.exp(strength[right] - strength[left]))
    return pair_votes(left, right, won.astype(float), rng.integers(0, 60, votes)), strength


def test_separation_is_the_share_of_the_spread_that_is_true():
    votes, strength = drawn(0.3)
    found = scale_separation(votes, np.arange(40))
    assert found.poems == 40
    # 6000 votes of information about 1/4 and two poems each: a variance of about 4 / 300
    true = strength.var() / (strength.var() + 4 * 40 / (2 * 6000))
    assert found.value == pytest.approx(true, abs=0.03)


def test_separation_of_poems_without_difference_is_about_nothing():
    found = scale_separation(drawn(0.0)[0], np.arange(40))
    assert found.value is not None
    assert found.value < 0.35


def test_poems_that_only_won_are_left_out():
    left, right = np.array([0, 1, 2, 3, 0]), np.array([1, 2, 0, 0, 3])
    votes = pair_votes(left, right, np.array([1.0, 1, 1, 1, 1]), np.zeros(5, int))
    found = scale_separation(votes, np.arange(4))
    assert (found.poems, found.left_out) == (4, 0)
    more = pair_votes(
        np.append(left, 4), np.append(right, 0), np.ones(6), np.zeros(6, dtype=np.int64)
    )
    found = scale_separation(more, np.arange(5))
    assert (found.poems, found.left_out) == (4, 1)


def test_split_half_foretells_the_reliability_of_all_raters():
    votes, strength = drawn(0.3)
    found = split_half(votes, np.arange(40), np.random.default_rng(1))
    assert found is not None
    true = strength.var() / (strength.var() + 4 * 40 / (2 * 6000))
    assert found.value == pytest.approx(true, abs=0.05)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high


def test_raters_who_choose_alike_agree_fully(frames):
    votes, poems = frames
    alike = [
        "left" if left < right else "right"
        for left, right in zip(votes["poem_left"], votes["poem_right"], strict=True)
    ]
    found = measured(VoteTable.from_frames({**votes, "choice": alike}, poems))
    assert found[ALPHA, ""].value == pytest.approx(1.0)
    assert found[SAME, ""].value == found[SAME_EXCHANGED, ""].value == 1.0
    assert found[HALVES, ""].value > 0.95
    assert found[LEANING, ""].value == 0.0


def test_raters_who_always_choose_left_are_seen_through(frames):
    votes, poems = frames
    found = measured(
        VoteTable.from_frames({**votes, "choice": ["left"] * len(votes["choice"])}, poems)
    )
    assert found[SAME_EXCHANGED, ""].value == 0.0
    assert found[LEANING, ""].value == 1.0
    assert found[LEFT, ""].value is None
    assert "one side" in found[LEFT, ""].reason


def test_repeats_are_counted_by_hand():
    # rater 0: the same pair, sides exchanged, left both times; rater 1: the same, not exchanged
    left, right = np.array([0, 1, 0, 0, 2]), np.array([1, 0, 1, 1, 3])
    found = repeats(pair_votes(left, right, np.array([1.0, 1, 0, 0, 1]), np.array([0, 0, 1, 1, 1])))
    assert found.rater.tolist() == [0, 1]
    assert found.same.tolist() == [0.0, 1.0]
    assert found.same_exchanged[0] == 0.0
    assert found.leaning[0] == 1.0
    assert np.isnan(found.leaning[1])


def values(table: VoteTable) -> dict[str, float]:
    flat = {}
    for one in reliability(table, Options(), np.random.default_rng(5)):
        for name in ("value", "low", "high"):
            if getattr(one, name) is not None:
                flat[f"{one.group} {one.measure} {one.layout} {name}"] = getattr(one, name)
    return flat


def test_order_and_names_change_nothing(frames, table):
    def backwards(names: list[str]) -> list[str]:
        return [f"{10**6 - int(name[1:])}x" for name in names]

    votes, poems = ({name: cells[::-1] for name, cells in frame.items()} for frame in frames)
    for column in ("rater_id", "poem_left", "poem_right", "vote_id"):
        votes[column] = backwards(votes[column])
    for column in ("poem_id", "prompt_id"):
        poems[column] = backwards(poems[column])
    assert values(VoteTable.from_frames(votes, poems)) == pytest.approx(values(table), abs=1e-9)


def test_exchanging_sides_turns_the_pull_of_the_side_alone(frames, table):
    votes, poems = frames
    swapped = {
        **votes,
        "poem_left": votes["poem_right"],
        "poem_right": votes["poem_left"],
        "choice": [SWAPPED[choice] for choice in votes["choice"]],
    }
    before, after = values(table), values(VoteTable.from_frames(swapped, poems))
    turned = {LEFT: 1.0, LEANING: 0.0}
    for key, value in before.items():
        total = next((sum_ for name, sum_ in turned.items() if name in key), None)
        if total is None:
            assert after[key] == pytest.approx(value, abs=1e-9)
        elif key.endswith("value"):
            assert after[key] == pytest.approx(total - value, abs=1e-9)


def test_pull_of_the_side_is_given_for_each_layout(frames):
    votes, poems = frames
    n = len(votes["vote_id"])
    layout = ["stacked" if ix % 2 else "beside" for ix in range(n)]
    choice = ["left" if ix % 2 and ix % 4 == 1 else c for ix, c in enumerate(votes["choice"])]
    found = measured(VoteTable.from_frames({**votes, "layout": layout, "choice": choice}, poems))
    stacked, beside = found[LEFT, "stacked"], found[LEFT, "beside"]
    assert stacked.low > beside.high
    assert beside.low < stacked.low < found[LEFT, "stacked"].value


def test_share_of_the_left_recovers_the_truth():
    quiet: Any = {
        "rater_position_sd": 0.0,
        "rater_rhyme_sd": 0.0,
        "poem_sd": 0.0,
        "poem_group_sd": 0.0,
        "prompt_rhyme_sd": 0.0,
        "tie_nu": 0.0,
        "log_tie_sd": 0.0,
    }
    parameters = replace(STUDY, position=0.5, rhyme_nonexpert=0.0, **quiet)
    found = measured(VoteTable.from_frames(*study(parameters)))
    one = found[LEFT, ""]
    assert one.low < 1 / (1 + np.exp(-0.5)) < one.high


def test_one_rater_gives_sentences(frames):
    votes, poems = frames
    first = next(
        r for r, g in zip(votes["rater_id"], votes["group"], strict=True) if g == "nonexpert"
    )
    alone = rows(votes, lambda ix: votes["rater_id"][ix] == first)
    found = measured(VoteTable.from_frames(alone, poems))
    for measure in (HALVES, ALPHA, LEFT):
        assert found[measure, ""].value is None
        assert found[measure, ""].reason.endswith(".")


def test_twelve_votes_give_a_sentence(frames):
    votes, poems = frames
    part = reliability_part(
        VoteTable.from_frames(rows(votes, lambda ix: ix < 12), poems), Options()
    )
    assert part.sentence.endswith(".")


def test_ties_alone_give_sentences(frames):
    votes, poems = frames
    ties = {**votes, "choice": ["tie"] * len(votes["choice"])}
    found = measured(VoteTable.from_frames(ties, poems))
    assert found[ALPHA, ""].value is None
    assert found[HALVES, ""].value is None
    assert found[SEPARATION, ""].value is None


def test_part_says_each_group_in_words_and_is_json(table):
    part = reliability_part(table, Options())
    assert "Among non-experts, two random halves" in part.sentence
    assert "the left poem was chosen in" in part.sentence
    again = json.dumps(reliability_part(table, Options()).as_dict())
    assert json.dumps(part.as_dict()) == again


def test_reader_is_told_which_intervals_are_too_narrow(table):
    notes = " ".join(reliability_part(table, Options()).notes)
    assert "scale separation" in notes
    assert "too narrow" in notes
