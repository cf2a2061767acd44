"""`blindverse admins` as a person at a terminal meets it."""

import os
import pty
import re
import sys
from contextlib import suppress

import pytest

from app.accounts.admins import sign_in, sign_in_by_link
from app.db import transaction
from app.models import Admin
from tests.cli.commands.running import done, run, stored

EMAIL, PASSWORD = "ada@example.org", "a long enough password"
SIGN_IN = re.compile(r"http://127\.0\.0\.1:8000/admin/sign-in/(\S+)")


def test_admin_created_with_a_password_from_a_pipe_signs_in_with_it(engine):
    shown = done("admins", "create", EMAIL, keys=f"{PASSWORD}\n")
    assert shown == f"Created the admin {EMAIL}.\n"
    with transaction(engine, write=True) as session:
        assert sign_in(session, email=EMAIL, password=PASSWORD).token
        assert sign_in(session, email=EMAIL, password="another password").token is None


@pytest.mark.filterwarnings("ignore:.*fork")  # another test's threads; the child does not use them
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
