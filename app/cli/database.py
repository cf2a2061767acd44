"""The database that the settings name, ready to use."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from app import db
from app.errors import Unusable
from app.settings import Settings


def migrate() -> None:
    """Create the database's tables, or bring them up to date. All of it happens, or nothing."""
    settings = Settings()
    db.migrate(settings.database_url)
    typer.echo(f"The database is up to date: {shown(settings.database_url)}")


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[db.Engine]:
    """An engine on the database, which must be up to date."""
    address = (settings or Settings()).database_url
    engine = db.make_engine(address)
    try:
        if db.needs_migration(engine):
            raise Unusable(
                f"The database {shown(address)} is not there yet, or not up to date. Run "
                "`blindverse migrate` first, or name another by BLINDVERSE_DATABASE_URL."
            )
        yield engine
    finally:
        engine.dispose()


def shown(address: str) -> str:
    """The address without its password; a file with its folder."""
    url = db.parse_url(address)
    if url.get_backend_name() == "sqlite" and url.database:
        return str(Path(url.database).absolute())
    return url.render_as_string(hide_password=True)
