"""Practice, checks, questions on a choice, breaks and the pause in a real browser, and what the
page measures: by keyboard, mouse, touch and without script, with a bad connection."""

import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Page, Request, Route, expect

from app.studies.plan import Design
from tests.browser.conftest import N_PAIRS, QUIET_MS, Site, join, press
from tests.journeys.server import running

EVERYTHING = Design(practice=True, asks_confidence=True, break_every=2, repeats=1, checks=1)
TOTAL = N_PAIRS + 2
FIRST_LOAD, NEXT_PAIR = 120_000, 8_000  # bytes, compressed
HEADERS = 350  # bytes of each answer, beside its body


def is_check(page: Page) -> bool:
    return page.get_by_text("This is not a poem.").count() > 0


def state(page: Page) -> str:
    """Which of the states of the page is shown, once nothing is being sent."""
    page.wait_for_timeout(QUIET_MS)
    for reason in ("sending", "arriving"):
        expect(page.locator(f"#pair form[data-blocked~={reason}]")).to_have_count(0)
    for selector, name in (
        (".practice", "practice"),
        (".pair", "pair"),
        (".break", "break"),
        (".done", "done"),
    ):
        if page.locator(f"#pair{selector}").count():
            return name
    return "question"


def walk(page: Page, ways: dict[str, Callable[[], None]]) -> list[str]:
    """Does in each state what is said for it, until the end; gives the states."""
    states = []
    while (now := state(page)) != "done":
        states.append("check" if now == "pair" and is_check(page) else now)
        assert len(states) < 40
        ways[now]()
    return states


def expect_whole_walk(states: list[str]) -> None:
    assert states[0] == "practice"
    assert states.count("practice") == states.count("check") == 1
    assert states.count("pair") == states.count("question") == N_PAIRS + 1
    assert states.count("break") == 2


def choose_after_reading(page: Page) -> None:
    for side in ("left", "right"):
        poem = page.locator(f"#poem-{side}")
        poem.evaluate("poem => poem.scrollTo(0, poem.scrollHeight)")
        page.wait_for_timeout(150)  # its end is seen
        if side == "left":
            swipe(page)
    expect(page.get_by_role("button", name="I prefer A")).to_have_attribute(
        "aria-disabled", "false"
    )
    page.get_by_role("button", name="I prefer A").tap()


def swipe(page: Page) -> None:
    """A finger drawn over the page from right to left."""
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *places: int) -> None:
        points = [{"x": x, "y": 300} for x in places]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 340)
    for x in range(320, 39, -20):
        touch("touchMove", x)
    touch("touchEnd")
    expect(page.get_by_role("link", name="Poem B")).to_have_attribute("aria-current", "true")


@pytest.mark.designed(EVERYTHING)
def test_whole_study_by_keyboard_with_all_that_stands_between(site: Site, desktop: Page):
    join(desktop, site)
    ways = {
        "practice": lambda: desktop.keyboard.press("ArrowRight"),
        "pair": lambda: desktop.keyboard.press("ArrowLeft"),
        "question": lambda: desktop.keyboard.press("4"),
        "break": lambda: desktop.keyboard.press("Enter"),
    }
    expect_whole_walk(walk(desktop, ways))
    votes = site.votes()
    assert len(votes) == TOTAL
    assert site.follow_ups() == [(4, None)] * (N_PAIRS + 1)
    assert {vote.input_kind for vote in votes} == {"keyboard"}
    assert {vote.layout for vote in votes} == {"book"}
    assert {(vote.viewport_width, vote.viewport_height) for vote in votes} == {(1280, 800)}
    assert {(vote.left_ms, vote.right_ms) for vote in votes} == {(None, None)}


@pytest.mark.designed(EVERYTHING)
def test_whole_study_by_touch_tells_the_time_on_each_poem(site: Site, phone: Page):
    join(phone, site)

    def tap(name: str) -> Callable[[], None]:
        return lambda: phone.get_by_role("button", name=name).tap()

    ways = {
        "practice": lambda: choose_after_reading(phone),
        "pair": lambda: choose_after_reading(phone),
        "question": tap("2 unsure"),
        "break": tap("Go on"),
    }
    expect_whole_walk(walk(phone, ways))
    votes = site.votes()
    assert site.follow_ups() == [(2, None)] * (N_PAIRS + 1)
    assert {vote.input_kind for vote in votes} == {"touch"}
    assert {vote.layout for vote in votes} == {"pager"}
    for vote in votes:
        seen = (vote.left_ms, vote.right_ms, vote.reading_ms, vote.decision_ms)
        left, right, reading, decision = (time or 0 for time in seen)
        assert min(left, right) > 0
        assert abs(left + right - decision) <= 3  # rounded
        assert 0 < reading <= decision


@pytest.mark.designed(Design(practice=True, asks_confidence=True, asks_ease=True, break_every=2))
def test_whole_study_without_script_with_all_that_stands_between(
    site: Site, contexts: Callable[..., BrowserContext]
):
    page = contexts(java_script_enabled=False).new_page()
    join(page, site)
    page.get_by_role("button", name="I prefer A").click()
    for number in range(1, N_PAIRS + 1):
        if number in (3, 5) and page.get_by_role("heading", name="rest your eyes").count():
            page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="I prefer B").click()
        page.get_by_role("radio", name=str(number)).first.check(force=True)
        page.get_by_role("button", name="Go on" if number < 4 else "No answer").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert site.follow_ups() == [(1, None), (2, None), (3, None), (None, None), (None, None)]
    assert {vote.layout for vote in site.votes()} == {None}


@pytest.mark.designed(Design(asks_confidence=True, asks_ease=True))
def test_two_scales_are_answered_by_keys_in_turn(site: Site, desktop: Page):
    join(desktop, site)
    press(desktop, "ArrowLeft")
    expect(desktop.get_by_role("heading", name="About the answer")).to_be_focused()
    expect(desktop.locator("#announcer")).to_have_text("About the answer you just gave")
    expect(desktop.get_by_role("group", name="How sure are you")).to_be_visible()
    press(desktop, "5")
    press(desktop, "1")
    expect(desktop.get_by_role("radio", name="5 certain")).to_be_checked()
    expect(desktop.get_by_role("radio", name="1 very hard")).to_be_checked()
    press(desktop, "Enter")
    expect(desktop.locator("#pair.pair")).to_be_visible()
    assert site.follow_ups() == [(5, 1)]


@pytest.mark.designed(Design(asks_confidence=True))
def test_question_is_undone_double_clicked_and_left_alone_by_switched_off_keys(
    site: Site, desktop: Page
):
    join(desktop, site)
    press(desktop, "ArrowLeft")
    desktop.locator(".step-button").first.wait_for()
    press(desktop, "z")
    expect(desktop.locator("#pair.pair")).to_be_visible()
    press(desktop, "ArrowRight")
    desktop.locator(".step-button").first.wait_for()
    press(desktop, "?")
    desktop.get_by_label("Use these keys").uncheck()
    desktop.keyboard.press("Escape")
    press(desktop, "3")
    desktop.wait_for_timeout(QUIET_MS)
    assert site.follow_ups() == []
    desktop.get_by_role("button", name="3 fairly sure").dblclick()
    expect(desktop.locator("#pair.pair")).to_be_visible()
    desktop.wait_for_timeout(QUIET_MS)
    assert site.follow_ups() == [(3, None)]
    assert [vote.choice.value for vote in site.votes()] == ["left", "right"]


@pytest.mark.designed(EVERYTHING)
def test_lost_connection_loses_no_answer_of_any_kind(site: Site, desktop: Page):
    join(desktop, site)

    def offline_then_online(key: str) -> Callable[[], None]:
        def way() -> None:
            desktop.context.set_offline(True)
            desktop.keyboard.press(key)
            expect(desktop.locator("#status")).to_contain_text("kept here")
            desktop.context.set_offline(False)
            expect(desktop.locator("#status")).not_to_contain_text("kept here")

        return way

    keys = {"practice": "t", "pair": "ArrowRight", "question": "1", "break": "Enter"}
    expect_whole_walk(walk(desktop, {name: offline_then_online(k) for name, k in keys.items()}))
    assert [vote.choice.value for vote in site.votes()] == ["right"] * TOTAL
    assert site.follow_ups() == [(1, None)] * (N_PAIRS + 1)


@pytest.mark.designed(Design(asks_confidence=True))
def test_answer_kept_over_a_reload_is_sent_again_with_its_times(site: Site, desktop: Page):
    join(desktop, site)
    desktop.wait_for_timeout(1500)
    desktop.route("**/rate/votes", lambda route: route.abort())
    desktop.keyboard.press("ArrowRight")
    expect(desktop.locator("#status")).to_contain_text("kept here")
    desktop.unroute("**/rate/votes")
    desktop.reload()
    desktop.locator(".step-button").first.wait_for()
    (vote,) = site.votes()
    assert vote.choice == "right"
    assert (vote.decision_ms or 0) >= 1500
    assert vote.input_kind == "keyboard"


@pytest.mark.designed(Design(asks_confidence=True))
def test_question_in_two_tabs_and_after_the_back_button_is_answered_once(site: Site, desktop: Page):
    join(desktop, site)
    press(desktop, "ArrowLeft")
    desktop.locator(".step-button").first.wait_for()
    other = desktop.context.new_page()
    other.goto(f"{site.address}/rate")
    press(desktop, "5")
    expect(desktop.locator("#pair.pair")).to_be_visible()
    press(other, "1")
    expect(other.locator("#pair.pair")).to_be_visible()
    desktop.goto(f"{site.address}/")
    desktop.go_back()
    expect(desktop.locator("#position")).to_contain_text("Pair 2")
    assert site.follow_ups() == [(5, None)]


def test_server_that_starts_again_in_the_middle_of_a_vote_gets_it_once(
    site: Site, sqlite_url: str, tmp_path: Path, desktop: Page
):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = {"database_url": sqlite_url, "folder": tmp_path, "port": port}
    lost: list[APIResponse] = []

    def stored_but_never_answered(route: Route) -> None:
        if not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    with running("serve", **serve) as (address, _printed):
        join(desktop, Site(address, site.engine, site.link))
        desktop.route("**/rate/votes", stored_but_never_answered)
        press(desktop, "ArrowRight")
        expect(desktop.locator("#status")).to_contain_text("kept here")
    with running("serve", **serve):
        expect(desktop.locator("#position")).to_contain_text("Pair 2", timeout=20_000)
        assert [vote.choice.value for vote in site.votes()] == ["right"]


@pytest.mark.designed(Design(checks=1))
def test_check_can_be_read_on_either_side(site: Site, phone: Page):
    join(phone, site)
    while not is_check(phone):
        choose_after_reading(phone)
        phone.wait_for_timeout(QUIET_MS)
    said = phone.locator(".poem .verse").all_text_contents()
    assert sum("Please choose this side" in text for text in said) == 1
    assert sum("Please choose the other side" in text for text in said) == 1
    letters = {re.findall(r"side: ([AB])\.", text)[0] for text in said}
    assert len(letters) == 1
    this = "A" if "this side" in said[0] else "B"
    assert letters == {this}


@pytest.mark.designed(EVERYTHING)
@pytest.mark.parametrize("size", [(320, 640), (320, 200)], ids=["small", "400% zoom"])
def test_no_state_scrolls_sideways(
    site: Site, contexts: Callable[..., BrowserContext], size: tuple[int, int]
):
    width, height = size
    page = contexts(
        viewport={"width": width, "height": height},
        forced_colors="active",
        reduced_motion="reduce",
    ).new_page()
    join(page, site)

    def fits() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    def read_and_choose() -> None:
        fits()
        for side in ("left", "right"):
            page.locator(f"#poem-{side} .end").scroll_into_view_if_needed()
            page.wait_for_timeout(100)
        page.get_by_role("button", name="I prefer A").click()

    def click(name: str) -> Callable[[], None]:
        def way() -> None:
            fits()
            page.get_by_role("button", name=name).click()

        return way

    ways = {
        "practice": read_and_choose,
        "pair": read_and_choose,
        "question": click("4 sure"),
        "break": click("Go on"),
    }
    expect_whole_walk(walk(page, ways))


@pytest.mark.designed(Design(asks_confidence=True))
def test_page_and_what_follows_are_light(site: Site, desktop: Page):
    join(desktop, site)
    fresh = desktop.context.browser
    assert fresh is not None
    context = fresh.new_context(storage_state=desktop.context.storage_state())
    page = context.new_page()
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    page.on("request", note)

    def weights() -> dict[str, int]:
        return {one.url: one.sizes()["responseBodySize"] for one in asked}

    page.goto(f"{site.address}/rate", wait_until="networkidle")
    page.locator(".verse").first.evaluate("verse => verse.append('Dvořák')")  # one more face
    page.evaluate("document.fonts.ready.then(() => null)")
    assert any("latin-ext-a" in url for url in weights())
    assert sum(weights().values()) <= FIRST_LOAD - 27 * HEADERS, weights()
    asked.clear()
    press(page, "ArrowLeft")
    page.locator(".step-button").first.wait_for()
    press(page, "3")
    expect(page.locator("#position")).to_contain_text("Pair 2")
    next_ones = weights()
    assert all(weight <= NEXT_PAIR for weight in next_ones.values()), next_ones
    assert len(next_ones) == 2, next_ones
    context.close()
