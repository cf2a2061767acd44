"""A poem as stanzas, lines and words."""

import re
import unicodedata
from itertools import groupby

_TAB = 4
_MARK = "\u0300"
_MOST_MARKS = 30
_HEAPS = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")
_JOINER = "\u034f"
# What is left of a dash in UTF-8 that was read in another encoding: *told* and a dash.
_BROKEN_DASH = re.compile(r"â(?:\u20ac|\x80)?[\u201c\u201d\x93\x94]?(?![^\W\d_])")
_MAY_BE_MARK = re.compile("[^\u0000-\u02ff\u2000-\u206f]")
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # one sign, one word
    rf"|[^\W_]+(?:(?:{_MARK}|['’\-‐‑](?=[^\W_]))[^\W_]*)*"
)
# Whatever a keyboard or a program wrote for one: turned commas, modifier letters, primes, accents.
_APOSTROPHES = str.maketrans(dict.fromkeys("‘‛ʼʻʹ＇′´", "’"))
_ASCII_WORD = re.compile("[A-Za-z0-9]+(?:['-][A-Za-z0-9]+)*")  # the same, in less time


def normalise(text: str) -> str:
    r"""Give a text one form of line ends, letters and blanks.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text in Unicode's composed form (NFC), every kind of line end as ``\n``, tabs as
        blanks up to the next fourth column, without byte order marks, zero-width spaces, blanks
        at the ends of lines and blank lines at its two ends. Indentation is kept. More than
        thirty combining marks on one letter get joiners (U+034F) among them.

    Notes
    -----
    ``normalise(normalise(text)) == normalise(text)``.

    Examples
    --------
    >>> normalise("One  \r\n\tTwo\r\n")
    'One\n    Two'
    """
    split = _composed(text).splitlines()
    return "\n".join(line.expandtabs(_TAB).rstrip() for line in split).strip("\n")


def stanzas(text: str) -> tuple[tuple[str, ...], ...]:
    r"""Split a poem into its stanzas and their lines.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    tuple of tuple of str
        One tuple a stanza, of the lines that are not blank, with their indentation and without
        blanks at their ends. One or more blank lines part two stanzas. No line is lost. Empty
        for a blank text.

    Examples
    --------
    >>> stanzas("One\n  Two\n\n\nThree")
    (('One', '  Two'), ('Three',))
    """
    found: list[tuple[str, ...]] = []
    stanza: list[str] = []
    for line in [*normalise(text).split("\n"), ""]:
        if line:
            stanza.append(line)
        elif stanza:
            found.append(tuple(stanza))
            stanza = []
    return tuple(found)


def lines(text: str) -> tuple[str, ...]:
    r"""Give the lines of a poem that are not blank, over all stanzas.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    tuple of str
        The lines of `stanzas`, in order.

    Examples
    --------
    >>> lines("One\n\n  Two")
    ('One', '  Two')
    """
    return tuple(line for stanza in stanzas(text) for line in stanza)


def with_one_apostrophe(text: str) -> str:
    """Give a text one sign for every apostrophe but the straight one, sign for sign.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        As long as the text, as `words` reads it.

    Examples
    --------
    >>> with_one_apostrophe("Itʼs one o‘clock")
    'It’s one o’clock'
    """
    return text.translate(_APOSTROPHES)


def words(text: str) -> tuple[str, ...]:
    """Give the words of a text as they are written.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    tuple of str
        Runs of letters and digits in any script, with the apostrophes, each in one of two forms,
        and hyphens inside them.
        Punctuation, quotation marks and symbols belong to no word. Chinese and Japanese signs,
        which are written without blanks, are one word each.

    Examples
    --------
    >>> words("“Ne'er again,” she said -- half-asleep.")
    ("Ne'er", 'again', 'she', 'said', 'half-asleep')
    """
    if text.isascii():
        return tuple(_ASCII_WORD.findall(text))
    composed = with_one_apostrophe(_BROKEN_DASH.sub(" ", _composed(text)))
    if not _MAY_BE_MARK.search(composed):
        return tuple(_WORD.findall(composed))
    # Marks that no composed letter holds (as in Hindi) are letters to a reader, not to `\w`.
    shadow = "".join(_MARK if unicodedata.category(c)[0] == "M" else c for c in composed)
    return tuple(composed[m.start() : m.end()] for m in _WORD.finditer(shadow))


def end_words(text: str) -> tuple[str | None, ...]:
    r"""Give the last word of every line that is not blank.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    tuple of str or None
        One entry a line of `lines`; None where a line holds no word.

    Examples
    --------
    >>> end_words("The sun has set.\n* * *\nThe moon?")
    ('set', None, 'moon')
    """
    return tuple(found[-1] if (found := words(line)) else None for line in lines(text))


def _composed(text: str) -> str:
    if text.isascii():
        return text
    text = text.replace("\ufeff", "").replace("\u200b", "")
    return unicodedata.normalize("NFC", _HEAPS.sub(_parted, text))


def _parted(heap: re.Match[str]) -> str:
    """Long runs of combining marks with a joiner after every thirtieth, or composing them would
    take the square of their number (Unicode Standard Annex 15, section 13)."""
    found = []
    for marks, run in groupby(heap.group(), key=lambda c: unicodedata.combining(c) > 0):
        signs = "".join(run)
        parts = range(0, len(signs), _MOST_MARKS) if marks else ()
        found.append(_JOINER.join(signs[ix : ix + _MOST_MARKS] for ix in parts) or signs)
    return "".join(found)
