"""How commonplace a pair of rhyming words is in English verse.

The counts are those of pairs of end words in 2.76 million lines of verse of the 18th to the 20th
century; ``data/rhyme_pairs.txt`` says where they come from.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from app.verse.backoff import Backoff, Pair, ordered, unlisted_count
from app.verse.parsed import ParsedPoem
from app.verse.spelling import spell
from app.verse.tables import count_of_pair, read_counts, read_pairs, times_of_each

CORPUS_LINES = 2_760_000
COMMONPLACE_RANK = 1000
_PER_BILLION = 1_000_000_000 / CORPUS_LINES
_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Commonness:
    """How common a pair of rhyming words is.

    Attributes
    ----------
    value : float
        log10 of the times that the pair rhymes in a billion lines of verse, from 0 (once or less)
        to 6.2 (*away*, *day*): at least 2.8 for a listed pair, at most 2.1 for any other.
    count : float
        Times that it rhymes in the 2.76 million lines counted; less than 1, and estimated, where
        the pair is not listed.
    seen : bool
        Whether the pair is listed, which it is from two occurrences on.
    rank : int or None
        One more than the number of pairs that are more common; None where it is not listed.
    """

    value: float
    count: float
    seen: bool
    rank: int | None


@lru_cache(_REMEMBERED)
def commonness(word: str, other: str) -> Commonness:
    """Tell how common a pair of rhyming words is.

    Parameters
    ----------
    word, other : str
        Two words; their order, case and accents do not matter. Whether they rhyme is not asked.

    Returns
    -------
    Commonness
        A word with itself is no pair: its count is 0.

    Notes
    -----
    For a pair that is not listed, see `app.verse.backoff`. The value is the Zipf scale of the
    frequency of words, held at 0.

    References
    ----------
    van Heuven, W. J. B., Mandera, P., Keuleers, E. and Brysbaert, M. (2014). SUBTLEX-UK: a new and
    improved word frequency database for British English. Quarterly Journal of Experimental
    Psychology 67, 1176-1190.

    Examples
    --------
    >>> commonness("Night", "light").rank
    2
    >>> commonness("kettle", "petal").seen
    False
    """
    pair = ordered(spell(word), spell(other))
    listed = count_of_pair(*pair)
    if listed:
        return Commonness(_zipf(listed), listed, seen=True, rank=_ranks()[listed])
    count = 0.0 if pair[0] == pair[1] else unlisted_count(_backoff().independent(*pair))
    return Commonness(_zipf(count), count, seen=False, rank=None)


def is_commonplace(word: str, other: str) -> bool:
    """Tell whether a pair of words is among the 1,000 most common rhymes.

    Parameters
    ----------
    word, other : str
        Two words; their order, case and accents do not matter.

    Returns
    -------
    bool
        True up to rank 1,000, which pairs with equal counts share.

    Examples
    --------
    >>> is_commonplace("breath", "death"), is_commonplace("kettle", "settle")
    (True, False)
    """
    rank = commonness(word, other).rank
    return rank is not None and rank <= COMMONPLACE_RANK


def rhyme_pairs(poem: ParsedPoem) -> tuple[Pair, ...]:
    r"""Give the pairs of words that rhyme in a poem.

    Parameters
    ----------
    poem : ParsedPoem
        A poem.

    Returns
    -------
    tuple of tuple of str
        One pair for every link of `poem.rhymes` that joins two different words: as they are looked
        up, in the order of the alphabet. Empty where rhyme is not measured.

    Examples
    --------
    >>> rhyme_pairs(ParsedPoem("The sun goes down,\nThe lamps come on;\nAcross the Town"))
    (('down', 'town'),)
    """
    return poem.rhyme_pairs


def corpus_counts() -> Mapping[Pair, int]:
    """Give the listed pairs and the times that each rhymes.

    Returns
    -------
    mapping of tuple of str to int
        From two words, as they are looked up and in the order of the alphabet, to a count from 2
        on. Not to be changed.

    Examples
    --------
    >>> corpus_counts()["away", "day"]
    3664
    """
    return read_pairs()


@cache
def _backoff() -> Backoff:
    endings = read_pairs("rhyme_pairs_endings.tsv.gz")
    return Backoff(read_counts("rhyme_pairs_words.tsv.gz"), endings, times_of_each(endings))


@cache
def _ranks() -> Mapping[int, int]:
    """The rank of a pair by its count."""
    ranks = read_counts("rhyme_pairs_ranks.tsv.gz")
    return {int(count): rank for count, rank in ranks.items()}


def _zipf(count: float) -> float:
    return math.log10(max(count * _PER_BILLION, 1.0))
