"""`blindverse export`, and what is made of its files."""

import json
from pathlib import Path

import pytest

from tests.cli.commands.running import done, run


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_export_writes_whole_files_and_names_them(open_study, own_folder, suffix):
    folder = own_folder / "new" / "data"
    shown = done("export", "First", "--folder", str(folder), "--format", suffix).splitlines()
    names = {f"{table}.{suffix}" for table in ("votes", "poems", "raters", "checks")}
    assert {file.name for file in folder.iterdir()} == names | {"data-dictionary.md"}
    assert {Path(line).name for line in shown} == names | {"data-dictionary.md"}
    content = (folder / f"poems.{suffix}").read_text(encoding="utf-8")
    assert len(content.splitlines()) >= 6
    assert "is slow to go away" in content


def test_export_into_a_folder_that_cannot_be_written_fails_with_a_sentence(open_study, own_folder):
    (own_folder / "data").write_text("a file")
    ran = run("export", "First", "--folder", "data")
    assert ran.code == 2
    assert "data" in ran.err


def test_export_without_votes_is_measured_and_analysed_all_the_same(open_study):
    done("export", "First", "--folder", "data")
    files = ("--votes", "data/votes.csv", "--poems", "data/poems.csv")
    assert "has voted" in done("analyse", *files)
    assert json.loads(done("analyse", *files, "--json", "-"))["data"]["rows"] == 0
    measured = [json.loads(line) for line in done("measure", "data/poems.csv").splitlines()]
    assert [poem["id"] for poem in measured] == [f"p{n}" for n in range(6)]
