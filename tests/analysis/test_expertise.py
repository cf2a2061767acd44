"""Expertise as a score, and the comparison under other definitions of an expert."""

from dataclasses import replace

import numpy as np
import pytest

from app.analysis import Experts, Options, VoteTable, analyse
from app.analysis.expertise import definitions_part, expertise_part
from app.analysis.experts import definitions, everybody, expertise
from app.analysis.grid import sensitivity_curve
from app.analysis.options import Group
from app.analysis.report import Analysis
from app.analysis.sections import SECTIONS
from tests.analysis.moderated import MODEST, cells, frames, modest
from tests.analysis.studies import study

DEFINITIONS = tuple(one for one in SECTIONS if one.name == "definitions")


def estimated(table: VoteTable, experts: Experts = Experts.INVITATION) -> Analysis:
    """The main estimate, and of all sections the one on definitions."""
    return analyse(table, Options(experts=experts), sections=DEFINITIONS)


def scored(kappa: float, *, seed: int = 1, n: int = 8000, raters: int = 80) -> VoteTable:
    """Votes whose log odds are (1 + kappa z) d, z the rater's standardised score."""
    rng = np.random.default_rng(seed)
    score = rng.normal(50, 10, raters)
    z = (score - score.mean()) / score.std(ddof=1)
    rater = np.arange(n) % raters
    density = rng.choice([0.0, 0.5, 1.0], 200)
    left = rng.integers(0, 200, n)
    right = 4 * (left // 4) + (left % 4 + rng.integers(1, 4, n)) % 4
    d = density[left] - density[right]
    wins = rng.random(n) < 1 / (1 + np.exp(-(1 + kappa * z[rater]) * d))
    votes = {
        "vote_id": [f"v{ix}" for ix in range(n)],
        "rater_id": [f"r{ix}" for ix in rater],
        "group": np.where(score[rater] > 60, "expert", "nonexpert").tolist(),
        "poem_left": [f"p{ix}" for ix in left],
        "poem_right": [f"p{ix}" for ix in right],
        "choice": np.where(wins, "left", "right").tolist(),
        "expertise_score": score[rater].tolist(),
    }
    poems = {
        "poem_id": [f"p{ix}" for ix in range(200)],
        "prompt_id": [f"q{ix // 4}" for ix in range(200)],
        "rhyme_density": density.tolist(),
    }
    return VoteTable.from_frames(votes, poems, controls=())


@pytest.mark.parametrize("kappa", [-0.6, 0.0, 0.4])
def test_the_change_with_the_score_is_recovered_and_the_curve_holds_the_truth(kappa):
    found = expertise(scored(kappa), Options())
    assert found.change.ci_low < kappa < found.change.ci_high
    assert (found.change.p_value < 0.05) == (kappa != 0)
    for score, share in found.curve:
        theta = 1 + kappa * (score - found.mean) / found.sd
        assert share.low < 1 / (1 + np.exp(-theta)) < share.high


def test_the_sentence_names_the_direction():
    less = expertise_part(scored(-0.6), Options())
    more = expertise_part(scored(0.6), Options())
    assert less.sentence.startswith("Raters of lower expertise lean more to rhyme")
    assert more.sentence.startswith("Raters of higher expertise lean more to rhyme")
    assert "do not show" in expertise_part(scored(0.0), Options()).sentence


def test_all_people_are_in_one_fit_and_judges_are_not():
    votes, poems = frames()
    table = VoteTable.from_frames(votes, poems)
    assert len(everybody(table, Options()).outcome) == len(votes["vote_id"])
    judged = {
        **votes,
        "group": [
            "judge" if r == votes["rater_id"][0] else g
            for r, g in zip(votes["rater_id"], votes["group"], strict=True)
        ],
    }
    fewer = expertise(VoteTable.from_frames(judged, poems), Options())
    assert fewer.raters == len(set(votes["rater_id"])) - 1


def test_raters_without_a_score_are_left_out_and_counted():
    votes, poems = frames()
    gone = set(sorted(set(votes["rater_id"]))[-5:])
    scores = [
        None if rater in gone else score
        for rater, score in zip(votes["rater_id"], votes["expertise_score"], strict=True)
    ]
    part = expertise_part(
        VoteTable.from_frames({**votes, "expertise_score": scores}, poems), Options()
    )
    lost = sum(rater in gone for rater in votes["rater_id"])
    assert part.data["left_out"] == lost
    assert any(str(lost) in note for note in part.notes)


def test_without_scores_the_part_says_what_is_missing():
    part = expertise_part(VoteTable.from_frames(*study(MODEST)), Options())
    assert part.declined
    assert "expertise_score" in part.sentence


def test_alike_scores_give_a_sentence():
    votes, poems = frames()
    alike = {**votes, "expertise_score": [3.3] * len(votes["vote_id"])}
    part = expertise_part(VoteTable.from_frames(alike, poems), Options())
    assert part.declined
    assert "the same score" in part.sentence


def test_the_invitation_gives_the_main_estimate():
    table = VoteTable.from_frames(*frames())
    first = definitions(table, Options())[0]
    assert first.found == estimated(table).estimate


def test_self_description_in_place_of_the_invitation_is_the_main_estimate_of_such_a_file():
    votes, poems = frames()
    found = definitions(VoteTable.from_frames(votes, poems), Options())[1].found
    other = VoteTable.from_frames({**votes, "group": votes["self_described"]}, poems)
    assert found == estimated(other).estimate


def test_the_studys_own_rule_in_place_of_the_invitation_is_the_main_estimate_of_such_a_file():
    votes, poems = frames()
    scored = [
        "expert" if score > 4.2 else "nonexpert" if score > 2.2 else ""
        for score in votes["expertise_score"]
    ]
    table = VoteTable.from_frames({**votes, "scored_as": scored}, poems)
    third = definitions(table, Options())[2]
    kept = [ix for ix, group in enumerate(scored) if group]
    other = {name: [cells[ix] for ix in kept] for name, cells in votes.items()}
    other["group"] = [scored[ix] for ix in kept]
    assert third.by is Experts.SCORED
    assert third.found == estimated(VoteTable.from_frames(other, poems)).estimate
    assert third.left_out == scored.count("") > 0
    invited = dict(zip(votes["rater_id"], votes["group"], strict=True))
    placed = {r: group for r, group in zip(votes["rater_id"], scored, strict=True) if group}
    alike = [invited[rater] == group for rater, group in placed.items()]
    assert third.alike == pytest.approx(np.mean(alike))


def test_empty_cells_of_pandas_are_unknown_and_not_an_error():
    votes, poems = frames()
    nothing = {**votes, "scored_as": [float("nan")] * len(votes["vote_id"])}
    assert definitions(VoteTable.from_frames(nothing, poems), Options())[2].found is None


def test_the_score_parts_raters_at_the_median():
    votes, poems = frames()
    of = dict(zip(votes["rater_id"], votes["expertise_score"], strict=True))
    third = definitions(VoteTable.from_frames(votes, poems), Options())[3]
    assert third.cut is not None
    assert third.cut == pytest.approx(np.median(list(of.values())))
    assert third.found is not None
    above = third.found.groups[Group.EXPERT]
    assert above is not None
    assert above.raters == sum(score > third.cut + 1e-9 for score in of.values())


def test_who_describes_himself_both_ways_is_in_neither_group():
    votes, poems = frames()
    rater = votes["rater_id"][0]
    own = [ix for ix, name in enumerate(votes["rater_id"]) if name == rater]
    said = list(votes["self_described"])
    said[own[0]], said[own[1]] = "expert", "nonexpert"
    table = VoteTable.from_frames({**votes, "self_described": said}, poems)
    assert definitions(table, Options())[1].left_out == len(own)


def test_definitions_that_the_file_lacks_are_named_in_a_note():
    part = definitions_part(VoteTable.from_frames(*study(MODEST)), Options())
    assert [row["definition"] for row in part.rows] == ["invitation"]
    assert len(part.notes) == 3
    assert "self_described" in part.notes[0]


def test_all_definitions_stand_in_the_sentence():
    sentence = modest()["definitions"].sentence
    for words in ("As invited:", "As they describe themselves:", "By score, above the median"):
        assert words in sentence


def test_no_difference_is_seen_under_any_definition_where_there_is_none():
    calm = replace(MODEST, rhyme_expert=0.5, rhyme_nonexpert=0.5, n_experts=30)
    part = definitions_part(VoteTable.from_frames(*frames(calm, seed=8)), Options())
    assert all(row["p_value"] > 0.05 for row in cells(part))


def test_report_by_another_definition_calls_nothing_as_invited_but_the_invitation():
    votes, poems = frames()
    table = VoteTable.from_frames(votes, poems)
    invited, described = (
        estimated(table, experts) for experts in (Experts.INVITATION, Experts.SELF_DESCRIBED)
    )
    assert described.estimate != invited.estimate
    rows = {
        one: {
            row["definition"]: row
            for row in next(part for part in found.parts if part.name == "definitions").rows
        }
        for one, found in (("invited", invited), ("described", described))
    }
    own = " (main estimate)"
    assert rows["invited"]["invitation"]["heading"] == f"As invited{own}"
    assert rows["described"]["self-described"]["heading"] == f"As they describe themselves{own}"
    for definition in ("invitation", "self-described"):
        unmarked = [{**row[definition], "heading": ""} for row in rows.values()]
        assert unmarked[0] == unmarked[1]
    curve = sensitivity_curve(table, described.options)
    assert curve.main.comparison == described.estimate
    main = replace(curve.main.specification, experts="invitation")
    as_invited = next(one for one in curve.results if one.specification == main)
    assert as_invited.comparison == invited.estimate


def test_raters_left_out_have_no_part_in_the_median_nor_in_what_is_placed_as_invited():
    votes, poems = frames()
    top = sorted(
        dict(zip(votes["rater_id"], votes["expertise_score"], strict=True)).items(),
        key=lambda one: one[1],
    )[-10:]
    away = {rater for rater, _score in top}
    marked = {**votes, "excluded": [int(rater in away) for rater in votes["rater_id"]]}
    kept = [ix for ix, rater in enumerate(votes["rater_id"]) if rater not in away]
    erased = {name: [cells[ix] for ix in kept] for name, cells in votes.items()}
    for experts in (Experts.INVITATION, Experts.SCORE):
        found = [estimated(VoteTable.from_frames(of, poems), experts) for of in (marked, erased)]
        assert found[0].estimate == found[1].estimate
        rows = [next(p for p in one.parts if p.name == "definitions").rows for one in found]
        assert rows[0] == rows[1]
