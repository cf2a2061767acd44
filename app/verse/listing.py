r"""Marks that programs put before or behind every line of a poem: quotations, lists, tables,
numbers of lines, lines under a heading.

Examples
--------
>>> without_list_marks(["1. One", "2. Two", "3. Three"])
['One', 'Two', 'Three']
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from app.verse.markup import RULE, blocks

__all__ = ["without_list_marks"]

_QUOTED = re.compile(r"\s{0,3}>\s?")
_CELL = re.compile(r"\s*\|(?=\s|$|[^|\s])")
_TABLE_RULE = re.compile(r"[\s|:+=-]*(?:--|==)[\s|:+=-]*$")
_UNDERLINE = re.compile(r"\s{0,3}(?:={2,}|-{3,})$")
_BULLET = re.compile(r"(\s*)[-*+•‣◦▪●·]\s+(?=\S)")
_NUMBER = re.compile(
    r"\s*(?:line\s+)?(?:[\[(](\d{1,3})(?P<close>[\])])\s*|(\d{1,3})(?P<mark>[.):、：]\s*|\s+))(?=\S)",
    re.IGNORECASE,
)
_AT_END = re.compile(r"(?<=\S)(?P<gap>\s+)(?P<open>[\[(])?(\d{1,4})(?(open)[\])])$")
_AT_START = re.compile(r"\s*(?P<open>[\[(])?(\d{1,4})(?(open)[\])])(?P<gap>\s{2,})(?=\S)")
_FEWEST = 3  # lines that make a list of numbers rather than lines with numbers
_APART = 2  # blanks that set a number apart from the words


def without_list_marks(lines: list[str]) -> list[str]:
    r"""Give lines without what stands before or behind each of them for a program's sake.

    Parameters
    ----------
    lines : list of str
        The lines of a poem, also blank ones.

    Returns
    -------
    list of str
        The lines without the marks that all of them have (or all but a title in a stanza of its
        own): of quotations, of tables, of lists, numbers that count the lines from 1, or the
        stanzas with a mark, or every so many lines set apart; and without a heading's underline.

    Notes
    -----
    A mark before some lines is a dash of speech; before all of them, two at least, it is a list.

    Examples
    --------
    >>> without_list_marks(["Rain", "====", "", "- a", "- b"])
    ['Rain', '', 'a', 'b']
    >>> without_list_marks(["one", "two", "three", "four", "five    5", "six"])
    ['one', 'two', 'three', 'four', 'five', 'six']
    """
    lines = _without_underlines(lines)
    for change in (
        _without_quoting,
        _without_cells,
        _without_bullets,
        _without_numbers,
        _without_some_numbers,
    ):
        lines = change(lines)
    return lines


def _candidates(lines: list[str]) -> Iterator[list[int]]:
    """The places of all lines with words, and of all of them but a title."""
    own = [ix for ix, line in enumerate(lines) if line.strip() and not RULE.match(line)]
    yield own
    found = blocks(lines)
    if len(found) > 1 and len(found[0]) == 1:
        yield [ix for ix in own if ix != found[0][0]]


def _all_have(lines: list[str], mark: re.Pattern[str], *, fewest: int) -> list[int]:
    for own in _candidates(lines):
        if len(own) >= fewest and all(mark.match(lines[ix]) for ix in own):
            return own
    return []


def _without_underlines(lines: list[str]) -> list[str]:
    """A heading in a stanza's first line; one of hyphens only under the first line of all, as
    elsewhere it divides."""
    found = blocks(lines)
    gone = {
        block[1]
        for nth, block in enumerate(found)
        if len(block) > 1
        and not RULE.match(lines[block[0]])
        and _UNDERLINE.match(lines[block[1]])
        and (nth == 0 or "=" in lines[block[1]])
    }
    return [line for ix, line in enumerate(lines) if ix not in gone]


def _without_quoting(lines: list[str]) -> list[str]:
    if not (own := _all_have(lines, _QUOTED, fewest=1)):
        return lines
    return [
        _QUOTED.sub("", line, count=1) if ix >= own[0] else line for ix, line in enumerate(lines)
    ]


def _without_cells(lines: list[str]) -> list[str]:
    if not _all_have(lines, _CELL, fewest=2):
        return lines
    rows = [line for line in lines if not ("|" in line and _TABLE_RULE.match(line))]
    return [" ".join(cell.strip() for cell in row.split("|")).strip() for row in rows]


def _without_bullets(lines: list[str]) -> list[str]:
    own = _all_have(lines, _BULLET, fewest=2)
    return [
        _BULLET.sub(r"\1", line, count=1) if ix in own else line for ix, line in enumerate(lines)
    ]


def _without_numbers(lines: list[str]) -> list[str]:
    """Numbers from 1 on beside every line, or with a mark before every stanza."""
    firsts = [block[0] for block in blocks(lines) if not RULE.match(lines[block[0]])]
    for own, fewest, needs_mark in (
        *((own, _FEWEST, False) for own in _candidates(lines)),
        (firsts, 2, True),
        (firsts[1:], 2, True),
    ):
        found = {ix: match for ix in own if (match := _NUMBER.match(lines[ix]))}
        counted = [_value(match) for match in found.values()] == list(range(1, len(own) + 1))
        marked = all(match["close"] or match["mark"].strip() for match in found.values())
        if counted and len(own) >= fewest and (marked or not needs_mark):
            return [
                line[found[ix].end() :] if ix in found else line for ix, line in enumerate(lines)
            ]
    return lines


def _value(match: re.Match[str]) -> int:
    return int(match[1] or match[3])


def _without_some_numbers(lines: list[str]) -> list[str]:
    """Numbers behind every line, or set apart before or behind every fifth (or so) line: each is
    the number of its line, counted from the poem's first line or from that of an excerpt."""
    for own in _candidates(lines):
        behind = {ix: match for ix in own if (match := _AT_END.search(lines[ix]))}
        if _counts(own, {ix: int(match[3]) for ix, match in behind.items()}, behind):
            return [line[: behind[ix].start()] if ix in behind else line for ix, line in _of(lines)]
        before = {ix: match for ix in own if (match := _AT_START.match(lines[ix]))}
        if _counts(own, {ix: int(match[2]) for ix, match in before.items()}, before):
            others = [lines[ix] for ix in own if ix not in before]
            indented = all(line.startswith("  ") for line in others)
            return [
                " " * (before[ix].end() * indented) + line[before[ix].end() :]
                if ix in before
                else line
                for ix, line in _of(lines)
            ]
    return lines


def _of(lines: list[str]) -> Iterator[tuple[int, str]]:
    return iter(enumerate(lines))


def _counts(own: list[int], numbers: dict[int, int], found: dict[int, re.Match[str]]) -> bool:
    """Whether the numbers count the lines, regularly."""
    place = {ix: nth for nth, ix in enumerate(own, 1)}
    off = {number - place[ix] for ix, number in numbers.items()}
    if len(off) != 1 or len(own) < _FEWEST:
        return False
    apart = all(len(match["gap"]) >= _APART for match in found.values())
    if len(numbers) == len(own):
        return off == {0} and (apart or all(match["open"] for match in found.values()))
    values = sorted(numbers.values())
    steps = {later - one for one, later in pairwise(values)} or {values[0]}
    if off != {0} and len(values) == 1:
        return False
    step = min(steps)
    return apart and len(steps) == 1 and step > 1 and all(value % step == 0 for value in values)
