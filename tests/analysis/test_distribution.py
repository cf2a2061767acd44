"""Values are summed up and binned as a reader would."""

import statistics

import numpy as np
import pytest

from app.analysis.distribution import MOST_BINS, bin_edges, describe, share

SEED = 5


def test_numbers_are_those_of_the_standard_library_and_every_value_is_in_a_bin():
    values = np.random.default_rng(SEED).normal(10, 3, size=201)
    found = describe(np.append(values, [np.nan] * 4), bin_edges(values, low=None, high=None))
    assert found is not None
    assert (found.n, found.n_missing, sum(found.counts)) == (201, 4, 201)
    assert found.mean == pytest.approx(statistics.fmean(values))
    assert found.sd == pytest.approx(statistics.stdev(values))
    quartiles = statistics.quantiles(values, n=4, method="inclusive")
    assert (found.lower_quartile, found.median, found.upper_quartile) == pytest.approx(quartiles)
    assert (found.low, found.high) == (min(values), max(values))


def test_one_value_has_no_spread_and_none_has_no_numbers():
    edges = np.array([0.0, 1.0])
    found = describe(np.array([0.5]), edges)
    assert found is not None
    assert (found.n, found.mean, found.sd, found.counts) == (1, 0.5, None, (1,))
    assert describe(np.array([np.nan]), edges) is None


def test_value_beyond_the_edges_is_in_the_outermost_bin():
    found = describe(np.array([-9.0, 0.5, 77.0]), np.array([0.0, 1.0, 2.0]))
    assert found is not None
    assert (found.counts, found.high) == ((2, 1), 77.0)


def test_yes_or_no_has_a_bar_each():
    assert bin_edges(np.array([0.0, 1.0, 1.0]), low=0, high=1).tolist() == [-0.5, 0.5, 1.5]


def test_one_poem_of_a_thousand_lines_does_not_squeeze_the_others():
    lines = np.append(np.tile(np.arange(4.0, 20.0), 50), 1000.0)
    edges = bin_edges(lines, low=0, high=None)
    assert edges[-1] < 25


@pytest.mark.parametrize(
    "values",
    [[0.0], [3.7, 3.7], [-0.4, 0.2, 0.31], [12.0, 480.0, 333.0], [1e-6, 3e-6], [5e5, 9.9e5]],
)
def test_there_are_few_bins_of_equal_width_and_they_hold_the_values(values):
    edges = bin_edges(np.array(values), low=None, high=None)
    assert 2 <= len(edges) <= MOST_BINS + 3
    assert np.diff(edges) == pytest.approx(edges[1] - edges[0])
    within = np.quantile(values, [0.01, 0.99])
    assert edges[0] <= within[0] <= within[1] <= edges[-1]


def test_no_value_at_all_still_has_an_axis():
    assert bin_edges(np.array([np.nan]), low=0, high=1).tolist() == [0.0, 1.0]


def test_interval_of_a_share_is_wilsons():
    from statsmodels.stats.proportion import proportion_confint

    for hits, n in ((0, 7), (20, 45), (45, 45)):
        found = share(hits, n)
        assert (found.low, found.high) == pytest.approx(
            proportion_confint(hits, n, method="wilson"), abs=1e-12
        )
        assert found.value == hits / n
