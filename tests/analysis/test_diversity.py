"""A small stock of rhymes shows, and so do the pairs that a source overworks."""

import json
from collections import Counter
from dataclasses import astuple
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from app.analysis.cliches import Interval, Pair, Poems, Prior, list_cliches
from app.analysis.diversity import RhymeStock, rarefied, rhyme_stock

EXACT = 1e-9
RUNS = 150
LEAST_COVERED = 0.90  # of 95% intervals, in so many runs
CORPUS = {(f"a{ix:03}", f"b{ix:03}"): round(4000 / (ix + 1)) for ix in range(1500)}
LISTED = list(CORPUS)


def seldom(one: str, two: str) -> float:
    return 0.05


def stock(poems: dict[str, Poems] | Poems, **options: Any) -> RhymeStock:  # Any: keywords
    named = poems if isinstance(poems, dict) else {"a": poems}
    return rhyme_stock(named, corpus=CORPUS, unlisted=seldom, **options)


def known(found: Interval | None) -> Interval:
    assert found is not None
    return found


def write(rng: np.random.Generator, n_poems: int, n_pairs: int) -> list[list[Pair]]:
    """Poems that each prefer some pairs of a stock, and hold 2 to 15 of them."""
    weights = 1 / np.arange(1, n_pairs + 1) ** 0.9
    poems: list[list[Pair]] = []
    for _ in range(n_poems):
        own = weights * rng.gamma(0.5, size=n_pairs)
        drawn = rng.choice(n_pairs, size=rng.integers(2, 16), p=own / own.sum())
        poems.append([LISTED[ix * 7 % len(LISTED)] for ix in drawn])  # common and rare in turn
    return poems


def test_distinct_pairs_are_those_of_all_samples_on_average():
    rhymes = ["a"] * 4 + ["b"] * 2 + ["c", "d"]
    counts = np.array(list(Counter(rhymes).values()))
    for size in range(1, len(rhymes) + 1):
        samples = [len(set(sample)) for sample in combinations(rhymes, size)]
        assert rarefied(counts, size) == pytest.approx(np.mean(samples), rel=EXACT)


def test_no_more_can_be_drawn_than_there_are():
    with pytest.raises(ValueError, match="9 cannot be drawn from 8"):
        rarefied(np.array([4, 4]), 9)


def test_source_with_a_small_stock_stands_below_one_with_a_large_stock():
    rng = np.random.default_rng(1)
    small, large = stock({"small": write(rng, 40, 40), "large": write(rng, 40, 1500)}).sources
    assert known(small.distinct_per_rhyme).high < known(large.distinct_per_rhyme).low


def test_source_with_more_poems_is_not_the_more_diverse_for_it():
    rng = np.random.default_rng(2)
    few, many = stock({"few": write(rng, 30, 200), "many": write(rng, 300, 200)}).sources
    assert many.n_distinct > few.n_distinct
    own, other = known(few.distinct_per_rhyme), known(many.distinct_per_rhyme)
    assert own.low < other.value < own.high


def test_intervals_hold_what_is_true_of_other_poems_of_the_source():
    rng = np.random.default_rng(3)
    found = [stock(write(rng, 30, 300), sample_size=100).sources[0] for _ in range(RUNS)]
    for name in ("distinct_per_rhyme", "commonplace"):
        own = [getattr(one, name) for one in found]
        truth = np.mean([one.value for one in own])
        assert np.mean([one.low <= truth <= one.high for one in own]) >= LEAST_COVERED


def test_interval_is_that_of_leaving_each_poem_out():
    poems = write(np.random.default_rng(4), 12, 60)
    found = known(stock(poems, sample_size=40).sources[0].distinct_per_rhyme)
    without = [
        rarefied(
            np.array(
                list(Counter(p for other in poems if other is not one for p in other).values())
            ),
            40,
        )
        / 40
        for one in poems
    ]
    se = np.sqrt(11 / 12 * np.sum((np.array(without) - np.mean(without)) ** 2))
    assert found.high - found.value == pytest.approx(2.200985 * se, rel=1e-6)


def test_as_many_rhymes_are_drawn_as_every_source_keeps_without_a_poem():
    rng = np.random.default_rng(5)
    short, long = write(rng, 12, 300), write(rng, 60, 300)
    lengths = [len(poem) for poem in short]
    found = stock({"short": short, "long": long})
    assert found.sample_size == sum(lengths) - max(lengths)
    assert all(source.distinct_per_rhyme for source in found.sources)


@pytest.mark.parametrize(
    ("poems", "reason"),
    [
        ([], "Fewer than 10 poems with a rhyme."),
        ([[LISTED[0]] * 20] * 9 + [[]] * 9, "Fewer than 10 poems with a rhyme."),
        (
            [[LISTED[0]] * 60, *[[LISTED[0]]] * 11],
            "Fewer than 50 rhymes without the poem that has most.",
        ),
    ],
)
def test_source_with_few_rhymes_is_declined_with_a_reason(poems, reason):
    large = write(np.random.default_rng(6), 40, 300)
    found = stock({"few": poems, "large": large})
    assert (found.sources[0].declined, found.sources[0].distinct_per_rhyme) == (reason, None)
    assert found.sources[1].distinct_per_rhyme


def test_nothing_is_drawn_where_no_source_has_enough():
    found = stock([[LISTED[0]]])
    assert (found.sample_size, found.corpus_distinct_per_rhyme) == (None, None)


def test_sources_without_any_rhyme_have_nothing_to_show():
    (only,) = stock({"a": [[], []]}).sources
    assert (only.n_poems, only.n_rhyming, only.n_rhymes) == (2, 0, 0)
    assert (only.commonplace, only.cliches) == (None, ())


@pytest.mark.parametrize("options", [{"sample_size": 0}, {"sample_size": -3}])
def test_no_sample_of_nothing(options):
    with pytest.raises(ValueError, match="at least one rhyme"):
        stock([[LISTED[0]]], **options)


def test_corpus_must_hold_something():
    with pytest.raises(ValueError, match="corpus with pairs"):
        rhyme_stock({"a": []}, corpus={}, unlisted=seldom)


def test_commonplace_share_is_that_of_the_thousand_most_common():
    common, rare = LISTED[0], LISTED[1400]
    (only,) = stock([[common, rare], [common, common]]).sources
    assert known(only.commonplace).value == 0.75


def test_order_of_words_and_poems_does_not_matter():
    poems = write(np.random.default_rng(7), 30, 100)
    turned = [[(two, one) for one, two in poem] for poem in reversed(poems)]
    (as_written,), (other_way,) = stock(poems).sources, stock(turned).sources
    assert astuple(known(other_way.distinct_per_rhyme)) == pytest.approx(
        astuple(known(as_written.distinct_per_rhyme))
    )
    assert [one.pair for one in other_way.cliches] == [one.pair for one in as_written.cliches]


def test_planted_cliche_tops_the_list():
    rng = np.random.default_rng(8)
    poems = write(rng, 40, 1500)
    for ix in range(0, 40, 6):
        poems[ix] = [*poems[ix], ("blue", "hue")]
    top = stock(poems).sources[0].cliches[0]
    assert (top.pair, top.n_poems) == (("blue", "hue"), 7)
    assert top.ratio.low > 1


def test_cliches_stand_in_two_poems_or_more_and_the_surest_comes_first():
    poems = [*write(np.random.default_rng(9), 40, 1500), [("drum", "dumb")] * 30]
    found = stock(poems, longest_list=500).sources[0].cliches
    assert min(one.n_poems for one in found) == 2
    assert ("drum", "dumb") not in [one.pair for one in found]
    assert [one.ratio.low for one in found] == sorted([one.ratio.low for one in found])[::-1]


def test_refrain_does_not_outdo_a_pair_of_more_poems():
    poems = write(np.random.default_rng(10), 40, 1500)
    for ix in range(2):
        poems[ix] = [*poems[ix], *[("dumb", "drum")] * 30]
    for ix in range(2, 8):
        poems[ix] = [*poems[ix], ("blue", "hue")]
    first, *rest = stock(poems, longest_list=500).sources[0].cliches
    assert first.pair == ("blue", "hue")
    assert {("drum", "dumb"): 60}.items() <= {one.pair: one.n_rhymes for one in rest}.items()


def test_source_that_rhymes_as_the_corpus_does_has_ratios_near_one():
    rng = np.random.default_rng(11)
    share = np.array(list(CORPUS.values())) / sum(CORPUS.values())
    poems = [[LISTED[ix]] for ix in rng.choice(len(LISTED), size=3000, p=share)]
    found = list_cliches({"a": poems}, corpus=CORPUS, unlisted=seldom)["a"]
    assert max(one.ratio.low for one in found) < 1.1
    assert min(one.ratio.high for one in found) > 0.9


def test_ratios_lie_in_their_intervals_as_often_as_they_say():
    rng = np.random.default_rng(12)
    share = np.array(list(CORPUS.values())) / sum(CORPUS.values())
    ratios = rng.gamma(0.5, 2.0, size=len(share))
    weights = share * ratios
    true = ratios / weights.sum()
    poems = [[LISTED[ix]] for ix in rng.choice(len(share), size=4000, p=weights / weights.sum())]
    found = list_cliches({"a": poems}, corpus=CORPUS, unlisted=seldom)["a"]
    of = dict(zip(LISTED, true, strict=True))
    held = [one.ratio.low <= of[one.pair] <= one.ratio.high for one in found]
    assert len(held) > 100
    assert np.mean(held) >= LEAST_COVERED


def test_what_was_seen_more_often_is_believed_more():
    prior = Prior(shape=0.2, rate=0.2)
    seldom_seen, often_seen = prior.posterior(2, 0.1), prior.posterior(20, 1.0)
    assert seldom_seen.value < often_seen.value
    assert seldom_seen.low < often_seen.low


def test_result_can_be_written_as_json():
    found = stock(write(np.random.default_rng(13), 30, 100)).as_dict()
    assert json.loads(json.dumps(found, allow_nan=False))["sources"][0]["source"] == "a"
