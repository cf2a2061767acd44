"""What can be measured of a poem's shape: stanzas, scheme, beats and refrains, as degrees."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from app.verse.likeness import Kind, compare
from app.verse.meter import Foot, Meter
from app.verse.part import part
from app.verse.rhyme import Rhymes
from app.verse.text import words

NEAR = 3  # lines around a couplet that must not share its rhyme
PENTAMETER = 5
COUPLET, TERCET, QUATRAIN = 2, 3, 4  # lines
_REMEMBERED = 1_000  # schemes of stanzas


def ramp(value: float, low: float, high: float) -> float:
    """Give the degree to which a value is above a soft limit.

    Parameters
    ----------
    value : float
        Any value.
    low, high : float
        The degree is 0 up to `low`, 1 from `high` on, and rises evenly between; `low` may be the
        greater one, then it falls.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> ramp(0.25, 0, 0.5), ramp(3, 4, 2)
    (0.5, 0.5)
    """
    degree = (value - low) / (high - low)
    return 0.0 if degree < 0 else 1.0 if degree > 1 else degree


def mean(values: Sequence[float]) -> float:
    """Give the mean of a few values, faster than `statistics.fmean`.

    Parameters
    ----------
    values : sequence of float
        At least one.

    Returns
    -------
    float
        Their sum divided by their number.

    Examples
    --------
    >>> mean([1, 2])
    1.5
    """
    return sum(values) / len(values)


class Outline:
    """The shape of one poem.

    Parameters
    ----------
    stanzas : sequence of sequence of str
        Its lines.
    ends : sequence of str or None
        The last word of every line.
    rhymes : Rhymes or None
        Its rhymes, where they are known.
    meter : Meter or None
        Its metre, where it is known.
    marked : bool
        Whether a reader marked the rhymes: no others are listened for then.

    Examples
    --------
    >>> poem = Outline([["One day", "a stone"], ["a way"]], ["day", "stone", "way"], None, None)
    >>> poem.sizes, poem.couplets
    ((2, 1), None)
    """

    def __init__(
        self,
        stanzas: Sequence[Sequence[str]],
        ends: Sequence[str | None],
        rhymes: Rhymes | None,
        meter: Meter | None,
        *,
        marked: bool = False,
    ) -> None:
        self.stanzas = stanzas
        self.ends = ends
        self.meter = meter
        self.marked = marked
        self.scheme = rhymes.scheme if rhymes else None
        self.density = (rhymes.density or 0.0) if rhymes else 0.0
        self.n_lines = len(ends)
        sizes = tuple(map(len, stanzas))
        self.sizes = (self.n_lines,) if sizes and max(sizes) == 1 else sizes
        """Lines of each stanza; verse with a blank line after every line is unbroken."""
        self.only_size = self.sizes[0] if len(set(self.sizes)) == 1 else 0
        """Lines of every stanza; 0 where they differ."""
        self.rhymed = ramp(self.density, 0.25, 0.5)
        """How far the poem rhymes, 0 to 1."""
        regular = meter.regularity if meter and meter.foot else None
        self.metrical = ramp(regular or 0.0, 0.45, 0.65)
        """How regular its metre is, 0 to 1."""

    @part
    def lines(self) -> list[str]:
        """The lines of all stanzas."""
        return [line for stanza in self.stanzas for line in stanza]

    @part
    def syllables(self) -> list[int]:
        """Syllables of each line; empty without a metre."""
        return [line.syllables for line in self.meter.lines] if self.meter else []

    @part
    def beats(self) -> list[int]:
        """Beats of each line; empty without a metre."""
        return [line.stresses.count("+") for line in self.meter.lines] if self.meter else []

    @part
    def end_words(self) -> list[str]:
        """The last word of every line in small letters; empty where it has none."""
        return [end.casefold() if end else "" for end in self.ends]

    @part
    def pentameter(self) -> float:
        """How far it is in iambic pentameter, 0 to 1."""
        if not self.metrical or self.meter is None or self.meter.foot is not Foot.IAMBIC:
            return 0.0
        return self.metrical * ramp(self.beats.count(PENTAMETER) / self.n_lines, 0.5, 0.85)

    def rhyme(self, one: int, two: int) -> float:
        """How surely two lines rhyme, 0 to 1: 1 where the scheme says so, else as they sound.

        Parameters
        ----------
        one, two : int
            Positions of the lines.

        Returns
        -------
        float
            0 to 1; 0 for two equal words, unless the scheme joins them.
        """
        if self.scheme and self.scheme[one] and self.scheme[one] == self.scheme[two]:
            return 1.0
        word, other = self.ends[one], self.ends[two]
        heard = compare(word, other) if word and other and not self.marked else None
        return heard.strength if heard and heard.kind is not Kind.REPEATED else 0.0

    def recurs(self, one: int, two: int) -> float:
        """How far one line comes again as another, 0 to 1.

        Parameters
        ----------
        one, two : int
            Positions of the lines.

        Returns
        -------
        float
            0 where the lines end in different words; else a half, and up to another half for the
            share of words that they have in common.
        """
        if self.end_words[one] != self.end_words[two]:
            return 0.0
        first, second = (set(words(self.lines[line].casefold())) for line in (one, two))
        return 0.5 + 0.5 * ramp(2 * len(first & second) / (len(first) + len(second) or 1), 0.3, 0.8)

    @part
    def fours(self) -> tuple[int, ...]:
        """First lines of the stanzas of four lines, or of every four lines of an unbroken poem."""
        if len(self.sizes) == 1 or self.only_size == QUATRAIN:
            return tuple(range(0, self.n_lines - QUATRAIN + 1, QUATRAIN))
        return tuple(start for start, size in self.starts if size == QUATRAIN)

    @part
    def starts(self) -> tuple[tuple[int, int], ...]:
        """First line and size of every stanza."""
        return tuple(zip((0, *accumulate(self.sizes)), self.sizes, strict=False))

    def share_of(self, size: int) -> float:
        """Give the share of lines that are in stanzas of one size.

        Parameters
        ----------
        size : int
            Lines of a stanza.

        Returns
        -------
        float
            0 to 1; 0 without lines.
        """
        return size * self.sizes.count(size) / self.n_lines if self.n_lines else 0.0

    @part
    def quatrains(self) -> float | None:
        """Share of stanzas that are quatrains, 0 to 1. In an unbroken poem of more than four lines
        every four lines are a stanza, and a quatrain where they rhyme abab, abba, xaxa or aaxa;
        None where that is not known."""
        if not self.n_lines:
            return None
        if len(self.sizes) > 1 or self.n_lines <= QUATRAIN:
            return self.sizes.count(QUATRAIN) / len(self.sizes)
        if self.scheme is None:
            return None
        found = sum(self._interlaced(start) for start in self.fours)
        return found / -(-self.n_lines // QUATRAIN)

    @part
    def couplets(self) -> float | None:
        """Share of lines in couplets, 0 to 1: two lines of a stanza, one after the other, that
        rhyme with each other but with none of the three lines before and after, and are not
        enclosed by another rhyme. None where the rhymes are not known."""
        if self.scheme is None or not self.n_lines:
            return None
        found = 0
        for start, size in self.starts if self.density else ():
            found += _coupled(self.scheme[start : start + size])
        return found / self.n_lines

    def answered(self, start: int) -> bool:
        """Whether four lines rhyme as a quatrain: abab, abba, xaxa, aaxa or aabb.

        Parameters
        ----------
        start : int
            Position of the first of them.

        Returns
        -------
        bool
            False without a scheme.
        """
        a, b, c, d = self.scheme[start : start + 4] if self.scheme else (None,) * 4
        return self._interlaced(start) or (a is not None and a == b and c is not None and c == d)

    def _interlaced(self, start: int) -> bool:
        a, b, c, d = self.scheme[start : start + 4] if self.scheme else (None,) * 4
        if d is None:
            return False
        return b == d or (a == d and b is not None and b == c)


@lru_cache(_REMEMBERED)
def _coupled(scheme: tuple[str | None, ...]) -> int:
    """Lines of a stanza that are in couplets."""
    found = start = 0
    for end, (label, after) in enumerate(zip(scheme, (*scheme[1:], None), strict=True), 1):
        if label is None or label != after:
            run = end - start
            if run in (COUPLET, 2 * COUPLET) and _stands_alone(scheme, start, end):
                found += run
            start = end
    return found


def _stands_alone(scheme: tuple[str | None, ...], start: int, end: int) -> bool:
    """Whether a couplet shares its rhyme with no line near by and is enclosed by none."""
    before, after = scheme[max(0, start - NEAR) : start], scheme[end : end + NEAR]
    if scheme[start] in before or scheme[start] in after:
        return False
    return not (before and after and before[-1] and before[-1] == after[0])
