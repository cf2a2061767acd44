"""The application in a test: on a real database, asked as a browser would, answering in process."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.accounts.admins import create_admin, make_sign_in_link
from app.db import transaction
from app.main import create_app
from app.settings import Settings

ADMIN = "ada@example.org"


@pytest.fixture
def web_database_url(sqlite_url: str) -> str:
    """SQLite; a test that is to run on both asks for `database_url` in its place, by
    `@pytest.mark.parametrize("web_database_url", [...], indirect=True)`."""
    return sqlite_url


@pytest.fixture
def app(web_database_url: str) -> Iterator[FastAPI]:
    """Without a worker: a test says when it works."""
    app = create_app(Settings(database_url=web_database_url), with_worker=False)
    yield app
    app.state.engine.dispose()


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser that knows nobody yet."""
    with TestClient(
        app, base_url="http://localhost", headers={"Origin": "http://localhost"}
    ) as client:
        yield client


@pytest.fixture
def admin_client(app: FastAPI, client: TestClient) -> TestClient:
    """The same, signed in by a link."""
    with transaction(app.state.engine, write=True) as session:
        token = make_sign_in_link(session, create_admin(session, email=ADMIN))
    client.post(f"/admin/sign-in/{token}")
    return client
