"""How two line ends answer each other."""

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from app.verse.endings import Ending, Level, Syllable, ending, same_word
from app.verse.evidence import evidence, heard

HEARD_FROM = -3.0
_REMEMBERED = 50_000
_COT_CAUGHT = "vowel:AA-AO"  # *cot* and *caught*: where they are spelled alike, they sound alike


class Kind(StrEnum):
    """How two line ends answer each other."""

    PERFECT = "perfect"
    SLANT = "slant"
    EYE = "eye"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Likeness:
    """The bond between two words.

    Attributes
    ----------
    kind : Kind
        ``perfect``, ``slant`` (a final syllable without stress, or other vowels or consonants),
        ``eye`` (alike in spelling and last consonants) or ``repeated`` (the same word: no rhyme).
    strength : float
        0 to 1: how likely the two were meant to rhyme, where rhyme and none are as likely before
        they are heard; 1 for repeated words.
    """

    kind: Kind
    strength: float


REPEATED = Likeness(Kind.REPEATED, 1.0)


@lru_cache(_REMEMBERED)
def compare(word: str, other: str) -> Likeness | None:
    """Tell how the ends of two words answer each other.

    Parameters
    ----------
    word, other : str
        Two words; their order, case and accents do not matter.

    Returns
    -------
    Likeness or None
        None where the evidence for a rhyme is below -3 (a strength of 0.05).

    Notes
    -----
    Over all pronunciations of the two words:

    - *repeated*: the same word. Not a rhyme, but told apart from none.
    - *perfect*: equal sounds from the last stressed vowel on; homophones (*sun*, *son*) are
      included.
    - *eye*: equal letters from the last vowels on and equal consonants, but not equal vowels
      (*love*, *move*).
    - *slant*: any other.

    The strength is ``1 / (1 + exp(-evidence))``, see `app.verse.evidence`.

    Examples
    --------
    >>> compare("light", "Night").kind.value, compare("love", "move").kind.value
    ('perfect', 'eye')
    >>> compare("stone", "river") is None
    True
    """
    if same_word(word, other):
        return REPEATED
    found = evidence(word, other)
    if found < HEARD_FROM:
        return None
    return Likeness(_kind(word, other), 1.0 / (1.0 + math.exp(-found)))


@lru_cache(_REMEMBERED)
def sound_the_same(word: str, other: str) -> bool:
    """Tell whether two words are the same word or rhyme perfectly.

    Parameters
    ----------
    word, other : str
        Two words, as in `compare`; an empty one sounds like none.

    Returns
    -------
    bool
        Whether `compare` calls them repeated or perfect. Most words that it does not are told
        without weighing all that speaks for a rhyme.

    Examples
    --------
    >>> sound_the_same("light", "Night"), sound_the_same("love", "move")
    (True, False)
    """
    if not word or not other:
        return False
    one, two = ending(word), ending(other)
    if one.letters != two.letters and _stressed(one).isdisjoint(_stressed(two)):
        return False
    found = compare(word, other)
    return found is not None and found.kind in {Kind.PERFECT, Kind.REPEATED}


def _kind(word: str, other: str) -> Kind:
    one, two = ending(word), ending(other)
    if not _stressed(one).isdisjoint(_stressed(two)):
        return Kind.PERFECT
    closed = one.letters.strip("aeiouy")  # *love*, not *sea*
    features = heard(word, other).features
    if closed and one.letters == two.letters and "coda=" in features and "tail!" not in features:
        return Kind.PERFECT if _COT_CAUGHT in features else Kind.EYE
    return Kind.SLANT


def _stressed(end: Ending) -> set[tuple[Syllable, ...]]:
    """The sounds of a word from a stressed vowel on."""
    return {part.syllables for part in end.parts if part.level <= Level.MAIN_STRESS}
