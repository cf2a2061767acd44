"""How English words sound: a dictionary, its word forms, and guesses from spelling.

The data is that of the CMU Pronouncing Dictionary (Carnegie Mellon University, BSD 2-clause
licence, in ``data/LICENSE.cmudict``). Sounds are written in its alphabet, ARPABET: vowels end
in 0 (no stress), 1 (main stress) or 2 (secondary stress).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from app.verse.spelling import also_read_as, respellings, spell
from app.verse.tables import rows_of

LONGEST_SUFFIX = 7
SHORTEST_REST = 3
LONGEST_WORD = 64  # of a longer run of letters only the end is read
_REMEMBERED = 50_000

# Contractions of verse that sound unlike the word they stand for.
_CONTRACTED = {
    "o'er": "AO1 R",
    "e'er": "EH1 R",
    "ne'er": "N EH1 R",
    "whate'er": "W AH0 T EH1 R",
    "where'er": "W EH0 R EH1 R",
    "whene'er": "W EH0 N EH1 R",
    "howe'er": "HH AW0 EH1 R",
    "soe'er": "S OW0 EH1 R",
    "e'en": "IY1 N",
    "o'": "AH1 V",
    "ta'en": "T EY1 N",
}
# How verse also says some words.
_ALSO_SAID = {
    "assay": "AH0 S EY1",
    "aye": "EY1",
    "bade": "B EY1 D",
    "been": "B IY1 N",
    "again": "AH0 G EY1 N",
    "against": "AH0 G EY1 N S T",
    "ere": "EH1 R",
    "prow": "P R OW1",
    "quay": "K EY1",
    "says": "S EY1 Z",
    "shone": "SH OW1 N",
    "slough": "S L AW1",
    "vase": "V AA1 Z",
    "wind": "W AY1 N D",
    "wound": "W AW1 N D",
}
# Endings that leave the stress of the word where it is: spelling and sounds.
_SUFFIXES = (
    ("ing", "IH0 NG"),
    ("in", "IH0 N"),
    ("er", "ER0"),
    ("ers", "ER0 Z"),
    ("est", "AH0 S T"),
    ("eth", "AH0 TH"),
    ("ly", "L IY0"),
    ("ness", "N AH0 S"),
    ("less", "L AH0 S"),
    ("ful", "F AH0 L"),
)
# Beginnings that leave the stress on the word after them.
_PREFIXES = (
    ("un", "AH0 N"),
    ("re", "R IH0"),
    ("be", "B IH0"),
    ("out", "AW0 T"),
    ("over", "OW0 V ER0"),
    ("fore", "F AO0 R"),
    ("mis", "M IH0 S"),
    ("en", "EH0 N"),
    ("in", "IH0 N"),
    ("up", "AH0 P"),
)
_SIBILANTS = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})
_VOICELESS = frozenset({"P", "T", "K", "F", "TH"})
_VOWEL = re.compile(r"[aeiouy]")
_LATIN = re.compile(r"[a-z]")

Phones = tuple[str, ...]


class Origin(StrEnum):
    """Where a pronunciation comes from."""

    DICTIONARY = "dictionary"
    DERIVED = "derived"
    GUESSED = "guessed"


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """One way to say a word.

    Attributes
    ----------
    phones : tuple of str
        ARPABET phones with stress. A guessed pronunciation holds only the end of the word, from
        its last stressed vowel on.
    origin : Origin
        Whether the dictionary lists the word, it was derived from a listed word, or its end was
        guessed from its spelling.
    """

    phones: Phones
    origin: Origin


@lru_cache(_REMEMBERED)
def pronunciations(word: str) -> tuple[Pronunciation, ...]:
    """Give the ways to say an English word.

    Parameters
    ----------
    word : str
        One word; case, accents and the form of apostrophes do not matter.

    Returns
    -------
    tuple of Pronunciation
        The variants of the dictionary in its order, or those derived from a listed word, or up to
        three guesses. Empty where the word holds no letter from a to z (digits, other scripts).

    Notes
    -----
    Tried in this order: the dictionary; contractions of verse (*o'er*); a possessive, plural,
    *-ed*, *-ing* or another ending that keeps the stress, after a listed word; a prefix before a
    listed word; the parts of a hyphenated word; all of these again in today's spelling of older
    and British words (`app.verse.spelling.respellings`); last, analogy: the longest end of the
    spelling (up to seven letters) that listed words share gives their most frequent rhyme parts,
    words of verse counting five times.

    References
    ----------
    The CMU Pronouncing Dictionary, http://www.speech.cs.cmu.edu/cgi-bin/cmudict.

    Examples
    --------
    >>> [" ".join(p.phones) for p in pronunciations("wind")]
    ['W AY1 N D', 'W IH1 N D']
    >>> [p.origin.value for word in ("moon", "Moonbeam’s", "wabe") for p in pronunciations(word)]
    ['dictionary', 'derived', 'guessed']
    """
    spelling = spell(word)[-LONGEST_WORD:]
    if not _LATIN.search(spelling):
        return ()
    older = also_read_as(spelling)
    also = _listed(older) if older != spelling else ()
    if listed := _listed(spelling):
        said = (tuple(_ALSO_SAID[spelling].split()),) if spelling in _ALSO_SAID else ()
        return _ways((*listed, *said, *also), Origin.DICTIONARY)
    if derived := _derived(spelling) or _respelt(spelling):
        return _ways((*derived, *also), Origin.DERIVED)
    return _ways(_guessed(spelling), Origin.GUESSED)


@lru_cache(_REMEMBERED)
def is_known(word: str) -> bool:
    """Tell whether a word's sounds are known and not only guessed.

    Parameters
    ----------
    word : str
        One word.

    Returns
    -------
    bool
        True where the dictionary lists the word or one that it is derived from.

    Examples
    --------
    >>> is_known("daffodils"), is_known("slithy")
    (True, False)
    """
    return any(found.origin is not Origin.GUESSED for found in pronunciations(word))


def _ways(sounds: Iterable[Phones], origin: Origin) -> tuple[Pronunciation, ...]:
    return tuple(Pronunciation(phones, origin) for phones in dict.fromkeys(sounds))


def _respelt(spelling: str) -> tuple[Phones, ...]:
    """Sounds of the nearest spelling of today that is a listed word or a form of one."""
    for candidate in respellings(spelling):
        if found := _listed(candidate) or _derived(candidate):
            return found
    return ()


def _listed(spelling: str) -> tuple[Phones, ...]:
    if spelling in _CONTRACTED:
        return (tuple(_CONTRACTED[spelling].split()),)
    row = rows_of("cmudict.tsv.gz").get(spelling)
    return _said(row) if row else ()


def _derived(spelling: str) -> tuple[Phones, ...]:
    """Sounds after the first rule that leads to a listed word."""
    for candidate, ending in _analyses(spelling):
        if found := _listed(candidate):
            return tuple(_inflect(phones, ending) for phones in found)
    for prefix, beginning in _PREFIXES:
        rest = spelling.removeprefix(prefix)
        if rest != spelling and len(rest) >= SHORTEST_REST and (found := _listed(rest)):
            return tuple((*beginning.split(), *phones) for phones in found)
    head, hyphen, tail = spelling.rpartition("-")
    if hyphen and (last := _listed(tail) or _derived(tail)):
        first = _listed(head) or _derived(head)
        return tuple((*(first[0] if first else ()), *phones) for phones in last)
    return ()


def _analyses(spelling: str) -> Iterator[tuple[str, str]]:
    """Words that this one may be a form of, each with the sounds of the ending ("" for none)."""
    if spelling.endswith(("'s", "s'", "s")):
        yield from ((stem, "Z") for stem in _plural_stems(spelling))
    for mark in ("ed", "'d", "'t"):
        if spelling.endswith(mark):
            yield from ((stem, "D") for stem in _stems(spelling.removesuffix(mark)))
    for suffix, ending in _SUFFIXES:
        if spelling.endswith(suffix):
            yield from ((stem, ending) for stem in _stems(spelling.removesuffix(suffix)))


def _plural_stems(spelling: str) -> Iterator[str]:
    stem = spelling.removesuffix("'").removesuffix("s").removesuffix("'")
    yield stem
    if stem.endswith("ie"):
        yield stem[:-2] + "y"
    if stem.endswith("e"):
        yield stem[:-1]


def _stems(stem: str) -> Iterator[str]:
    """A stem before a vowel: as it is, with e, with y for i, with one of two like consonants."""
    if len(stem) > 1 and _VOWEL.search(stem):
        yield stem
        yield stem + "e"
        if stem[-1] == "i":
            yield stem[:-1] + "y"
        if stem[-1] == stem[-2]:
            yield stem[:-1]


def _inflect(phones: Phones, ending: str) -> Phones:
    """Add an ending; -s and -ed take the sound that the last phone asks for."""
    last = phones[-1]
    if ending == "Z":
        ending = "IH0 Z" if last in _SIBILANTS else "S" if last in _VOICELESS else "Z"
    elif ending == "D":
        devoiced = last in _VOICELESS or last in {"S", "SH", "CH"}
        ending = "IH0 D" if last in {"T", "D"} else "T" if devoiced else "D"
    return (*phones, *ending.split())


def _guessed(spelling: str) -> tuple[Phones, ...]:
    """Sounds of the longest end of the spelling that listed words share, the likeliest first."""
    letters = re.sub(r"[^a-z]", "", spelling.replace("'d", "ed"))
    endings = rows_of("endings.tsv.gz")
    for length in range(min(LONGEST_SUFFIX, len(letters)), 0, -1):
        if parts := endings.get(letters[-length:]):
            return _said(parts)
    return ()


def _said(ways: str) -> tuple[Phones, ...]:
    """The ways of a row of a table, which commas part."""
    return tuple([tuple(way.split()) for way in ways.split(",")])
