"""A file of poems is read as it was written, or every error is told with its line."""

import csv
import json
import tracemalloc
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import UnreadableFile
from app.poems.reading import PoemRow, Reading, read
from tests.shared_data import shared_data

MOST_KEPT, MOST_AT_ONCE = 1.9, 5.0  # times the size of the texts


def read_csv(text: str) -> Reading:
    return read(text.encode(), "poems.csv")


def read_jsonl(*objects: object) -> Reading:
    return read("\n".join(json.dumps(found) for found in objects).encode(), "poems.jsonl")


def only_error(reading: Reading) -> tuple[int, str | None, str]:
    assert len(reading.errors) == 1, reading.errors
    error = reading.errors[0]
    return error.line, error.column, error.message


def test_every_column_arrives_in_its_place():
    reading = read_csv(
        "poem_id,prompt_id,prompt,source,title,text,style_instruction,year\n"
        'a1,rain,Write about rain.,Demo A,Rain,"Rain,\n  again ""and"" again",no rhyme,1999\n'
    )
    assert reading.errors == ()
    assert reading.rows == (
        PoemRow(
            line=2,
            poem_id="a1",
            prompt_id="rain",
            prompt="Write about rain.",
            source="Demo A",
            title="Rain",
            text='Rain,\n  again "and" again',
            style_instruction="no rhyme",
            meta={"year": "1999"},
        ),
    )
    assert reading.meta_columns == ("year",)
    assert "Kept as metadata: year." in reading.notes


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_found_by_the_header(delimiter):
    out = StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([["source", "text"], ["Demo A", "one, two; three\tfour"]])
    assert read_csv(out.getvalue()).rows[0].text == "one, two; three\tfour"


def test_names_of_columns_may_differ_in_case_and_blanks():
    reading = read_csv(" TEXT ,Source,Prompt ID,Poem-ID,My Column\nA line,Demo A,p,x,1\n")
    row = reading.rows[0]
    assert (row.text, row.source, row.prompt_id, row.poem_id) == ("A line", "Demo A", "p", "x")
    assert row.meta == {"My Column": "1"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", ["poems.csv", "poems.jsonl"])
def test_every_kind_of_line_end_separates_rows_and_blank_rows_are_counted(end, name):
    rows = ["text,source", "One,A", "", "Two,B", " ", ""]
    if name.endswith("jsonl"):
        rows = ["", '{"text": "One", "source": "A"}', "", '{"text": "Two", "source": "B"}', ""]
    reading = read(end.join(rows).encode(), name)
    assert [(row.line, row.text) for row in reading.rows] == [(2, "One"), (4, "Two")]
    assert "2 blank rows skipped." in reading.notes


def test_line_is_where_the_row_begins_in_the_file():
    reading = read_csv('text,source\n"one\ntwo\nthree",A\n"four\nfive",\nsix,B\n')
    assert [row.line for row in reading.rows] == [2, 7]
    assert only_error(reading)[:2] == (5, "source")


letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.text(st.sampled_from('ab \r\n\t,;"\u2028\x85') | letters, max_size=30)
written = st.tuples(
    texts.filter(lambda text: text.translate({0x200B: None, 0xFEFF: None}).strip()),
    st.sampled_from(["Demo A", "Demo, B", 'Demo "C"', "Demo\nD"]),
    texts,
)


@settings(deadline=None)  # a busy machine is no error
@given(st.lists(written, min_size=1, max_size=8))
def test_what_a_csv_writer_writes_is_read_exactly(rows):
    out = StringIO()
    csv.writer(out).writerows([["text", "source", "remark"], *rows])
    reading = read_csv(out.getvalue())
    assert reading.errors == ()
    assert [(row.text, row.source, row.meta["remark"]) for row in reading.rows] == rows


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=5,
)


@settings(deadline=None)  # a busy machine is no error
@given(st.lists(json_values | texts, min_size=1, max_size=8))
def test_metadata_of_jsonl_keeps_its_types(values):
    reading = read_jsonl(*({"text": "A", "source": "B", "extra": value} for value in values))
    assert [row.meta["extra"] for row in reading.rows] == values
    assert reading.meta_columns == ("extra",)


def test_format_is_seen_in_the_content_where_the_name_does_not_say():
    assert read(b'{"text": "A", "source": "B"}\n', "upload").rows[0].text == "A"
    assert read(b"text,source\nA,B\n", "upload.txt").rows[0].text == "A"


def test_numbers_as_ids_stay_as_written():
    content = b'{"text": "A", "source": 4, "poem_id": 1.50, "prompt_id": 12345678901234567890}'
    row = read(content, "poems.jsonl").rows[0]
    assert (row.poem_id, row.prompt_id, row.source) == ("1.50", "12345678901234567890", "4")


def test_model_is_taken_for_the_source_with_a_note():
    for reading in (read_csv("text,Model\nA,B\n"), read_jsonl({"text": "A", "model": "B"})):
        assert reading.rows[0].source == "B"
        assert any("“model”" in note for note in reading.notes)
        assert reading.meta_columns == ()
    both = read_csv("text,model,source\nA,x,B\n")
    assert (both.rows[0].source, both.rows[0].meta) == ("B", {"model": "x"})


def test_missing_poem_ids_are_made_and_clash_with_none_given():
    reading = read_csv("text,source,poem_id\nA,x,\nB,x,p0001\nC,x,\n")
    ids = [row.poem_id for row in reading.rows]
    assert ids[1:] == ["p0001", "p0003"]
    assert len(set(ids)) == 3


def test_prompt_without_id_gets_the_same_id_wherever_it_occurs():
    reading = read_csv(
        "text,source,prompt\nA,x,Write about rain.\nB,x, Write  about rain.\nC,x,Write of snow.\n"
        "D,x,请写一首现代诗\nE,x,\n"
    )
    one, two, other, chinese, none = (row.prompt_id for row in reading.rows)
    assert one == two
    assert one is not None
    assert one.startswith("write-about-rain-")
    assert len({one, other, chinese}) == 3
    assert none is None
    assert "1 poem of 5 without a prompt." in reading.notes


def test_prompt_id_needs_no_prompt_and_its_text_may_be_given_once():
    reading = read_csv("text,source,prompt_id,prompt\nA,x,rain,\nB,x,rain,Write about rain.\n")
    assert reading.errors == ()
    assert [row.prompt_id for row in reading.rows] == ["rain", "rain"]


def test_two_texts_of_one_prompt_id_are_an_error_that_names_both_lines():
    reading = read_csv("text,source,prompt_id,prompt\nA,x,q,Rain\nB,x,r,Rain\nC,x,q,Snow\n")
    line, column, message = only_error(reading)
    assert (line, column) == (4, "prompt")
    assert "“q”" in message
    assert "lines 2 and 4" in message


def test_equal_texts_are_found_whatever_their_case_and_blanks():
    reading = read_csv('text,source\n"The rain,\nagain",x\nSnow,x\n"THE rain,  again",y\n')
    assert "Equal texts on lines 2 and 5." in reading.notes
    many = read_csv("text,source\n" + "Rain,x\n" * 12)
    assert "Equal texts on lines 2, 3, 4, 5, 6, 7, 8, 9, 10 and 11 and 2 more." in many.notes


def test_missing_column_names_the_columns_found():
    for reading in (
        read_csv("poem,author\nA,B\n"),
        read_jsonl({"poem": "A", "author": "B"}, {"poem": "C", "author": "D"}),
    ):
        assert [(error.line, error.column) for error in reading.errors] == [
            (1, "text"),
            (1, "source"),
        ]
        assert all("poem, author" in error.message for error in reading.errors)
        assert reading.rows == ()


def test_every_error_is_reported_and_good_rows_are_still_shown():
    reading = read_csv(
        "text,source,poem_id\n"
        " ,A,1\n"  # line 2: no text
        "Fine,A,2\n"
        "Fine too, ,2\n"  # line 4: no source, and the id of line 3
        "only one cell\n"
        f"{'x' * 400_001},A,5\n"
    )
    found = [(error.line, error.column) for error in reading.errors]
    assert found == [(2, "text"), (4, "source"), (4, "poem_id"), (5, None), (6, "text")]
    messages = [error.message for error in reading.errors]
    assert "on line 3" in messages[2]
    assert "1 cell and the header 3" in messages[3]
    assert "400,001" in messages[4]
    assert "400,000" in messages[4]
    assert [row.line for row in reading.rows] == [3]


def test_all_errors_are_counted_and_a_page_full_is_shown():
    reading = read_csv("text,source\n" + ",x\n" * 1000)
    assert len(reading.errors) == 1000
    assert len(reading.shown_errors) == 200


def test_text_of_exactly_the_limit_is_taken():
    assert read_csv(f"text,source\n{'x' * 400_000},A\n").errors == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"text": "A", "source": }', "character 25"),
        ('["text", "source"]', "a list, not an object"),
        ('"text"', "a string, not an object"),
        ('{"text": "A", "source": "x", "n": NaN}', "NaN is not valid JSON"),
        ('{"text": "A", "source": "x", "n": 1e999}', "1e999 is too large"),
        ('{"text": "A", "text": "B", "source": "x"}', "“text” occurs twice"),
        ('{"text": "A", "Text": "B", "source": "x"}', "same column"),
        ('{"text": "\\ud800", "source": "x"}', "half of a character"),
        ('{"text": "A", "source": "x", "n": ' + "[" * 100_000 + "}", "nested too deeply"),
        ('{"text": 3, "source": "x"}', "text is a number"),
        ('{"text": ["A"], "source": "x"}', "text is a list"),
        ('{"text": "A", "source": true}', "source is true or false"),
        ('{"text": null, "source": "x"}', "text is empty"),
        ('{"text": "A"}', "source is empty"),
    ],
)
def test_wrong_line_of_jsonl_is_told_with_what_would_be_right(line, expected):
    reading = read(f'{{"text": "Fine", "source": "x"}}\n{line}\n'.encode(), "poems.jsonl")
    number, _column, message = only_error(reading)
    assert number == 2
    assert expected in message
    assert [row.text for row in reading.rows] == ["Fine"]


def test_whole_json_list_is_refused_with_what_to_write():
    with pytest.raises(UnreadableFile, match="one JSON object on each line"):
        read(b'[{"text": "A", "source": "B"}]', "poems.json")


def test_quotation_mark_never_closed_names_its_row():
    line, _column, message = only_error(read_csv('text,source\nA,x\n"B,x\nC,x\n'))
    assert line == 3
    assert "never closed" in message


def test_quotation_mark_never_closed_in_a_long_file_names_its_row():
    reading = read_csv('text,source\nA,x\n"B,x\n' + "Another line of verse,x\n" * 25_000)
    line, _column, message = only_error(reading)
    assert line == 3
    assert "closing quotation mark" in message


def test_quotation_mark_in_the_middle_is_told_and_reading_goes_on():
    reading = read_csv('text,source\n"He said "no" to me",x\nC,x\nD,\n')
    assert [(error.line, error.column) for error in reading.errors] == [(2, None), (4, "source")]
    assert "twice" in reading.errors[0].message


def test_two_columns_of_one_name_are_an_error():
    line, column, _message = only_error(read_csv("\ntext,source,Text\nA,x,B\n"))
    assert (line, column) == (2, "text")


def test_column_without_a_name_is_left_out_with_a_note():
    reading = read_csv(",text,source\n0,A,x\n")
    assert reading.errors == ()
    assert reading.rows[0].meta == {}
    assert "Columns without a name were left out." in reading.notes


def test_as_many_groups_of_equal_texts_are_named_as_can_be_read():
    poems = "".join(f"Poem {i},x\nPoem {i},y\n" for i in range(12))
    notes = read_csv(f"text,source\n{poems}").notes
    assert sum(note.startswith("Equal texts on lines") for note in notes) == 10
    assert "2 more groups of equal texts." in notes


def test_names_of_columns_that_cannot_be_read_are_one_error():
    assert "twice" in only_error(read_csv('"text" ,source\n'))[2]


def test_jsonl_of_blank_lines_and_errors_alone_has_no_rows():
    reading = read(b'{"text": "A", "source"\n', "poems.jsonl")
    assert only_error(reading)[0] == 1
    assert reading.rows == ()


def test_file_without_poems_says_so():
    assert "No poem follows" in only_error(read_csv("text,source\n"))[2]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "n_poems", "n_sources", "n_prompts"),
    [
        ("model_poems.jsonl", 383, 11, 23),
        ("copoet_poems.jsonl", 102, 2, 51),
        ("chinese_poems.jsonl", 76, 19, 4),
    ],
)
def test_real_poems_are_read_as_they_are(name, n_poems, n_sources, n_prompts):
    content = (shared_data() / "poems" / name).read_bytes()
    reading = read(content, name)
    assert reading.errors == ()
    assert len(reading.rows) == n_poems
    assert len({row.source for row in reading.rows}) == n_sources
    assert len({row.prompt_id for row in reading.rows}) == n_prompts
    objects = [json.loads(line) for line in content.decode().splitlines()]
    assert [row.text for row in reading.rows] == [found["text"] for found in objects]
    assert [row.poem_id for row in reading.rows] == [found["poem_id"] for found in objects]
    assert [row.meta["licence"] for row in reading.rows] == [found["licence"] for found in objects]


@pytest.mark.slow
def test_rows_take_little_more_memory_than_their_texts():
    prompt = "Write a poem about the rain on the roof of a house by the sea. " * 3
    texts = [f"The rain is on the roof of number {n}.\n" * 15 for n in range(2_000)]
    lines = [
        json.dumps(
            {"text": text, "source": "A model", "prompt": prompt, "style_instruction": prompt}
        )
        for text in texts
    ]
    content, size = "\n".join(lines).encode(), sum(map(len, texts))
    tracemalloc.start()
    try:
        reading = read(content, "poems.jsonl")
        kept, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(reading.rows) == len(texts)
    assert kept < MOST_KEPT * size
    assert most < MOST_AT_ONCE * size


def test_hundred_thousand_rows_are_read():
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["text", "source", "prompt", "n"])
    poem = "\n".join(["A line of some ordinary length, with a comma"] * 20)
    writer.writerows(
        [f"{poem}\n{i}", f"Demo {i % 7}", f"Prompt {i % 500}", i] for i in range(100_000)
    )
    reading = read_csv(out.getvalue())
    assert reading.errors == ()
    assert len(reading.rows) == 100_000
    last = reading.rows[-1]
    assert (last.text, last.poem_id, last.line) == (f"{poem}\n99999", "p100000", 2 + 99_999 * 21)
    assert len({row.prompt_id for row in reading.rows}) == 500
