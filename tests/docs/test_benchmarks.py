"""`make bench` runs; how fast anything is, is for a person to read."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS, Name
from tests.quick_reports import quick_reports

__all__ = ["quick_reports"]  # a fixture


@pytest.mark.slow
@pytest.mark.parametrize("name", Name)
def test_benchmark_compares_with_its_floor(name: Name, tmp_path: Path):
    with ThreadPoolExecutor(1) as alone:  # a browser's tests leave an event loop in this thread
        rows = alone.submit(lambda: list(BENCHMARKS[name](tmp_path, True))).result()
    assert rows
    assert all(row.ours > 0 and row.floor > 0 and row.floor_is for row in rows)
