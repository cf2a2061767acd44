"""Quick and slow decisions, each rater compared with himself."""

import numpy as np
import pytest

from app.analysis import Options, VoteTable
from app.analysis.laziness import laziness_part
from app.analysis.options import Group
from app.analysis.pace import MEASURES, laziness, within_rater
from tests.analysis.moderated import cells, frames, modest
from tests.analysis.studies import Frame
from tests.analysis.test_dose import drawn

TIME, PER_LINE, EASE = MEASURES


def timed(kappa: float, *, seed: int = 1, n: int = 6000) -> tuple[Frame, Frame]:
    """Votes whose log odds are (1 + kappa z) d, z the rater's own pace; raters' paces differ."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=n)
    pace = rng.normal(3, 1, 60)[np.arange(n) % 60]
    seconds = np.exp(pace + 0.5 * z)
    rows = np.arange(n)
    density = rng.choice([0.0, 0.5, 1.0], 200)
    left = rng.integers(0, 200, n)
    right = 4 * (left // 4) + (left % 4 + rng.integers(1, 4, n)) % 4
    d = density[left] - density[right]
    wins = rng.random(n) < 1 / (1 + np.exp(-(1 + kappa * z) * d))
    votes = {
        "vote_id": [f"v{ix}" for ix in rows],
        "rater_id": [f"r{ix % 60}" for ix in rows],
        "group": np.where(rows % 60 < 30, "expert", "nonexpert").tolist(),
        "poem_left": [f"p{ix}" for ix in left],
        "poem_right": [f"p{ix}" for ix in right],
        "choice": np.where(wins, "left", "right").tolist(),
        "decision_ms": np.clip(1000 * seconds, 50, 3_500_000).tolist(),
    }
    poems = {
        "poem_id": [f"p{ix}" for ix in range(200)],
        "prompt_id": [f"q{ix // 4}" for ix in range(200)],
        "rhyme_density": density.tolist(),
        "n_lines": [4 + ix % 9 for ix in range(200)],
    }
    return votes, poems


def test_z_compares_with_the_rater_alone():
    values = np.array([1.0, 2.0, 3.0, 11.0, 12.0, 13.0, 7.0, np.nan, 5.0, 5.0])
    rater = np.array([0, 0, 0, 1, 1, 1, 2, 0, 3, 3])
    z = within_rater(values, rater)
    assert z[:6].tolist() == [-1, 0, 1, -1, 0, 1]
    assert np.isnan(z[6:]).all()


@pytest.mark.parametrize("kappa", [-0.5, 0.0, 0.5])
def test_the_change_with_pace_is_recovered(kappa):
    table = VoteTable.from_frames(*timed(kappa), controls=("n_lines",))
    for group in (Group.EXPERT, Group.NONEXPERT):
        change = laziness(table, group, TIME, Options()).change
        assert change is not None
        assert change.ci_low < kappa < change.ci_high
        assert (change.p_value < 0.05) == (kappa != 0)


def test_the_sentence_says_which_decisions_rhyme_counts_for():
    quick = laziness_part(VoteTable.from_frames(*timed(-0.5), controls=()), Options())
    slow = laziness_part(VoteTable.from_frames(*timed(0.5), controls=()), Options())
    none = laziness_part(VoteTable.from_frames(*timed(0.0), controls=()), Options())
    assert "Experts lean more to rhyme in quick than in slow decisions" in quick.sentence
    assert "Experts lean more to rhyme in slow than in quick decisions" in slow.sentence
    assert "these votes do not show that they lean more or less to rhyme" in none.sentence
    assert quick.data["differences"][0]["p_value"] > 0.05
    assert [row["measure"] for row in quick.rows] == ["decision_time"] * 2  # no lines to divide by


def test_a_rater_who_is_slow_in_all_is_no_slow_decision():
    votes, poems = timed(-0.5)
    factor = {f"r{ix}": 1 + ix % 7 for ix in range(60)}
    slower = [
        ms * factor[rater] / 10
        for ms, rater in zip(votes["decision_ms"], votes["rater_id"], strict=True)
    ]
    first, other = (
        laziness_part(
            VoteTable.from_frames({**votes, "decision_ms": times}, poems, controls=()), Options()
        ).rows[0]["change"]
        for times in ([ms / 10 for ms in votes["decision_ms"]], slower)
    )
    assert other == pytest.approx(first, rel=1e-9)


def test_impossible_times_are_left_out_and_counted():
    votes, poems = frames()
    broken = [0, -5, 3_600_001, 7_200_000, *votes["decision_ms"][4:]]
    part = laziness_part(VoteTable.from_frames({**votes, "decision_ms": broken}, poems), Options())
    assert "Left out for a time of 0 or of more than an hour: 4 votes." in part.notes
    times = [row for row in cells(part) if row["measure"] == "decision_time"]
    assert sum(row["left_out"] for row in times) == 4
    assert sum(row["votes"] for row in times) == len(votes["vote_id"]) - 4


def test_time_per_line_divides_by_the_lines_of_both_poems():
    votes, poems = timed(-0.5)
    lines = dict(zip(poems["poem_id"], poems["n_lines"], strict=True))
    sides = zip(votes["decision_ms"], votes["poem_left"], votes["poem_right"], strict=True)
    by_hand = [ms / (lines[left] + lines[right]) for ms, left, right in sides]
    table = VoteTable.from_frames(votes, poems, controls=("n_lines",))
    divided = VoteTable.from_frames({**votes, "decision_ms": by_hand}, poems, controls=("n_lines",))
    found = laziness(table, Group.EXPERT, PER_LINE, Options()).change
    expected = laziness(divided, Group.EXPERT, TIME, Options()).change
    assert found is not None
    assert expected is not None
    assert found.log_odds == pytest.approx(expected.log_odds, rel=1e-9)


def test_ease_stands_beside_time_and_each_is_a_secondary_test():
    part = modest()["laziness"]
    assert {row["measure"] for row in part.rows} == {"decision_time", "time_per_line", "ease"}
    assert len(part.data["tests"]) == len(part.rows) == 6
    assert [row["low_name"] for row in part.rows if row["measure"] == "ease"] == ["hard"] * 2


def test_without_times_and_ease_the_part_says_which_columns_are_missing():
    part = laziness_part(drawn(lambda size: size), Options())
    assert part.declined
    assert "decision_ms" in part.sentence


def test_a_group_whose_times_never_vary_gives_a_sentence():
    votes, poems = timed(0.0)
    same = [
        5000 if group == "expert" else ms
        for ms, group in zip(votes["decision_ms"], votes["group"], strict=True)
    ]
    table = VoteTable.from_frames({**votes, "decision_ms": same}, poems, controls=())
    part = laziness_part(table, Options())
    assert {row["group"] for row in part.rows} == {"nonexpert"}
    assert "Decision time varies for none of the experts" in part.sentence
