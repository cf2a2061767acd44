"""A text as a reader is to see it who must not know where it comes from: one form of every mark
that tells a program, a chat or a printer from another, and the words as they are."""

import re

from app.verse.enclosing import without_fences, without_quotes_around
from app.verse.listing import without_list_marks
from app.verse.markup import RULE, without_emphasis, without_html, without_links
from app.verse.text import normalise
from app.verse.typesetting import set_alike, visible

__all__ = ["hides_words", "plain", "plain_stanzas"]

DIVIDER = "* * *"

_HEADING = re.compile(r"(\s{0,3})#{1,6}\s+(?=\S)")
_HEADING_END = re.compile(r"(?<=\S)\s+#+$")
_BLANK_LINES = re.compile(r"\n{3,}")
_HIDING = re.compile(r"[^\w \t\r\n.,;:!?'’‘“”\"()—–…-]|_")
_MOST_ROUNDS = 50  # more than anybody nests; so that no text can keep a server busy


def plain(text: str) -> str:
    r"""Give a text without the formatting that tells one writer's tool from another's.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The words of the text in their order and lines, in the form of `app.verse.text.normalise`.

    Notes
    -----
    Words, line breaks, stanzas, capitals, indentation and the poet's own marks stay. Made alike:
    blanks of any width; the margin that all lines share; quotation marks and apostrophes (curved,
    by one rule, whatever they were); points (an ellipsis); dashes (`app.verse.typesetting`); lines
    that only divide (one sign for all of them, none at the edges of the poem); letters joined for
    print. Taken away: the marks, and only the marks, of Markdown's emphasis, headings, links,
    quotations, tables, code and lists, with its backslashes; numbers, numerals and
    letters that count the lines; quotation marks around the whole poem; HTML's tags, and its
    entities but for the sign that they stand for; characters that cannot be seen.
    Signs that Markdown would read as marks are taken for marks also where they were escaped.

    ``plain(plain(text)) == plain(text)``.

    Examples
    --------
    >>> print(plain("# Rain\n\n**It's** raining -- still...\n\n---\n\n'Tis *wet*."))
    Rain
    <BLANKLINE>
    It’s raining—still…
    <BLANKLINE>
    * * *
    <BLANKLINE>
    ’Tis wet.
    """
    for _ in range(_MOST_ROUNDS):  # a mark may stand inside another; each round takes some away
        before, text = text, _once(text)
        if text == before:
            break
    return text


def plain_stanzas(text: str) -> tuple[tuple[str, ...], ...]:
    r"""Give a poem as its stanzas and lines, in the form of `plain`.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    tuple of tuple of str
        As from `app.verse.text.stanzas`.

    Examples
    --------
    >>> plain_stanzas("1. One\n2. Two\n3. Three\n\n***")
    (('One', 'Two', 'Three'),)
    """
    blocks = re.split(r"\n\n+", plain(text))
    return tuple(tuple(block.split("\n")) for block in blocks if block)


def hides_words(text: str) -> bool:
    r"""Tell whether a reader of `plain` may find words that a search of the text does not.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    bool
        False where the text holds nothing but letters, digits, blanks and the marks of sentences.

    Examples
    --------
    >>> [hides_words(text) for text in ("It’s rain, Claude.", "Cl&#97;ude", "**Cla**ude")]
    [False, True, True]
    """
    return _HIDING.search(text) is not None


def _once(text: str) -> str:
    text = without_fences(normalise(visible(without_html(text))))
    lines = without_list_marks([_line(line) for line in text.split("\n")])
    lines = without_emphasis(without_links("\n".join(lines))).split("\n")
    text = without_quotes_around(set_alike("\n".join(_dedented(_divided(lines)))))
    return normalise(_BLANK_LINES.sub("\n\n", text))


def _line(line: str) -> str:
    line = line.rstrip("\\")
    heading = _HEADING.match(line)
    return heading[1] + _HEADING_END.sub("", line[heading.end() :]) if heading else line


def _divided(lines: list[str]) -> list[str]:
    """One sign, set apart, for whatever line divides; none before the poem or after it."""
    found: list[str] = []
    begun = due = False
    for line in lines:
        if RULE.match(line):
            due = begun
        elif line.strip():
            if due:
                while not found[-1]:
                    found.pop()
                found += ["", DIVIDER, ""]
            found.append(line)
            begun, due = True, False
        elif not due:
            found.append("")
    return found


def _dedented(lines: list[str]) -> list[str]:
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [line if line == DIVIDER else line[margin:] for line in lines]
