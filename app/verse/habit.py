"""How a poem goes on after its last lines: what the schemes of its other stanzas say.

A poem in couplets has couplets in all its paragraphs, however long each of them is, so a rhyme that
comes again by chance is told from one that was meant.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from app.verse.schemes import LONGEST_REMEMBERED, Steps

_ORDER = 4  # steps from which the next is foretold
_PRIOR_WEIGHT = 5.0  # lines of this poem that weigh as much as the verse of others
_ANY = (-1,)  # in the place of the last step: however the poem went on
_REMEMBERED = 5_000  # schemes


class Habit:
    """Counts of the steps of one poem.

    Parameters
    ----------
    schemes : iterable of tuple of int
        The schemes of its stanzas, as steps.

    Notes
    -----
    With n(c, s) the times that step s followed the last four steps c, and p its probability in the
    verse of others, its probability here is (n(c, s) + 5 p) / (n(c) + 5). The two constants were
    chosen by cross-validation on marked verse.

    References
    ----------
    Kuhn, R. and De Mori, R. (1990). A cache-based natural language model for speech recognition.
    IEEE Transactions on Pattern Analysis and Machine Intelligence 12, 570-583.
    """

    def __init__(self, schemes: Iterable[Steps]) -> None:
        self._counts: dict[Steps, int] = Counter(chain.from_iterable(map(_counted, schemes)))

    def without(self, steps: Steps) -> "Habit":
        """Give the counts of the other stanzas.

        Parameters
        ----------
        steps : tuple of int
            The scheme that one stanza was counted with.

        Returns
        -------
        Habit
            A new one.
        """
        others = Habit(())
        others._counts = dict(self._counts)
        for run in _counted(steps):
            others._counts[run] -= 1
        return others

    def log_probability(self, steps: Steps, fresh: Sequence[float]) -> float:
        """Give the log probability of a scheme.

        Parameters
        ----------
        steps : tuple of int
            The scheme.
        fresh : sequence of float
            The log probability of each of its steps in the verse of others.

        Returns
        -------
        float
            Natural log.

        Examples
        --------
        >>> habit = Habit([(0, 1, 0, 1), (0, 1, 0, 1, 0, 1)])
        >>> even = [-1.0] * 4
        >>> habit.log_probability((0, 1, 0, 1), even) > habit.log_probability((0, 0, 2, 2), even)
        True
        """
        counts = self._counts
        total = 0.0
        for (run, before), log_share in zip(_runs(steps), fresh, strict=True):
            n = counts.get(before, 0)
            if n:
                seen = counts.get(run, 0) + _PRIOR_WEIGHT * math.exp(log_share)
                total += math.log(seen / (n + _PRIOR_WEIGHT))
            else:
                total += log_share
        return total


def _counted(steps: Steps) -> Iterator[Steps]:
    """The runs of a scheme, each with its last step and with any."""
    return chain.from_iterable(_runs(steps))


def _runs(steps: Steps) -> tuple[tuple[Steps, Steps], ...]:
    """Every step after those that it is foretold from, and the same with any step in its place;
    shorter runs are beginnings of a stanza."""
    return _runs_of_short(steps) if len(steps) <= LONGEST_REMEMBERED else _runs_of(steps)


def _runs_of(steps: Steps) -> tuple[tuple[Steps, Steps], ...]:
    found = []
    for line, step in enumerate(steps):
        before = steps[max(0, line - _ORDER) : line]
        found.append(((*before, step), before + _ANY))
    return tuple(found)


_runs_of_short = lru_cache(_REMEMBERED)(_runs_of)
