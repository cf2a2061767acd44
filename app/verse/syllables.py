"""The syllables of words, as verse may count and stress them."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from app.verse.pronunciation import LONGEST_WORD, Origin, Phones, pronunciations
from app.verse.spelling import spell

MOST_SHAPES = 4
USUAL_END = 2  # syllables from the main stress on
ELIDED = 0.1
SYLLABIC_ED = 0.3
_REMEMBERED = 1_000  # patterns of stress

# Kinds of syllable.
PRIMARY, SECONDARY, WEAK, FAR, CONTENT, FUNCTION, CLITIC = KINDS = "PSUVCMF"
_KIND_OF = {"1": PRIMARY, "2": SECONDARY}
STRESSED = frozenset({PRIMARY, SECONDARY, CONTENT})

_CLITIC_WORDS = """
a an and as at but by for her his is its my nor of or our than that the their thy to was were whose
with your
"""
_FUNCTION_WORDS = """
all am are art be been both can could did didst do does dost doth each ere few from had hadst has
hast hath have he him how i if in it just let like may me might mine more most much must near no not
now o off on one out own per quite save shall shalt she should since so some such thee them then
there these they thine this those thou though through till tis too twas twixt up us we what when
where which while whilst who whom why will wilt would ye yes yet you
i'm i'll i've i'd he's he'll he'd she's she'll she'd it's it'll we're we've we'll we'd you're you've
you'll you'd they're they've they'll they'd that's there's what's who's let's can't don't won't
couldn't wouldn't isn't aren't wasn't weren't o'er e'er ne'er e'en em gainst
"""
_CLITICS = frozenset(_CLITIC_WORDS.split())
_FUNCTIONS = frozenset(_FUNCTION_WORDS.split())
# Of two syllables, either of which verse stresses.
_SHIFTING = frozenset({"into", "onto", "unto", "upon", "within", "without"})
_SILENT = frozenset({"th"})
_FALLING = frozenset({"AH0", "IH0"})
_SONORANTS = frozenset({"R", "L", "N"})
_MARKED_ELISION = re.compile(r"'(?:r(?!e$)|n|l(?!l$))")
_MARKED_ED = re.compile(r"[èé]d(?:'s)?$")
_LETTER = re.compile("[a-z]")
_VOWELS = re.compile(r"[aeiouy]+")
_HIATUS = re.compile(r"(?<![tcsgx])i(?=[aou])")  # *Hyperion*, but *ocean*
_SILENT_END = re.compile(
    r"(?<=[aeiouy][^aeiouy])e$|(?<=[^aeiouylr])(?<![^aeiouy]l)e$"
    r"|(?<=[^aeiouy])(?<![sxzcg])(?<![cs]h)es$|(?<=[^aeiouytd])ed$"
)


class Shape(NamedTuple):
    """One way to count and stress the syllables of a word.

    Attributes
    ----------
    kinds : str
        One letter a syllable, of `KINDS`.
    cost : float
        What taking this way costs, 0 for the plain one.
    """

    kinds: str
    cost: float


def shapes(word: str) -> tuple[Shape, ...]:
    """Give the ways in which verse counts and stresses the syllables of a word.

    Parameters
    ----------
    word : str
        One word as it is written.

    Returns
    -------
    tuple of Shape
        At most four, the plain one first, no two with the same kinds. Empty where the word holds
        no letter from a to z.

    Notes
    -----
    Kinds of syllable: in words of several, P with main stress, S with secondary stress, U without
    stress beside a stressed one, V without stress elsewhere (verse may promote it: *mem-o-RY*);
    words of one are C where they carry meaning, M for pronouns, auxiliaries and the like, F for
    articles, short prepositions and conjunctions.

    All variants of the dictionary count. An unstressed vowel before r, l or n and another
    unstressed one may go (*ev'ry*), as may the second vowel of *power*, of *heaven* and of
    *glorious*; at a cost, unless an apostrophe asks for it. *-ed* may be a syllable: at a cost,
    unless an accent asks for it (*blessèd*).

    Examples
    --------
    >>> [shape.kinds for word in ("moon", "the", "memory") for shape in shapes(word)]
    ['C', 'F', 'PUV', 'PU']
    >>> [shape.kinds for word in ("heaven", "heav'n") for shape in shapes(word)]
    ['PU', 'C', 'C']
    """
    spelling = spell(word)[-LONGEST_WORD:].strip("'")
    if "-" in spelling.strip("-"):
        return _joined(word)
    found: dict[str, float] = {}
    for kinds, cost in _ways(word, spelling):
        if cost < found.get(kinds, cost + 1):
            found[kinds] = cost
    ways = (Shape(kinds, cost) for kinds, cost in found.items())
    return tuple(sorted(ways, key=lambda way: way.cost)[:MOST_SHAPES])


def count_syllables(word: str) -> int:
    """Count the syllables of a word.

    Parameters
    ----------
    word : str
        One word as it is written.

    Returns
    -------
    int
        Those of its first pronunciation; 0 for a word without a letter from a to z.

    Examples
    --------
    >>> [count_syllables(word) for word in ("I", "power", "pow'r", "wanderlust", "blessèd")]
    [1, 2, 1, 3, 2]
    """
    ways = shapes(word)
    return len(ways[0].kinds) if ways else 0


def _joined(word: str) -> tuple[Shape, ...]:
    """Ways of a hyphenated word: those of its parts together."""
    parts = filter(None, map(shapes, re.split("[-‐‑]", word[-LONGEST_WORD:])))
    together = [
        Shape("".join(way.kinds for way in ways), sum(way.cost for way in ways))
        for ways in islice(product(*parts), MOST_SHAPES)
    ]
    return tuple(way for way in together if way.kinds)


def _ways(word: str, spelling: str) -> Iterator[tuple[str, float]]:
    if spelling in _SILENT:
        yield "", 0.0
        return
    marked = "'" in spelling and _MARKED_ELISION.search(spelling) is not None
    accented = "" if word.isascii() else unicodedata.normalize("NFC", word.casefold())
    syllabic = _MARKED_ED.search(accented) is not None
    ways = pronunciations(word)
    if not ways and _LETTER.search(spelling):
        yield _kinds(_spelt_stresses(spelling, USUAL_END), spelling), 0.0
    for found in ways:
        stresses = _stresses(found.phones)
        if found.origin is Origin.GUESSED:
            yield _kinds(_spelt_stresses(spelling, len(stresses)), spelling), 0.0
            continue
        elided = [_kinds(_stresses(phones), spelling) for phones in _elisions(found.phones, marked)]
        longer = spelling.endswith("ed") and not found.phones[-2][-1].isdigit()
        if not (marked and elided) and not (syllabic and longer):
            yield _kinds(stresses, spelling), 0.0
        yield from ((kinds, 0.0 if marked else ELIDED) for kinds in elided)
        if longer:
            yield _kinds(stresses + "0", spelling), 0.0 if syllabic else SYLLABIC_ED


def _elisions(phones: Phones, marked: bool) -> Iterator[Phones]:
    """The word without one of the vowels that verse may drop."""
    for ix, phone in enumerate(phones):
        if not ix or phone[-1] != "0":
            continue
        before, after, later = phones[ix - 1], *(*phones[ix + 1 : ix + 3], "", "")[:2]
        weak = marked or later[-1:] == "0" or (before, after) == ("V", "N")
        # *power*, *glorious*, *wandering*; *opening*, *heaven*
        if before[-1].isdigit() or (phone in _FALLING and after in _SONORANTS and weak):
            yield (*phones[:ix], *phones[ix + 1 :])


def _spelt_stresses(spelling: str, n_end: int) -> str:
    """Stresses of a word by its spelling: the main one starts its end, others are two apart."""
    letters = _SILENT_END.sub("", re.sub("[^a-z]", "", spelling.replace("'d", "")))
    count = max(1, len(_VOWELS.findall(letters)) + len(_HIATUS.findall(letters)))
    main = max(0, count - max(1, n_end))
    return "".join(
        "1" if ix == main else "2" if ix < main and (main - ix) % 2 == 0 else "0"
        for ix in range(count)
    )


def _stresses(phones: Phones) -> str:
    return "".join([phone[-1] for phone in phones if phone[-1] in "012"])


def _kinds(stresses: str, spelling: str) -> str:
    """Kinds of the syllables of a word from its stresses, digits as in ARPABET."""
    if len(stresses) == 1:
        return CLITIC if spelling in _CLITICS else FUNCTION if spelling in _FUNCTIONS else CONTENT
    if spelling in _SHIFTING:
        return FUNCTION * len(stresses)
    return _kinds_of_many(stresses)


@lru_cache(_REMEMBERED)
def _kinds_of_many(stresses: str) -> str:
    strong = {ix for ix, stress in enumerate(stresses) if stress != "0"}
    return "".join(
        _KIND_OF[stress] if stress != "0" else WEAK if strong & {ix - 1, ix + 1} else FAR
        for ix, stress in enumerate(stresses)
    )
