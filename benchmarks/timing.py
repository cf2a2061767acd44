"""Ours and its floor, taken in turns, so that both meet the same machine."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Comparison:
    what: str
    ours: float  # seconds, as is the floor
    floor_is: str
    floor: float

    @property
    def ratio(self) -> float:
        return self.ours / self.floor


def seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def in_turns(*works: Callable[[], object], rounds: int, per: int = 1) -> list[float]:
    """The median seconds of each piece of work, divided by how many things a round handles."""
    for work in works:
        work()  # whatever happens only once
    taken = [[seconds(work) for work in works] for _ in range(rounds)]
    return [median(column) / per for column in zip(*taken, strict=True)]
