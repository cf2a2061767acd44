r"""Numbers that programs put beside the lines or before the stanzas of a poem.

Examples
--------
>>> without_numbers(["L1: One", "L2: Two", "L3: Three"])
['One', 'Two', 'Three']
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import pairwise

from app.verse.markup import RULE, blocks

__all__ = ["lines_to_mark", "numbers_before", "without_numbers"]

_WORD = r"(?:line\s+|l\.?\s?(?=\d)|#|no\.?\s?(?=\d))?"
_MARK = r"(?P<mark>\s*[:：|]\s*|[.)、]\s*|\ufe0f?\u20e3\s*|\s+)"  # U+20E3: the number is a key
_ROMAN = r"(?=[mdclxvi])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
_END = r"(?=\S)"


def _number(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\s*{pattern}{_END}", re.IGNORECASE)


# With the dash that parts a number from its line, where all lines have it; one before some lines is
# a dash of speech.
_DASHED = _number(
    rf"{_WORD}(?:[\[(](?P<bracketed>\d{{1,3}})[\])]|(?P<number>\d{{1,3}})[.):]?)"
    r"\s*(?P<mark>[-–—―]+\s+|[–—―])"
)
_NUMBER = _number(
    rf"{_WORD}(?:[\[(](?P<bracketed>\d{{1,3}})(?P<close>[\])])\s*|(?P<number>\d{{1,3}}){_MARK})"
)
_CIRCLED = _number(r"(?P<bracketed>[①-⑳⑴-⒇❶-❿➀-➓])(?P<number>)\s*")
_NUMERAL = _number(
    rf"(?:[\[(](?P<bracketed>{_ROMAN})(?P<close>[\])])\s*|(?P<number>{_ROMAN})(?P<mark>[.):])\s+)"
)
_LETTER = _number(
    r"(?:[\[(](?P<bracketed>(?-i:[A-Za-z]))(?P<close>[\])])\s*"
    r"|(?P<number>(?-i:[A-Za-z]))(?P<mark>\))\s*)"
)
_AT_END = re.compile(r"(?<=\S)(?P<gap>\s+)(?P<open>[\[(])?(\d{1,4})(?(open)[\])])$")
_AT_START = re.compile(r"\s*(?P<open>[\[(])?(\d{1,4})(?(open)[\])])(?P<gap>\s{2,})(?=\S)")
_FEWEST = 3  # lines that make a list of numbers rather than lines with numbers
_APART = 2  # blanks that set a number apart from the words
_BARE = re.compile(r"\s*(?:0|[1-9]\d*) (?P<word>[^\W\d_]+)")
_ROMAN_VALUES = {"m": 1000, "d": 500, "c": 100, "l": 50, "x": 10, "v": 5, "i": 1}


def lines_to_mark(lines: list[str]) -> Iterator[list[int]]:
    r"""Give the lines that must all have a mark for it to be no poet's.

    Parameters
    ----------
    lines : list of str
        The lines of a poem, also blank ones.

    Yields
    ------
    list of int
        The places of all lines with words, and of all of them but a title in a stanza of its own.

    Examples
    --------
    >>> list(lines_to_mark(["Rain", "", "1. a", "2. b"]))
    [[0, 2, 3], [2, 3]]
    """
    own = [ix for ix, line in enumerate(lines) if line.strip() and not RULE.match(line)]
    yield own
    found = blocks(lines)
    if len(found) > 1 and len(found[0]) == 1:
        yield [ix for ix in own if ix != found[0][0]]


def numbers_before(lines: list[str]) -> dict[int, int]:
    r"""Find numbers that count the lines of a poem, or its stanzas, before them.

    Parameters
    ----------
    lines : list of str
        The lines of a poem, also blank ones.

    Returns
    -------
    dict of int to int
        By place of the line: how many of its characters number it. Empty where they count nothing.

    Notes
    -----
    Before every line, three at least, or all but a title: numbers from 0 or 1 on, also as *L1:*,
    *[1]* or *1 -*, but not those of a counting rhyme (*1 for sorrow, 2 for joy*); Roman ones with a
    mark, where not each line is a stanza with its own; letters with a bracket. Before every stanza,
    or all but the first: numbers with a mark.

    Examples
    --------
    >>> numbers_before(["i. Rain", "ii. Snow", "", "iii. Sleet"])
    {0: 3, 1: 4, 3: 5}
    >>> numbers_before(["I. Rain", "falls", "", "II. Snow", "falls"])
    {}
    """
    firsts = [block[0] for block in blocks(lines) if not RULE.match(lines[block[0]])]
    for own in lines_to_mark(lines):
        if _is_rhyme(lines, own):
            continue
        forms = _FORMS[:3] if set(own) <= set(firsts) else _FORMS  # with a numeral each: sections
        for pattern, value in forms if len(own) >= _FEWEST else ():
            if found := _counting(lines, own, pattern, value):
                return {ix: match.end() for ix, match in found.items()}
    for own in (firsts, firsts[1:]):
        found = _counting(lines, own, _NUMBER, int)
        marked = all(match["close"] or match["mark"].strip() for match in found.values())
        if marked and len(found) > 1:
            return {ix: match.end() for ix, match in found.items()}
    return {}


def without_numbers(lines: list[str]) -> list[str]:
    r"""Give lines without numbers that count them.

    Parameters
    ----------
    lines : list of str
        The lines of a poem, also blank ones.

    Returns
    -------
    list of str
        The lines without the numbers of `numbers_before`, and without numbers behind every line, or
        set apart before or behind every fifth (or so) line.

    Examples
    --------
    >>> without_numbers(["one", "two", "three", "four", "five    5", "six"])
    ['one', 'two', 'three', 'four', 'five', 'six']
    """
    ends = numbers_before(lines)
    return _without_some_numbers([line[ends.get(ix, 0) :] for ix, line in enumerate(lines)])


def _counting(
    lines: list[str], own: list[int], pattern: re.Pattern[str], value: Callable[[str], int]
) -> dict[int, re.Match[str]]:
    """What matches before each of the lines, if it counts them."""
    found = {ix: match for ix in own if (match := pattern.match(lines[ix]))}
    numbers = [value(match["bracketed"] or match["number"]) for match in found.values()]
    counts = numbers[:1] in ([0], [1]) and numbers == list(range(numbers[0], numbers[0] + len(own)))
    return found if counts else {}


def _is_rhyme(lines: list[str], own: list[int]) -> bool:
    """Whether numbers without any mark are words of the lines: behind each stands the same word in
    lower case, be it one or many (*1 crow, 2 crows*)."""
    found = [_BARE.match(lines[ix]) for ix in own]
    words = {match["word"].removesuffix("s") if match else "" for match in found}
    return len(words) == 1 and all(word.islower() for word in words)


def _of_roman(numeral: str) -> int:
    values = [_ROMAN_VALUES.get(sign, 0) for sign in numeral.lower()]  # dotless i
    return sum(-one if one < later else one for one, later in pairwise([*values, 0]))


def _of_letter(letter: str) -> int:
    return ord(letter.lower()) - ord("a") + 1


_FORMS: tuple[tuple[re.Pattern[str], Callable[[str], int]], ...] = (
    (_DASHED, int),
    (_NUMBER, int),
    (_CIRCLED, lambda sign: int(unicodedata.numeric(sign))),
    (_NUMERAL, _of_roman),
    (_LETTER, _of_letter),
)


def _without_some_numbers(lines: list[str]) -> list[str]:
    """Numbers behind every line, or set apart before or behind every fifth (or so) line: each is
    the number of its line, counted from the poem's first line or from that of an excerpt."""
    for own in lines_to_mark(lines):
        behind = {ix: match for ix in own if (match := _AT_END.search(lines[ix]))}
        if _counts(own, {ix: int(match[3]) for ix, match in behind.items()}, behind):
            return [
                line[: behind[ix].start()] if ix in behind else line
                for ix, line in enumerate(lines)
            ]
        before = {ix: match for ix in own if (match := _AT_START.match(lines[ix]))}
        if _counts(own, {ix: int(match[2]) for ix, match in before.items()}, before):
            others = [lines[ix] for ix in own if ix not in before]
            indented = all(line.startswith("  ") for line in others)
            return [
                " " * (before[ix].end() * indented) + line[before[ix].end() :]
                if ix in before
                else line
                for ix, line in enumerate(lines)
            ]
    return lines


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
