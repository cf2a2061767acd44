"""The packaged tables of words and numbers."""

import gzip
from collections.abc import Mapping
from functools import cache
from importlib import resources


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
    packed = (resources.files("app.verse") / "data" / name).read_bytes()
    fields = gzip.decompress(packed).decode().split()
    return dict(zip(fields[::2], map(float, fields[1::2]), strict=True))


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
    packed = (resources.files("app.verse") / "data" / name).read_bytes()
    rows = (row.split("\t") for row in gzip.decompress(packed).decode().split("\n"))
    return {(one, two): int(count) for one, two, count in rows}
