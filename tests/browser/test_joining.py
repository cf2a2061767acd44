"""Coming to a study from a panel and going back, in a real browser."""

from playwright.sync_api import Page, expect
from sqlmodel import select

from app.db import transaction
from app.models import Study
from app.studies.plan import Panel, Recruitment
from app.studies.recruiting import change_recruitment
from tests.browser.conftest import N_PAIRS, Site, answer_questions, press

NARROW = 320
PROLIFIC = Recruitment(
    panel=Panel.PROLIFIC,
    completion_code="C1DONE",
    return_link="https://app.prolific.com/submissions/complete?cc={code}",
)


def recruit(site: Site) -> str:
    """The address by which a participant of the panel comes."""
    with transaction(site.engine, write=True) as session:
        study = session.exec(select(Study)).one()
        change_recruitment(session, study.key, recruitment=PROLIFIC, quotas={})
    return f"{site.address}/join/{site.link}?PROLIFIC_PID=5f1&STUDY_ID=st&SESSION_ID=se"


def test_participant_agrees_by_keyboard_and_copies_their_code_at_the_end(site: Site, desktop: Page):
    desktop.goto(recruit(site))
    expect(desktop).to_have_url(f"{site.address}/join/{site.link}")
    desktop.keyboard.press("Tab")
    expect(desktop.get_by_role("link", name="Skip to the content")).to_be_focused()
    desktop.keyboard.press("Tab")
    expect(desktop.get_by_role("link", name="What is stored")).to_be_focused()
    desktop.keyboard.press("Tab")
    expect(desktop.get_by_role("checkbox")).to_be_focused()
    desktop.keyboard.press("Space")
    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Enter")
    answer_questions(desktop)
    for number in range(1, N_PAIRS + 1):
        expect(desktop.locator("#position")).to_contain_text(f"Pair {number} of {N_PAIRS}")
        expect(desktop.get_by_label("Your code")).to_have_count(0)
        press(desktop, "t")
    expect(desktop.get_by_label("Your code", exact=True)).to_have_value("C1DONE")
    desktop.get_by_role("button", name="Copy your code").click()
    expect(desktop.locator(".takes-away .copied")).to_have_text("Copied.")
    back = desktop.get_by_role("link", name="Back to Prolific")
    expect(back).to_have_attribute("href", PROLIFIC.return_link.format(code="C1DONE"))


def test_pages_around_the_pairs_fit_the_narrowest_screen(site: Site, desktop: Page):
    address = recruit(site)
    desktop.set_viewport_size({"width": NARROW, "height": 568})
    for path in (address, f"{site.address}/join/{site.link}/refusal"):
        desktop.goto(path)
        assert desktop.evaluate("document.documentElement.scrollWidth") <= NARROW
