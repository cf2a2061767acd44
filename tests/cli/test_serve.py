"""The first start of a server of one's own."""

from pathlib import Path

import httpx2 as httpx

from app.accounts.admins import create_admin
from app.db import make_engine, transaction
from tests.journeys.server import running


def test_first_start_makes_the_database_and_says_how_to_make_an_admin(tmp_path: Path):
    with running("serve", database_url=None, folder=tmp_path) as (address, printed):
        assert "blindverse admins create" in printed
        assert httpx.get(f"{address}/health").json()["status"] == "ok"
    engine = make_engine(f"sqlite:///{tmp_path / 'blindverse.db'}")
    with transaction(engine, write=True) as session:
        create_admin(session, email="ada@example.org")
    engine.dispose()
    with running("serve", database_url=None, folder=tmp_path) as (_address, printed):
        assert "no admin" not in printed
