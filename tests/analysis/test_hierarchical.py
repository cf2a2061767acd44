"""The hierarchical model finds what was put in, stands beside the main estimate, and shows nothing
where its sampler has not settled."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.analysis import VoteTable, analyse
from app.analysis.basis import Basis
from app.analysis.hierarchical import Hierarchical, Slope, fit_hierarchical
from app.analysis.hierarchical_part import as_part, hierarchical_part
from app.analysis.options import Group, Options
from app.analysis.plots.hierarchical import hierarchical_chart
from app.analysis.sampling import Posterior, Sampling, is_installed
from app.analysis.sections import Section, draw_part, with_hierarchical
from app.analysis.simulate import StudyParameters, simulate_study
from tests.full_run import missing

SHORT = Sampling(warmup=150, draws=100, most=150, chains=2, seed=3)
N_SD = 3  # how far, in posterior standard deviations, the truth of one study may lie
STUDY = StudyParameters(
    n_experts=8,
    n_nonexperts=12,
    median_votes=30,
    n_prompts=10,
    rhyme_expert=0.0,
    rhyme_nonexpert=1.2,
)
OPTIONS = Options(adjust=("n_lines",))
SURE = Posterior(0.0, 0.1, -0.2, 0.2, 1.001, 900.0)


@pytest.fixture
def numpyro():
    if not is_installed():
        missing("NumPyro, the optional extra blindverse[bayes], is not installed.")


@pytest.fixture(scope="module")
def table() -> VoteTable:
    votes, poems = simulate_study(STUDY, np.random.default_rng(5))
    return VoteTable.from_frames(votes, poems)


@pytest.fixture(scope="module")
def basis(table: VoteTable) -> Basis:
    return basis_of(table)


def basis_of(table: VoteTable) -> Basis:
    seen: list[Basis] = []

    def look(of: Basis, _rng: Any, _made: Any) -> Any:
        seen.append(of)
        return as_part(sampled(), of)

    analyse(table, OPTIONS, sections=(Section("look", "", look),))
    return seen[0]


def sampled(**changes: Any) -> Hierarchical:
    """A model that has settled, as if sampled."""
    slopes = {
        Group.NONEXPERT: Slope(
            replace(SURE, mean=1.0, low=0.8, high=1.2),
            replace(SURE, mean=0.9, low=0.7, high=1.1),
            replace(SURE, mean=0.71, low=0.67, high=0.75),
        ),
        Group.EXPERT: Slope(SURE, SURE, replace(SURE, mean=0.5, low=0.45, high=0.55)),
    }
    found = Hierarchical(
        slopes=slopes,
        typical=replace(SURE, mean=1.0, low=0.7, high=1.3),
        averaged=replace(SURE, mean=0.9, low=0.6, high=1.2),
        spreads={"rater_feature": replace(SURE, mean=0.3, low=0.2, high=0.4)},
        votes=600,
        of=600,
        draws=2_000,
        divergences=0,
    )
    return replace(found, **changes)


@pytest.fixture(scope="module")
def told() -> list[tuple[int, int]]:
    """What `found` tells while it is sampled."""
    return []


@pytest.fixture(scope="module")
def found(table: VoteTable, told: list[tuple[int, int]]) -> Hierarchical:
    if not is_installed():
        missing("NumPyro, the optional extra blindverse[bayes], is not installed.")
    return fit_hierarchical(
        table, OPTIONS, SHORT, progress=lambda done, of: told.append((done, of))
    )


def test_effects_that_the_votes_were_drawn_with_are_found(found):
    truth = {Group.EXPERT: STUDY.rhyme_expert, Group.NONEXPERT: STUDY.rhyme_nonexpert}
    for group, slope in found.slopes.items():
        one = slope.typical
        assert abs(one.mean - truth[group]) < N_SD * one.sd
        assert one.low < one.mean < one.high
    assert found.slopes[Group.NONEXPERT].typical.low > 0


def test_chains_agree_and_every_vote_is_used(found, table):
    assert all(one.rhat < 1.05 for one in found.effects)
    assert found.divergences == 0
    assert found.votes == found.of == len(table.vote_ids)
    assert found.draws == SHORT.chains * SHORT.most


def test_difference_is_that_of_the_effects(found):
    for name, one in (("typical", found.typical), ("averaged", found.averaged)):
        parts = [getattr(found.slopes[g], name).mean for g in (Group.NONEXPERT, Group.EXPERT)]
        assert one.mean == pytest.approx(parts[0] - parts[1])


def test_averaged_effect_is_that_of_a_crowd_of_raters_and_poems(found):
    """The formula against a million votes drawn from the effects that were found."""
    rng, n = np.random.default_rng(1), 1_000_000
    sd = {name: one.mean for name, one in found.spreads.items()}
    variance = sd["rater_side"] ** 2 + sd["rater_feature"] ** 2 + sd["prompt_feature"] ** 2
    variance += 2 * (sd["poem"] ** 2 + sd["poem_by_group"] ** 2)
    slope = found.slopes[Group.NONEXPERT]
    eta = slope.typical.mean + np.sqrt(variance) * rng.standard_normal(n)
    share = (1 / (1 + np.exp(-eta))).mean()
    assert slope.averaged.mean == pytest.approx(np.log(share / (1 - share)), abs=0.05)
    assert 0 < slope.averaged.mean < slope.typical.mean


def test_sampling_ends_when_it_is_told_and_says_how_far_it_is(found, told):
    assert found.draws == 2 * 150  # 100 draws of a chain never suffice
    assert told[0] == (50, 600)
    assert told[-1] == (600, 600)
    assert told == sorted(told)


@pytest.mark.usefixtures("numpyro")
def test_poems_without_prompts_have_no_spread_between_prompts():
    votes, poems = simulate_study(STUDY, np.random.default_rng(5))
    del poems["prompt_id"]
    table = VoteTable.from_frames(votes, poems)
    ran = fit_hierarchical(table, OPTIONS, replace(SHORT, warmup=50, draws=50, most=50))
    assert "prompt_feature" not in ran.spreads
    assert "poem" in ran.spreads


@pytest.mark.usefixtures("numpyro")
def test_nobody_to_ask_is_said_in_a_sentence(table):
    nobody = basis_of(table.where(np.zeros(len(table.vote_ids), dtype=bool)))
    part = hierarchical_part(nobody, sampling=SHORT)
    assert part.declined
    assert part.sentence == "Nobody has voted yet."


def test_both_models_stand_side_by_side_and_are_told_apart(basis):
    part = as_part(sampled(), basis)
    assert not part.declined
    three = [
        "Main estimate",
        "This model, averaged likewise",
        "This model, typical rater and poems",
    ]
    whose = ["Non-experts", "Experts", "Non-experts less experts"]
    effects = part.rows[:9]
    assert [(row["quantity"], row["estimate"]) for row in effects] == [
        (name, estimate) for name in whose for estimate in three
    ]
    main = basis.estimate.groups[Group.NONEXPERT]
    assert effects[0]["log_odds"] == main.log_odds
    assert (effects[0]["low"], effects[0]["high"]) == (main.ci_low, main.ci_high)
    assert part.rows[9]["quantity"] == "Between raters, in the effect"
    assert f"71% of choices by non-experts (67 to 75; {100 * main.win_share:.0f}%" in part.sentence
    assert part.sentence.endswith("In it non-experts lean more to rhyme than experts do.")
    assert "conditional" in part.method
    assert "another quantity" in part.notes[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"divergences": 2}, "2 steps of it went astray"),
        ({"typical": replace(SURE, rhat=1.2)}, "R-hat 1.200, where below 1.01 is asked"),
        ({"averaged": replace(SURE, ess=90.0)}, "worth 90 independent ones (400 are asked)"),
        ({"typical": replace(SURE, rhat=float("nan"))}, "R-hat nan"),
    ],
)
def test_what_has_not_settled_is_not_shown(basis, changes, words):
    part = as_part(sampled(**changes), basis)
    assert part.declined
    assert part.rows == ()
    assert words in part.sentence
    assert "not shown" in part.sentence
    assert draw_part(part.as_dict()) is None
    json.dumps(part.as_dict(), allow_nan=False)


def test_a_spread_that_has_not_settled_has_no_number_and_costs_no_other(basis):
    part = as_part(sampled(spreads={"poem": replace(SURE, ess=90.0)}), basis)
    assert not part.declined
    assert part.rows[-1]["log_odds"] is None
    assert part.rows[-1]["ess"] == 90
    assert "without numbers: between poems, in appeal." in part.notes[-1]


def test_without_the_extra_the_section_says_what_to_install(table, monkeypatch):
    monkeypatch.setattr("app.analysis.hierarchical_part.is_installed", lambda: False)
    section = next(one for one in with_hierarchical() if one.name == "hierarchical")
    (part,) = analyse(table, OPTIONS, sections=(section,)).parts
    assert part.declined
    assert "pip install 'blindverse[bayes]'" in part.sentence


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_chart_tells_every_estimate_with_its_interval_and_unit(basis, width):
    part = json.loads(json.dumps(as_part(sampled(), basis).as_dict()))
    svg = hierarchical_chart(part, width=width)
    assert "Experts, This model, averaged likewise: 0.00 (-0.20 to 0.20)." in svg
    assert "Natural log odds per unit of rhyme" in svg
    assert "style=" not in svg
