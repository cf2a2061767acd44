"""A text as a reader is to see it who must not know where it comes from: one form of every mark
that tells a program, a chat or a printer from another, and the words as they are."""

import re
from collections.abc import Callable
from itertools import accumulate

from app.verse.text import normalise

__all__ = ["plain", "plain_stanzas"]

DIVIDER = "* * *"

_INVISIBLE = re.compile("[\u00ad\u2060\u200e\u200f]")
_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f\u205f]")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ENTITIES = {"&nbsp;": " ", "&quot;": '"', "&#39;": "'", "&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("|".join(_ENTITIES))
_FENCE = re.compile(r"\s*(?:```|~~~)\s*[\w+-]*\s*$")
_RULE = re.compile(r"\s*(?:([-*_=~─—–•·])(?:\s*\1){2,}|⁂|\*\s+\*)\s*$")
_HEADING = re.compile(r"(\s{0,3})#{1,6}\s+(?=\S)|\s+#+\s*$")
_QUOTED = re.compile(r"\s{0,3}>\s?")
_BULLET = re.compile(r"(\s*)[-*+•‣◦]\s+(?=\S)")
_NUMBER = re.compile(r"\s*(?:line\s+)?(\d{1,3})(?P<mark>[.):、：]\s*|\s+)(?=\S)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|])")
_END_BREAK = re.compile(r"\\$")
# Marks of emphasis stand in pairs, each against a word; a lone asterisk is the poet's.
_MARKS = (
    re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*\n]*[^\s*])\1(?![\w*])"),
    re.compile(r"(?<![\w_])(_{1,3})(?=[^\s_])([^_\n]*[^\s_])\1(?![\w_])"),
    re.compile(r"(?<!~)(~~)(?=[^\s~])([^~\n]*[^\s~])\1(?!~)"),
    re.compile(r"(?<!`)(`{1,2})(?=[^\s`])([^`\n]*[^\s`])\1(?!`)"),
)
_AROUND = re.compile(r"(\s*)(\*{1,3}|_{1,3})(?=[^\s*_])", re.DOTALL)
_MOST_ROUNDS = 50  # more than anybody nests; so that no text can keep a server busy
_FEWEST = 3  # lines that make a list rather than lines with a mark

_SINGLE = re.compile("[‘’‚‛`´′ʼ]")
_DOUBLE = re.compile("[“”„‟″«»]|``|''")
_OPENS = re.compile(r"""(^|[\s(\[{—–\-/"“‘])(["'])(?=\S)""")
# Left out at the beginning of a word: the mark is an apostrophe however the word is quoted.
_ELIDED = re.compile(
    r"'(?=(?:tis|twas|twere|twill|twould|twixt|tween|til|till|em|neath|mid|midst|mong|gainst|round|"
    r"bout|cause|ere|er|pon|scape|gin|nother|n|o|s|e|im|ave|er|old|ow|ome|appen|way|fore|cross|"
    r"lectric|low|stead|tude|cept|coz|cos|kay|sup|\d0s|\d\d)\b)",
    re.IGNORECASE,
)


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
    by one rule, whatever they were); three points (an ellipsis); two or three hyphens (a dash);
    lines that only divide (one sign for all of them, none at the edges of the poem). Taken away:
    the marks, and only the marks, of Markdown's emphasis, headings, quotations, code and lists;
    numbers before every line; HTML's line breaks; characters that cannot be seen.

    ``plain(plain(text)) == plain(text)``.

    Examples
    --------
    >>> print(plain("# Rain\n\n**It's** raining -- still...\n\n---\n\n'Tis *wet*."))
    Rain
    <BLANKLINE>
    It’s raining — still…
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


def _once(text: str) -> str:
    text = _INVISIBLE.sub("", _BREAK.sub("\n", text))
    text = _ENTITY.sub(lambda found: _ENTITIES[found.group()], text)
    lines = normalise(_BLANKS.sub(" ", text)).split("\n")
    lines = [line for line in lines if not _FENCE.match(line)]
    for change in (_without_quoting, _without_bullets, _without_numbers):
        lines = change(lines)
    lines = [_line(line) for line in lines]
    lines = _dedented(_divided(_without_marks_around(lines)))
    return normalise(_typeset("\n".join(lines)))


def _line(line: str) -> str:
    if _RULE.match(line):
        return line
    line = _HEADING.sub(lambda found: found[1] or "", line)
    for marks in _MARKS:
        line = marks.sub(r"\2", line)
    return _END_BREAK.sub("", _ESCAPED.sub(r"\1", line)).rstrip()


def _blocks(lines: list[str]) -> list[list[int]]:
    found: list[list[int]] = []
    for ix, line in enumerate(lines):
        if line.strip():
            if found and found[-1][-1] == ix - 1:
                found[-1].append(ix)
            else:
                found.append([ix])
    return found


def _without_marks_around(lines: list[str]) -> list[str]:
    """Emphasis that opens with a stanza and closes with it."""
    lines = list(lines)
    for block in _blocks(lines):
        opened = _AROUND.match(lines[block[0]])
        end = lines[block[-1]]
        if len(block) > 1 and opened and end.endswith(opened[2]):
            lines[block[0]] = opened[1] + lines[block[0]][opened.end() :]
            lines[block[-1]] = end[: -len(opened[2])]
    return lines


def _all_have(lines: list[str], mark: re.Pattern[str], *, fewest: int) -> bool:
    own = [line for line in lines if line.strip() and not _RULE.match(line)]
    return len(own) >= fewest and all(mark.match(line) for line in own)


def _without_quoting(lines: list[str]) -> list[str]:
    if not _all_have(lines, _QUOTED, fewest=1):
        return lines
    return [_QUOTED.sub("", line, count=1) for line in lines]


def _without_bullets(lines: list[str]) -> list[str]:
    """A mark before some lines is a dash of speech; before all of them it is a list."""
    if not _all_have(lines, _BULLET, fewest=_FEWEST):
        return lines
    return [line if _RULE.match(line) else _BULLET.sub(r"\1", line, count=1) for line in lines]


def _without_numbers(lines: list[str]) -> list[str]:
    """Numbers from 1 on before every line, or with a mark before every stanza."""
    left = [ix for ix, line in enumerate(lines) if line.strip() and not _RULE.match(line)]
    firsts = [block[0] for block in _blocks(lines) if block[0] in left]
    for own, fewest, needs_mark in ((left, _FEWEST, False), (firsts, 2, True)):
        found = {ix: match for ix in own if (match := _NUMBER.match(lines[ix]))}
        counted = [int(match[1]) for match in found.values()] == list(range(1, len(own) + 1))
        marked = all(match["mark"].strip() for match in found.values())
        if counted and len(own) >= fewest and (marked or not needs_mark):
            return [
                line[found[ix].end() :] if ix in found else line for ix, line in enumerate(lines)
            ]
    return lines


def _divided(lines: list[str]) -> list[str]:
    """One sign, set apart, for whatever line divides; none before the poem or after it."""
    found: list[str] = []
    due = False
    for line in lines:
        if _RULE.match(line):
            due = any(found)
        elif line.strip():
            if due:
                found = [*_until_blank(found), "", DIVIDER, ""]
            found.append(line)
            due = False
        elif not due:
            found.append("")
    return found


def _until_blank(lines: list[str]) -> list[str]:
    last = max(ix for ix, line in enumerate(lines) if line)
    return lines[: last + 1]


def _dedented(lines: list[str]) -> list[str]:
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [line if line == DIVIDER else line[margin:] for line in lines]


def _typeset(text: str) -> str:
    text = _DOUBLE.sub('"', text)
    text = _SINGLE.sub("'", text)
    text = re.sub(r"(?<!-)-{2,3}(?!-)", "—", text)
    text = re.sub(r"(?<!\.)\. ?\. ?\.(?!\.)", "…", text)
    return _curved(_ELIDED.sub("’", text))


def _curved(text: str) -> str:
    """Opening where a word follows and none stands before; a single mark opens only where one in
    the same stanza can close it."""
    return "\n\n".join(_stanza(part) for part in text.split("\n\n"))


def _stanza(text: str) -> str:
    closers = [bool(re.match(r"'(?!\w)", text[ix:])) for ix in range(len(text))]
    left = list(accumulate(reversed(closers)))[::-1] if text else []

    def opening(found: re.Match[str]) -> str:
        if found[2] == '"':
            return f"{found[1]}“"
        can_close = left[found.end()] if found.end() < len(left) else 0
        return f"{found[1]}‘" if can_close else f"{found[1]}’"

    text = _repeated(lambda part: _OPENS.sub(opening, part), text)
    return text.replace('"', "”").replace("'", "’")


def _repeated(change: Callable[[str], str], text: str) -> str:
    """Places stay as they are, so that what was counted of the text holds."""
    before = None
    while before != text:
        before, text = text, change(text)
    return text
