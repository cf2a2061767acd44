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
from tests.quick_reports import quick_reports
from tests.shared_data import shared_data

__all__ = ["quick_reports"]  # a fixture

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
        "--quick",
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
        *(data / "votes.csv", data / "poems.csv", "--weights", "equal", "--quick", "--json", "-"),
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
        "experts": "invitation",
    }
    assert found["feature"] == RHYME
    assert found["version"] == __version__


def test_options_reach_the_analysis(tmp_path):
    options = (
        *("--adjust", "none", "--weights", "rater", "--ties", "drop", "--variance", "naive"),
        *("--exclusions", "keep"),
    )
    found = run(*study(tmp_path), *options, "--json", "-").json
    assert list(found["options"].values()) == [[], "rater", "drop", "naive", "keep", "invitation"]


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
