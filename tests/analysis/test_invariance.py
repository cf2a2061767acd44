"""What must not matter does not: sides, names, the order of rows, the units of a control."""

import json
from typing import Any

import pytest

from app.analysis import Options, Variance, Weights
from tests.analysis.studies import SMALL, Frame, result, study

SAME = 1e-9
SWAPPED = {"left": "right", "right": "left", "tie": "tie"}


@pytest.fixture(scope="module")
def original() -> tuple[Frame, Frame]:
    return study(SMALL, seed=3)


@pytest.fixture(scope="module")
def estimate(original: tuple[Frame, Frame]) -> dict[str, Any]:
    return result(*original)


def numbers(found: dict[str, Any], *, but: tuple[str, ...] = ()) -> dict[str, float]:
    """The numbers of both groups and of their difference, under one name each."""
    flat: dict[str, float] = {}
    for name, part in {**found["groups"], "difference": found["difference"]}.items():
        assert part is not None
        flat |= {f"{name} {k}": v for k, v in part.items() if isinstance(v, float) and k not in but}
    return flat


def test_order_of_the_rows_changes_no_digit(original, estimate):
    votes, poems = ({name: cells[::-1] for name, cells in frame.items()} for frame in original)
    assert json.dumps(result(votes, poems)) == json.dumps(estimate)


def test_exchanging_left_and_right_turns_only_the_side_effect(original, estimate):
    votes, poems = original
    swapped = {
        **votes,
        "poem_left": votes["poem_right"],
        "poem_right": votes["poem_left"],
        "choice": [SWAPPED[choice] for choice in votes["choice"]],
    }
    found = result(swapped, poems)
    same = numbers(estimate, but=("intercept",))
    assert numbers(found, but=("intercept",)) == pytest.approx(same, rel=SAME)
    for group, effect in found["groups"].items():
        turned = -estimate["groups"][group]["intercept"]
        assert effect["intercept"] == pytest.approx(turned, rel=SAME)


def test_other_names_for_raters_poems_and_prompts_change_nothing(original, estimate):
    def backwards(names: list[str]) -> list[str]:
        return [f"{10**6 - int(name[1:])}x" for name in names]

    votes, poems = original
    named = ("rater_id", "poem_left", "poem_right", "vote_id")
    renamed = {**votes, **{column: backwards(votes[column]) for column in named}}
    texts = {**poems, **{column: backwards(poems[column]) for column in ("poem_id", "prompt_id")}}
    found = result(renamed, texts)
    assert numbers(found) == pytest.approx(numbers(estimate), rel=SAME)


@pytest.mark.parametrize("factor", [1e-6, 3.7, 1e6])
def test_units_of_a_control_change_only_its_own_coefficient(original, estimate, factor):
    votes, poems = original
    scaled = {**poems, "n_lines": [factor * value + 5 for value in poems["n_lines"]]}
    found = result(votes, scaled)
    assert numbers(found) == pytest.approx(numbers(estimate), rel=1e-7)
    for group, effect in found["groups"].items():
        before = estimate["groups"][group]["coefficients"]["n_lines"]
        assert effect["coefficients"]["n_lines"] * factor == pytest.approx(before, rel=1e-7)


@pytest.mark.parametrize("weights", list(Weights))
@pytest.mark.parametrize("variance", list(Variance))
def test_units_of_the_feature_scale_the_effect_and_leave_the_test(original, weights, variance):
    votes, poems = original
    scaled = {**poems, "rhyme_density": [100 * value for value in poems["rhyme_density"]]}
    options = Options(weights=weights, variance=variance)
    before, after = result(votes, poems, options), result(votes, scaled, options)
    for key in ("log_odds", "se", "ci_low"):
        assert 100 * after["difference"][key] == pytest.approx(before["difference"][key], rel=1e-7)
    for key in ("p_value", "df"):
        assert after["difference"][key] == pytest.approx(before["difference"][key], rel=1e-7)


def test_exchanging_the_groups_turns_the_difference(original, estimate):
    votes, poems = original
    other = {"expert": "nonexpert", "nonexpert": "expert"}
    found = result({**votes, "group": [other[group] for group in votes["group"]]}, poems)
    assert found["groups"]["expert"] == estimate["groups"]["nonexpert"]
    turned = found["difference"]
    assert turned["log_odds"] == pytest.approx(-estimate["difference"]["log_odds"], rel=SAME)
    assert turned["se"] == pytest.approx(estimate["difference"]["se"], rel=SAME)


def test_poems_nobody_voted_on_and_other_columns_change_nothing(original, estimate):
    votes, poems = original
    more = {name: [*cells, cells[0]] for name, cells in poems.items()}
    more["poem_id"][-1] = "unseen"
    assert result({**votes, "note": ["x"] * len(votes["vote_id"])}, more) == estimate
