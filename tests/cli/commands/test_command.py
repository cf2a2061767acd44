"""The command itself: its version, its groups, wrong usage."""

import subprocess
import sys

import pytest

from app import __version__
from app.cli import main
from tests.cli.commands.running import done, run


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


@pytest.mark.parametrize("level", ["warning", "debug"])
def test_fault_of_the_program_is_a_line_and_more_where_it_is_asked_for(monkeypatch, capsys, level):
    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("app.cli.app", fail)
    monkeypatch.setenv("BLINDVERSE_LOG_LEVEL", level)
    with pytest.raises(SystemExit, match="1"):
        main()
    said = capsys.readouterr().err
    assert "Unexpected error: ZeroDivisionError()" in said
    assert ("Traceback" in said) == (level == "debug")
