"""The metre of a poem: syllables, stresses, foot, length of line, regularity."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from app.verse.scansion import COLUMNS, MOST_FEET, Foot, Numbers, Scansion
from app.verse.text import words
from app.verse.vocabulary import Word, look_up

__all__ = ["Foot", "LineMeter", "Meter", "scan"]

ALLOWED = 0.4  # cost a foot at which a line no longer scans
METRICAL_FROM = 0.45
MIXED_FROM = 0.6  # higher, as some length always fits
EACH_LENGTH = 0.5  # of a line's fit, that each length must earn
SHORTEST_ALTERNATING = 4  # lines
SHORTEST_STANZA, LONGEST_STANZA = 2, 14
_REMEMBERED = 10_000
FREE = "free"
LENGTHS = (
    *("monometer", "dimeter", "trimeter", "tetrameter"),
    *("pentameter", "hexameter", "heptameter", "octameter"),
)
LIMERICK = (3, 3, 2, 2, 3)
_ALL_FEET = tuple(Foot)
_FIRST = {foot: COLUMNS.index((foot, 1)) for foot in Foot}
_LIMITS = ALLOWED * np.array([feet for _, feet in COLUMNS], np.float32)
_NAMED = {
    (Foot.IAMBIC, (4, 3)): "common metre",
    (Foot.IAMBIC, (3, 3, 4, 3)): "short metre",
    (Foot.IAMBIC, (6, 7)): "poulter's measure",
}


@dataclass(frozen=True, slots=True)
class LineMeter:
    """The rhythm of one line.

    Attributes
    ----------
    syllables : int
        As many as `stresses` has signs.
    stresses : str
        ``+`` a beat, ``-`` none, one sign a syllable: the pattern that suits the line best, of the
        poem's metre where one of its patterns has as many syllables, else of another. As in prose
        for a line too long for any.
    """

    syllables: int
    stresses: str


@dataclass(frozen=True, slots=True)
class Meter:
    """The metre of one poem.

    Attributes
    ----------
    lines : tuple of LineMeter
        One entry a line.
    foot : Foot or None
        None for free verse.
    feet : tuple of int
        Feet per line as they come round, from the first line of each stanza: ``(5,)`` or
        ``(4, 3)``. Empty for free verse and for lines of any length.
    regularity : float or None
        How well the lines scan in the metre that suits them best, 0 to 1; low for free verse and
        prose. None without words.
    name : str
        ``iambic pentameter``, ``common metre``, ``anapaestic 4-3``, ``mixed iambic`` (lines of any
        length), ``free`` and so on.
    """

    lines: tuple[LineMeter, ...]
    foot: Foot | None
    feet: tuple[int, ...]
    regularity: float | None
    name: str


def scan(stanzas: Sequence[Sequence[str]], known: Sequence[Sequence[Word]] | None = None) -> Meter:
    """Find the metre of a poem.

    Parameters
    ----------
    stanzas : sequence of sequence of str
        The lines of each stanza, read as English.
    known : sequence of sequence of Word, optional
        The words of each line over all stanzas, where they have been looked up already.

    Returns
    -------
    Meter
        Syllables and stresses of each line, the metre of all.

    Notes
    -----
    A line is compared with every pattern of beats that a metre allows: four kinds of foot, one to
    eight feet, with the usual liberties (an inverted foot, a missing or an added offbeat at either
    end, a foot with one syllable more or less), each at a cost. A pattern costs the sum of its
    liberties, of the syllables that stand where they do not belong (weighted by their kind, see
    `shapes`) and of the elisions that the line needs. With `cost` the least cost of a line at a
    number of feet, its fit is ``max(0, 1 - cost / (0.4 * feet))``, 0 where it has too few or too
    many syllables. The regularity is the mean fit of the lines that hold a word.

    Lengths of line may be the same all through, alternate, come round by the stanza, or be those
    of the limerick. Each length costs half a line's fit, so that a pattern of many lengths must
    earn them; with less than 0.45 a line left, the poem is free verse, unless its lines fit
    iambic lines of any length by 0.6.

    References
    ----------
    Hanson, K. and Kiparsky, P. (1996). A parametric theory of poetic meter. Language 72(2),
    287-335: which syllables may stand where, the stress of words of several syllables first.
    Hayes, B., Wilson, C. and Shisko, A. (2012). Maxent grammars for the metrics of Shakespeare and
    Milton. Language 88(4), 691-731: violations weighted and summed. The weights here are round
    numbers set by hand, not fitted.

    Examples
    --------
    >>> found = scan([["The kettle sings, the windows cloud,", "the cat has claimed the chair"]])
    >>> [line.stresses for line in found.lines]
    ['-+-+-+-+', '-+-+-+']
    """
    if known is None:
        known = [list(map(look_up, words(line))) for stanza in stanzas for line in stanza]
    if not any(way.kinds for line in known for word in line for way in word.shapes[:1]):
        return Meter(tuple(LineMeter(0, "") for _ in known), None, (), None, FREE)
    scansion = Scansion(known)
    spoken = list(map(bool, scansion.kinds))
    fits = _fits(scansion)
    places = np.array([ix for stanza in stanzas for ix in range(len(stanza))])
    own = (fits, places) if all(spoken) else (fits[spoken], places[spoken])
    foot, feet, regularity = _best(*own, stanzas)
    columns = _columns(scansion, fits, places, foot, feet)
    lines = tuple([LineMeter(len(beats), beats) for beats in scansion.beats(columns)])
    return Meter(lines, foot, feet, regularity, _name(foot, feet))


def _columns(
    scansion: Scansion,
    fits: Numbers,
    places: NDArray[np.intp],
    foot: Foot | None,
    feet: tuple[int, ...],
) -> NDArray[np.intp]:
    """The column in which each line is scanned, -1 where it fits none."""
    columns = fits.argmax(axis=1)
    if foot:
        first = _FIRST[foot]
        within = first + fits[:, first : first + MOST_FEET].argmax(axis=1)
        columns = np.where(_at(fits, within) > 0, within, columns)
        if feet:
            own = first + np.array(feet)[places % len(feet)] - 1
            columns = np.where(np.isfinite(_at(scansion.costs, own)), own, columns)
    return np.where(np.isfinite(_at(scansion.costs, columns)), columns, -1)


def _at(table: Numbers, columns: NDArray[np.intp]) -> Numbers:
    """One entry of each row."""
    found: Numbers = table[np.arange(len(table)), columns]
    return found


def _fits(scansion: Scansion) -> Numbers:
    """How well each line scans in each column, 0 to 1, shape (lines, columns)."""
    fits: Numbers = scansion.costs / _LIMITS
    np.subtract(1, fits, out=fits)
    return np.maximum(0, fits, out=fits)


def _best(
    fits: Numbers, places: NDArray[np.intp], stanzas: Sequence[Sequence[str]]
) -> tuple[Foot | None, tuple[int, ...], float]:
    """The foot and lengths of line that suit best, and how well."""
    sizes = [len(stanza) for stanza in stanzas]
    best = max(_ways_round(fits, places, tuple(_periods(sizes))))
    if set(sizes) == {len(LIMERICK)}:
        ideal = np.array(LIMERICK)[places] - 1
        totals = np.take_along_axis(_by_foot(fits), ideal[:, None, None], axis=2).sum(axis=(0, 2))
        for foot, total in zip(Foot, totals.tolist(), strict=True):
            best = max(best, (total - EACH_LENGTH, total, foot, LIMERICK))
    score, total, foot, feet = best
    if score >= METRICAL_FROM * len(fits):
        return foot, feet, min(1.0, total / len(fits))
    mixed = float(_by_foot(fits)[:, 0].max(axis=1).mean())
    if mixed - EACH_LENGTH / len(fits) >= MIXED_FROM:
        return Foot.IAMBIC, (), mixed
    return None, (), total / len(fits)


def _ways_round(
    fits: Numbers, places: NDArray[np.intp], periods: tuple[int, ...]
) -> Iterator[tuple[float, float, Foot, tuple[int, ...]]]:
    """The lengths that may come round, of the feet that still can be the best: their fit less what
    they cost, the fit of all lines, the foot, the lengths."""
    period, turn, bounds = _turns(periods)
    at_place = (places % period == turn).astype(np.float32)
    by_foot = _by_foot(np.concatenate([at_place[a:b].dot(fits) for a, b in bounds]))
    most = np.maximum.reduce(by_foot, axis=2)
    lengths = by_foot.argmax(axis=2).T.tolist()
    best = -math.inf
    for start, end in bounds:
        for ix, total in enumerate(np.add.reduce(most[start:end]).tolist()):
            if total - EACH_LENGTH >= best:
                feet = _shortest(tuple(lengths[ix][start:end]))
                score = total - EACH_LENGTH * len(feet)
                best = max(best, score)
                yield score, total, _ALL_FEET[ix], feet


@cache
def _turns(
    periods: tuple[int, ...],
) -> tuple[NDArray[np.intp], NDArray[np.intp], list[tuple[int, int]]]:
    """For each place in a round of each period the period and the place, shape (places, 1); and
    where each period begins and ends."""
    period = np.repeat(periods, periods)[:, None]
    turn = np.concatenate([np.arange(n) for n in periods])[:, None]
    return period, turn, list(pairwise([0, *accumulate(periods)]))


def _by_foot(table: Numbers) -> Numbers:
    return table.reshape(len(table), -1, MOST_FEET)


def _periods(sizes: Sequence[int]) -> Iterator[int]:
    """After how many lines the lengths of line may come round."""
    yield 1
    if max(sizes) >= SHORTEST_ALTERNATING:
        yield 2
    usual = max(dict.fromkeys(sizes), key=sizes.count)
    if 2 * sizes.count(usual) > len(sizes) > 1 and SHORTEST_STANZA <= usual <= LONGEST_STANZA:
        yield usual


@lru_cache(_REMEMBERED)
def _shortest(columns: tuple[int, ...]) -> tuple[int, ...]:
    """One round of the lengths of line, each one more than its column within the foot."""
    feet = tuple([column + 1 for column in columns])
    return next(
        feet[:period]
        for period in range(1, len(feet) + 1)
        if len(feet) % period == 0 and feet[:period] * (len(feet) // period) == feet
    )


def _name(foot: Foot | None, feet: tuple[int, ...]) -> str:
    if foot is None:
        return FREE
    if not feet:
        return f"mixed {foot}"
    if len(feet) == 1:
        return f"{foot} {LENGTHS[feet[0] - 1]}"
    return _NAMED.get((foot, feet), f"{foot} {'-'.join(map(str, feet))}")
