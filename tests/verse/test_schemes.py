"""Schemes that verse uses are likelier than others, and their probabilities are probabilities."""

import math
import random
import tracemalloc
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.verse.schemes import LONGEST_STEP, MEMORY, SchemePrior, packaged_schemes, steps_of

ABAB, AABB, ABCB = (0, 0, 2, 2), (0, 1, 0, 1), (0, 0, 0, 2)
TOY = {ABAB: 8.0, AABB: 4.0, ABCB: 2.0, (0, 1): 3.0, (0, 0, 0, 0, 0, 0): 1.0}
ALL_STEPS = range(LONGEST_STEP + 1)
SUMS_TO_ONE = pytest.approx(1, abs=1e-6)
MOST_MEMORY = 1_000_000  # bytes

SOFT = 0.3
TOYS = SchemePrior(TOY)

befores = st.lists(st.integers(0, LONGEST_STEP), max_size=2 * MEMORY).map(tuple)


@pytest.fixture(scope="module")
def prior() -> SchemePrior:
    return SchemePrior(packaged_schemes())


def log_probability(prior: SchemePrior, steps: tuple[int, ...], softness: float = SOFT) -> float:
    return sum(
        prior.log_probabilities(steps[:line], line, len(steps), softness)[step]
        for line, step in enumerate(steps)
    )


def probabilities(
    prior: SchemePrior, before: tuple[int, ...], n_lines: int, softness: float = SOFT
) -> list[float]:
    found = prior.log_probabilities(before, len(before), n_lines, softness)
    assert len(found) == len(ALL_STEPS)
    return list(map(math.exp, found))


@pytest.mark.parametrize(
    ("labels", "steps"),
    [
        ("", ()),
        ("ABAB", ABAB),
        ("AABB", AABB),
        ("ABBA", (0, 0, 1, 3)),
        ("AAAA", (0, 1, 1, 1)),
        ("ABABCC", (0, 0, 2, 2, 0, 1)),
        ([None, "A", None, "A"], ABCB),
        (["A", *[None] * 20, "A"], (0,) * 21 + (LONGEST_STEP,)),
    ],
)
def test_scheme_is_written_as_steps(labels, steps):
    assert steps_of(labels) == steps


@settings(deadline=None)
@given(st.sampled_from([0.0, SOFT, 1.0]), befores, st.integers(0, 8))
def test_probabilities_of_all_steps_sum_to_one(softness, before, n_more):
    assert sum(probabilities(TOYS, before, len(before) + 1 + n_more, softness)) == SUMS_TO_ONE


@settings(deadline=None)
@given(befores, st.integers(0, 8))
def test_probabilities_learned_from_verse_sum_to_one(prior, before, n_more):
    found = probabilities(prior, before, len(before) + 1 + n_more)
    assert sum(found) == SUMS_TO_ONE
    assert min(found) > 0


def test_step_that_stanzas_went_on_with_is_the_likeliest():
    found = probabilities(TOYS, (0, 0, 2), 4, softness=0.0)
    assert found[2] == max(found)
    assert found[2] > 0.7


def test_line_that_waits_for_an_answer_is_answered_sooner_than_one_that_has_it(prior):
    waiting, answered = (0, 1, 0, 1, 0), (0, 1, 0, 1, 1)
    other = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)  # so that no stanza began like this
    found = [probabilities(prior, (*other, *before), 40)[1] for before in (waiting, answered)]
    assert found[0] > 1.5 * found[1]


def test_full_softness_forgets_the_lines_before():
    found = probabilities(TOYS, (0, 0, 2), 4, softness=1.0)
    assert found == pytest.approx(probabilities(TOYS, (0, 1, 0, 1), 9, softness=1.0))
    assert found == pytest.approx(probabilities(TOYS, (), 4, softness=1.0))


def test_softness_lets_a_line_break_the_scheme():
    broken = (0, 0, 2, 0)
    assert log_probability(TOYS, broken, 0.5) > log_probability(TOYS, broken, 0.0)
    assert log_probability(TOYS, ABAB, 0.5) < log_probability(TOYS, ABAB, 0.0)


def test_only_the_last_lines_are_remembered():
    recent = (0, 0, 2, 2) * (MEMORY // 4)
    of_both = [TOYS.log_probabilities(of, 18, 40, SOFT) for of in (recent, (0, 1, *recent))]
    assert of_both[0] == of_both[1]


@pytest.mark.parametrize(
    ("usual", "unusual"),
    [
        ("ABAB", "AABA"),
        ("AABB", "ABCA"),
        ("ABBA", "ABAA"),
        ("ABCB", "ABCA"),
        ("ABABCC", "ABCACB"),
        ("ABABCDCDEFEFGG", "ABABCDCDEFEFGH"),
        ("ABBAABBACDCDCD", "ABBAABBACDCDDC"),
        ("AABBCCDD", "AABBCDCE"),
        ("AABBA", "ABCBA"),
    ],
)
def test_usual_scheme_is_likelier_than_an_unusual_one(prior, usual, unusual):
    assert log_probability(prior, steps_of(usual)) > log_probability(prior, steps_of(unusual))


def test_learned_schemes_are_likelier_than_shuffled_ones(prior):
    rng = random.Random(7)
    learned = [steps for steps, n in packaged_schemes().items() if n >= 5 and len(set(steps)) > 1]
    better = 0
    for steps in learned:
        labels: list[int] = []
        for line, step in enumerate(steps):
            labels.append(labels[line - step] if step else line)
        rng.shuffle(labels)
        better += log_probability(prior, steps) >= log_probability(prior, steps_of(labels))
    assert len(learned) > 30
    assert better > 0.95 * len(learned)


def test_packaged_schemes_are_steps_within_their_stanzas():
    for steps, n in packaged_schemes().items():
        assert n > 0
        assert all(0 <= step <= min(line, LONGEST_STEP) for line, step in enumerate(steps))


def test_memory_does_not_grow_with_what_is_asked():
    prior = SchemePrior(TOY)

    def ask(lines: range) -> None:
        for line, step in product(lines, ALL_STEPS):
            prior.log_probabilities((0, step, step), line, 10_000, line / 10_000)

    tracemalloc.start()
    ask(range(1_600))
    before, _ = tracemalloc.get_traced_memory()
    ask(range(1_600, 3_200))
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < MOST_MEMORY
