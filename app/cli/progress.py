"""A progress bar on standard error, for work that turns out to be long."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import Any, TypeVar

import typer

_PATIENCE_SECONDS = 2

Item = TypeVar("Item")


def with_progress(items: Iterable[Item], *, total: int, label: str) -> Iterator[Item]:
    """The items; a bar appears once they have taken more than two seconds."""
    waiting = iter(items)
    begun, done = monotonic(), 0
    for item in waiting:
        yield item
        done += 1
        if monotonic() - begun > _PATIENCE_SECONDS and done < total:
            break
    else:
        return
    with typer.progressbar(waiting, length=total - done, label=label, file=sys.stderr) as bar:
        yield from bar


@contextmanager
def steps(label: str) -> Iterator[Callable[[int, int], None]]:
    """What is to be told how many steps are done of how many; a bar appears with the first."""
    with ExitStack() as stack:
        bars: list[Any] = []  # Any: a bar of Click's

        def tell(done: int, total: int) -> None:
            if not bars:
                bar = typer.progressbar(length=total, label=label, file=sys.stderr)
                bars.append(stack.enter_context(bar))
            bars[0].update(done - bars[0].pos)

        yield tell
