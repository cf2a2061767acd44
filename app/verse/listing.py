r"""Marks that programs put before or behind every line of a poem: quotations, lists, tables,
numbers of lines, lines under a heading.

Examples
--------
>>> without_list_marks(["1. One", "2. Two", "3. Three"])
['One', 'Two', 'Three']
"""

import re

from app.verse.markup import RULE, blocks
from app.verse.numbering import lines_to_mark, without_numbers

__all__ = ["without_list_marks"]

_QUOTED = re.compile(r"\s{0,3}>\s?")
_CELL = re.compile(r"\s*\|(?=\s|$|[^|\s])")
_TABLE_RULE = re.compile(r"[\s|:+=-]*(?:--|==)[\s|:+=-]*$")
_UNDERLINE = re.compile(r"\s{0,3}(?:={2,}|-{3,})$")
_CHECKBOX = r"\[[ xX]\]\s+"
_BULLET = re.compile(
    rf"(\s*)(?:[-*+•‣◦▪▫●○∙·⁃►▶▸▹▷➤➢➔→■□◆◇❖✦★☆✓✔☐☑]\s+(?:{_CHECKBOX})?|{_CHECKBOX})(?=\S)"
)


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
        own): of quotations, of tables, of lists, numbers (`app.verse.numbering`); and without a
        heading's underline.

    Notes
    -----
    A mark before some lines is a dash of speech; before all of them, two at least, it is a list.

    Examples
    --------
    >>> without_list_marks(["Rain", "====", "", "- a", "- b"])
    ['Rain', '', 'a', 'b']
    >>> without_list_marks(["- [ ] one", "- [x] two"])
    ['one', 'two']
    """
    lines = _without_underlines(lines)
    for change in (_without_quoting, _without_cells, _without_bullets, without_numbers):
        lines = change(lines)
    return lines


def _all_have(lines: list[str], mark: re.Pattern[str], *, fewest: int) -> list[int]:
    for own in lines_to_mark(lines):
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
