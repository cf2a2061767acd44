"""Endings that rhyme in verse are told from those that never do."""

import math

import pytest

from app.verse.association import (
    HIGHEST,
    LOWEST,
    associations_of,
    letter_association,
    sound_association,
)
from app.verse.endings import ending


def sounds(word: str, other: str) -> float:
    return sound_association(ending(word).parts[0], ending(other).parts[0])


def test_ratio_is_that_of_what_was_seen_to_what_chance_expects():
    found = associations_of({("a", "b"): 30.0, ("b", "c"): 10.0, ("c", "c"): 60.0})
    assert found.total == 200
    assert found.ratio("b", "a") == math.log((30 + 0.7) / (30 * 40 / 200 + 0.7))
    assert found.ratio("a", "a") == math.log(0.7 / (30 * 30 / 200 + 0.7))


def test_endings_that_are_not_counted_say_nothing():
    assert associations_of({("a", "b"): 30.0}).ratio("x", "y") == 0


def test_ratio_stays_within_its_bounds():
    found = associations_of({("a", "a"): 1e6, ("b", "b"): 1e6, ("c", "d"): 1e4, ("e", "e"): 1e9})
    assert found.ratio("a", "b") == LOWEST
    assert found.ratio("c", "d") == HIGHEST


@pytest.mark.parametrize(("word", "other"), [("love", "prove"), ("was", "pass"), ("blood", "wood")])
def test_rhymes_of_the_eye_are_associated_by_sound_and_by_letters(word, other):
    assert sounds(word, other) > 1
    assert letter_association(ending(word), ending(other)) > 0


@pytest.mark.parametrize(("word", "other"), [("sea", "day"), ("light", "heart"), ("all", "me")])
def test_common_endings_that_never_rhyme_speak_against_a_rhyme(word, other):
    assert sounds(word, other) < -1


def test_order_does_not_matter():
    one, two = ending("blood"), ending("stood")
    assert sounds("blood", "stood") == sounds("stood", "blood")
    assert letter_association(one, two) == letter_association(two, one)
