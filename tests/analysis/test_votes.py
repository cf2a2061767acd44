"""A vote table takes any frame, and refuses what it cannot use with a sentence that says where."""

from typing import Any

import pandas as pd
import polars as pl
import pytest

from app.analysis import InvalidVotes, VoteTable
from tests.analysis.studies import Frame

VOTES: Frame = {
    "vote_id": ["v2", "v1", "v3"],
    "rater_id": ["r1", "r1", "r2"],
    "group": ["expert", "expert", "nonexpert"],
    "poem_left": ["a", "b", "a"],
    "poem_right": ["b", "a", "c"],
    "choice": ["left", "right", "tie"],
}
POEMS: Frame = {
    "poem_id": ["a", "b", "c", "unseen"],
    "prompt_id": ["q", "q", "", None],
    "rhyme_density": [1.0, 0.0, 0.5, None],
    "n_lines": [8, 8, 12, None],
    "words_per_line": [6.5, 7.0, 6.0, None],
}


def table(votes: Frame | None = None, poems: Frame | None = None, **options: Any) -> VoteTable:
    return VoteTable.from_frames({**VOTES, **(votes or {})}, {**POEMS, **(poems or {})}, **options)


def test_votes_stand_in_the_order_of_their_ids():
    made = table()
    assert made.vote_ids == ["v1", "v2", "v3"]
    assert [made.poems[ix] for ix in made.left] == ["b", "a", "a"]
    assert made.outcome.tolist() == [0.0, 1.0, 0.5]
    assert [made.raters[ix] for ix in made.rater] == ["r1", "r1", "r2"]


def test_dictionaries_pandas_and_polars_give_the_same_hash():
    hashes = {
        VoteTable.from_frames(make(VOTES), make(POEMS)).sha256()
        for make in (dict, pd.DataFrame, pl.DataFrame)
    }
    assert len(hashes) == 1


def test_words_for_numbers_and_whole_floats_change_no_hash():
    poems = {"n_lines": ["8", "8.0", 12.0, ""]}
    assert table(poems=poems).sha256() == table().sha256()


def test_whole_numbers_as_ids_are_read_as_strings():
    votes = {"poem_left": [1, 2, 1], "poem_right": [2.0, 1.0, 3.0]}
    made = table(votes, {"poem_id": ["1", "2", "3", "4"]})
    assert made.poems == ["1", "2", "3"]


def test_expert_column_takes_the_place_of_group():
    votes = {name: column for name, column in VOTES.items() if name != "group"}
    for flags in ([1, 1, 0], ["1", "1", "0"], [True, True, False], ["true", "true", "false"]):
        made = VoteTable.from_frames({**votes, "expert": flags}, POEMS)
        assert made.sha256() == table().sha256()


def test_order_of_the_rows_changes_nothing():
    back = {name: column[::-1] for name, column in VOTES.items()}
    poems = {name: column[::-1] for name, column in POEMS.items()}
    assert VoteTable.from_frames(back, poems).sha256() == table().sha256()


@pytest.mark.parametrize(
    ("votes", "poems"),
    [
        ({"choice": ["left", "right", "left"]}, {}),
        ({"group": ["nonexpert"] * 3}, {}),
        ({"rater_id": ["r1", "r1", "r9"]}, {}),
        ({"simulated": [0, 0, 1]}, {}),
        ({}, {"rhyme_density": [1.0, 0.0, 0.6, None]}),
        ({}, {"prompt_id": ["q", "q", "q", None]}),
    ],
)
def test_any_change_of_what_is_used_changes_the_hash(votes, poems):
    assert table(votes, poems).sha256() != table().sha256()


def test_columns_that_are_not_used_do_not_change_the_hash():
    assert table({"decision_ms": [1, 2, None]}).sha256() == table().sha256()


def test_a_poem_without_prompt_is_a_prompt_of_its_own():
    made = table()
    assert made.prompt[made.poems.index("a")] == made.prompt[made.poems.index("b")]
    assert made.prompt[made.poems.index("a")] != made.prompt[made.poems.index("c")]
    assert made.named_prompts == 1
    assert not made.clustered_by_prompt


@pytest.mark.parametrize(
    ("votes", "poems", "parts"),
    [
        ({"poem_left": ["a", "b", "zz"]}, {}, ["row 3", "poem_left", "'zz'", "poem_id"]),
        ({"choice": ["left", "lft", "tie"]}, {}, ["row 2", "v1", "choice", "'lft'", "left, right"]),
        ({"choice": ["left", None, "tie"]}, {}, ["row 2", "choice", "None"]),
        ({"choice": ["left", ["right"], "tie"]}, {}, ["row 2", "choice"]),
        ({"group": ["expert", "expert", "novice"]}, {}, ["row 3", "group", "'novice'", "judge"]),
        ({"group": ["expert", "judge", "expert"]}, {}, ["rater r1", "one group"]),
        ({"vote_id": ["v1", "v1", "v3"]}, {}, ["row 2", "vote_id", "v1", "row 1"]),
        ({"vote_id": ["v1", "", "v3"]}, {}, ["row 2", "vote_id", "empty"]),
        ({"rater_id": ["r1", float("nan"), "r3"]}, {}, ["row 2", "rater_id", "empty"]),
        ({"poem_right": ["b", "b", "c"]}, {}, ["row 2", "poem b", "both sides"]),
        ({"simulated": [0, 1, 2]}, {}, ["row 3", "simulated", "0 or 1"]),
        ({}, {"poem_id": ["a", "b", "c", "a"]}, ["row 1", "poem_id", "row 4"]),
        (
            {},
            {"rhyme_density": [1.0, "abc", None, 1]},
            ["row 2", "poem b", "rhyme_density", "'abc'", "finite", "or empty"],
        ),
        ({}, {"n_lines": [8, 8, 10**400, 1]}, ["row 3", "n_lines", "finite"]),
        ({}, {"n_lines": [8, 8, "many", 1]}, ["row 3", "poem c", "n_lines", "'many'"]),
        ({}, {"n_lines": [8, 8, float("inf"), 1]}, ["row 3", "n_lines", "inf"]),
    ],
)
def test_a_bad_cell_is_named_with_what_would_be_right(votes, poems, parts):
    with pytest.raises(InvalidVotes) as refused:
        table(votes, poems)
    for part in parts:
        assert part in str(refused.value)


@pytest.mark.parametrize("empty", [None, "", " ", "NaN", float("nan"), pd.NA])
@pytest.mark.parametrize("column", ["rhyme_density", "words_per_line"])
def test_votes_on_a_poem_without_a_number_are_not_measured(column, empty):
    made = table(poems={column: [1.0, 0.5, empty, None]})
    assert made.vote_ids == ["v1", "v2", "v3"]
    assert made.measured.tolist() == [True, True, False]
    assert made.missing == (column,)
    assert made.where(made.measured).missing == ()


def test_an_empty_number_is_hashed_alike_however_it_is_written():
    hashes = {
        table(poems={"rhyme_density": [1.0, 0.0, empty, 1]}).sha256()
        for empty in (None, "", float("nan"))
    }
    assert len(hashes) == 1
    assert hashes != {table().sha256()}


@pytest.mark.parametrize("column", ["vote_id", "rater_id", "poem_left", "poem_right", "choice"])
def test_a_missing_column_of_votes_is_named(column):
    votes = {name: cells for name, cells in VOTES.items() if name != column}
    with pytest.raises(InvalidVotes, match=f"votes have no column '{column}'"):
        VoteTable.from_frames(votes, POEMS)


def test_missing_group_or_feature_is_named():
    votes = {name: cells for name, cells in VOTES.items() if name != "group"}
    with pytest.raises(InvalidVotes, match="neither a column 'group'"):
        VoteTable.from_frames(votes, POEMS)
    with pytest.raises(InvalidVotes, match="poems have no column 'latin'"):
        table(feature="latin")


def test_a_feature_named_as_control_too_is_only_the_feature():
    assert table(feature="n_lines").controls == ("words_per_line",)


def test_keeping_some_votes_keeps_only_those():
    made = table()
    kept = made.where(made.group == 1)
    assert kept.vote_ids == ["v1", "v2"]
    assert kept.outcome.tolist() == [0.0, 1.0]
