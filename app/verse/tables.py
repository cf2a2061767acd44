"""The packaged tables of words and numbers."""

import gzip
from collections.abc import Mapping
from functools import cache
from importlib import resources


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
    packed = (resources.files("app.verse") / "data" / name).read_bytes()
    fields = gzip.decompress(packed).decode().rstrip("\n").replace("\n", "\t").split("\t")
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
