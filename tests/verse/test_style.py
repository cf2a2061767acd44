"""Readability, variety, imagery, sentiment and endings, against independent results and labels."""

import random
from collections.abc import Sequence
from statistics import mean

import pytest

from app.verse import measure
from app.verse.ending import n_ending_lines
from app.verse.features.style import STYLE_FEATURES
from app.verse.imagery import sensory_strength
from app.verse.moral import WEIGHTS, moral, moral_cues
from app.verse.parsed import ParsedPoem
from app.verse.readability import count_sentences, reading_ease
from app.verse.sentiment import line_sentiment
from app.verse.text import words
from app.verse.variety import moving_average_ttr
from app.verse.vocabulary import look_up
from tests.verse.style_labels import measured, own_endings, own_turns, score

NAMES = [feature.name for feature in STYLE_FEATURES]

# What docs/verse.md reports for the endings that nothing was fitted on, less a little.
LEAST_MORAL_ACCURACY = 0.75
LEAST_MORAL_AUC = 0.90
LEAST_TURN_AUC = 0.95

# By vaderSentiment 3.3.2, in small letters and without punctuation.
BY_VADER = {
    "the kind and gentle rain": 0.743,
    "never a happy day": -0.4585,
    "she was not very happy": -0.4964,
    "hardly a sweet thing": 0.4062,
    "so bitter and so cold a death": -0.8051,
    "i love the moon but hate the night": -0.5346,
    "a stone a wall a gate": 0.0,
    "the terrible beautiful sea": 0.2023,
    "no joy is here": -0.4717,
    "without hope we die": 0.1877,
    "most lovely and most wicked of all the thieves": -0.4404,
    "he can't forgive the murder": 0.4449,
}
# By textstat_rs 2.0.0.
BY_TEXTSTAT = {
    "The cat sat on the mat. The dog lay by the door.": 116.145,
    "Remember me when evening falls upon the harbour, and the lamps are lit along the quiet water. "
    "I was happy there.": 75.320,
    "Immortal architecture of the imagination, unwritten symphonies, a cathedral of "
    "possibilities!": -35.057,
}
RAIN = words(
    "the rain came down and the rain went by and the man at the gate said never again will the "
    "rain and i see eye to eye and the gate swung shut and the man stood dry under a bough of the "
    "apple tree that the rain had washed as clean as the sky"
)
TURN = """The well ran dry, the barley died,
and grief was all we knew.

But spring is glad on every side
and love is sweet and true.
"""


def auc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    yes = [score for score, is_yes in zip(scores, positive, strict=True) if is_yes]
    no = [score for score, is_yes in zip(scores, positive, strict=True) if not is_yes]
    return mean((a > b) + (a == b) / 2 for a in yes for b in no)


@pytest.mark.parametrize(("line", "expected"), BY_VADER.items())
def test_feeling_of_a_line_is_that_of_vader(line, expected):
    assert line_sentiment(line.split()) == pytest.approx(expected, abs=1e-4)


def test_a_comparison_is_not_a_liking():
    assert line_sentiment(words("the moon is like a coin")) == 0


def test_old_spelling_has_the_feeling_of_the_new():
    assert line_sentiment(["lov'd"]) == line_sentiment(["loved"]) > 0


@pytest.mark.parametrize(("text", "expected"), BY_TEXTSTAT.items())
def test_reading_ease_is_that_of_textstat(text, expected):
    known = [look_up(word) for word in words(text)]
    n_syllables = sum(word.n_syllables for word in known)
    ease = reading_ease(len(known), n_syllables, count_sentences(text))
    assert ease == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 0), ("No mark", 0), ("“Well?” she said.", 2), ("Wait... and see!)", 2), ("3.5 miles", 0)],
)
def test_sentences_end_at_marks_before_a_blank(text, expected):
    assert count_sentences(text) == expected


def test_verse_without_punctuation_has_no_reading_ease():
    assert measured("readability", "the rain comes down\nupon the town") is None


def test_variety_is_that_of_an_independent_implementation():  # lexical-diversity 0.1.1
    expected = {25: 0.7426666666666668, 10: 0.8666666666666664, 50: 0.648}
    assert {window: moving_average_ttr(RAIN, window) for window in expected} == pytest.approx(
        expected
    )


def test_variety_is_that_of_counting_every_window():
    rng = random.Random(4)
    for _ in range(50):
        text = rng.choices("abcdefghij", k=rng.randint(5, 60))
        windows = [text[ix : ix + 5] for ix in range(len(text) - 4)]
        expected = mean(len(set(window)) / 5 for window in windows)
        assert moving_average_ttr(text, 5) == pytest.approx(expected)


def test_variety_does_not_fall_as_a_text_goes_on():
    assert moving_average_ttr(RAIN * 4) == pytest.approx(moving_average_ttr(RAIN), abs=0.02)
    assert moving_average_ttr(RAIN[:24]) is None


def test_things_are_felt_more_than_notions():
    stones = "A wet stone, a rusty bucket,\nthree yellow pears on a blue plate,\na bark, snow, tea."
    notions = (
        "The meaning of existence, the idea\nof truth, a theory of belief, my doubt\nof fate, "
        "a reason, a belief, a rule, a virtue, a mistake."
    )
    assert score("imagery", stones) > score("imagery", notions) + 1
    assert sensory_strength("pears") == sensory_strength("pear")
    assert measured("imagery", "A wet stone") is None


@pytest.mark.parametrize(
    ("stanzas", "expected"),
    [([], None), ([3], None), ([4], 2), ([14], 4), ([4, 4], 4), ([8, 6], 6), ([4, 4, 1], 3)],
)
def test_the_ending_is_the_last_stanza_or_the_last_quarter(stanzas, expected):
    assert n_ending_lines(stanzas) == expected


def test_a_poem_that_turns_to_joy_rises_and_the_other_way_round_falls():
    first, last = TURN.strip().split("\n\n")
    assert score("uplift_ending", TURN) > 0.5
    assert score("uplift_ending", f"{last}\n\n{first}") == pytest.approx(
        -score("uplift_ending", TURN)
    )


@pytest.mark.parametrize("text", ["", "One line", "Two\nlines", "* * *\n* * *\n* * *\n* * *"])
def test_endings_of_too_short_poems_are_not_measured(text):
    assert measured("uplift_ending", text) is None
    assert measured("moral_ending", text) is None


def test_chinese_poems_have_no_style():
    found = measure("床前明月光\n疑是地上霜\n举头望明月\n低头思故乡")
    assert [found[name] for name in NAMES] == [None] * len(NAMES)


def test_apostrophes_of_either_form_are_one():
    straight = "Don't weep,\nlet's hope,\nit's dawn,\nwe can't be lost."
    assert measure(straight.replace("'", "’")) == measure(straight)


def test_every_cue_has_a_weight():
    assert list(moral_cues([])) == list(WEIGHTS)


def test_a_lesson_is_told_from_an_image():
    lesson = "So let us cherish every day,\nfor love will always find a way."
    image = "Three pears in a bowl.\nThe window moved its square of sun."
    assert (moral(ParsedPoem(lesson).plain_lines) or 0) > 0.9
    assert (moral(ParsedPoem(image).plain_lines) or 1) < 0.2


def test_morals_of_labelled_endings_are_found_as_often_as_reported():
    endings = own_endings("test")
    scores = [moral(ending.lines) or 0 for ending in endings]
    labels = [ending.moral for ending in endings]
    right = mean((score >= 0.5) == label for score, label in zip(scores, labels, strict=True))
    assert right >= LEAST_MORAL_ACCURACY
    assert auc(scores, labels) >= LEAST_MORAL_AUC


def test_turns_of_labelled_poems_are_found_as_often_as_reported():
    turns = own_turns("test")
    scores = [score("uplift_ending", turn.text) for turn in turns]
    assert auc(scores, [turn.turn == "up" for turn in turns]) >= LEAST_TURN_AUC
    falls = [-value for value in scores]
    assert auc(falls, [turn.turn == "down" for turn in turns]) >= LEAST_TURN_AUC
