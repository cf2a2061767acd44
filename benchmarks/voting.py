"""A vote: from the request to the answer with the next pair, the vote on disk by then."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI

from app.accounts.tokens import new_token
from app.db import Engine, migrate, transaction
from app.main import create_app
from app.models import RaterKind
from app.pages import render
from app.rating.answering import answer
from app.rating.joining import join, rater_by_token
from app.rating.serving import BlindPair, next_slot
from app.settings import Settings
from app.studies.instrument import sections_in
from app.studies.queries import group_links
from app.web.known import RATER_COOKIE
from benchmarks.poems import open_study_of
from benchmarks.sqlite import bare
from benchmarks.timing import Comparison, seconds

VOTES, QUICK_VOTES = 400, 40
CHOICES = re.compile(r'<form class="choices".*', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
INSERT = "INSERT INTO vote VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"

Post = Callable[[str], Awaitable[str]]


def compare(folder: Path, quick: bool) -> Iterator[Comparison]:
    n_votes = QUICK_VOTES if quick else VOTES
    url = f"sqlite:///{folder / 'app.db'}"
    migrate(url)
    app = create_app(Settings(database_url=url, log_level="warning"), with_worker=False)
    token, key, pair = first_pair(app.state.engine, n_votes)
    insert, drawing = bare_insert(folder / "bare.db"), drawing_of(app, pair, key)
    ours, stored, drawn = asyncio.run(in_turns(app, token, insert, drawing, n_votes))
    app.state.engine.dispose()
    what = "vote, to the next pair in the answer"
    yield Comparison(what, ours, "bare SQLite insert and commit", stored)
    yield Comparison(what, ours, "drawing the pair alone", drawn)


def first_pair(engine: Engine, n_votes: int) -> tuple[str, str, BlindPair]:
    """A rater with more pairs than are voted on, their key, and what they see first."""
    token = new_token()
    with transaction(engine, write=True) as session:
        study = open_study_of(session, n_poems=2 * n_votes + 4, pairs_per_rater=n_votes + 2)
        join(session, group_links(session, study.key)[RaterKind.EXPERT], token)
        rater = rater_by_token(session, token)
        assert rater is not None
        first_options = {item.name: item.options[0].value for item in sections_in("en")[0].items}
        answer(session, rater_id=rater.id, answers=first_options)
        pair = next_slot(session, rater.id)
    assert isinstance(pair, BlindPair)
    return token, rater.key, pair


async def in_turns(
    app: FastAPI,
    token: str,
    insert: Callable[[], object],
    drawing: Callable[[], str],
    n_votes: int,
) -> tuple[float, float, float]:
    """Seconds of a vote, of storing one and of drawing a pair: the medians."""
    taken: list[tuple[float, float, float]] = []
    html = drawing()
    for _ in range(n_votes):
        body = urlencode(hidden_values(html) | {"choice": "left", "decision_ms": "8123"})
        begun = asyncio.get_running_loop().time()
        html = await post(app, "/rate/votes", token, body.encode())
        ours = asyncio.get_running_loop().time() - begun
        taken.append((ours, seconds(insert), seconds(drawing)))
    votes, inserts, drawings = zip(*taken, strict=True)
    return median(votes), median(inserts), median(drawings)


def hidden_values(html: str) -> dict[str, str]:
    form = CHOICES.search(html)
    assert form, f"no pair in the answer: {html[:300]}"
    return dict(HIDDEN.findall(form.group()))


async def post(app: FastAPI, path: str, token: str, body: bytes) -> str:
    """One request as the server hands it on, with nothing of a client's in the time."""
    headers = {
        "host": "localhost",
        "origin": "http://localhost",
        "content-type": "application/x-www-form-urlencoded",
        "cookie": f"{RATER_COOKIE}={token}",
        "hx-request-type": "partial",
    }
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
    }
    pieces = []

    async def receive() -> MutableMapping[str, Any]:  # Any: messages of the protocol
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:  # Any: as above
        pieces.append(message.get("body", b""))

    await app(scope, receive, send)
    return b"".join(pieces).decode()


def drawing_of(app: FastAPI, pair: BlindPair, rater_key: str) -> Callable[[], str]:
    def url(name: str, **path: object) -> str:
        return str(app.url_path_for(name, **path))

    return lambda: render(
        "rater/rating/_pair.html",
        state="pair",
        url=url,
        nonce="nonce",
        pair=pair,
        rater_key=rater_key,
        own_language="en",
    )


def bare_insert(file: Path) -> Callable[[], object]:
    """One vote, committed, into a table like ours."""
    connection = bare(file)
    connection.execute(
        "CREATE TABLE vote (id INTEGER PRIMARY KEY, key TEXT UNIQUE, slot_id INTEGER, "
        "attempt INTEGER, choice TEXT, shown_at TEXT, cast_at TEXT, decision_ms INTEGER, "
        "app_version TEXT, UNIQUE (slot_id, attempt))"
    )
    numbers = iter(range(1, 1_000_000))

    def insert() -> None:
        n = next(numbers)
        time = "2026-01-01 12:00:00.000000"
        connection.execute(INSERT, (n, f"key-{n}", n, 1, "left", time, time, 8123, "0.1.0"))

    return insert
