"""A progress bar on standard error, for work that turns out to be long."""

import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

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
