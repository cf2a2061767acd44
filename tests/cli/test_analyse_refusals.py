"""`blindverse analyse` on files that cannot be used, and on wrong usage."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest

from app.analysis.simulate import simulate_study
from app.analysis.votes import RHYME
from tests.cli.test_analyse import RHYMED, SMALL, n_rows, run, study


def changed(column: Sequence[Any], row: int, value: Any) -> list[Any]:
    return [value if n == row else cell for n, cell in enumerate(column)]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("choice", "middle", "votes.csv: Vote row 3 (vote v0000002), column choice: 'middle'"),
        ("group", "poet", "votes.csv: Vote row 3 (vote v0000002), column group: 'poet'"),
        ("poem_left", "p9", "votes.csv: Vote row 3, column poem_left: there is no poem 'p9'"),
        ("rater_id", "", "votes.csv: Vote row 3, column rater_id: the cell is empty"),
        ("vote_id", "v0000000", "votes.csv: Vote row 3, column vote_id: v0000000 stands already"),
    ],
)
def test_vote_that_cannot_be_used_is_named(tmp_path, column, value, said):
    drawn, _ = simulate_study(SMALL, np.random.default_rng(1))
    files = study(tmp_path, votes={column: changed(drawn[column].tolist(), 2, value)})
    ran = run(*files)
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err


def test_poem_whose_number_is_wrong_is_named(tmp_path):
    _, poems = simulate_study(SMALL, np.random.default_rng(1))
    files = study(tmp_path, poems={"n_lines": changed(poems["n_lines"].tolist(), 4, "many")})
    ran = run(*files)
    assert ran.code == 1
    assert "poems.csv: Poem row 5 (poem p00004), column n_lines: 'many'" in ran.err


@pytest.mark.parametrize("value", ["many", "inf"])
def test_number_that_is_none_is_refused_with_what_would_be_right(tmp_path, value):
    _, poems = simulate_study(SMALL, np.random.default_rng(1))
    files = study(tmp_path, poems={RHYME: changed(poems[RHYME].tolist(), 4, value)})
    ran = run(*files)
    assert (ran.code, ran.out) == (1, "")
    assert f"poems.csv: Poem row 5 (poem p00004), column {RHYME}: '{value}'" in ran.err
    assert "a finite number; it must be one, or empty" in ran.err


@pytest.mark.parametrize("empty", ["", "NaN"])
def test_votes_on_a_poem_without_a_number_are_left_out_and_counted(tmp_path, empty):
    n_votes, _ = n_rows(tmp_path)
    votes, poems = simulate_study(SMALL, np.random.default_rng(1))
    lost = int(((votes["poem_left"] == "p00004") | (votes["poem_right"] == "p00004")).sum())
    files = study(tmp_path, poems={RHYME: changed(poems[RHYME].tolist(), 4, empty)})
    ran = run(*files, "--json", "-")
    assert (ran.code, ran.err) == (0, "")
    assert (ran.json["data"]["rows"], ran.json["data"]["left_out"]) == (n_votes, lost)
    assert (
        f"- {lost} votes on pairs with a poem whose rhyme density could not be measured are left "
        "out."
    ) in run(*files).out


def test_poems_in_another_script_give_a_sentence_and_no_number(tmp_path):
    _, n_poems = n_rows(tmp_path)
    poems = {RHYME: [""] * n_poems, "text": ["床前明月光\n疑是地上霜"] * n_poems}
    ran = run(*study(tmp_path, poems=poems))
    assert ran.code == 0
    assert ran.out.startswith("Every vote by non-experts is on a pair with a poem whose rhyme")


def test_column_without_any_number_is_named_where_there_is_no_text(tmp_path):
    _, n_poems = n_rows(tmp_path)
    ran = run(*study(tmp_path, poems={RHYME: [""] * n_poems}))
    assert (ran.code, ran.out) == (1, "")
    assert f"neither a numeric column '{RHYME}' nor a column 'text'" in ran.err


def test_poem_without_text_to_measure_is_named(tmp_path):
    _, n_poems = n_rows(tmp_path)
    files = study(tmp_path, poems={"text": changed([RHYMED] * n_poems, 6, " ")})
    ran = run(*files, "--feature", "n_words", "--adjust", "none")
    assert ran.code == 1
    assert "poems.csv: Poem row 7 (poem p00006), column text: the cell is empty" in ran.err


def test_poem_nobody_voted_on_needs_no_text(tmp_path):
    votes, poems = study(tmp_path)
    frame = pl.read_csv(poems).with_columns(text=pl.lit(RHYMED))
    extra = frame.head(1).with_columns(poem_id=pl.lit("extra"), text=pl.lit(""))
    pl.concat([frame, extra]).write_csv(poems)
    assert run(votes, poems, "--adjust", "n_lines,n_words").code == 0


def test_swapped_files_are_said_to_look_swapped(tmp_path):
    votes, poems = study(tmp_path)
    ran = run(poems, votes)
    assert (ran.code, ran.out) == (1, "")
    assert "poems.csv, given as --votes, has a column poem_id and none named vote_id" in ran.err
    assert "swapped?" in ran.err


def test_missing_column_is_named(tmp_path):
    votes, poems = study(tmp_path)
    frame = pl.read_csv(votes)
    frame.drop("choice").write_csv(votes)
    ran = run(votes, poems)
    assert ran.code == 1
    assert "votes.csv: The votes have no column 'choice'" in ran.err


def test_poems_without_the_feature_and_without_text_are_refused(tmp_path):
    ran = run(*study(tmp_path), "--feature", "n_words")
    assert ran.code == 1
    assert "poems.csv has neither a numeric column 'n_words' nor a column 'text'" in ran.err


def test_broken_file_is_refused_with_its_line(tmp_path):
    votes, poems = study(tmp_path)
    votes.write_text("vote_id,rater_id\nv1\n")
    ran = run(votes, poems)
    assert ran.code == 1
    assert "votes.csv, line 2: there are 1 cells" in ran.err


def test_folder_that_is_not_there_is_said(tmp_path):
    ran = run(*study(tmp_path), "--json", str(tmp_path / "gone" / "out.json"))
    assert ran.code == 1
    assert "cannot be written: No such file or directory" in ran.err


@pytest.mark.parametrize(
    "options",
    [
        ("--weights", "heavy"),
        ("--feature", "beauty"),
        ("--adjust", "n_lines,beauty"),
        ("--word", "out.doc"),
        ("--votes", "gone.csv"),
    ],
)
def test_wrong_usage_exits_2_and_says_why(tmp_path, options):
    ran = run(*study(tmp_path), *options)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


def test_dates_that_leave_no_vote_say_from_when_the_votes_are(tmp_path):
    drawn, _ = simulate_study(SMALL, np.random.default_rng(1))
    cast = ["2026-03-01T10:00:00.000Z"] * len(drawn["vote_id"])
    ran = run(*study(tmp_path, votes={"cast_at": cast}), "--since", "2027-01-01")
    assert ran.code == 1
    assert "No vote was cast from 2027-01-01 on" in ran.err
    assert "from 2026-03-01 to 2026-03-01" in ran.err


def test_feature_cannot_be_held_equal_in_its_own_effect(tmp_path):
    ran = run(*study(tmp_path), "--adjust", f"n_lines,{RHYME}")
    assert ran.code == 2
    assert "cannot be held equal" in ran.err


def test_controls_that_the_poems_lack_are_said_not_to_be_held_equal(tmp_path):
    _, poems = simulate_study(SMALL, np.random.default_rng(1))
    files = study(
        tmp_path, poems={"latin": poems[RHYME].tolist(), "n_lines": [""] * len(poems[RHYME])}
    )
    ran = run(*files, "--feature", "latin")
    assert ran.code == 0
    assert "has neither n_lines, nor a text" in ran.err
    assert "with words per line held equal" in ran.out


def test_definition_of_an_expert_that_places_nobody_is_said_to_be_empty(tmp_path):
    drawn, _ = simulate_study(SMALL, np.random.default_rng(1))
    nothing = [""] * len(drawn["vote_id"])
    ran = run(*study(tmp_path, votes={"self_described": nothing}), "--experts", "self-described")
    assert ran.code == 1
    assert "By the column self_described no rater can be called an expert" in ran.err
