"""A real server with a small study, and a real Chromium."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from sqlmodel import select

from app.db import Engine, make_engine, transaction
from app.models import RaterKind, Vote, VoteFollowUp
from app.studies.instrument import sections_in
from app.studies.lifecycle import create_study, open_study
from app.studies.plan import Design
from app.studies.queries import group_links
from tests.factories import make_poem, make_poem_set, make_prompt
from tests.full_run import missing
from tests.journeys.server import running

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
N_PAIRS = 5
QUIET_MS = 450  # keys are ignored for 400 ms after a new pair
# What Chromium and htmx say of the connections that a test cuts.
MEANT_TO_FAIL = re.compile(r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|htmx:error")

SHORT = "The kettle ticks,\n    the window holds a bird,\n\nand nobody has said a word."
LONG = "\n".join(f"line {n} of a poem that is longer than any screen is high" for n in range(60))
WIDE = "a line so long that it must wrap on every page, however wide the page may be made " * 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


def system_chromium() -> str | None:
    return next(filter(None, map(shutil.which, SYSTEM_NAMES)), None)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, or else Playwright's own."""
    try:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=ARGUMENTS)
    except PlaywrightError as error:
        reason = str(error).splitlines()[0]
        missing(f"No Chromium could be had, neither the system's nor Playwright's own: {reason}")
        return
    yield browser
    browser.close()


@dataclass(frozen=True, slots=True)
class Site:
    address: str
    engine: Engine
    link: str

    def votes(self) -> list[Vote]:
        with transaction(self.engine, write=False) as session:
            return list(session.exec(select(Vote).order_by(Vote.id)))  # type: ignore[arg-type]  # a column

    def follow_ups(self) -> list[tuple[int | None, int | None]]:
        """Confidence and ease, in the order of the votes."""
        with transaction(self.engine, write=False) as session:
            rows = session.exec(select(VoteFollowUp).order_by(VoteFollowUp.vote_id))  # type: ignore[arg-type]  # a column
            return [(row.confidence, row.ease) for row in rows]


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A server with an open study of five pairs, of which every poem has a long line, an indent
    and several stanzas. `@pytest.mark.designed(Design(...))` gives it a design of its own."""
    engine = make_engine(sqlite_url)
    marker = request.node.get_closest_marker("designed")
    design = marker.args[0] if marker else Design()
    with transaction(engine, write=True) as session:
        poem_set = make_poem_set(session)
        for number in range(N_PAIRS):
            prompt = make_prompt(session, poem_set=poem_set)
            for side in range(2):
                text = f"Poem {number}-{side}\n\n{SHORT}\n\n{WIDE}\n\n{LONG}"
                make_poem(session, poem_set=poem_set, prompt=prompt, text=text)
        study = create_study(
            session,
            name="Study",
            poem_set_key=poem_set.key,
            question="Which poem do you prefer?",
            pairs_per_rater=N_PAIRS,
        )
        study.design = design.to_json()
        open_study(session, study.key)
        link = group_links(session, study.key)[RaterKind.NONEXPERT]
    with running("serve", database_url=sqlite_url, folder=tmp_path) as (address, _printed):
        yield Site(address, engine, link)
    engine.dispose()


@pytest.fixture
def contexts(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts; a script's error or a breach of the content policy in any of them
    fails the test."""
    made: list[BrowserContext] = []
    errors: list[str] = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(**options)  # type: ignore[arg-type]  # Playwright's own
        context.on("weberror", lambda web_error: errors.append(str(web_error.error)))
        context.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()
    assert [error for error in errors if not MEANT_TO_FAIL.search(error)] == []


@pytest.fixture
def desktop(contexts: Callable[..., BrowserContext]) -> Page:
    return contexts(viewport={"width": 1280, "height": 800}).new_page()


@pytest.fixture
def phone(contexts: Callable[..., BrowserContext]) -> Page:
    viewport = {"width": 390, "height": 844}
    return contexts(
        viewport=viewport, has_touch=True, is_mobile=True, device_scale_factor=2
    ).new_page()


def press(page: Page, key: str) -> None:
    page.wait_for_timeout(QUIET_MS)
    page.keyboard.press(key)


def join(page: Page, site: Site) -> None:
    """From the invitation to the first pair."""
    begin(page, f"{site.address}/join/{site.link}")
    answer_questions(page)


def begin(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Begin").click()


def answer_questions(page: Page) -> None:
    groups = page.get_by_role("group")
    expect(groups).to_have_count(len(sections_in("en")[0].items))
    for group in groups.all():
        group.get_by_role("radio").first.check()
    page.get_by_role("button", name="On to the poems").click()
    page.locator("#pair .book").wait_for()
    page.wait_for_load_state()  # with its style sheets and scripts
