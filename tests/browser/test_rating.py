"""Rating in a real browser: keyboard, mouse, phone, without script, with a bad connection."""

import re
from collections.abc import Callable

from playwright.sync_api import APIResponse, BrowserContext, Page, Route, expect

from tests.browser.conftest import N_PAIRS, QUIET_MS, Site, join, press


def expect_pair(page: Page, number: int) -> None:
    expect(page.locator("#position > .visually-hidden")).to_have_text(f"Pair {number} of {N_PAIRS}")


def choices(site: Site) -> list[str]:
    return [vote.choice.value for vote in site.votes()]


def test_whole_study_by_keyboard(site: Site, desktop: Page):
    join(desktop, site)
    keys = ["ArrowLeft", "ArrowRight", "t", "ArrowLeft", "ArrowRight"]
    for number, key in enumerate(keys, start=1):
        expect_pair(desktop, number)
        press(desktop, key)
    expect(desktop.get_by_role("heading", name="Thank you")).to_be_visible()
    assert choices(site) == ["left", "right", "tie", "left", "right"]
    times = [vote.decision_ms or 0 for vote in site.votes()]
    assert 0 < times[0] < 60_000
    assert all(400 <= time < 60_000 for time in times[1:])  # no key counts sooner


def test_new_pair_takes_the_focus_and_is_announced(site: Site, desktop: Page):
    join(desktop, site)
    press(desktop, "ArrowLeft")
    expect_pair(desktop, 2)
    expect(desktop.locator("#pair h1")).to_be_focused()
    expect(desktop.locator("#announcer")).to_have_text(f"Pair 2 of {N_PAIRS}")


def test_undo_by_key_shows_the_pair_again(site: Site, desktop: Page):
    join(desktop, site)
    first = desktop.locator(".poem").first.text_content()
    press(desktop, "ArrowLeft")
    expect_pair(desktop, 2)
    press(desktop, "z")
    expect_pair(desktop, 1)
    assert desktop.locator(".poem").first.text_content() == first
    press(desktop, "ArrowRight")
    expect_pair(desktop, 2)
    assert [(vote.attempt, vote.choice.value) for vote in site.votes()] == [
        (1, "left"),
        (2, "right"),
    ]


def test_held_key_votes_once(site: Site, desktop: Page):
    join(desktop, site)
    desktop.wait_for_timeout(QUIET_MS)
    for _ in range(8):  # a held key repeats without being let go
        desktop.keyboard.down("ArrowLeft")
    desktop.keyboard.up("ArrowLeft")
    expect_pair(desktop, 2)
    desktop.wait_for_timeout(QUIET_MS)
    assert choices(site) == ["left"]


def test_double_click_votes_once(site: Site, desktop: Page):
    join(desktop, site)
    desktop.get_by_role("button", name="I prefer B").dblclick()
    expect_pair(desktop, 2)
    desktop.wait_for_timeout(QUIET_MS)
    assert choices(site) == ["right"]


def test_keys_can_be_switched_off_and_stay_off(site: Site, desktop: Page):
    join(desktop, site)
    press(desktop, "?")
    desktop.get_by_label("Use these keys").uncheck()
    desktop.get_by_role("link", name="Back to the poems").click()
    desktop.reload()
    press(desktop, "ArrowLeft")
    desktop.wait_for_timeout(300)
    expect_pair(desktop, 1)
    assert choices(site) == []


def test_help_opens_by_key_and_holds_the_personal_link(
    site: Site, desktop: Page, contexts: Callable[..., BrowserContext]
):
    join(desktop, site)
    press(desktop, "?")
    expect(desktop.get_by_role("dialog")).to_be_visible()
    desktop.keyboard.press("ArrowLeft")  # keys rest while the dialog is open
    link = desktop.locator("#personal-link").input_value()
    desktop.keyboard.press("Escape")
    expect_pair(desktop, 1)
    press(desktop, "ArrowRight")
    expect_pair(desktop, 2)
    elsewhere = contexts().new_page()
    elsewhere.goto(link)
    expect_pair(elsewhere, 2)


def test_reload_and_back_button_keep_the_vote(site: Site, desktop: Page):
    join(desktop, site)
    press(desktop, "ArrowLeft")
    expect_pair(desktop, 2)
    desktop.reload()
    expect_pair(desktop, 2)
    desktop.go_back()
    desktop.goto(f"{site.address}/rate")
    expect_pair(desktop, 2)
    assert choices(site) == ["left"]


def test_lost_connection_keeps_the_vote_and_sends_it_again_once(site: Site, desktop: Page):
    join(desktop, site)
    desktop.wait_for_timeout(QUIET_MS)
    desktop.context.set_offline(True)
    desktop.keyboard.press("ArrowRight")
    expect(desktop.locator("#status")).to_contain_text("kept here")
    desktop.keyboard.press("ArrowLeft")  # pressed meanwhile: nothing
    desktop.context.set_offline(False)
    expect_pair(desktop, 2)
    assert choices(site) == ["right"]


def test_answer_that_was_lost_on_the_way_back_counts_once(site: Site, desktop: Page):
    join(desktop, site)
    lost: list[APIResponse] = []

    def lose_first_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())  # the server stores the vote, the page never hears of it
        route.abort()

    desktop.route("**/rate/votes", lose_first_answer)
    press(desktop, "ArrowLeft")
    expect_pair(desktop, 2)
    assert choices(site) == ["left"]


def test_two_tabs_never_make_two_votes_of_one_pair(site: Site, desktop: Page):
    join(desktop, site)
    other = desktop.context.new_page()
    other.goto(f"{site.address}/rate")
    press(desktop, "ArrowLeft")
    expect_pair(desktop, 2)
    press(other, "ArrowRight")
    expect_pair(other, 2)
    assert choices(site) == ["left"]


def test_whole_study_without_script(site: Site, contexts: Callable[..., BrowserContext]):
    page = contexts(java_script_enabled=False).new_page()
    join(page, site)
    for number in range(1, N_PAIRS + 1):
        expect_pair(page, number)
        page.get_by_role("button", name="I prefer A").click()
        if number == 1:
            page.get_by_role("button", name="Undo").click()
            expect_pair(page, 1)
            page.get_by_role("button", name="Can’t choose").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    votes = site.votes()
    assert len(votes) == N_PAIRS + 1
    assert {vote.decision_ms for vote in votes} == {None}


def test_phone_waits_until_both_poems_were_read_to_the_end(site: Site, phone: Page):
    join(phone, site)
    choice = phone.get_by_role("button", name="I prefer A")
    expect(choice).to_have_attribute("aria-disabled", "true")
    box = choice.bounding_box()
    assert box is not None
    assert box["height"] >= 56
    choice.tap(force=True)
    expect(phone.locator("#status")).to_contain_text("to the end")
    for letter in "AB":
        phone.get_by_role("link", name=f"Poem {letter}").tap()
        phone.wait_for_timeout(600)
        side = "left" if letter == "A" else "right"
        phone.locator(f"#poem-{side}").evaluate("poem => poem.scrollTo(0, poem.scrollHeight)")
    expect(choice).to_have_attribute("aria-disabled", "false")
    choice.tap()
    expect_pair(phone, 2)
    expect(phone.get_by_role("button", name="I prefer A")).to_have_attribute(
        "aria-disabled", "true"
    )
    assert choices(site) == ["left"]


def test_no_page_scrolls_sideways(site: Site, phone: Page):
    join(phone, site)
    for width in (390, 320):
        phone.set_viewport_size({"width": width, "height": 640})
        assert phone.evaluate("document.documentElement.scrollWidth") <= width


def test_mark_stands_only_where_a_line_really_wraps(site: Site, desktop: Page):
    join(desktop, site)
    words = desktop.locator(".poem").first.locator(".words")
    expect(words.filter(has_text="a line so long")).to_have_class(re.compile("wrapped"))
    expect(words.filter(has_text="The kettle ticks")).not_to_have_class(re.compile("wrapped"))


def test_both_poems_are_set_alike(site: Site, desktop: Page):
    join(desktop, site)
    styles = desktop.evaluate(
        """[...document.querySelectorAll('.poem')].map(poem => {
            const line = getComputedStyle(poem.querySelector('.line'));
            const box = poem.getBoundingClientRect();
            return [line.fontFamily, line.fontSize, line.lineHeight,
                    Math.round(box.width), Math.round(box.height)].join();
        })"""
    )
    assert styles[0] == styles[1]
