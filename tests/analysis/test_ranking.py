"""Sources are ranked as the votes rank them, and not where they cannot."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.analysis import Group, Options, Ties, Variance, VoteTable, Weights
from app.analysis.comparison import COMPARED
from app.analysis.diagnostics import group_votes
from app.analysis.plots.ranking import ranking_chart
from app.analysis.ranking import rank_sources
from app.analysis.ranking_part import ranking_part
from app.analysis.simulate import StudyParameters, draw_poems, draw_slots, simulate_votes
from app.analysis.terms import fit_terms
from tests.analysis.studies import Frame

N_SE = 3
SWAPPED = {"left": "right", "right": "left", "tie": "tie"}
STUDY = StudyParameters(
    n_experts=12,
    n_nonexperts=30,
    n_prompts=20,
    poems_per_prompt=6,
    fewest_votes=20,
    control_effects=(("appeal", 1.0),),
)
APPEAL = {"alpha": 1.0, "beta": 0.3, "gamma": -0.3, "delta": -1.0}
QUIET: dict[str, Any] = {  # no random effects: the curve is not flattened
    "rater_position_sd": 0.0,
    "rater_rhyme_sd": 0.0,
    "poem_sd": 0.0,
    "poem_group_sd": 0.0,
    "prompt_rhyme_sd": 0.0,
    "tie_nu": 0.0,
    "log_tie_sd": 0.0,
}


def study(
    parameters: StudyParameters = STUDY, seed: int = 2, rhyme: dict[str, float] | None = None
) -> tuple[Frame, Frame]:
    """A study of four sources of known appeal; `rhyme` gives some of them a chance of rhyming."""
    rng = np.random.default_rng(seed)
    poems: dict[str, Any] = draw_poems(parameters, rng)
    source = rng.choice([*APPEAL], size=len(poems["poem_id"]))
    poems |= {"source": source, "appeal": np.array([APPEAL[name] for name in source])}
    if rhyme:
        chance = np.array([rhyme[name] for name in source])
        poems["rhyme_density"] = (rng.random(len(source)) < chance).astype(np.float64)
    slots = draw_slots(poems, parameters, rng)
    votes = simulate_votes(poems, slots, parameters, rng)
    return (
        {name: column.tolist() for name, column in votes.items()},
        {name: column.tolist() for name, column in poems.items()},
    )


def table_of(votes: Frame, poems: Frame, feature: str = "rhyme_density") -> VoteTable:
    return VoteTable.from_frames(votes, poems, feature=feature, controls=())


def ranked(table: VoteTable, options: Options | None = None, draws: int = 2000):
    return rank_sources(table, options or Options(), np.random.default_rng(7), draws=draws)


@pytest.fixture(scope="module")
def frames() -> tuple[Frame, Frame]:
    return study()


@pytest.fixture(scope="module")
def table(frames: tuple[Frame, Frame]) -> VoteTable:
    return table_of(*frames)


def order(ranking: Any) -> list[str]:
    return [one.source for one in ranking.sources]


def test_true_order_and_strengths_are_recovered():
    parameters = replace(STUDY, n_nonexperts=150, median_votes=60, **QUIET)
    found = ranked(table_of(*study(parameters)))
    for group in (Group.NONEXPERT, Group.EXPERT):
        ranking = found.held_equal[group]
        assert ranking is not None
        assert order(ranking) == [*APPEAL]
        for one in ranking.sources:
            assert abs(one.strength - APPEAL[one.source]) < 3 * one.se
            assert one.rank_low <= one.rank <= one.rank_high


def test_rhyme_beside_the_sources_has_its_true_effect_on_average():
    """One study of 12 experts finds it to within 0.13 (standard deviation), so many are needed."""
    few = replace(STUDY, n_nonexperts=12, median_votes=60, **QUIET)
    found = []
    for seed in range(24):
        table = table_of(*study(few, seed))
        ranked_equal = ranked(table, draws=2).held_equal
        found += [ranked_equal[group].coefficient for group in COMPARED]
    se = np.std(found, ddof=1) / np.sqrt(len(found))
    assert se < 0.025
    assert abs(np.mean(found) - few.rhyme_expert) < N_SE * se


def test_a_source_that_wins_by_rhyme_alone_falls_where_rhyme_is_held_equal():
    parameters = replace(
        STUDY, n_nonexperts=80, rhyme_nonexpert=2.0, control_effects=(("appeal", 0.3),), **QUIET
    )
    rhyme = {"alpha": 0.1, "beta": 0.1, "gamma": 0.1, "delta": 0.9}
    table = table_of(*study(parameters, rhyme=rhyme))
    found = ranked(table)
    plain, equal = found.plain[Group.NONEXPERT], found.held_equal[Group.NONEXPERT]
    assert plain is not None
    assert equal is not None
    assert order(plain)[0] == "delta"
    assert order(equal)[-1] == "delta"
    assert "with rhyme held equal alpha comes first" in ranking_part(table, Options()).sentence


def test_strengths_have_the_intervals_of_the_same_model_by_dummies(table):
    found = ranked(table, Options(weights=Weights.EQUAL)).held_equal[Group.NONEXPERT]
    votes = group_votes(table, Group.NONEXPERT, Ties.HALF)
    left, right = (table.context.source[side[votes.rows]] for side in (table.left, table.right))
    names = table.context.sources
    columns: Any = {
        name: (left == ix).astype(float) - (right == ix) for ix, name in enumerate(names[1:], 1)
    }
    mean = dict.fromkeys(names[1:], -1 / len(names))
    wanted = {name: {**mean, name: 1 - 1 / len(names)} for name in names[1:]} | {names[0]: mean}
    theirs = fit_terms(
        votes,
        {**columns, "feature": votes.feature},
        wanted,
        weighted_for="feature",
        weights=Weights.EQUAL,
    )
    for one in found.sources:
        alone = theirs.terms[one.source].coefficient
        ours = (one.strength, one.se, one.df, one.ci_low, one.ci_high)
        assert ours == pytest.approx(
            (alone.log_odds, alone.se, alone.df, alone.ci_low, alone.ci_high), rel=1e-6, abs=1e-9
        )


def numbers(found: Any) -> dict[str, float]:
    flat = {}
    for kind in ("plain", "held_equal"):
        for group, ranking in getattr(found, kind).items():
            for one in ranking.sources:
                for name in ("strength", "se", "df", "win_share", "rank", "rank_low", "rank_high"):
                    flat[f"{kind} {group} {one.source} {name}"] = getattr(one, name)
    return flat


@pytest.mark.parametrize("weights", list(Weights))
@pytest.mark.parametrize("variance", list(Variance))
def test_sides_order_and_units_change_nothing(frames, weights, variance):
    votes, poems = frames
    options = Options(weights=weights, variance=variance)
    swapped = {
        **votes,
        "poem_left": votes["poem_right"],
        "poem_right": votes["poem_left"],
        "choice": [SWAPPED[choice] for choice in votes["choice"]],
    }
    turned = {name: cells[::-1] for name, cells in swapped.items()}
    named = {**poems, "latin": poems["rhyme_density"]}
    scaled = {**poems, "latin": [100 * value for value in poems["rhyme_density"]]}
    before = numbers(ranked(table_of(votes, named, feature="latin"), options))
    found = numbers(ranked(table_of(turned, scaled, feature="latin"), options))
    assert found == pytest.approx(before, rel=1e-7)


def test_other_names_change_nothing(frames, table):
    votes, poems = frames
    new = dict(zip(APPEAL, ("z", "c", "y", "a"), strict=True))
    renamed = {**poems, "source": [new[name] for name in poems["source"]]}
    found = numbers(ranked(table_of(votes, renamed)))
    before = {}
    for name, value in numbers(ranked(table)).items():
        kind, group, source, what = name.split()
        before[f"{kind} {group} {new[source]} {what}"] = value
    assert found == pytest.approx(before, rel=1e-7)


def test_ranks_of_sources_that_cannot_be_told_apart_are_open():
    flat = replace(STUDY, control_effects=())
    ranking = ranked(table_of(*study(flat))).plain[Group.EXPERT]
    assert ranking is not None
    assert max(one.rank_high - one.rank_low for one in ranking.sources) >= 2


def test_a_single_source_is_declined(frames):
    votes, poems = frames
    part = ranking_part(
        table_of(votes, {**poems, "source": ["one"] * len(poems["source"])}), Options()
    )
    assert part.declined
    assert "on poems of one source, one; a ranking takes at least 2" in part.sentence


def test_unknown_sources_are_declined(frames):
    votes, poems = frames
    part = ranking_part(
        table_of(votes, {k: v for k, v in poems.items() if k != "source"}), Options()
    )
    assert part.declined
    assert "whose sources are known" in part.sentence


def test_votes_on_unknown_sources_are_left_out_and_counted(frames):
    votes, poems = frames
    sources = ["" if name == "beta" else name for name in poems["source"]]
    part = ranking_part(table_of(votes, {**poems, "source": sources}), Options())
    assert {row["source"] for row in part.rows} == {"alpha", "gamma", "delta"}
    assert any("of unknown source are left out" in note for note in part.notes)


def test_sources_never_compared_are_declined(frames):
    votes, poems = frames
    prompts = sorted(set(poems["prompt_id"]))
    half = set(prompts[: len(prompts) // 2])
    sources = [
        f"{'early' if prompt in half else 'late'}{ix % 2}"
        for ix, prompt in enumerate(poems["prompt_id"])
    ]
    part = ranking_part(table_of(votes, {**poems, "source": sources}), Options())
    assert part.declined
    assert "no comparison joins early0 and early1 with late0 and late1" in part.sentence


def test_a_source_that_always_wins_is_declined(frames):
    votes, poems = frames
    source = dict(zip(poems["poem_id"], poems["source"], strict=True))
    choices = [
        "left"
        if source[left] == "alpha" != source[right]
        else "right"
        if source[right] == "alpha" != source[left]
        else choice
        for left, right, choice in zip(
            votes["poem_left"], votes["poem_right"], votes["choice"], strict=True
        )
    ]
    part = ranking_part(table_of({**votes, "choice": choices}, poems), Options())
    assert part.declined
    assert "went to alpha" in part.sentence


def test_rhyme_that_follows_from_the_source_gives_the_plain_ranking_and_says_so(frames):
    votes, poems = frames
    density = [1.0 if name in {"alpha", "gamma"} else 0.0 for name in poems["source"]]
    part = ranking_part(table_of(votes, {**poems, "rhyme_density": density}), Options())
    assert not part.declined
    assert part.rows[0]["equal_rank"] is None
    assert any("cannot be told apart" in note for note in part.notes)
    assert "rank" in ranking_chart(json.loads(json.dumps(part.as_dict())))


@pytest.mark.parametrize("choice", ["tie", "left"])
def test_choices_that_never_differ_are_declined(frames, choice):
    votes, poems = frames
    part = ranking_part(
        table_of({**votes, "choice": [choice] * len(votes["choice"])}, poems), Options()
    )
    assert part.declined
    assert ("are ties" if choice == "tie" else "without exception") in part.sentence


def test_one_rater_is_too_few(frames):
    votes, poems = frames
    part = ranking_part(
        table_of({**votes, "rater_id": [f"r{g}" for g in votes["group"]]}, poems), Options()
    )
    assert part.declined
    assert "at least 3 raters" in part.sentence


def test_part_is_the_same_every_time_and_json(table):
    one, other = (json.dumps(ranking_part(table, Options()).as_dict()) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_chart_tells_every_source_with_its_interval(table, width):
    part = json.loads(json.dumps(ranking_part(table, Options()).as_dict()))
    svg = ranking_chart(part, width=width)
    row = part["rows"][0]
    assert f"{row['source']}: as chosen {100 * row['win_share']:.0f}%" in svg
    assert "style=" not in svg
    assert 'role="img"' in svg
