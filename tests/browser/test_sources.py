"""The sources of a set in a real browser: one feature after another, by keyboard."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.accounts.admins import create_admin, make_sign_in_link
from app.db import make_engine, transaction
from app.poems.comparing import compare_set
from app.poems.measuring import measure_set
from tests.factories import make_poem, make_poem_set
from tests.journeys.server import running

TEXTS = {
    "Alpha": "The cat sat on the mat,\nand on it lay a hat.",
    "Beta": "The kettle ticks.\nRain.",
}


@pytest.mark.parametrize("width", [1280, 390])
def test_feature_is_chosen_without_leaving_the_page(contexts, sqlite_url, tmp_path: Path, width):
    engine = make_engine(sqlite_url)
    with transaction(engine, write=True) as session:
        poem_set = make_poem_set(session)
        for source, text in TEXTS.items():
            make_poem(session, poem_set=poem_set, source=source, text=text)
        key, set_id = poem_set.key, poem_set.id or 0
        token = make_sign_in_link(session, create_admin(session, email="ada@example.org"))
    for _ in (*measure_set(engine, set_id), *compare_set(engine, set_id)):
        pass
    engine.dispose()
    with running("serve", database_url=sqlite_url, folder=tmp_path) as (address, _printed):
        page = contexts(viewport={"width": width, "height": 800}).new_page()
        page.goto(f"{address}/admin/sign-in/{token}")
        page.get_by_role("button", name="Sign in").click()
        page.goto(f"{address}/admin/poem-sets/{key}")
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
