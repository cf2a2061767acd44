"""`blindverse measure` on files of poems."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer import Typer
from typer.testing import CliRunner

from app.cli.verse import measure as command
from app.cli.verse import rhyme_schemes
from app.errors import AppError
from app.verse import FEATURES, measure
from tests.shared_data import shared_data

TEXT = "The sun goes down,\nThe lamps come on;\n\nAcross the town\nThe day is over."
SCHEME = ["A", None, "A", None]

app = Typer()
app.command()(command)


def run(*arguments: str) -> tuple[int, str, str]:
    ran = CliRunner().invoke(app, list(arguments))
    if ran.exception is not None and not isinstance(ran.exception, SystemExit | AppError):
        raise ran.exception
    sentence = str(ran.exception) if isinstance(ran.exception, AppError) else ""
    return ran.exit_code, ran.stdout, ran.stderr + sentence


def measured(*arguments: str) -> list[dict[str, Any]]:
    code, out, _err = run(*arguments)
    assert code == 0
    return [json.loads(line) for line in out.splitlines()]


def write_jsonl(file: Path, *records: dict[str, Any]) -> str:
    file.write_text("".join(json.dumps(record) + "\n" for record in records))
    return str(file)


def test_poem_gets_its_id_its_scheme_and_every_feature(tmp_path):
    file = write_jsonl(tmp_path / "poems.jsonl", {"id": "one", "text": TEXT})
    assert measured(file) == [{"id": "one", "scheme": SCHEME, **measure(TEXT)}]
    assert all(feature.name in measured(file)[0] for feature in FEATURES)


def test_lines_are_measured_as_the_text_they_make(tmp_path):
    file = write_jsonl(tmp_path / "poems.jsonl", {"id": 1, "lines": TEXT.split("\n")})
    assert measured(file) == [{"id": 1, "scheme": SCHEME, **measure(TEXT)}]


def test_csv_is_measured_like_jsonl(tmp_path):
    file = tmp_path / "poems.csv"
    with file.open("w", newline="") as lines:
        csv.writer(lines).writerows([["poem_id", "text"], ["007", TEXT], ["8", "One line"]])
    found = measured(str(file))
    assert [row["id"] for row in found] == ["007", "8"]
    assert [row["scheme"] for row in found] == [SCHEME, [None]]


@pytest.mark.parametrize("cell", [json.dumps(TEXT.split("\n")), TEXT])
def test_csv_may_hold_lines_as_a_list_or_one_under_the_other(tmp_path, cell):
    file = tmp_path / "poems.csv"
    with file.open("w", newline="") as lines:
        csv.writer(lines).writerows([["id", "lines"], ["a", cell]])
    assert measured(str(file)) == [{"id": "a", "scheme": SCHEME, **measure(TEXT)}]


def test_lines_are_one_stanza_but_for_an_empty_one(tmp_path):
    lines = TEXT.replace("\n\n", "\n").split("\n")
    file = write_jsonl(tmp_path / "a.jsonl", {"lines": lines}, {"lines": TEXT.split("\n")})
    assert [row["n_stanzas"] for row in measured(file)] == [1, 2]


COUPLET = ["I left the window open and the night", "came in and would not let me dim the light"]
SINGLE = ["and stayed until the kettle lost its spite"]


def test_stanzas_of_one_poem_are_read_together_and_cut_apart(tmp_path):
    file = write_jsonl(
        tmp_path / "poems.jsonl",
        {"id": "a1", "poem": "a", "lines": COUPLET + SINGLE},
        {"id": "b", "poem": "b", "lines": ["The bread is on the table", *SINGLE]},
        {"id": "a2", "poem": "a", "lines": [*SINGLE, "", "and blew the candle out"]},
        {"id": "none", "poem": None, "text": TEXT},
        {"id": "alone", "poem": "c", "text": TEXT},
    )
    rows = measured(file)
    assert [row["id"] for row in rows] == ["a1", "b", "a2", "none", "alone"]
    assert rows[0]["scheme"] == ["A", "A", "A"]
    assert rows[1]["scheme"] == [None, None]
    assert rows[2]["scheme"] == [None, None]  # its rhymes are in the other record
    assert rows[3]["scheme"] == rows[4]["scheme"] == SCHEME
    assert rows[0] == {"id": "a1", "scheme": ["A"] * 3, **measure("\n".join(COUPLET + SINGLE))}


def test_labels_of_a_poem_go_on_from_record_to_record(tmp_path):
    other = [
        "the milk had gone, the bread was hard as stone",
        "and so the mice were having tea alone",
    ]
    stanzas = [COUPLET, other, COUPLET[:1] + SINGLE]
    records = [{"poem": 7, "lines": lines} for lines in stanzas]
    rows = measured(write_jsonl(tmp_path / "poems.jsonl", *records))
    assert [row["scheme"] for row in rows] == [["A", "A"], ["B", "B"], ["C", "C"]]
    assert rhyme_schemes(["\n".join(lines) for lines in stanzas]) == [row["scheme"] for row in rows]


def test_empty_stanza_of_a_poem_takes_no_label_from_another(tmp_path):
    records = [{"poem": "a", "lines": lines} for lines in ([], COUPLET, [""], COUPLET)]
    rows = measured(write_jsonl(tmp_path / "poems.jsonl", *records))
    assert [row["scheme"] for row in rows] == [[], ["A", "A"], [], ["B", "B"]]


@pytest.mark.parametrize(
    "text",
    [
        "床前明月光\n疑是地上霜",
        "Der Regen steht vor meinem Haus,\ner geht nicht heim, er geht nicht aus.",
    ],
)
def test_text_in_another_language_says_that_rhyme_is_not_measured(tmp_path, text):
    (found,) = measured(write_jsonl(tmp_path / "poems.jsonl", {"text": text}))
    assert found["note"] == "Rhyme is not measured: the text is not English."
    assert (found["scheme"], found["rhyme_density"], found["rhymed"]) == ([None, None], None, None)


def test_poem_without_id_is_named_by_its_number(tmp_path):
    file = write_jsonl(tmp_path / "poems.jsonl", {"text": TEXT}, {"text": TEXT})
    assert [row["id"] for row in measured(file)] == [1, 2]


def test_output_can_be_a_file(tmp_path):
    file = write_jsonl(tmp_path / "poems.jsonl", {"id": "ü", "text": TEXT})
    output = tmp_path / "out.jsonl"
    assert run(file, "--output", str(output)) == (0, "", "")
    assert json.loads(output.read_text(encoding="utf-8"))["id"] == "ü"


@pytest.mark.parametrize("text", ["", "\n\n", "床前明月光\n疑是地上霜", "* * *"])
def test_poem_that_cannot_be_measured_has_nothing_and_no_error(tmp_path, text):
    (found,) = measured(write_jsonl(tmp_path / "poems.jsonl", {"text": text}))
    assert all(label is None for label in found["scheme"])
    assert found["rhyme_density"] is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "x", "Text": "One"}', "poems.jsonl, line 2: a poem needs its 'text'"),
        ('{"text": 5}', "poems.jsonl, line 2, text: it is a number; write a string"),
        ('{"lines": "One"}', "poems.jsonl, line 2, lines: write a list of strings"),
        ('{"lines": [1]}', "poems.jsonl, line 2, lines: write a list of strings"),
        ('{"text": "One", "id": NaN}', "poems.jsonl, line 2, id: nan cannot be written as JSON"),
        (
            r'{"text": "One", "id": "\ud800"}',
            r"poems.jsonl, line 2, id: '\ud800' cannot be written",
        ),
        ("{", "poems.jsonl, line 2: this is not JSON"),
    ],
)
def test_record_that_is_no_poem_is_named_and_nothing_is_written(tmp_path, line, said):
    file = tmp_path / "poems.jsonl"
    file.write_text(json.dumps({"text": TEXT}) + "\n" + line + "\n")
    output = tmp_path / "out.jsonl"
    code, out, err = run(str(file), "--output", str(output))
    assert (code, out) == (1, "")
    assert err.startswith(said)
    assert not output.exists()


def test_missing_column_is_said_with_those_that_are_there(tmp_path):
    file = tmp_path / "poems.csv"
    file.write_text("id;Text\n1;One, two\n")
    assert "line 2: a poem needs its 'text'" in run(str(file))[2]
    assert run(str(file))[2].endswith("the columns are 'id', 'Text'.")


@pytest.mark.parametrize(("name", "content"), [("a.csv", "id,text\n"), ("a.jsonl", "\n")])
def test_file_without_poems_is_said_to_be_one(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    code, out, err = run(str(tmp_path / name))
    assert (code, out, err) == (1, "", f"{name}: there are no poems in the file.")


def test_output_never_takes_the_place_of_the_poems(tmp_path):
    file = write_jsonl(tmp_path / "poems.jsonl", {"text": TEXT})
    (tmp_path / "link.jsonl").symlink_to(file)
    for output in (file, str(tmp_path / "link.jsonl")):
        assert run(file, "--output", output)[0] == 2
    assert json.loads(Path(file).read_text()) == {"text": TEXT}


def test_output_is_there_only_when_it_is_whole(tmp_path, monkeypatch):
    def interrupted(*_given: object) -> None:
        raise KeyboardInterrupt

    file, output = write_jsonl(tmp_path / "poems.jsonl", {"text": TEXT}), tmp_path / "out.jsonl"
    output.write_text("of an earlier run")
    monkeypatch.setattr("app.cli.verse.measured", interrupted)
    assert run(file, "--output", str(output))[0] != 0
    assert output.read_text() == "of an earlier run"


def test_output_may_be_a_device(tmp_path):
    file = write_jsonl(tmp_path / "poems.jsonl", {"text": TEXT})
    assert run(file, "--output", "/dev/null")[0] == 0
    assert not list(tmp_path.glob("*.part"))


def test_output_that_cannot_be_written_is_said(tmp_path):
    file = write_jsonl(tmp_path / "poems.jsonl", {"text": TEXT})
    code, _out, err = run(file, "--output", str(tmp_path / "gone" / "out.jsonl"))
    assert code == 1
    assert "cannot be written" in err


def test_other_kinds_of_files_are_wrong_usage(tmp_path):
    (tmp_path / "poems.txt").write_text(TEXT)
    assert run(str(tmp_path / "poems.txt"))[0] == 2
    assert run(str(tmp_path / "gone.csv"))[0] == 2


def test_long_work_shows_its_progress_on_standard_error(tmp_path, monkeypatch):
    monkeypatch.setattr("app.cli.progress._PATIENCE_SECONDS", -1)
    file = write_jsonl(tmp_path / "poems.jsonl", *[{"text": TEXT}] * 5)
    code, out, err = run(file)
    assert (code, len(out.splitlines())) == (0, 5)
    assert "Measuring" in err


@pytest.mark.shared
def test_every_marked_stanza_gets_one_label_a_line():
    file = shared_data() / "rhyme" / "stress_dev.jsonl"
    expected = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    found = measured(str(file))
    assert [row["id"] for row in found] == [row["id"] for row in expected]
    assert all(
        len(row["scheme"]) == len(record["lines"])
        for row, record in zip(found, expected, strict=True)
    )
