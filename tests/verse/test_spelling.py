"""Older and British spellings lead to today's words."""

import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.verse.spelling import MOST_SPELLINGS, also_read_as, respellings, spell

LATIN = st.text(string.ascii_lowercase + "'", max_size=16)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Belovèd", "beloved"),
        ("NE’ER", "ne'er"),
        ("half‐light", "half-light"),
        ("half‑light", "half-light"),
        ("naïveté", "naivete"),
        ("ﬂight", "flight"),
        ("𝐋𝐨𝐯𝐞", "love"),
        ("Ｎｉｇｈｔ", "night"),
    ],
)
def test_case_accents_and_signs_do_not_change_a_word(word, expected):
    assert spell(word) == expected


@settings(deadline=None)
@given(st.text(max_size=20))
def test_any_text_has_one_form_that_is_its_own(word):
    assert spell(spell(word)) == spell(word)


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("dumbe", "dumb"),
        ("prooue", "prove"),
        ("beleeued", "believed"),
        ("loue", "love"),
        ("vpon", "upon"),
        ("ioy", "joy"),
        ("againe", "again"),
        ("beames", "beams"),
        ("increas", "increase"),
        ("beautie", "beauty"),
        ("lyfe", "life"),
        ("faithfull", "faithful"),
        ("neere", "near"),
        ("heere", "here"),
        ("tould", "told"),
        ("howre", "hour"),
        ("daunce", "dance"),
        ("spight", "spite"),
        ("musick", "music"),
        ("honour", "honor"),
        ("theatre", "theater"),
        ("nacion", "nation"),
        ("realise", "realize"),
        ("promist", "promised"),
        ("heav'n", "heaven"),
        ("wretchednesse", "wretchedness"),
    ],
)
def test_older_spelling_leads_to_the_word_of_today(old, today):
    assert today in respellings(old)


def test_nearer_spellings_come_first():
    found = list(respellings("faithfull"))
    assert found[0] == "faithful"
    assert found.index("faithful") < found.index("feithful")


@settings(deadline=None)
@example("pkppeeip'id")  # has more than sixty
@given(LATIN)
def test_spellings_are_few_and_other_than_the_word(spelling):
    found = list(respellings(spelling))
    assert spelling not in found
    assert len(found) <= MOST_SPELLINGS


@pytest.mark.parametrize(
    ("listed", "other"),
    [
        ("graue", "grave"),
        ("passe", "pass"),
        ("vs", "us"),
        ("euer", "ever"),
        ("night", "night"),
        ("tree", "tree"),
        ("eve", "eve"),
    ],
)
def test_listed_spelling_may_stand_for_an_old_word_too(listed, other):
    assert also_read_as(listed) == other
