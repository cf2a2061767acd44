"""Coming to a study from a panel and going back, in a real browser."""

from playwright.sync_api import Page, expect
from sqlmodel import select

from app.db import transaction
from app.models import PoemSet, RaterKind, Study
from app.studies.lifecycle import create_study, open_study
from app.studies.plan import Panel, Recruitment
from app.studies.queries import group_links
from app.studies.recruiting import change_recruitment
from tests.browser.conftest import N_PAIRS, Site, answer_questions, begin, join, press

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


def another_study(site: Site) -> str:
    """Its link for non-experts."""
    with transaction(site.engine, write=True) as session:
        study = create_study(
            session,
            name="Another",
            poem_set_key=session.exec(select(PoemSet)).one().key,
            question="Which of these is kinder?",
            pairs_per_rater=N_PAIRS,
        )
        open_study(session, study.key)
        return f"{site.address}/join/{group_links(session, study.key)[RaterKind.NONEXPERT]}"


def test_answer_kept_while_offline_counts_for_its_study_though_another_was_opened_since(
    site: Site, desktop: Page
):
    join(desktop, site)
    desktop.route("**/rate/votes", lambda route: route.abort())
    press(desktop, "ArrowLeft")
    expect(desktop.locator("#status")).to_contain_text("There is no connection")
    other = desktop.context.new_page()
    begin(other, another_study(site))
    answer_questions(other)
    press(other, "ArrowRight")
    expect(other.locator("#position")).to_contain_text(f"Pair 2 of {N_PAIRS}")
    desktop.unroute("**/rate/votes")
    desktop.reload()  # stays in its study, and sends what was kept
    expect(desktop.locator("#position")).to_contain_text(f"Pair 2 of {N_PAIRS}")
    expect(desktop.get_by_role("heading", level=1)).to_have_text("Which poem do you prefer?")
    press(other, "ArrowRight")  # a tab of the other study, which is not current now
    expect(other.locator("#position")).to_contain_text(f"Pair 3 of {N_PAIRS}")
    assert [vote.choice for vote in site.votes()] == ["right", "left", "right"]


def test_answer_is_sent_again_by_itself_for_its_study_though_another_was_opened_since(
    site: Site, desktop: Page
):
    join(desktop, site)
    desktop.route("**/rate/votes", lambda route: route.abort())
    press(desktop, "ArrowLeft")
    expect(desktop.locator("#status")).to_contain_text("There is no connection")
    other = desktop.context.new_page()
    begin(other, another_study(site))
    answer_questions(other)
    desktop.unroute("**/rate/votes")
    expect(desktop.locator("#position")).to_contain_text(f"Pair 2 of {N_PAIRS}", timeout=40_000)
    assert [vote.choice for vote in site.votes()] == ["left"]
