r"""One form of the signs that a printer, a keyboard or a program chooses, not a poet: blanks,
characters that cannot be seen, dashes, points, quotation marks, apostrophes, joined letters.

Examples
--------
>>> set_alike("It's raining -- 'softly'...")
'It’s raining—‘softly’…'
"""

import re
import unicodedata
from collections.abc import Callable
from itertools import accumulate

__all__ = ["set_alike", "visible"]

_NEEDS_JOINERS = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"
_PICTURES = "\u2190-\u2bff\U0001f000-\U0001faff"
# What is set in no script, or tells only one shape of a sign from another; the joiners stay after
# letters that they join or part, and between pictures.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINERS = re.compile(
    f"(?<![{_NEEDS_JOINERS}{_PICTURES}])[\u200c\u200d]+"
    f"|(?<=[{_NEEDS_JOINERS}])(?<=.)([\u200c\u200d])[\u200c\u200d]+"
    f"|(?<=[{_PICTURES}])(?:\u200c[\u200c\u200d]*|\u200d(?![{_PICTURES}])[\u200c\u200d]*)"
)
_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]")
_LIGATURES = re.compile("[\ufb00-\ufb06]")

_HYPHENS = re.compile("[\u2010\u2011]")
_LONG_DASHES = re.compile("[\u2e3a\u2e3b]")
_YEARS = re.compile("(?<=\\d)[\u2012\u2013](?=\\d)")
_SPOKEN = re.compile(r"^( *)- +(?=\S)", re.MULTILINE)
_APART = re.compile(r"(?<=\S) +-(?: +(?=\S)|$)", re.MULTILINE)
_DASHES_APART = re.compile(r"(?<=\S) +-(?: -)+(?= |$)", re.MULTILINE)
_SUM = re.compile(r"(?<=\d) +- +(?=\d)")
_DASHES = re.compile("[\u2012-\u2015\u2500]|[-\u2012-\u2015\u2500]{2,}+(?!>)")
_AROUND_DASH = re.compile(r"(?<=[^\s]) *(—+) *(?=\S)|(?<=\S) +(—+)$|(?<=—) +(?=\S)", re.MULTILINE)

_POINTS = re.compile(r"(?<![.…])(?:\.(?: \.){2,3}(?! ?[.…])|[.…]{2,})")
_TWO_BLANKS = re.compile(r"([.!?…][\"')]?)  (?=\S)")

_SINGLE = re.compile("[‘’‚‛`´′ʼ]")
_DOUBLE = re.compile("[“”„‟″«»]|``|''")
_OPENS = re.compile(r"""(^|[\s(\[{—–\-/"“‘])(["'])(?=\S)""")
# Signs that are written without blanks: nothing around a mark says whether it opens.
_UNPARTED = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uff65]")
# Left out at the beginning of a word: the mark is an apostrophe however the word is quoted.
_ELIDED = re.compile(
    r"'(?=(?:tis|twas|twere|twill|twould|twixt|tween|til|till|em|neath|mid|midst|mong|gainst|round|"
    r"bout|cause|ere|er|pon|scape|gin|nother|n|o|s|e|im|ave|er|old|ow|ome|appen|way|fore|cross|"
    r"lectric|low|stead|tude|cept|coz|cos|kay|sup|\d0s|\d\d)\b)",
    re.IGNORECASE,
)


def visible(text: str) -> str:
    r"""Give a text without what cannot be seen, and with one kind of blank.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text without control and format characters, variation selectors and fillers; every
        blank that is no line end or tab as a blank; letters joined for print (U+FB00 to U+FB06)
        as letters. Joiners (U+200C, U+200D) stay one by one after letters of scripts that need
        them, and U+200D between pictures.

    Examples
    --------
    >>> visible("ﬁne\u200b\u3000ra\u00adin")
    'fine rain'
    """
    if text.isascii() and text.isprintable():
        return text
    text = _BLANKS.sub(" ", _INVISIBLE.sub("", text))
    text = _JOINERS.sub(lambda found: found[1] or "", text)
    return _LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def set_alike(text: str) -> str:
    r"""Give a text one form of dashes, points, quotation marks and apostrophes.

    Parameters
    ----------
    text : str
        A text in the form of `app.verse.text.normalise`.

    Returns
    -------
    str
        The text with every dash as an em dash without blanks beside it, a long dash as two;
        three points as an ellipsis; one blank after a sentence that had two; curved quotation
        marks and apostrophes.

    Notes
    -----
    A dash is two hyphens or more, any dash of print, or a hyphen with a blank on its sides. Hyphens
    inside words, and between numbers, stay hyphens. Four hyphens, or two dashes, are a long dash.

    Examples
    --------
    >>> [set_alike(one) for one in ("rain - well-worn", "rain –", "D----d", "1914–18")]
    ['rain—well-worn', 'rain—', 'D——d', '1914-18']
    """
    text = _SINGLE.sub("'", _DOUBLE.sub('"', text))
    text = _TWO_BLANKS.sub(r"\1 ", _POINTS.sub(_ellipsis, _dashed(text)))
    return _curved(_ELIDED.sub("’", text))


def _dashed(text: str) -> str:
    text = _LONG_DASHES.sub("——", _YEARS.sub("-", _HYPHENS.sub("-", text)))
    text = _DASHES_APART.sub("——", _SPOKEN.sub(r"\1—", text))
    text = _DASHES.sub(_dash, text)
    sums = {found.start() for found in _SUM.finditer(text)}
    text = _APART.sub(lambda found: found[0] if found.start() in sums else "—", text)
    return _AROUND_DASH.sub(lambda found: found[1] or found[2] or "", text)


def _dash(found: re.Match[str]) -> str:
    hyphens = sum(1 if sign == "-" else 2 for sign in found[0])
    return "—" if hyphens <= 3 else "——"  # noqa: PLR2004


def _ellipsis(found: re.Match[str]) -> str:
    points = found[0].count(".") + 3 * found[0].count("…")
    return "…" * (points // 3) + "." * (points % 3)


def _curved(text: str) -> str:
    """Opening where a word follows and none stands before; a single mark opens only where one in
    the same stanza can close it."""
    return "\n\n".join(_stanza(part) for part in text.split("\n\n"))


def _stanza(text: str) -> str:
    if "'" not in text and '"' not in text:
        return text
    if '"' in text and _UNPARTED.search(text):
        text = "\n".join(_by_turns(line) for line in text.split("\n"))
    closers = [bool(re.match(r"'(?!\w)", text[ix : ix + 2])) for ix in range(len(text))]
    left = list(accumulate(reversed(closers)))[::-1] if text else []

    def opening(found: re.Match[str]) -> str:
        if found[2] == '"':
            return f"{found[1]}“"
        can_close = left[found.end()] if found.end() < len(left) else 0
        return f"{found[1]}‘" if can_close else f"{found[1]}’"

    text = _repeated(lambda part: _OPENS.sub(opening, part), text)
    return text.replace('"', "”").replace("'", "’")


def _by_turns(line: str) -> str:
    if not _UNPARTED.search(line):
        return line
    parts = line.split('"')
    joints = ["”" if nth % 2 else "“" for nth in range(len(parts) - 1)]
    return "".join(part + joint for part, joint in zip(parts, [*joints, ""], strict=True))


def _repeated(change: Callable[[str], str], text: str) -> str:
    """Places stay as they are, so that what was counted of the text holds."""
    before = None
    while before != text:
        before, text = text, change(text)
    return text
