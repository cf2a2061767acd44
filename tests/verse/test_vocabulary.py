"""What is looked up of a word at once is what each feature would find by itself."""

import pytest

from app.verse import vocabulary
from app.verse.imagery import sensory_strength
from app.verse.sentiment import rating
from app.verse.syllables import count_syllables, shapes
from app.verse.vocabulary import look_up, look_up_all


@pytest.mark.parametrize("word", ["Pears", "lov’d", "star-bright", "th'", "1914", "blessèd", "月"])
def test_word_is_known_as_each_feature_knows_it(word):
    known = look_up(word)
    assert known.shapes == shapes(word)
    assert known.n_syllables == max(count_syllables(word), 1)
    assert known.strength == sensory_strength(known.plain)
    assert known.rating == rating(known.plain)


@pytest.mark.parametrize(("word", "sole"), [("pear", "C"), ("8", ""), ("heaven", None)])
def test_sole_way_to_count_a_word_is_given_where_there_is_one(word, sole):
    assert look_up(word).sole == sole


def test_words_are_known_though_more_are_met_than_are_remembered(monkeypatch):
    monkeypatch.setattr(vocabulary, "_REMEMBERED", 2)
    words = ["apple", "pear", "quince", "medlar", "plum"]
    assert [word.plain for word in look_up_all(words)] == words
    assert len(vocabulary._KNOWN) <= 2


def test_case_and_the_form_of_apostrophes_do_not_matter():
    assert look_up("Love’s").plain == look_up("love's").plain == "love's"
