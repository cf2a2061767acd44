"""`blindverse migrate`, and databases that cannot be used."""

import re

import pytest

from tests.cli.commands.running import done, run

EMAIL, PASSWORD = "ada@example.org", "a long enough password"
SIGN_IN = re.compile(r"http://127\.0\.0\.1:8000/admin/sign-in/(\S+)")


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
