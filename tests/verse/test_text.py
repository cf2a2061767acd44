"""A poem comes apart into stanzas, lines and words without losing any."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verse import end_words, lines, normalise, stanzas, words


def test_blank_lines_part_stanzas_and_indentation_stays():
    assert stanzas("\n\nOne  \r\n\tTwo\r\n \t \r\n\r\n  Three\n") == (
        ("One", "    Two"),
        ("  Three",),
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029", "\x0b", "\x0c"])
def test_every_kind_of_line_end_ends_a_line(end):
    assert lines(f"One{end}Two{end}{end}Three") == ("One", "Two", "Three")


def test_letters_are_composed_and_invisible_marks_dropped():
    assert normalise("\ufeffcafe\u0301\u200b \n") == "café"


def test_heap_of_marks_stays_on_its_letter_and_takes_no_square_of_time():
    heap = "o" + "\u0301\u0323" * 50_000  # of two classes in turn: minutes without the joiners
    found = normalise(f"One tw{heap} three")
    assert [found.count(mark) for mark in "\u0301\u0323"] == [50_000, 49_999]  # ọ took one
    assert normalise(found) == found
    assert len(words(found)) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Ne’er again,” she said -- half-asleep...", "Ne’er again she said half-asleep"),
        ("light—and dark", "light and dark"),
        ("'quoted' dreamin' *bold* _under_", "quoted dreamin bold under"),
        ("7 swans, 2nd", "7 swans 2nd"),
        ("हिन्दी कविता", "हिन्दी कविता"),
        ("床前明月", "床 前 明 月"),
        ("❤️ — !?", ""),
    ],
)
def test_words_are_what_a_reader_would_count(text, expected):
    assert " ".join(words(text)) == expected


@pytest.mark.parametrize("dash", ["â", "â\u20ac\u201d", "â\x80\x94"])
def test_dash_that_was_read_in_another_encoding_belongs_to_no_word(dash):
    assert end_words(f"And I be negligently told{dash}\nthe pâté") == ("told", "pâté")


def test_line_without_a_word_has_no_end_word():
    assert end_words("The sun.\n* * *\n\nThe moon?") == ("sun", None, "moon")


@given(st.text())
def test_normalising_twice_changes_nothing_more(text):
    once = normalise(text)
    assert normalise(once) == once
    assert stanzas(once) == stanzas(text)


@given(st.text())
def test_no_line_is_lost_or_left_blank(text):
    seen = unicodedata.normalize("NFC", text.replace("\ufeff", "").replace("\u200b", ""))
    wanted = [line.split() for line in seen.splitlines() if line.strip()]
    assert [line.split() for line in lines(text)] == wanted
    assert all(
        stanza and all(line == line.rstrip() != "" for line in stanza) for stanza in stanzas(text)
    )
    assert len(end_words(text)) == len(wanted)
