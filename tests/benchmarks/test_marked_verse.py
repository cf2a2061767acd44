"""Detectors are scored over whole poems, and what they get wrong is named."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.agreement import agreement_table, shared_lines
from benchmarks.marked_verse import (
    CHECKOUT,
    Record,
    Scheme,
    as_poems,
    as_records,
    read_rows,
    score,
    table_row,
)
from benchmarks.rhyme_errors import error_table, kind_of, links
from tests.shared_data import shared_data

SCRIPT = CHECKOUT / "scripts" / "evaluate_rhyme.py"


def record(name: str, poem: str, *lines: str, scheme: Scheme = (), kind: str = "rhymed") -> Record:
    return {"id": name, "poem": poem, "lines": list(lines), "scheme": list(scheme), "kind": kind}


def test_records_of_one_poem_are_its_stanzas_and_get_their_part_of_its_scheme():
    records = [record("a1", "a", "x", "y"), record("a2", "a", "z"), record("b1", "b", "w")]
    assert list(as_poems(records)) == [
        {"id": "a", "stanzas": [["x", "y"], ["z"]]},
        {"id": "b", "stanzas": [["w"]]},
    ]
    assert list(as_records(records, {"a": ["A", None, "B"], "b": [None]})) == [
        {"id": "a1", "scheme": ["A", None]},
        {"id": "a2", "scheme": ["B"]},
        {"id": "b1", "scheme": [None]},
    ]


def test_table_row_leaves_out_what_was_not_measured():
    free = {"n": 0, "neg": 3, "F1": 0.0, "P": 0.0, "R": 0.0, "exact": None, "fp_line": 0.0188}
    assert table_row("free", free) == "| free | 3 |  |  |  |  | 1.88% |  |  |"
    both = {"n": 1200, "neg": 0, "F1": 0.9291, "P": 1, "R": 0.5, "exact": 0.75, "fp_line": None}
    stress = {"broken": 0.0067, "unrhymed": 0.0}
    assert table_row("all", both, stress) == (
        "| all | 1,200 | 0.929 | 1.000 | 0.500 | 0.750 |  | 0.67% | 0.00% |"
    )


def test_lines_that_share_a_label_are_linked_and_unrhymed_lines_are_not():
    assert links(["a", "x", "a", None, "x", "a", "-", "-"]) == {(0, 2), (0, 5), (2, 5)}


def test_agreement_counts_the_links_of_lines_that_two_sources_marked():
    verse = ("A day of sun,", "A stone of grey,", "The day is done,", "And all is day.")
    again = ("A line before", *(line.upper().rstrip(",.") for line in verse))
    others = (*verse[:2], "Another line", "And one more")
    records = [
        record(name, name, *lines, scheme=scheme)
        | {"author_key": "a", "century": 18, "source": source}
        for name, source, lines, scheme in (
            ("1", "one", verse, "abab"),
            ("2", "one", verse, "abab"),
            ("3", "two", again, "xaxab"),
            ("4", "three", others, "aabb"),
        )
    ]
    assert shared_lines(records[0], records[2]) == [(0, 1), (1, 2), (2, 3), (3, 4)]
    assert shared_lines(records[0], records[3]) == []
    assert list(agreement_table(records))[-2:] == [
        "| all | 2 | 4 | 2 | 0.667 |",
        "| 19th+20th | 0 | 0 | 0 |  |",
    ]


@pytest.mark.parametrize(
    ("one", "two", "distance", "kind"),
    [
        ("Rain", "rain", 9, "same word"),
        ("rain", "plain", 5, "more than 4 lines apart"),
        ("rain", "zzyvlm", 1, "unknown word"),
        ("rain", "plane", 4, "perfect rhyme"),
        ("memory", "be", 2, "unstressed ending"),
        ("love", "move", 2, "eye rhyme"),
        ("stone", "dawn", 2, "other vowel, same consonants"),
        ("time", "mine", 2, "same vowel, other consonants"),
        ("stone", "river", 2, "other sounds"),
    ],
)
def test_kind_of_error_is_told_from_the_two_words(one, two, distance, kind):
    assert kind_of(one, two, distance=distance) == kind
    assert kind_of(two, one, distance=distance) == kind


def test_errors_are_counted_by_kind_with_their_end_words_alone():
    lines = ("we waited in the rain", "upon the plain", "beside a stone", "and the dawn")
    rhymed = [record(f"r{ix}", "r", *lines, scheme="aabc") for ix in range(2)]
    free = record("f", "f", *lines, scheme="abcd", kind="free")
    schemes: dict[str, Scheme] = {
        "r0": [None, None, "A", "A"],
        "r1": [None] * 4,
        "f": ["A", "A", None, None],
    }
    head, *rows = error_table([*rhymed, free], schemes, at_most=2)
    assert head.startswith("| error | kind | links |")
    assert rows == [
        "| missed | perfect rhyme | 2 | plain/rain (2) |",
        "| invented | other vowel, same consonants | 1 | dawn/stone |",
    ]
    assert len(list(error_table([*rhymed, free], schemes, at_most=9))) == 4


@pytest.mark.shared
def test_marked_schemes_themselves_are_scored_as_without_fault():
    folder = shared_data()
    rows = [row for name in ("gold_dev", "stress_dev") for row in of_set(folder, name)]
    schemes = {row["id"]: row["scheme"] for row in rows}
    for row in rows:
        if row.get("broken") is not None:
            schemes[row["id"]][row["broken"]] = None
    found = score(folder, schemes)
    assert (found["micro"]["F1"], found["micro"]["exact"], found["micro"]["fp_line"]) == (1, 1, 0)
    assert found["stress"] == {"broken": 0, "unrhymed": 0}
    del schemes[rows[-1]["id"]]
    assert "stress" not in score(folder, schemes)


@pytest.mark.shared
def test_script_scores_schemes_made_elsewhere(tmp_path):
    rows = of_set(shared_data(), "gold_dev")
    forgotten = next(row for row in rows if row["kind"] == "rhymed")
    forgotten["scheme"] = [None] * len(forgotten["lines"])
    output = tmp_path / "out.jsonl"
    output.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    command = [sys.executable, SCRIPT, "--output", output, "--errors", "3"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    (total,) = (row for row in said.splitlines() if row.startswith("| all |"))
    assert total.split(" | ")[1:4] == ["2,968", "1.000", "1.000"]
    assert "| missed |" in said
    assert "| invented" not in said


def of_set(folder: Path, name: str) -> list[Record]:
    return read_rows(folder / "rhyme" / f"{name}.jsonl")
