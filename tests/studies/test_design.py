"""Pairs, orders and sides are drawn evenly, and the same from the same seed."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from sqlmodel import Session

from app.errors import Conflict, DesignFrozen, NameTaken, Unusable
from app.models import Pairing
from app.studies.design import (
    PlanCheck,
    PlanPair,
    PlanPoem,
    PlanSlot,
    add_checks,
    add_repeats,
    draw_slots,
    plan_pairs,
    shown_to_each,
)
from app.studies.lifecycle import close_study, create_study, open_study, preview_design
from app.studies.plan import Design
from tests.factories import make_poem, make_poem_set, make_prompted_poems


def poems(blocks: int, each: int) -> list[PlanPoem]:
    return [PlanPoem(b * each + i, b, f"{b}-{i}") for b in range(blocks) for i in range(each)]


def pairs(blocks: int, each: int) -> list[PlanPair]:
    planned = plan_pairs(poems(blocks, each), np.random.default_rng(0))
    return [PlanPair(n, one, two, one // each, 0) for n, (one, two) in enumerate(planned)]


def test_every_two_poems_of_a_prompt_meet_and_no_others():
    planned = plan_pairs(poems(3, 4), np.random.default_rng(0))
    assert len(planned) == len(set(planned)) == 3 * 6
    assert all(one // 4 == two // 4 and one < two for one, two in planned)


def test_equal_texts_never_meet():
    twins = [PlanPoem(1, "p", "same"), PlanPoem(2, "p", "same"), PlanPoem(3, "p", "other")]
    assert plan_pairs(twins, np.random.default_rng(0)) == [(1, 3), (2, 3)]


def test_large_sets_are_sampled_so_that_every_poem_meets_equally_many():
    planned = plan_pairs(poems(1, 1001), np.random.default_rng(0), most=5000)
    meetings = Counter(poem for pair in planned for poem in pair)
    assert len(set(planned)) == len(planned) <= 5000
    assert set(meetings.values()) == {8}
    assert len(meetings) == 1001


def test_rater_sees_each_prompt_before_any_twice_and_no_poem_twice():
    rng = np.random.default_rng(1)
    slots = draw_slots(pairs(6, 4), 12, rng)
    blocks = Counter(slot.left // 4 for slot in slots)
    seen = Counter(poem for slot in slots for poem in (slot.left, slot.right))
    assert set(blocks.values()) == {2}
    assert set(seen.values()) == {1}


def test_least_shown_pairs_come_first():
    worn = [PlanPair(p.id, p.first, p.second, p.block, drawn=p.id % 6) for p in pairs(5, 4)]
    chosen = {slot.pair_id for slot in draw_slots(worn, 5, np.random.default_rng(2))}
    assert chosen == {pair.id for pair in worn if pair.drawn == 0}


def test_sides_and_order_are_random_and_repeat_with_the_seed():
    one = [draw_slots(pairs(40, 2), 40, np.random.default_rng([7, n])) for n in range(25)]
    two = [draw_slots(pairs(40, 2), 40, np.random.default_rng([7, n])) for n in range(25)]
    assert one == two
    left_first = np.mean([slot.left < slot.right for slots in one for slot in slots])
    assert abs(left_first - 0.5) < 0.06  # four standard errors
    assert len({tuple(slot.pair_id for slot in slots) for slots in one}) == 25


def test_more_pairs_than_there_are_gives_all_of_them():
    assert len(draw_slots(pairs(2, 3), 50, np.random.default_rng(0))) == 6


def make_set(session: Session, *, prompts: int, each: int) -> str:
    poem_set = make_poem_set(session)
    make_prompted_poems(session, poem_set=poem_set, prompts=prompts, each=each)
    return poem_set.key


def test_preview_tells_what_pairing_across_the_set_costs(session: Session):
    poem_set = make_poem_set(session)
    for _ in range(4):
        make_poem(session, poem_set=poem_set)
    preview = preview_design(session, poem_set.key)
    assert (preview.pairing, preview.n_pairs) == (Pairing.ACROSS_SET, 6)
    assert "across the whole set" in preview.warnings[0]


def test_preview_counts_poems_without_partner(session: Session):
    poem_set = make_poem_set(session)
    for size in (2, 2, 2, 2, 2, 1):
        make_prompted_poems(session, poem_set=poem_set, each=size)
    preview = preview_design(session, poem_set.key)
    assert (preview.pairing, preview.n_pairs, preview.n_poems) == (Pairing.WITHIN_PROMPT, 5, 10)
    assert [w.split()[0] for w in preview.warnings] == ["1"]


def test_opened_study_is_frozen_and_closes_once(session: Session):
    key = make_set(session, prompts=2, each=2)
    study = create_study(session, name="S", poem_set_key=key, question="Q?", pairs_per_rater=2)
    with pytest.raises(Conflict):
        close_study(session, study.key)
    open_study(session, study.key)
    with pytest.raises(DesignFrozen):
        open_study(session, study.key)
    close_study(session, study.key)
    with pytest.raises(Conflict):
        close_study(session, study.key)


def test_unusable_studies_are_refused_with_a_sentence(session: Session):
    key = make_set(session, prompts=2, each=2)
    create_study(session, name="S", poem_set_key=key, question="Q?", pairs_per_rater=2)
    with pytest.raises(NameTaken):
        create_study(session, name=" S ", poem_set_key=key, question="Q?", pairs_per_rater=2)
    with pytest.raises(Unusable, match="between 1 and"):
        create_study(session, name="T", poem_set_key=key, question="Q?", pairs_per_rater=0)
    alone = create_study(
        session,
        name="One poem",
        poem_set_key=make_set(session, prompts=1, each=1),
        question="Q?",
        pairs_per_rater=2,
    )
    with pytest.raises(Unusable, match="No pair"):
        open_study(session, alone.key)


@pytest.mark.parametrize(("n_pairs", "n"), [(24, 2), (24, 8), (12, 6), (7, 3), (10, 10), (1, 1)])
def test_pair_comes_again_late_with_its_sides_exchanged(n_pairs: int, n: int):
    for seed in range(20):
        rng = np.random.default_rng(seed)
        slots = draw_slots(pairs(n_pairs, 2), n_pairs, rng)
        order = add_repeats(slots, n, rng)
        assert [slot for slot in order if slot.purpose == "measure"] == slots
        again = [place for place, slot in enumerate(order) if slot.purpose == "repeat"]
        assert len({order[place].pair_id for place in again}) == len(again) == n
        for place in again:
            first = next(p for p, s in enumerate(order) if s.pair_id == order[place].pair_id)
            one, other = order[first], order[place]
            assert (one.left, one.right) == (other.right, other.left)
            assert place - first >= len(order) / 3


def test_what_comes_again_and_where_differs_between_raters():
    def drawn(seed: int) -> tuple[int, ...]:
        rng = np.random.default_rng(seed)
        order = add_repeats(draw_slots(pairs(20, 2), 20, rng), 2, rng)
        return tuple(place for place, slot in enumerate(order) if slot.purpose == "repeat")

    assert len({drawn(seed) for seed in range(30)}) > 20


def test_no_more_pairs_come_again_than_there_are():
    rng = np.random.default_rng(0)
    order = add_repeats(draw_slots(pairs(2, 3), 4, rng), 50, rng)
    assert Counter(slot.purpose for slot in order) == {"measure": 4, "repeat": 4}


@pytest.mark.parametrize(("n_pairs", "n"), [(24, 1), (24, 3), (24, 10), (2, 2), (1, 1)])
def test_checks_are_spread_out_and_never_come_first(n_pairs: int, n: int):
    left = Counter[int]()
    for seed in range(100):
        rng = np.random.default_rng(seed)
        slots = draw_slots(pairs(n_pairs, 2), n_pairs, rng)
        order = add_checks(slots, n, rng)
        assert [one for one in order if isinstance(one, PlanSlot)] == slots
        places = [p for p, one in enumerate(order) if isinstance(one, PlanCheck)]
        assert len(places) == n
        assert places[0] > 0
        if n_pairs == 24:
            assert all(b - a > 24 / n / 2 for a, b in pairwise(places))
            assert places[-1] < len(order) - 1
        left[sum(one.side == "left" for one in order if isinstance(one, PlanCheck))] += 1
    assert min(left) >= n // 2  # of an even number exactly half, of an odd one about
    assert max(left) <= n - n // 2
    assert len(left) == 1 + n % 2


def test_rater_is_told_as_many_pairs_as_they_are_given():
    for n_pairs, repeats, checks in [(24, 2, 1), (3, 10, 10), (1, 0, 2)]:
        design = Design(repeats=repeats, checks=checks)
        rng = np.random.default_rng(0)
        slots = add_repeats(draw_slots(pairs(n_pairs, 2), n_pairs, rng), repeats, rng)
        told = shown_to_each(design, n_pairs)
        assert told.of_poems == len(slots)
        assert told.of_poems + told.checks == len(add_checks(slots, checks, rng))
