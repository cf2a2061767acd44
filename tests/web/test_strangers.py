"""What anybody can send: it may harm nobody else."""

import socket
from pathlib import Path

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from app.web.deps import _writing
from app.web.forms import form_values
from tests.journeys.server import running


def calls(dependant: Dependant) -> list[object]:
    """In the order in which they are met."""
    return [call for part in dependant.dependencies for call in [*calls(part), part.call] if call]


def routes(found: object) -> list[APIRoute]:
    inner = getattr(found, "routes", None) or getattr(found, "original_router", found)
    if isinstance(found, APIRoute):
        return [found]
    return [route for part in getattr(inner, "routes", inner) or [] for route in routes(part)]


def test_no_route_takes_the_write_lock_before_its_form_has_arrived(app: FastAPI):
    with_both = []
    for route in routes(app):
        order = calls(route.dependant)
        if form_values in order and _writing in order:
            with_both.append(route.path)
            assert order.index(form_values) < order.index(_writing), route.path
    assert len(with_both) >= 5


def test_stalled_request_holds_nobody_up(sqlite_url: str, tmp_path: Path):
    with running("serve", database_url=sqlite_url, folder=tmp_path) as (address, _printed):
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as stalled:
            stalled.sendall(
                f"POST /admin/sign-in HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {address}\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n"
                "email=".encode()
            )
            answer = httpx.post(
                f"{address}/admin/sign-in",
                data={"email": "a@example.org", "password": "wrong"},
                headers={"Origin": address},
                timeout=60,
            )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"email": "a" * 300_000}},
        {"files": {"email": b"a file"}},
        {"data": {"email": "a\0@example.org", "password": "p"}},
        {"content": b"\xff\xfe", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    ],
    ids=["too long", "a file", "a NUL", "not text"],
)
def test_forms_that_are_none_of_ours_are_refused(client: TestClient, sent: dict[str, object]):
    answer = client.post("/admin/sign-in", **sent)  # type: ignore[arg-type]  # httpx's own
    assert answer.status_code == 422


def test_addresses_with_a_nul_lead_nowhere(client: TestClient):
    assert client.get("/join/%00").status_code == 404


def test_page_of_an_unexpected_error_is_as_safe_as_any(app: FastAPI):
    def broken() -> None:
        raise RuntimeError("a secret of the program")

    app.add_api_route("/broken", broken)
    client = TestClient(app, base_url="http://localhost", raise_server_exceptions=False)
    answer = client.get("/broken")
    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "this number" in answer.text
    assert "secret" not in answer.text
