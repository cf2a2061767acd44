"""Engine, transactions, and the few places where SQLite and PostgreSQL differ."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, create_engine, event, select, text
from sqlalchemy import Engine as Engine  # noqa: PLC0414  # offered to the edges
from sqlalchemy.engine import URL, Connection, Dialect, make_url
from sqlalchemy.exc import DatabaseError
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session as Session  # noqa: PLC0414  # offered to the edges
from sqlmodel import SQLModel

from app.errors import Unusable
from app.settings import data_folder

_KEY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no look-alikes: keys are read aloud and typed
_KEY_LENGTH = 12
_BUSY_SECONDS = 10
_MIGRATION_LOCK = 7301  # any number that no other program on the database server locks by


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_key() -> str:
    """A short public name for a row: never a row number."""
    return "".join(secrets.choice(_KEY_ALPHABET) for _ in range(_KEY_LENGTH))


class UtcDateTime(TypeDecorator[datetime]):
    """Aware times only, in UTC; gives the zone back, which SQLite forgets."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone was given to the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def parse_url(address: str) -> URL:
    try:
        url = make_url(address)
    except Exception as error:
        raise Unusable(f"{address!r} is not a database address.") from error
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        raise Unusable(
            f"The database {url.get_backend_name()!r} is not supported: use an address that begins "
            "with sqlite:/// or postgresql+psycopg://."
        )
    if url.database in (None, "", ":memory:"):
        raise Unusable("SQLite needs a file: write sqlite:///name.db.")
    return url


def make_engine(address: str, *, pool_size: int = 20, foreign_keys: bool = True) -> Engine:
    """`foreign_keys=False` is for migrations alone, which rebuild tables on SQLite."""
    url = parse_url(address)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_size=pool_size, max_overflow=0, pool_pre_ping=True)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:  # Any: what the driver hands over
        connection.isolation_level = None  # BEGIN is ours, so that DDL is transactional too
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


@contextmanager
def transaction(engine: Engine, *, write: bool) -> Iterator[Session]:
    """One session, one transaction: commits on normal exit, rolls back on any exception. One that
    only reads sees one state of the database throughout."""
    options: dict[str, Any] = {"write": write}  # Any: options of SQLAlchemy
    if engine.dialect.name == "postgresql" and not write:
        options["isolation_level"] = "REPEATABLE READ"
    with (
        engine.execution_options(**options).connect() as connection,
        connection.begin(),
        Session(connection, expire_on_commit=False) as session,
    ):
        yield session
        session.flush()


def lock_row(session: Session, table: type[SQLModel], row_id: int) -> None:
    """Let one writer at a time pass for this row. On SQLite `BEGIN IMMEDIATE` has done it, and the
    clause is left out."""
    columns = table.__table__.c  # type: ignore[attr-defined]  # SQLModel does not declare it
    session.execute(select(columns.id).where(columns.id == row_id).with_for_update())


def migrate(address: str) -> None:
    """Bring the tables up to date: all of the pending migrations, or on an error none."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(data_folder("migrations")))
    engine = make_engine(address, pool_size=1, foreign_keys=False)
    try:
        _require_reachable(engine)
        with engine.execution_options(write=True).connect() as connection, connection.begin():
            if connection.dialect.name == "postgresql":  # several processes may start at once
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if connection.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise Unusable(f"The migrations would break references: {broken[:5]}")
    finally:
        engine.dispose()


def needs_migration(engine: Engine) -> bool:
    """Whether the tables are older (or newer) than this version of the program, or not there."""
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(data_folder("migrations")))
    heads = set(ScriptDirectory.from_config(config).get_heads())
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file and not Path(file).exists():
        return True  # to look would be to make it
    _require_reachable(engine)
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) != heads


def _require_reachable(engine: Engine) -> None:
    try:
        engine.connect().close()
    except DatabaseError as error:
        where = engine.url.render_as_string(hide_password=True)
        reason = str(error.orig).strip().partition("\n")[0]
        raise Unusable(f"The database {where} cannot be reached: {reason}") from error


def is_reachable(session: Session) -> bool:
    return bool(session.execute(text("SELECT 1")).scalar_one())
