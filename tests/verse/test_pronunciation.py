"""Words sound as the dictionary says, as their forms do, or as their spelling suggests."""

import gzip
import hashlib
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.verse import Origin, is_known, pronunciations
from app.verse.tables import rows_of
from tests.counting import n_steps
from tests.fresh_process import printed_by

DATA = resources.files("app.verse") / "data"
MOST_GUESSES = 3


def sounds(word: str) -> list[str]:
    return [" ".join(way.phones) for way in pronunciations(word)]


def test_listed_word_keeps_all_its_variants():
    assert sounds("wind") == ["W AY1 N D", "W IH1 N D"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Moonbeam’s", "M UW1 N B IY2 M Z"),
        ("zephyrs", "Z EH1 F ER0 Z"),
        ("walk'd", "W AO1 K T"),
        ("trembl'd", "T R EH1 M B AH0 L D"),
        ("goeth", "G OW1 AH0 TH"),
        ("lovest", "L AH1 V AH0 S T"),
        ("dreamin", "D R IY1 M IH0 N"),
        ("loue", "L AH1 V"),
        ("weake", "W IY1 K"),
        ("dumbe", "D AH1 M"),
        ("prooue", "P R UW1 V"),
        ("beleeued", "B IH0 L IY1 V D"),
        ("tould", "T OW1 L D"),
        ("howre", "AW1 R"),
        ("wretchednesse", "R EH1 CH IH0 D N AH0 S"),
        ("euer", "EH1 V ER0"),
        ("louing", "L AH1 V IH0 NG"),
        ("colour'd", "K AH1 L ER0 D"),
        ("flow'rs", "F L AW1 ER0 Z"),
        ("unwaveringly", "AH0 N W EY1 V ER0 IH0 NG L IY0"),
        ("star-bright", "S T AA1 R B R AY1 T"),
    ],
)
def test_form_of_a_listed_word_sounds_like_it(word, expected):
    assert expected in sounds(word)
    assert is_known(word)


@pytest.mark.parametrize(
    ("word", "today", "older"),
    [
        ("graue", "G R AW1", "G R EY1 V"),
        ("passe", "P AE2 S EY1", "P AE1 S"),
        ("vs", "V IY1 EH1 S", "AH1 S"),
        ("aye", "AY1", "EY1"),
        ("slough", "S L AH1 F", "S L AW1"),
        ("wind", "W IH1 N D", "W AY1 N D"),
        ("again", "AH0 G EH1 N", "AH0 G EY1 N"),
    ],
)
def test_listed_word_is_also_said_as_in_verse(word, today, older):
    assert {today, older} <= set(sounds(word))


def test_word_of_today_gains_no_older_sound():
    assert sounds("blue") == ["B L UW1"]


@pytest.mark.parametrize(
    ("word", "expected"), [("o'er", "AO1 R"), ("ne’er", "N EH1 R"), ("heav'n", "HH EH1 V AH0 N")]
)
def test_contraction_of_verse_sounds_as_verse_says_it(word, expected):
    assert sounds(word) == [expected]


@pytest.mark.parametrize(("word", "end"), [("wabe", "EY1 B"), ("clorflight", "AY1 T")])
def test_unknown_word_ends_like_known_words_of_its_spelling(word, end):
    guesses = pronunciations(word)
    assert all(guess.origin is Origin.GUESSED for guess in guesses)
    assert 1 <= len(guesses) <= MOST_GUESSES
    assert " ".join(guesses[0].phones) == end
    assert not is_known(word)


@pytest.mark.parametrize("word", ["", "1984", "月", "любовь", "'", "-"])
def test_word_without_latin_letters_has_no_sounds(word):
    assert pronunciations(word) == ()
    assert not is_known(word)


def test_accents_and_case_do_not_change_the_sounds():
    assert sounds("BELOVÈD") == sounds("beloved") != []


@settings(deadline=None)
@given(st.text(max_size=20))
def test_any_text_can_be_looked_up(word):
    found = pronunciations(word)
    assert all(way.phones for way in found)
    assert len(set(found)) == len(found)
    assert len({way.origin for way in found}) <= 1
    assert not found or found[0].origin is not Origin.GUESSED or len(found) <= MOST_GUESSES


def test_tables_are_those_of_the_checksums_and_carry_their_licence():
    rows = map(str.split, (DATA / "SHA256SUMS").read_text("utf-8").splitlines())
    noted = {name: checksum for checksum, name in rows}
    tables = [path for path in DATA.iterdir() if path.name.endswith((".gz", ".tsv", ".txt"))]
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in tables}
    assert found == noted  # after a change by hand: `sha256sum *.gz *.tsv *.txt > SHA256SUMS`
    assert len(gzip.decompress((DATA / "cmudict.tsv.gz").read_bytes()).splitlines()) > 120_000
    assert "Carnegie Mellon University" in (DATA / "LICENSE.cmudict").read_text("utf-8")


@pytest.mark.parametrize("name", ["cmudict", "endings", "rhyme_pairs"])
def test_every_row_of_a_large_table_is_found_and_no_other(name):
    rows = gzip.decompress((DATA / f"{name}.tsv.gz").read_bytes()).decode().rstrip().split("\n")
    found = rows_of(f"{name}.tsv.gz")
    for row in rows:
        key, value = row.rsplit("\t", 1)
        assert found.get(key) == value
        assert found.get(key[:-1] + "\x1f") is found.get(key + "\x1f") is None
    assert found.get("") is found.get("~") is None


def test_dictionary_is_loaded_only_when_first_asked():
    asked = (
        "from app.verse import pronunciations; from app.verse.tables import rows_of;"
        "print(rows_of.cache_info().currsize); pronunciations('love');"
        "print(rows_of.cache_info().currsize)"
    )
    assert printed_by(asked) == ["0", "1"]


@pytest.mark.parametrize("name", ["cmudict", "endings", "rhyme_pairs"])
def test_large_table_is_loaded_without_taking_its_rows_apart(name):
    n_rows = gzip.decompress((DATA / f"{name}.tsv.gz").read_bytes()).count(b"\n")
    assert n_steps(lambda: rows_of.__wrapped__(f"{name}.tsv.gz")) < n_rows / 3
