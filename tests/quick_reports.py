"""Reports that cost a test of something else little: few studies are drawn for power, and charts
only where a test looks at them."""

import json
from typing import Any

import pytest

from app.analysis import power_part
from app.analysis.plots.drawing import Width
from app.analysis.sections import draw_part
from app.reports import building

_drawn: dict[tuple[str, str], str | None] = {}


@pytest.fixture
def charts() -> None:
    """For tests that look at the charts of a report."""


def draw_few_studies(monkeypatch: pytest.MonkeyPatch) -> None:
    """For power, which takes as long as all other sections together."""
    monkeypatch.setattr(power_part, "RUNS", (4, 4))
    monkeypatch.setattr(power_part, "MORE_RUNS", 2)


@pytest.fixture(autouse=True)
def quick_reports(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for all in this process: the worker, the pages and the command."""
    draw_few_studies(monkeypatch)
    looked_at = "charts" in request.fixturenames
    monkeypatch.setattr(building, "draw_part", _draw_once if looked_at else _without_chart)


def _without_chart(_part: dict[str, Any], **_size: Width) -> None:  # Any: JSON
    return None


def _draw_once(part: dict[str, Any], *, width: Width = "wide") -> str | None:  # Any: JSON
    """A chart that was drawn before in this run is not drawn again."""
    shown = (width, json.dumps(part))
    if shown not in _drawn:
        _drawn[shown] = draw_part(part, width=width)
    return _drawn[shown]
