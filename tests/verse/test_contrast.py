"""How two word ends differ, by name."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.verse.contrast import coda_features, common_letters, letter_features, sound_features
from app.verse.endings import ending

WORDS = st.sampled_from((
    "night", "light", "delight", "time", "mine", "fame", "hand", "ran", "river", "giver",
    "singing", "memory", "sky", "wabe",
))  # fmt: skip
PHONES = st.sampled_from(("M", "N", "NG", "T", "D", "S", "Z", "L", "R", "K", "F"))
CODAS = st.lists(PHONES, max_size=3).map(tuple)


def sound(word: str, other: str) -> tuple[str, ...] | None:
    return sound_features(ending(word).parts[0], ending(other).parts[0])


@pytest.mark.parametrize(
    ("word", "other", "expected"),
    [
        ("night", "light", ("vowel=", "coda=")),
        ("sea", "tree", ("vowel=", "open=")),
        ("light", "delight", ("vowel=", "coda=", "same onset")),
        ("time", "fame", ("vowel:AY-EY", "coda=")),
        ("time", "mine", ("vowel=", "coda:M-N")),
        ("burned", "turns", ("vowel=", "coda class:fricative-stop")),
        ("hand", "ran", ("vowel=", "coda+D end")),
        ("bask", "back", ("vowel=", "coda+S inside")),
        ("sea", "seed", ("vowel=", "open+D end")),
        ("sea", "fields", ("vowel=", "open+many")),
        ("river", "shiver", ("vowel=", "coda=", "tail vowel=", "tail open=", "tail=2")),
    ],
)
def test_difference_of_two_sounds_is_named(word, other, expected):
    assert sound(word, other) == ("level:0-0", *expected)


def test_parts_of_unlike_length_cannot_be_compared():
    assert sound("love", "river") is None


@pytest.mark.parametrize(
    ("word", "other", "expected"),
    [
        ("night", "light", ("letters 4", "letters same")),
        ("love", "glove", ("letters 4", "letters same", "contained")),
        ("sun", "son", ("letters 1",)),
        ("day", "night", ("letters 0",)),
        (
            "wabe",
            "babe",
            ("letters 3", "letters same", "guessed", "guessed letters 3", "guessed letters same"),
        ),
    ],
)
def test_agreement_of_two_spellings_is_named(word, other, expected):
    assert letter_features(ending(word), ending(other)) == expected


@settings(deadline=None)
@given(WORDS, WORDS)
def test_order_of_words_does_not_matter(word, other):
    one, two = ending(word), ending(other)
    assert letter_features(one, two) == letter_features(two, one)
    for part, its in product(one.parts, two.parts):
        assert sound_features(part, its) == sound_features(its, part)


@settings(deadline=None)
@given(CODAS, CODAS)
def test_consonants_are_named_alike_from_either_side(one, two):
    names = coda_features(one, two)
    assert sorted(names) == sorted(coda_features(two, one))
    assert (names in {("coda=",), ("open=",)}) == (one == two)


@settings(deadline=None)
@given(st.text("abct", max_size=6), st.text("abct", max_size=6))
def test_common_last_letters_are_counted(one, two):
    n = common_letters(one, two)
    assert one[len(one) - n :] == two[len(two) - n :]
    assert n == min(len(one), len(two)) or one[-1 - n] != two[-1 - n]
