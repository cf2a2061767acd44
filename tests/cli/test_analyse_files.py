"""`blindverse analyse` as files, and of some of the votes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.analysis import NotIdentified
from tests.cli.test_analyse import run, study
from tests.quick_reports import quick_reports

__all__ = ["quick_reports"]  # a fixture


def parts(ran_json: dict[str, object]) -> list[dict[str, str]]:
    found = ran_json["parts"]
    assert isinstance(found, list)
    return found


def test_each_format_says_what_the_json_says(tmp_path: Path):
    out = {kind: tmp_path / f"report.{kind}" for kind in ("html", "markdown", "pdf", "json")}
    options = [word for kind, file in out.items() for word in (f"--{kind}", str(file))]
    ran = run(*study(tmp_path), "--quick", *options)
    assert ran.code == 0
    found = json.loads(out["json"].read_text(encoding="utf-8"))
    html, text = (out[kind].read_text(encoding="utf-8") for kind in ("html", "markdown"))
    for part in parts(found):
        assert f"### {part['title']}" in text
        assert f'id="people-{part["name"]}"' in html
    assert found["data"]["sha256"] in html
    assert found["data"]["sha256"] in text
    assert out["pdf"].read_bytes().startswith(b"%PDF-")


def test_quick_report_leaves_out_what_is_slow_and_changes_nothing_else(tmp_path: Path):
    files = study(tmp_path)
    whole, quick = (run(*files, *more, "--json", "-").json for more in ([], ["--quick"]))
    kept = {part["name"] for part in parts(quick)}
    assert kept < {part["name"] for part in parts(whole)}
    secondary = "multiplicity"  # it counts the tests of the others
    for part in parts(whole):
        if part["name"] in kept - {secondary}:
            assert part in parts(quick)


def test_file_that_cannot_be_written_is_named(tmp_path: Path):
    ran = run(*study(tmp_path), "--quick", "--markdown", str(tmp_path / "no" / "report.md"))
    assert ran.code == 1
    assert "report.md cannot be written" in ran.err


def test_votes_marked_as_excluded_are_left_out_unless_they_are_to_be_kept(tmp_path: Path):
    votes, _poems = study(tmp_path)
    n = votes.read_text().count("\n") - 1
    marks = [str(int(number % 3 == 0)) for number in range(n)]
    files = study(tmp_path, votes={"excluded": marks})
    dropped, kept = (
        run(*files, *how, "--json", "-").json for how in ((), ("--exclusions", "keep"))
    )
    for found, votes_counted in ((dropped, marks.count("0")), (kept, n)):
        assert found["data"]["rows"] == n
        assert found["data"]["excluded"] == marks.count("1")
        assert sum(one["votes"] for one in found["groups"].values()) == votes_counted
    assert dropped["sensitivity"]["with_excluded"]["groups"] == kept["groups"]
    assert kept["sensitivity"]["without_excluded"]["groups"] == dropped["groups"]
    assert "with excluded" in run(*files).out


@pytest.mark.parametrize(
    ("by", "column"), [("self-described", "self_described"), ("scored", "scored_as")]
)
def test_experts_are_those_who_say_so_or_are_scored_so_if_asked(
    tmp_path: Path, by: str, column: str
):
    """Everybody is the opposite of how they were invited."""
    votes, _poems = study(tmp_path)
    lines = [line.split(",") for line in votes.read_text().splitlines()]
    group = lines[0].index("group")
    other = {"expert": "nonexpert", "nonexpert": "expert"}
    files = study(tmp_path, votes={column: [other[line[group]] for line in lines[1:]]})
    invited, said = (
        run(*files, "--experts", one, "--json", "-").json["groups"] for one in ("invitation", by)
    )
    for ours, theirs in other.items():
        assert said[ours]["votes"] == invited[theirs]["votes"]
        assert said[ours]["log_odds"] == pytest.approx(invited[theirs]["log_odds"])


@pytest.mark.parametrize(
    ("option", "column"),
    [
        (["--since", "2026-01-31"], "cast_at"),
        (["--experts", "self-described"], "self_described"),
    ],
)
def test_filter_on_a_column_that_is_not_there_names_it(
    tmp_path: Path, option: list[str], column: str
):
    ran = run(*study(tmp_path), *option)
    assert ran.code == 1
    assert f"The votes have no column '{column}'" in ran.err


def test_time_that_is_none_names_its_row(tmp_path: Path):
    votes, _poems = study(tmp_path)
    n = votes.read_text().count("\n") - 1
    times = np.array(["2026-01-31T09:30:00.000Z"] * n, dtype=object)
    times[4] = "noon"
    ran = run(*study(tmp_path, votes={"cast_at": times.tolist()}), "--since", "2026-01-01")
    assert ran.code == 1
    assert "Vote row 5, column cast_at: 'noon' is no time" in ran.err


def test_hierarchical_model_stands_beside_the_other_sections(tmp_path: Path, monkeypatch: Any):
    def declined(*_: object, progress: Callable[[int, int], None]) -> None:
        progress(1, 2)
        raise NotIdentified("This was sampled.")

    monkeypatch.setattr("app.analysis.hierarchical_part.is_installed", lambda: True)
    monkeypatch.setattr("app.analysis.hierarchical_part.fit_hierarchical", declined)
    ran = run(*study(tmp_path), "--quick", "--hierarchical", "--json", "-")
    part = next(one for one in ran.json["parts"] if one["name"] == "hierarchical")
    assert part["sentence"] == "This was sampled."
    assert len(ran.json["parts"]) > 5
    alone = run(*study(tmp_path), "--hierarchical")
    assert "This was sampled." in alone.out
    assert "hierarchical" not in {
        one["name"] for one in run(*study(tmp_path), "--quick", "--json", "-").json["parts"]
    }


def test_hierarchical_model_without_its_extra_says_what_to_install(
    tmp_path: Path, monkeypatch: Any
):
    monkeypatch.setattr("app.analysis.sampling.is_installed", lambda: False)
    ran = run(*study(tmp_path), "--hierarchical")
    assert ran.code == 1
    assert "pip install 'blindverse[bayes]'" in ran.err
    assert ran.out == ""
