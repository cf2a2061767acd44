"""The page of a poem in a real browser: what a rhyme answers, and correcting it by keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.accounts.admins import create_admin, make_sign_in_link
from app.db import make_engine, transaction
from tests.factories import make_poem, make_poem_set
from tests.journeys.server import running

TEXT = "The sun goes down,\nThe lamps come on;\n\nAcross the town\nThe day is over."
NINE_RHYMES = """\
light night day way tree sea house mouse hat cat ring king bone stone heart dart road toad
"""
SIZES = [{"width": 1280, "height": 800}, {"width": 390, "height": 844}]


def _couplets(words: str) -> str:
    lines = [f"We saw the {word}" for word in words.split()]
    return "\n\n".join("\n".join(pair) for pair in zip(lines[::2], lines[1::2], strict=True))


@pytest.fixture
def poem_page(sqlite_url: str, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens the page of a poem as a signed-in admin."""
    engine = make_engine(sqlite_url)
    with transaction(engine, write=True) as session:
        poem_set = make_poem_set(session)
        make_poem(session, poem_set=poem_set, poem_id="song", text=TEXT)
        make_poem(session, poem_set=poem_set, poem_id="couplets", text=_couplets(NINE_RHYMES))
        key, token = (
            poem_set.key,
            make_sign_in_link(session, create_admin(session, email="ada@example.org")),
        )
    engine.dispose()
    with running("serve", database_url=sqlite_url, folder=tmp_path) as (address, _printed):

        def opened(context: BrowserContext, poem_id: str = "song") -> Page:
            page = context.new_page()
            page.goto(f"{address}/admin/sign-in/{token}")
            page.get_by_role("button", name="Sign in").click()
            page.goto(f"{address}/admin/poem-sets/{key}/poems/{poem_id}")
            return page

        yield opened


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
def test_answer_is_shown_on_hover_and_on_focus_and_covers_nothing(contexts, poem_page, size):
    page = poem_page(contexts(viewport=size, java_script_enabled=False))
    letters, answer = page.get_by_role("link", name="rhyme A"), page.locator("#answers-1")
    expect(letters.first).to_have_accessible_description("3 town perfect 1.00")
    expect(answer).to_be_hidden()
    letters.first.hover()
    expect(answer).to_be_visible()
    page.mouse.move(0, 0)
    expect(answer).to_be_hidden()
    letters.first.focus()
    expect(answer).to_be_visible()
    shown = answer.bounding_box()
    assert shown is not None
    for other in page.locator(".line .words, .letter, .line-number").all():
        box = other.bounding_box()
        assert box is not None
        apart = (
            box["x"] + box["width"] <= shown["x"]
            or shown["x"] + shown["width"] <= box["x"]
            or box["y"] + box["height"] <= shown["y"]
            or shown["y"] + shown["height"] <= box["y"]
        )
        assert apart, other.inner_text()
    page.keyboard.press("Enter")  # the letter leads to its line in the table
    expect(page.locator("tr:has(:target)")).to_contain_text("1 and 3")


def test_lines_of_one_class_are_lit_together_and_none_that_shares_its_colour_alone(
    contexts, poem_page
):
    page = poem_page(contexts(viewport=SIZES[0], java_script_enabled=False), "couplets")
    letters = page.locator(".letter")
    expect(letters).to_have_text([f"rhyme {label}" for label in "AABBCCDDEEFFGGHHII"])
    letters.first.focus()
    lit = [letter.evaluate("one => getComputedStyle(one).boxShadow") for letter in letters.all()]
    assert [shadow != "none" for shadow in lit] == [True, True, *(False,) * 16]


def test_scheme_is_corrected_by_keyboard_without_script(contexts, poem_page):
    page = poem_page(contexts(viewport=SIZES[0], java_script_enabled=False))
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    for label in "abab":
        page.keyboard.press("Tab")
        page.keyboard.type(label)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The corrected scheme counts from now on.")).to_be_visible()
    expect(page.get_by_role("link", name="rhyme B")).to_have_count(2)
    page.get_by_role("button", name="Withdraw the correction").press("Enter")
    expect(page.get_by_role("link", name="rhyme B")).to_have_count(0)
