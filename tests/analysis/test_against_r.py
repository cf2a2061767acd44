"""The estimate agrees with R's on the simulated study that R analysed."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.analysis import Group, Options, Ties, Variance, VoteTable, Weights, analyse
from app.analysis.clusters import influence
from app.analysis.components import components, difference_components
from app.analysis.preference import fit_logit
from tests.analysis.studies import equal_fit
from tests.shared_data import shared_data

pytestmark = pytest.mark.shared

POINT = 1e-5
JACKKNIFE = 0.02
INTERVAL = 0.006  # stated to two digits; .5653 is stated as .56
CONTROLS = ("n_lines", "words_per_line", "uplift_ending")
SCALES = {"n_lines": 4.0, "words_per_line": 1.0, "uplift_ending": 1.0}  # R used n_lines / 4
RUNS = [
    ("ties_half_adjusted", CONTROLS, Ties.HALF),
    ("ties_half_unadjusted", (), Ties.HALF),
    ("ties_dropped_adjusted", CONTROLS, Ties.DROP),
]


def read_csv(path: Path) -> dict[str, list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def estimated(table: VoteTable, options: Options | None = None) -> dict[str, Any]:
    return analyse(table, options, sections=()).as_dict()


@pytest.fixture(scope="module")
def table():
    folder = shared_data() / "study_null"
    votes, poems = read_csv(folder / "votes.csv"), read_csv(folder / "poems.csv")
    return VoteTable.from_frames(votes, poems, controls=CONTROLS)


@pytest.fixture(scope="module")
def reference():
    return json.loads((shared_data() / "study_null" / "reference_R.json").read_text())


@pytest.mark.parametrize(("name", "controls", "ties"), RUNS)
def test_equal_weights_give_the_coefficients_of_r(table, reference, name, controls, ties):
    options = Options(adjust=controls, weights=Weights.EQUAL, ties=ties)
    result = estimated(table, options)
    theirs = reference[name]["all_coefficients"]
    for group, letter in (("expert", "e"), ("nonexpert", "n")):
        ours = result["groups"][group]
        assert ours["intercept"] == pytest.approx(theirs[letter], abs=POINT)
        assert ours["log_odds"] == pytest.approx(theirs[f"{letter}:d"], abs=POINT)
        for ix, control in enumerate(controls, start=1):
            scaled = ours["coefficients"][control] * SCALES[control]
            assert scaled == pytest.approx(theirs[f"{letter}:z{ix}"], abs=POINT)
    found = result["difference"]["log_odds"]
    wanted = reference[name]["rater_HC0_noadj"]["difference_n_minus_e"]["est"]
    assert found == pytest.approx(wanted, abs=POINT)


@pytest.mark.parametrize(("name", "controls", "ties"), RUNS)
def test_uncorrected_standard_errors_are_those_of_r(table, reference, name, controls, ties):
    fits = {
        group: equal_fit(table, group, controls, ties) for group in (Group.EXPERT, Group.NONEXPERT)
    }
    found = {
        group: influence(one.x, one.fit, one.clusters, one.contrast, jackknife=False)
        for group, one in fits.items()
    }
    parts = {group.value: components(one) for group, one in found.items()}
    parts["difference_n_minus_e"] = difference_components(
        found[Group.NONEXPERT], found[Group.EXPERT]
    )
    for key, one in parts.items():
        by_rater = reference[name]["rater_HC0_noadj"][key]["se"]
        two_way = reference[name]["twoway_rater_prompt_HC0_noadj_multi0F"][key]["se"]
        by_prompt = reference[name]["prompt_HC0_noadj"][key]["se"]
        assert np.sqrt(one.rater) == pytest.approx(by_rater, abs=POINT)
        assert np.sqrt(one.prompt) == pytest.approx(by_prompt, abs=POINT)
        assert np.sqrt(one.union) == pytest.approx(two_way, abs=POINT)


@pytest.mark.parametrize(("name", "controls", "ties"), RUNS)
def test_naive_standard_errors_are_those_of_r(table, reference, name, controls, ties):
    options = Options(controls, Weights.EQUAL, ties, Variance.NAIVE)
    result = estimated(table, options)
    theirs = reference[name]["naive_dispersion1"]
    for group in ("expert", "nonexpert"):
        assert result["groups"][group]["se"] == pytest.approx(theirs[group]["se"], abs=POINT)
    difference = theirs["difference_n_minus_e"]["se"]
    assert result["difference"]["se"] == pytest.approx(difference, abs=POINT)


@pytest.mark.parametrize(("name", "controls", "ties"), RUNS)
def test_linearised_jackknife_is_near_the_exact_one_over_raters(
    table, reference, name, controls, ties
):
    options = Options(controls, Weights.EQUAL, ties, Variance.RATER)
    result = estimated(table, options)
    theirs = reference[name]["rater_CV3_exact_jackknife_se"]
    found = {group: result["groups"][group]["se"] for group in ("expert", "nonexpert")}
    found["difference"] = result["difference"]["se"]
    assert found == pytest.approx(theirs, rel=JACKKNIFE)


@pytest.mark.parametrize("group", [Group.EXPERT, Group.NONEXPERT])
def test_linearised_jackknife_is_near_the_exact_one_over_prompts(table, group):
    one = equal_fit(table, group, CONTROLS)
    found = components(influence(one.x, one.fit, one.clusters, one.contrast)).prompt
    prompts = np.unique(one.clusters.left)
    without = [
        fit_logit(one.x[rest], one.y[rest], np.ones(rest.sum())).coef[1]
        for rest in (one.clusters.left != prompt for prompt in prompts)
    ]
    n = len(prompts)
    exact = (n - 1) / n * ((np.array(without) - one.fit.coef[1]) ** 2).sum()
    assert np.sqrt(found) == pytest.approx(np.sqrt(exact), rel=JACKKNIFE)


def test_weighted_two_way_estimate_is_the_one_stated(table):
    result = estimated(table)
    shown = {
        "difference": result["difference"],
        "expert": result["groups"]["expert"],
        "nonexpert": result["groups"]["nonexpert"],
    }
    assert {name: round(one["log_odds"], 3) for name, one in shown.items()} == {
        "difference": 0.135,
        "expert": 0.316,
        "nonexpert": 0.450,
    }
    stated = {"difference": (-0.16, 0.43), "expert": (0.02, 0.61), "nonexpert": (0.34, 0.56)}
    for name, ends in stated.items():
        found = (shown[name]["ci_low"], shown[name]["ci_high"])
        assert found == pytest.approx(ends, abs=INTERVAL)


def test_a_study_without_a_true_difference_is_not_said_to_show_one(table):
    analysis = analyse(table, sections=())
    assert "neither that the groups differ nor that they are alike" in analysis.sentence
    assert analysis.verdict is not None
    assert analysis.verdict.endswith("lean more to rhyme, these votes do not settle.")
