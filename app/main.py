"""create_app: builds the application. The only wiring there is."""

import logging
from asyncio import Semaphore
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from starlette_compress import CompressMiddleware

from app import __version__, worker
from app.accounts.tokens import installation_secret
from app.db import Engine, make_engine, needs_migration, parse_url, transaction
from app.errors import Unusable
from app.pages import STATIC_ADDRESS
from app.settings import Settings
from app.web import errors, site
from app.web.admin import router as admin_router
from app.web.deps import Gates
from app.web.rater import joining, mine, rating
from app.web.security import SecurityMiddleware
from app.web.static import HashedFiles

_SPARE_CONNECTIONS = 2  # the worker's, and one for looking in


def create_app(settings: Settings | None = None, *, with_worker: bool = True) -> FastAPI:
    """The whole application on the database that the settings name."""
    settings = settings or Settings()
    logging.basicConfig(level=settings.log_level.upper())
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it is asked at every start
    sqlite = parse_url(settings.database_url).get_backend_name() == "sqlite"
    gates = Gates(
        readers=Semaphore(settings.threads),
        writers=Semaphore(1 if sqlite else settings.threads),  # SQLite lets one write at a time
    )
    engine = make_engine(settings.database_url, pool_size=2 * settings.threads + _SPARE_CONNECTIONS)
    app = FastAPI(
        title="Blindverse",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan(engine, threads=2 * settings.threads, with_worker=with_worker),
    )
    app.state.settings = settings
    app.state.engine = engine
    app.state.gates = gates
    app.state.signing_key = _signing_key(engine)
    app.add_middleware(SecurityMiddleware, on_error=errors.unexpected, on_refusal=errors.refused)
    app.add_middleware(CompressMiddleware, zstd=False, brotli_quality=6)
    app.mount(STATIC_ADDRESS, HashedFiles(), name="static")
    for router in (site.router, joining.router, rating.router, mine.router, admin_router):
        app.include_router(router)
    errors.install(app)
    return app


def _lifespan(engine: Engine, *, threads: int, with_worker: bool):  # type: ignore[no-untyped-def]
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = threads
        started = worker.start_thread(engine) if with_worker else None
        yield
        if started:
            thread, stop = started
            stop.set()
            thread.join(timeout=10)
        engine.dispose()

    return lifespan


def _signing_key(engine: Engine) -> str:
    if needs_migration(engine):
        raise Unusable(
            "The database is not up to date with this version. Run `blindverse migrate` first."
        )
    with transaction(engine, write=True) as session:
        return installation_secret(session, "signing")
