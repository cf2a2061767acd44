"""Every stage of the bench of a million votes gives a result, here of a few."""

from pathlib import Path
from typing import Any

import pytest

from app.analysis.simulate import StudyParameters
from benchmarks import million

FEW = StudyParameters(n_experts=12, n_nonexperts=24, n_prompts=12, poems_per_prompt=10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("million")
    million.prepare(found, FEW)
    return found


def result(folder: Path, stage: str) -> Any:
    return million.STAGES[stage][1](folder)()


def test_votes_and_pairs_of_sources_are_the_same_for_all_stages(folder):
    rows = (folder / million.PAIRS).read_text(encoding="utf-8").splitlines()
    assert len(rows) - 1 == len(result(folder, "check").vote_ids)


def test_primary_estimate_and_peer_have_both_groups(folder):
    assert result(folder, "primary").difference is not None
    assert len(result(folder, "two_way")) == 2


def test_report_without_bootstrap_lacks_the_shares_alone(folder):
    with_shares = {part.name for part in result(folder, "bootstrap").parts}
    without = {part.name for part in result(folder, "report").parts}
    assert with_shares - without == {"shares"}


def test_strengths_are_of_all_sources_and_relative_to_their_mean(folder):
    found = result(folder, "strengths")
    assert len(found) == million.N_SOURCES
    assert sum(found.values()) == pytest.approx(0, abs=1e-12)


def test_a_peer_that_is_not_installed_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(million, "PEERS", tmp_path / "none")
    assert "left out" in million.peer(tmp_path / "votes.csv", {})
