"""Charts by source can be read by eye, by a screen reader and under a strict content policy."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from app.analysis.distribution import share
from app.analysis.plots import Reference, SourceBars, SourceShares, distribution_chart, share_chart
from app.analysis.plots.drawing import (
    ACCENT,
    BAR,
    BLUE,
    CHANCE_LINE,
    GRID,
    INK,
    MUTED,
    Width,
)

NAMED = {ACCENT, BAR, BLUE, CHANCE_LINE, GRID, INK, MUTED, "none", "transparent"}
SVG = "{http://www.w3.org/2000/svg}"
LONG = "a-model-with-a-name-that-is-longer-than-any-column-40b-instruct"
WIDTHS: list[tuple[Width, float, float]] = [("wide", 500, 660), ("narrow", 300, 345)]


def bars(width: Width = "wide") -> str:
    rows = (
        SourceBars("Claude", 8, (6, 2, 0, 0), (0.1, 0.125, 0.25)),
        SourceBars(LONG, 1200, (100, 300, 500, 300), (0.4, 0.5, 0.75)),
    )
    return distribution_chart(
        rows, edges=(0, 0.25, 0.5, 0.75, 1), title="T", axis="Rhyme density, share", width=width
    )


def shares(width: Width = "wide") -> str:
    rows = (
        SourceShares("Claude", "8 poems", (share(3, 4), share(0, 4))),
        SourceShares(LONG, "9 poems", (share(1, 9), None)),
    )
    return share_chart(
        rows,
        series=("rhyme", "do not"),
        title="T",
        axis="Share, %",
        reference=Reference(0.5, "half"),
        width=width,
    )


CHARTS = [bars, shares]


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize(("width", "least", "most"), WIDTHS)
def test_each_chart_has_its_width_and_readable_text(chart, width, least, most):
    svg = chart(width)
    assert least <= float(ET.fromstring(svg).attrib["width"]) <= most
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)) >= 11


@pytest.mark.parametrize("chart", CHARTS)
def test_policy_finds_nothing_to_refuse_and_every_colour_can_be_turned(chart):
    svg = chart()
    assert not re.search(r"<style|<script|style=|\son\w+=|href=|url\(", svg)
    assert set(re.findall(r'\s(?:fill|stroke)="([^"]*)"', svg)) <= NAMED


@pytest.mark.parametrize("chart", CHARTS)
def test_sources_are_named_in_their_order_with_what_they_rest_on(chart):
    shown = texts(chart())
    assert "Claude" in shown
    assert "8 poems" in shown
    (cut,) = [text for text in shown if text.startswith("a-model") and text.endswith("…")]
    assert shown.index("Claude") < shown.index(cut)


@pytest.mark.parametrize("chart", CHARTS)
def test_screen_reader_is_told_of_the_whole_and_none_of_its_parts(chart):
    title, description, parts = ET.fromstring(chart())
    assert title.text
    assert description.text
    assert parts.attrib == {"aria-hidden": "true"}


def test_screen_reader_is_told_the_quartiles_in_full():
    root = ET.fromstring(bars())
    assert (root.attrib["role"], root.attrib["aria-label"]) == ("img", "T")
    told = root.findtext(f"{SVG}desc") or ""
    assert "Claude, 8 poems: median 0.125, quartiles 0.1 and 0.25." in told
    assert f"{LONG}, 1,200 poems: median 0.5" in told


def test_screen_reader_is_told_the_shares_and_what_is_missing():
    told = ET.fromstring(shares()).findtext(f"{SVG}desc") or ""
    assert "Claude, rhyme: 75% (30 to 95)." in told
    assert f"{LONG}, do not: no such poems." in told
    assert "A dashed line marks half, 50%." in told
    assert "no such poems" in texts(shares())


def test_bars_stand_as_high_as_their_counts_and_an_empty_bin_has_none():
    rects = re.findall(rf'd="M([\d.]+),([\d.]+)h([\d.]+)v(-?[\d.]+)h[^"]*" fill="{BAR}"', bars())
    assert len(rects) == 6
    heights = [abs(float(height)) for *_place, height in rects]
    assert heights[0] / heights[1] == pytest.approx(6 / 2, rel=0.01)
    assert heights[2] / heights[4] == pytest.approx(100 / 500, rel=0.01)
    lefts = [float(left) for left, *_rest in rects[2:]]
    assert len({round(after - before, 3) for before, after in pairwise(lefts)}) == 1


def test_two_shares_of_a_source_differ_in_shape_and_place():
    marks = re.findall(r'translate\([\d.]+,([\d.]+)\)" d="([^"]*)"[^>]*stroke-width="2"', shares())
    circles = {y for y, path in marks if "A" in path}
    diamonds = {y for y, path in marks if "A" not in path}
    assert (len(circles), len(diamonds)) == (2, 1)
    assert circles.isdisjoint(diamonds)


def test_shares_that_lie_close_are_enlarged():
    near = (SourceShares("A", "900 rhymes", (share(850, 900),)),)
    shown = texts(share_chart(near, series=("x",), title="T", axis="Share, %"))
    assert "92" in shown
    assert "50" not in shown
