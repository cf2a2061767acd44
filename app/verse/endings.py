"""What of a word can rhyme: its last syllables, as they are said and as verse may say them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from app.verse.pronunciation import LONGEST_WORD, Origin, Phones, pronunciations
from app.verse.spelling import spell

_REMEMBERED = 50_000
_REDUCED = frozenset({"AH", "IH", "EH", "UH"})
_GLIDES = frozenset({"AY", "AW"})
_REDUCED_SAID = frozenset({"AH", "AHR", "ERR"})
_SPELLED = re.compile(r"[^aeiouy]les?$|([aeiou])(?![^aeiouy]+les?$)[^aeiouy]+e?s?$")
_FULL_VOWELS = {"a": "AE", "e": "EH", "i": "IH", "o": "AA", "u": "AH"}
_FULL_BEFORE_R = {"a": "AAR", "e": "EHR", "i": "IHR", "o": "AOR", "u": "ERR"}
_FULL_BEFORE_L = {"a": "AO", "o": "AO"}
_LETTERS = re.compile(r"[aeiouy]+(?:[^aeiouy]+(?:e|es|ed)?)?$")
_ORIGINS = (Origin.DICTIONARY, Origin.DERIVED, Origin.GUESSED)


class Level(IntEnum):
    """Where a rhyme part begins, from the most to the least usual in verse."""

    LAST_STRESS = 0  # the last syllable with any stress
    MAIN_STRESS = 1  # the main stress before a later secondary one: *butterfly*
    LIGHT = 2  # a last syllable two or more after the stress: *eternity* with *be*
    WEAK = 3  # a last syllable right after the stress: *river* with *her*
    LIGHT_SKY = 4  # final -y as in *sky*: *eternity* with *sky*
    WEAK_SKY = 5
    SYLLABIC = 6  # -ed said as a syllable: *banished* with *bed*
    LIGHT_SPELLED = (
        7  # a last syllable as it is spelled: *nation* with *on*, *syllable* with *tell*
    )
    WEAK_SPELLED = 8


Syllable = tuple[str, Phones]  # a vowel with its r, and the consonants after it


@dataclass(frozen=True, slots=True)
class Part:
    """One way in which a word can rhyme.

    Attributes
    ----------
    level : Level
        Where it begins.
    onset : tuple of str or None
        The consonants before it; None where they are not known.
    syllables : tuple of (str, tuple of str)
        Vowel and following consonants of each syllable, without stress.
    """

    level: Level
    onset: Phones | None
    syllables: tuple[Syllable, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """What of a word can rhyme.

    Attributes
    ----------
    spelling : str
        The form under which the word is looked up.
    parts : tuple of Part
        Over all its pronunciations; empty where the word cannot be pronounced.
    letters : str
        The spelling from its last vowels on.
    doubt : int
        0 for a word of the dictionary, 1 for a form of one, 2 for a guess.
    """

    spelling: str
    parts: tuple[Part, ...]
    letters: str
    doubt: int


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
        Every part once, at its most usual level.

    Examples
    --------
    >>> ending("night").parts[0].syllables
    (('AY', ('T',)),)
    >>> [part.level.name for part in ending("memory").parts]
    ['LAST_STRESS', 'LIGHT', 'LIGHT_SKY']
    """
    spelling = spell(word)
    found: dict[tuple[tuple[Syllable, ...], Phones | None], Level] = {}
    ways = pronunciations(word)
    for way in ways:
        said = _syllables(way.phones)
        for level, start, syllables in _parts(said, spelling):
            known = start > 0 or way.origin is not Origin.GUESSED
            key = (syllables, said[start].onset if known and level < Level.SYLLABIC else None)
            found[key] = min(level, found.get(key, level))
    parts = tuple(Part(level, onset, syllables) for (syllables, onset), level in found.items())
    doubt = _ORIGINS.index(ways[0].origin) if ways else len(_ORIGINS) - 1
    return Ending(spelling, parts, _last_letters(spelling), doubt)


def same_word(one: str, two: str) -> bool:
    """Tell whether two line ends are the same word.

    Parameters
    ----------
    one, two : str
        One word each.

    Returns
    -------
    bool
        Whatever their case, accents and form of apostrophes.

    Examples
    --------
    >>> same_word("Night", "night"), same_word("sun", "son")
    (True, False)
    """
    return ending(one).spelling == ending(two).spelling


@dataclass(slots=True)
class _Said:
    """A syllable of a pronunciation; its consonants run on to the next vowel."""

    onset: Phones
    vowel: str
    stress: str
    coda: Phones = ()


def _syllables(phones: Phones) -> list[_Said]:
    said: list[_Said] = []
    run: list[str] = []
    for phone in phones:
        name, stress = phone.rstrip("012"), phone[-1]
        if not stress.isdigit():
            if name == "R" and said and not run and not said[-1].vowel.endswith("R"):
                said[-1].vowel += "R"
            else:
                run.append(name)
            continue
        if said:
            said[-1].coda = tuple(run)
        if name == "ER" and stress == "0" and not run and said and said[-1].vowel in _GLIDES:
            said[-1].vowel += "R"  # *flower* as *hour*
            continue
        plain = "AH" if stress == "0" and said and name in _REDUCED else name
        said.append(_Said(tuple(run), "ERR" if name == "ER" else plain, stress))
        run = []
    if said:
        said[-1].coda = tuple(run)
    return said


def _parts(said: list[_Said], spelling: str) -> Iterator[tuple[Level, int, tuple[Syllable, ...]]]:
    if not said:
        return
    syllables = tuple((syllable.vowel, syllable.coda) for syllable in said)
    stressed = [ix for ix, syllable in enumerate(said) if syllable.stress != "0"]
    last, end = stressed[-1] if stressed else 0, len(said) - 1
    yield Level.LAST_STRESS, last, syllables[last:]
    main = [ix for ix in stressed if said[ix].stress == "1"]
    if main and main[-1] != last:
        yield Level.MAIN_STRESS, main[-1], syllables[main[-1] :]
    if end > last:
        light = end - last > 1
        yield Level.LIGHT if light else Level.WEAK, end, syllables[end:]
        if said[end].vowel == "IY":
            level = Level.LIGHT_SKY if light else Level.WEAK_SKY
            yield level, end, (("AY", said[end].coda),)
        full = _spelled_vowel(said[end], spelling)
        if full and not spelling.endswith("ed"):
            level = Level.LIGHT_SPELLED if light else Level.WEAK_SPELLED
            yield level, end, ((full, said[end].coda),)
    if spelling.endswith("ed") and said[end].coda[-1:] in {("D",), ("T",)}:
        yield Level.SYLLABIC, end, (("EH", ("D",)),)


def _spelled_vowel(syllable: _Said, spelling: str) -> str | None:
    """The vowel that a reduced last syllable has in its spelling."""
    found = _SPELLED.search(spelling.replace("'", ""))
    if not found or syllable.vowel not in _REDUCED_SAID:
        return None
    letter = found.group(1) or "e"
    if syllable.vowel != "AH":
        return _FULL_BEFORE_R[letter]
    if syllable.coda[:1] == ("L",):
        return _FULL_BEFORE_L.get(letter, _FULL_VOWELS[letter])
    return _FULL_VOWELS[letter]


def _last_letters(spelling: str) -> str:
    letters = spelling.replace("'", "")[-LONGEST_WORD:]
    found = _LETTERS.search(letters)
    return found.group() if found else letters[-2:]
