"""`blindverse power` plans a study from numbers, from its poems, or from votes that there are."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.errors import Unusable

SMALL = ("--nonexperts", "20", "--votes-per-rater", "15", "--prompts", "8", "--runs", "10")
FILES = ("--experts", "12", "--nonexperts", "20", "--prompts", "12")


def run(*arguments: object):
    return CliRunner().invoke(app, ["power", *map(str, arguments)], catch_exceptions=False)


def figures(*arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "--json", "-").stdout)
    return found


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    CliRunner().invoke(app, ["simulate", "--folder", str(folder), "--seed", "3", *FILES])
    return folder


def test_numbers_alone_give_a_line_for_each_combination():
    said = run(*SMALL, "--experts", "10,20", "--prompts", "8,12").stdout
    lines = [line.split() for line in said.splitlines()]
    assert lines[0][0] == "experts"
    assert [(one[0], one[3]) for one in lines[1:]] == [
        *(("10", "8"), ("20", "8"), ("10", "12"), ("20", "12"))
    ]
    assert said.count("10.0 points") == 4


def test_more_experts_are_more_power_and_the_same_seed_the_same_numbers():
    one, again, other = (
        figures(*SMALL, "--experts", "6,60", "--seed", seed)["power"] for seed in (3, 3, 4)
    )
    assert one == again != other
    assert one[0]["expected"] < one[1]["expected"]
    assert one[0]["half_width"] > one[1]["half_width"]
    assert one[0]["runs"] == 10


def test_poems_of_a_file_are_measured_where_they_need_to_be(tmp_path):
    texts = (
        "The cat sat down\nand wore a crown\nand went to town\nwith Mister Brown",
        "The cat sat still\nupon the chair\nand looked ahead\nat nothing much",
    )
    rows = [(f"p{n}", f"q{n // 4}", texts[n % 2]) for n in range(40)]
    file = tmp_path / "poems.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("poem_id", "prompt_id", "text"), *rows])
    found = figures("--poems", file, "--experts", 10, *SMALL[:4], "--runs", 10, "--adjust", "none")
    assert [(one["n_prompts"], one["n_experts"]) for one in found["power"]] == [(10, 10)]
    assert found["power"][0]["estimated"] == 10


def test_votes_say_how_many_raters_there_are_and_what_more_would_do(study):
    files = ("--poems", study / "poems.csv", "--votes", study / "votes.csv")
    said = run(*files, "--simulated", "only", "--runs", 10, "--more", "--points", 8).stdout
    assert "12 experts, 20 non-experts" in said
    assert "12 prompts: " in said
    assert "more experts (about" in said
    assert "8.0 points" in said
    said = run(*files, "--simulated", "only", "--runs", 10, "--width", 40).stdout
    assert "that is enough" in said
    with pytest.raises(Unusable, match="votes are simulated"):
        run(*files)


def test_chart_is_written_and_says_its_numbers(tmp_path):
    chart = tmp_path / "power.svg"
    run(*SMALL, "--experts", "6,12", "--svg", chart)
    assert "6 experts: " in chart.read_text("utf-8")
    crowded = run(*SMALL, "--experts", "6", "--prompts", "5,6,7,8", "--svg", chart)
    assert crowded.exit_code == 2
    assert "at most 3 combinations" in crowded.stderr


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--experts", "few"), "must be whole numbers from 1"),
        (("--experts", "0"), "must be whole numbers from 1"),
        (("--points", "60"), "it must be 0 to 45"),
        (("--points", "5", "--effect", "1"), "give one of them"),
        (("--votes", __file__), "needs the --poems"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(arguments: tuple[str, ...], what: str):
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert what in " ".join(refused.stderr.split())
