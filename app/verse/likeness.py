"""How alike the ends of two words sound."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from app.verse.pronunciation import LONGEST_WORD, Phones, pronunciations, spell

_REMEMBERED = 50_000
_EYE = re.compile(r"[aeiouy]+[^aeiouy]+e?s?$")
# Vowels that r or l makes alike: *here*/*ear*, *there*/*air*, *poor*/*door*.
_MERGED = {("IY", "R"): "IH", ("EY", "R"): "EH", ("UH", "R"): "AO", ("AO", "L"): "AA"}
_REDUCED = frozenset({"AH", "IH", "EH", "UH"})
_DIPHTHONGS = frozenset({"AY", "AW"})
# Each vowel and those that poets let answer it.
_NEAR_VOWELS = {
    frozenset({vowel, other})
    for vowel, others in {
        "AH": ("UH", "AA", "AO", "OW", "UW"),
        "AA": ("AO", "OW", "AE"),
        "IH": ("IY", "EH", "AY"),
        "IY": ("EH", "EY", "AY"),
        "UW": ("UH", "AO", "OW", "AW"),
        "OW": ("AO", "AW"),
        "EY": ("EH", "AE"),
        "ER": ("AO", "EH", "IH", "AA"),
        "AO": ("AW",),
        "OY": ("AY",),
    }.items()
    for other in others
}
_NEAR_CONSONANTS = {
    frozenset(pair)
    for pair in (
        ("S", "Z"),
        ("T", "D"),
        ("N", "M"),
        ("N", "NG"),
        ("TH", "DH"),
        ("F", "V"),
        ("SH", "CH"),
        ("ZH", "JH"),
    )
}


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
        ``perfect``, ``slant`` (a final syllable without stress, or near vowels or consonants),
        ``eye`` (by spelling and last consonants) or ``repeated`` (the same word: no rhyme).
    strength : float
        0 to 1, 1 for perfect rhymes and repeated words.
    """

    kind: Kind
    strength: float


REPEATED = Likeness(Kind.REPEATED, 1.0)
PERFECT = Likeness(Kind.PERFECT, 1.0)
LIGHT = Likeness(Kind.SLANT, 0.8)
EYE = Likeness(Kind.EYE, 0.6)
NEAR_VOWEL = Likeness(Kind.SLANT, 0.5)
NEAR_CONSONANT = Likeness(Kind.SLANT, 0.4)


@dataclass(frozen=True, slots=True)
class Ending:
    """What of a word can rhyme: sounds without stress, a vowel first, over all its variants.

    Attributes
    ----------
    spelling : str
        The form under which the word is looked up.
    full : frozenset of tuple of str
        From the last stressed vowel on.
    light : frozenset of tuple of str
        The last syllable, where verse may stress it: two or more after the last stressed one.
    letters : str
        The spelling from its last vowels on; empty where no consonant follows them.
    """

    spelling: str
    full: frozenset[Phones]
    light: frozenset[Phones]
    letters: str


@lru_cache(_REMEMBERED)
def ending(word: str) -> Ending:
    """Give what of a word can rhyme.

    Parameters
    ----------
    word : str
        One word.

    Returns
    -------
    Ending
        Its sounds are empty where the word cannot be pronounced.

    Examples
    --------
    >>> ending("night").full
    frozenset({('AY', 'T')})
    >>> sorted(ending("memory").light)
    [('AY',), ('IY',)]
    """
    full: set[Phones] = set()
    light: set[Phones] = set()
    for way in pronunciations(word):
        vowels = [ix for ix, phone in enumerate(way.phones) if phone[-1].isdigit()]
        if vowels:
            start = max((ix for ix in vowels if way.phones[ix][-1] != "0"), default=vowels[0])
            full.add(_plain(way.phones[start:]))
            if sum(ix > start for ix in vowels) > 1:
                light.update(_lights(way.phones[vowels[-1] :]))
    spelling = spell(word)
    letters = _EYE.search(spelling.replace("'", "")[-LONGEST_WORD:])
    return Ending(spelling, frozenset(full), frozenset(light), letters.group() if letters else "")


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
        The strongest bond, None where there is none.

    Notes
    -----
    In this order, for any variants of the two words:

    - *repeated*: the same word. Not a rhyme, but told apart from none.
    - *perfect*, 1: equal sounds from the last stressed vowel on; stress, the colour of vowels
      before r and of unstressed vowels do not count. Homophones (*sun*, *son*) are included.
    - *slant*, 0.8: the unstressed last syllable of a word that ends in two of them equals the
      other's rhyme part (*eternity*, *be*), final *-y* as in *be* or as in *sky*.
    - *eye*, 0.6: equal letters from the last vowels on and equal consonants (*love*, *move*).
    - *slant*, 0.5: near vowels before equal consonants (*gone*, *stone*).
    - *slant*, 0.4: equal vowels before consonants of which one differs by voice or place
      (*time*, *mine*).

    Examples
    --------
    >>> compare("light", "Night").kind.value
    'perfect'
    >>> compare("love", "move")
    Likeness(kind=<Kind.EYE: 'eye'>, strength=0.6)
    >>> compare("stone", "river") is None
    True
    """
    first, second = ending(word), ending(other)
    if first.spelling == second.spelling:
        return REPEATED
    if first.full & second.full:
        return PERFECT
    if first.light & (second.full | second.light) or second.light & first.full:
        return LIGHT
    if first.letters and first.letters == second.letters and _codas(first) & _codas(second):
        return EYE
    pairs = [(one, two) for one in first.full for two in second.full]
    if any(_near_vowels(one, two) for one, two in pairs):
        return NEAR_VOWEL
    return NEAR_CONSONANT if any(_near_consonants(one, two) for one, two in pairs) else None


def _plain(phones: Phones) -> Phones:
    """Sounds without stress and without differences that rhyme does not hear."""
    return tuple(_plain_phones(phones))


def _plain_phones(phones: Phones) -> Iterator[str]:
    for ix, phone in enumerate(phones):
        name = phone.rstrip("012")
        after = phones[ix + 1] if ix + 1 < len(phones) else ""
        if name == "ER":
            glides = ix > 0 and phones[ix - 1].rstrip("012") in _DIPHTHONGS
            yield from ("R",) if glides else ("ER", "R")
        elif phone[-1] == "0" and ix > 0 and name in _REDUCED:
            yield "AH"
        else:
            yield _MERGED.get((name, after), name)


def _lights(syllable: Phones) -> Iterator[Phones]:
    plain = _plain(syllable)
    yield plain
    if plain[0] == "IY":
        yield ("AY", *plain[1:])


def _codas(end: Ending) -> set[Phones]:
    return {part[1:] for part in end.full | end.light}


def _near_vowels(one: Phones, two: Phones) -> bool:
    alike = one[1:] == two[1:] != ()
    return alike and frozenset({one[0], two[0]}) in _NEAR_VOWELS


def _near_consonants(one: Phones, two: Phones) -> bool:
    if one[0] != two[0] or len(one) != len(two):
        return False
    different = [frozenset(pair) for pair in zip(one, two, strict=True) if pair[0] != pair[1]]
    return len(different) == 1 and different[0] in _NEAR_CONSONANTS
