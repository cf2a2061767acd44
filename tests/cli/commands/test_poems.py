"""`blindverse poems`: importing, measuring, listing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from app.db import transaction
from app.models import Poem, PoemFeature, PoemSet
from app.verse import FEATURES
from app.worker import work_once
from tests.cli.commands.running import done, run, stored, write_poems


def test_imported_poems_are_stored_measured_and_listed(engine, poems):
    assert "Imported 6 poems as “Winter”" in done("poems", "import", str(poems), "--set", "Winter")
    with transaction(engine, write=False) as session:
        assert len(session.exec(select(PoemFeature)).all()) == 6 * len(FEATURES)
        key = session.exec(select(PoemSet.key)).one()
    listed = done("poems", "list").split()
    assert listed == [key, "6", "poems", "Winter"]


def test_dry_run_checks_and_stores_nothing(engine, poems):
    assert done("poems", "import", str(poems), "--set", "Winter", "--dry-run") == (
        "6 poems can be imported.\n"
    )
    assert stored(engine, PoemSet) == stored(engine, Poem) == 0


@pytest.mark.parametrize("options", [(), ("--dry-run",)], ids=["import", "dry run"])
def test_every_error_is_shown_with_line_and_column_and_nothing_is_stored(
    engine, own_folder, options
):
    file = write_poems(
        own_folder / "poems.csv",
        [
            {"poem_id": "a", "source": "A", "text": "One\ntwo"},
            {"poem_id": "b", "source": "", "text": "Three"},
            {"poem_id": "a", "source": "A", "text": "Four"},
        ],
    )
    ran = run("poems", "import", str(file), "--set", "Winter", *options)
    assert (ran.code, ran.out) == (1, "")
    errors = [line for line in ran.err.splitlines() if line.startswith("poems.csv, ")]
    assert len(errors) == 2
    assert errors[0].startswith("poems.csv, line 4, source: ")  # the first poem takes two lines
    assert errors[1].startswith("poems.csv, line 5, poem_id: ")
    assert ran.err.splitlines()[-1] == "2 errors in poems.csv; nothing was stored."
    assert stored(engine, PoemSet) == stored(engine, Poem) == 0


def test_poem_set_whose_name_is_taken_is_refused(engine, poems):
    done("poems", "import", str(poems), "--set", "Winter")
    ran = run("poems", "import", str(poems), "--set", "Winter")
    assert ran.code == 1
    assert "already" in ran.err
    assert stored(engine, PoemSet) == 1


def test_file_that_is_no_table_is_refused(engine, own_folder):
    file = own_folder / "poems.csv"
    file.write_bytes(b"PK\x03\x04\x00\x00 not a text at all")
    ran = run("poems", "import", str(file), "--set", "Winter")
    assert ran.code == 1
    assert ran.err
    assert stored(engine, PoemSet) == 0


CHATTY = [
    {"poem_id": "a", "source": "A", "text": "**Rain**\n\nIt rains all day;\nthe gutters *play*."},
    {"poem_id": "b", "source": "B", "text": "It rains all day;\nthe gutters play."},
    {"poem_id": "c", "source": "B", "text": "I'm sorry, but as an AI I cannot write that."},
]


@pytest.mark.parametrize(
    ("option", "first", "said"),
    [
        ((), "It rains all day;\nthe gutters play.", "Imported 2 poems"),
        (("--trim", "all"), "It rains all day;\nthe gutters play.", "1 trimmed, 1 left out."),
        (("--trim", "none", "--names", "keep"), CHATTY[0]["text"], "Imported 3 poems"),
        (("--trim", "none", "--names", "exclude"), CHATTY[0]["text"], "Imported 2 poems"),
        (
            ("--trim", "title", "--names", "keep"),
            "It rains all day;\nthe gutters *play*.",
            "; 1 trimmed.",
        ),
        (
            ("--trim", "emphasis, remark", "--names", "keep"),
            "**Rain**\n\nIt rains all day;\nthe gutters play.",
            "1 tri",
        ),
    ],
)
def test_import_trims_what_it_is_told_to(engine, own_folder, option, first, said):
    file = write_poems(own_folder / "poems.csv", CHATTY)
    assert said in done("poems", "import", str(file), "--set", "Rain", *option)
    with transaction(engine, write=False) as session:
        poem = session.exec(select(Poem).where(Poem.poem_id == "a")).one()
    assert poem.text == first
    assert poem.meta.get("original_text") == (
        None if first == CHATTY[0]["text"] else CHATTY[0]["text"]
    )


def test_import_asks_what_to_do_with_a_poem_that_names_a_model(engine, own_folder):
    file = write_poems(own_folder / "poems.csv", CHATTY)
    ran = run("poems", "import", str(file), "--set", "Rain", "--trim", "none")
    assert ran.code == 1
    assert "One poem names a model" in ran.err
    assert "on line" in ran.err
    assert "“as an AI”" in ran.err
    assert stored(engine, Poem) == 0


def test_dry_run_lists_what_would_be_trimmed(engine, own_folder):
    ran = run(
        "poems", "import", str(write_poems(own_folder / "p.csv", CHATTY)), "--set", "R", "--dry-run"
    )
    assert ran.out == "2 poems can be imported (1 trimmed, 1 left out).\n"
    assert "p.csv, line 2: title trimmed: **Rain**" in ran.err.splitlines()
    assert stored(engine, Poem) == 0


def test_wrong_kind_of_trim_is_wrong_usage(engine, poems):
    ran = run("poems", "import", str(poems), "--set", "Winter", "--trim", "titles")
    assert ran.code == 2
    assert "title, heading" in " ".join(ran.err.split())


def test_measure_does_again_what_has_another_version_and_a_second_time_nothing(engine, poems):
    done("poems", "import", str(poems), "--set", "Winter")
    done("poems", "import", str(poems), "--set", "Again")
    with transaction(engine, write=True) as session:
        old = session.exec(select(PoemFeature).where(PoemFeature.name == "n_lines")).all()
        for row in old[:4]:
            row.version, row.value = 0, 99.0
    assert done("poems", "measure", "Winter") == "Winter: 4 of 6 poems measured.\n"
    assert done("poems", "measure", "--all") == (
        "Again: 0 of 6 poems measured.\nWinter: 0 of 6 poems measured.\n"
    )
    with transaction(engine, write=False) as session:
        lines = session.exec(select(PoemFeature).where(PoemFeature.name == "n_lines")).all()
    assert [row.value for row in lines] == [2.0] * 12


def test_measure_beside_a_worker_stores_every_feature_once(engine, poems):
    done("poems", "import", str(poems), "--set", "Winter")
    with transaction(engine, write=True) as session:
        for row in session.exec(select(PoemFeature)).all():
            row.version = 0
    with ThreadPoolExecutor(1) as threads:
        working = threads.submit(work_once, engine)
        assert run("poems", "measure", "Winter").code == 0
        assert working.result()
    with transaction(engine, write=False) as session:
        rows = session.exec(select(PoemFeature)).all()
    assert sorted((row.poem_id, row.name) for row in rows) == sorted(
        (n, feature.name) for n in range(1, 7) for feature in FEATURES
    )
    assert all(row.version for row in rows)


@pytest.mark.parametrize("arguments", [(), ("Winter", "--all")], ids=["none", "both"])
def test_measure_asks_which_sets(engine, arguments):
    assert run("poems", "measure", *arguments).code == 2


def test_measure_of_an_unknown_set_is_refused(engine):
    assert "There is no poem set" in run("poems", "measure", "Winter").err
