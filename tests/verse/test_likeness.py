"""Two words answer each other as a reader hears it."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.verse import compare
from app.verse.evidence import evidence
from app.verse.likeness import Kind, sound_the_same

WORDS = st.sampled_from((
    "day", "way", "night", "light", "stone", "gone", "love", "move", "river", "eternity", "sky",
    "wind", "time", "fame", "xyzzy", "o'er", "12", "月",
)) | st.text(max_size=8)  # fmt: skip


def strength(word: str, other: str) -> float:
    found = compare(word, other)
    return found.strength if found else 0.0


@pytest.mark.parametrize(
    ("word", "other", "kind"),
    [
        ("night", "light", "perfect"),
        ("sun", "son", "perfect"),
        ("flower", "hour", "perfect"),
        ("burning", "returning", "perfect"),
        ("o'er", "shore", "perfect"),
        ("wind", "mind", "perfect"),
        ("wind", "sinned", "perfect"),
        ("heaven", "sev'n", "perfect"),
        ("loue", "doue", "perfect"),
        ("graue", "saue", "perfect"),
        ("howre", "flowre", "perfect"),
        ("love", "move", "eye"),
        ("word", "lord", "eye"),
        ("stone", "gone", "eye"),
        ("home", "come", "eye"),
        ("blood", "good", "eye"),
        ("eternity", "be", "slant"),
        ("symmetry", "eye", "slant"),
        ("time", "mine", "slant"),
        ("banished", "bed", "slant"),
        ("cough", "bough", "slant"),
        ("Night", "night", "repeated"),
        ("belovèd", "beloved", "repeated"),
        ("ne’er", "ne'er", "repeated"),
    ],
)
def test_words_answer_each_other_as_a_reader_hears(word, other, kind):
    found = compare(word, other)
    assert found is not None
    assert found.kind.value == kind


@pytest.mark.parametrize(
    ("word", "other"),
    [("night", "day"), ("river", "stone"), ("orange", "silver"), ("1", "one"), ("月", "night")],
)
def test_words_that_do_not_rhyme_have_no_bond(word, other):
    assert compare(word, other) is None


@pytest.mark.parametrize(
    "pairs",
    [
        ["light-night", "stone-gone", "time-fame", "night-river"],
        ["stone-bone", "stone-done", "stone-home", "stone-storm"],
        ["day-way", "eternity-sky", "sea-window"],
        ["trembling-assembling", "singing-thing", "singing-river"],
    ],
)
def test_more_alike_words_answer_more_strongly(pairs):
    strengths = [strength(*pair.split("-")) for pair in pairs]
    assert all(more > less for more, less in pairwise(strengths))


def test_strength_is_the_probability_that_the_evidence_gives():
    expected = 1 / (1 + math.exp(-evidence("light", "night")))
    assert strength("light", "night") == pytest.approx(expected)


def test_repeated_word_has_full_strength_and_only_it():
    assert strength("light", "Light") == 1
    assert 0 < strength("light", "night") < 1


@settings(deadline=None)
@given(WORDS, WORDS)
def test_words_answer_each_other_alike_from_either_side(word, other):
    found = compare(word, other)
    assert found == compare(other, word)
    assert found is None or 0 < found.strength <= 1


@settings(deadline=None)
@given(WORDS, WORDS, st.sampled_from([str.upper, str.title, str.lower]))
def test_case_changes_no_bond(word, other, change):
    if word.isascii():
        assert compare(change(word), other) == compare(word, other)


@pytest.mark.parametrize(
    ("whole", "half"),
    [
        ("walking-talking", "walking-talker"),
        ("heaven-seven", "heaven-never"),
        ("garden-harden", "garden-harder"),
        ("living-giving", "living-river"),
    ],
)
def test_feminine_rhyme_of_the_stressed_syllable_alone_is_a_weak_one(whole, half):
    rhyme, partial = (compare(*words.split("-")) for words in (whole, half))
    assert rhyme
    assert partial
    assert rhyme.kind is Kind.PERFECT
    assert rhyme.strength > 0.97
    assert partial.kind is Kind.SLANT
    assert partial.strength < 0.8


def test_slant_rhyme_is_never_as_strong_as_a_perfect_one():
    perfect = [("Peru", "shoe"), ("begun", "sun"), ("day", "way")]
    slant = [("love", "prove"), ("stone", "gone"), ("gloom", "come")]
    assert max(evidence(*pair) for pair in slant) < min(evidence(*pair) for pair in perfect)


@pytest.mark.parametrize(
    ("word", "other", "same"),
    [
        ("light", "Night", True),
        ("day", "DAY", True),
        ("frog", "dog", True),  # other vowels in the dictionary, the same in most mouths
        ("love", "move", False),
        ("time", "mine", False),
        ("stone", "", False),
    ],
)
def test_words_sound_the_same_where_they_are_the_same_or_rhyme_perfectly(word, other, same):
    assert sound_the_same(word, other) is same
