"""Votes that cannot answer give a sentence that says what is missing, never a number or warning."""

import json
from collections.abc import Callable

import pytest

from app.analysis import InvalidVotes, Options, Ties, Weights
from app.analysis.simulate import StudyParameters
from tests.analysis.studies import SMALL, Frame, only_group, result, rows, study
from tests.shared_data import shared_data

STEADY = StudyParameters(
    n_experts=10,
    n_nonexperts=30,
    median_votes=60,
    votes_log_sd=0,
    n_prompts=30,
    poem_sd=0.1,
    poem_group_sd=0,
    prompt_rhyme_sd=0.1,
    rater_rhyme_sd=0.1,
)


def declined(votes: Frame, poems: Frame, options: Options | None = None) -> str:
    """The sentence about the experts, after checking that there is no number for them."""
    found = result(votes, poems, options)
    assert found["groups"]["expert"] is None
    assert found["difference"] is None
    assert found["verdict"] is None
    assert found["declined"]["expert"] in found["sentence"]
    assert found["declined"]["expert"] in found["declined"]["difference"]
    json.dumps(found, allow_nan=False)
    return str(found["declined"]["expert"])


def experts_changed(change: Callable[[Frame, Frame], Frame]) -> tuple[Frame, Frame]:
    """A study whose experts' votes went through `change`, and its poems."""
    votes, poems = study(SMALL, seed=2)
    expert = change(only_group(votes, "expert"), poems)
    other = only_group(votes, "nonexpert")
    return {name: [*expert[name], *other[name]] for name in votes}, poems


def test_twelve_votes_say_how_many_more_are_needed():
    votes, poems = experts_changed(lambda expert, _: rows(expert, lambda ix: ix < 12))
    sentence = declined(votes, poems)
    assert "too few votes by experts" in sentence
    assert "with 12 votes on" in sentence
    assert "18 more votes are needed for an estimate, which takes at least 3 raters" in sentence


def test_one_rater_is_not_enough_however_many_votes():
    votes, poems = experts_changed(
        lambda expert, _: {**expert, "rater_id": ["one"] * len(expert["vote_id"])}
    )
    sentence = declined(votes, poems)
    assert "there is 1 rater with " in sentence
    assert "At least 2 more raters are needed for an estimate" in sentence


def test_four_prompts_are_not_enough():
    votes, poems = study(SMALL, seed=2)
    first = sorted(set(poems["prompt_id"]))[:4]
    prompt = dict(zip(poems["poem_id"], poems["prompt_id"], strict=True))
    votes = rows(
        votes,
        lambda ix: votes["group"][ix] != "expert" or prompt[votes["poem_left"][ix]] in first,
    )
    assert "At least 1 more prompt is needed" in declined(votes, poems)


def test_no_difference_in_rhyme_is_said():
    votes, poems = study(SMALL, seed=2)
    poems["rhyme_density"] = [0.5] * len(poems["poem_id"])
    found = result(votes, poems)
    assert found["groups"] == {"nonexpert": None, "expert": None}
    assert "never differ in rhyme" in found["sentence"]


def test_ties_alone_are_said_to_be_no_choice():
    def tie(expert: Frame, _: Frame) -> Frame:
        return {**expert, "choice": ["tie"] * len(expert["vote_id"])}

    votes, poems = experts_changed(tie)
    assert "are ties" in declined(votes, poems)
    dropped = declined(votes, poems, Options(ties=Ties.DROP))
    assert "All 300 votes by experts are ties, which are left out" in dropped


def test_choices_that_follow_rhyme_without_exception_give_no_number():
    def follow(expert: Frame, poems: Frame) -> Frame:
        density = dict(zip(poems["poem_id"], poems["rhyme_density"], strict=True))
        sides = zip(expert["poem_left"], expert["poem_right"], strict=True)
        choice = [
            "left" if density[a] > density[b] else "right" if density[a] < density[b] else "tie"
            for a, b in sides
        ]
        return {**expert, "choice": choice}

    assert "follow rhyme without exception" in declined(*experts_changed(follow))


def test_always_the_left_side_gives_no_number():
    votes, poems = experts_changed(
        lambda expert, _: {**expert, "choice": ["left"] * len(expert["vote_id"])}
    )
    assert "always chose the same side" in declined(votes, poems)


def test_rhyme_always_on_the_left_cannot_be_told_from_the_side():
    def rhymed_left(expert: Frame, poems: Frame) -> Frame:
        density = dict(zip(poems["poem_id"], poems["rhyme_density"], strict=True))
        sides = list(zip(expert["poem_left"], expert["poem_right"], strict=True))
        return rows(expert, lambda ix: density[sides[ix][0]] - density[sides[ix][1]] == 1)

    parameters = StudyParameters(n_experts=12, n_nonexperts=6, n_prompts=12, fewest_votes=30)
    votes, poems = study(parameters, seed=1)
    expert = rhymed_left(only_group(votes, "expert"), poems)
    other = only_group(votes, "nonexpert")
    both = {name: [*expert[name], *other[name]] for name in votes}
    assert "rhyme and side cannot be told apart" in declined(both, poems)


def test_a_control_that_equals_rhyme_is_named_and_the_unadjusted_estimate_stays():
    votes, poems = study(SMALL, seed=2)
    poems["n_lines"] = [8 + 4 * density for density in poems["rhyme_density"]]
    found = result(votes, poems)
    assert "rhyme cannot be told apart from number of lines" in found["declined"]["expert"]
    assert found["unadjusted"]["groups"]["expert"]["log_odds"] is not None


def test_a_control_that_never_differs_is_left_out_and_said_so():
    votes, poems = study(SMALL, seed=2)
    poems["n_lines"] = [14] * len(poems["poem_id"])
    found = result(votes, poems)
    without = result(votes, poems, controls=("words_per_line",))
    assert found["groups"] == without["groups"]
    assert any("number of lines could not be held equal" in note for note in found["notes"])


def test_without_experts_the_other_group_is_still_estimated():
    votes, poems = study(SMALL, seed=2)
    found = result(only_group(votes, "nonexpert"), poems)
    assert found["groups"]["expert"] is None
    assert found["groups"]["nonexpert"]["win_share"] > 0
    assert "There are no experts to compare with" in found["sentence"]


def test_without_non_experts_a_sentence_says_so():
    votes, poems = study(SMALL, seed=2)
    found = result(only_group(votes, "expert"), poems)
    assert "There are no non-experts to compare with" in found["sentence"]


def test_no_votes_at_all_give_one_sentence():
    votes, poems = study(SMALL, seed=2)
    found = result(rows(votes, lambda _: False), poems)
    assert found["data"]["rows"] == found["data"]["left_out"] == 0
    assert found["sentence"] == found["declined"]["difference"] == "Nobody has voted yet."
    assert set(found["declined"].values()) == {"Nobody has voted yet."}


def test_votes_of_judges_alone_are_nobodys():
    votes, poems = study(SMALL, seed=2)
    found = result({**votes, "group": ["judge"] * len(votes["vote_id"])}, poems)
    assert found["sentence"] == "Nobody has voted yet."


def test_fewer_than_five_prompts_in_the_set_cluster_by_poem_and_say_so():
    votes, poems = study(SMALL, seed=2)
    poems["prompt_id"] = ["one" if ix % 2 else "two" for ix, _ in enumerate(poems["poem_id"])]
    found = result(votes, poems)
    assert found["data"]["clustered_by"] == "poem"
    assert found["groups"]["expert"]["se"] > 0
    assert any("grouped by poem" in note for note in found["notes"])
    del poems["prompt_id"]
    without = result(votes, poems)
    assert any("as often as with prompts" in note for note in without["notes"])
    assert without["groups"]["expert"]["prompts"] == 0
    for group in ("expert", "nonexpert"):
        assert without["groups"][group]["se"] == found["groups"][group]["se"]


def test_with_two_to_four_prompts_the_result_is_preliminary_however_narrow():
    votes, poems = study(STEADY, seed=2)
    one_prompt = {name: ix // 4 % 4 for ix, name in enumerate(poems["poem_id"])}
    poems["prompt_id"] = [f"p{one_prompt[name]}" for name in poems["poem_id"]]
    few = result(votes, poems)
    poems["prompt_id"] = [""] * len(poems["poem_id"])
    none = result(votes, poems)
    for found, preliminary in ((few, True), (none, False)):
        assert {one["preliminary"] for one in found["groups"].values()} == {preliminary}
        assert found["difference"]["preliminary"] is preliminary
        assert found["sentence"].startswith("Preliminary: ") is preliminary
        assert (found["verdict"] is None) is preliminary
        parts = {part["name"]: part for part in found["parts"]}
        assert ("This is preliminary" in parts["answer"]["sentence"]) is preliminary
        warned = [note for note in parts["limits"]["notes"] if "72 to 86%" in note]
        assert bool(warned) is preliminary
        promised = [note for note in found["notes"] if "as often as with prompts" in note]
        assert bool(promised) is not preliminary


def test_votes_on_one_prompt_say_nothing_of_others():
    votes, poems = study(SMALL, seed=2)
    poems["prompt_id"] = ["one"] * len(poems["poem_id"])
    found = result(votes, poems)
    assert found["groups"] == {"nonexpert": None, "expert": None}
    assert found["sentence"].startswith("All votes are on poems for one prompt, so they cannot")
    assert found["sentence"].count("one prompt") == 1
    assert not any("grouped by poem" in note for note in found["notes"])
    ranked = next(part for part in found["parts"] if part["name"] == "ranking")
    assert ranked["declined"]


def test_experts_on_one_of_three_prompts_are_declined_and_others_are_not():
    votes, poems = study(SMALL, seed=2)
    names = sorted(set(poems["prompt_id"]))
    poems["prompt_id"] = [str(names.index(one) % 3) for one in poems["prompt_id"]]
    prompt = dict(zip(poems["poem_id"], poems["prompt_id"], strict=True))
    votes = rows(
        votes,
        lambda ix: votes["group"][ix] != "expert" or prompt[votes["poem_left"][ix]] == "0",
    )
    assert "All votes by experts are on poems for one prompt" in declined(votes, poems)
    assert result(votes, poems)["groups"]["nonexpert"] is not None


def test_wide_intervals_are_preliminary_and_give_no_verdict():
    votes, poems = experts_changed(lambda expert, _: rows(expert, lambda ix: ix % 4 == 0))
    found = result(votes, poems)
    assert found["groups"]["expert"]["preliminary"]
    assert found["sentence"].startswith("Preliminary: with number of lines ")
    assert found["verdict"] is None


def test_narrow_intervals_give_a_verdict():
    votes, poems = study(STEADY, seed=2)
    found = result(votes, poems)
    assert not found["difference"]["preliminary"]
    assert found["verdict"] == (
        "Whether non-experts or experts lean more to rhyme, these votes do not settle."
    )


def test_an_interval_that_includes_an_even_chance_is_not_called_indifference():
    votes, poems = experts_changed(lambda expert, _: rows(expert, lambda ix: ix % 4 == 0))
    found = result(votes, poems)
    effect = found["groups"]["expert"]
    assert effect["win_share_ci_low"] < 0.5 < effect["win_share_ci_high"]
    assert (
        "The experts' interval includes 50%, so these votes do not settle whether experts lean to "
        "rhyme or away from it; this is no evidence that they are indifferent."
    ) in found["notes"]


def test_leaning_to_raters_with_many_votes_is_said_only_where_some_gave_more():
    def says_so(votes: Frame, weights: Weights = Weights.TAU) -> bool:
        found = result(votes, poems, Options(weights=weights))
        return any("lean to raters who gave many votes" in note for note in found["notes"])

    alike = StudyParameters(n_experts=8, n_nonexperts=12, n_prompts=10, votes_log_sd=0)
    votes, poems = study(alike, seed=2)
    assert not says_so(votes)
    one_vote_less = rows(votes, lambda ix: ix > 0)
    assert says_so(one_vote_less)
    assert not says_so(one_vote_less, Weights.RATER)


def test_judges_are_counted_and_left_out():
    votes, poems = study(SMALL, seed=2)
    before = result(votes, poems)
    judged = only_group(votes, "expert")
    n = len(judged["vote_id"])
    judged |= {
        "group": ["judge"] * n,
        "rater_id": ["model"] * n,
        "vote_id": [f"j{ix}" for ix in range(n)],
    }
    found = result({name: [*votes[name], *judged[name]] for name in votes}, poems)
    assert found["groups"] == before["groups"]
    assert found["data"]["counts"]["judge"]["votes"] == n
    assert any("as judges are left out" in note for note in found["notes"])


def test_simulated_votes_are_said_to_be_simulated():
    votes, poems = study(SMALL, seed=2)
    assert any("All of these votes are simulated" in note for note in result(votes, poems)["notes"])
    real = {**votes, "simulated": [0] * len(votes["vote_id"])}
    assert not any("simulated:" in note for note in result(real, poems)["notes"])


def test_some_simulated_votes_among_real_ones_are_counted():
    votes, poems = study(SMALL, seed=2)
    mixed = {**votes, "simulated": [1, *[0] * (len(votes["vote_id"]) - 1)]}
    assert any(note.startswith("1 of ") for note in result(mixed, poems)["notes"])


def test_votes_that_cancel_out_leave_nothing_to_judge_precision_by():
    pairs = [(f"q{ix}", side) for ix in range(8) for side in ("left", "right")]
    slots = [(f"r{rater}", prompt, side) for rater in range(4) for prompt, side in pairs]
    votes: Frame = {
        "vote_id": [f"v{ix}" for ix in range(len(slots))],
        "rater_id": [rater for rater, _, _ in slots],
        "group": ["expert"] * len(slots),
        "poem_left": [f"{prompt}{'ab'[int(prompt[1]) % 2]}" for _, prompt, _ in slots],
        "poem_right": [f"{prompt}{'ba'[int(prompt[1]) % 2]}" for _, prompt, _ in slots],
        "choice": [side for _, _, side in slots],
    }
    prompts = [f"q{ix}" for ix in range(8) for _ in "ab"]
    poems: Frame = {
        "poem_id": [f"q{ix}{name}" for ix in range(8) for name in "ab"],
        "prompt_id": prompts,
        "rhyme_density": [1.0, 0.0] * 8,
    }
    found = result(votes, poems, controls=())
    assert found["groups"]["expert"] is None
    assert "leave no variation" in found["declined"]["expert"]


def test_a_measure_told_apart_by_one_prompt_alone_is_said_to_be():
    votes, poems = study(SMALL, seed=2)
    poems["n_lines"] = [8.0] * len(poems["poem_id"])
    poems["n_lines"][0] = 12.0
    found = result(votes, poems)
    assert found["groups"]["nonexpert"]["leans_on_one"]
    assert any("one rater or prompt alone" in note for note in found["notes"])


def test_a_control_that_is_not_in_the_table_is_refused():
    votes, poems = study(SMALL, seed=2)
    with pytest.raises(ValueError, match="'metre' is not among the controls"):
        result(votes, poems, Options(adjust=("metre",)))


@pytest.mark.shared
def test_real_lay_votes_say_that_there_are_no_experts():
    import csv

    from app.verse import measure

    folder = shared_data()
    with (folder / "votes" / "copoet_votes.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    votes = {name: [line[name] for line in lines] for name in lines[0]}
    text = (folder / "poems" / "copoet_poems.jsonl").read_text(encoding="utf-8")
    records = [json.loads(line) for line in text.splitlines()]
    measured = [measure(record["text"]) for record in records]
    poems = {name: [record[name] for record in records] for name in ("poem_id", "prompt_id")}
    for name in ("rhyme_density", "n_lines", "words_per_line"):
        poems[name] = [one[name] for one in measured]
    found = result(votes, poems)
    assert "There are no experts to compare with" in found["sentence"]
    assert found["data"]["rows"] == 153


def test_one_vote_against_all_others_gives_no_number_either():
    def rhymed_but_once(expert: Frame, poems: Frame) -> Frame:
        rhyme = dict(zip(poems["poem_id"], poems["rhyme_density"], strict=True))
        sides = zip(expert["poem_left"], expert["poem_right"], strict=True)
        by = [rhyme[left] - rhyme[right] for left, right in sides]
        choice = ["tie" if not d else "left" if d > 0 else "right" for d in by]
        once = next(ix for ix, d in enumerate(by) if d)
        choice[once] = {"left": "right", "right": "left"}[choice[once]]
        return {**expert, "choice": choice}

    votes, poems = experts_changed(rhymed_but_once)
    assert "leave too much open" in declined(votes, poems)


def test_control_that_never_differs_is_not_said_to_be_held_equal():
    votes, poems = study(SMALL, seed=2)
    poems["n_lines"] = [12] * len(poems["poem_id"])
    found = result(votes, poems)
    assert found["adjusted_for"] == ["words_per_line"]
    parts = {part["name"]: part for part in found["parts"]}
    for text in (found["sentence"], parts["answer"]["sentence"]):
        assert "words per line held equal" in text
        assert "number of lines" not in text
    assert "Number of lines" not in str(parts["controls"]["rows"])
    assert any("number of lines could not be held equal" in note for note in found["notes"])


def test_share_of_lines_in_percent_is_refused_by_row():
    votes, poems = study(SMALL, seed=2)
    poems["rhyme_density"] = [100 * value for value in poems["rhyme_density"]]
    with pytest.raises(InvalidVotes, match=r"column rhyme_density: \d+\.0 is no share of lines"):
        result(votes, poems)


@pytest.mark.parametrize("unit", [1.0, 0.01])
def test_whether_a_group_is_neutral_does_not_hang_on_the_unit_of_a_feature(unit):
    votes, poems = study(STEADY, seed=2)
    poems = {**poems, "latin": [unit * 20 * value for value in poems["rhyme_density"]]}
    part = {one["name"]: one for one in result(votes, poems, feature="latin")["parts"]}
    assert "can be called neutral" not in part["neutrality"]["sentence"]
    assert f"that is {unit * 20:g} higher in latin" in part["neutrality"]["sentence"]
