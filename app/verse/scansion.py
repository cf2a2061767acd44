"""Lines against the patterns of metres: which pattern costs least."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from itertools import chain, islice, pairwise, product

import numpy as np
from numpy.typing import NDArray

from app.verse.syllables import KINDS, STRESSED
from app.verse.vocabulary import Word

MOST_WAYS = 16  # of counting the syllables of one line
MOST_COST = 1.0  # of a pattern's liberties
LONGEST = 20  # syllables; a longer line fits no metre
MOST_FEET = 8
BEAT, OFFBEAT = "+", "-"

Numbers = NDArray[np.float32]


class Foot(StrEnum):
    """The foot that a metre repeats."""

    IAMBIC = "iambic"
    TROCHAIC = "trochaic"
    ANAPAESTIC = "anapaestic"
    DACTYLIC = "dactylic"


# What it costs to put a syllable of each kind (P S U V C M F) off the beat, then on it.
_DOUBLE = ((1.0, 0.2, 0.0, 0.0, 0.4, 0.0, 0.0), (0.0, 0.1, 1.0, 0.1, 0.0, 0.1, 0.4))
_TRIPLE = ((0.8, 0.0, 0.0, 0.0, 0.2, 0.0, 0.0), (0.0, 0.4, 1.0, 0.4, 0.0, 0.1, 0.6))
_WEIGHTS = {
    Foot.IAMBIC: _DOUBLE,
    Foot.TROCHAIC: _DOUBLE,
    Foot.ANAPAESTIC: _TRIPLE,
    Foot.DACTYLIC: _TRIPLE,
}
# The forms that the first, a middle and the last foot of a line may take, with their costs.
_FORMS: dict[Foot, tuple[dict[str, float], dict[str, float], dict[str, float]]] = {
    Foot.IAMBIC: (
        {"-+": 0, "+-": 0.2, "+": 0.4, "--+": 0.4},
        {"-+": 0, "+-": 0.5, "--+": 0.4},
        {"-+": 0, "-+-": 0.1, "--+": 0.4},
    ),
    Foot.TROCHAIC: (
        {"+-": 0, "-+": 0.5, "+--": 0.4, "-+-": 0.4},
        {"+-": 0, "-+": 0.5, "+--": 0.4},
        {"+-": 0, "+": 0, "+--": 0.4},
    ),
    Foot.ANAPAESTIC: (
        {"--+": 0, "-+": 0.1, "+-+": 0.2, "+": 0.4},
        {"--+": 0, "-+": 0.2},
        {"--+": 0, "-+": 0.2, "--+-": 0.1, "-+-": 0.3, "--+--": 0.3},
    ),
    Foot.DACTYLIC: (
        {"+--": 0, "+-": 0.25, "-+--": 0.2},
        {"+--": 0, "+-": 0.25},
        {"+--": 0, "+-": 0, "+": 0},
    ),
}
_ONE_HOT = np.zeros((128, len(KINDS)), np.float32)
_ONE_HOT[[ord(kind) for kind in KINDS], range(len(KINDS))] = 1
_PLAIN = str.maketrans({kind: BEAT if kind in STRESSED else OFFBEAT for kind in KINDS})
# What a line is compared with: each foot once, twice and so on.
COLUMNS = tuple((foot, feet) for foot in Foot for feet in range(1, MOST_FEET + 1))


class Patterns:
    """All patterns of one length, those of one column of `COLUMNS` side by side.

    Parameters
    ----------
    found : list of (int, str, float)
        The column, beats and cost of every pattern.

    Attributes
    ----------
    beats : list of str
        The patterns: ``+`` a beat, ``-`` none.
    liberties : numpy.ndarray
        What each pattern costs, shape (patterns,).
    weights : numpy.ndarray
        What each kind of syllable costs at each place, shape (length * kinds, patterns).
    columns, starts : numpy.ndarray
        The columns that have a pattern of this length and where each begins, shape (columns,).
    """

    def __init__(self, found: list[tuple[int, str, float]]) -> None:
        owners, beats, liberties = zip(*sorted(found), strict=True)
        self.beats: tuple[str, ...] = beats
        self.liberties = np.array(liberties, np.float32)
        on = np.array([[beat == BEAT for beat in pattern] for pattern in self.beats])
        off_on = np.array([_WEIGHTS[COLUMNS[owner][0]] for owner in owners], np.float32)
        weights = np.where(on[:, :, None], off_on[:, 1, None], off_on[:, 0, None])
        self.weights = np.ascontiguousarray(weights.reshape(len(on), -1).T)
        self.columns, self.starts = np.unique(owners, return_index=True)
        bounds = pairwise([*self.starts.tolist(), len(owners)])
        self._within: dict[int, tuple[int, int]] = dict(
            zip(self.columns.tolist(), bounds, strict=True)
        )

    def cheapest(self, costs: Numbers, column: int) -> str:
        """Give the beats of the cheapest pattern of a column.

        Parameters
        ----------
        costs : numpy.ndarray
            What each pattern costs a line, shape (patterns,).
        column : int
            A column that has a pattern of this length.

        Returns
        -------
        str
            One pattern.
        """
        start, end = self._within[column]
        return self.beats[start + int(costs[start:end].argmin())]


class Scansion:
    """Lines against every pattern of every metre.

    Parameters
    ----------
    lines : sequence of sequence of Word
        The words of each line.

    Attributes
    ----------
    natural : list of str
        A line's stresses as in prose: ``+`` for main, secondary and content words, else ``-``.
    costs : numpy.ndarray
        The least cost of each line in each column of `COLUMNS`, shape (lines, columns), infinite
        where no pattern has as many syllables.

    Examples
    --------
    >>> from app.verse.vocabulary import look_up
    >>> scansion = Scansion([list(map(look_up, "and rain is at the door".split()))])
    >>> COLUMNS[scansion.costs[0].argmin()]
    (<Foot.IAMBIC: 'iambic'>, 3)
    """

    def __init__(self, lines: Sequence[Sequence[Word]]) -> None:
        of_lines = [_ways(line) for line in lines]
        self.natural = [ways[0][0].translate(_PLAIN) for ways in of_lines]
        ways = list(chain.from_iterable(of_lines))
        by_length: defaultdict[int, list[int]] = defaultdict(list)
        for ix, (kinds, _) in enumerate(ways):
            by_length[len(kinds)].append(ix)
        order = list(chain.from_iterable(by_length.values()))
        counts = np.array(list(map(len, of_lines)), np.intp)
        self._lines = np.repeat(np.arange(len(lines)), counts).take(order)
        self._least: Numbers = np.full((len(ways), len(COLUMNS)), np.inf, np.float32)
        self._compared: dict[int, tuple[Numbers, Patterns]] = {}
        self._compare([ways[ix] for ix in order], by_length)
        as_given = np.empty_like(self._least)
        as_given[order] = self._least
        self.costs: Numbers = np.minimum.reduceat(as_given, np.cumsum(counts) - counts)

    def _compare(
        self, ways: Sequence[tuple[str, float]], by_length: Mapping[int, Sequence[int]]
    ) -> None:
        """What each way costs in each pattern; those of one length stand side by side."""
        marks = np.frombuffer("".join([kinds for kinds, _ in ways]).encode(), np.uint8)
        one_hot = _ONE_HOT.take(marks, axis=0)
        more = np.array([cost for _, cost in ways], np.float32)[:, None]
        start = syllable = 0
        for length, found in by_length.items():
            end, last = start + len(found), syllable + len(found) * length
            if patterns := _patterns().get(length):
                costs = one_hot[syllable:last].reshape(len(found), -1) @ patterns.weights
                costs += patterns.liberties
                costs += more[start:end]
                least = np.minimum.reduceat(costs, patterns.starts, axis=1)
                self._least[start:end, patterns.columns] = least
                self._compared.update(
                    (way, (own, patterns)) for way, own in enumerate(costs, start)
                )
            start, syllable = end, last

    def beats(self, columns: NDArray[np.intp]) -> list[str]:
        """Give the cheapest pattern of each line within a column.

        Parameters
        ----------
        columns : numpy.ndarray
            A column for each line, in which its cost is finite, or -1; shape (lines,).

        Returns
        -------
        list of str
            One pattern a line, the natural stresses where the column is -1.
        """
        found = list(self.natural)
        column = columns[self._lines]
        least = self._least[np.arange(len(column)), column]
        is_best = (least <= self.costs[self._lines, column]) & (column >= 0)
        (best,), wanted = is_best.nonzero(), columns.tolist()
        for way, line in zip(best.tolist(), self._lines[best].tolist(), strict=True):
            costs, patterns = self._compared[way]
            found[line] = patterns.cheapest(costs, wanted[line])
        return found


@cache
def _patterns() -> dict[int, Patterns]:
    """The patterns of every length."""
    found: defaultdict[int, list[tuple[int, str, float]]] = defaultdict(list)
    for column, (foot, feet) in enumerate(COLUMNS):
        for beats, cost in _liberties(foot, feet).items():
            if len(beats) <= LONGEST:
                found[len(beats)].append((column, beats, cost))
    return {length: Patterns(patterns) for length, patterns in found.items()}


def _liberties(foot: Foot, feet: int) -> dict[str, float]:
    """Every form of one metre's line and the least that it costs."""
    first, middle, last = _FORMS[foot]
    found = {"": 0.0}
    for forms in [first, *[middle] * (feet - 2), last][-feet:]:
        longer: dict[str, float] = {}
        for (start, cost), (form, more) in product(found.items(), forms.items()):
            if cost + more <= min(MOST_COST, longer.get(start + form, MOST_COST)):
                longer[start + form] = cost + more
        found = longer
    return found


def _ways(line: Sequence[Word]) -> list[tuple[str, float]]:
    """Ways to count the syllables of a line: their kinds and cost, the plain one first."""
    options = [word.shapes for word in line if word.shapes]
    if not options:
        return [("", 0.0)]
    ways = (zip(*way, strict=True) for way in islice(product(*options), MOST_WAYS))
    return [("".join(kinds), sum(costs)) for kinds, costs in ways]
