"""Chooses pairs, and for each rater their order and sides. No database: values in, values out."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

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
