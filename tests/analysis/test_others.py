"""What else drives choices: each measure in rhyme's place."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from app.analysis import Group, Options, Ties, VoteTable, analyse
from app.analysis.diagnostics import group_votes
from app.analysis.others import other_effects, others_part
from app.analysis.plots.others import others_chart
from tests.analysis.measured import (
    AS_REPORTED,
    LARGER,
    MORE,
    backwards,
    measured_study,
    numbers,
    swapped,
    table,
)
from tests.analysis.studies import CONTROLS, SMALL, only_group, study


@pytest.fixture(scope="module")
def whole() -> VoteTable:
    liked = replace(LARGER, control_effects=(("n_lines", 0.15),))
    return table(*measured_study(liked, seed=2))


@pytest.fixture(scope="module")
def part(whole: VoteTable) -> dict[str, Any]:
    return others_part(whole, AS_REPORTED).as_dict()


def test_each_measure_gives_what_the_report_gives_with_it_as_the_feature():
    votes, poems = measured_study()
    counted = table(votes, poems).without_excluded()
    found = {one.column: one for one in other_effects(counted, AS_REPORTED)}
    for name in ("imagery", "n_lines"):
        held = tuple(control for control in CONTROLS if control != name)
        own = VoteTable.from_frames(votes, poems, feature=name, controls=CONTROLS)
        estimate = analyse(own, Options(adjust=held), sections=()).estimate
        effect = estimate.groups[Group.NONEXPERT]
        one = found[name].groups[Group.NONEXPERT]
        assert effect
        assert one
        sd = found[name].sd
        assert one.log_odds == pytest.approx(sd * effect.log_odds, rel=1e-9)
        assert one.ci_low == pytest.approx(sd * effect.ci_low, rel=1e-9)
        assert one.df == pytest.approx(effect.df, rel=1e-9)


def test_a_standard_deviation_is_that_of_the_differences_of_both_groups():
    whole = table(*measured_study())
    votes = [group_votes(whole, group, Ties.HALF) for group in (Group.EXPERT, Group.NONEXPERT)]
    together = np.concatenate([own.controls["imagery"] for own in votes])
    one = next(one for one in other_effects(whole, AS_REPORTED) if one.column == "imagery")
    assert one.sd == pytest.approx(np.sqrt(np.mean(together**2)))

    found = other_effects(whole, AS_REPORTED)
    others = found[1:]  # beside the feature itself
    raw = [one.p_value for effect in others for one in effect.groups.values() if one]
    adjusted = [p for effect in others for p in effect.adjusted_p.values()]
    assert adjusted == pytest.approx(multipletests(raw, method="fdr_bh")[1])
    assert len(raw) == 2 * (len(CONTROLS) + len(MORE))
    assert set(found[0].adjusted_p.values()) == {None}


def test_a_measure_that_drives_choices_is_named_and_the_others_are_not(part):
    assert "non-experts lean to poems with more number of lines;" in part["sentence"]
    assert "imagery" not in part["sentence"]
    assert [row["column"] for row in part["rows"]][:2] == ["rhyme_density", "n_lines"]


def test_order_sides_units_and_the_order_of_columns_change_nothing(whole, part):
    liked = replace(LARGER, control_effects=(("n_lines", 0.15),))
    votes, poems = measured_study(liked, seed=2)
    scaled = {**poems, "readability": [1e4 * value - 3 for value in poems["readability"]]}
    other = (*MORE[::-1], *CONTROLS)
    before = numbers(part, key="column")
    for after in (
        table(backwards(votes), poems),
        table(swapped(votes), poems),
        table(votes, poems, other),
    ):
        found = numbers(others_part(after, AS_REPORTED).as_dict(), key="column")
        assert found == pytest.approx(before, rel=1e-6)
    found = numbers(others_part(table(votes, scaled), AS_REPORTED).as_dict(), key="column")
    assert found.pop("readability sd") == pytest.approx(1e4 * before["readability sd"])
    assert found == pytest.approx({name: before[name] for name in found}, rel=1e-6)


def test_a_measure_that_never_differs_has_no_number():
    votes, poems = measured_study()
    flat = {**poems, "imagery": [0.5] * len(poems["imagery"])}
    part = others_part(table(votes, flat), AS_REPORTED)
    row = next(row for row in part.rows if row["column"] == "imagery")
    assert (row["nonexpert"], row["expert_p"]) == (None, None)
    assert "no estimate" in others_chart(part.as_dict())


def test_without_experts_it_is_said():
    votes, poems = measured_study()
    part = others_part(table(only_group(votes, "nonexpert"), poems), AS_REPORTED)
    assert "for experts there is no estimate" in part.sentence


def test_without_other_measures_or_votes_enough_it_is_declined():
    votes, poems = study(SMALL)
    assert others_part(VoteTable.from_frames(votes, poems, controls=()), Options()).declined
    few = {name: cells[:12] for name, cells in votes.items()}
    part = others_part(VoteTable.from_frames(few, poems), Options())
    assert part.declined
    assert "too few" in part.sentence


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_chart_has_a_row_for_each_measure(part, width):
    svg = others_chart(part, width=width)
    assert "Number of lines" in svg
    assert "Imagery" in svg
    assert "style=" not in svg
