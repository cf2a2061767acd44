"""The charts of neutrality, dose, haste, expertise and many tests can be read by all."""

import re
import xml.etree.ElementTree as ET

import pytest

from app.analysis.plots.dose import dose_chart
from app.analysis.plots.drawing import (
    CHANCE_LINE,
    EXPERT,
    GRID,
    INK,
    MUTED,
    NONEXPERT,
    PAGE,
    Width,
)
from app.analysis.plots.expertise import definitions_chart, expertise_chart
from app.analysis.plots.laziness import laziness_chart
from app.analysis.plots.multiplicity import multiplicity_chart
from app.analysis.plots.neutrality import neutrality_chart
from tests.analysis.moderated import cells, modest

CHARTS = {
    "neutrality": neutrality_chart,
    "dose": dose_chart,
    "laziness": laziness_chart,
    "expertise": expertise_chart,
    "definitions": definitions_chart,
    "multiplicity": multiplicity_chart,
}
NAMED = {EXPERT, NONEXPERT, INK, MUTED, GRID, CHANCE_LINE, PAGE, "none", "transparent"}
SVG = "{http://www.w3.org/2000/svg}"


def chart(name: str, width: Width = "wide") -> str:
    return CHARTS[name](modest()[name].as_dict(), width=width)


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize(("width", "most"), [("wide", 660), ("narrow", 385)])
def test_each_chart_has_its_width_readable_text_and_only_named_colours(name, width, most):
    svg = chart(name, width)
    assert float(ET.fromstring(svg).attrib["width"]) <= most
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)) >= 11
    assert set(re.findall(r'\s(?:fill|stroke)="([^"]*)"', svg)) <= NAMED
    assert not re.search(r"<style|<script|style=|\son\w+=|href=|url\(", svg)


@pytest.mark.parametrize("name", CHARTS)
def test_a_screen_reader_is_told_title_and_figures(name):
    root = ET.fromstring(chart(name))
    assert root.attrib["role"] == "img"
    assert modest()[name].title in root.attrib["aria-label"]
    description = root.findtext(f"{SVG}desc") or ""
    assert "dashed line" in description.lower()
    if name in {"dose", "laziness"}:
        row = cells(modest()[name])[0]
        share = row["share" if name == "dose" else "low_share"]
        assert f"{100 * share:.0f}% (" in description


@pytest.mark.parametrize("name", ["neutrality", "dose", "definitions"])
def test_groups_are_told_apart_by_shape_and_named(name):
    svg = chart(name)
    assert {"Non-experts", "Experts"} <= set(texts(svg))
    drawn = re.findall(r' d="([^"]*)"', svg)
    assert any(path.count("A") == 2 for path in drawn)  # a circle
    assert any(re.search(r"^M-?[\d.]+,0L", path) or path.count("L") == 3 for path in drawn)


@pytest.mark.parametrize("name", CHARTS)
def test_the_axis_says_its_unit(name):
    joined = " ".join(texts(chart(name)))
    assert "%" in joined or "p value, 0 to 1" in joined


def test_a_dose_without_a_curve_is_drawn_as_points():
    part = modest()["dose"].as_dict()
    part["data"]["curves"] = []
    assert "<svg" in dose_chart(part)
