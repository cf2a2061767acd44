"""Every rule of data quality, on raters made for it."""

import pytest

from app.models import Choice, Purpose, RaterKind
from app.studies.flags import (
    BY_NAME,
    RULES,
    Answer,
    Facts,
    Others,
    by_chance,
    findings,
    measures,
)
from app.studies.plan import Design

L, R, T = Choice.LEFT, Choice.RIGHT, Choice.TIE
DESIGN = Design(fastest_reading=700, most_one_side=0.9)


def measure(choice: Choice, *, pair: int = 1, left: int = 1, ms: int | None = 30_000) -> Answer:
    return Answer(Purpose.MEASURE, pair, left, choice, None, 200.0, ms)


def again(choice: Choice, *, pair: int, left: int) -> Answer:
    return Answer(Purpose.REPEAT, pair, left, choice, None, 200.0, None)


def check(choice: Choice, *, asked: Choice) -> Answer:
    return Answer(Purpose.CHECK, None, None, choice, asked, None, None)


def flags(
    *answers: Answer,
    slots: int | None = None,
    kind: RaterKind = RaterKind.NONEXPERT,
    others: Others | None = None,
) -> set[str]:
    n = len(answers) if slots is None else slots
    found = measures(Facts(kind, n, answers), DESIGN)
    return set(findings(found, others or Others(), DESIGN))


def test_attention_check_is_failed_by_any_other_answer_than_asked():
    assert flags(check(L, asked=L), measure(L)) == set()
    assert flags(check(R, asked=L), measure(L)) == {"failed_check"}
    assert flags(check(T, asked=L), measure(L)) == {"failed_check"}


def test_other_poem_in_more_than_half_of_repeats_is_a_contradiction():
    first = [measure(L, pair=1, left=10), measure(R, pair=2, left=20)]
    same = [again(R, pair=1, left=11), again(L, pair=2, left=21)]
    other = [again(L, pair=1, left=11), again(R, pair=2, left=21)]
    assert flags(*first, *same) == set()
    assert flags(*first, *other) == {"inconsistent"}
    assert flags(*first, same[0], other[1]) == set()
    assert flags(first[0], other[0]) == set()  # one repeat says nothing


def test_repeat_with_a_tie_speaks_neither_for_nor_against():
    first = [measure(L, pair=1, left=10), measure(T, pair=2, left=20)]
    found = measures(
        Facts(
            RaterKind.EXPERT,
            4,
            (*first, again(T, pair=1, left=11), again(L, pair=2, left=21)),
        ),
        DESIGN,
    )
    assert (found.n_repeats, found.n_contradicted) == (0, 0)


@pytest.mark.parametrize(
    ("n_left", "n", "flagged"),
    [(7, 7, False), (8, 8, True), (19, 20, True), (18, 20, False), (1, 20, True), (0, 3, False)],
)
def test_one_side_takes_a_large_share_and_a_long_series(n_left, n, flagged):
    votes = [measure(L)] * n_left + [measure(R)] * (n - n_left)
    assert ("one_side" in flags(*votes)) is flagged


@pytest.mark.parametrize(
    ("n_ties", "n", "flagged"), [(10, 10, True), (9, 9, False), (9, 10, False), (19, 20, True)]
)
def test_nearly_always_unable_to_choose_is_the_same_answer_too(n_ties, n, flagged):
    votes = [measure(T)] * n_ties + [measure(L)] * (n - n_ties)
    assert ("one_side" in flags(*votes)) is flagged


def test_probability_of_a_one_sided_series_is_binomial():
    assert by_chance(8, 8) == pytest.approx(2 / 256)
    assert by_chance(0, 8) == pytest.approx(2 / 256)
    assert by_chance(4, 8) == 1.0


def test_reading_is_too_fast_when_most_votes_are():
    slow, fast = measure(L), measure(R, ms=5_000)  # 400 and 2,400 words a minute
    assert flags(slow, fast, fast) == {"too_fast"}
    assert flags(slow, slow, fast, fast) == set()
    assert flags(measure(L, ms=None), measure(R, ms=None)) == set()
    assert flags(fast, measure(L, ms=4_000), kind=RaterKind.JUDGE) == set()
    assert flags(measure(L, ms=0), measure(R, ms=0)) == {"too_fast"}


def test_same_series_of_sides_is_a_duplicate_where_chance_gives_it_to_nobody():
    votes = [measure(L if n % 3 else R) for n in range(20)]
    assert flags(*votes, others=Others(100, same_series=1)) == {"duplicate"}
    assert flags(*votes[:8], others=Others(100, same_series=1)) == set()
    assert flags(*votes, others=Others(100, same_series=0)) == set()
    assert flags(*votes[:2], others=Others(100, same_identity=1)) == {"duplicate"}


def test_missing_answers_are_flagged_as_unfinished():
    assert flags(measure(L), slots=2) == {"unfinished"}
    assert flags(slots=0) == {"unfinished"}


def test_every_rule_says_itself_with_the_thresholds_of_the_study():
    assert "1,234" not in BY_NAME["too_fast"].says(DESIGN)
    assert "123 words" in BY_NAME["too_fast"].says(Design(fastest_reading=123))
    assert "80%" in BY_NAME["one_side"].says(Design(most_one_side=0.8))
    assert all(rule.says(DESIGN) and rule.label and rule.version for rule in RULES)
