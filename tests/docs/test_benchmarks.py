"""`make bench` runs; how fast anything is, is for a person to read."""

from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS, Name


@pytest.mark.slow
@pytest.mark.parametrize("name", Name)
def test_benchmark_compares_with_its_floor(name: Name, tmp_path: Path):
    rows = list(BENCHMARKS[name](tmp_path, True))
    assert rows
    assert all(row.ours > 0 and row.floor > 0 and row.floor_is for row in rows)
