"""What a screen reader is told on every state of the rating page: roles, names, where the focus
goes, and what is announced. The tree is Chromium's own, as it gives it to such programs."""

import html
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from app.studies.plan import Design
from tests.browser.conftest import N_PAIRS, Site, join
from tests.browser.test_between_pairs import is_check, state, walk

TOTAL = N_PAIRS + 2
EVERYTHING = Design(
    practice=True, asks_confidence=True, asks_ease=True, break_every=3, repeats=1, checks=1
)
BAR = """
- button "Undo my last choice"
- button "Pause"
- link "Help"
"""
PAIR = """
- heading "Which poem do you prefer?" [level=1]
- article "Poem A":
  - heading "Poem A" [level=2]
- article "Poem B":
  - heading "Poem B" [level=2]
- button "I prefer A"
- button "Can’t choose"
- button "I prefer B"
"""
QUESTIONS = """
- heading "About the answer you just gave" [level=1]
- group "How sure are you of this answer?":
  - radio "1 I guessed"
  - radio "5 certain"
- group "How easy was it to answer?":
  - radio "1 very hard"
  - radio "5 very easy"
- button "Go on"
- button "No answer"
"""
BREAK = """
- heading "Time to rest your eyes" [level=1]
- button "Go on"
"""
DONE = """
- heading "Thank you for reading" [level=1]
- button "Take back my last choice"
"""


def heard(page: Page) -> Locator:
    return page.locator("#announcer")


def expect_told(page: Page, tree: str, *, announced: str | None) -> None:
    """The tree, the title, the focus on its heading, and what was announced; the first state of a
    page announces itself by being loaded."""
    expect(page.locator("#pair")).to_match_aria_snapshot(tree)
    heading = page.get_by_role("heading", level=1).inner_text()
    expect(page).to_have_title(heading)
    loaded_again = page.request.get(page.url).text()
    assert f"<title>{heading}</title>" in html.unescape(loaded_again)
    if announced is not None:
        expect(heard(page)).to_have_text(announced)
        expect(page.get_by_role("heading", level=1)).to_be_focused()


@pytest.mark.designed(EVERYTHING)
def test_every_state_has_its_roles_names_focus_and_announcement(site: Site, desktop: Page):
    join(desktop, site)
    shown: list[str] = []

    def position() -> str:
        return f"Pair {sum(one in {'pair', 'check'} for one in shown)} of {TOTAL}"

    def way(tree: str, announced: Callable[[], str], button: str) -> Callable[[], None]:
        def step() -> None:
            now = state(desktop)
            shown.append("check" if now == "pair" and is_check(desktop) else now)
            said = None if len(shown) == 1 else announced()
            expect_told(desktop, tree, announced=said)
            expect(desktop.get_by_role("progressbar")).to_have_accessible_name(
                "Practice" if now == "practice" else position_in_bar()
            )
            desktop.get_by_role("button", name=button, exact=True).click()

        return step

    def position_in_bar() -> str:
        return desktop.locator("#position .visually-hidden").inner_text().strip()

    ways = {
        "practice": way(BAR + PAIR, lambda: "Practice", "I prefer A"),
        "pair": way(BAR + PAIR, position, "I prefer B"),
        "question": way(QUESTIONS, lambda: "About the answer you just gave", "No answer"),
        "break": way(BREAK, lambda: "Time for a break", "Go on"),
    }
    walk(desktop, ways)
    assert {"practice", "pair", "check", "question", "break"} == set(shown)
    expect_told(desktop, DONE, announced=f"All {TOTAL} pairs are done")


def test_what_waits_and_what_went_wrong_is_said_and_dialogs_are_named(site: Site, phone: Page):
    join(phone, site)
    said = phone.locator("#status")
    expect(said).to_have_role("status")
    phone.wait_for_timeout(450)
    phone.get_by_role("button", name="I prefer A").click(force=True)  # it is blocked, and says why
    expect(said).to_have_text("Read both poems to the end, then choose.")
    expect(phone.get_by_role("link", name="Poem A")).to_have_attribute("aria-current", "true")
    phone.get_by_role("link", name="Help").click()
    expect(phone.get_by_role("dialog", name="How this works")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(phone.get_by_role("link", name="Help")).to_be_focused()
    phone.get_by_role("button", name="Pause").click()
    expect(phone.get_by_role("dialog", name="Paused")).to_be_visible()
