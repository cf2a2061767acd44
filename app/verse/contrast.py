"""How two word ends differ, as named features that a weight can be given to.

A vowel or a run of consonants is either the same in both (``=``) or named as a pair; what a pair
is worth is learned from verse (`scripts/train_rhyme.py`).
"""

from functools import lru_cache

from app.verse.endings import Ending, Level, Part, Syllable
from app.verse.pronunciation import Phones

_CLASSES = {
    phone: name
    for name, phones in {
        "nasal": "M N NG",
        "stop": "P T K B D G",
        "fricative": "F V TH DH S Z SH ZH CH JH HH",
        "liquid": "L R W Y",
    }.items()
    for phone in phones.split()
}
_LEVELS = [[f"level:{min(one, two):d}-{max(one, two):d}" for two in Level] for one in Level]
_MOST_LETTERS = 5
_REMEMBERED = 50_000


def sound_features(one: Part, two: Part) -> tuple[str, ...] | None:
    """Name how the sounds of two rhyme parts differ.

    Parameters
    ----------
    one, two : Part
        Ways in which two words can rhyme.

    Returns
    -------
    tuple of str or None
        None where the parts do not have equally many syllables.

    Examples
    --------
    >>> from app.verse.endings import ending
    >>> sound_features(ending("time").parts[0], ending("mine").parts[0])
    ('level:0-0', 'vowel=', 'coda:M-N')
    """
    if len(one.syllables) != len(two.syllables):
        return None
    found = [_LEVELS[one.level][two.level], *_syllable_features(one.syllables, two.syllables)]
    if one.syllables == two.syllables and one.onset is not None and one.onset == two.onset:
        found.append("same onset")
    return tuple(found)


@lru_cache(_REMEMBERED)
def _syllable_features(one: tuple[Syllable, ...], two: tuple[Syllable, ...]) -> tuple[str, ...]:
    (vowel, coda), (other_vowel, other_coda) = one[0], two[0]
    found = [_pair("vowel", vowel, other_vowel), *coda_features(coda, other_coda)]
    for (vowel, coda), (other_vowel, other_coda) in zip(one[1:], two[1:], strict=True):
        near = "~" if "AH" in {vowel, other_vowel} else "!"
        found.append(f"tail vowel{'=' if vowel == other_vowel else near}")
        found.append(f"tail {coda_features(coda, other_coda)[0].partition(':')[0]}")
    if len(one) > 1:
        found.append(f"tail={len(one)}" if one[1:] == two[1:] else "tail!")
    if found[-1] == "tail!" and one[0] == two[0]:
        found.append("tail! alone")
    return tuple(found)


@lru_cache(_REMEMBERED)
def coda_features(one: Phones, two: Phones) -> tuple[str, ...]:
    """Name how two runs of consonants differ.

    Parameters
    ----------
    one, two : tuple of str
        ARPABET consonants.

    Returns
    -------
    tuple of str
        One name or more.

    Examples
    --------
    >>> coda_features(("T",), ("T",)), coda_features(("N", "D"), ("N",))
    (('coda=',), ('coda+D end',))
    """
    if one == two:
        return ("coda=",) if one else ("open=",)
    if len(one) == len(two):
        changed = [(a, b) for a, b in zip(one, two, strict=True) if a != b]
        many = ("coda many",) if len(changed) > 1 else ()
        return (*many, *(name for pair in changed for name in _change(*pair)))
    short, long = sorted((one, two), key=len)
    if len(long) - len(short) > 1:
        return ("coda+many",) if short else ("open+many",)
    for ix, phone in enumerate(long):
        if long[:ix] + long[ix + 1 :] == short:
            where = "end" if ix == len(long) - 1 else "inside"
            return (f"{'coda' if short else 'open'}+{phone} {where}",)
    return ("coda+changed",)


def letter_features(one: Ending, two: Ending) -> tuple[str, ...]:
    """Name how the spellings of two word ends agree.

    Parameters
    ----------
    one, two : Ending
        Two words.

    Returns
    -------
    tuple of str
        The number of common last letters up to 5, whether the letters from the last vowels on are
        the same, whether one word contains the other, and each of these again where a word's
        sounds are guessed.

    Examples
    --------
    >>> from app.verse.endings import ending
    >>> letter_features(ending("love"), ending("glove"))
    ('letters 4', 'letters same', 'contained')
    """
    a, b = one.spelling.replace("'", ""), two.spelling.replace("'", "")
    n_common = common_letters(a, b)
    found = [f"letters {min(n_common, _MOST_LETTERS)}"]
    if one.letters == two.letters:
        found.append("letters same")
    if n_common == min(len(a), len(b)):
        found.append("contained")
    if max(one.doubt, two.doubt) > 1:
        found += ["guessed", *(f"guessed {name}" for name in found[:2])]
    return tuple(found)


def common_letters(one: str, two: str) -> int:
    """Count the last letters that two spellings share.

    Parameters
    ----------
    one, two : str
        Two spellings.

    Returns
    -------
    int
        From 0 to the length of the shorter one.

    Examples
    --------
    >>> common_letters("night", "light")
    4
    """
    n = 0
    for letter, other in zip(reversed(one), reversed(two), strict=False):
        if letter != other:
            break
        n += 1
    return n


def _pair(name: str, one: str, two: str) -> str:
    return f"{name}=" if one == two else f"{name}:{'-'.join(sorted((one, two)))}"


def _change(one: str, two: str) -> tuple[str, ...]:
    first, second = sorted((_CLASSES[one], _CLASSES[two]))
    name = f"coda:{'-'.join(sorted((one, two)))}"
    return (name,) if first == second else (f"coda class:{first}-{second}",)
