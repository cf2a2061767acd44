"""How likely a rhyme scheme is before its words are heard.

A scheme is written as steps, one a line: how many lines back the line stands that it rhymes with,
0 where it rhymes with none before it. ABAB is 0 0 2 2, AABB is 0 1 0 1. The next step is foretold
from those before it: from the same beginning of stanzas of the same length, and where these were
seldom seen, from the last steps and the lines that still wait for an answer, each smoothed by the
next.
"""

import gzip
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from app.verse.part import part

WINDOW = 20  # lines back to which a line can rhyme
LONGEST_STEP = 15
LONG = 10  # lines of a stanza that a fixed form may hold together
MEMORY = 16  # steps that are remembered
_WEIGHTS = (4.0, 4.0, 4.0, 4.0, 2.0)  # of what a shorter context says
_REMEMBERED = 50_000
LONGEST_REMEMBERED = 50  # lines of a stanza
_NEW_LINE = 0.5  # share of lines that open a rhyme, where nothing is known

Steps = tuple[int, ...]
Context = tuple[Any, ...]  # its place in _WEIGHTS, then what is known


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

    def __init__(self, n_lines: int, softness: float) -> None:
        self.n_lines, self.softness = n_lines, softness
        self.line = self.n_labels = 0
        self.labels: tuple[int, ...] = ()
        self.steps: Steps = ()
        self.log_step = 0.0
        self._before: Beginning | None = None
        self._ahead: Sequence[float] = ()

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
        if not self._ahead:
            self._ahead = prior.log_probabilities(
                self.steps, self.line, self.n_lines, self.softness
            )
        one = Beginning(self.n_lines, self.softness)
        one.line, one.n_labels = self.line + 1, self.n_labels + is_new
        one.labels = (*self.labels[1 - WINDOW :], label)
        one.steps = (*self.steps[1 - MEMORY :], step)
        one.log_step = self._ahead[step]
        one._before = self
        return one

    @part
    def backs(self) -> dict[int, list[int]]:
        """For each of `labels` how many lines back it stands, the nearest first."""
        found: dict[int, list[int]] = {}
        for back, label in enumerate(reversed(self.labels), 1):
            found.setdefault(label, []).append(back)
        return found

    @part
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
    """

    def __init__(self, schemes: Mapping[Steps, float]) -> None:
        self._counts: defaultdict[Context, defaultdict[int, float]] = defaultdict(
            lambda: defaultdict(float)
        )
        for steps, weight in schemes.items():
            for line, step in enumerate(steps):
                for context in _contexts(steps[:line][-MEMORY:], line, len(steps)):
                    self._counts[context][step] += weight
        self._totals = {context: sum(count.values()) for context, count in self._counts.items()}
        self.begin = lru_cache(_REMEMBERED)(Beginning)
        self._longer = lru_cache(_REMEMBERED)(self._made_longer)
        self._mixed = lru_cache(_REMEMBERED // 10)(self._mix)

    def longer(self, n_lines: int) -> Callable[[Beginning, int], Beginning]:
        """Give what makes the beginning of a scheme one line longer.

        Parameters
        ----------
        n_lines : int
            Lines of the stanza. What a long one begins with comes again in no other, and would
            only fill the memory.

        Returns
        -------
        callable
            From a beginning and the label of the next line, as `Beginning.longer` has it.
        """
        return self._longer if n_lines <= LONGEST_REMEMBERED else self._made_longer

    def _made_longer(self, before: Beginning, label: int) -> Beginning:
        return before.longer(label, self)

    def log_probabilities(
        self, before: Steps, line: int, n_lines: int, softness: float
    ) -> Sequence[float]:
        """Give the log probabilities of the next step.

        Parameters
        ----------
        before : tuple of int
            The steps before it, at least the last 16 of them.
        line : int
            Its line, from 0.
        n_lines : int
            Lines of the stanza.
        softness : float
            0 to 1: share of lines whose step owes nothing to the steps before it (a broken line, a
            chance rhyme).

        Returns
        -------
        sequence of float
            Natural logs, of the steps 0 to 15; 15 stands for all longer ones.
        """
        contexts = _contexts(before[-MEMORY:], line, n_lines)
        return self._mixed(softness, *(one for one in contexts if one in self._totals))

    def _mix(self, softness: float, *contexts: Context) -> Sequence[float]:
        shares = [_NEW_LINE] + [(1 - _NEW_LINE) / LONGEST_STEP] * LONGEST_STEP
        anywhere = shares
        for context in reversed(contexts):
            total, counts = self._totals[context], self._counts[context]
            weight = _WEIGHTS[context[0]]
            shares = [
                (counts.get(step, 0.0) + weight * share) / (total + weight)
                for step, share in enumerate(shares)
            ]
            if context == _ANYWHERE:
                anywhere = shares
        return [
            math.log((1 - softness) * share + softness * usual)
            for share, usual in zip(shares, anywhere, strict=True)
        ]


_ANYWHERE: Context = (4,)


def _contexts(before: Steps, line: int, n_lines: int) -> Iterator[Context]:
    """What a step is foretold from, the most telling first; `before` holds at most 16 steps."""
    waiting = _waiting(before)
    yield (0, n_lines, line, before)
    yield (1, min(n_lines - line, 2), before[-3:], waiting[-4:])
    yield (2, before[-1:], waiting[-2:])
    yield (3, waiting[-1:])
    yield _ANYWHERE


def _waiting(steps: Steps) -> Steps:
    """How many lines back those stand that rhyme with none as yet, the farthest first."""
    answered = {line - step for line, step in enumerate(steps) if step}
    return tuple(
        len(steps) - line for line, step in enumerate(steps) if not step and line not in answered
    )


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
