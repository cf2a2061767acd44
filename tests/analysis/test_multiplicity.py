"""p values corrected for their number."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from app.analysis import VoteTable, analyse
from app.analysis.multiplicity import benjamini_hochberg, holm, multiplicity_part
from app.analysis.parts import declined
from tests.analysis.moderated import cells, frames, modest

P = [0.001, 0.04, 0.03, 0.2, 0.03, 0.9]


def test_both_corrections_are_those_worked_out_by_hand():
    # ascending: .001 x 6, .03 x 5, .03 x 4, .04 x 3, .2 x 2, .9 x 1, never falling
    assert holm(P) == pytest.approx([0.006, 0.15, 0.15, 0.4, 0.15, 0.9])
    # ascending: .001 x 6/1, .03 x 6/2, .03 x 6/3, .04 x 6/4, .2 x 6/5, .9, never above the next
    assert benjamini_hochberg(P) == pytest.approx([0.006, 0.06, 0.06, 0.24, 0.06, 0.9])


def test_both_corrections_agree_with_statsmodels():
    theirs = pytest.importorskip("statsmodels.stats.multitest").multipletests
    for seed in range(5):
        p = np.random.default_rng(seed).random(9) ** 3
        assert holm(p) == pytest.approx(theirs(p, method="holm")[1])
        assert benjamini_hochberg(p) == pytest.approx(theirs(p, method="fdr_bh")[1])


def test_one_p_value_stands_and_none_gives_none():
    assert (holm([0.2]), benjamini_hochberg([0.2])) == ([0.2], [0.2])
    assert (holm([]), benjamini_hochberg([])) == ([], [])


def test_the_part_lists_every_secondary_test_with_raw_and_corrected_values():
    parts = modest()
    part = parts["multiplicity"]
    raw = [row["p_value"] for row in cells(part)]
    printed = {
        name: sorted(row["p_value"] for row in cells(parts[name]))
        for name in ("neutrality", "laziness")
    }
    for name, p_values in printed.items():
        assert sorted(row["p_value"] for row in cells(part) if row["part"] == name) == p_values
    assert Counter(row["part"] for row in part.rows)["dose"] == 2
    assert Counter(row["part"] for row in part.rows)["expertise"] == 1
    assert [row["holm"] for row in cells(part)] == pytest.approx(holm(raw))


def test_the_primary_test_is_told_uncorrected_and_is_not_in_the_family():
    primary = analyse(VoteTable.from_frames(*frames()), sections=()).estimate.difference
    assert primary is not None
    parts = list(modest().values())
    part = multiplicity_part(parts, replace(primary, p_value=0.0123))
    assert "stands as it is (p = 0.012)" in part.sentence
    assert all(row["p_value"] != 0.0123 for row in part.rows)
    assert part.data["primary"] == 0.0123


def test_what_reaches_five_percent_only_before_correction_is_not_shown():
    family = modest()["neutrality"]
    tests = [
        {"test": f"t{n}", "part": "dose", "about": "a", "group": "expert", "p_value": p}
        for n, p in enumerate(P)
    ]
    part = multiplicity_part([replace(family, data={"tests": tests})])
    assert [row["shown"] for row in part.rows] == ["yes", "no", "no", "no", "no", "no"]
    assert (
        "6 secondary tests were made beside it; corrected for their number, 1 of them reaches 5%"
        in (part.sentence)
    )


def test_without_tests_a_sentence_says_so():
    assert multiplicity_part([declined("dose", "How much?", "Nobody has voted yet.")]).declined
