"""How likely a rhyme scheme is before its words are heard.

A scheme is written as steps, one a line: how many lines back the line stands that it rhymes with,
0 where it rhymes with none before it. ABAB is 0 0 2 2, AABB is 0 1 0 1. The next step is foretold
from those before it: from the same beginning of stanzas of the same length, and where these were
seldom seen, from the last eight, six, four, three, two steps or one, each smoothed by the next.
"""

import gzip
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources

WINDOW = 20  # lines back to which a line can rhyme
LONGEST_STEP = 15
LONG = 10  # lines of a stanza that a fixed form may hold together
MEMORY = 16  # steps that are remembered
_ORDERS = {8: 4, 6: 4, 4: 4, 3: 2, 2: 0, 1: 0}  # steps, and how many lines to the end count
_WEIGHTS = (1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 3.0, 3.0)  # of what a shorter context says
_REMEMBERED = 50_000
_NEW_LINE = 0.5  # share of lines that open a rhyme, where nothing is known

Steps = tuple[int, ...]
Context = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A rhyme scheme.

    Attributes
    ----------
    labels : tuple of int
        One label a line, from 0 by first appearance, equal where lines rhyme.
    steps : tuple of int
        The same as steps.
    log_steps : tuple of float
        The log probability of each step.
    log_prior : float
        Their sum.
    """

    labels: tuple[int, ...]
    steps: Steps
    log_steps: tuple[float, ...]
    log_prior: float


class Beginning:
    """The first lines of a scheme, compared by identity; `SchemePrior.begin` gives the first.

    Attributes
    ----------
    n_lines : int
        Lines of the whole scheme.
    line : int
        How many of them there are.
    labels, steps : tuple of int
        Labels and steps of the last of them, at most 20 and 16.
    n_labels : int
        Different labels so far.
    log_step : float
        The log probability of the last step.
    """

    def __init__(self, n_lines: int) -> None:
        self.n_lines = n_lines
        self.line = self.n_labels = 0
        self.labels: tuple[int, ...] = ()
        self.steps: Steps = ()
        self.log_step = 0.0
        self._before: Beginning | None = None

    def longer(self, label: int, prior: "SchemePrior") -> "Beginning":
        """Give it with one more line.

        Parameters
        ----------
        label : int
            Of the line: one of `labels`, or `n_labels` for a new rhyme.
        prior : SchemePrior
            Probabilities of steps.

        Returns
        -------
        Beginning
            A new one.
        """
        is_new = label == self.n_labels
        step = 0 if is_new else min(self.backs[label][0], LONGEST_STEP)
        one = Beginning(self.n_lines)
        one.line, one.n_labels = self.line + 1, self.n_labels + is_new
        one.labels = (*self.labels[1 - WINDOW :], label)
        one.steps = (*self.steps[1 - MEMORY :], step)
        one.log_step = prior.log_probability(self.steps, self.line, self.n_lines, step)
        one._before = self
        return one

    @cached_property
    def backs(self) -> dict[int, list[int]]:
        """For each of `labels` how many lines back it stands, the nearest first."""
        found: dict[int, list[int]] = {}
        for back, label in enumerate(reversed(self.labels), 1):
            found.setdefault(label, []).append(back)
        return found

    @cached_property
    def scheme(self) -> Scheme:
        """All lines so far."""
        labels, steps, log_steps = [], [], []
        last = self
        while last._before is not None:
            labels.append(last.labels[-1])
            steps.append(last.steps[-1])
            log_steps.append(last.log_step)
            last = last._before
        log_prior = sum(log_steps)
        return Scheme(tuple(labels[::-1]), tuple(steps[::-1]), tuple(log_steps[::-1]), log_prior)


class SchemePrior:
    """Probabilities of steps, counted in marked verse.

    Parameters
    ----------
    schemes : mapping of tuple of int to float
        Schemes as steps, and how often each was found.
    softness : float
        0 to 1: share of lines whose step owes nothing to the steps before it (a broken line, a
        chance rhyme).
    softness_of_long : float, optional
        The same for stanzas of ten lines and more; not given, it is the same.
    """

    def __init__(
        self,
        schemes: Mapping[Steps, float],
        softness: float,
        softness_of_long: float | None = None,
    ) -> None:
        self._softness = softness
        self._softness_of_long = softness if softness_of_long is None else softness_of_long
        self._counts: defaultdict[Context, defaultdict[int, float]] = defaultdict(
            lambda: defaultdict(float)
        )
        for steps, weight in schemes.items():
            for line, step in enumerate(steps):
                for context in _contexts(steps[:line][-MEMORY:], line, len(steps)):
                    self._counts[context][step] += weight
        self._totals = {context: sum(count.values()) for context, count in self._counts.items()}
        self.begin = lru_cache(_REMEMBERED)(Beginning)
        self.longer = lru_cache(_REMEMBERED)(self._longer)

    def _longer(self, before: Beginning, label: int) -> Beginning:
        return before.longer(label, self)

    def log_probability(self, before: Steps, line: int, n_lines: int, step: int) -> float:
        """Give the log probability of a step.

        Parameters
        ----------
        before : tuple of int
            The steps before it, at least the last 16 of them.
        line : int
            Its line, from 0.
        n_lines : int
            Lines of the stanza.
        step : int
            0 to 15; 15 stands for all longer ones.

        Returns
        -------
        float
            Natural log.
        """
        share = _NEW_LINE if step == 0 else (1 - _NEW_LINE) / LONGEST_STEP
        anywhere = share
        contexts = tuple(_contexts(before[-MEMORY:], line, n_lines))
        for context, weight in zip(reversed(contexts), reversed(_WEIGHTS), strict=True):
            total = self._totals.get(context)
            if total:
                share = (self._counts[context].get(step, 0.0) + weight * share) / (total + weight)
            if context == _ANYWHERE:
                anywhere = share
        softness = self._softness_of_long if n_lines >= LONG else self._softness
        return math.log((1 - softness) * share + softness * anywhere)


_ANYWHERE: Context = (0,)


def _contexts(before: Steps, line: int, n_lines: int) -> Iterator[Context]:
    """What a step is foretold from, the most telling first; `before` holds at most 16 steps."""
    yield ("stanza", n_lines, line, before)
    yield ("stanza", n_lines if n_lines <= LONGEST_STEP // 2 else 0, line, before)
    for order, most_left in _ORDERS.items():
        yield (order, min(n_lines - line, most_left), before[-order:])
    yield _ANYWHERE


def steps_of(labels: Sequence[object]) -> Steps:
    """Write a scheme as steps.

    Parameters
    ----------
    labels : sequence
        One label a line; equal labels rhyme, None with nothing.

    Returns
    -------
    tuple of int
        One step a line, at most 15.

    Examples
    --------
    >>> steps_of("ABAB"), steps_of(["A", None, None, "A"])
    ((0, 0, 2, 2), (0, 0, 0, 3))
    """
    last: dict[object, int] = {}
    steps = []
    for line, label in enumerate(labels):
        steps.append(min(line - last[label], LONGEST_STEP) if label in last else 0)
        if label is not None:
            last[label] = line
    return tuple(steps)


@cache
def packaged_schemes() -> Mapping[Steps, float]:
    """Read the schemes of marked verse.

    Returns
    -------
    mapping of tuple of int to float
        How often each was found.

    Examples
    --------
    >>> packaged_schemes()[0, 0, 2, 2] > packaged_schemes()[0, 1, 1, 1]
    True
    """
    packed = (resources.files("app.verse") / "data" / "rhyme_schemes.tsv.gz").read_bytes()
    rows = (row.split("\t") for row in gzip.decompress(packed).decode().split("\n"))
    return {tuple(map(int, steps.split())): float(weight) for steps, weight in rows}
