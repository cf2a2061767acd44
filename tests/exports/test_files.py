"""What is written reads back as it was: with csv, json, pandas, and our own reader."""

import csv
import io
import json
import math
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import UnreadableFile
from app.exports.checks import CHECK_COLUMNS
from app.exports.columns import NUMBER, TEXT, Column, Row
from app.exports.dictionary import dictionary, dictionary_markdown
from app.exports.poems import POEM_COLUMNS
from app.exports.raters import RATER_COLUMNS
from app.exports.reading import read_frame
from app.exports.tables import Table, export
from app.exports.votes import FULL_VOTE_COLUMNS
from app.exports.writers import Format, write
from app.verse import FEATURES
from tests.factories import make_poem, make_poem_set, make_study

COLUMNS = (Column("text", "", TEXT), Column("number", "", NUMBER))
MEGABYTE = 1024 * 1024

texts = st.text(st.characters(codec="utf-8"), min_size=1)
numbers = (
    st.none() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
)
rows = st.lists(st.fixed_dictionaries({"text": texts, "number": numbers}), max_size=8)


def written(given_rows: list[Row], kind: Format) -> str:
    return b"".join(write(given_rows, COLUMNS, kind)).decode()


@given(rows)
def test_any_text_and_number_reads_back_from_csv_exactly(given_rows):
    file = io.StringIO(written(given_rows, Format.CSV), newline="")
    found = list(csv.DictReader(file))
    assert [row["text"] for row in found] == [row["text"] for row in given_rows]
    for read, row in zip(found, given_rows, strict=True):
        number = None if read["number"] == "" else float(read["number"])
        assert number == row["number"]


@given(rows)
def test_any_text_and_number_reads_back_from_jsonl_exactly(given_rows):
    lines = written(given_rows, Format.JSONL).split("\n")
    assert [json.loads(line) for line in lines[:-1]] == given_rows
    assert lines[-1] == ""


def test_csv_is_rfc_4180():
    text = written([{"text": 'She said "no",\nand left', "number": None}], Format.CSV)
    assert text == 'text,number\r\n"She said ""no"",\nand left",\r\n'


def test_formula_is_not_altered():
    assert '=HYPERLINK("x")' in written(
        [{"text": '=HYPERLINK("x")', "number": 1}], Format.JSONL
    ).replace('\\"', '"')
    assert "=1+1," in written([{"text": "=1+1", "number": None}], Format.CSV)


def test_lists_of_the_upload_are_json_in_a_csv_cell():
    assert '"[""a"", ""ü""]",true' in written([{"text": ["a", "ü"], "number": True}], Format.CSV)


def test_no_rows_give_a_header_in_csv_and_nothing_in_jsonl():
    assert written([], Format.CSV) == "text,number\r\n"
    assert written([], Format.JSONL) == ""


@pytest.mark.parametrize("kind", Format)
def test_memory_does_not_grow_with_the_rows(kind):
    def many() -> Iterator[Row]:
        return ({"text": "x" * 1000, "number": n} for n in range(20_000))

    tracemalloc.start()
    size = sum(map(len, write(many(), COLUMNS, kind)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 20 * 1000 * 1000
    assert peak < 2 * MEGABYTE


def test_pandas_polars_and_our_reader_agree(tmp_path):
    given_rows: list[Row] = [
        {"text": "One\nTwo, “three”", "number": 0.1 + 0.2},
        {"text": "\r'four'", "number": 1e-300},
        {"text": "007", "number": math.pi},
    ]
    file = tmp_path / "file.csv"
    file.write_bytes(written(given_rows, Format.CSV).encode())
    expected = {name: [row[name] for row in given_rows] for name in ("text", "number")}
    with_pandas = pd.read_csv(file, dtype={"text": str})
    assert with_pandas.to_dict("list") == expected
    assert (
        pl.read_csv(file, schema_overrides={"text": pl.String}).to_dict(as_series=False) == expected
    )
    ours = read_frame(file)
    assert ours["text"] == expected["text"]
    assert list(map(float, ours["number"])) == expected["number"]


def test_ids_stay_the_strings_they_are(tmp_path):
    (tmp_path / "a.csv").write_text("poem_id,n\n007,1\n8e3,2\n")
    assert read_frame(tmp_path / "a.csv")["poem_id"] == ["007", "8e3"]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_cells_are_parted_by_what_parts_the_header_and_blank_rows_skipped(tmp_path, sign):
    rows = [f"\ufeffa{sign}b", f'1{sign}"x, y; z\tw"', "", "   ", f"2{sign}", ""]
    (tmp_path / "a.csv").write_text("\r\n".join(rows), encoding="utf-8", newline="")
    assert read_frame(tmp_path / "a.csv") == {"a": ["1", "2"], "b": ["x, y; z\tw", ""]}
    (tmp_path / "b.csv").write_text(rows[0], encoding="utf-8")
    assert read_frame(tmp_path / "b.csv") == {"a": [], "b": []}


def test_columns_may_be_missing_in_some_json_lines(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n\n{"b": "x"}\n')
    assert read_frame(tmp_path / "a.jsonl") == {"a": [1, None], "b": [None, "x"]}


def test_parquet_is_read(tmp_path):
    pl.DataFrame({"poem_id": ["007"], "x": [0.1]}).write_parquet(tmp_path / "a.parquet")
    assert read_frame(tmp_path / "a.parquet") == {"poem_id": ["007"], "x": [0.1]}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "a.csv: the file is empty"),
        ("a.csv", b"a,a\n1,2\n", "a.csv, line 1: the column 'a' is named more than once"),
        ("a.csv", b'a,b\n"x\ny",2\n1\n', "a.csv, line 4: there are 1 cells"),
        ("a.csv", b'a,b\n"x\ny",2,3\n1,2\n', "a.csv, line 2: there are 3 cells"),
        ("a.csv", b'a,b\n"x,2\n3,4\n', "a.csv, line 2: unexpected end of data"),
        ("a.csv", b"a,b\n1,2\n\xff,2\n", "a.csv, line 3: the byte 0xff is not UTF-8"),
        ("a.csv", "a,b\n1,2\n".encode("utf-16"), "a.csv, line 1: the byte 0xff is not UTF-8"),
        ("a.jsonl", b'{"a": 1}\n{"a": \n', "a.jsonl, line 2: this is not JSON"),
        ("a.jsonl", b"[1, 2]\n", "a.jsonl, line 1: every line must hold one JSON object"),
        ("a.parquet", b"PAR", "a.parquet is not a Parquet file"),
        ("a.xlsx", b"PK", "a.xlsx: the suffix says how to read a file"),
    ],
)
def test_file_that_cannot_be_read_is_refused_with_its_line(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"^" + said):
        read_frame(tmp_path / name)


def test_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(UnreadableFile, match=r"^gone\.csv cannot be read"):
        read_frame(tmp_path / "gone.csv")


@pytest.mark.parametrize("table", Table)
@pytest.mark.parametrize("kind", Format)
def test_every_file_of_a_study_can_be_exported(session, table, kind):
    poem_set = make_poem_set(session)
    make_poem(session, poem_set=poem_set)
    study = make_study(session, poem_set=poem_set)
    content = b"".join(export(session, study, table, kind)).decode()
    assert ("poem-" in content) == (table is Table.POEMS)


def test_every_column_is_in_the_data_dictionary():
    page = dictionary_markdown()
    for column in (*FULL_VOTE_COLUMNS, *POEM_COLUMNS, *RATER_COLUMNS, *CHECK_COLUMNS):
        assert f"| `{column.name}` | {column.type} | {column.unit} |" in page
        assert column.meaning


def test_the_dictionary_gives_range_and_version_of_features():
    entries = {entry.column: entry for entry in dictionary() if entry.table == "poems"}
    assert entries["rhyme_density"].range == "0 to 1"
    assert entries["n_lines"].range == "0 or more"
    assert all(entries[feature.name].version == str(feature.version) for feature in FEATURES)


def test_file_with_a_header_alone_has_columns_and_no_rows(tmp_path):
    (tmp_path / "a.csv").write_text("vote_id,choice\r\n")
    assert read_frame(tmp_path / "a.csv") == {"vote_id": [], "choice": []}
