"""`blindverse serve` and `blindverse work` where they cannot begin."""

import socket

import pytest

from tests.cli.commands.running import run


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
