"""A poem that cannot be measured costs the votes on its pairs, and no more than those."""

from typing import Any

import pytest

from tests.analysis.studies import SMALL, Frame, result, rows, study

LEFT_OUT = ("rows", "sha256", "simulated", "left_out", "missing")


def without(poems: Frame, column: str, *lacking: str) -> Frame:
    """The poems, of which some lack a number."""
    cells = zip(poems["poem_id"], poems[column], strict=True)
    return {**poems, column: [None if poem in lacking else value for poem, value in cells]}


def voted_on(votes: Frame, *poems: str) -> list[bool]:
    sides = zip(votes["poem_left"], votes["poem_right"], strict=True)
    return [left in poems or right in poems for left, right in sides]


def figures(found: dict[str, Any]) -> dict[str, Any]:
    """All but what is said of the rows that were given: in the data, the notes and two sections."""
    data = {name: value for name, value in found["data"].items() if name not in LEFT_OUT}
    return {
        **found,
        "data": data,
        "notes": [note for note in found["notes"] if "left out." not in note],
        "parts": [part for part in found["parts"] if part["name"] not in {"data", "limits"}],
    }


@pytest.mark.parametrize(
    ("column", "words"),
    [("rhyme_density", "rhyme density"), ("n_lines", "number of lines")],
)
def test_figures_are_those_of_the_other_votes(column, words):
    votes, poems = study(SMALL, seed=2)
    lost = voted_on(votes, "p00003", "p00010")
    found = result(votes, without(poems, column, "p00003", "p00010"))
    rest = result(rows(votes, lambda ix: not lost[ix]), poems)
    assert figures(found) == figures(rest)
    assert found["groups"]["expert"]["log_odds"] is not None
    assert found["data"]["left_out"] == sum(lost) > 0
    assert found["data"]["missing"] == [column]
    assert found["data"]["rows"] == len(lost)
    assert sum(one["votes"] for one in found["data"]["counts"].values()) == len(lost) - sum(lost)
    assert (
        f"{sum(lost)} votes on pairs with a poem whose {words} could not be measured are left out."
        in found["notes"]
    )


def test_the_checksum_is_of_the_rows_given():
    votes, poems = study(SMALL, seed=2)
    poems = without(poems, "rhyme_density", "p00003")
    lost = voted_on(votes, "p00003")
    rest = result(rows(votes, lambda ix: not lost[ix]), poems)
    assert result(votes, poems)["data"]["sha256"] != rest["data"]["sha256"]


def test_two_measures_lacking_are_both_named_and_one_vote_is_one():
    votes, poems = study(SMALL, seed=2)
    strange = {**votes, "poem_left": ["new", *votes["poem_left"][1:]]}
    poems = {name: [*column, None] for name, column in poems.items()}
    poems["poem_id"][-1], poems["words_per_line"][-1] = "new", 6.0
    found = result(strange, poems)
    assert (
        "1 vote on a pair with a poem whose rhyme density or number of lines could not be "
        "measured is left out."
    ) in found["notes"]


def test_nothing_is_said_where_nothing_is_left_out():
    votes, poems = study(SMALL, seed=2)
    found = result(votes, poems)
    assert (found["data"]["left_out"], found["data"]["missing"]) == (0, [])
    assert not any("left out" in note for note in found["notes"])


def test_a_poem_nobody_voted_on_costs_nothing():
    votes, poems = study(SMALL, seed=2)
    more = {name: [*column, None] for name, column in poems.items()}
    more["poem_id"][-1] = "unseen"
    assert result(votes, more) == result(votes, poems)


def test_no_poem_measured_gives_a_sentence_and_no_number():
    votes, poems = study(SMALL, seed=2)
    found = result(votes, without(poems, "rhyme_density", *poems["poem_id"]))
    assert found["groups"] == {"nonexpert": None, "expert": None}
    assert found["sentence"] == (
        "Every vote by non-experts is on a pair with a poem whose rhyme density could not be "
        "measured. Every vote by experts is on a pair with a poem whose rhyme density could not "
        "be measured."
    )
    assert found["tie_rates"] == {"nonexpert": None, "expert": None}
    assert found["data"]["left_out"] == found["data"]["rows"] > 0


def test_a_group_that_saw_only_poems_without_the_measure_is_said_to_have_voted():
    votes, poems = study(SMALL, seed=2)
    touched = voted_on(votes, "p00003")
    kept = rows(votes, lambda ix: votes["group"][ix] != "expert" or touched[ix])
    found = result(kept, without(poems, "rhyme_density", "p00003"))
    assert found["declined"]["expert"] == (
        "Every vote by experts is on a pair with a poem whose rhyme density could not be measured."
    )
    assert found["groups"]["nonexpert"]["log_odds"] is not None
