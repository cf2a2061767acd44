"""The detector against verse whose rhymes were marked by people."""

import json
import subprocess
import sys
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from app.verse import measure, rhyme_scheme
from tests.shared_data import shared_data

pytestmark = pytest.mark.shared

# What docs/verse.md reports, less a little.
LEAST_F1 = 0.92
LEAST_EXACT = 0.70
MOST_FALSE_LINES = 0.025
MOST_BROKEN = 0.008
MOST_UNRHYMED = 0.008


def records(path: Path) -> list[dict[str, Any]]:  # as JSON has it
    return [json.loads(row) for row in path.read_text("utf-8").splitlines()]


def write_schemes(source: Path, target: Path) -> None:
    rows = ({"id": r["id"], "scheme": rhyme_scheme("\n".join(r["lines"]))} for r in records(source))
    target.write_text("\n".join(map(json.dumps, rows)), "utf-8")


def test_marked_rhymes_are_found_and_few_are_invented(tmp_path):
    folder = shared_data() / "rhyme"
    gold, output, scores = folder / "gold_dev.jsonl", tmp_path / "out.jsonl", tmp_path / "scores"
    write_schemes(gold, output)
    command = [sys.executable, folder / "evaluate.py", gold, output, "--json", scores]
    subprocess.run(command, check=True, capture_output=True)
    micro = json.loads(scores.read_text("utf-8"))["micro"]
    assert (micro["missing"], micro["badlen"]) == (0, 0)
    assert micro["F1"] >= LEAST_F1
    assert micro["exact"] >= LEAST_EXACT
    assert micro["fp_line"] <= MOST_FALSE_LINES


def test_broken_and_unrhymed_stanzas_are_not_repaired():
    broken, wrongly, lines, falsely = 0, 0, 0, 0
    for record in records(shared_data() / "rhyme" / "stress_dev.jsonl"):
        scheme = rhyme_scheme("\n".join(record["lines"]))
        if record.get("broken") is not None:
            broken += 1
            wrongly += scheme[record["broken"]] is not None
        else:
            lines += len(scheme)
            falsely += sum(label is not None for label in scheme)
    assert wrongly <= MOST_BROKEN * broken
    assert falsely <= MOST_UNRHYMED * lines


def test_chinese_poems_have_no_measure_of_rhyme():
    poems = records(shared_data() / "poems" / "chinese_poems.jsonl")
    found = [measure(poem["text"]) for poem in poems]
    assert all(values["rhyme_density"] is None for values in found)
    assert all(values["n_lines"] for values in found)


def test_models_asked_to_rhyme_do_so_more_than_models_asked_not_to():
    rhymed: dict[str, list[float]] = {"rhymed": [], "unrhymed": [], "unspecified": []}
    for poem in records(shared_data() / "poems" / "model_poems.jsonl"):
        found = measure(poem["text"])["rhymed"]
        assert isinstance(found, int)
        rhymed[poem["style_instruction"]].append(found)
    assert mean(rhymed["rhymed"]) > 0.7
    assert mean(rhymed["unrhymed"]) < 0.5  # 50% rhyme against their instruction (Heuser 2025)
