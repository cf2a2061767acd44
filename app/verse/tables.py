"""The packaged tables of words and numbers."""

import gzip
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TypeVar

Number = TypeVar("Number", int, float)

_BLOCK = 1024  # signs of a sorted table that are searched for one row


class Rows:
    """A large table of sorted rows: only those that are asked for are taken apart.

    Parameters
    ----------
    text : str
        The rows, in the order of the alphabet, each of one column or more with tabs between.

    Examples
    --------
    >>> rows = Rows("day\\tmay\\t3\\nlight\\tnight\\t7")
    >>> rows.get("light\\tnight"), rows.get("night")
    ('7', None)
    """

    def __init__(self, text: str) -> None:
        text = "\n" + text.strip("\n") + "\n"
        self._blocks: list[str] = []  # each begins and ends with the end of a row
        start, last = 0, len(text) - 1
        while start < last:
            end = text.find("\n", start + _BLOCK)
            end = last if end < 0 else end
            self._blocks.append(text[start : end + 1])
            start = end

    def get(self, key: str) -> str | None:
        """Give the rest of a row.

        Parameters
        ----------
        key : str
            Its first column, or several with tabs between, which no other row has.

        Returns
        -------
        str or None
            The columns behind the key; None where there is no such row.
        """
        place = bisect_right(self._blocks, f"\n{key}\n") - 1  # a line's end comes after a tab
        block = self._blocks[place]
        beginning = f"\n{key}\t"
        start = block.find(beginning)
        if start < 0:
            return None
        start += len(beginning)
        return block[start : block.find("\n", start)]


@cache
def rows_of(name: str) -> Rows:
    """Read a large table, once.

    Parameters
    ----------
    name : str
        A file of ``app/verse/data``: sorted rows with tabs, packed by gzip.

    Returns
    -------
    Rows
        Its rows.

    Examples
    --------
    >>> rows_of("cmudict.tsv.gz").get("wind")
    'W AY1 N D,W IH1 N D'
    """
    return Rows(_read(name))


def read_columns(name: str, n_columns: int) -> list[list[str]]:
    """Read the columns of a table, all rows at once.

    Parameters
    ----------
    name : str
        A file of ``app/verse/data``: rows of `n_columns` texts with tabs, packed by gzip.
    n_columns : int
        How many columns it has.

    Returns
    -------
    list of list of str
        The columns.

    Examples
    --------
    >>> words, ratings = read_columns("valence.tsv.gz", 2)
    >>> ratings[words.index("happy")]
    '2.7'
    """
    fields = _read(name).rstrip("\n").replace("\n", "\t").split("\t")
    return [fields[column::n_columns] for column in range(n_columns)]


def read_numbers(name: str) -> dict[str, float]:
    """Read a table of words and numbers.

    Parameters
    ----------
    name : str
        A file of ``app/verse/data``: rows of a word, a tab and a number, packed by gzip.

    Returns
    -------
    dict of str to float
        The numbers by word.

    Examples
    --------
    >>> read_numbers("valence.tsv.gz")["happy"]
    2.7
    """
    words, numbers = read_columns(name, 2)
    return dict(zip(words, map(float, numbers), strict=True))


@cache
def read_counts(name: str) -> Mapping[str, int]:
    """Read a table of words and whole numbers, once.

    Parameters
    ----------
    name : str
        A file of ``app/verse/data``: rows of a word, a tab and a number, packed by gzip.

    Returns
    -------
    mapping of str to int
        The numbers by word. Not to be changed.

    Examples
    --------
    >>> read_counts("rhyme_pairs_words.tsv.gz")["day"]
    16449
    """
    words, numbers = read_columns(name, 2)
    return dict(zip(words, map(int, numbers), strict=True))


@cache
def read_pairs(name: str = "rhyme_pairs.tsv.gz") -> Mapping[tuple[str, str], int]:
    """Read a table of counted pairs, once.

    Parameters
    ----------
    name : str
        A file of ``app/verse/data``: rows of two strings and a number with tabs, packed by gzip.

    Returns
    -------
    mapping of tuple of str to int
        The numbers by pair. Not to be changed.

    Examples
    --------
    >>> read_pairs()["away", "day"]
    3664
    """
    ones, twos, counts = read_columns(name, 3)
    return dict(zip(zip(ones, twos, strict=True), map(int, counts), strict=True))


def times_of_each(counts: Mapping[tuple[str, str], Number]) -> dict[str, Number]:
    """Add up how often each word or ending rhymes.

    Parameters
    ----------
    counts : mapping of tuple of str to number
        Times that each pair rhymes.

    Returns
    -------
    dict of str to number
        Times that each of them does; twice as many where it rhymes with itself.

    Examples
    --------
    >>> times_of_each({("day", "way"): 3, ("play", "way"): 2})
    {'day': 3, 'way': 5, 'play': 2}
    """
    total: defaultdict[str, Number] = defaultdict(int)
    for (one, two), count in counts.items():
        total[one] += count
        total[two] += count
    return dict(total)


def count_of_pair(one: str, two: str) -> int:
    """Give how often two words rhyme in the corpus.

    Parameters
    ----------
    one, two : str
        Two words as they are looked up, in the order of the alphabet.

    Returns
    -------
    int
        0 where the pair is not listed.

    Examples
    --------
    >>> count_of_pair("away", "day"), count_of_pair("day", "night")
    (3664, 0)
    """
    return int(rows_of("rhyme_pairs.tsv.gz").get(f"{one}\t{two}") or 0)


def _read(name: str) -> str:
    packed = (resources.files("app.verse") / "data" / name).read_bytes()
    return gzip.decompress(packed).decode()
