"""What the page's clock measures when somebody pauses, sleeps, reloads or looks elsewhere."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import QUIET_MS, Site, join, press


def test_clock_goes_on_over_a_reload_and_a_look_at_another_page(site: Site, desktop: Page):
    join(desktop, site)
    desktop.wait_for_timeout(2500)
    desktop.reload()
    desktop.wait_for_timeout(1000)
    desktop.goto(f"{site.address}/me")
    desktop.wait_for_timeout(1500)
    desktop.go_back()
    press(desktop, "ArrowLeft")
    expect(desktop.locator("#position")).to_contain_text("Pair 2")
    (vote,) = site.votes()
    server_ms = (vote.cast_at - vote.shown_at).total_seconds() * 1000
    assert 3500 <= (vote.decision_ms or 0) < server_ms - 1000
    assert (vote.hidden_ms or 0) >= 1500  # on the other page
    press(desktop, "ArrowLeft")
    expect(desktop.locator("#position")).to_contain_text("Pair 3")
    assert (site.votes()[1].decision_ms or 0) < 3000  # of the second pair alone


def test_pause_covers_the_poems_and_stops_the_clock(site: Site, desktop: Page):
    join(desktop, site)
    desktop.wait_for_timeout(QUIET_MS)
    desktop.keyboard.press("p")
    pause = desktop.get_by_role("dialog", name="Paused")
    expect(pause).to_be_visible()
    expect(pause.get_by_role("button", name="Go on")).to_be_focused()
    expect(pause.get_by_label(re.compile("Your own link"))).to_have_value(re.compile("/r/"))
    backdrop = desktop.locator("#pause").evaluate(
        "dialog => [getComputedStyle(dialog, '::backdrop').backgroundColor,"
        " getComputedStyle(document.documentElement).backgroundColor]"
    )
    assert backdrop[0] == backdrop[1]  # the desk itself: no poem shines through
    desktop.wait_for_timeout(2000)
    desktop.keyboard.press("ArrowLeft")  # nothing is chosen meanwhile
    desktop.keyboard.press("p")
    expect(pause).to_be_hidden()
    desktop.keyboard.press("ArrowRight")
    expect(desktop.locator("#position")).to_contain_text("Pair 2")
    (vote,) = site.votes()
    assert vote.choice == "right"
    assert 2000 <= (vote.hidden_ms or 0) < 4000
    server_ms = (vote.cast_at - vote.shown_at).total_seconds() * 1000
    assert 0 < (vote.decision_ms or 0) <= server_ms - 2000


def test_sleeping_laptop_and_hidden_page_are_in_no_time_but_their_own(site: Site, desktop: Page):
    desktop.clock.install()
    join(desktop, site)
    desktop.clock.fast_forward(3_600_000)  # as if its lid had been closed for an hour
    desktop.clock.run_for(500)
    desktop.keyboard.press("ArrowLeft")
    desktop.clock.run_for(1000)
    expect(desktop.locator("#position")).to_contain_text("Pair 2")
    (vote,) = site.votes()
    assert 3_590_000 < (vote.hidden_ms or 0) < 3_610_000
    assert (vote.decision_ms or 0) < 60_000
