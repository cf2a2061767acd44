"""The commands that work on a database, as a person at a terminal meets them."""

import csv
import json
import os
import pty
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from app import __version__
from app.accounts.admins import sign_in, sign_in_by_link
from app.cli import app, main
from app.db import Engine, make_engine, transaction
from app.errors import AppError
from app.models import Admin, Poem, PoemFeature, PoemSet, StudyState
from app.studies.queries import studies
from app.verse import FEATURES
from app.worker import work_once

EMAIL, PASSWORD = "ada@example.org", "a long enough password"
SIGN_IN = re.compile(r"http://127\.0\.0\.1:8000/admin/sign-in/(\S+)")


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str  # what went to standard error, and the sentence that `blindverse` would add to it


def run(*arguments: str, keys: str | None = None) -> Ran:
    ran = CliRunner().invoke(app, list(arguments), input=keys)
    if ran.exception is not None and not isinstance(ran.exception, SystemExit | AppError):
        raise ran.exception
    sentence = str(ran.exception) if isinstance(ran.exception, AppError) else ""
    return Ran(ran.exit_code, ran.stdout, ran.stderr + sentence)


def done(*arguments: str, keys: str | None = None) -> str:
    ran = run(*arguments, keys=keys)
    assert ran.code == 0, ran.err
    return ran.out


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing is written anywhere else, and no setting of the person who tests is used."""
    for name in [name for name in os.environ if name.startswith("BLINDVERSE_")]:  # noqa: TID251  # forgotten
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def engine(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The migrated database that the commands then use."""
    monkeypatch.setenv("BLINDVERSE_DATABASE_URL", sqlite_url)
    engine = make_engine(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def poems(own_folder: Path) -> Path:
    """Three prompts, two poems each."""
    return write_poems(
        own_folder / "poems.csv",
        [
            {
                "poem_id": f"p{n}",
                "prompt": f"Write about winter {n // 2}.",
                "source": "AB"[n % 2],
                "text": f"The snow of day {n}\nis slow to go away" if n % 2 else f"Snow {n}\nfell",
            }
            for n in range(6)
        ],
    )


def write_poems(file: Path, rows: list[dict[str, str]]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


@pytest.fixture
def open_study(engine: Engine, poems: Path) -> str:
    done("poems", "import", str(poems), "--set", "Winter")
    done("studies", "create", "First", "--set", "Winter", "--pairs", "3")
    return done("studies", "open", "First")


def stored(engine: Engine, table: type[PoemSet] | type[Poem] | type[Admin]) -> int:
    with transaction(engine, write=False) as session:
        return len(session.exec(select(table)).all())


# --- migrate


def test_migrate_creates_the_database_and_a_second_time_changes_nothing(own_folder):
    first = done("migrate")
    assert str(own_folder / "blindverse.db") in first
    content = (own_folder / "blindverse.db").read_bytes()
    assert done("migrate") == first
    assert (own_folder / "blindverse.db").read_bytes() == content
    assert done("poems", "list") == ""


@pytest.mark.parametrize(
    "command",
    [
        ("admins", "create", EMAIL, "--link"),
        ("admins", "link", EMAIL),
        ("poems", "list"),
        ("studies", "list"),
        ("studies", "create", "First", "--set", "Winter"),
        ("export", "First"),
        ("worker",),
    ],
    ids=" ".join,
)
def test_database_that_is_not_migrated_is_refused_with_the_command_that_helps(command):
    ran = run(*command)
    assert (ran.code, ran.out) == (1, "")
    assert "Run `blindverse migrate` first" in ran.err


def test_address_that_is_no_database_is_said_without_its_password(monkeypatch):
    monkeypatch.setenv("BLINDVERSE_DATABASE_URL", "mysql://user:secret@host/name")
    ran = run("migrate")
    assert ran.code == 1
    assert "sqlite:///" in ran.err
    assert "secret" not in ran.err


# --- admins


def test_admin_created_with_a_password_from_a_pipe_signs_in_with_it(engine):
    shown = done("admins", "create", EMAIL, keys=f"{PASSWORD}\n")
    assert shown == f"Created the admin {EMAIL}.\n"
    with transaction(engine, write=True) as session:
        assert sign_in(session, email=EMAIL, password=PASSWORD).token
        assert sign_in(session, email=EMAIL, password="another password").token is None


def test_person_types_the_password_twice_unseen_and_again_after_a_slip(engine):
    code, shown = at_a_terminal("admins", "create", EMAIL, keys=[PASSWORD, "slip"] + [PASSWORD] * 2)
    assert code == 0, shown
    assert shown.count("Password: ") == 2
    assert f"Created the admin {EMAIL}." in shown
    assert PASSWORD not in shown
    with transaction(engine, write=True) as session:
        assert sign_in(session, email=EMAIL, password=PASSWORD).token


def at_a_terminal(*arguments: str, keys: list[str]) -> tuple[int, str]:
    """The exit code and what stood on the screen; a line is typed whenever something is asked."""
    process, screen = pty.fork()
    if process == 0:
        os.execv(sys.executable, [sys.executable, "-m", "app", *arguments])
    shown, to_type = "", iter(keys)
    with suppress(OSError):  # how Linux says that the other end of a terminal is gone
        while piece := os.read(screen, 1000):
            shown += piece.decode()
            if shown.endswith(": "):
                os.write(screen, (next(to_type) + "\n").encode())
    _, status = os.waitpid(process, 0)
    os.close(screen)
    return os.waitstatus_to_exitcode(status), shown


@pytest.mark.parametrize("command", ["create", "link"])
def test_link_signs_the_admin_in(engine, command):
    shown = done("admins", "create", EMAIL, "--link")
    if command == "link":
        shown = done("admins", "link", EMAIL)
    (token,) = SIGN_IN.findall(shown)
    with transaction(engine, write=True) as session:
        assert sign_in_by_link(session, token)


def test_link_begins_with_the_public_address_and_without_one_is_said_to_be_a_guess(
    engine, monkeypatch
):
    made = run("admins", "create", EMAIL, "--link")
    assert "http://127.0.0.1:8000/admin/sign-in/" in made.out
    assert "BLINDVERSE_PUBLIC_URL" in made.err
    monkeypatch.setenv("BLINDVERSE_PUBLIC_URL", "https://poems.example.org/")
    made = run("admins", "link", EMAIL)
    assert "https://poems.example.org/admin/sign-in/" in made.out
    assert made.err == ""


def test_forgotten_password_is_replaced(engine):
    done("admins", "create", EMAIL, keys=f"{PASSWORD}\n")
    done("admins", "password", EMAIL, keys="a newer password\n")
    with transaction(engine, write=True) as session:
        assert sign_in(session, email=EMAIL, password=PASSWORD).token is None
        assert sign_in(session, email=EMAIL, password="a newer password").token


@pytest.mark.parametrize(
    ("command", "keys", "said"),
    [
        (("create", EMAIL), "short\n", "at least 10 characters"),
        (("create", "ada", "--link"), "", "is not an e-mail address"),
        (("link", EMAIL), "", "There is no admin with the e-mail"),
        (("password", EMAIL), f"{PASSWORD}\n", "There is no admin with the e-mail"),
    ],
)
def test_admin_that_cannot_be_made_or_found_is_said(engine, command, keys, said):
    ran = run("admins", *command, keys=keys)
    assert ran.code == 1
    assert said in ran.err
    assert stored(engine, Admin) == 0


def test_second_admin_with_the_same_e_mail_is_refused(engine):
    done("admins", "create", EMAIL, "--link")
    ran = run("admins", "create", EMAIL.upper(), "--link")
    assert (ran.code, ran.out) == (1, "")
    assert "already" in ran.err
    assert stored(engine, Admin) == 1


# --- poems


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


# --- studies


def test_study_goes_from_draft_to_open_to_closed(engine, poems):
    done("poems", "import", str(poems), "--set", "Winter")
    created = done("studies", "create", "First", "--set", "Winter", "--pairs", "3")
    assert "Created the study “First”" in created
    assert "3 pairs of 6 poems" in created
    for command, state in (("open", StudyState.OPEN), ("close", StudyState.CLOSED)):
        done("studies", command, "First")
        with transaction(engine, write=False) as session:
            assert [row.state for row in studies(session)] == [state]
        assert f"{state.value:<6}        0 votes  First" in done("studies", "list")


def test_opened_study_prints_one_link_for_each_group(open_study):
    lines = [line.split() for line in open_study.splitlines()]
    assert sorted(kind for kind, _link in lines) == ["expert", "nonexpert"]
    assert len({link for _kind, link in lines}) == 2
    assert all(link.startswith("http://127.0.0.1:8000/join/") for _kind, link in lines)


def test_study_is_found_by_its_key_too(engine, open_study):
    with transaction(engine, write=False) as session:
        (key,) = [row.key for row in studies(session)]
    assert done("studies", "close", key) == "Closed.\n"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("studies", "create", "First", "--set", "Winter"), "First"),
        (("studies", "create", "Second", "--set", "Summer"), "no poem set with the name or key"),
        (
            ("studies", "create", "Second", "--set", "Winter", "--pairs", "0"),
            "Pairs per rater must be",
        ),
        (("studies", "open", "Second"), "no study with the name or key “Second”"),
        (("studies", "open", "First"), "open"),
        (("studies", "close", "Second"), "no study with the name or key “Second”"),
        (("export", "Second"), "no study with the name or key “Second”"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_with_a_study_is_said(open_study, command, said):
    ran = run(*command)
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err


# --- files


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_export_writes_whole_files_and_names_them(open_study, own_folder, suffix):
    folder = own_folder / "new" / "data"
    shown = done("export", "First", "--folder", str(folder), "--format", suffix).splitlines()
    names = {f"{table}.{suffix}" for table in ("votes", "poems", "raters")}
    assert {file.name for file in folder.iterdir()} == names | {"data-dictionary.md"}
    assert {Path(line).name for line in shown} == names | {"data-dictionary.md"}
    content = (folder / f"poems.{suffix}").read_text(encoding="utf-8")
    assert len(content.splitlines()) >= 6
    assert "is slow to go away" in content


def test_export_into_a_folder_that_cannot_be_written_fails_with_a_sentence(open_study, own_folder):
    (own_folder / "data").write_text("a file")
    ran = run("export", "First", "--folder", "data")
    assert ran.code == 2
    assert "data" in ran.err


def test_export_without_votes_is_measured_and_analysed_all_the_same(open_study):
    done("export", "First", "--folder", "data")
    files = ("--votes", "data/votes.csv", "--poems", "data/poems.csv")
    assert "has voted" in done("analyse", *files)
    assert json.loads(done("analyse", *files, "--json", "-"))["data"]["rows"] == 0
    measured = [json.loads(line) for line in done("measure", "data/poems.csv").splitlines()]
    assert [poem["id"] for poem in measured] == [f"p{n}" for n in range(6)]


# --- the server


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_port_that_is_taken_is_said_with_the_option_that_helps(own_folder, command):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        ran = run(command, "--port", port)
    assert ran.code == 1
    assert f"127.0.0.1:{port} cannot be listened on" in ran.err
    assert "--port" in ran.err
    assert "http://" not in ran.out


def test_no_address_is_shown_that_will_not_answer(own_folder):
    ran = run("serve", "--no-migrations", "--port", "0")
    assert ran.code == 1
    assert "blindverse migrate" in ran.err
    assert "Serving on" not in ran.out


def test_database_that_cannot_be_reached_is_named_and_none_is_made_by_looking(
    own_folder, monkeypatch
):
    assert run("studies", "list").code == 1
    assert list(own_folder.glob("*.db")) == []
    monkeypatch.setenv("BLINDVERSE_DATABASE_URL", "postgresql://me:secret@127.0.0.1:1/none")
    ran = run("studies", "list")
    assert ran.code == 1
    assert "127.0.0.1:1" in ran.err
    assert "cannot be reached" in ran.err
    assert "secret" not in ran.err


# --- the command itself


def test_version_is_shown():
    assert done("--version") == f"blindverse {__version__}\n"


def test_unfinished_group_of_commands_shows_what_there_is():
    ran = run("studies")
    assert ran.code == 2
    assert "create" in ran.out + ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rhyme",), "No such command 'rhyme'"),
        (("poems", "import", "gone.csv", "--set", "A"), "gone.csv"),
        (("studies", "create", "A"), "--set"),
        (("export", "A", "--format", "xlsx"), "xlsx"),
        (("serve", "--port", "70000"), "--port"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_command_that_is_not_understood_ends_with_2_and_says_why(arguments, said):
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--version",), 0, ""),
        (("poems", "list"), 1, "blindverse.db is not there yet"),
        (("rhyme",), 2, "No such command 'rhyme'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_process_ends_with_the_exit_code_and_without_a_traceback(arguments, code, said):
    command = [sys.executable, "-m", "app", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == code
    assert said in ran.stderr
    assert bool(ran.stdout) == (code == 0)
    assert "Traceback" not in ran.stderr


def test_fault_of_the_database_is_one_line_and_no_traceback(own_folder, monkeypatch, capsys):
    (own_folder / "blindverse.db").write_bytes(b"no database, whatever its name says " * 99)
    monkeypatch.setattr(sys, "argv", ["blindverse", "studies", "list"])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert (ended.value.code, printed.out) == (1, "")
    assert printed.err.startswith("blindverse: ")
    assert len(printed.err.splitlines()) == 1
