"""Strengths agree with R's on public data, and are refused where there are none."""

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import choix
import numpy as np
import pytest
import statsmodels.api as sm

from app.analysis.bradley_terry import fit_bradley_terry, player_sets
from app.analysis.options import NotIdentified
from app.analysis.preference import fit_logit
from benchmarks.million import ARENA, PEERS
from tests.full_run import missing
from tests.shared_data import shared_data

PLACES = 1e-5
ARENA_PLACES = 1e-6


def read(name: str) -> list[dict[str, str]]:
    with (bt_folder() / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def bt_folder() -> Path:
    return shared_data() / "votes" / "bt"


@pytest.fixture(scope="module")
def reference():
    return json.loads((bt_folder() / "bt_public_R.json").read_text())


def counted(
    rows: list[dict[str, str]], one: str, other: str, wins: str, losses: str
) -> tuple[list[str], Any, Any, Any, Any]:
    names = sorted({row[one] for row in rows} | {row[other] for row in rows})
    left = np.array([names.index(row[one]) for row in rows])
    right = np.array([names.index(row[other]) for row in rows])
    won = np.array([float(row[wins]) for row in rows])
    n = won + np.array([float(row[losses]) for row in rows])
    return names, left, right, won / n, n


@pytest.mark.shared
def test_citations_between_journals_are_those_of_r(reference):
    rows = read("citations.csv")
    names, left, right, share, n = counted(rows, "journal1", "journal2", "win1", "win2")
    found = fit_bradley_terry(left, right, share, names=names, weight=n)
    strengths, se = found.against("Biometrika")
    theirs = reference["citations"]
    assert dict(zip(names, strengths, strict=True)) == pytest.approx(
        theirs["abilities_ref_Biometrika0"], abs=PLACES
    )
    assert dict(zip(names, se, strict=True)) == pytest.approx(theirs["se"], abs=PLACES)


@pytest.mark.shared
@pytest.mark.parametrize("home", [False, True])
def test_baseball_is_that_of_r_with_and_without_the_advantage_of_playing_at_home(reference, home):
    rows = read("baseball.csv")
    names, left, right, share, n = counted(rows, "home.team", "away.team", "home.wins", "away.wins")
    found = fit_bradley_terry(left, right, share, names=names, weight=n, side=home)
    strengths, se = found.against("Baltimore")
    if not home:
        theirs = reference["baseball"]["no_home"]
        ours = dict(zip(names, strengths, strict=True))
        assert ours == pytest.approx(theirs["abilities_ref_Baltimore0"], abs=PLACES)
        assert dict(zip(names, se, strict=True)) == pytest.approx(theirs["se"], abs=PLACES)
        return
    theirs = reference["baseball"]["home"]
    ours = {f"team{name}": float(value) for name, value in zip(names, strengths, strict=True)}
    errors = {f"team{name}": float(value) for name, value in zip(names, se, strict=True)}
    ours["at.home"] = found.coefficients["side"]
    errors["at.home"] = float(np.sqrt(found.coefficient_covariance()[0, 0]))
    del ours["teamBaltimore"], errors["teamBaltimore"]
    assert ours == pytest.approx(theirs["coefficients"], abs=PLACES)
    assert errors == pytest.approx(theirs["se"], abs=PLACES)


@pytest.mark.shared
def test_chameleons_fights_follow_their_predictors_as_in_r(reference):
    contests, predictors = read("chameleons_contests.csv"), read("chameleons_predictors.csv")
    of = {row["ID"]: row for row in predictors}
    names = sorted(of)
    columns: dict[str, Any] = {
        "prev.wins.2": [float(r["w_prev2"]) - float(r["l_prev2"]) for r in contests]
    }
    for name in ("ch.res", "prop.main"):
        columns[name] = [
            float(of[r["winner"]][name]) - float(of[r["loser"]][name]) for r in contests
        ]
    found = fit_bradley_terry(
        np.array([names.index(row["winner"]) for row in contests]),
        np.array([names.index(row["loser"]) for row in contests]),
        np.ones(len(contests)),
        names=names,
        predictors={name: np.array(column) for name, column in columns.items()},
        free=False,
    )
    ours = [*found.coefficients.values()]
    assert ours == pytest.approx([*reference["chameleons"]["coefficients"].values()], abs=PLACES)
    se = np.sqrt(np.diagonal(found.coefficient_covariance()))
    assert se == pytest.approx([*reference["chameleons"]["se"].values()], rel=1e-4)


@pytest.mark.shared
def test_springalls_flavours_follow_their_predictors_as_in_r():
    contests = read("springall_contests.csv")
    covariates = {row[""]: row for row in read("springall_covariates.csv")}
    names, left, right, share, n = counted(contests, "col", "row", "win.adj", "loss.adj")
    wanted = {
        "flav": (-0.411944, 0.065948),
        "gel": (-0.325776, 0.102990),
        "flav.2": (0.015650, 0.006372),
        "gel.2": (0.105062, 0.019983),
        "flav.gel": (0.023759, 0.008414),
    }
    columns = {}
    for name in wanted:
        value = np.array([float(covariates[player][name]) for player in names])
        columns[name] = value[left] - value[right]
    found = fit_bradley_terry(
        left, right, share, names=names, weight=n, predictors=columns, free=False
    )
    se = np.sqrt(np.diagonal(found.coefficient_covariance()))
    for (name, (estimate, error)), own in zip(wanted.items(), se, strict=True):
        assert found.coefficients[name] == pytest.approx(estimate, abs=2e-6)
        assert own == pytest.approx(error, abs=2e-6)


@pytest.mark.shared
def test_choices_of_schools_follow_latin_countries_as_in_r():
    folder = shared_data() / "votes"
    with (folder / "cems_votes.csv").open(newline="", encoding="utf-8") as file:
        votes = list(csv.DictReader(file))
    with (folder / "cems_items.csv").open(newline="", encoding="utf-8") as file:
        latin = {row["poem_id"]: float(row["latin"]) for row in csv.DictReader(file)}
    names = sorted(latin)
    difference = np.array([latin[v["poem_left"]] - latin[v["poem_right"]] for v in votes])
    works = np.array([float(vote["expert"]) for vote in votes])
    found = fit_bradley_terry(
        np.array([names.index(vote["poem_left"]) for vote in votes]),
        np.array([names.index(vote["poem_right"]) for vote in votes]),
        np.array([{"left": 1.0, "tie": 0.5, "right": 0.0}[vote["choice"]] for vote in votes]),
        names=names,
        predictors={"latin": difference, "latin by works": difference * works},
        free=False,
    )
    se = np.sqrt(np.diagonal(found.coefficient_covariance()))
    assert [*found.coefficients.values()] == pytest.approx([-0.1105, 0.7654], abs=6e-5)
    assert se == pytest.approx([0.0392, 0.1988], abs=6e-5)


@pytest.mark.shared
def test_flat_lizards_fights_follow_their_predictors_as_in_statsmodels():
    of = {f"lizard{int(row['id']):03d}": row for row in read("flatlizards_predictors.csv")}
    measures = ("throat.PC1", "throat.PC3", "head.length", "SVL")
    known = {
        name: [float(row[m]) for m in measures]
        for name, row in of.items()
        if all(row[m] not in {"", "NA"} for m in measures)
    }
    contests = [
        row
        for row in read("flatlizards_contests.csv")
        if row["winner"] in known and row["loser"] in known
    ]
    names = sorted(known)
    x = np.array([np.subtract(known[r["winner"]], known[r["loser"]]) for r in contests])
    found = fit_bradley_terry(
        np.array([names.index(row["winner"]) for row in contests]),
        np.array([names.index(row["loser"]) for row in contests]),
        np.ones(len(contests)),
        names=names,
        predictors=dict(zip(measures, x.T, strict=True)),
        free=False,
    )
    theirs = sm.GLM(np.ones(len(x)), x, family=sm.families.Binomial()).fit()
    assert len(contests) > 80
    assert [*found.coefficients.values()] == pytest.approx(theirs.params, abs=1e-6)
    se = np.sqrt(np.diagonal(found.coefficient_covariance()))
    assert se == pytest.approx(theirs.bse, rel=1e-4)


def drawn(n_players: int = 6, n: int = 900, seed: int = 4) -> tuple[Any, Any, Any, Any]:
    rng = np.random.default_rng(seed)
    true = np.linspace(-1.0, 1.0, n_players)
    left = rng.integers(0, n_players, n)
    right = (left + rng.integers(1, n_players, n)) % n_players
    rhyme = rng.choice([-1.0, 0.0, 1.0], n)
    eta = 0.3 + true[left] - true[right] + 0.8 * rhyme
    won = (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(np.float64)
    return left, right, won, rhyme


NAMES = tuple("abcdef")


def test_strengths_are_those_of_choix():
    left, right, won, _ = drawn()
    found = fit_bradley_terry(left, right, won, names=NAMES)
    pairs = [(a, b) if y else (b, a) for a, b, y in zip(left, right, won, strict=True)]
    theirs = choix.opt_pairwise(len(NAMES), pairs, alpha=0.0, tol=1e-10)
    assert found.strengths == pytest.approx(theirs - theirs.mean(), abs=1e-5)


def test_strengths_side_and_predictor_are_those_of_statsmodels():
    left, right, won, rhyme = drawn()
    found = fit_bradley_terry(
        left, right, won, names=NAMES, side=True, predictors={"rhyme": 10 * rhyme}
    )
    design = np.zeros((len(won), len(NAMES) + 1))
    for ix in range(1, len(NAMES)):
        design[:, ix - 1] = (left == ix).astype(float) - (right == ix)
    design[:, -2], design[:, -1] = 1.0, 10 * rhyme
    theirs = sm.GLM(won, design, family=sm.families.Binomial()).fit()
    strengths, se = found.against("a")
    assert strengths[1:] == pytest.approx(theirs.params[:-2], abs=1e-6)
    assert se[1:] == pytest.approx(theirs.bse[:-2], rel=1e-4)
    assert [*found.coefficients.values()] == pytest.approx(theirs.params[-2:], abs=1e-6)
    own = np.sqrt(np.diagonal(found.coefficient_covariance()))
    assert own == pytest.approx(theirs.bse[-2:], rel=1e-4)


def test_exchanging_sides_turns_the_side_and_nothing_else():
    left, right, won, rhyme = drawn()
    one = fit_bradley_terry(left, right, won, names=NAMES, side=True, predictors={"r": rhyme})
    other = fit_bradley_terry(
        right, left, 1 - won, names=NAMES, side=True, predictors={"r": -rhyme}
    )
    assert other.strengths == pytest.approx(one.strengths, abs=1e-9)
    assert other.coefficients["side"] == pytest.approx(-one.coefficients["side"], abs=1e-9)
    assert other.coefficients["r"] == pytest.approx(one.coefficients["r"], abs=1e-9)


def test_order_and_names_of_players_change_no_strength():
    left, right, won, _ = drawn()
    one = fit_bradley_terry(left, right, won, names=NAMES)
    turned = np.array([5, 3, 1, 0, 2, 4])
    other = fit_bradley_terry(turned[left], turned[right], won, names=NAMES)
    assert other.strengths[turned] == pytest.approx(one.strengths, abs=1e-9)
    assert abs(one.strengths.sum()) < 1e-9


def test_two_ties_count_as_a_win_each_way():
    ties = fit_bradley_terry(
        np.array([0, 0, 0]), np.array([1, 1, 1]), np.array([1.0, 0.5, 0.5]), names="ab"
    )
    wins = fit_bradley_terry(
        np.array([0, 0, 0]), np.array([1, 1, 1]), np.array([1.0, 1.0, 0.0]), names="ab"
    )
    assert ties.strengths == pytest.approx(wins.strengths)


def refusal(left: Any, right: Any, won: Any, names: str, **options: Any) -> str:
    with pytest.raises(NotIdentified) as caught:
        fit_bradley_terry(
            np.array(left), np.array(right), np.array(won, dtype=float), names=names, **options
        )
    return str(caught.value)


def test_players_never_compared_are_named():
    said = refusal([0, 1, 2, 3], [1, 0, 3, 2], [1, 1, 1, 1], "abcd")
    assert said.startswith("No comparison joins a and b with c and d")


def test_a_player_who_always_won_is_named():
    said = refusal([0, 0, 1, 2], [1, 2, 2, 1], [1, 1, 1, 1], "abc")
    assert said.startswith("All choices between a and b and c went to a")


def test_a_single_tie_makes_an_unbeaten_player_measurable():
    found = fit_bradley_terry(
        np.array([0, 0, 1, 2]), np.array([1, 2, 2, 1]), np.array([1, 0.5, 1, 1]), names="abc"
    )
    assert np.isfinite(found.strengths).all()


def test_one_player_is_nothing_to_rank():
    assert "at least 2" in refusal([], [], [], "a")


def test_choices_that_follow_a_predictor_without_exception_are_refused():
    said = refusal(
        [0, 1, 0, 1],
        [1, 0, 1, 0],
        [1, 1, 0, 0],
        "ab",
        predictors={"rhyme_density": np.array([1.0, 1.0, -1.0, -1.0])},
    )
    assert "rhyme density without exception" in said


def test_choices_that_follow_the_side_without_exception_are_refused():
    said = refusal([0, 1, 0, 1], [1, 0, 1, 0], [1, 1, 1, 1], "ab", side=True)
    assert "side without exception" in said


def test_a_predictor_that_follows_from_the_players_is_refused():
    left, right, won, _ = drawn()
    value = np.array([0.0, 0.0, 1.0, 1.0, 0.5, 0.0])
    with pytest.raises(NotIdentified, match="rhyme cannot be told apart from who was compared"):
        fit_bradley_terry(
            left, right, won, names=NAMES, predictors={"rhyme": value[left] - value[right]}
        )


def test_sets_of_players_are_those_within_which_each_was_beaten():
    left, right = np.array([0, 1, 1, 2, 3]), np.array([1, 0, 2, 3, 2])
    sets = player_sets(left, right, np.array([1.0, 1, 1, 1, 1]), 4, strong=True)
    assert sets[0] == sets[1] != sets[2] == sets[3]


def test_the_fit_is_a_plain_logit_on_the_columns():
    left, right, won, _ = drawn()
    found = fit_bradley_terry(left, right, won, names=NAMES)
    again = fit_logit(found.x, won, np.ones(len(won)))
    assert again.coef == pytest.approx(found.fit.coef)


@pytest.mark.slow
def test_simulated_votes_give_the_strengths_of_arena_rank(tmp_path):
    """It cannot be among our own packages: it holds back numpy and jax."""
    if not PEERS.exists():
        missing("`make .venv/peers/installed` installs arena-rank.")
    rng = np.random.default_rng(7)
    names = [*"abcdefgh"]
    true = rng.normal(scale=0.8, size=len(names))
    left, right = np.array([rng.choice(len(names), 2, replace=False) for _ in range(4000)]).T
    choice = (rng.random(4000) < 1 / (1 + np.exp(true[right] - true[left]))).astype(np.float64)
    choice[rng.random(4000) < 0.13] = 0.5
    file = tmp_path / "votes.csv"
    lines = zip(left.tolist(), right.tolist(), choice.tolist(), strict=True)
    rows = [f"{names[one]},{names[other]},{share}" for one, other, share in lines]
    file.write_text("\n".join(["model_a,model_b,share", *rows]))
    told = subprocess.run(
        [str(PEERS), str(ARENA), str(file)], capture_output=True, check=True, text=True
    )
    theirs = json.loads(told.stdout)["strengths"]
    ours = fit_bradley_terry(left, right, choice, names=names).strengths
    apart = {name: abs(theirs[name] - one) for name, one in zip(names, ours.tolist(), strict=True)}
    assert max(apart.values()) < ARENA_PLACES, apart
