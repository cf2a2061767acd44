"""A report in a real browser: words explained by keyboard, on paper, and as a file from disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.server import running

WIDTHS = [1280, 390]


@pytest.fixture
def report(browser: Browser, sqlite_url: str, tmp_path: Path) -> Iterator[Page]:
    """The report of the demo study, seen by its admin."""
    with running("demo", database_url=sqlite_url, folder=tmp_path) as (_address, printed):
        context = browser.new_context(accept_downloads=True)
        page = context.new_page()
        page.goto(next(word for word in printed.split() if "/admin/sign-in/" in word))
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Demo study").first.click()
        page.get_by_role("button", name="Make a report").click()
        page.locator("figure svg:visible").first.wait_for(timeout=120_000)
        yield page
        context.close()


def folded(page: Page) -> list[str]:
    """Folded parts of the sections whose content takes up no room."""
    found: list[str] = page.locator("details.more").evaluate_all(
        """all => all.filter(one => {
             const last = one.lastElementChild.getBoundingClientRect();
             return !one.lastElementChild.checkVisibility({contentVisibilityAuto: true})
                 || last.height === 0;
           }).map(one => one.firstElementChild.textContent)"""
    )
    return found


def test_report_fits_explains_its_words_and_is_whole_on_paper(report: Page, tmp_path: Path):
    address = report.url
    for width in WIDTHS:
        report.set_viewport_size({"width": width, "height": 844})
        assert report.evaluate("document.documentElement.scrollWidth") == width
        contents = report.get_by_role("navigation", name="Sections of the report")
        expect(contents).to_be_visible(visible=width == WIDTHS[0])
    word = report.locator(".term:visible").first
    word.focus()
    report.keyboard.press("Shift+Tab")
    report.keyboard.press("Tab")
    expect(word).to_be_focused()
    meaning = word.get_attribute("data-meaning") or ""
    shown = word.evaluate("one => getComputedStyle(one, '::after').content")
    assert meaning[:40] in shown
    expect(word).to_have_accessible_description(meaning)

    assert folded(report)
    report.emulate_media(media="print")
    assert folded(report) == []
    for away in (".site-header", ".contents", ".another", ".saved"):
        expect(report.locator(away).first).to_be_hidden()
    for chart in report.locator("figure .wide-chart").all():
        expect(chart).to_be_visible()
    report.emulate_media(media="screen")

    file = tmp_path / "report.html"
    file.write_bytes(report.request.get(f"{address}/report.html").body())
    asked: list[str] = []
    report.on("request", lambda request: asked.append(request.url))
    report.goto(file.as_uri())
    expect(report.get_by_role("heading", level=1)).to_have_text(
        "How much does rhyme drive choices?"
    )
    expect(report.locator("figure svg:visible").first).to_be_visible()
    assert [one for one in asked if not one.startswith(("file:", "data:"))] == []
    assert report.evaluate("document.documentElement.scrollWidth") == WIDTHS[-1]
