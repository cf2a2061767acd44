"""What is known of a word by itself, looked up once for all features."""

from dataclasses import dataclass
from functools import lru_cache

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


@lru_cache(_REMEMBERED)
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
    plain = word.casefold().replace("’", "'")
    ways = shapes(word)
    first = ways[0].kinds if ways else ""
    sole = first if len(ways) <= 1 else None
    return Word(plain, ways, sole, len(first) or 1, sensory_strength(plain), rating(plain))
