"""The demonstration: one command to a study that can be rated and reported on."""

from contextlib import closing
from typing import TYPE_CHECKING

import typer

from app.cli.serve import DEFAULT_HOST, DEFAULT_PORT, Host, Port, address_of, listen, ready
from app.db import make_engine, migrate, transaction
from app.settings import Settings

if TYPE_CHECKING:
    from app.demo.building import DemoLinks

_DEMO_DATABASE = "sqlite:///blindverse-demo.db"


def demo(host: Host = DEFAULT_HOST, port: Port = DEFAULT_PORT) -> None:
    """Load the demo study, unless it is there, and serve it.

    The poems were written for this by a language model; the votes that it begins with are
    simulated and marked so everywhere. Votes given in the demo are kept and reported apart.
    """
    from app.demo.building import demo_links  # slow to load, and the other commands load this file

    settings = _settings(host)
    with closing(listen(host, port)) as listener:
        migrate(settings.database_url)
        engine = make_engine(settings.database_url, pool_size=1)
        with transaction(engine, write=True) as session:
            links = demo_links(session)
        engine.dispose()
        server = ready(settings, with_worker=True)
        _show(settings.public_url.rstrip("/") or address_of(listener, host), links)
        server.run(sockets=[listener])


def _show(base: str, links: "DemoLinks") -> None:
    typer.echo(
        f"""
Blindverse is on {base}

  Rate as a non-expert   {base}/join/{links.nonexpert}
  Rate as an expert      {base}/join/{links.expert}
  Sign in as the admin   {base}/admin/sign-in/{links.admin_token}

Stop with Ctrl-C; nothing is lost. The votes that the demo begins with are simulated.
"""
    )


def _settings(host: str) -> Settings:
    """The demo's own database, unless one is named; plain HTTP on the local network if asked."""
    settings = Settings()
    changes: dict[str, object] = {}
    if "database_url" not in settings.model_fields_set:
        changes["database_url"] = _DEMO_DATABASE
    if host not in {DEFAULT_HOST, "localhost", "::1"}:
        changes["insecure_cookies"] = True
    if "log_level" not in settings.model_fields_set:
        changes["log_level"] = "warning"
    return settings.model_copy(update=changes)
