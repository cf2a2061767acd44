"""What is known of a word by itself, looked up once for all features."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.verse.imagery import sensory_strength
from app.verse.sentiment import rating
from app.verse.syllables import Shape, shapes

_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Word:
    """A word.

    Attributes
    ----------
    plain : str
        In small letters with straight apostrophes.
    shapes : tuple of Shape
        The ways in which verse counts and stresses its syllables, see `app.verse.syllables.shapes`.
    sole : str or None
        The kinds of its syllables where there is one way, which costs nothing; empty where there is
        none, None where there are several.
    n_syllables : int
        Those of the first way, at least 1.
    strength : float or None
        How strongly it is felt by a sense, 0 to 5, see `app.verse.imagery.sensory_strength`.
    rating : float or None
        Its feeling, see `app.verse.sentiment.rating`.
    """

    plain: str
    shapes: tuple[Shape, ...]
    sole: str | None
    n_syllables: int
    strength: float | None
    rating: float | None


def look_up(word: str) -> Word:
    """Look up a word.

    Parameters
    ----------
    word : str
        One word as it is written.

    Returns
    -------
    Word
        What is known of it.

    Examples
    --------
    >>> found = look_up("Pear’s")
    >>> found.plain, found.strength
    ("pear's", 4.25)
    """
    return _KNOWN[word]


def look_up_all(words: Iterable[str]) -> tuple[Word, ...]:
    """Look up several words.

    Parameters
    ----------
    words : iterable of str
        Words as they are written.

    Returns
    -------
    tuple of Word
        What is known of each.

    Examples
    --------
    >>> [word.n_syllables for word in look_up_all(["apple", "pear"])]
    [2, 1]
    """
    return tuple(map(_KNOWN.__getitem__, words))


class _Known(dict[str, Word]):
    """The words that were looked up: a table is read faster than the memory of `lru_cache`, which
    notes what was read last."""

    def __missing__(self, word: str) -> Word:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[word] = _found(word)
        return found


_KNOWN = _Known()


def _found(word: str) -> Word:
    plain = word.casefold().replace("’", "'")
    ways = shapes(word)
    first = ways[0].kinds if ways else ""
    sole = first if len(ways) <= 1 else None
    return Word(plain, ways, sole, len(first) or 1, sensory_strength(plain), rating(plain))
