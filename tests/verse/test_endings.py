"""What of a word can rhyme, from its sounds and from its letters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.verse.endings import Ending, Level, ending


def parts(word: str) -> dict[str, list[str]]:
    """The rhyme parts by the name of their level, each written as its sounds."""
    found: dict[str, list[str]] = {}
    for part in ending(word).parts:
        sounds = " ".join(" ".join((vowel, *coda)) for vowel, coda in part.syllables)
        found.setdefault(part.level.name, []).append(sounds)
    return found


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("night", {"LAST_STRESS": ["AY T"]}),
        ("sea", {"LAST_STRESS": ["IY"]}),
        ("wind", {"LAST_STRESS": ["AY N D", "IH N D"]}),
        ("flower", {"LAST_STRESS": ["AWR"]}),
        ("romance", {"LAST_STRESS": ["AE N S", "OW M AE N S"]}),
        ("river", {"LAST_STRESS": ["IH V ERR"], "WEAK": ["ERR"], "WEAK_SPELLED": ["EHR"]}),
        (
            "patriot",
            {"LAST_STRESS": ["EY T R IY AH T"], "LIGHT": ["AH T"], "LIGHT_SPELLED": ["AA T"]},
        ),
        (
            "syllable",
            {"LAST_STRESS": ["IH L AH B AH L"], "LIGHT": ["AH L"], "LIGHT_SPELLED": ["EH L"]},
        ),
        (
            "mortal",
            {"LAST_STRESS": ["AOR T AH L"], "WEAK": ["AH L"], "WEAK_SPELLED": ["AO L"]},
        ),
        ("butterfly", {"LAST_STRESS": ["AY"], "MAIN_STRESS": ["AH T ERR F L AY"]}),
        ("eternity", {"LAST_STRESS": ["ERR N AH T IY"], "LIGHT": ["IY"], "LIGHT_SKY": ["AY"]}),
        ("city", {"LAST_STRESS": ["IH T IY"], "WEAK": ["IY"], "WEAK_SKY": ["AY"]}),
        ("banished", {"LAST_STRESS": ["AE N AH SH T"], "WEAK": ["AH SH T"], "SYLLABIC": ["EH D"]}),
        ("walked", {"LAST_STRESS": ["AO K T"], "SYLLABIC": ["EH D"]}),
    ],
)
def test_word_can_rhyme_from_each_syllable_that_verse_uses(word, expected):
    assert parts(word) == expected


@pytest.mark.parametrize(
    ("word", "other"),
    [("flower", "hour"), ("fire", "higher"), ("power", "hour"), ("o'er", "more"), ("sun", "son")],
)
def test_words_that_sound_alike_have_the_same_part(word, other):
    shared = {part.syllables for part in ending(word).parts} & {
        part.syllables for part in ending(other).parts
    }
    assert shared


def test_consonants_before_the_part_are_known_but_for_a_guess():
    assert ending("flight").parts[0].onset == ("F", "L")
    assert ending("eight").parts[0].onset == ()
    assert ending("wabe").parts[0].onset is None


@pytest.mark.parametrize(("word", "doubt"), [("moon", 0), ("moonbeam's", 1), ("wabe", 2), ("7", 2)])
def test_doubt_grows_from_dictionary_to_form_to_guess(word, doubt):
    assert ending(word).doubt == doubt


@pytest.mark.parametrize(
    ("word", "letters"),
    [("night", "ight"), ("love", "ove"), ("loved", "oved"), ("heav'n", "eavn"), ("sky", "y")],
)
def test_letters_begin_with_the_last_vowels(word, letters):
    assert ending(word).letters == letters


def test_word_without_sounds_has_letters_only():
    assert ending("月") == Ending("月", (), "月", 2)


@settings(deadline=None)
@given(st.text(max_size=20))
def test_any_text_has_an_ending_of_parts_that_differ(word):
    found = ending(word)
    keys = [(part.syllables, part.onset) for part in found.parts]
    assert len(keys) == len(set(keys))
    assert all(part.syllables and part.level in Level for part in found.parts)
    assert found.doubt in {0, 1, 2}
