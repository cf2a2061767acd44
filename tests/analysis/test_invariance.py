"""What must not matter does not: sides, names, the order of rows, the units of a control."""

import json
from typing import Any

import pytest

from app.analysis import Options, Variance, VoteTable, Weights, analyse
from tests.analysis.studies import SMALL, Frame, result, study
from tests.quick_reports import draw_few_studies

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


def exchanged(votes: Frame) -> Frame:
    return {
        **votes,
        "poem_left": votes["poem_right"],
        "poem_right": votes["poem_left"],
        "choice": [SWAPPED[choice] for choice in votes["choice"]],
    }


def renamed(votes: Frame, poems: Frame) -> tuple[Frame, Frame]:
    def backwards(names: list[str]) -> list[str]:
        return [f"{10**6 - int(name[1:])}x" for name in names]

    named = ("rater_id", "poem_left", "poem_right", "vote_id")
    return (
        {**votes, **{column: backwards(votes[column]) for column in named}},
        {**poems, **{column: backwards(poems[column]) for column in ("poem_id", "prompt_id")}},
    )


def test_exchanging_left_and_right_turns_only_the_side_effect(original, estimate):
    votes, poems = original
    found = result(exchanged(votes), poems)
    same = numbers(estimate, but=("intercept",))
    assert numbers(found, but=("intercept",)) == pytest.approx(same, rel=SAME)
    for group, effect in found["groups"].items():
        turned = -estimate["groups"][group]["intercept"]
        assert effect["intercept"] == pytest.approx(turned, rel=SAME)


def test_other_names_for_raters_poems_and_prompts_change_nothing(original, estimate):
    found = result(*renamed(*original))
    assert numbers(found) == pytest.approx(numbers(estimate), rel=SAME)


def test_no_sentence_of_a_report_hangs_on_names_or_sides(monkeypatch: pytest.MonkeyPatch):
    draw_few_studies(monkeypatch)
    votes, poems = study(SMALL, seed=3)
    others = {"renamed": renamed(votes, poems), "exchanged": (exchanged(votes), poems)}
    before = told(votes, poems)
    assert "power" in before
    for name, frames in others.items():
        after = told(*frames)
        of_sides = {"reliability"} if name == "exchanged" else set()
        for part, sentence in before.items():
            assert part in of_sides or after[part] == sentence, (name, part)


def told(votes: Frame, poems: Frame) -> dict[str, str]:
    found = analyse(VoteTable.from_frames(votes, poems))
    return {part.name: part.sentence for part in found.parts}


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
    named = {**poems, "latin": poems["rhyme_density"]}
    scaled = {**poems, "latin": [100 * value for value in poems["rhyme_density"]]}
    options = Options(weights=weights, variance=variance)
    before, after = (result(votes, one, options, feature="latin") for one in (named, scaled))
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
