"""A study to come to, on a server."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.db import make_engine
from app.main import create_app
from app.settings import Settings
from tests.journeys.invited import Invited
from tests.journeys.rater import HttpRater


@pytest.fixture
def invited(database_url: str) -> Iterator[Invited]:
    engine = make_engine(database_url)
    app = create_app(Settings(database_url=database_url), with_worker=False)
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as server:

        def begin() -> HttpRater:
            client = TestClient(app, base_url="http://localhost", follow_redirects=False)
            client.portal = server.portal  # one event loop for all browsers
            return HttpRater(client)

        yield Invited(engine, begin, app.state.signing_key)
    engine.dispose()
