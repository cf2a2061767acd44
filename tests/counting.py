"""Work counted instead of timed: the same on every machine, however busy it is."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def n_steps(work: Callable[[], object]) -> int:
    """Lines of Python that run and functions of C that are called, whatever these do."""
    count = 0

    def ran(_frame: FrameType, event: str, _what: Any) -> Any:  # Any: as `sys.settrace` has it
        nonlocal count
        count += event == "line"
        return ran

    def called(_frame: FrameType, event: str, _what: Any) -> None:
        nonlocal count
        count += event == "c_call"

    before = sys.gettrace(), sys.getprofile()
    sys.setprofile(called)
    sys.settrace(ran)
    try:
        work()
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
    return count


def growth(work: Callable[[int], object], n: int) -> float:
    """How many times as many steps `work(10 * n)` takes as `work(n)`: about 10 where they grow in
    proportion, 100 where every thing is compared with every other."""
    work(n - 1)  # whatever happens only once; of another size, so that no answer is remembered
    few = n_steps(lambda: work(n))
    return n_steps(lambda: work(10 * n)) / few
