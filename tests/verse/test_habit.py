"""A poem that has gone on in one way is expected to go on so."""

import math

import pytest

from app.verse.habit import Habit
from app.verse.schemes import steps_of

COUPLETS, QUATRAIN = steps_of("AABBCC"), steps_of("ABAB")
EVEN = [math.log(0.5)] * 6


def test_steps_that_the_poem_has_taken_are_likelier():
    habit = Habit([COUPLETS, COUPLETS])
    assert habit.log_probability(COUPLETS, EVEN) > habit.log_probability(steps_of("ABABCC"), EVEN)


def test_what_the_poem_says_nothing_of_is_as_likely_as_elsewhere():
    assert Habit([]).log_probability(QUATRAIN, EVEN[:4]) == pytest.approx(4 * math.log(0.5))


def test_a_stanza_is_no_witness_for_itself():
    habit = Habit([COUPLETS, QUATRAIN]).without(COUPLETS)
    assert habit.log_probability(QUATRAIN, EVEN[:4]) == pytest.approx(
        Habit([QUATRAIN]).log_probability(QUATRAIN, EVEN[:4])
    )
