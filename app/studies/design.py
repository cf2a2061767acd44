"""Chooses pairs, and for each rater their order and sides, what comes again and where it is checked
that they read. No database: values in, values out."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from app.models import Choice, Purpose
from app.studies.plan import Design

APART = 3  # a pair comes again after at least one part in so many of all pairs
MOST_PAIRS = 50_000  # above it, every poem still meets equally many others


@dataclass(frozen=True, slots=True)
class PlanPoem:
    """A poem as the design sees it. Poems of one block may meet; equal texts never do."""

    id: int
    block: Hashable
    text_hash: str


@dataclass(frozen=True, slots=True)
class PlanPair:
    """A pair as the design sees it, with how often the rater's group was given it."""

    id: int
    first: int
    second: int
    block: Hashable
    drawn: int


@dataclass(frozen=True, slots=True)
class PlanSlot:
    pair_id: int
    left: int
    right: int
    purpose: Purpose = Purpose.MEASURE


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """A slot without poems, which says itself which side to choose."""

    side: Choice


def plan_pairs(
    poems: Iterable[PlanPoem], rng: np.random.Generator, *, most: int = MOST_PAIRS
) -> list[tuple[int, int]]:
    """Every pair of two poems within a block, smaller id first; where these are more than `most`,
    a regular sample in which every poem of a block meets equally many others."""
    blocks: dict[Hashable, list[PlanPoem]] = defaultdict(list)
    for poem in poems:
        blocks[poem.block].append(poem)
    n_poems = sum(len(block) for block in blocks.values() if len(block) > 1)
    n_all = sum(len(block) * (len(block) - 1) // 2 for block in blocks.values())
    others = None if n_all <= most else max(1, most // max(n_poems, 1))
    pairs = []
    for block in blocks.values():
        for one, two in _meetings(block, others, rng):
            if one.text_hash != two.text_hash:
                pairs.append((min(one.id, two.id), max(one.id, two.id)))
    return pairs


def draw_slots(pairs: Sequence[PlanPair], n: int, rng: np.random.Generator) -> list[PlanSlot]:
    """One rater's slots, in order, sides drawn: `n` pairs (or all there are) spread evenly over
    blocks, the least shown pairs first, and no poem twice as long as others are left."""
    by_block: dict[Hashable, list[PlanPair]] = defaultdict(list)
    for index in rng.permutation(len(pairs)):
        by_block[pairs[index].block].append(pairs[index])
    queues = [sorted(block, key=lambda pair: pair.drawn) for block in by_block.values()]
    queues.sort(key=lambda queue: sum(pair.drawn for pair in queue) / len(queue))
    chosen: list[PlanPair] = []
    seen: set[int] = set()
    while len(chosen) < n and queues:
        for queue in queues[: n - len(chosen)]:
            pair = next(
                (p for p in queue if p.first not in seen and p.second not in seen), queue[0]
            )
            queue.remove(pair)
            chosen.append(pair)
            seen |= {pair.first, pair.second}
        queues = [queue for queue in queues if queue]
    order = rng.permutation(len(chosen))
    swapped = rng.integers(2, size=len(chosen))
    return [_slot(chosen[index], swap=bool(swapped[index])) for index in order]


def add_repeats(slots: Sequence[PlanSlot], n: int, rng: np.random.Generator) -> list[PlanSlot]:
    """The same slots in the same order, and among them `n` of their pairs (or all) once again with
    sides exchanged, each at least a third of the whole after it came first."""
    n = min(n, len(slots))
    total = len(slots) + n
    apart = -(-total // APART)
    if n > apart:  # too many to lie among the others: they follow, in the order they came
        chosen = np.sort(rng.choice(len(slots), n, replace=False)).tolist()
        return [*slots, *(_again(slots[index]) for index in chosen)]
    places = set((apart + rng.choice(total - apart, n, replace=False)).tolist())
    first, order = iter(slots), list[PlanSlot]()
    repeated: set[int] = set()
    for place in range(total):
        if place not in places:
            order.append(next(first))
            continue
        come = [
            slot
            for slot in order[: place - apart + 1]
            if slot.purpose is Purpose.MEASURE and slot.pair_id not in repeated
        ]
        slot = come[int(rng.integers(len(come)))]
        repeated.add(slot.pair_id)
        order.append(_again(slot))
    return order


def add_checks(
    slots: Sequence[PlanSlot], n: int, rng: np.random.Generator
) -> list[PlanSlot | PlanCheck]:
    """The same slots in the same order, and among them `n` checks, one in each equal part of the
    list, away from its ends; half of them ask for either side."""
    n = min(n, len(slots))
    more = int(rng.integers(2))  # the side of which an odd number has one more
    sides = [(Choice.LEFT, Choice.RIGHT)[(more + index) % 2] for index in rng.permutation(n)]
    order: list[PlanSlot | PlanCheck] = list(slots)
    places = [max(1, int((part + rng.uniform(1 / 4, 3 / 4)) * len(slots) / n)) for part in range(n)]
    for place, side in reversed([*zip(places, sides, strict=True)]):
        order.insert(place, PlanCheck(side))
    return order


@dataclass(frozen=True, slots=True)
class ShownToEach:
    """What a rater goes through."""

    of_poems: int  # pairs, those that come again among them
    checks: int


def shown_to_each(design: Design, pairs: int) -> ShownToEach:
    """`pairs`: how many measure."""
    with_repeats = pairs + min(design.repeats, pairs)
    return ShownToEach(with_repeats, min(design.checks, with_repeats))


def _again(slot: PlanSlot) -> PlanSlot:
    return PlanSlot(slot.pair_id, left=slot.right, right=slot.left, purpose=Purpose.REPEAT)


def _meetings(
    block: list[PlanPoem], others: int | None, rng: np.random.Generator
) -> Iterable[tuple[PlanPoem, PlanPoem]]:
    n = len(block)
    if others is None or others >= (n - 1) // 2:
        return combinations(block, 2)
    ring = [block[index] for index in rng.permutation(n)]
    return (
        (ring[index], ring[(index + step) % n])
        for step in range(1, others + 1)
        for index in range(n)
    )


def _slot(pair: PlanPair, *, swap: bool) -> PlanSlot:
    left, right = (pair.second, pair.first) if swap else (pair.first, pair.second)
    return PlanSlot(pair_id=pair.id, left=left, right=right)
