"""A simulated study is written as files that `analyse` reads, and is marked as simulated."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.errors import Unusable

SMALL = ("--experts", "12", "--nonexperts", "20", "--prompts", "12")


def run(*arguments: str):
    return CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def test_study_is_written_marked_simulated_and_can_be_analysed(tmp_path):
    said = run("simulate", "--folder", tmp_path / "study", "--seed", "3", *SMALL).stdout
    votes, poems = (read(tmp_path / "study" / f"{name}.csv") for name in ("votes", "poems"))
    assert f"{len(votes):,} simulated votes on {len(poems):,} poems." in said
    assert {row["simulated"] for row in votes} == {"1"}
    assert len({row["rater_id"] for row in votes if row["group"] == "expert"}) == 12
    assert len({row["prompt_id"] for row in poems}) == 12
    files = ("--votes", tmp_path / "study" / "votes.csv", "--poems", tmp_path / "study/poems.csv")
    found = run("analyse", *files, "--simulated", "only", "--quick", "--json", "-")
    assert json.loads(found.stdout)["groups"]["nonexpert"]["raters"] == 20


def test_same_seed_draws_the_same_study(tmp_path):
    for name, seed in (("a", "3"), ("b", "3"), ("c", "4")):
        run("simulate", "--folder", tmp_path / name, "--seed", seed, *SMALL)
    one, again, other = ((tmp_path / name / "votes.csv").read_bytes() for name in "abc")
    assert one == again != other


def test_numbers_may_come_from_a_file(tmp_path):
    file = tmp_path / "parameters.json"
    file.write_text('{"tie_nu": 0, "n_prompts": 5, "control_effects": [["n_lines", 0.1]]}', "utf-8")
    run("simulate", "--folder", tmp_path, "--parameters", file, "--experts", "4")
    votes = read(tmp_path / "votes.csv")
    assert {row["choice"] for row in votes} == {"left", "right"}
    assert len({row["rater_id"] for row in votes if row["group"] == "expert"}) == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"raters": 3}', "'raters' is no number of a study; those are n_experts"),
        ('{"dropout": 2}', "dropout is 2; it must be between 0 and 1"),
        ("[1]", "must hold one JSON object"),
        ("{", "is no JSON"),
    ],
)
def test_what_cannot_be_drawn_is_said(tmp_path, text, said):
    file = tmp_path / "parameters.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Unusable, match=said):
        run("simulate", "--folder", tmp_path, "--parameters", file)
    assert not (tmp_path / "votes.csv").exists()
