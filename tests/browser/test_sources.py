"""The sources of a set in a real browser: one feature after another, by keyboard."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.accounts.admins import create_admin, make_sign_in_link
from app.db import make_engine, transaction
from app.poems.comparing import compare_set
from app.poems.measuring import measure_set
from tests.factories import make_poem, make_poem_set
from tests.journeys.server import running
from tests.verse.form_labels import labelled_forms

TEXTS = {
    "Alpha": "The cat sat on the mat,\nand on it lay a hat.",
    "Beta": "The kettle ticks.\nRain.",
}


SONNET = next(poem.text for poem in labelled_forms("dev") if poem.note == "unbroken, regular")
ENDS = ("day", "stone", "river", "light", "home", "tree", "way", "alone", "shiver", "night", "rain")
LONG = "\n".join(f"The water went along the {ENDS[n * n % 11]}" for n in range(120))


@contextmanager
def shown_set(
    url: str, folder: Path, texts: dict[str, str]
) -> Iterator[tuple[str, Callable[[Page], None]]]:
    """The address of a measured set of one poem a source, and how a page signs in."""
    engine = make_engine(url)
    with transaction(engine, write=True) as session:
        poem_set = make_poem_set(session)
        for source, text in texts.items():
            make_poem(session, poem_set=poem_set, source=source, text=text)
        key, set_id = poem_set.key, poem_set.id or 0
        token = make_sign_in_link(session, create_admin(session, email="ada@example.org"))
    for _ in (*measure_set(engine, set_id), *compare_set(engine, set_id)):
        pass
    engine.dispose()
    with running("serve", database_url=url, folder=folder) as (address, _printed):

        def sign_in(page: Page) -> None:
            page.goto(f"{address}/admin/sign-in/{token}")
            page.get_by_role("button", name="Sign in").click()

        yield f"{address}/admin/poem-sets/{key}", sign_in


LINES_OF_WORD = """cell => {
  const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode()
  const range = document.createRange()
  range.setStart(text, 0)
  range.setEnd(text, text.data.indexOf(" "))
  return range.getClientRects().length
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_long_labels_neither_stretch_the_page_nor_break_in_a_word(
    contexts, sqlite_url, tmp_path: Path, width
):
    with shown_set(sqlite_url, tmp_path, {"Alpha": LONG, "Beta": SONNET}) as (address, sign_in):
        page = contexts(viewport={"width": width, "height": 800}).new_page()
        sign_in(page)
        page.goto(f"{address}?feature=rhyme_scheme")
        assert page.locator("#features").bounding_box()["height"] < 800
        title = page.locator("#features abbr").first.get_attribute("title")
        assert title is not None
        assert len(title) > 100
        page.goto(f"{address}?feature=form")
        header = page.get_by_role("columnheader", name="Shakespearean sonnet")
        assert header.evaluate(LINES_OF_WORD) == 1
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [1280, 390])
def test_feature_is_chosen_without_leaving_the_page(contexts, sqlite_url, tmp_path: Path, width):
    with shown_set(sqlite_url, tmp_path, TEXTS) as (address, sign_in):
        page = contexts(viewport={"width": width, "height": 800}).new_page()
        sign_in(page)
        page.goto(address)
        chart = page.locator("#features").get_by_role("img")
        expect(chart).to_have_accessible_name(re.compile("^Rhyme density by source"))
        page.get_by_label("Feature", exact=True).focus()
        page.get_by_label("Feature", exact=True).select_option(label="Words")
        expect(chart).to_have_accessible_name(re.compile("^Words by source"))
        expect(page.get_by_label("Feature", exact=True)).to_be_focused()
        expect(page.get_by_role("region", name="Table: Words by source")).to_contain_text("Alpha")
        page.get_by_text("All features of all sources").click()
        page.get_by_role("link", name="Moral ending").click()
        expect(page.get_by_label("Feature", exact=True)).to_have_value("moral_ending")
        assert page.evaluate("document.documentElement.scrollWidth") == width
