"""Sounds, letters and use speak for a rhyme in their order."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.verse.endings import ending
from app.verse.evidence import FAINTEST, evidence, evidence_features, hear, heard, weigh

LEAST_FOR_A_CLEAR_RHYME = 2  # a strength of 0.88
MOST_FOR_NO_RHYME = -3


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("light", "night"),
        ("day", "away"),
        ("sea", "tree"),
        ("moonrise", "skies"),
        ("heart", "start"),
        ("ember", "september"),
        ("rain", "again"),
        ("love", "move"),
        ("wind", "mind"),
        ("eternity", "be"),
        ("beloued", "mooued"),
    ],
)
def test_clear_rhyme_has_much_evidence(word, other):
    assert evidence(word, other) > LEAST_FOR_A_CLEAR_RHYME


@pytest.mark.parametrize(
    ("word", "other"),
    [("night", "river"), ("stone", "storm"), ("window", "garden"), ("bread", "silver")],
)
def test_words_that_do_not_rhyme_have_much_evidence_against_it(word, other):
    assert evidence(word, other) < MOST_FOR_NO_RHYME


@pytest.mark.parametrize("other", ["月", "12", ""])
def test_words_without_sounds_have_nothing_in_common(other):
    assert evidence("night", other) == FAINTEST
    assert heard("night", other).parts is None


def test_repeated_word_has_its_own_evidence():
    assert evidence("light", "Light") == evidence("river", "river") < evidence("light", "night")


def test_pair_that_verse_has_used_has_more_evidence_than_a_new_one_of_its_sound():
    assert evidence("love", "prove") > evidence("dove", "groove")


@pytest.mark.parametrize(
    ("word", "eye", "perfect"), [("love", "prove", "glove"), ("war", "care", "more")]
)
def test_rhyme_of_the_eye_never_has_more_evidence_than_a_perfect_one(word, eye, perfect):
    assert 0 < evidence(word, eye) < evidence(word, perfect)


@settings(deadline=None)
@given(st.text(max_size=12), st.text(max_size=12))
def test_evidence_of_any_two_texts_is_symmetric_and_bounded(one, two):
    found = evidence(one, two)
    assert found == evidence(two, one)
    assert found >= FAINTEST
    assert math.isfinite(found)


def test_best_pronunciation_is_heard():
    assert heard("wind", "mind").features[1:3] == ("vowel=", "coda=")
    assert heard("wind", "sinned").features[1:3] == ("vowel=", "coda=")


def test_sound_is_the_sum_of_the_weights_that_fit():
    weights = {"vowel=": 2.0, "coda=": 1.0, "letters 4": 0.5, "constant": -1.0, "open=": 9.0}
    assert hear(ending("light"), ending("night"), weights).score == 2.5


def test_evidence_is_the_sum_of_features_by_weights():
    one, two = ending("light"), ending("night")
    sound = hear(one, two, {"vowel=": 10.0})
    found = evidence_features(one, two, sound)
    assert found["score"] == 8.0 / 5  # cut at 8
    assert found["vowel same"] == found["coda same"] == found["same"] == 1
    assert found["count"] > found["count to 6"] > 0
    assert weigh(one, two, sound, {"score": 5.0, "same": 1.0, "constant": 0.5}) == 9.5
