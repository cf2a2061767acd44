"""Whether a text is in English, so that its rhyme and metre can be measured at all."""

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from importlib import resources

from app.verse.pronunciation import is_known
from app.verse.text import words

FEWEST = 10  # words in Latin letters; of fewer nothing can be said, and English is assumed
USUAL = 0.12  # least share of English function words that needs no further proof
MOST = 400  # words that are looked at
KNOWN = 0.6  # least share of known words that stands in for it

_LETTER = re.compile(r"[^\W\d_]")
_LATIN = "A-Za-zªºÀ-ÖØ-öø-ʯḀ-ỿﬀ-ﬆＡ-Ｚａ-ｚ"
_LATIN_LETTER = re.compile(f"[{_LATIN}]")
_OTHER_LETTER = re.compile(rf"[^\W\d_{_LATIN}]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_INSIDE = "'’-‐‑"


class Language(StrEnum):
    """The language of a text, as far as it matters here.

    Examples
    --------
    >>> [language.value for language in Language]
    ['english', 'other', 'unknown']
    """

    ENGLISH = "english"
    OTHER = "other"
    UNKNOWN = "unknown"


def language(text: str, split: Sequence[str] | None = None) -> Language:
    r"""Tell whether a text is in English.

    Parameters
    ----------
    text : str
        Any text.
    split : sequence of str, optional
        Its words, where they have been found already.

    Returns
    -------
    Language
        ``english``; ``other`` for another language or script; ``unknown`` for a text without
        letters. A text in Latin letters of fewer than 10 words counts as English.

    Notes
    -----
    Half of the letters or more must be Latin. Of the first 400 words, the share of English function
    words, old, Scots, Jamaican and texted forms among them, is then compared with the shares of
    those of ten other languages; the greatest wins. Where English wins and words that are function
    words of English alone make up less than 0.12, 0.6 of the words must be known to the pronouncing
    dictionary.

    References
    ----------
    G. Grefenstette, "Comparing two language identification schemes", JADT 1995, 263-268: short
    words tell languages apart.

    Examples
    --------
    >>> language("The rain has come to stay with us and we are glad of it.").value
    'english'
    >>> language("Der Regen kommt und bleibt bei uns, und wir sind froh.").value
    'other'
    """
    if not _LETTER.search(text):
        return Language.UNKNOWN
    if not text.isascii() and _is_foreign(text):
        return Language.OTHER
    found = words(text) if split is None else split
    return Language.ENGLISH if _is_english(found[:MOST]) else Language.OTHER


def _is_foreign(text: str) -> bool:
    """Whether most letters are not Latin."""
    others = _OTHER_LETTER.findall("".join(_BEYOND_ASCII.findall(text)))
    return bool(others) and len(_LATIN_LETTER.findall(text)) < len(others)


def _is_english(found: Sequence[str]) -> bool:
    if len(found) < FEWEST:
        return True
    text = " ".join(found).casefold()
    for sign in _INSIDE:
        text = text.replace(sign, " ")
    parts = text.split()
    times = Counter(filter(None, map(_function_words().get, parts)))
    found_in = {"English": 0}
    for names, n in times.items():
        for name in names:
            found_in[name] = found_in.get(name, 0) + n
    if found_in["English"] < max(found_in.values()):
        return False
    if times["English",] >= USUAL * len(parts):
        return True
    return sum(map(is_known, found)) >= KNOWN * len(found)


@cache
def _function_words() -> dict[str, tuple[str, ...]]:
    """The languages that each word is a function word of."""
    rows = (resources.files("app.verse") / "data" / "function_words.tsv").read_text("utf-8")
    table: dict[str, tuple[str, ...]] = {}
    for row in rows.splitlines():
        name, listed = row.split("\t")
        for word in listed.split():
            table[word] = (*table.get(word, ()), name)
    return table
