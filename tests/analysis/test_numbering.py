"""Numbering what occurs gives what sorting gives."""

import numpy as np
import pytest

from app.analysis.numbering import ROOM, numbered


@pytest.mark.parametrize("highest", [1, 50, 100 * ROOM - 1, 100 * ROOM + 1, 10**12])
def test_numbers_are_those_of_sorting_however_far_apart_they_lie(highest):
    given = np.random.default_rng(highest).integers(0, highest + 1, size=100)
    given[0] = highest
    distinct, number = numbered(given)
    expected, places = np.unique(given, return_inverse=True)
    assert np.array_equal(distinct, expected)
    assert np.array_equal(number, places)
    assert number.dtype == np.int64


def test_nothing_has_no_numbers():
    distinct, number = numbered(np.zeros(0, dtype=np.int64))
    assert not distinct.size
    assert not number.size
