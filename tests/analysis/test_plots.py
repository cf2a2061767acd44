"""The chart can be read by eye, by a screen reader and under a strict content policy."""

import re
import xml.etree.ElementTree as ET

import pytest

from app.analysis import Options, VoteTable, analyse
from app.analysis.options import Ties
from app.analysis.plots import chart_png, win_share_chart
from app.analysis.plots.drawing import (
    CHANCE_LINE,
    EXPERT,
    GRID,
    INK,
    MUTED,
    NONEXPERT,
    PAGE,
)
from app.analysis.plots.win_share import answer_chart
from app.analysis.sections import SECTIONS
from tests.analysis.studies import WITHOUT_POWER, only_group, study

NAMED = {EXPERT, NONEXPERT, INK, MUTED, GRID, CHANCE_LINE, PAGE, "none", "transparent"}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def frames():
    return study(seed=4)


@pytest.fixture(scope="module")
def analysis(frames):
    return analyse(VoteTable.from_frames(*frames), sections=WITHOUT_POWER)


def lines(svg: str) -> list[str]:
    """All text, line by line."""
    marks = ET.fromstring(svg).iter(f"{SVG}text")
    return [part.strip() for mark in marks for part in mark.itertext() if part.strip()]


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize(("width", "least", "most"), [("wide", 600, 660), ("narrow", 310, 350)])
def test_each_chart_has_its_width_and_readable_text(analysis, width, least, most):
    svg = win_share_chart(analysis, width=width)
    assert least <= float(ET.fromstring(svg).attrib["width"]) <= most
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)]
    assert min(sizes) >= 11


def test_a_strict_content_policy_finds_nothing_to_refuse(analysis):
    svg = win_share_chart(analysis)
    assert not re.search(r"<style|<script|style=|\son\w+=|href=|url\(", svg)


def test_every_colour_is_one_that_a_style_sheet_can_turn(analysis):
    svg = win_share_chart(analysis)
    assert set(re.findall(r'\s(?:fill|stroke)="([^"]*)"', svg)) <= NAMED


def test_a_screen_reader_is_told_the_figures(analysis):
    root = ET.fromstring(win_share_chart(analysis))
    assert root.attrib["role"] == "img"
    assert "by group of raters" in root.attrib["aria-label"]
    description = root.findtext(f"{SVG}desc") or ""
    effect = analysis.as_dict()["groups"]["nonexpert"]
    assert f"Non-experts, adjusted: {100 * effect['win_share']:.0f}% (" in description
    assert "number of lines and words per line" in description


def test_groups_and_estimates_are_named_and_told_apart_by_shape(analysis):
    svg = win_share_chart(analysis)
    shown = texts(svg)
    for word in ("Non-experts", "Experts", "adjusted", "unadjusted", "50"):
        assert word in shown
    assert "Share of choices for a fully rhymed poem over an unrhymed one, %" in shown
    circles = [path for path in re.findall(r' d="([^"]*)"', svg) if path.count("A") == 2]
    diamonds = [
        path for path in re.findall(r' d="([^"]*)"', svg) if re.search(r"^M-?[\d.]+,0L", path)
    ]
    assert len(circles) >= 2
    assert len(diamonds) >= 2


@pytest.mark.parametrize(
    ("ties", "counted"),
    [
        (Ties.HALF, "choices"),
        (Ties.DROP, "choices that decide"),
        (Ties.ORDINAL, "choices that decide"),
    ],
)
def test_the_axis_says_of_which_choices_the_share_is(frames, ties, counted):
    found = analyse(VoteTable.from_frames(*frames), Options(ties=ties), sections=SECTIONS[:1])
    expected = f"Share of {counted} for a fully rhymed poem over an unrhymed one"
    for svg in (win_share_chart(found), answer_chart(found.as_dict()["parts"][0])):
        assert f"{expected}, %" in " ".join(lines(svg))
        assert f'aria-label="{expected}, by group of raters' in svg


def test_no_line_runs_through_a_figure(analysis):
    shown = list(ET.fromstring(win_share_chart(analysis)).iter())
    figures = [one for one in shown if one.tag == f"{SVG}text" and "% (" in (one.text or "")]
    assert len(figures) == 4
    for one in figures:
        assert (one.get("fill"), one.get("stroke")) == (INK, PAGE)
        assert one.get("paint-order") == "stroke"
        assert float(one.get("stroke-width") or 0) >= 6
    dashes = next(ix for ix, one in enumerate(shown) if one.get("stroke-dasharray"))
    assert dashes < shown.index(figures[0])


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_every_number_of_the_axis_stands_under_its_tick(analysis, width):
    svg = win_share_chart(analysis, width=width)
    labels = re.search(r'role-axis-label"[^>]*>(.*?)</g>', svg)
    ticks = re.search(r'role-axis-tick"[^>]*>(.*?)</g>', svg)
    assert labels
    assert ticks
    assert set(re.findall(r'text-anchor="(\w+)"', labels[1])) == {"middle"}
    places = [re.findall(r"translate\(([\d.]+),", found[1]) for found in (labels, ticks)]
    assert places[0] == places[1]


def test_a_group_without_estimate_is_said_to_have_none(frames):
    votes, poems = frames
    alone = analyse(VoteTable.from_frames(only_group(votes, "nonexpert"), poems), sections=())
    assert "no estimate" in texts(win_share_chart(alone))
    assert "Experts, adjusted: no estimate." in win_share_chart(alone)


def test_the_stored_dictionary_draws_the_same_chart(analysis):
    assert win_share_chart(analysis.as_dict()) == win_share_chart(analysis)


def test_without_controls_one_estimate_is_drawn(frames):
    plain = analyse(VoteTable.from_frames(*frames), Options(adjust=()), sections=())
    assert "adjusted" not in texts(win_share_chart(plain))


def test_the_picture_is_a_png(analysis):
    picture = chart_png(analysis, width="narrow")
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 5000
