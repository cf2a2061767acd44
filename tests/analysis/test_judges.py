"""Judges get the estimate that people get, each as one cluster, and sentences where they cannot."""

import json

import numpy as np
import pytest

from app.analysis import Group, Options, Ties, Variance, VoteTable
from app.analysis.cr2 import cr2
from app.analysis.diagnostics import group_votes
from app.analysis.effects import estimate_group
from app.analysis.judges import judge_effects
from app.analysis.judges_part import judges_part
from app.analysis.plots.judges import judges_chart
from app.analysis.simulate import StudyParameters
from tests.analysis.studies import Frame, equal_fit, rows, study

SWAPPED = {"left": "right", "right": "left", "tie": "tie"}
STUDY = StudyParameters(n_experts=10, n_nonexperts=20, n_prompts=15, fewest_votes=60)


def judged(
    parameters: StudyParameters = STUDY, judges: int = 4, seed: int = 3
) -> tuple[Frame, Frame]:
    """A study in which the first non-experts are judges."""
    votes, poems = study(parameters, seed)
    people = {r for r, g in zip(votes["rater_id"], votes["group"], strict=True) if g == "nonexpert"}
    models = set(sorted(people)[:judges])
    group = [
        "judge" if rater in models else group
        for rater, group in zip(votes["rater_id"], votes["group"], strict=True)
    ]
    return {**votes, "group": group}, poems


@pytest.fixture(scope="module")
def frames() -> tuple[Frame, Frame]:
    return judged()


@pytest.fixture(scope="module")
def table(frames: tuple[Frame, Frame]) -> VoteTable:
    return VoteTable.from_frames(*frames)


def test_one_judge_has_the_fit_of_its_own_votes_clustered_by_prompt(table):
    first = judge_effects(table, Options()).judges[0]
    own = table.where(table.rater == table.raters.index(first.who))
    one = equal_fit(own, Group.JUDGE, table.controls)
    spread = cr2(one.x, one.fit, one.clusters.left, one.contrast)
    assert first.log_odds == pytest.approx(one.fit.coef[1], rel=1e-9)
    assert first.se**2 == pytest.approx(spread.variance, rel=1e-9)
    assert first.df == pytest.approx(spread.df, rel=1e-9)
    assert (first.ci_low, first.ci_high) == pytest.approx(spread.interval(first.log_odds), rel=1e-9)


def test_judges_together_are_a_group_like_any_other(table):
    found = {one.who: one for one in judge_effects(table, Options()).groups}
    assert set(found) == {"judges", "non-experts", "experts"}
    effect = estimate_group(group_votes(table, Group.JUDGE, Ties.HALF), table.controls).effect
    assert (found["judges"].log_odds, found["judges"].se) == (effect.log_odds, effect.se)


def test_two_judges_are_not_taken_together():
    part = judges_part(VoteTable.from_frames(*judged(judges=2)), Options())
    assert [row["kind"] for row in part.rows] == ["judge", "judge", "non-experts", "experts"]
    assert any("taken together from 3 on" in note for note in part.notes)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_sides_order_and_units_change_nothing(share):
    votes, poems = judged(
        StudyParameters(
            n_experts=10, n_nonexperts=20, n_prompts=15, fewest_votes=60, cross_prompt_share=share
        )
    )
    other = {
        **votes,
        "poem_left": votes["poem_right"],
        "poem_right": votes["poem_left"],
        "choice": [SWAPPED[choice] for choice in votes["choice"]],
    }
    other = {name: cells[::-1] for name, cells in other.items()}
    scaled = {**poems, "n_lines": [100 * value for value in poems["n_lines"]]}
    before = judge_effects(VoteTable.from_frames(votes, poems), Options())
    after = judge_effects(VoteTable.from_frames(other, scaled), Options())
    for one, again in zip(before.judges, after.judges, strict=True):
        for name in ("log_odds", "se", "df", "win_share"):
            assert getattr(again, name) == pytest.approx(getattr(one, name), rel=1e-6)


def test_naive_intervals_are_given_where_they_are_asked_for(table):
    options = Options(variance=Variance.NAIVE)
    first = judge_effects(table, options).judges[0]
    own = table.where(table.rater == table.raters.index(first.who))
    one = equal_fit(own, Group.JUDGE, table.controls)
    inverse = np.linalg.inv(one.fit.hessian)
    assert first.se**2 == pytest.approx(inverse[1, 1], rel=1e-9)


def test_without_judges_a_sentence_says_so():
    part = judges_part(VoteTable.from_frames(*study()), Options())
    assert part.declined
    assert part.sentence.startswith("No language model has judged these pairs")


def test_a_judge_with_few_votes_is_named_in_a_sentence(frames):
    votes, poems = frames
    first = next(r for r, g in zip(votes["rater_id"], votes["group"], strict=True) if g == "judge")
    of = [ix for ix, rater in enumerate(votes["rater_id"]) if rater == first]
    less = rows(votes, lambda ix: ix not in set(of[12:]))
    part = judges_part(VoteTable.from_frames(less, poems), Options())
    assert not part.declined
    assert any(f"too few votes by the judge {first}" in note for note in part.notes)


@pytest.mark.parametrize("choice", ["left", "tie"])
def test_judges_who_never_differ_are_declined(frames, choice):
    votes, poems = frames
    same = [
        choice if group == "judge" else given
        for group, given in zip(votes["group"], votes["choice"], strict=True)
    ]
    part = judges_part(VoteTable.from_frames({**votes, "choice": same}, poems), Options())
    assert part.declined
    assert ("without exception" if choice == "left" else "are ties") in part.sentence


def test_part_is_json_and_its_chart_tells_every_row(table):
    part = json.loads(json.dumps(judges_part(table, Options()).as_dict()))
    assert part["sentence"].startswith("Share of choices for a fully rhymed poem")
    for width in ("wide", "narrow"):
        svg = judges_chart(part, width=width)
        assert "style=" not in svg
        for row in part["rows"]:
            assert f"{row['who']}: {100 * row['win_share']:.0f}%" in svg
