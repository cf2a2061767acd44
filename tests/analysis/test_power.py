"""Power by drawing studies again and again, what more it would take, and its part of a report."""

import csv
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.analysis import Options, Ties, VoteTable, analyse
from app.analysis.additions import Goal, More, additions, additions_in_words, enlarged
from app.analysis.draws import NO_PROMPT, PoemArrays
from app.analysis.parts import Part
from app.analysis.planning import Plan, draw_study, plan_of_poems, plan_of_votes, poems_of_frame
from app.analysis.plots.power import planning_chart, power_chart
from app.analysis.points import effect_of_points, in_points, marginal_share, tie_share
from app.analysis.power import (
    Power,
    expected_power,
    power_of,
    simulated_differences,
    smallest_difference,
    true_difference,
)
from app.analysis.sections import SECTIONS
from app.analysis.simulate import StudyParameters, simulate_table
from app.analysis.variation import variation_of
from tests.analysis.studies import SMALL
from tests.shared_data import shared_data

FIELDS = ("position", "tie_nu", "rater_position_sd", "rater_rhyme_sd", "poem_sd", "poem_group_sd")
WORKED = {10: 0.22, 20: 0.52, 40: 0.69, 80: 0.91, 160: 0.97}
WORKED_RUNS = 100  # not on record; so many at most


def small_plan(**changes: Any) -> Plan:
    parameters = replace(SMALL, n_experts=10, n_nonexperts=20, **changes)
    return Plan(parameters).with_votes(20).with_effect(0.8)


def reckoned(plan: Plan, *, runs: int = 40, options: Options | None = None) -> Power:
    drawn = simulated_differences(plan, runs=runs, options=options)
    return power_of(plan, [one[plan.parameters.n_experts] for one in drawn])


def part_of(table: VoteTable) -> Part:
    section = next(one for one in SECTIONS if one.name == "power")
    return analyse(table, sections=(section,)).parts[0]


def study_null() -> Plan:
    with (shared_data() / "study_null" / "poems.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    poems = poems_of_frame(
        {name: [row[name] for row in rows] for name in rows[0]},
        ("rhyme_density", "n_lines", "words_per_line"),
    )
    return plan_of_poems(poems, StudyParameters(n_nonexperts=300)).with_effect(0.5)


def worked(runs: int, experts: tuple[int, ...]) -> None:
    """Within three standard errors of both simulations."""
    drawn = list(simulated_differences(study_null(), experts=experts, runs=runs))
    for count in experts:
        plan = replace(study_null().parameters, n_experts=count)
        seen = power_of(Plan(plan), [one[count] for one in drawn]).power
        truth = WORKED[count]
        error = math.sqrt(truth * (1 - truth) * (1 / runs + 1 / WORKED_RUNS))
        assert abs(seen - truth) < 3 * error, count


def test_few_studies_agree_with_the_worked_numbers():
    worked(25, (10, 40, 160))


@pytest.mark.slow
def test_many_studies_agree_with_the_worked_numbers():
    worked(300, tuple(WORKED))


def test_conditional_difference_of_a_half_is_nine_points():
    assert 100 * marginal_share(0.5, StudyParameters()) - 50 == pytest.approx(9.0, abs=0.1)
    assert effect_of_points(9.02, StudyParameters()) == pytest.approx(0.5, abs=0.01)


def test_share_of_an_effect_is_what_drawn_choices_have():
    parameters = StudyParameters(n_nonexperts=400, n_experts=3, rhyme_nonexpert=1.0, tie_nu=0.6)
    table = simulate_table(parameters, np.random.default_rng(1))
    difference = table.values[table.left, 0] - table.values[table.right, 0]
    rhymed = np.where(difference > 0, table.outcome, 1 - table.outcome)[abs(difference) == 1]
    assert rhymed.mean() == pytest.approx(marginal_share(1.0, parameters), abs=0.03)
    ties = (table.outcome == 0.5).mean()
    assert ties == pytest.approx(tie_share(parameters), abs=0.02)


@pytest.mark.parametrize("points", [-1, 45, 60])
def test_points_that_cannot_be_are_refused(points: float):
    with pytest.raises(ValueError, match="it must be 0 to"):
        effect_of_points(points, StudyParameters())


def test_power_without_a_difference_is_the_level_of_the_test():
    found = reckoned(small_plan().with_effect(0.0), runs=60)
    assert found.power_low < 0.05 < found.power_high
    assert found.expected == pytest.approx(0.05, abs=1e-6)
    assert found.points == pytest.approx(0.0, abs=1e-9)


def test_power_by_standard_errors_agrees_with_the_studies_counted():
    found = reckoned(small_plan(), runs=150)
    assert found.power_low < found.expected < found.power_high
    assert 0.2 < found.power < 0.9


def test_estimates_of_drawn_studies_tend_to_the_difference_they_were_drawn_with():
    plan = small_plan()
    drawn = [one[10] for one in simulated_differences(plan, runs=60)]
    values = np.array([one.log_odds for one in drawn if one is not None])
    error = values.std(ddof=1) / math.sqrt(len(values))
    assert abs(values.mean() - true_difference(plan)) < 3 * error


def test_same_seed_gives_the_same_power_and_another_does_not():
    plan = small_plan()
    one, again, other = (
        [found[10] for found in simulated_differences(plan, runs=5, seed=seed)]
        for seed in (1, 1, 2)
    )
    assert one == again != other


def test_first_experts_of_many_are_fewer_experts():
    plan = small_plan()
    drawn = list(simulated_differences(plan, experts=(5, 10, 40), runs=12))
    widths = [
        np.mean([one[n].se for one in drawn if one[n] is not None])  # type: ignore[union-attr]
        for n in (5, 10, 40)
    ]
    assert widths[0] > widths[1] > widths[2]


def test_studies_too_small_for_an_estimate_see_nothing():
    found = reckoned(small_plan().with_votes(1), runs=10)
    assert (found.estimated, found.power, found.expected) == (0, 0.0, 0.0)
    assert found.half_width is None
    assert smallest_difference([None, None]) is None


def test_smallest_difference_is_seen_with_the_power_asked_for():
    drawn = [one[10] for one in simulated_differences(small_plan(), runs=20)]
    smallest = smallest_difference(drawn, wanted=0.9)
    assert smallest is not None
    assert expected_power(drawn, smallest) == pytest.approx(0.9, abs=1e-6)


def test_plan_of_votes_has_their_poems_pairs_and_raters():
    table = simulate_table(SMALL, np.random.default_rng(2))
    plan = plan_of_votes(table, StudyParameters(), controls=table.controls)
    drawn = draw_study(plan, np.random.default_rng(3))
    assert (drawn.raters, drawn.named_prompts) == (table.raters, table.named_prompts)
    assert sorted(np.bincount(drawn.rater)) == sorted(np.bincount(table.rater))

    def shown(of: VoteTable) -> set[frozenset[tuple[float, ...]]]:
        sides = zip(of.left, of.right, strict=True)
        return {frozenset(tuple(of.values[poem]) for poem in pair) for pair in sides}

    assert shown(drawn) <= shown(table)
    assert drawn.simulated.all()


def test_poems_without_a_number_are_left_out_of_a_plan():
    density = np.array([0.0, 1.0, np.nan, 0.5, 1.0, 0.0])
    poems = PoemArrays(np.array([0, 0, 0, 2, 2, NO_PROMPT]), {"rhyme_density": density})
    plan = plan_of_poems(poems, StudyParameters(), controls=())
    assert plan.poems is not None
    assert plan.poems.columns["rhyme_density"].tolist() == [0.0, 1.0, 0.5, 1.0]
    assert (plan.poems.prompt.tolist(), plan.material) == ([0, 0, 1, 1], 2)
    empty = PoemArrays(np.array([0, 0]), {"rhyme_density": np.array([1.0, np.nan])})
    with pytest.raises(ValueError, match="No two measured poems"):
        plan_of_poems(empty, StudyParameters(), controls=())


@pytest.mark.parametrize("prompts", [3, 10, 15, 30])
def test_plan_has_as_many_prompts_as_asked_for(prompts: int):
    table = simulate_table(SMALL, np.random.default_rng(2))
    plan = plan_of_votes(table, SMALL, controls=table.controls).with_material(prompts)
    assert draw_study(plan, np.random.default_rng(1)).named_prompts == prompts


def test_poems_without_prompts_can_be_more_or_fewer():
    without = replace(SMALL, n_prompts=0, poems_per_prompt=30)
    table = simulate_table(without, np.random.default_rng(2))
    plan = plan_of_votes(table, StudyParameters(), controls=table.controls)
    assert (plan.has_prompts, plan.material) == (False, 30)
    for number in (12, 60):
        drawn = draw_study(plan.with_material(number), np.random.default_rng(1))
        assert len(drawn.poems) <= number
        assert not drawn.clustered_by_prompt
    assert reckoned(plan.with_effect(1.0), runs=5).n_poems == 30


def test_variation_is_read_from_votes():
    truth = StudyParameters(
        n_experts=60, median_votes=40, rater_rhyme_sd=0.9, poem_group_sd=0.5, tie_nu=0.1
    )
    found = variation_of(
        simulate_table(truth, np.random.default_rng(4)), StudyParameters(), controls=()
    )
    assert {*found.read} == {*FIELDS}
    for name, error in zip(FIELDS, (0.15, 0.03, 0.2, 0.3, 0.15, 0.2), strict=True):
        assert getattr(found.parameters, name) == pytest.approx(getattr(truth, name), abs=error)


def test_variation_of_few_votes_is_assumed():
    table = simulate_table(SMALL, np.random.default_rng(1))
    found = variation_of(table, StudyParameters(poem_sd=0.77), controls=())
    assert found.read == ("position", "tie_nu")
    assert found.parameters.poem_sd == 0.77
    nothing = variation_of(table.where(table.rater < 0), StudyParameters(), controls=())
    assert (nothing.parameters, nothing.read) == (StudyParameters(), ())


def test_more_of_each_thing_is_more_of_that_alone():
    table = simulate_table(SMALL, np.random.default_rng(1))
    plan = plan_of_votes(table, SMALL, controls=())
    twice = {more: enlarged(plan, more, 2.0) for more in More if more is not More.POEMS}
    assert twice[More.EXPERTS].parameters.n_experts == 2 * plan.parameters.n_experts
    assert twice[More.NONEXPERTS].parameters.n_nonexperts == 2 * plan.parameters.n_nonexperts
    assert twice[More.VOTES].mean_votes == pytest.approx(2 * plan.mean_votes)
    assert twice[More.PROMPTS].material == 2 * plan.material
    assert enlarged(small_plan(), More.VOTES, 1.5).mean_votes == pytest.approx(30)


def test_additions_find_the_fewest_that_are_enough():
    plan = replace(small_plan(), parameters=replace(small_plan().parameters, n_experts=6))
    found = {one.more: one for one in additions(plan, Goal(0.4), runs=12)}
    assert found[More.EXPERTS].enough
    assert found[More.EXPERTS].power.expected >= 0.4
    assert found[More.EXPERTS].added == found[More.EXPERTS].power.n_experts - 6
    assert not found[More.NONEXPERTS].enough
    assert found[More.NONEXPERTS].times == 3.0
    words = additions_in_words((*found.values(),), Goal(0.4))
    assert f"with {found[More.EXPERTS].added} more experts (about " in words
    assert words.startswith("it would reach a power of 40%, all else as it is, with ")
    assert "; not with 40 more non-experts (about " in words


def test_additions_can_aim_at_the_width_of_the_interval():
    goal = Goal(None, 1.0)
    found = tuple(additions(small_plan(), goal, times=(1.5,), runs=4))
    assert not any(one.enough for one in found)
    words = additions_in_words(found, goal)
    assert words.startswith("not even 5 more experts (about ")
    assert words.endswith("would reach an interval of 1 points to either side.")


@pytest.fixture(scope="module")
def part() -> Part:
    return part_of(simulate_table(SMALL, np.random.default_rng(1)))


def test_part_says_what_a_study_like_this_would_see(part: Part):
    assert not part.declined
    assert "differed by 10 points, as 60% does from 50%" in part.sentence
    smallest = part.data["smallest_points"]
    assert f"power of 80% is about {smallest:.0f} points" in part.sentence
    assert "more experts" in part.sentence
    assert "reach a power of 80%" in part.sentence
    assert [row["points"] for row in part.rows[:4]] == [3.0, 5.0, 10.0, 20.0]
    powers = [float(row["expected"] or 0) for row in part.rows[:4]]
    assert powers == sorted(powers)


def test_reader_is_told_what_the_interval_of_a_power_leaves_out(part: Part):
    assert any("what was read from these votes or assumed" in note for note in part.notes)


def test_part_does_not_use_the_difference_that_was_found(part: Part):
    told = " ".join([part.sentence, *part.notes, part.method])
    assert "observed power" not in told
    assert "neither supports nor weakens what was found" in part.notes[0]
    table = simulate_table(SMALL, np.random.default_rng(1))
    turned = replace(table, outcome=1 - table.outcome)  # every choice the other way
    assert [row["points"] for row in part_of(turned).rows] == [row["points"] for row in part.rows]


def test_part_declines_without_a_comparison_and_for_very_many_votes(monkeypatch):
    table = simulate_table(SMALL, np.random.default_rng(1))
    lay = part_of(table.where(table.group == 0))
    assert lay.declined
    assert "no experts to compare with" in lay.sentence or "no non-experts" in lay.sentence
    monkeypatch.setattr("app.analysis.power_part.MOST_VOTES", 100)
    many = part_of(table)
    assert many.declined
    assert "would take too long" in many.sentence


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_charts_tell_their_numbers_and_tell_studies_apart_by_shape(part: Part, width: Any):
    svg = power_chart(part.as_dict(), width=width)
    assert "10 points: " in svg
    assert "Twice the experts" in svg
    assert "stroke-dasharray" in svg
    plans = [replace(small_plan(), parameters=replace(SMALL, n_experts=n)) for n in (4, 9)]
    found = [reckoned(plan, runs=3) for plan in plans]
    both = [replace(one, points=points) for points in (5.0, 20.0) for one in found]
    svg = planning_chart(both, width=width)
    assert "4 experts, 5 points: " in svg
    assert "9 experts, 20 points: " in svg


def test_power_uses_the_options_of_the_report():
    plan = small_plan(tie_nu=1.5)
    half, ordinal = (
        [one[10] for one in simulated_differences(plan, runs=2, options=options)]
        for options in (Options(), Options(ties=Ties.ORDINAL))
    )
    assert half != ordinal


def test_difference_in_points_and_back():
    assert in_points(0.0) == 0.0
    assert in_points(true_difference(small_plan())) == pytest.approx(
        100 * marginal_share(0.8, small_plan().parameters) - 50
    )
