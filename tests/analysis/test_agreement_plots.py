"""The charts of reliability, of the instrument and of the votes show what their tables hold."""

import re
import xml.etree.ElementTree as ET
from functools import cache
from typing import Any

import numpy as np
import pytest

from app.analysis import VoteTable, analyse
from app.analysis.plots.drawing import Width
from app.analysis.sections import SECTIONS, draw_part
from tests.analysis.measured import LARGER, measured_study

NAMES = ("data", "reliability", "instrument")
WIDTHS: list[tuple[Width, float, float]] = [("wide", 500, 700), ("narrow", 300, 345)]


@cache
def parts() -> dict[str, dict[str, Any]]:
    votes, poems = measured_study(LARGER)
    rng = np.random.default_rng(1)
    votes["decision_ms"] = rng.integers(2000, 20_000, len(votes["vote_id"])).tolist()
    raters = sorted(set(votes["rater_id"]))
    tends = rng.normal(1.5, 1, len(raters))
    points = {
        f"points_habits_item{ix}": np.clip(np.round(tends + rng.normal(size=len(raters))), 0, 3)
        for ix in range(4)
    }
    answers = {"rater_id": raters, **{name: cells.tolist() for name, cells in points.items()}}
    chosen = tuple(one for one in SECTIONS if one.name in NAMES)
    found = analyse(VoteTable.from_frames(votes, poems, answers=answers), sections=chosen)
    return {part["name"]: part for part in found.as_dict()["parts"]}


def drawn(name: str, width: Width = "wide") -> str:
    svg = draw_part(parts()[name], width=width)
    assert svg is not None
    return svg


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "least", "most"), WIDTHS)
def test_chart_has_its_width_and_keeps_to_the_policy(name, width, least, most):
    svg = drawn(name, width)
    assert least <= float(ET.fromstring(svg).attrib["width"]) <= most
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)) >= 11
    assert not re.search(r"<style|<script|style=|\son\w+=|href=|url\(|NaN", svg)


@pytest.mark.parametrize("name", ["reliability", "instrument"])
def test_screen_reader_hears_every_value_with_its_interval(name):
    svg = drawn(name)
    rows = [row for row in parts()[name]["rows"] if row["value"] is not None]
    assert len(rows) >= 3
    for row in rows:
        assert f"{row['value']:.2f} ({row['low']:.2f} to {row['high']:.2f})" in svg


def test_votes_are_told_by_side_and_ties_and_those_left_out():
    svg = drawn("data")
    for row in parts()["data"]["rows"]:
        told = re.search(rf"{row['group']}, [^:]*: ([^.]*)\.", svg)
        assert told is not None
        numbers = [
            int(n.replace(",", "")) for n in re.findall(r" ([\d,]*\d)(?:,|$)", told.group(1))
        ]
        left, ties, right, aside = numbers
        assert left + ties + right == row["votes"]
        assert ties == row["ties"]
        assert left / (left + right) == pytest.approx(row["left"])
        assert aside == row["excluded"]
