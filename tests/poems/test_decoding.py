"""A file is read in whatever encoding it was saved, or refused with a sentence."""

import codecs

import pytest

from app.errors import UnreadableFile
from app.poems.reading import read

POEM = "“I’ve seen the café’s light — and naïve hearts,” she said…"
TABLE = f"text;source\n{POEM};Demo Ä\nAnother;Demo B\n"


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (TABLE.encode(), "without a prompt"),
        (TABLE.encode("utf-8-sig"), "byte order mark of UTF-8"),
        (TABLE.encode("utf-16"), "byte order mark of UTF-16"),
        (codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"), "byte order mark of UTF-16"),
        (TABLE.encode("utf-16-le"), "read as UTF-16"),
        (TABLE.encode("utf-16-be"), "read as UTF-16"),
        (TABLE.encode("utf-32"), "byte order mark of UTF-32"),
        (TABLE.encode("cp1252"), "windows-1252"),
    ],
)
def test_encoding_is_found_and_noted(content, note):
    reading = read(content, "poems.csv")
    assert reading.errors == ()
    assert (reading.rows[0].text, reading.rows[0].source) == (POEM, "Demo Ä")
    assert note in reading.notes[0]


def test_latin_1_is_read_as_its_superset():
    text = "Über die Straße, schön und grün, très près de la forêt"
    assert read(f"text;source\n{text};A\n".encode("latin-1"), "p.csv").rows[0].text == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Мороз и солнце; день чудесный! Ещё ты дремлешь, друг прелестный"),
        ("gb18030", "床前明月光，疑是地上霜。举头望明月，低头思故乡。"),
    ],
)
def test_other_scripts_are_guessed(encoding, text):
    reading = read(f"text\tsource\n{text}\tA\n".encode(encoding), "poems.tsv")
    assert reading.rows[0].text == text
    assert "guessed" in reading.notes[0]


def test_one_broken_byte_does_not_turn_the_other_accents_into_nonsense():
    content = "text,source\nCafé,Ä\nNaïve,Ö\n".encode() + b"Caf\xe9,A\n"
    with pytest.raises(UnreadableFile, match=r"line 4 holds a byte \(0xe9\)"):
        read(content, "poems.csv")


def test_nul_characters_are_left_out_with_a_note():
    reading = read(b"text,source\nA\0 line,Demo\0 A\n", "poems.csv")
    assert (reading.rows[0].text, reading.rows[0].source) == ("A line", "Demo A")
    assert "2 NUL characters were left out." in reading.notes
    escaped = read(b'{"text": "A\\u0000 line", "source": "x", "m": ["\\u0000"]}', "poems.jsonl")
    assert (escaped.rows[0].text, escaped.rows[0].meta) == ("A line", {"m": [""]})
    assert any("NUL" in note for note in escaped.notes)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b" \r\n\0\n", "empty"),
        (b"PK\x03\x04rest", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (bytes(range(256)) * 20, "not text"),
        (codecs.BOM_UTF8 + b"text,source\nA\xff,B\n", "line 2"),
        (codecs.BOM_UTF16_LE + b"t\0e\0x", "UTF-16"),
    ],
)
def test_unreadable_file_is_refused_with_a_sentence(content, expected):
    with pytest.raises(UnreadableFile, match=expected):
        read(content, "poems.csv")
