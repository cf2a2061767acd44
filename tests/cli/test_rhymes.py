"""`blindverse rhymes` on files of poems by several sources."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer import Typer
from typer.testing import CliRunner

from app.cli.rhymes import rhymes as command
from app.errors import AppError
from tests.shared_data import shared_data

WORN = "I wait beside the door at night\nand nobody has brought a light"
FRESH = "The pan is on, and so's the kettle,\nand on the cloth I see a petal"
PLAIN = "The bread cools.\nNobody speaks."

app = Typer()
app.command()(command)


def run(*arguments: str) -> tuple[int, str, str]:
    ran = CliRunner().invoke(app, list(arguments))
    if ran.exception is not None and not isinstance(ran.exception, SystemExit | AppError):
        raise ran.exception
    return ran.exit_code, ran.stdout, str(ran.exception or "")


def write_jsonl(file: Path, *records: dict[str, Any]) -> str:
    file.write_text("".join(json.dumps(record) + "\n" for record in records))
    return str(file)


def sources_of(file: str) -> dict[str, Any]:
    code, out, _err = run(file, "--json")
    assert code == 0
    return {one["source"]: one for one in json.loads(out)["sources"]}


def test_sources_are_told_apart_by_how_worn_their_rhymes_are(tmp_path):
    poems = [{"source": "b", "text": WORN}] * 3 + [{"source": "A", "text": FRESH}] * 2
    file = write_jsonl(tmp_path / "poems.jsonl", *poems, {"source": "A", "text": PLAIN})
    found = sources_of(file)
    assert list(found) == ["A", "b"]
    assert [found["A"][name] for name in ("n_poems", "n_rhyming", "n_rhymes")] == [3, 2, 2]
    assert (found["A"]["commonplace"]["value"], found["b"]["commonplace"]["value"]) == (0, 1)
    assert found["b"]["cliches"][0]["pair"] == ["light", "night"]


def test_table_names_each_source_its_pairs_and_why_it_is_not_compared(tmp_path):
    poems = [{"source": "one", "text": WORN}] * 2
    code, out, _err = run(write_jsonl(tmp_path / "poems.jsonl", *poems))
    assert code == 0
    assert "one     2      2           2       1         100.0 (100.0 to 100.0)" in out
    assert "Fewer than 10 poems with a rhyme." in out
    assert "light/night" in out


def test_records_of_one_poem_are_one_poem(tmp_path):
    stanzas = [{"source": "one", "poem": "p", "lines": WORN.split("\n")}] * 2
    found = sources_of(write_jsonl(tmp_path / "poems.jsonl", *stanzas))["one"]
    assert (found["n_poems"], found["n_rhymes"], found["cliches"]) == (1, 2, [])


@pytest.mark.parametrize("source", [None, ""])
def test_poem_without_a_source_is_named(tmp_path, source):
    records = [{"source": "one", "text": WORN}, {"source": source, "text": WORN}]
    code, out, err = run(write_jsonl(tmp_path / "poems.jsonl", *records))
    assert (code, out) == (1, "")
    assert err.startswith("poems.jsonl, line 2, source: it is empty")


@pytest.mark.shared
def test_models_draw_on_fewer_rhymes_than_the_corpus():
    file = str(shared_data() / "poems" / "model_poems.jsonl")
    _code, out, _err = run(file, "--json")
    found = json.loads(out)
    compared = [one["distinct_per_rhyme"] for one in found["sources"] if not one["declined"]]
    assert len(compared) >= 5
    assert all(one["value"] < found["corpus_distinct_per_rhyme"] for one in compared)
    pairs = {one["source"]: [each["pair"] for each in one["cliches"]] for one in found["sources"]}
    assert ["blue", "hue"] in pairs["deepseek-chat"]
