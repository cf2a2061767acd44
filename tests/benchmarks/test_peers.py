"""Ours and published detectors are run in the same way, and what cannot be run is named."""

import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import million
from benchmarks.peers import __main__ as peers
from benchmarks.peers import detect

FOLDER = Path(detect.__file__).parent
STANZAS = [["The lamp is low,", "A step, a bell,"], ["And down the row", "The shutters fell."]]


def test_lock_names_no_host_and_has_a_hash_for_every_pin():
    lock = (FOLDER / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    pins = re.split(r"^(?=[\w.-]+==)", lock, flags=re.MULTILINE)[1:]
    assert pins
    assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


def test_peers_are_labelled_with_the_versions_that_are_installed():
    asked = (FOLDER / "requirements.txt").read_text(encoding="utf-8").split()
    labels = {f"{d.name}=={d.label.split()[-1]}" for d in peers.DETECTORS if not d.ours}
    assert {*labels, million.ARENA_RANK.replace(" ", "==")} == set(asked)
    lock = (FOLDER / "requirements.lock").read_text(encoding="utf-8")
    assert all(f"\n{pin} " in lock for pin in asked)


def test_detector_is_run_over_a_file_of_poems_and_timed(tmp_path):
    (tmp_path / "poems.jsonl").write_text(json.dumps({"id": "a", "stanzas": STANZAS}), "utf-8")
    command = [sys.executable, detect.__file__, "rhyme_scheme", "poems.jsonl", "out.jsonl"]
    ran = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    found = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert found == {"id": "a", "scheme": ["A", "B", "A", "B"]}
    times = peers.Times(**json.loads(ran.stdout))
    assert min(times.start_up, times.first, times.second) > 0
    assert (times.failed, times.error) == (0, None)


def test_pronouncing_links_words_with_a_rhyming_part_in_common(monkeypatch):
    sounds = {"low": ["L OW1", "L AW1"], "row": ["R OW1"], "cow": ["K AW1"], "bell": ["B EH1 L"]}
    fake = SimpleNamespace(
        phones_for_word=lambda word: sounds.get(word, []),
        rhyming_part=lambda phones: phones.split(" ", 1)[1],
    )
    monkeypatch.setitem(sys.modules, "pronouncing", fake)
    find = detect.load_pronouncing()
    scheme = find([["so low,", "a bell"], ["one Row!", "the cow", "no word"]])
    assert scheme is not None
    low, bell, row, cow, unknown = scheme
    assert low == row == cow is not None
    assert bell is unknown is None
    assert find([["low", "bell", "x", "x", "x", "row"]]) == [None] * 6  # five lines apart


def test_chained_links_make_one_label():
    assert detect.labels(5, [(0, 2), (3, 4), (2, 3)]) == [0, None, 0, 0, 0]


def test_poem_on_which_a_detector_fails_has_no_rhyme_and_is_counted():
    def fails(stanzas: detect.Stanzas) -> detect.Scheme:
        if len(stanzas) > 1:
            raise ValueError("one stanza only")
        return ["A"]

    schemes, errors = detect.run_through(fails, [STANZAS, [["one"]], [["one", "two"]]])
    assert schemes == [[None] * 4, ["A"], [None] * 2]
    assert errors == ["ValueError: one stanza only", "1 labels for 2 lines"]


def test_ours_is_timed_and_peers_are_named_where_they_are_not_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(peers, "PEERS", tmp_path / "nothing")
    monkeypatch.setattr(peers, "MOST_RUNS", 1)
    rows = list(peers.speeds(tmp_path, quick=True))
    left_out = [row for row in rows if "left out: the peers' environment is not there" in row]
    assert len(left_out) == sum(not detector.ours for detector in peers.DETECTORS)
    (ours,) = (row for row in rows if row.startswith("ours, the scheme alone"))
    assert re.search(r"\d s +[\d,.]+ +[\d,.]+ *$", ours)


def test_detector_that_ends_with_an_error_is_left_out_with_its_last_words(tmp_path):
    (tmp_path / "poems.jsonl").write_text("no JSON", "utf-8")
    ours = peers.DETECTORS[0]
    with pytest.raises(peers.LeftOut, match="JSONDecodeError"):
        peers.run(ours, tmp_path, "poems.jsonl")


def test_detector_is_left_out_where_its_program_is_missing(tmp_path):
    needy = peers.Detector("needy", "rhyme_scheme", ours=True, program="no-such-program")
    with pytest.raises(peers.LeftOut, match="needs no-such-program"):
        peers.run(needy, tmp_path, "poems.jsonl")
