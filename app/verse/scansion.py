"""Lines against the patterns of metres: which pattern costs least."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from itertools import accumulate, chain, islice, pairwise, product

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
        The column, beats and cost of every pattern, at least one of every column.

    Attributes
    ----------
    beats : tuple of str
        The patterns: ``+`` a beat, ``-`` none.
    liberties : numpy.ndarray
        What each pattern costs, shape (patterns,).
    weights : numpy.ndarray
        What each kind of syllable costs at each place, shape (length * kinds, patterns).
    starts : numpy.ndarray
        Where each column begins, shape (columns,).
    """

    def __init__(self, found: list[tuple[int, str, float]]) -> None:
        owners, beats, liberties = zip(*sorted(found), strict=True)
        self.beats: tuple[str, ...] = beats
        self.liberties = np.array(liberties, np.float32)
        on = np.array([[beat == BEAT for beat in pattern] for pattern in self.beats])
        off_on = np.array([_WEIGHTS[COLUMNS[owner][0]] for owner in owners], np.float32)
        weights = np.where(on[:, :, None], off_on[:, 1, None], off_on[:, 0, None])
        self.weights = np.ascontiguousarray(weights.reshape(len(on), -1).T)
        self.starts = np.searchsorted(owners, range(len(COLUMNS)))
        self._bounds: list[tuple[int, int]] = list(pairwise([*self.starts.tolist(), len(owners)]))

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
        start, end = self._bounds[column]
        return self.beats[start + int(costs[start:end].argmin())]


# The patterns of one length, what each costs each way of that length, the first of these ways.
_Compared = tuple[Patterns, Numbers, int]


class Scansion:
    """Lines against every pattern of every metre.

    Parameters
    ----------
    lines : sequence of sequence of Word
        The words of each line.

    Attributes
    ----------
    kinds : list of str
        The kinds of a line's syllables as they are counted first, empty for a line without words.
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
        of_lines = list(map(_ways, lines))
        self.kinds = [ways[0][0] for ways in of_lines]
        n_ways = list(map(len, of_lines))
        kinds, more = zip(*chain.from_iterable(of_lines), strict=True)
        lengths = list(map(len, kinds))
        numbers = Counter(lengths)
        # All ways, those of one length side by side: their place among the ways of the lines as
        # they follow each other, their line and cost.
        place = dict(zip(numbers, range(len(numbers)), strict=True))
        sorted_by = [place[length] for length in lengths]
        order = sorted(range(len(kinds)), key=sorted_by.__getitem__)
        places = np.array(order)
        self._lines = np.arange(len(lines)).repeat(n_ways).take(places)
        self._least: Numbers = np.empty((len(kinds), len(COLUMNS)), np.float32)
        self._compared: list[_Compared | None] = []
        self._compare("".join([kinds[ix] for ix in order]), numbers)
        if any(more):
            self._least += np.array(more, np.float32)[places, None]
        as_given = np.empty_like(self._least)
        as_given[places] = self._least
        self.costs: Numbers = np.minimum.reduceat(as_given, [0, *accumulate(n_ways[:-1])])

    def _compare(self, kinds: str, numbers: Mapping[int, int]) -> None:
        """What each way costs in each pattern, but for the cost of the way itself; `numbers` says
        how many ways there are of each length."""
        one_hot = _ONE_HOT.take(np.frombuffer(kinds.encode(), np.uint8), axis=0)
        start = syllable = 0
        for length, n_ways in numbers.items():
            end, last = start + n_ways, syllable + n_ways * length
            if patterns := _patterns().get(length):
                costs = one_hot[syllable:last].reshape(n_ways, -1).dot(patterns.weights)
                costs += patterns.liberties
                np.minimum.reduceat(costs, patterns.starts, axis=1, out=self._least[start:end])
                self._compared += [(patterns, costs, start)] * n_ways
            else:
                self._least[start:end] = np.inf
                self._compared += [None] * n_ways
            start, syllable = end, last

    def beats(self, columns: NDArray[np.intp]) -> list[str]:
        """Give the cheapest pattern of each line within a column.

        Parameters
        ----------
        columns : numpy.ndarray
            A column for each line, -1 for none; shape (lines,).

        Returns
        -------
        list of str
            One pattern a line; where it has none in this column its stresses as in prose: ``+`` for
            main, secondary and content words, else ``-``.
        """
        column = columns.take(self._lines)
        least = self._least[np.arange(len(column)), column]
        (best,) = (least <= self.costs[self._lines, column]).nonzero()
        wanted = columns.tolist()
        found: list[str | None] = [None] * len(wanted)
        for way, line in zip(best.tolist(), self._lines[best].tolist(), strict=True):
            compared = self._compared[way]
            if compared and wanted[line] >= 0:
                patterns, costs, first = compared
                found[line] = patterns.cheapest(costs[way - first], wanted[line])
        return [
            kinds.translate(_PLAIN) if beats is None else beats
            for beats, kinds in zip(found, self.kinds, strict=True)
        ]


@cache
def _patterns() -> dict[int, Patterns]:
    """The patterns of every length."""
    found: defaultdict[int, list[tuple[int, str, float]]] = defaultdict(list)
    for column, (foot, feet) in enumerate(COLUMNS):
        for beats, cost in _liberties(foot, feet).items():
            if len(beats) <= LONGEST:
                found[len(beats)].append((column, beats, cost))
    for length, patterns in found.items():  # one that nothing fits, for a column without any
        missing = set(range(len(COLUMNS))) - {column for column, _, _ in patterns}
        patterns += [(column, OFFBEAT * length, np.inf) for column in missing]
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
    sole = [word.sole for word in line]
    in_one_way = [kinds for kinds in sole if kinds is not None]
    if len(in_one_way) == len(sole):
        return [("".join(in_one_way), 0.0)]
    found = [("", 0.0)]
    run = ""  # of words with one way, which costs nothing
    for word, kinds_of_sole in zip(line, sole, strict=True):
        if kinds_of_sole is not None:
            run += kinds_of_sole
        else:
            longer = islice(product(found, word.shapes), MOST_WAYS)
            found = [
                (start + run + kinds, so_far + cost) for (start, so_far), (kinds, cost) in longer
            ]
            run = ""
    return [(start + run, cost) for start, cost in found]
