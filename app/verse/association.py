"""How much more often two endings rhyme in a large corpus of verse than chance would have it.

Endings are taken by their sounds and by their letters, and words as they are. The counts of endings
were made by `scripts/train_rhyme.py` from the pairs of end words in ``data/rhyme_pairs.txt``; there
a pair of words counts as the square root of the times that it occurs, so that favourites do not
drown the rest.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from app.verse.endings import Ending, Part
from app.verse.tables import count_of_pair, read_counts, read_pairs, times_of_each

LOWEST, HIGHEST = -4.0, 6.0
PARTS_OF_ONE = 10  # of a count in the tables
_UNSEEN = 0.7  # added to what is seen and to what chance expects

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Associations:
    """Counts of pairs of endings.

    Attributes
    ----------
    pairs : mapping of tuple of str to float
        Times that two endings rhyme, in the order of the alphabet.
    each : mapping of str to float
        Times that an ending rhymes.
    total : float
        Sum of `each`.
    """

    pairs: Mapping[Pair, float]
    each: Mapping[str, float]
    total: float

    def ratio(self, one: str, two: str) -> float:
        """Give how much more often two endings rhyme than chance would have it.

        Parameters
        ----------
        one, two : str
            Two endings; their order does not matter.

        Returns
        -------
        float
            Natural log of a ratio, from -4 to 6: 0 where nothing is known.

        Notes
        -----
        log((n(a, b) + 0.7) / (n(a) n(b) / n + 0.7)): the pointwise mutual information, drawn
        towards 0 where little is expected and little was seen.

        References
        ----------
        Church, K. W. and Hanks, P. (1990). Word association norms, mutual information, and
        lexicography. Computational Linguistics 16, 22-29.

        Examples
        --------
        >>> found = associations_of({("a", "a"): 50.0, ("a", "b"): 1.0, ("b", "b"): 50.0})
        >>> round(found.ratio("b", "a"), 2)
        -3.41
        """
        seen = self.pairs.get((one, two) if one <= two else (two, one), 0.0)
        expected = self.each.get(one, 0.0) * self.each.get(two, 0.0) / self.total
        return _log_ratio(seen, expected)


def _log_ratio(seen: float, expected: float) -> float:
    return min(max(math.log((seen + _UNSEEN) / (expected + _UNSEEN)), LOWEST), HIGHEST)


def associations_of(pairs: Mapping[Pair, float]) -> Associations:
    """Add up how often each ending rhymes.

    Parameters
    ----------
    pairs : mapping of tuple of str to float
        Times that two endings rhyme.

    Returns
    -------
    Associations
        The counts.

    Examples
    --------
    >>> associations_of({("a", "b"): 2.0}).each["b"]
    2.0
    """
    each = times_of_each(pairs)
    return Associations(pairs, each, math.fsum(each.values()))


def sound_key(part: Part) -> str:
    """Write the sounds of a rhyme part as they are counted.

    Parameters
    ----------
    part : Part
        One way in which a word can rhyme.

    Returns
    -------
    str
        Syllables parted by ``+``, the sounds of each by a dot.

    Examples
    --------
    >>> from app.verse.endings import ending
    >>> sound_key(ending("winter").parts[0])
    'IH.N.T+ERR'
    """
    return "+".join(".".join((vowel, *coda)) for vowel, coda in part.syllables)


def sound_association(one: Part, two: Part) -> float:
    """Give how much more often two sounds rhyme in verse than chance would have it.

    Parameters
    ----------
    one, two : Part
        Ways in which two words can rhyme.

    Returns
    -------
    float
        As `Associations.ratio`.

    Examples
    --------
    >>> from app.verse.endings import ending
    >>> love, prove, sea = (ending(word).parts[0] for word in ("love", "prove", "sea"))
    >>> sound_association(love, prove) > 2 > -2 > sound_association(love, sea)
    True
    """
    return _packaged("rhyme_sounds.tsv.gz").ratio(sound_key(one), sound_key(two))


def letter_association(one: Ending, two: Ending) -> float:
    """Give how much more often two spellings rhyme in verse than chance would have it.

    Parameters
    ----------
    one, two : Ending
        Two words.

    Returns
    -------
    float
        As `Associations.ratio`.

    Examples
    --------
    >>> from app.verse.endings import ending
    >>> letter_association(ending("pass"), ending("was")) > 0 > letter_association(
    ...     ending("pass"), ending("sea")
    ... )
    True
    """
    return _packaged("rhyme_letters.tsv.gz").ratio(one.letters, two.letters)


def word_association(one: Ending, two: Ending) -> float:
    """Give how much more often two words rhyme in verse than chance would have it.

    Parameters
    ----------
    one, two : Ending
        Two words.

    Returns
    -------
    float
        As `Associations.ratio`.

    Examples
    --------
    >>> from app.verse.endings import ending
    >>> love, prove, there = map(ending, ("love", "prove", "there"))
    >>> word_association(love, prove) > 2 > -2 > word_association(love, there)
    True
    """
    each, total = _times_of_words()
    expected = each.get(one.spelling, 0) * each.get(two.spelling, 0) / total
    return _log_ratio(count_of_pair(one.spelling, two.spelling), expected)


@cache
def _times_of_words() -> tuple[Mapping[str, int], int]:
    each = read_counts("rhyme_pairs_words.tsv.gz")
    return each, sum(each.values())


@cache
def _packaged(name: str) -> Associations:
    return associations_of({pair: count / PARTS_OF_ONE for pair, count in read_pairs(name).items()})
