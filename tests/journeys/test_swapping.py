"""An opened study whose poems change their sources, titles and metadata in the database answers a
rater with the same bytes."""

import json
import random
import re
import shutil
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx
import pytest
from sqlmodel import select

from app.db import transaction
from app.models import Poem, RaterKind
from app.poems.importing import import_poems
from app.poems.reading import read
from app.studies.lifecycle import create_study, open_study
from app.studies.plan import Recruitment
from app.studies.queries import group_links
from tests.journeys.rater import HttpRater, form, is_done
from tests.journeys.test_blindness import EVERYTHING, N_PROMPTS, planted, raters_client, walk

SOURCE_OF = ("source", "title", "poem_id", "style_instruction", "meta")
# When a cookie ends and when something was stored: the clock's, not the study's. Of fixed length.
CLOCK = re.compile(rb"expires=[^;]+GMT|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|(?<=Z\">)[^<]+(?=</time>)")


@dataclass(frozen=True)
class Answer:
    """One answer; its headers tell how long it was when packed."""

    asked: str
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


@pytest.fixture
def opened(sqlite_url: str) -> tuple[Path, str]:
    """The database of an opened study, and the key of its link."""
    poems, words = planted()
    for ix, poem in enumerate(poems):  # of different lengths, so that a length would tell too
        poem |= {name: poem[name] + ix * "x" for name in ("source", "title", "temperature")}
    content = "\n".join(json.dumps(poem) for poem in poems).encode()
    with raters_client(sqlite_url) as client:
        engine = client.app.state.engine  # type: ignore[attr-defined]  # Starlette's app
        with transaction(engine, write=True) as session:
            poem_set = import_poems(
                session, read(content, "a.jsonl"), name="A", file_name="a", content_sha256=words[0]
            )
            study = create_study(
                session,
                name="A",
                poem_set_key=poem_set.key,
                question="Which poem do you prefer?",
                pairs_per_rater=N_PROMPTS,
                design=EVERYTHING,
                recruitment=Recruitment(completion_code="C1DONE"),
            )
            open_study(session, study.key)
            link = group_links(session, study.key)[RaterKind.EXPERT]
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(sqlite_url.removeprefix("sqlite:///")), link


def answers(
    file: Path, link: str, monkeypatch: pytest.MonkeyPatch, *, fragment: bool
) -> list[Answer]:
    """The whole walk, with nonces, tokens and keys drawn alike each time."""
    chance = random.Random(7)
    monkeypatch.setattr("secrets.choice", chance.choice)

    def token(n: int = 32) -> str:
        return urlsafe_b64encode(chance.randbytes(n)).decode().rstrip("=")

    monkeypatch.setattr("secrets.token_urlsafe", token)
    monkeypatch.setattr("secrets.token_hex", lambda n=32: f"{chance.getrandbits(8 * n):x}")
    with raters_client(f"sqlite:///{file}") as client:
        rater = HttpRater(client, fragment=fragment)
        walk(rater, link)
        for path in ("/me", "/me/data.json", "/privacy"):
            rater.page(path)
    return [_as_sent(response) for response in rater.seen]


def _as_sent(response: httpx.Response) -> Answer:
    packed = "content-encoding" in response.headers
    headers = tuple(
        (name, CLOCK.sub(b"", value))
        for name, value in response.headers.raw
        # What is stored about a rater holds times of this very run, which pack a byte shorter or
        # longer; of every other answer the packed length is compared too.
        if not (packed and name == b"content-length" and CLOCK.search(response.content))
    )
    body = CLOCK.sub(b"", response.content)
    return Answer(str(response.url), response.status_code, headers, body)


def swapped(file: Path, folder: Path, order: list[int]) -> Path:
    """A copy in which each poem has the source, title, ids and metadata of another."""
    from app.db import make_engine

    copy = folder / "swapped.db"
    shutil.copy(file, copy)
    engine = make_engine(f"sqlite:///{copy}")
    with transaction(engine, write=True) as session:
        poems = session.exec(select(Poem).order_by(Poem.id)).all()  # type: ignore[arg-type]
        held = [{name: getattr(poem, name) for name in SOURCE_OF} for poem in poems]
        assert len({one["source"] for one in held}) == len(held)
        for poem in poems:
            poem.poem_id = f"between-{poem.id}"
        session.flush()
        for ix, poem in enumerate(poems):
            for name, value in held[order[ix]].items():
                setattr(poem, name, value)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return copy


N_POEMS = 3 * N_PROMPTS
TWO = [1, 0, *range(2, N_POEMS)]
ALL = [*range(1, N_POEMS), 0]


@pytest.mark.parametrize("fragment", [False, True], ids=["without script", "with htmx"])
@pytest.mark.parametrize("order", [TWO, ALL], ids=["two poems", "all poems"])
def test_poems_with_exchanged_sources_are_shown_in_the_same_bytes(
    opened, tmp_path, monkeypatch, order, fragment
):
    file, link = opened
    copies = tmp_path / "copies"
    copies.mkdir()
    other = swapped(file, copies, order)
    before = answers(file, link, monkeypatch, fragment=fragment)
    after = answers(other, link, monkeypatch, fragment=fragment)
    assert len(before) == len(after) > 4 * N_PROMPTS
    seen = b"".join(one.body for one in before)
    for words in (b"Line one of", b"This is not a poem.", b"About the answer", b"C1DONE"):
        assert words in seen
    for one, two in zip(before, after, strict=True):
        assert one == two, one.asked


def test_two_raters_share_no_key_and_no_address(opened):
    file, link = opened
    shown: list[set[str]] = []
    with raters_client(f"sqlite:///{file}") as client:
        for _ in range(2):
            client.cookies.clear()
            rater = HttpRater(client)
            page = rater.join(link)
            keys = set()
            while not is_done(page := rater.proceed(page)):
                keys.add(form(page, "choices")["slot"])
                page = rater.vote(page, "left")
            shown.append(keys)
    assert len(shown[0]) == len(shown[1]) == N_PROMPTS + EVERYTHING.repeats + EVERYTHING.checks
    assert shown[0].isdisjoint(shown[1])


def test_rating_page_repeats_nothing_that_an_address_says(opened):
    """What is packed together with a secret and can be chosen by somebody else tells the secret by
    its size: so nothing can be."""
    file, link = opened
    with raters_client(f"sqlite:///{file}") as client:
        rater = HttpRater(client)
        rater.join(link)
        for path in ("/rate", "/me", "/questions", "/privacy"):
            page = rater.page(f"{path}?chosen=by-a-stranger")
            assert "by-a-stranger" not in page.text
