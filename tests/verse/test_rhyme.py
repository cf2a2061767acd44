"""Lines that rhyme are found, repeated words kept apart, and no rhyme is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verse import Kind, compare, find_rhymes, rhyme_density, rhyme_scheme

WORDS = (
    "day",
    "way",
    "night",
    "light",
    "stone",
    "alone",
    "gone",
    "love",
    "move",
    "river",
    "be",
    "eternity",
    "sky",
    "memory",
    "wind",
    "mind",
    "time",
    "mine",
    "xyzzy",
    "o'er",
    "12",
    "月",
)
ENDS = st.lists(st.sampled_from(WORDS) | st.none() | st.text(max_size=6), max_size=30)


def scheme(ends: str) -> str:
    return "".join(label or "-" for label in find_rhymes(ends.split()).scheme)


@pytest.mark.parametrize(
    ("word", "other", "kind", "strength"),
    [
        ("night", "light", "perfect", 1),
        ("sun", "son", "perfect", 1),
        ("flower", "hour", "perfect", 1),
        ("burning", "returning", "perfect", 1),
        ("o'er", "shore", "perfect", 1),
        ("wind", "mind", "perfect", 1),
        ("wind", "sinned", "perfect", 1),
        ("heaven", "sev'n", "perfect", 1),
        ("eternity", "be", "slant", 0.8),
        ("symmetry", "eye", "slant", 0.8),
        ("love", "move", "eye", 0.6),
        ("word", "lord", "eye", 0.6),
        ("happiness", "less", "eye", 0.6),
        ("gone", "bone", "eye", 0.6),
        ("stone", "dawn", "slant", 0.5),
        ("time", "mine", "slant", 0.4),
        ("Night", "night", "repeated", 1),
    ],
)
def test_words_answer_each_other_as_a_reader_hears(word, other, kind, strength):
    found = compare(word, other)
    assert found is not None
    assert (found.kind.value, found.strength) == (kind, strength)


@pytest.mark.parametrize(
    ("word", "other"),
    [("night", "day"), ("river", "stone"), ("sing", "walking"), ("window", "willow"), ("1", "one")],
)
def test_words_that_do_not_rhyme_have_no_bond(word, other):
    assert compare(word, other) is None


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ("day stone way alone", "ABAB"),
        ("day way stone alone", "AABB"),
        ("day stone alone way", "ABBA"),
        ("day river way bright", "A-A-"),
        ("river table orange window", "----"),
        ("day river day table", "----"),
        ("day day way river", "AAA-"),
        ("love stone move alone", "ABAB"),
        ("love river move table", "----"),
        ("time stone alone mine", "ABBA"),
    ],
)
def test_scheme_follows_the_sounds(ends, expected):
    assert scheme(ends) == expected


def test_lines_further_apart_than_the_window_do_not_rhyme():
    assert scheme("day river table orange window way") == "------"


def test_repeated_word_is_linked_but_is_no_rhyme():
    found = find_rhymes(["day", "stone", "day"])
    assert found.scheme == (None, None, None)
    assert [(link.first, link.second, link.kind) for link in found.links] == [(0, 2, Kind.REPEATED)]
    assert found.density == 0


def test_labels_go_on_after_z():
    rhymes = ("day way", "night light", "stone alone", "sun done", "tree free", "fire desire") * 5
    labels = rhyme_scheme(
        "\n\n\n".join("\n".join([*pair.split(), *["river"] * 5]) for pair in rhymes)
    )
    assert [label for label in labels if label][50:] == [
        "Z",
        "Z",
        "A1",
        "A1",
        "B1",
        "B1",
        "C1",
        "C1",
        "D1",
        "D1",
    ]


def test_rhyme_crosses_a_stanza_break():
    assert rhyme_scheme("a day\na stone\na way\n\nalone\na night\na bone") == [
        "A",
        "B",
        "A",
        "B",
        None,
        "B",
    ]


def test_empty_text_has_no_density():
    assert rhyme_scheme("") == []
    assert rhyme_density("") is None
    assert rhyme_density("One line") == 0


@given(st.sampled_from(WORDS) | st.text(max_size=8), st.sampled_from(WORDS) | st.text(max_size=8))
def test_rhyme_is_symmetric(word, other):
    assert compare(word, other) == compare(other, word)


@given(ENDS)
def test_labels_name_groups_of_at_least_two_lines_and_two_words(ends):
    found = find_rhymes(ends)
    assert len(found.scheme) == len(ends)
    for label in set(found.scheme) - {None}:
        words = [ends[ix] for ix, other in enumerate(found.scheme) if other == label]
        assert len({word.casefold() for word in words if word}) >= 2
    assert all(0 < link.strength <= 1 and 0 < link.second - link.first <= 4 for link in found.links)
    assert found.density is None or 0 <= found.density <= 1
