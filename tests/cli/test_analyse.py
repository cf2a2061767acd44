"""`blindverse analyse` on files: figures, sentences, exit codes."""

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import polars as pl
import pytest
from typer import Typer
from typer.testing import CliRunner

from app import __version__
from app.analysis import Ties, Variance, Weights
from app.analysis.simulate import StudyParameters, simulate_study
from app.analysis.votes import CONTROLS, RHYME
from app.cli.analysis import analyse as command
from app.errors import AppError
from app.verse import measure
from tests.shared_data import shared_data

SMALL = StudyParameters(n_experts=6, n_nonexperts=12, n_prompts=8)
STATED = 0.001
STATED_END = 0.01  # ends of intervals are stated to two decimals, not all of them rounded
R_TOLERANCE = 1e-5
RHYMED = "The sun goes down,\nThe lamps come on,\nAcross the town\nThe day is gone."
UNRHYMED = "The sun goes down,\nThe lamps are lit,\nAcross the field\nThe day is over."

app = Typer()
app.command()(command)

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str  # what went to standard error, and the sentence that `blindverse` would add to it

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


def run(votes: Path, poems: Path, *options: str) -> Ran:
    arguments = ["--votes", str(votes), "--poems", str(poems), *options]
    ran = CliRunner().invoke(app, arguments)
    if ran.exception is not None and not isinstance(ran.exception, SystemExit | AppError):
        raise ran.exception
    sentence = str(ran.exception) if isinstance(ran.exception, AppError) else ""
    return Ran(ran.exit_code, ran.stdout, ran.stderr + sentence)


def write_csv(file: Path, columns: Columns) -> Path:
    with file.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return file


def study(
    folder: Path, *, votes: Columns | None = None, poems: Columns | None = None
) -> tuple[Path, Path]:
    """Files of a small simulated study, passed off as people's, with columns replaced."""
    drawn, drawn_poems = simulate_study(SMALL, np.random.default_rng(1))
    drawn["simulated"] = np.zeros_like(drawn["simulated"])
    all_votes = {name: column.tolist() for name, column in drawn.items()} | dict(votes or {})
    all_poems = {name: column.tolist() for name, column in drawn_poems.items()} | dict(poems or {})
    return write_csv(folder / "votes.csv", all_votes), write_csv(folder / "poems.csv", all_poems)


def n_rows(folder: Path) -> tuple[int, int]:
    votes, poems = study(folder)
    return len(pl.read_csv(votes)), len(pl.read_csv(poems))


# --- figures


@pytest.mark.shared
def test_simulated_study_gives_the_figures_stated_for_it():
    data = shared_data() / "study_null"
    ran = run(
        data / "votes.csv",
        data / "poems.csv",
        "--adjust",
        "n_lines,words_per_line,uplift_ending",
        "--json",
        "-",
    )
    assert ran.code == 0
    found = ran.json
    stated = {"expert": (0.316, 0.02, 0.61), "nonexpert": (0.450, 0.34, 0.56)}
    for group, figures in stated.items():
        effect = found["groups"][group]
        shown = (effect["log_odds"], effect["ci_low"], effect["ci_high"])
        assert shown[0] == pytest.approx(figures[0], abs=STATED), group
        assert shown[1:] == pytest.approx(figures[1:], abs=STATED_END), group
    difference = found["difference"]
    shown = (difference["log_odds"], difference["ci_low"], difference["ci_high"])
    assert shown[0] == pytest.approx(0.135, abs=STATED)
    assert shown[1:] == pytest.approx((-0.16, 0.43), abs=STATED_END)
    assert found["data"]["rows"] == 7153


@pytest.mark.shared
def test_equal_weights_give_what_r_gives():
    data = shared_data() / "study_null"
    reference = json.loads((data / "reference_R.json").read_text())["ties_half_adjusted"]
    ran = run(
        *(data / "votes.csv", data / "poems.csv", "--weights", "equal", "--json", "-"),
        *("--adjust", "n_lines,words_per_line,uplift_ending"),
    )
    for group, name in (("expert", "e:d"), ("nonexpert", "n:d")):
        expected = reference["all_coefficients"][name]
        assert ran.json["groups"][group]["log_odds"] == pytest.approx(expected, abs=R_TOLERANCE)


@pytest.mark.shared
def test_votes_of_lay_readers_alone_say_there_are_no_experts_to_compare_with():
    data = shared_data()
    ran = run(data / "votes" / "copoet_votes.csv", data / "poems" / "copoet_poems.jsonl")
    assert ran.code == 0
    assert "There are no experts to compare with" in ran.out
    assert "non-experts" in ran.out


@pytest.mark.shared
def test_any_numeric_column_can_take_the_place_of_rhyme():
    data = shared_data() / "votes"
    ran = run(
        data / "cems_votes.csv", data / "cems_items.csv", "--feature", "latin", "--adjust", "none"
    )
    assert ran.code == 0
    assert "latin" in ran.out
    assert "rhyme" not in ran.out
    assert "All votes are on poems for one prompt" in ran.out
    assert "win share" not in ran.out


def test_feature_that_the_file_lacks_is_measured_from_the_text(tmp_path):
    _, n_poems = n_rows(tmp_path)
    texts = [RHYMED, UNRHYMED] * (n_poems // 2)
    measured = [measure(text) for text in texts]
    given: dict[str, list[Any]] = {
        name: [found[name] for found in measured] for name in (RHYME, *CONTROLS)
    }
    whole = run(*study(tmp_path, poems={"text": texts, **given}), "--json", "-").json
    votes, poems = study(tmp_path)
    write_csv(
        poems,
        {
            "poem_id": [f"p{n:05d}" for n in range(n_poems)],
            "text": texts,
            "prompt_id": [f"q{n // 4:05d}" for n in range(n_poems)],
        },
    )
    assert run(votes, poems, "--json", "-").json == whole


def test_numeric_column_named_like_a_feature_is_taken_as_given(tmp_path):
    _, n_poems = n_rows(tmp_path)
    plain = run(*study(tmp_path), "--json", "-").json
    with_texts = run(*study(tmp_path, poems={"text": [UNRHYMED] * n_poems}), "--json", "-").json
    assert with_texts == plain


def test_column_of_words_named_like_a_feature_is_measured_instead(tmp_path):
    _, n_poems = n_rows(tmp_path)
    poems = {"rhymed": ["yes", "no"] * (n_poems // 2), "text": [RHYMED, UNRHYMED] * (n_poems // 2)}
    ran = run(
        *study(tmp_path, poems=poems), "--feature", "rhymed", "--adjust", "none", "--json", "-"
    )
    assert ran.code == 0
    assert ran.json["feature"] == "rhymed"


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_other_formats_give_the_same_figures(tmp_path, suffix):
    votes, poems = study(tmp_path)
    expected = run(votes, poems, "--json", "-").json
    others = []
    for file in (votes, poems):
        frame = pl.read_csv(file)
        others.append(tmp_path / f"{file.stem}.{suffix}")
        if suffix == "jsonl":
            frame.write_ndjson(others[-1])
        else:
            frame.write_parquet(others[-1])
    assert run(others[0], others[1], "--json", "-").json == expected


# --- choices


def test_options_offered_are_those_of_the_analysis():
    hints = get_type_hints(command)
    for name, kind in (("weights", Weights), ("ties", Ties), ("variance", Variance)):
        assert get_args(hints[name]) == tuple(kind)


def test_defaults_are_those_of_the_analysis(tmp_path):
    found = run(*study(tmp_path), "--json", "-").json
    assert found["options"] == {
        "adjust": list(CONTROLS),
        "weights": "tau",
        "ties": "half",
        "variance": "two-way",
        "exclusions": "drop",
    }
    assert found["feature"] == RHYME
    assert found["version"] == __version__


def test_options_reach_the_analysis(tmp_path):
    options = (
        *("--adjust", "none", "--weights", "rater", "--ties", "drop", "--variance", "naive"),
        *("--exclusions", "keep"),
    )
    found = run(*study(tmp_path), *options, "--json", "-").json
    assert list(found["options"].values()) == [[], "rater", "drop", "naive", "keep"]


def test_json_file_holds_what_is_printed(tmp_path):
    files = study(tmp_path)
    out = tmp_path / "out.json"
    ran = run(*files, "--json", str(out))
    assert json.loads(out.read_text()) == run(*files, "--json", "-").json
    assert "win share" in ran.out


def test_summary_gives_figures_of_both_groups_with_and_without_controls(tmp_path):
    files = study(tmp_path)
    found = run(*files, "--json", "-").json
    out = run(*files).out
    assert out.startswith(found["sentence"])
    for result in (found, found["unadjusted"]):
        for group in ("expert", "nonexpert"):
            assert f"{100 * result['groups'][group]['win_share']:.1f} (" in out
    assert f"{found['difference']['ratio_of_odds_ratios']:.2f} (" in out
    assert "\naverage rater: every rater counts alike, however many votes they gave\n" in out
    assert re.search(r"odds ratio \(95%\) +p +df", out)
    assert all(f"- {note}" in out for note in found["notes"])


def test_table_of_one_group_has_no_column_without_figures(tmp_path):
    votes, poems = study(tmp_path)
    frame = pl.read_csv(votes)
    frame.filter(pl.col("group") == "nonexpert").write_csv(votes)
    out = run(votes, poems).out
    assert re.search(r"odds ratio \(95%\) +df +votes", out)


# --- simulated votes


def test_simulated_votes_are_left_out_and_counted(tmp_path):
    n_votes, _ = n_rows(tmp_path)
    flags = [int(n < 100) for n in range(n_votes)]
    ran = run(*study(tmp_path, votes={"simulated": flags}), "--json", "-")
    assert ran.err.startswith("100 simulated votes are left out; --simulated only")
    assert ran.json["data"]["rows"] == n_votes - 100
    only = run(*study(tmp_path, votes={"simulated": flags}), "--simulated", "only", "--json", "-")
    assert only.json["data"]["rows"] == only.json["data"]["simulated"] == 100


def test_file_of_simulated_votes_alone_points_to_the_option(tmp_path):
    n_votes, _ = n_rows(tmp_path)
    files = study(tmp_path, votes={"simulated": [1] * n_votes})
    ran = run(*files)
    assert (ran.code, ran.out) == (1, "")
    assert f"votes.csv: all {n_votes:,} votes are simulated; --simulated only" in ran.err
    assert "All of these votes are simulated" in run(*files, "--simulated", "only").out


def test_asking_for_simulated_votes_where_there_are_none_is_refused(tmp_path):
    ran = run(*study(tmp_path), "--simulated", "only")
    assert ran.code == 1
    assert "votes.csv: no vote is marked simulated" in ran.err


# --- what cannot be used


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
