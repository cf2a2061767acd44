"""Controlled and uncontrolled, side by side."""

from dataclasses import replace

import numpy as np
import pytest

from app.analysis import Group, Options, Ties, VoteTable, analyse
from app.analysis.controls import controlled, controls_part
from app.analysis.plots.controls import controls_chart
from app.analysis.simulate import draw_poems, draw_slots, simulate_study, simulate_votes
from tests.analysis.measured import AS_REPORTED, backwards, measured_study, numbers, swapped, table
from tests.analysis.studies import CONTROLS, SMALL, Frame, only_group, study


def test_a_row_for_nothing_each_control_and_all_of_them():
    found = controlled(table(*measured_study()), AS_REPORTED)
    names = ["nothing", *CONTROLS, "meter_regularity", "readability", "report", "more", "source"]
    assert [one.name for one in found] == names


def test_rows_are_the_reports_own_estimates():
    whole = table(*measured_study()).without_excluded()
    found = {one.name: one.comparison for one in controlled(whole, AS_REPORTED)}
    own = analyse(whole, AS_REPORTED, sections=())
    assert found["report"] == own.estimate
    assert found["nothing"] == own.unadjusted


def confounded(seed: int) -> tuple[Frame, Frame]:
    """Poems whose rhyme goes with their length, which alone is liked."""
    parameters = replace(
        SMALL,
        n_nonexperts=150,
        n_experts=60,
        n_prompts=40,
        rhyme_expert=0.0,
        rhyme_nonexpert=0.0,
        control_effects=(("n_lines", 0.12),),
    )
    rng = np.random.default_rng(seed)
    poems = draw_poems(parameters, rng)
    density = poems["rhyme_density"].astype(np.float64)
    poems["n_lines"] = 8 + 6 * density + rng.integers(0, 4, len(poems["poem_id"]))
    votes = simulate_votes(poems, draw_slots(poems, parameters, rng), parameters, rng)
    return votes, poems


def test_a_confounded_effect_goes_when_what_confounds_it_is_held_equal():
    """On average over studies: a single one strays by 0.25."""
    effects: dict[str, list[float]] = {"nothing": [], "n_lines": [], "words_per_line": []}
    for seed in range(4, 20):
        found = controlled(VoteTable.from_frames(*confounded(seed)), Options())
        for one in found:
            effect = one.comparison.groups[Group.NONEXPERT]
            if one.name in effects and effect is not None:
                effects[one.name].append(effect.log_odds)
    assert {len(values) for values in effects.values()} == {16}
    assert np.mean(effects["nothing"]) > 0.4
    assert np.mean(effects["words_per_line"]) > 0.4
    assert abs(np.mean(effects["n_lines"])) < 0.2


def test_the_source_is_held_equal_however_its_dummies_are_chosen():
    votes, poems = measured_study()
    renamed = {**poems, "source": [{"model a": "z"}.get(one, one) for one in poems["source"]]}
    before, after = (controls_part(table(votes, one), AS_REPORTED) for one in (poems, renamed))
    same = numbers(before.as_dict(), key="name")
    assert numbers(after.as_dict(), key="name") == pytest.approx(same, rel=1e-6)


def test_an_effect_that_is_the_sources_goes_when_the_source_is_held_equal():
    """One source rhymes more and is liked, rhyme or not."""
    votes, poems = simulate_study(
        replace(
            SMALL,
            n_nonexperts=150,
            n_experts=40,
            n_prompts=40,
            rhyme_expert=0.0,
            rhyme_nonexpert=0.0,
        ),
        np.random.default_rng(3),
    )
    rng = np.random.default_rng(5)
    good = rng.random(len(poems["poem_id"])) < 0.5
    chance = np.where(good, 0.85, 0.15)
    poems["rhyme_density"] = (rng.random(len(good)) < chance).astype(np.float64)
    poems["source"] = np.where(good, "good", "poor")
    of = dict(zip(poems["poem_id"].tolist(), good.astype(float).tolist(), strict=True))
    lead = np.array(
        [
            of[a] - of[b]
            for a, b in zip(votes["poem_left"].tolist(), votes["poem_right"].tolist(), strict=True)
        ]
    )
    left = rng.random(len(lead)) < 1 / (1 + np.exp(-1.5 * lead))
    votes["choice"] = np.where(left, "left", "right")
    found = {
        one.name: one.comparison.groups[Group.NONEXPERT]
        for one in controlled(VoteTable.from_frames(votes, poems, controls=()), Options())
    }
    nothing, source = found["nothing"], found["source"]
    assert nothing
    assert source
    assert nothing.win_share_ci_low > 0.55
    assert source.win_share_ci_low < 0.5 < source.win_share_ci_high


def test_order_sides_and_units_change_nothing():
    votes, poems = measured_study()
    before = numbers(controls_part(table(votes, poems), AS_REPORTED).as_dict(), key="name")
    scaled = {**poems, "readability": [1e4 * value - 3 for value in poems["readability"]]}
    for frames in ((backwards(votes), backwards(poems)), (swapped(votes), poems), (votes, scaled)):
        after = controls_part(table(*frames), AS_REPORTED)
        assert numbers(after.as_dict(), key="name") == pytest.approx(before, rel=1e-6)


def test_a_control_that_cannot_be_told_from_rhyme_is_a_note_not_a_number():
    votes, poems = measured_study()
    same = {**poems, "readability": [2 * value for value in poems["rhyme_density"]]}
    part = controls_part(table(votes, same), AS_REPORTED)
    row = next(row for row in part.rows if row["name"] == "readability")
    assert row["nonexpert"] is None
    assert any("cannot be told apart from readability" in note for note in part.notes)
    assert "no estimate" in controls_chart(part.as_dict())


def test_without_experts_the_others_are_shown_and_it_is_said():
    votes, poems = study()
    only = VoteTable.from_frames(only_group(votes, "nonexpert"), poems)
    part = controls_part(only, Options())
    assert not part.declined
    assert "for experts there is no estimate" in part.sentence
    assert all(row["expert"] is None for row in part.rows)


def test_a_study_of_ties_is_declined_in_a_sentence():
    votes, poems = study()
    votes["choice"] = ["tie"] * len(votes["choice"])
    part = controls_part(VoteTable.from_frames(votes, poems), Options())
    assert part.declined
    assert "ties" in part.sentence


def test_the_sentence_names_the_scale():
    whole = table(*measured_study())
    assert "% of choices (" in controls_part(whole, AS_REPORTED).sentence
    dropped = controls_part(whole, replace(AS_REPORTED, ties=Ties.DROP)).sentence
    assert "of choices that decide (" in dropped


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_chart_has_a_row_for_each_and_both_groups(width):
    part = controls_part(table(*measured_study()), AS_REPORTED).as_dict()
    svg = controls_chart(part, width=width)
    assert "Metre regularity" in svg
    assert "Experts" in svg
    assert "Non-experts" in svg
    assert "style=" not in svg
