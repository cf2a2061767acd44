"""The dictionary holds what a report shows, as plain JSON, and its sentences match its numbers."""

import json
import math
from dataclasses import replace

import pytest

from app.analysis import Options, Ties, Variance, VoteTable, Weights, analyse
from app.analysis.effects import win_share
from app.analysis.methods import methods
from app.analysis.plots.limits import limits_chart
from app.analysis.sections import SECTIONS
from app.analysis.simulate import StudyParameters
from app.analysis.wording import lean_more
from tests.analysis.measured import measured_study
from tests.analysis.studies import CONTROLS, Frame, only_group, result, study
from tests.quick_reports import draw_few_studies

GROUP_KEYS = {
    *("log_odds", "se", "df", "ci_low", "ci_high", "win_share", "win_share_ci_low"),
    *("win_share_ci_high", "odds_ratio", "intercept", "tau2", "votes", "ties", "raters"),
    *("prompts", "poems"),
}
DIFFERENCE_KEYS = {
    *("log_odds", "se", "df", "ci_low", "ci_high", "p_value", "ratio_of_odds_ratios"),
}
APART = StudyParameters(
    n_experts=40, n_nonexperts=150, rhyme_expert=-0.8, rhyme_nonexpert=1.2, fewest_votes=20
)


@pytest.fixture(scope="module")
def frames():
    return study(APART, seed=4)


@pytest.fixture(scope="module")
def found(frames):
    with pytest.MonkeyPatch.context() as patch:
        draw_few_studies(patch)
        return analyse(VoteTable.from_frames(*frames), version="9.9").as_dict()


def test_every_promised_key_is_there_adjusted_and_not(found):
    for part in (found, found["unadjusted"], *found["sensitivity"].values()):
        assert set(part["groups"]) == {"nonexpert", "expert"}
        for effect in part["groups"].values():
            assert effect.keys() >= GROUP_KEYS
        assert part["difference"].keys() >= DIFFERENCE_KEYS
    assert found["version"] == "9.9"
    assert len(found["data"]["sha256"]) == 64


def test_it_survives_json_unchanged(found):
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_numbers_of_a_group_agree_with_each_other(found):
    for effect in found["groups"].values():
        assert effect["odds_ratio"] == pytest.approx(math.exp(effect["log_odds"]))
        middle = (effect["ci_low"] + effect["ci_high"]) / 2
        assert middle == pytest.approx(effect["log_odds"])
        ends = [win_share(effect["intercept"], effect[key]) for key in ("ci_low", "ci_high")]
        shown = [effect["win_share_ci_low"], effect["win_share_ci_high"]]
        assert shown == pytest.approx(ends)


def test_the_sentence_quotes_the_numbers_and_the_direction(found):
    non, expert = found["groups"]["nonexpert"], found["groups"]["expert"]
    assert f"{100 * non['win_share']:.0f}% of choices" in found["sentence"]
    assert f"experts in {100 * expert['win_share']:.0f}%" in found["sentence"]
    assert f"is {found['difference']['ratio_of_odds_ratios']:.2f} (95%" in found["sentence"]
    assert found["sentence"].endswith("so non-experts lean more to rhyme than experts do.")
    assert found["verdict"] == "Non-experts lean more to rhyme than experts do."


def test_the_other_direction_is_said_the_other_way(frames):
    votes, poems = frames
    other = {"expert": "nonexpert", "nonexpert": "expert"}
    turned = result({**votes, "group": [other[group] for group in votes["group"]]}, poems)
    assert turned["sentence"].endswith("so experts lean more to rhyme than non-experts do.")
    assert turned["verdict"] == "Experts lean more to rhyme than non-experts do."


@pytest.mark.parametrize(("nonexpert", "expert"), [(0.0, -1.2), (-0.4, -1.6), (1.2, 0.0)])
def test_the_direction_is_told_as_it_is_whatever_the_signs(nonexpert, expert):
    parameters = StudyParameters(
        n_experts=40,
        n_nonexperts=80,
        median_votes=50,
        rhyme_nonexpert=nonexpert,
        rhyme_expert=expert,
    )
    found = result(*study(parameters))
    assert found["difference"]["ci_low"] > 0
    parts = {part["name"]: part["sentence"] for part in found["parts"]}
    told = [found["sentence"], found["verdict"], parts["answer"], parts["sensitivity"]]
    away = nonexpert < 0
    said = (
        "xperts lean further away from rhyme than non-experts do"
        if away
        else "on-experts lean more to rhyme than experts do"
    )
    for sentence in told:
        assert said in sentence
        assert not away or "lean more to" not in sentence
    assert "counts for" not in " ".join([*told, *parts.values()])


def test_the_headline_gives_the_difference_with_its_interval(found):
    one = found["difference"]
    assert (
        f"Non-experts lean more to rhyme than experts do: the odds ratio of non-experts is "
        f"{one['ratio_of_odds_ratios']:.2f} times that of experts (95% interval "
        f"{one['ratio_ci_low']:.2f} to {one['ratio_ci_high']:.2f}, p"
    ) in found["parts"][0]["sentence"]


def test_another_feature_is_leant_to_in_its_own_words():
    assert lean_more("n_lines", nonexperts=True) == (
        "non-experts lean more to poems higher in number of lines than experts do"
    )


@pytest.mark.parametrize("ties", [Ties.DROP, Ties.ORDINAL])
def test_without_ties_the_headline_speaks_of_choices_that_decide(frames, ties):
    votes, poems = frames
    found = result(votes, poems, Options(ties=ties))
    share = f"{100 * found['groups']['nonexpert']['win_share']:.0f}%"
    for sentence in (found["sentence"], found["parts"][0]["sentence"]):
        assert f"{share} of choices that decide (95%" in sentence
    told = methods(found)
    assert f"{share} of choices that decide (95% CI" in told.text
    assert "Papke" not in told.block + found["parts"][0]["method"]
    for text in (told.block, found["parts"][0]["method"]):
        assert ("Davidson" in text) is (ties is Ties.ORDINAL)


def test_sections_that_keep_ties_as_halves_say_so_in_their_method():
    votes, poems = measured_study()
    table = VoteTable.from_frames(votes, poems, controls=CONTROLS)
    kept = {"dose", "laziness", "expertise", "ranking", "shares", "judges"}
    chosen = tuple(one for one in SECTIONS if one.name in {*kept, "answer", "neutrality"})
    for ties in Ties:
        parts = analyse(table, Options(ties=ties), sections=chosen).parts
        said = {part.name for part in parts if "this section does not" in part.method}
        methodical = {part.name for part in parts if part.method}
        assert said == (kept & methodical if ties is Ties.ORDINAL else set())
        assert {"dose", "expertise", "shares"} <= methodical


def test_the_methods_say_of_a_file_only_what_every_file_holds(found):
    assert methods(found).text.startswith("Raters compared poems in pairs; 150 non-experts gave")
    assert "side by side" not in methods(found).block


def test_counts_are_those_of_the_votes(found, frames):
    votes, _ = frames
    for group, effect in found["groups"].items():
        own = only_group(votes, group)
        assert effect["votes"] == len(own["vote_id"])
        assert effect["ties"] == own["choice"].count("tie")
        assert effect["raters"] == len(set(own["rater_id"]))
        assert found["tie_rates"][group] == pytest.approx(effect["ties"] / effect["votes"])


def test_no_controls_make_the_estimate_the_unadjusted_one(frames):
    votes, poems = frames
    plain = result(votes, poems, Options(adjust=()))
    assert plain["groups"] == plain["unadjusted"]["groups"]
    assert plain["groups"] == result(*frames)["unadjusted"]["groups"]
    assert "held equal" not in plain["sentence"]


def test_options_are_written_as_they_are_typed(frames):
    votes, poems = frames
    options = Options(("n_lines",), Weights.RATER, Ties.DROP, Variance.NAIVE)
    assert result(votes, poems, options)["options"] == {
        "adjust": ["n_lines"],
        "weights": "rater",
        "ties": "drop",
        "variance": "naive",
        "exclusions": "drop",
        "experts": "invitation",
    }


def test_dropping_ties_is_leaving_them_out_of_the_file(frames):
    votes, poems = frames
    keep = [ix for ix, choice in enumerate(votes["choice"]) if choice != "tie"]
    decided = {name: [cells[ix] for ix in keep] for name, cells in votes.items()}
    dropped = result(votes, poems, Options(ties=Ties.DROP))
    assert dropped["groups"]["expert"]["log_odds"] == pytest.approx(
        result(decided, poems)["groups"]["expert"]["log_odds"]
    )
    assert result(votes, poems)["sensitivity"]["ties_dropped"]["groups"] == dropped["groups"]


def test_another_feature_is_spoken_of_by_its_name(frames):
    votes, poems = frames
    named = {**poems, "latin": poems["rhyme_density"]}
    found = result(votes, named, feature="latin")
    assert "the poem that is 1 higher in latin" in found["sentence"]
    assert "rhyme" not in found["sentence"]


def test_a_feature_in_tiny_units_gives_null_rather_than_infinity(frames):
    votes, poems = frames
    tiny = {**poems, "rhyme_density": [value * 1e-4 for value in poems["rhyme_density"]]}
    found = result(votes, tiny)
    assert found["groups"]["nonexpert"]["odds_ratio"] is None
    assert found["difference"]["p_value"] < 0.05
    json.dumps(found, allow_nan=False)


def test_votes_given_twice_do_not_count_twice_where_raters_count_alike():
    votes, poems = study(seed=6)
    again = {name: [*cells] for name, cells in votes.items()}
    for ix, rater in enumerate(votes["rater_id"]):
        if rater < "r00012":
            for name, cells in again.items():
                cells.append(f"again{ix}" if name == "vote_id" else votes[name][ix])

    def points(votes: Frame, weights: Weights) -> list[float]:
        groups = result(votes, poems, Options(weights=weights))["groups"]
        return [groups[group]["log_odds"] for group in ("expert", "nonexpert")]

    assert points(again, Weights.RATER) == pytest.approx(points(votes, Weights.RATER))
    assert points(again, Weights.EQUAL) != pytest.approx(points(votes, Weights.EQUAL))


def test_few_raters_come_with_a_warning():
    few, many = (replace(APART, n_experts=n, n_nonexperts=20) for n in (8, 12))
    assert any(
        "more than 95% of simulated intervals" in note
        for note in result(*study(few, seed=6))["notes"]
    )
    assert not any("rather than 95%" in note for note in result(*study(many, seed=6))["notes"])


def test_limits_say_how_far_the_truth_may_lie_from_each_estimate(found):
    part = next(one for one in found["parts"] if one["name"] == "limits")
    told = {row["what"]: row["reach"] for row in part["rows"]}
    expert = found["groups"]["expert"]
    low, high = expert["win_share_ci_low"], expert["win_share_ci_high"]
    reach = max(expert["win_share"] - low, high - expert["win_share"])
    assert told["Experts"] == pytest.approx(reach)
    assert set(told) == {"Non-experts", "Experts", "Difference"}
    svg = limits_chart(part)
    assert f"Experts: {100 * reach:.0f} points." in svg
    assert "points (dashed: 10 and 15)" in " ".join(svg.split())
