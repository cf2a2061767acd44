"""Reliability of the questions on expertise: against published figures, by hand, and by group."""

from typing import Any

import numpy as np
import pytest

from app.analysis import InvalidVotes, Options, VoteTable
from app.analysis.consistency import KR20, alpha_interval, consistency, cronbach_alpha
from app.analysis.instrument_part import instrument_part
from app.analysis.options import Group
from app.analysis.votes import GROUPS
from tests.analysis.moderated import frames

CLOSE = 1e-9
# Ten students, ten items: K. L. Wuensch, East Carolina University, KR20.txt, who gives p q of each
# item and the variance of the totals.
QUIZ = """
1111110110 1011011101 1111011001 0010001000 0000010010
1110111111 1101110111 1111111101 0101111101 1101101110
"""
PQ, TOTAL = (0.21, 0.21, 0.24, 0.21, 0.24, 0.16, 0.21, 0.21, 0.25, 0.24), 5.84
# feldt1.return(0.913, 873, 20) in the R code of C. Evans, MRC Cognition and Brain Sciences Unit.
EVANS = (0.9044024, 0.9211588)


def test_kr20_is_that_of_a_published_quiz():
    points = np.array([[float(answer) for answer in row] for row in QUIZ.split()])
    assert cronbach_alpha(points) == pytest.approx(10 / 9 * (1 - sum(PQ) / TOTAL), abs=CLOSE)


def test_interval_is_that_of_a_published_example():
    assert alpha_interval(0.913, 873, 20) == pytest.approx(EVANS, abs=5e-8)


def test_alpha_of_alike_items_is_spearman_and_browns_formula():
    """k items of equal variance and correlation r: alpha = k r / (1 + (k - 1) r)."""
    k, r = 4, 0.35
    wanted = np.full((k, k), r) + (1 - r) * np.eye(k)
    drawn = np.random.default_rng(1).normal(size=(60, k))
    drawn -= drawn.mean(axis=0)
    white = drawn @ np.linalg.inv(np.linalg.cholesky(np.cov(drawn.T))).T
    points = white @ np.linalg.cholesky(wanted).T
    assert cronbach_alpha(points) == pytest.approx(k * r / (1 + (k - 1) * r), abs=CLOSE)


def test_interval_holds_the_truth_as_often_as_it_says():
    rng, k, n, r = np.random.default_rng(2), 5, 40, 0.4
    truth = k * r / (1 + (k - 1) * r)
    held = 0
    for _ in range(1000):
        points = np.sqrt(r) * rng.normal(size=(n, 1)) + np.sqrt(1 - r) * rng.normal(size=(n, k))
        alpha = cronbach_alpha(points)
        assert alpha is not None
        low, high = alpha_interval(alpha, n, k)
        held += low < truth < high
    assert 0.93 < held / 1000 < 0.97


def answered(seed: int = 3) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Votes, poems and raters of whom experts score higher; two scales, one of ticks."""
    votes, poems = frames()
    invited = dict(sorted(zip(votes["rater_id"], votes["group"], strict=True)))
    rng = np.random.default_rng(seed)
    level = {rater: 1.5 * (group == "expert") + rng.normal() for rater, group in invited.items()}
    raters: dict[str, Any] = {"rater_id": list(invited)}
    for item in ("a", "b", "c"):
        drawn = (round(level[rater] + rng.normal()) for rater in invited)
        raters[f"points_habits_{item}"] = [min(3, max(0, value)) for value in drawn]
    for item, worth in (("one", 1), ("two", 1), ("other_foil", -1)):
        raters[f"points_poets_{item}"] = [
            worth * int(worth * (level[rater] - 0.5) + rng.normal() > 0) for rater in invited
        ]
    return votes, poems, raters


def test_each_scale_has_a_value_for_each_group_and_for_all():
    votes, poems, raters = answered()
    found = consistency(VoteTable.from_frames(votes, poems, answers=raters))
    groups = (Group.NONEXPERT, Group.EXPERT, None)
    assert [(one.scale, one.group) for one in found] == [
        *(("habits", group) for group in groups),
        *(("poets", group) for group in groups),
    ]
    invited = dict(zip(votes["rater_id"], votes["group"], strict=True))
    columns = [raters[f"points_habits_{item}"] for item in ("a", "b", "c")]
    rows = list(zip(raters["rater_id"], *columns, strict=True))
    own = np.array([row[1:] for row in rows if invited[row[0]] == "nonexpert"], dtype=float)
    value = 3 / 2 * (1 - own.var(axis=0, ddof=1).sum() / own.sum(axis=1).var(ddof=1))
    assert found[0].value == pytest.approx(value, abs=CLOSE)
    assert (found[0].items, found[0].raters) == (3, len(own))
    assert found[0].mean == pytest.approx(own.sum(axis=1).mean())
    assert {one.coefficient for one in found[3:]} == {KR20}
    assert found[5].raters == found[3].raters + found[4].raters


def test_raters_without_a_vote_or_an_answer_do_not_count():
    votes, poems, raters = answered()
    n = len(raters["rater_id"])
    more = {
        name: [*cells, "stranger" if name == "rater_id" else 1] for name, cells in raters.items()
    }
    more["points_habits_a"][0] = ""
    found = consistency(VoteTable.from_frames(votes, poems, answers=more))
    assert [one.raters for one in found if one.group is None] == [n - 1, n]


def test_order_of_rows_and_columns_changes_nothing():
    votes, poems, raters = answered()
    turned = {name: cells[::-1] for name, cells in reversed(raters.items())}
    one, other = (
        instrument_part(VoteTable.from_frames(votes, poems, answers=given), Options()).as_dict()
        for given in (raters, turned)
    )
    assert one == other


def test_votes_kept_say_whose_answers_count():
    votes, poems, raters = answered()
    table = VoteTable.from_frames(votes, poems, answers=raters)
    experts = table.where(table.group == GROUPS.index(Group.EXPERT))
    found = consistency(experts)
    nonexperts, own, everybody = (one.raters for one in found[:3])
    assert (nonexperts, own) == (0, everybody)
    assert found[0].value is None
    assert "Fewer than 10 raters" in found[0].reason


def test_part_names_scale_measure_interval_and_number():
    votes, poems, raters = answered()
    part = instrument_part(VoteTable.from_frames(votes, poems, answers=raters), Options())
    assert not part.declined
    assert "reading and writing habits 0." in part.sentence
    assert "recognising poets (hits less false alarms)" in part.sentence
    assert "KR-20, 3 items" in part.sentence
    assert len(part.rows) == 6


def test_without_answers_the_part_says_which_columns_are_missing():
    votes, poems, _raters = answered()
    part = instrument_part(VoteTable.from_frames(votes, poems), Options())
    assert part.declined
    assert "points_" in part.sentence


def test_answers_of_a_few_give_no_coefficient():
    votes, poems, raters = answered()
    few = {name: cells[:5] for name, cells in raters.items()}
    part = instrument_part(VoteTable.from_frames(votes, poems, answers=few), Options())
    assert part.declined
    assert "Fewer than 10 raters" in part.sentence


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("points_habits_b", "many", "Rater row 2 (rater {}), column points_habits_b: 'many'"),
        ("rater_id", None, "is given twice; every rater has one row"),
    ],
)
def test_row_that_cannot_be_used_is_named(column, cell, said):
    votes, poems, raters = answered()
    raters[column][1] = raters["rater_id"][0] if cell is None else cell
    with pytest.raises(InvalidVotes) as refused:
        VoteTable.from_frames(votes, poems, answers=raters)
    assert said.format(raters["rater_id"][1]) in str(refused.value)
    assert "rater" in str(refused.value)


def test_file_without_rater_ids_is_refused():
    votes, poems, raters = answered()
    del raters["rater_id"]
    with pytest.raises(InvalidVotes, match="The raters have no column 'rater_id'"):
        VoteTable.from_frames(votes, poems, answers=raters)
