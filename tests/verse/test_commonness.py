"""Rhymes that much verse has are called commonplace, and others are judged by their endings."""

import re
from collections import Counter, defaultdict
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verse import (
    ParsedPoem,
    commonness,
    corpus_counts,
    is_commonplace,
    measure,
    rhyme_pairs,
)
from app.verse.backoff import make_backoff, mean_count, unlisted_count, word_endings
from app.verse.tables import read_counts
from tests.fresh_process import printed_by

HELD_OUT = 0.2
CLOSE = 0.1  # of the sum of the counts held out
LESS_CLOSE = 0.3  # for pairs that rhyme less than once
QUATRAIN = """I wait beside the door at night
    with all the kettles on;
the street lamp gives a little light
    and then the lamp is gone."""


def test_rhyme_that_every_poet_uses_comes_first():
    found = commonness("away", "day")
    assert (found.rank, found.seen, found.count) == (1, True, 3664)


@pytest.mark.parametrize(("word", "other"), [("day", "away"), ("Day", "AWAY"), ("dáy", "away")])
def test_order_case_and_accents_do_not_matter(word, other):
    assert commonness(word, other) == commonness("away", "day")


def test_a_thousand_pairs_are_commonplace():
    common = sum(is_commonplace(*pair) for pair in corpus_counts())
    ties = Counter(corpus_counts().values())[sorted(corpus_counts().values())[-1000]]
    assert 1000 <= common < 1000 + ties
    assert is_commonplace("breath", "death")
    assert not is_commonplace("kettle", "settle")


def test_more_frequent_pairs_have_higher_values_and_lower_ranks():
    often, less, seldom = (
        commonness(*pair) for pair in (("light", "night"), ("blue", "hue"), ("kettle", "settle"))
    )
    assert often.count > less.count > seldom.count > 1
    assert often.value > less.value > seldom.value > 0
    ranks = [one.rank or 0 for one in (often, less, seldom)]
    assert 0 < ranks[0] < ranks[1] < ranks[2]


@pytest.mark.parametrize(
    ("likely", "unlikely"),
    [
        (("beleaguered light", "night"), ("gnats", "putts")),  # a common ending, an unheard one
        (("mystery", "free"), ("mystery", "door")),  # a light rhyme, no rhyme
        (("kettle", "petal"), ("kettle", "shtetl")),  # a common word, a rare one
    ],
)
def test_pair_that_is_not_listed_is_judged_by_its_endings_and_words(likely, unlikely):
    assert not commonness(*likely).seen
    assert not commonness(*unlikely).seen
    assert commonness(*likely).count > commonness(*unlikely).count


def test_pair_that_is_not_listed_is_rarer_than_any_that_is():
    rarest = min(corpus_counts().values())
    assert unlisted_count(10.0**9) < 1 < rarest


def test_word_with_itself_is_no_pair():
    assert (commonness("day", "Day").count, commonness("day", "day").value) == (0, 0)


@given(st.text(max_size=12), st.text(max_size=12))
def test_any_two_texts_have_a_commonness(word, other):
    found = commonness(word, other)
    assert 0 <= found.value <= 6.2
    assert found == commonness(other, word)


def test_pairs_of_a_poem_are_its_rhymes_in_one_spelling():
    assert set(rhyme_pairs(ParsedPoem(QUATRAIN.upper()))) == {("light", "night"), ("gone", "on")}


def test_repeated_word_is_no_pair():
    assert rhyme_pairs(ParsedPoem("to the day\nof the day\nmy day")) == ()


def test_rhymes_of_a_poem_are_counted_and_averaged():
    found = measure(QUATRAIN)
    both = commonness("light", "night"), commonness("gone", "on")
    assert found["n_rhymes"] == 2
    assert found["rhyme_commonness"] == pytest.approx((both[0].value + both[1].value) / 2)
    shares = [is_commonplace("light", "night"), is_commonplace("gone", "on")]
    assert found["commonplace_rhymes"] == sum(shares) / 2


def test_poem_without_rhymes_has_none_that_are_common():
    found = measure("The bread cools.\nNobody speaks.")
    assert found["n_rhymes"] == 0
    assert found["rhyme_commonness"] is found["commonplace_rhymes"] is None


def test_rhymes_of_another_script_are_not_counted():
    found = measure("床前明月光，\n疑是地上霜。")
    assert found["n_rhymes"] is found["rhyme_commonness"] is found["commonplace_rhymes"] is None


def test_listed_pairs_are_english_words_in_order():
    assert len(corpus_counts()) > 50_000
    assert all(re.fullmatch("[a-z']+", word) for pair in corpus_counts() for word in pair)
    assert all(one < two for one, two in corpus_counts())
    assert not {("domon", "pomon"), ("anserino", "virino")} & set(corpus_counts())


def test_shipped_totals_and_ranks_are_those_of_the_listed_pairs():
    assert read_counts("rhyme_pairs_words.tsv.gz") == make_backoff(corpus_counts()).words
    falling = sorted(corpus_counts().values(), reverse=True)
    ranks = read_counts("rhyme_pairs_ranks.tsv.gz")
    assert ranks == {str(count): falling.index(count) + 1 for count in set(falling)}


def test_expected_counts_are_right_on_average_for_pairs_held_out():
    alike = defaultdict(set)
    for word in {word for pair in corpus_counts() for word in pair}:
        for ending in word_endings(word):
            alike[ending].add(word)
    rng = np.random.default_rng(5)
    pairs = sorted({pair for words in alike.values() for pair in combinations(sorted(words), 2)})
    held = {pairs[ix] for ix in np.flatnonzero(rng.random(len(pairs)) < HELD_OUT)}
    rest = make_backoff({pair: n for pair, n in corpus_counts().items() if pair not in held})
    share = 1 - HELD_OUT
    expected = np.array([mean_count(rest.independent(*pair) / share) for pair in held])
    found = np.array([corpus_counts().get(pair, 0) for pair in held])
    rare = expected < 1
    assert expected.sum() == pytest.approx(found.sum(), rel=CLOSE)
    assert expected[rare].sum() == pytest.approx(found[rare].sum(), rel=LESS_CLOSE)


def test_counts_are_loaded_only_when_first_asked_and_those_of_pairs_never_whole():
    asked = (
        "from app.verse import commonness; from app.verse.tables import read_pairs, rows_of;"
        "print(rows_of.cache_info().currsize, read_pairs.cache_info().currsize);"
        "commonness('kettle', 'petal'); print(read_pairs.cache_info().currsize)"
    )
    assert printed_by(asked) == ["0", "0", "1"]  # of endings
