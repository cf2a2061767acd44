"""What is looked up of a word at once is what each feature would find by itself."""

import pytest

from app.verse.imagery import sensory_strength
from app.verse.sentiment import rating
from app.verse.syllables import count_syllables, shapes
from app.verse.vocabulary import look_up


@pytest.mark.parametrize("word", ["Pears", "lov’d", "star-bright", "th'", "1914", "blessèd", "月"])
def test_word_is_known_as_each_feature_knows_it(word):
    known = look_up(word)
    assert known.shapes == shapes(word)
    assert known.n_syllables == max(count_syllables(word), 1)
    assert known.strength == sensory_strength(known.plain)
    assert known.rating == rating(known.plain)


def test_case_and_the_form_of_apostrophes_do_not_matter():
    assert look_up("Love’s").plain == look_up("love's").plain == "love's"
