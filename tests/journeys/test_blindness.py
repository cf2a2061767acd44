"""No byte that a rater is sent tells where a poem comes from."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from app.db import transaction
from app.main import create_app
from app.models import RaterKind
from app.poems.importing import import_poems
from app.poems.reading import read
from app.settings import Settings
from app.studies.lifecycle import close_study, create_study, open_study
from app.studies.plan import Design
from app.studies.queries import group_links
from tests.journeys.rater import HttpRater, is_done

N_PROMPTS = 4
EVERYTHING = Design(
    practice=True, asks_confidence=True, asks_ease=True, break_every=2, repeats=2, checks=1
)


@contextmanager
def raters_client(database_url: str) -> Iterator[TestClient]:
    app = create_app(Settings(database_url=database_url), with_worker=False)
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield client


def planted() -> tuple[list[dict[str, str]], list[str]]:
    """Poems whose source, title, ids and other columns cannot occur by chance; and those words."""
    words: list[str] = []

    def secret(kind: str) -> str:
        words.append(f"{kind}{uuid4().hex}")
        return words[-1]

    poems = []
    for prompt in range(N_PROMPTS):
        asked = {"prompt_id": secret("promptid"), "prompt": secret("prompt")}
        poems += [
            asked
            | {
                "text": f"Line one of {prompt} and {poem}\n  line two, indented\n\nline three",
                "source": secret("source"),
                "title": secret("title"),
                "poem_id": secret("poemid"),
                "style_instruction": secret("style"),
                "temperature": secret("meta"),
            }
            for poem in range(3)
        ]
    return poems, words


@pytest.mark.parametrize("fragment", [False, True], ids=["without script", "with htmx"])
def test_rater_is_sent_nothing_about_a_source(database_url: str, fragment: bool):
    poems, words = planted()
    file_name, set_name, study_name = (f"{kind}{uuid4().hex}" for kind in ("file", "set", "study"))
    words += [file_name, set_name, study_name]
    content = "\n".join(json.dumps(poem) for poem in poems).encode()
    with raters_client(database_url) as client:
        engine = client.app.state.engine  # type: ignore[attr-defined]  # Starlette's app
        with transaction(engine, write=True) as session:
            poem_set = import_poems(
                session,
                read(content, f"{file_name}.jsonl"),
                name=set_name,
                file_name=f"{file_name}.jsonl",
                content_sha256=words[0],
            )
            study = create_study(
                session,
                name=study_name,
                poem_set_key=poem_set.key,
                question="Which poem do you prefer?",
                pairs_per_rater=N_PROMPTS,
            )
            study.design = EVERYTHING.to_json()
            open_study(session, study.key)
            links = group_links(session, study.key)
        rater = HttpRater(client, fragment=fragment)
        walk(rater, links[RaterKind.EXPERT])
        with transaction(engine, write=True) as session:
            close_study(session, study.key)
        rater.page("/rate")
        rater.send("GET", f"/join/{links[RaterKind.EXPERT]}")
    assert len(rater.seen) > 4 * N_PROMPTS
    assert any("Line one of" in response.text for response in rater.seen)
    for response in rater.seen:
        sent = everything_in(response)
        for word in words:
            assert word not in sent, f"{word} in the answer to {response.request.url}"


def walk(rater: HttpRater, link: str) -> None:
    """The whole journey, with its side ways: refusals, undo, resent votes, wrong addresses."""
    rater.send("POST", f"/join/{link}", data={})
    page = rater.proceed(rater.join(link))
    n = 0
    while not is_done(page):
        page = rater.vote(page, ["left", "right", "tie"][n % 3])
        if n == 1:
            page = rater.undo(page)
        page = rater.proceed(page)
        n += 1
    rater.send("POST", "/rate/votes", data={"slot": "nonsense", "attempt": "1", "choice": "left"})
    rater.send("POST", "/rate/votes", data={"slot": "nonsense", "attempt": "x"})
    if '<form class="undo' in page.text:  # not once a code was given
        rater.undo(page)
    for path in ("/", "/no-such-page", "/r/no-such-token", "/admin/studies", "/health"):
        rater.send("GET", path)


def everything_in(response: httpx.Response) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.multi_items())
    return f"{response.url}\n{headers}\n{response.text}"
