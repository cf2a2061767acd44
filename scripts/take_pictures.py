"""Screenshots of the demo: those of the README and the documents, and with --all every page of an
admin, light and dark, wide and narrow, into a folder for looking at. `scripts/audit.py --pictures`
takes those of a rater."""

import argparse
import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import ARGUMENTS, begin, system_chromium  # noqa: E402
from tests.journeys.server import running  # noqa: E402

MARKED_POEM = "Depot, 5 a.m."
SIZES = {"wide": {"width": 1280, "height": 800}, "narrow": {"width": 390, "height": 844}}


def make_report(page: Page, sign_in: str) -> None:
    page.goto(sign_in)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Demo study").first.click()
    page.get_by_role("button", name="Make a report").click()
    page.locator("figure svg").first.wait_for(timeout=60_000)


def links(printed: str) -> list[str]:
    """Non-expert, expert, admin."""
    return [word for word in printed.split() if word.startswith("http") and word.count("/") > 3]


def open_marked_poem(page: Page, address: str) -> None:
    """A rhymed poem of the demo set, with what one of its lines answers."""
    page.goto(f"{address}/admin/poem-sets")
    page.get_by_role("link", name="Demo poems").click()
    page.get_by_role("link", name=MARKED_POEM, exact=True).click()
    page.locator("a.letter").nth(1).focus()
    page.evaluate("document.fonts.ready")


def open_sources(page: Page, address: str) -> None:
    """The sources of the demo set, with the tables that are closed at first."""
    page.goto(f"{address}/admin/poem-sets")
    page.get_by_role("link", name="Demo poems").click()
    for summary in page.locator("summary").all():
        summary.click()
    page.evaluate("document.fonts.ready")


def every_page(context: BrowserContext, address: str, folder: Path, name: str) -> None:
    page = context.new_page()
    todo, done = [f"{address}/admin/studies"], set[str]()
    while todo:
        place = todo.pop(0)
        shape = re.sub(r"\b\w{12}\b|(?<=poems/)[\w-]+", "key", place.split("/", 3)[3])
        if shape in done:
            continue
        done.add(shape)
        page.goto(place)
        file = shape.replace("/", "-") or "front"
        page.screenshot(path=folder / f"{file}-{name}.png", full_page=True)
        for link in page.locator("a[href^='/']").all():
            href = link.get_attribute("href") or ""
            if not any(word in href for word in (".", "export", "?")):
                todo.append(address + href.partition("#")[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--all", type=Path, metavar="FOLDER", help="every page of an admin, into this folder"
    )
    wanted: Path | None = parser.parse_args().all
    with (
        tempfile.TemporaryDirectory() as folder,
        running("demo", database_url=None, folder=Path(folder)) as (address, printed),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=ARGUMENTS)
        nonexpert, _expert, sign_in = links(printed)
        admin = browser.new_context(viewport=SIZES["wide"])  # type: ignore[arg-type]  # a size
        rater = browser.new_context(viewport=SIZES["wide"])  # type: ignore[arg-type]  # a size
        pictures = ROOT / "docs" / "pictures"
        pictures.mkdir(parents=True, exist_ok=True)
        page = rater.new_page()
        begin(page, nonexpert)
        page.locator("#pair .book").wait_for()
        page.wait_for_load_state()
        page.evaluate("document.fonts.ready")
        page.screenshot(path=pictures / "rating.png")
        report = admin.new_page()
        make_report(report, sign_in)
        report.locator("section.simulated").evaluate("part => part.scrollIntoView()")
        report.screenshot(path=pictures / "report.png")
        open_marked_poem(report, address)
        report.screenshot(path=pictures / "poem.png")
        if wanted:
            wanted.mkdir(parents=True, exist_ok=True)
            state = admin.storage_state()
            for size, viewport in SIZES.items():
                for scheme in ("light", "dark"):
                    context = browser.new_context(
                        viewport=viewport,  # type: ignore[arg-type]  # a size
                        color_scheme=scheme,
                        storage_state=state,
                    )
                    every_page(context, address, wanted, f"{size}-{scheme}")
                    marked = context.new_page()
                    open_marked_poem(marked, address)
                    marked.screenshot(path=wanted / f"poem-{size}-{scheme}.png", full_page=True)
                    open_sources(marked, address)
                    marked.screenshot(path=wanted / f"sources-{size}-{scheme}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
