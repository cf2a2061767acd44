"""Pairs that come again count where raters are compared with themselves, and nowhere else."""

import numpy as np
import pytest

from app.analysis import InvalidVotes, VoteTable
from app.analysis.simulate import StudyParameters, simulate_study
from tests.analysis.studies import result

Frame = dict[str, list[object]]
N_REPEATS = 60


@pytest.fixture(scope="module")
def frames() -> tuple[Frame, Frame]:
    study = StudyParameters(n_experts=6, n_nonexperts=14, n_prompts=12, median_votes=12)
    votes, poems = simulate_study(study, np.random.default_rng(3))
    return (
        {name: list(np.asarray(column).tolist()) for name, column in votes.items()},
        {name: list(np.asarray(column).tolist()) for name, column in poems.items()},
    )


def with_repeats(votes: Frame, *, purpose: str = "repeat") -> Frame:
    """The first votes again with sides exchanged, the left poem chosen whatever it is."""
    more: Frame = {name: cells[:N_REPEATS] for name, cells in votes.items()}
    more["vote_id"] = [*(f"again-{n}" for n in range(N_REPEATS))]
    more["poem_left"], more["poem_right"] = more["poem_right"], more["poem_left"]
    more["choice"] = ["left"] * N_REPEATS
    n = len(votes["vote_id"])
    purposes: list[object] = [*["measure"] * n, *[purpose] * N_REPEATS]
    return {name: [*cells, *more[name]] for name, cells in votes.items()} | {"purpose": purposes}


def part(analysis, name: str):
    return next(one for one in analysis["parts"] if one["name"] == name)


def test_repeats_change_no_estimate_and_are_counted(frames):
    votes, poems = frames
    without, with_ = result(votes, poems), result(with_repeats(votes), poems)
    for name in ("groups", "difference", "unadjusted", "sensitivity", "tie_rates"):
        assert with_[name] == without[name], name
    assert with_["data"]["rows"] == without["data"]["rows"] + N_REPEATS
    assert with_["data"]["sha256"] != without["data"]["sha256"]
    assert sum(row["again"] for row in part(with_, "data")["rows"]) == N_REPEATS
    assert any(
        f"{N_REPEATS} votes on a pair that came again" in n for n in part(with_, "data")["notes"]
    )
    assert "again" not in [column["name"] for column in part(without, "data")["columns"]]


def test_raters_are_compared_with_themselves_on_repeats(frames):
    votes, poems = frames
    with_ = result(with_repeats(votes), poems)
    rows = part(with_, "reliability")["rows"]
    leaning = [r for r in rows if r["measure"].startswith("lean to the left") and r["value"]]
    assert leaning
    assert all(row["value"] > 0.2 for row in leaning)  # left was chosen every second time
    without = part(result(votes, poems), "reliability")["rows"]
    others = [r for r in rows if "came again" not in r["measure"]]
    assert others == [r for r in without if "came again" not in r["measure"]]


def test_purpose_that_is_none_is_named(frames):
    votes, poems = frames
    with pytest.raises(InvalidVotes, match="purpose"):
        VoteTable.from_frames(with_repeats(votes, purpose="check"), poems)
