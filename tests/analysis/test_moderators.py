"""What must not matter to neutrality, dose, haste and expertise; and votes that cannot say."""

import numpy as np
import pytest

from app.analysis import Options, VoteTable, Weights
from app.analysis.diagnostics import group_votes
from app.analysis.moderation import BY, fit_columns, moderate
from app.analysis.options import Group, NotIdentified, Ties
from app.analysis.parts import Part
from app.analysis.simulate import StudyParameters
from app.analysis.terms import SIDE
from tests.analysis.moderated import MODEST, frames, modest, numbers, parts
from tests.analysis.studies import rows, study

SWAPPED = {"left": "right", "right": "left", "tie": "tie"}


def same(found: dict[str, Part], expected: dict[str, Part], rel: float = 1e-6) -> None:
    for name, part in expected.items():
        assert found[name].sentence == part.sentence
        assert numbers(found[name]) == pytest.approx(numbers(part), rel=rel, abs=1e-9)


def test_every_part_has_numbers_in_a_study_that_has_all_columns():
    for part in modest().values():
        assert not part.declined
        assert part.rows
        assert {column.name for column in part.columns} <= set(part.rows[0])


def test_order_of_the_rows_changes_nothing():
    votes, poems = ({k: v[::-1] for k, v in frame.items()} for frame in frames())
    same(parts(votes, poems), modest(), rel=1e-9)


def test_exchanging_left_and_right_changes_nothing():
    votes, poems = frames()
    swapped = {
        **votes,
        "poem_left": votes["poem_right"],
        "poem_right": votes["poem_left"],
        "choice": [SWAPPED[choice] for choice in votes["choice"]],
    }
    same(parts(swapped, poems), modest())


def test_other_names_change_nothing():
    votes, poems = frames()
    renamed = {**votes, "rater_id": [f"{10**6 - int(r[1:])}x" for r in votes["rater_id"]]}
    same(parts(renamed, poems), modest())


def test_units_of_a_control_and_of_a_score_change_nothing_else():
    votes, poems = frames()
    words = [1000 * value + 7 for value in poems["words_per_line"]]
    scaled = parts(votes, {**poems, "words_per_line": words})
    same(scaled, modest())
    tens = parts({**votes, "expertise_score": [10 * s for s in votes["expertise_score"]]}, poems)
    assert tens["expertise"].data["p_value"] == pytest.approx(modest()["expertise"].data["p_value"])
    assert tens["definitions"].rows[2]["p_value"] == modest()["definitions"].rows[2]["p_value"]


def twelve(votes):
    return rows(votes, lambda ix: ix < 12)


def one_rater(votes):
    return rows(votes, lambda ix: votes["rater_id"][ix] == votes["rater_id"][0])


def all_ties(votes):
    return {**votes, "choice": ["tie"] * len(votes["choice"])}


def always_left(votes):
    return {**votes, "choice": ["left"] * len(votes["choice"])}


@pytest.mark.parametrize("thin", [twelve, one_rater, all_ties, always_left])
def test_thin_votes_give_a_sentence_instead_of_numbers(thin):
    votes, poems = frames()
    for part in parts(thin(votes), poems).values():
        assert part.declined
        assert not part.rows
        assert part.sentence.endswith(".")


def test_choices_that_follow_rhyme_without_exception_give_a_sentence():
    votes, poems = frames()
    rhyme = dict(zip(poems["poem_id"], poems["rhyme_density"], strict=True))
    sides = zip(votes["poem_left"], votes["poem_right"], strict=True)
    choice = [
        "left" if rhyme[left] > rhyme[right] else "right" if rhyme[left] < rhyme[right] else "tie"
        for left, right in sides
    ]
    assert all(part.declined for part in parts({**votes, "choice": choice}, poems).values())


def test_poems_that_all_rhyme_alike_give_a_sentence():
    votes, poems = frames()
    flat = {**poems, "rhyme_density": [0.5] * len(poems["poem_id"])}
    for part in parts(votes, flat).values():
        assert part.declined


def test_few_prompts_are_replaced_by_poems():
    few = frames(StudyParameters(n_experts=10, n_nonexperts=20, n_prompts=3, fewest_votes=15))
    assert not parts(*few)["laziness"].declined


def test_one_group_alone_is_told_and_the_other_is_said_to_be_missing():
    votes, poems = frames()
    lay = rows(votes, lambda ix: votes["group"][ix] == "nonexpert")
    for name in ("neutrality", "dose", "laziness"):
        part = parts(lay, poems)[name]
        assert {row["group"] for row in part.rows} == {"nonexpert"}
        assert "There are no experts to compare with" in part.sentence


def test_a_moderated_fit_agrees_with_statsmodels():
    sm = pytest.importorskip("statsmodels.api")
    votes = group_votes(VoteTable.from_frames(*frames()), Group.NONEXPERT, Ties.HALF)
    z = np.random.default_rng(1).normal(size=len(votes.outcome))
    options = Options(weights=Weights.EQUAL)
    found = moderate(votes, z, (-1.0, 1.0), ("n_lines",), options)
    d = votes.feature
    x = np.column_stack([np.ones(len(d)), d, d * z, z, votes.controls["n_lines"]])
    theirs = sm.GLM(votes.outcome, x, family=sm.families.Binomial()).fit().params
    assert found.term.value == pytest.approx(theirs[2], rel=1e-6)
    for share, at in zip(found.shares, (-1.0, 1.0), strict=True):
        side, theta = theirs[0] + at * theirs[3], theirs[1] + at * theirs[2]
        expected = (1 / (1 + np.exp(-side - theta)) + 1 / (1 + np.exp(side - theta))) / 2
        assert share.value == pytest.approx(expected, rel=1e-6)


def test_a_column_that_follows_from_the_others_is_refused_in_a_sentence():
    votes = group_votes(VoteTable.from_frames(*study(MODEST)), Group.EXPERT, Ties.HALF)
    columns = {"a": votes.feature, BY: 2 * votes.feature}
    with pytest.raises(NotIdentified, match="cannot be told apart from rhyme itself"):
        fit_columns(votes, columns, {"a": {"a": 1.0}}, (), Options(), weighted_for="a")
    fit_columns(
        votes, {"a": votes.feature}, {"a": {"a": 1.0, SIDE: 0.0}}, (), Options(), weighted_for="a"
    )
