"""The scheme that is found is the best one, in a stanza and among the stanzas of a poem."""

import random
from collections.abc import Iterator
from dataclasses import replace
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.verse.decoding import BEAM, N_BEST, SILENCE, TUNING, Tuning, candidates, decode
from app.verse.schemes import WINDOW, SchemePrior, steps_of

Labels = tuple[int, ...]

PRIOR = SchemePrior(
    {
        (0, 0, 2, 2): 8.0,
        (0, 1, 0, 1): 6.0,
        (0, 0, 0, 2): 3.0,
        (0, 0, 1, 3): 3.0,
        (0, 1): 4.0,
        (0, 0, 2): 1.0,
        (0, 0, 2, 2, 0, 1): 2.0,
        (0, 0, 0, 0, 0, 0): 2.0,
    }
)
ABAB, AABB, ABCB = (0, 1, 0, 1), (0, 0, 1, 1), (0, 1, 2, 1)
LOUD, QUIET = 5.0, -9.0
WORDS = ("a1", "a2", "a3", "b1", "b2", "c1", "c2")


def first_letters(word: str, other: str) -> float:
    """Words rhyme that begin alike; those with a question mark answer them faintly."""
    if word[0] != other[0]:
        return QUIET
    return -0.5 if "?" in word + other else LOUD


def partitions(n: int) -> Iterator[Labels]:
    """Every scheme of n lines."""
    found: list[Labels] = [()]
    for _ in range(n):
        found = [(*of, new) for of in found for new in range(len(set(of)) + 1)]
    yield from found


def score(labels: Labels, bonds: dict[tuple[int, int], float], tuning: Tuning) -> float:
    """The score of a scheme, -inf where a line joins a rhyme and answers none of its lines."""
    steps, total = steps_of(labels), 0.0
    for line, label in enumerate(labels):
        ahead = PRIOR.log_probabilities(steps[:line], line, len(labels), tuning.softness_alone)
        total += tuning.prior * ahead[steps[line]]
        rhyme = [of for of in range(line) if labels[of] == label]
        if rhyme:
            heard = [bonds[of, line] for of in rhyme]
            if max(heard) <= tuning.least:
                return float("-inf")
            mean = fmean(value if value > tuning.least else SILENCE for value in heard)
            total += mean * (1 + tuning.company * (len(rhyme) - 1)) + tuning.bias
    return total


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("seed", range(12))
def test_best_scheme_of_all_is_found(n, seed):
    rng = random.Random(f"{seed} {n}")
    tuning = replace(TUNING, caution=0.0)
    bonds = {(one, two): rng.gauss(-2, 4) for two in range(n) for one in range(two)}
    expected = max(partitions(n), key=lambda labels: score(labels, bonds, tuning))
    found = candidates(
        [str(line) for line in range(n)], lambda one, two: bonds[int(one), int(two)], PRIOR, tuning
    )
    assert found[0].scheme.labels == expected
    best = found[0].evidence + tuning.prior * found[0].scheme.log_prior
    assert best == pytest.approx(score(expected, bonds, tuning))


def test_slant_rhyme_needs_company_and_a_clear_one_does_not():
    def bond(one: str, other: str) -> float:
        heard = first_letters(one, other)
        return 2.2 if heard == LOUD and "s" in one + other else heard  # a slant rhyme

    slant, clear = ["as", "bs", "as2", "c"], ["a1", "b1", "a2", "c"]
    assert decode([slant], bond, PRIOR) == [(0, 1, 2, 3)]
    assert decode([clear], bond, PRIOR) == [(0, 1, 0, 2)]
    assert decode([["as", "bs", "as", "c"]], bond, PRIOR) == [(0, 1, 0, 2)]  # the same word
    assert decode([slant, list("dede"), list("fgfh")], bond, PRIOR)[0] == (0, 1, 0, 2)


def test_candidates_are_few_and_all_different():
    found = candidates(["a1", "b1", "a2", "b2", "a3", "c1"], first_letters, PRIOR)
    assert 1 < len(found) <= N_BEST < BEAM
    assert len({one.scheme.labels for one in found}) == len(found)


def test_lines_are_never_joined_below_the_least_evidence():
    found = candidates(["a1", "a2"], first_letters, PRIOR, replace(TUNING, least=LOUD))
    assert [one.scheme.labels for one in found] == [(0, 1)]


def test_line_without_a_word_joins_no_rhyme():
    (labels,) = decode([["a1", None, "a2", None]], first_letters, PRIOR)
    assert labels == (0, 1, 0, 2)


@pytest.mark.parametrize(("n_between", "rhymes"), [(WINDOW - 1, True), (WINDOW, False)])
def test_line_rhymes_within_the_window_only(n_between, rhymes):
    between = [chr(ord("b") + n) for n in range(n_between)]
    tuning = replace(TUNING, bias=30.0)  # as soon as it may
    (labels,) = decode([["a1", *between, "a2"]], first_letters, PRIOR, tuning)
    assert (labels[0] == labels[-1]) is rhymes


def test_faint_rhyme_is_read_as_the_other_stanzas_are():
    faint = ["a1", "b1", "a?", "b2"]
    abab, abcb = ["a1", "b1", "a2", "b2"], ["a1", "b1", "c1", "b2"]
    assert decode([abab, list("cdcd"), faint], first_letters, PRIOR)[-1] == ABAB
    assert decode([abcb, list("cdad"), faint], first_letters, PRIOR)[-1] == ABCB


def test_broken_line_is_not_repaired_by_the_other_stanzas():
    stanzas = [["a1", "b1", "a2", "b2"], list("cdcd"), list("efef"), ["a1", "b1", "c1", "b2"]]
    assert decode(stanzas, first_letters, PRIOR) == [ABAB, ABAB, ABAB, ABCB]


def test_clear_scheme_is_kept_among_others():
    stanzas = [["a1", "b1", "a2", "b2"], list("cdcd"), ["a1", "a2", "b1", "b2"]]
    assert decode(stanzas, first_letters, PRIOR)[-1] == AABB


@pytest.mark.parametrize("n", [4, 12, 24])
def test_stanza_is_read_alike_alone_and_beside_one_of_another_length(n):
    rng = random.Random(n)
    words = [f"{rng.choice('abcdefgh')}{rng.choice('12?')}" for _ in range(n)]
    (alone,) = decode([words], first_letters, PRIOR)
    beside, _ = decode([words, ["a1", "a2"]], first_letters, PRIOR)
    assert alone == beside


def test_long_stanzas_that_share_no_scheme_still_keep_to_likely_ones():
    def chance(one: str, other: str) -> float:
        return 3.0 if one == other else QUIET

    rng = random.Random(3)
    alone = beside = 0  # lines that join a rhyme
    for _ in range(20):
        stanzas = [[rng.choice("abcdefgh") for _ in range(24)] for _ in range(2)]
        alone += sum(24 - len(set(*decode([ends], chance, PRIOR))) for ends in stanzas)
        beside += sum(24 - len(set(labels)) for labels in decode(stanzas, chance, PRIOR))
    assert 0 < beside <= alone


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(WORDS) | st.none(), min_size=1, max_size=5),
        min_size=1,
        max_size=4,
    )
)
def test_stanza_that_comes_again_is_read_as_if_it_came_once(stanzas):
    once = decode(stanzas, first_letters, PRIOR)
    again = decode([*stanzas, *stanzas], first_letters, PRIOR)
    assert again[: len(stanzas)] == again[len(stanzas) :] == once
    assert [len(labels) for labels in once] == [len(ends) for ends in stanzas]
