"""The sensitivity grid: every choice is tried, and what they say together is told."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from app.analysis import Exclusions, Options, Ties, VoteTable, Weights, analyse
from app.analysis.basis import Basis
from app.analysis.comparison import compare
from app.analysis.controls import controls_part
from app.analysis.grid import Specification, available_choices, sensitivity_curve
from app.analysis.grid_part import sensitivity_part
from app.analysis.parts import Part
from app.analysis.plots.grid import sensitivity_chart
from app.analysis.sections import SECTIONS, Section
from tests.analysis.measured import AS_REPORTED, backwards, measured_study, swapped, table
from tests.analysis.studies import SMALL, only_group, study

REPORTED = tuple(one for one in SECTIONS if one.name in {"answer", "data"})
FEW = 5_000  # votes times specifications: one change at a time


@pytest.fixture(scope="module")
def whole() -> VoteTable:
    return table(*measured_study())


@pytest.fixture(scope="module")
def part(whole: VoteTable) -> dict[str, Any]:
    return sensitivity_part(whole, AS_REPORTED).as_dict()


@pytest.mark.parametrize("exclusions", [Exclusions.DROP, Exclusions.KEEP])
@pytest.mark.parametrize("ties", [Ties.HALF, Ties.DROP])
def test_estimates_that_the_report_has_made_are_those_that_the_parts_would_make(
    whole, exclusions, ties, monkeypatch
):
    made = []

    def counted(*given):
        made.append(given)
        return compare(*given)

    monkeypatch.setattr("app.analysis.grid.compare", counted)
    monkeypatch.setattr("app.analysis.controls.compare", counted)

    def section(name: str, part: Callable[[Basis], Part]) -> Section:
        return Section(name, name, lambda of, _rng, _made: part(of))

    found = analyse(
        whole,
        replace(AS_REPORTED, exclusions=exclusions, ties=ties),
        sections=(
            section("a", lambda of: sensitivity_part(of.given, of.options, budget=FEW)),
            section(
                "b", lambda of: sensitivity_part(of.given, of.options, budget=FEW, known=of.known)
            ),
            section("c", lambda of: controls_part(of.table, of.options)),
            section(
                "d",
                lambda of: controls_part(of.table, of.options, known=(of.estimate, of.unadjusted)),
            ),
        ),
    )
    grid, grid_known, controls, controls_known = found.parts
    assert grid == grid_known
    assert controls == controls_known
    assert len(made) == 2 * len(grid.rows) - 5 + 2 * len(controls.rows) - 2


def test_every_combination_of_what_the_table_knows_is_tried(whole, part):
    choices = available_choices(whole, AS_REPORTED)
    assert choices == {
        "ties": ("half", "drop", "ordinal"),
        "controls": ("report", "none", "more", "source"),
        "weights": ("tau", "equal", "rater"),
        "experts": ("invitation", "self-described", "score"),
        "votes": ("kept", "all"),
    }
    named = [tuple(row[f"{axis}_choice"] for axis in choices) for row in part["rows"]]
    assert len(set(named)) == len(named) == 3 * 4 * 3 * 3 * 2


def test_a_bare_table_has_only_ties_controls_and_weights_to_choose():
    choices = available_choices(VoteTable.from_frames(*study()), Options())
    assert [len(values) for values in choices.values()] == [3, 2, 3, 1, 1]


@pytest.mark.parametrize(
    ("exclusions", "votes"), [(Exclusions.DROP, "kept"), (Exclusions.KEEP, "all")]
)
def test_the_main_specification_is_the_report_with_the_votes_that_it_counts(
    whole, exclusions, votes
):
    options = replace(AS_REPORTED, exclusions=exclusions)
    curve = sensitivity_curve(whole, options, budget=0)
    own = analyse(whole, options, sections=())
    assert curve.main.specification == Specification("half", "report", "tau", "invitation", votes)
    assert curve.main.comparison.groups == own.estimate.groups
    assert curve.main.comparison.difference == own.estimate.difference
    other = {"kept": "all", "all": "kept"}[votes]
    wanted = Specification("half", "report", "tau", "invitation", other)
    found = next(one for one in curve.results if one.specification == wanted)
    (name,) = {"with_excluded", "without_excluded"} & set(own.sensitivity)
    assert found.comparison.difference == own.sensitivity[name].difference


def test_excluded_votes_are_left_out_counted_and_shown_beside(whole):
    excluded, n = int(whole.context.excluded.sum()), len(whole.vote_ids)
    found = analyse(whole, AS_REPORTED, sections=REPORTED).as_dict()
    answer, data = found["parts"]
    assert found["data"]["rows"] == n
    assert found["data"]["sha256"] == whole.sha256()
    assert sum(one["votes"] for one in found["data"]["counts"].values()) == n - excluded
    (note,) = answer["notes"]
    other = found["sensitivity"]["with_excluded"]["groups"]["expert"]["win_share"]
    assert note.startswith(f"With the {excluded} votes marked as excluded counted too: ")
    assert f"experts {100 * other:.0f}%" in note
    assert sum(row["excluded"] for row in data["rows"]) == excluded
    assert f"{excluded} votes marked as excluded and left out" in " ".join(data["notes"])


def test_votes_that_are_all_excluded_are_not_called_missing(whole):
    every = replace(
        whole, context=replace(whole.context, excluded=np.ones(len(whole.vote_ids), dtype=bool))
    )
    found = analyse(every, AS_REPORTED, sections=REPORTED)
    assert found.sentence == (
        "Every vote by non-experts is marked as excluded. "
        "Every vote by experts is marked as excluded."
    )
    assert "non-experts" in found.parts[0].notes[0]


@pytest.mark.parametrize("ties", list(Ties))
def test_each_specification_is_what_the_report_would_give_under_its_options(whole, ties):
    curve = sensitivity_curve(whole, AS_REPORTED, budget=0)
    wanted = Specification(ties.value, "report", "tau", "invitation", "kept")
    found = next(one for one in curve.results if one.specification == wanted)
    own = analyse(
        whole.where(~whole.context.excluded), replace(AS_REPORTED, ties=ties), sections=()
    )
    assert found.comparison.difference == own.estimate.difference


def test_experts_by_their_own_word_are_those_who_say_so(whole):
    votes, poems = measured_study()
    told = table({**votes, "group": votes["self_described"]}, poems)
    own = analyse(told.where(~told.context.excluded), AS_REPORTED, sections=())
    curve = sensitivity_curve(whole, AS_REPORTED, budget=0)
    found = next(one for one in curve.results if one.specification.experts == "self-described")
    assert found.comparison.groups == own.estimate.groups


def test_the_half_of_the_raters_who_score_higher_are_experts_by_score(whole):
    votes, poems = measured_study()
    scores = dict(zip(votes["rater_id"], votes["expertise_score"], strict=True))
    upper = sorted(scores, key=scores.__getitem__)[len(scores) // 2 :]
    group = ["expert" if name in upper else "nonexpert" for name in votes["rater_id"]]
    told = table({**votes, "group": group}, poems)
    own = analyse(told.where(~told.context.excluded), AS_REPORTED, sections=())
    curve = sensitivity_curve(whole, AS_REPORTED, budget=0)
    found = next(one for one in curve.results if one.specification.experts == "score")
    assert found.comparison.groups == own.estimate.groups


def test_rows_stand_in_the_order_of_the_difference_and_are_counted(part):
    found = [row for row in part["rows"] if row["difference"] is not None]
    assert all(a["difference"] <= b["difference"] for a, b in pairwise(found))
    assert part["data"]["estimated"] == len(found)
    assert part["data"]["above"] == sum(row["low"] > 0 for row in found)
    assert part["data"]["below"] == sum(row["high"] < 0 for row in found)
    assert sum(row["main"] for row in found) == 1
    assert f"in {len(found)} ways" in part["sentence"]


def test_intervals_that_leave_out_0_are_counted_with_their_direction():
    strong = replace(SMALL, n_nonexperts=60, n_experts=40, rhyme_expert=-1.5, rhyme_nonexpert=1.5)
    part = sensitivity_part(VoteTable.from_frames(*study(strong)), Options()).as_dict()
    assert part["data"]["above"] == part["data"]["estimated"] == 18
    assert (
        "non-experts lean more to rhyme than experts do in 18, the other way round in 0"
        in part["sentence"]
    )


def test_it_is_flagged_that_leaving_ties_out_turns_the_difference():
    """Experts follow rhyme strictly where they decide, but mostly call a tie."""
    votes, poems = study(replace(SMALL, n_experts=20, n_nonexperts=30, rhyme_nonexpert=1.0))
    rhymes = dict(zip(poems["poem_id"], poems["rhyme_density"], strict=True))
    for ix, group in enumerate(votes["group"]):
        if group == "expert":
            left, right = (rhymes[votes[side][ix]] for side in ("poem_left", "poem_right"))
            follows = "left" if left > right else "right"
            other = "right" if follows == "left" else "left"
            votes["choice"][ix] = "tie" if ix % 8 else other if ix % 80 == 0 else follows
    curve = sensitivity_curve(VoteTable.from_frames(votes, poems), Options())
    assert curve.main_conflicts
    assert 0 < curve.tie_conflicts <= curve.tie_pairs
    part = sensitivity_part(VoteTable.from_frames(votes, poems), Options())
    assert "Whether ties count as half or are left out changes which group" in part.sentence


def test_many_votes_are_analysed_with_few_changes_at_a_time(whole):
    curve = sensitivity_curve(whole, AS_REPORTED, budget=FEW)
    assert not curve.complete
    assert len(curve.results) == 1 + 2 + 3 + 2 + 2 + 1
    told = sensitivity_part(whole, AS_REPORTED, budget=FEW)
    assert any("too long to analyse" in note for note in told.notes)


def test_progress_is_told(whole):
    seen: list[tuple[int, int]] = []
    sensitivity_curve(whole, AS_REPORTED, budget=0, progress=lambda *done: seen.append(done))
    assert seen == [(ix, 11) for ix in range(1, 12)]


def test_order_of_rows_and_sides_change_nothing(whole):
    votes, poems = measured_study()
    before = sensitivity_part(whole, AS_REPORTED, budget=FEW)
    assert sensitivity_part(table(backwards(votes), poems), AS_REPORTED, budget=FEW) == before
    turned = sensitivity_part(table(swapped(votes), poems), AS_REPORTED, budget=FEW)
    for one, other in zip(before.rows, turned.rows, strict=True):
        for name in ("nonexpert", "expert_low", "difference", "low", "high"):
            assert other[name] == pytest.approx(one[name], rel=1e-6)


def test_without_experts_there_is_a_sentence():
    votes, poems = study()
    part = sensitivity_part(VoteTable.from_frames(only_group(votes, "nonexpert"), poems), Options())
    assert part.declined
    assert part.sentence.startswith("There are no experts")


def test_weights_of_the_report_are_the_main_ones(whole):
    options = replace(AS_REPORTED, weights=Weights.EQUAL, ties=Ties.ORDINAL)
    main = sensitivity_curve(whole, options, budget=0).main.specification
    assert (main.weights, main.ties) == ("equal", "ordinal")


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_chart_shows_every_specification_and_says_what_it_shows(part, width):
    svg = sensitivity_chart(part, width=width)
    assert svg.startswith("<svg")
    assert "Ties: an outcome" in svg
    assert part["sentence"][:40] in svg
    assert "<style" not in svg
    assert "style=" not in svg
