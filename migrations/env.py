"""Runs the migrations on the connection that `app.db.migrate` gives, or on the settings' database
when `alembic` itself is called to write a new one."""

from typing import Literal

from alembic import context
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from app import models  # noqa: F401  # fills the metadata
from app.db import UtcDateTime, make_engine
from app.settings import Settings


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Our column types by short names; False leaves the rest to Alembic."""
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "app.db.UtcDateTime()"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = make_engine(Settings().database_url, foreign_keys=False)
    with engine.execution_options(write=True).connect() as opened, opened.begin():
        run(opened)
