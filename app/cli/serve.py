"""The server and the worker."""

import logging
import socket
from contextlib import closing
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.accounts.admins import has_admins
from app.cli.database import opened, shown
from app.db import migrate, transaction
from app.errors import Unusable
from app.settings import Settings

if TYPE_CHECKING:
    import uvicorn

Host = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every network.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")]

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000


def serve(
    host: Host = DEFAULT_HOST,
    port: Port = DEFAULT_PORT,
    worker: Annotated[
        bool, typer.Option(help="Do the jobs (measuring, reports) in this process too.")
    ] = True,
    migrations: Annotated[
        bool, typer.Option(help="Bring the database up to date before serving.")
    ] = True,
    reload: Annotated[
        bool, typer.Option("--reload", help="Start again when a file changes, for development.")
    ] = False,
) -> None:
    """Serve the application, with the worker inside."""
    settings = Settings()
    if migrations:
        migrate(settings.database_url)
    typer.echo(f"Database {shown(settings.database_url)}")
    if reload:
        import uvicorn

        uvicorn.run(
            "app.main:create_app", factory=True, host=host, port=port, reload=True, log_level="info"
        )
        return
    with closing(listen(host, port)) as listener:
        server = ready(settings, with_worker=worker)
        _say_if_nobody_can_sign_in(settings)
        typer.echo(f"Serving on {address_of(listener, host)}")
        server.run(sockets=[listener])


def work() -> None:
    """Do the jobs that wait (measuring, reports), until told to stop. For `serve --no-worker`."""
    from app import worker

    settings = Settings()
    logging.basicConfig(level=settings.log_level.upper())
    with opened(settings) as engine:
        typer.echo(f"Working for {shown(settings.database_url)}; stop with Ctrl-C.")
        worker.work(engine, Event())


def _say_if_nobody_can_sign_in(settings: Settings) -> None:
    with opened(settings) as engine, transaction(engine, write=False) as session:
        if not has_admins(session):
            typer.echo("There is no admin yet: `blindverse admins create EMAIL` makes one.")


def listen(host: str, port: int) -> socket.socket:
    """Opened before anything is said, so that no address is printed that does not answer."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # whoever comes early waits for the application instead of being refused
    except OSError as error:
        listener.close()
        raise Unusable(
            f"The address {host}:{port} cannot be listened on ({error.strerror}). Is another "
            "server running? --port takes another port."
        ) from error
    return listener


def address_of(listener: socket.socket, host: str) -> str:
    port = listener.getsockname()[1]
    name = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(host, host)  # noqa: S104  # only its name is looked up
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def address_of_site() -> str:
    """Where the server is for people, as far as this command can know; says so where it cannot."""
    public = Settings().public_url.rstrip("/")
    if not public:
        typer.echo(
            "The address is a guess: BLINDVERSE_PUBLIC_URL names the one that people use.", err=True
        )
    return public or f"http://{DEFAULT_HOST}:{DEFAULT_PORT}"


def ready(settings: Settings, *, with_worker: bool) -> "uvicorn.Server":
    """A server that only has to be run: what could fail has not failed."""
    import uvicorn

    from app.main import create_app

    app: Any = create_app(settings, with_worker=with_worker)  # Any: uvicorn's own idea of an app
    config = uvicorn.Config(
        app,
        log_level=settings.log_level.lower(),
        access_log=settings.log_level.lower() == "debug",
        timeout_graceful_shutdown=10,
        server_header=False,  # nobody needs to know
    )
    return uvicorn.Server(config)
