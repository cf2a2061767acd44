r"""The signs of HTML and Markdown inside a text, and the words that they enclose.

Examples
--------
>>> without_html("<b>Rain</b>&mdash;snow<br>\nand sleet")
'Rain—snow\nand sleet'
>>> without_emphasis("I said\n**come home\nto me** and left")
'I said\ncome home\nto me and left'
"""

import html
import re
from html.entities import html5

__all__ = ["RULE", "blocks", "without_emphasis", "without_html", "without_links"]

RULE = re.compile(r"\s*(?:([-*_=~─—–•·])(?:\s*\1){2,}|⁂|\*\s+\*)\s*$")

_LINE_TAGS = "p|div|center|h[1-6]|ul|ol|li|pre|blockquote|poem|stanza|verse|lg|l|body|html|table|tr"
_INNER_TAGS = (
    "b|i|em|strong|u|s|del|ins|mark|span|small|big|sup|sub|font|a|q|cite|code|tt|kbd|samp|var|abbr|"
    "title|section|article|header|footer|main|nbsp|wbr|td|th|tbody|thead|dl|dt|dd|strike|label"
)
_INNER = re.compile(rf"</?(?:{_INNER_TAGS})(?:\s[^<>]*)?/?>|<!--[^<>]*-->", re.IGNORECASE)
_BREAK = re.compile(r"<br(?:\s[^<>]*)?/?>(?:[^\S\n]*(?:\r\n?|\n))?", re.IGNORECASE)
_HTML_RULE = re.compile(r"<hr(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TAG = rf"</?(?:{_LINE_TAGS})(?:\s[^<>]*)?>"
_OWN_LINE = re.compile(rf"^[^\S\n]*(?:{_TAG}[^\S\n]*)+(?:\n|\Z)", re.IGNORECASE | re.MULTILINE)
_TAGS = re.compile(
    rf"(^[^\S\n]*)?{_TAG}(?:[^\S\n]*{_TAG})*([^\S\n]*$)?", re.IGNORECASE | re.MULTILINE
)
_STANZA_IN_TAGS = re.compile(r"<p(?:\s[^<>]*)?>[^<\n]*(?:\n|<br)", re.IGNORECASE)
_STANZA_END = re.compile(r"</p>", re.IGNORECASE)
_ENTITY = re.compile(
    r"&(?:amp;)*(?:([a-z][a-z0-9]{1,31});|(#[0-9]{1,7}|#x[0-9a-f]{1,6});)", re.IGNORECASE
)

_ADDRESS = r"(?:[a-z][a-z0-9+.-]{1,20}:|[/#.]|[\w-]{1,60}\.)[^\s()]*"
_LINK = re.compile(rf"!?\[([^\[\]\n]*)\]\(\s?<?{_ADDRESS}(?:\s\"[^\"\n]*\")?\s?\)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|\"'&<=])")

# Marks of emphasis stand in pairs, each against a word; a lone asterisk is the poet's.
_WITHIN = r"(?:[^{0}\n]|\n(?!\n))*[^\s{0}]"
_MARKS = (
    re.compile(rf"(?<![\w*])(\*{{1,3}})(?=[^\s*])({_WITHIN.format('*')})\1(?![\w*])"),
    re.compile(r"(?<!\*)(\*{2})(?=[^\s*])([^*\n]*[^\s*])\1(?!\*)"),  # also inside a word
    re.compile(rf"(?<![\w_])(_{{1,3}})(?=[^\s_])({_WITHIN.format('_')})\1(?![\w_])"),
    re.compile(rf"(?<!~)(~~)(?=[^\s~])({_WITHIN.format('~')})\1(?!~)"),
    re.compile(rf"(?<!`)(`{{1,2}})(?=[^\s`])({_WITHIN.format('`')})\1(?!`)"),
)
_OPENED = re.compile(r"(\s*)(\*{1,3}|_{1,3})(?=[^\s*_])")


def without_html(text: str) -> str:
    r"""Give a text without HTML's tags and with the signs that its entities stand for.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text, its lines and stanzas parted where the tags part them. Only tags that HTML or
        a poem's outline know are taken for tags, and only whole entities with their semicolon.

    Notes
    -----
    A paragraph is a stanza where one of them holds a line break, and else a line.

    Examples
    --------
    >>> without_html("<p>a<br>b</p><p>c &amp; d; &c.</p>")
    'a\nb\n\nc & d; &c.\n\n'
    """
    if "&" in text:
        text = _ENTITY.sub(_sign, text)
    if "<" not in text:
        return text
    text = _HTML_RULE.sub("\n---\n", _INNER.sub("", text))
    if _STANZA_IN_TAGS.search(text):
        text = _STANZA_END.sub("\n\n", text)
    return _TAGS.sub(_parting, _OWN_LINE.sub("", _BREAK.sub("\n", text)))


def without_links(text: str) -> str:
    r"""Give a text with the words of Markdown's links, and escaped signs as signs.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text without the addresses of its links and the backslashes before signs.

    Examples
    --------
    >>> without_links("[Rain](https://example.org) falls [a](b) \\* 1\\. once")
    'Rain falls [a](b) * 1. once'
    """
    return _LINK.sub(r"\1", _ESCAPED.sub(r"\1", text))


def without_emphasis(text: str) -> str:
    r"""Give a text without the marks of Markdown's emphasis and code.

    Parameters
    ----------
    text : str
        A text with ``\n`` as its line end.

    Returns
    -------
    str
        The text without marks that stand in pairs: inside a stanza, or from the beginning of a
        stanza to the end of another. Lines that only divide stay.

    Examples
    --------
    >>> without_emphasis("*Rain\n\n***\n\nfalls*, a * and snow_white_")
    '*Rain\n\n***\n\nfalls*, a * and snow_white_'
    >>> without_emphasis("*Rain\n\n***\n\nfalls*")
    'Rain\n\n***\n\nfalls'
    """
    if not any(mark in text for mark in "*_~`"):
        return text
    parts = re.split(r"(\n)", text)
    runs: list[str] = []  # lines that divide, apart from the lines between them
    divides = True
    for part in parts:
        rule = bool(RULE.match(part))
        if rule or divides:
            runs.append(part)
        else:
            runs[-1] += part
        divides = rule
    lines = "".join(run if RULE.match(run) else _inner(run) for run in runs).split("\n")
    return "\n".join(_without_marks_around(lines))


def blocks(lines: list[str]) -> list[list[int]]:
    r"""Give the stanzas of a list of lines as the places of their lines.

    Parameters
    ----------
    lines : list of str
        Lines, also blank ones.

    Returns
    -------
    list of list of int
        One list a run of lines that are not blank.

    Examples
    --------
    >>> blocks(["a", "", "b", "c"])
    [[0], [2, 3]]
    """
    found: list[list[int]] = []
    for ix, line in enumerate(lines):
        if line.strip():
            if found and found[-1][-1] == ix - 1:
                found[-1].append(ix)
            else:
                found.append([ix])
    return found


def _parting(tags: re.Match[str]) -> str:
    """At a line's beginning or end they part nothing more."""
    return "\n" if tags[1] is None and tags[2] is None else tags[1] or ""


def _sign(found: re.Match[str]) -> str:
    if found[2]:
        return html.unescape(f"&{found[2]};")
    sign = html5.get(f"{found[1]};") or html5.get(f"{found[1].lower()};")
    return sign or found[0]


def _inner(text: str) -> str:
    for marks in _MARKS:
        text = marks.sub(r"\2", text)
    return text


def _without_marks_around(lines: list[str]) -> list[str]:
    """Emphasis that opens with a stanza and closes with it, or with a later one."""
    lines = list(lines)
    found = [block for block in blocks(lines) if not RULE.match(lines[block[0]])]
    for place, block in enumerate(found):
        opened = _OPENED.match(lines[block[0]])
        last = opened and _closing(lines, found[place:], opened[2])
        if opened and last is not None:
            lines[block[0]] = opened[1] + lines[block[0]][opened.end() :]
            lines[last] = lines[last][: -len(opened[2])]
    return lines


def _closing(lines: list[str], found: list[list[int]], mark: str) -> int | None:
    """The last line of the first stanza that ends as `mark` began, if no other mark comes first."""
    for nth, block in enumerate(found):
        own = [lines[ix] for ix in block if not RULE.match(lines[ix])]
        if len(block) > 1 or nth:
            closed = lines[block[-1]].endswith(mark) and not RULE.match(lines[block[-1]])
            if closed and (nth == 0 or sum(line.count(mark[0]) for line in own) == len(mark)):
                return block[-1]
        if sum(line.count(mark[0]) for line in own) > (len(mark) if nth == 0 else 0):
            return None
    return None
