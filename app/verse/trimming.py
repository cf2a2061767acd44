"""What stands in a text beside its verse: titles, chat, markup, numbers, labels."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.verse import chat
from app.verse.enclosing import is_fence
from app.verse.numbering import numbers_before
from app.verse.sheet import Sheet, Trim, TrimKind

__all__ = ["Trim", "TrimKind", "apply_trims", "find_trims"]

MOST_TITLE_WORDS = 14
MOST_BARE_WORDS = 7  # of a title without any mark
LONG = 100  # characters: a line of prose rather than of verse

_HEADING = re.compile(r"\s{0,3}#{1,6}\s+\S")
_WHOLLY_MARKED = re.compile(r"\s*(\*{1,3}|__)(?=\S)[^*]+(?<=\S)\1\s*$")
_PAIRED = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])[^*\n]*[^\s*](\1)(?![\w*])|\b(__)\S.*?(__)\b")
_TITLE_NAMED = re.compile(r"title\s*:\s*\S", re.IGNORECASE)
_TITLE_CHINESE = re.compile(r"《[^》]{1,40}》$")
_RULE = re.compile(r"\s*([-*_=─])\1{2,}\s*$")
_VERSE_END = (",", ";", ":", "—", "–", "，", "；")
_SMALL = re.compile(
    r"an?|and|as|at|but|by|for|from|in|into|nor|of|on|or|the|to|with", re.IGNORECASE
)


_BREAKS = {TrimKind.HEADING, TrimKind.LABEL, TrimKind.RULE}


def find_trims(text: str, title: str | None = None) -> tuple[Trim, ...]:
    r"""Find what stands in a text beside its verse.

    Parameters
    ----------
    text : str
        Any text.
    title : str, optional
        Title of the poem, where it is known, to find it repeated as the first line.

    Returns
    -------
    tuple of Trim
        By place in the text; no two overlap. Empty where all of it is taken for verse.

    Notes
    -----
    Patterns of whole lines (`app.verse.chat`), asked for where they stand: openings and titles
    only above the verse, remarks only below it, and set apart by a blank line, unless no verse
    would begin so. What verse could say too is left: the rule is rather to miss a title than to
    cut a line of verse.

    Examples
    --------
    >>> text = "Sure! Here's a poem:\n\n**Rain**\n\nIt *rains* all day.\nThe gutters play."
    >>> [(trim.kind.value, trim.first, trim.what) for trim in find_trims(text)]
    [('preamble', 1, "Sure! Here's a poem:"), ('title', 3, '**Rain**'), ('emphasis', 5, '**')]
    """
    sheet = Sheet(text)
    for find in (_markup, _turns, _above, _below, _inside, _numbers, _emphasis):
        find(sheet, title or "")
    return tuple(sorted(sheet.found, key=lambda trim: trim.spans[0]))


def apply_trims(text: str, trims: Iterable[Trim]) -> str:
    r"""Cut what was found.

    Parameters
    ----------
    text : str
        The text that the trims were found in.
    trims : iterable of Trim
        Some or all of them, from `find_trims`.

    Returns
    -------
    str
        The text without them, and without lines that are left blank: a heading, label or rule
        leaves one blank line between stanzas. Unchanged without trims; else with ``\n`` as line
        end. Blank where nothing else stood in the text.

    Examples
    --------
    >>> text = "# Rain\n\nIt rains all day.\n---\nThe gutters play."
    >>> apply_trims(text, find_trims(text))
    'It rains all day.\n\nThe gutters play.'
    """
    sheet, breaks = Sheet(text), set[int]()
    for trim in trims:
        sheet.cut(trim.kind, *trim.spans)
        if trim.kind in _BREAKS:
            breaks.update(range(trim.first - 1, trim.last))
    if not sheet.found:
        return text
    kept: list[str] = []
    waiting: list[int] = []  # blank lines, and those that are now
    for ix in range(len(sheet.lines)):
        if (line := sheet.rest(ix)).strip():
            kept += _gap(waiting, sheet, breaks, at_edge=not kept)
            kept.append(line)
            waiting = []
        else:
            waiting.append(ix)
    return "\n".join([*kept, *_gap(waiting, sheet, breaks, at_edge=True)])


def _gap(waiting: list[int], sheet: Sheet, breaks: set[int], *, at_edge: bool) -> list[str]:
    """The blank lines that stand for those between two lines of verse."""
    if not any(ix in sheet.cuts for ix in waiting):
        return [sheet.as_given[ix] for ix in waiting]
    is_break = any(ix in breaks or ix not in sheet.cuts for ix in waiting)
    return [""] if is_break and not at_edge else []


# --- what is found, in the order in which it is looked for


def _markup(sheet: Sheet, _title: str) -> None:
    """The marks of a chat template and of code."""
    if "<" in sheet.text or "[" in sheet.text:
        for found in chat.MARKUP.finditer(sheet.text):
            sheet.cut(TrimKind.TEMPLATE, found.span())
    for ix in sheet.left():
        if is_fence(sheet.lines[ix]):
            sheet.take(TrimKind.FENCE, ix, ix)


def _turns(sheet: Sheet, _title: str) -> None:
    """The turn of whoever asked for the poem, and the turns that follow it."""
    turns, left = _find_turns(sheet), sheet.left()
    if turns and turns[0].line == left[0]:
        answer = next((ix for ix, turn in enumerate(turns) if not turn.asks), None)
        if answer is None:
            sheet.take(TrimKind.TEMPLATE, left[0], sheet.blocks()[0][-1])
        else:
            end = sheet.starts[turns[answer].line] + turns[answer].end
            sheet.cut(TrimKind.TEMPLATE, (sheet.starts[left[0]], end))
        turns = turns[answer + 1 :] if answer is not None else []
        left = sheet.left()
    if turns and left and left[0] < turns[0].line:
        sheet.take(TrimKind.TEMPLATE, turns[0].line, left[-1])


@dataclass(frozen=True, slots=True)
class _Turn:
    line: int
    end: int  # of its name, in the line
    asks: bool


def _find_turns(sheet: Sheet) -> list[_Turn]:
    """Names without `###` count where each comes once: else it is a dialogue in verse."""
    found, plain = [], []
    starts = {block[0] for block in sheet.blocks()}
    for ix in sheet.left():
        if match := chat.TURN.match(sheet.lines[ix]):
            found.append(_Turn(ix, match.end(), bool(match["asks"])))
        elif match := chat.PLAIN_TURN.match(sheet.lines[ix]):
            plain.append((ix in starts, _Turn(ix, match.end(), bool(match["asks"]))))
    once = len({turn.asks for _, turn in plain}) == len(plain)
    if once and any(turn.line == sheet.left()[0] or turn.asks for _, turn in plain):
        found += [turn for starts_block, turn in plain if starts_block]
    return sorted(found, key=lambda turn: turn.line)


def _above(sheet: Sheet, title: str) -> None:
    """Rules, openings, a title and a signature above the verse."""
    has_title = False
    for ix in sheet.left():
        kind = _kind_above(sheet, ix, title)
        if kind is None or (kind is TrimKind.TITLE and has_title):
            return
        has_title = has_title or kind is TrimKind.TITLE
        sheet.take(kind, ix, ix)


def _kind_above(sheet: Sheet, ix: int, title: str) -> TrimKind | None:
    plain = sheet.plain(ix)
    if _RULE.match(sheet.lines[ix]):
        return TrimKind.RULE
    if _says(sheet, ix, chat.SIGNATURE):
        return TrimKind.SIGNATURE
    if _is_preamble(sheet, ix, plain):
        return TrimKind.PREAMBLE
    if chat.POEM_LABEL.match(plain):
        return TrimKind.LABEL
    is_else = chat.LABEL.match(plain) or len(sheet.left()) == 1
    if _has_byline(sheet, ix) or (not is_else and _is_title(sheet, ix, plain, title)):
        return TrimKind.TITLE
    return None


def _is_preamble(sheet: Sheet, ix: int, plain: str) -> bool:
    """Whether it stands apart, or says what hardly a first line of verse does."""
    if sheet.is_alone(ix) or (sheet.lines[ix + 1 : ix + 2] and _is_marked(sheet.lines[ix + 1])):
        return _says(sheet, ix, chat.OPENING, chat.REFUSAL)
    ends = plain.endswith((":", "："))
    return ends and _says(sheet, ix, chat.PLAIN_OPENING, chat.REFUSAL)


def _is_marked(line: str) -> bool:
    """Whether it is marked as what stands above verse."""
    marks = (_HEADING, _RULE, _WHOLLY_MARKED, _TITLE_NAMED)
    return any(mark.match(line) for mark in marks)


def _says(sheet: Sheet, ix: int, *patterns: re.Pattern[str]) -> bool:
    return any(one.match(form) for form in sheet.forms(ix) for one in patterns)


def _has_byline(sheet: Sheet, ix: int) -> bool:
    """Whether the line and a signature below it are a stanza by themselves: a title, then."""
    first, *others = sheet.blocks()
    return bool(others) and first == [ix, ix + 1] and _says(sheet, ix + 1, chat.SIGNATURE)


def _is_title(sheet: Sheet, ix: int, plain: str, title: str) -> bool:
    line = sheet.lines[ix]
    if _HEADING.match(line) or _TITLE_NAMED.match(plain) or _TITLE_CHINESE.match(plain):
        return True
    if plain.endswith(_VERSE_END) or len(plain.split()) > MOST_TITLE_WORDS:
        return False
    if marks := _WHOLLY_MARKED.match(line):
        following = sheet.lines[ix + 1 : ix + 2]
        is_bold = marks[1] != "*" and not (following and _WHOLLY_MARKED.match(following[0]))
        return is_bold or (sheet.is_alone(ix) and not plain.endswith("."))
    if _folded(plain) == _folded(title) != "":
        return sheet.is_alone(ix) or _is_capital(plain)
    bare = plain.strip('"“”')
    # A small word among them: in old verse every word may be capital.
    is_usual = 1 < len(_main_words(bare)) < len(_written(bare)) <= MOST_BARE_WORDS
    return is_usual and _is_capital(bare) and (sheet.is_alone(ix) or _sticks_out(sheet))


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _written(line: str) -> list[str]:
    return re.findall(r"[^\W\d_][\w’']*", line)


def _main_words(line: str) -> list[str]:
    return [word for word in _written(line) if not _SMALL.fullmatch(word)]


def _is_capital(line: str) -> bool:
    """Capitals on all words but the small ones, and no mark of a sentence's end."""
    small = [word for word in _written(line)[1:] if _SMALL.fullmatch(word)]
    return (
        line[-1:].isalpha()
        and all(word[0].isupper() for word in _main_words(line))
        and all(word[0].islower() for word in small)
    )


def _sticks_out(sheet: Sheet) -> bool:
    """Whether the first stanza has one line more than each of two others or more."""
    first, *others = (len(block) for block in sheet.blocks())
    return len(others) > 1 and set(others) == {first - 1}


def _below(sheet: Sheet, _title: str) -> None:
    """Remarks and a signature below the verse."""
    blocks = sheet.blocks()
    for block in blocks[1:]:
        if _is_remark_heading(sheet, block[0]):
            sheet.take(TrimKind.REMARK, block[0], blocks[-1][-1])
            break
    _first, *others = sheet.left() or [0]
    for ix in reversed(others):
        kind = _kind_below(sheet, ix)
        if kind is None:
            return
        sheet.take(kind, ix, ix)


def _is_remark_heading(sheet: Sheet, ix: int) -> bool:
    plain = sheet.plain(ix)
    return bool(chat.REMARK_HEADING.match(plain.strip("> ")))


def _kind_below(sheet: Sheet, ix: int) -> TrimKind | None:
    if _RULE.match(sheet.lines[ix]):
        return TrimKind.RULE
    if _says(sheet, ix, chat.SIGNATURE):
        return TrimKind.SIGNATURE
    if sheet.is_alone(ix) and (_says(sheet, ix, chat.REMARK) or _is_prose_aside(sheet, ix)):
        return TrimKind.REMARK
    return None


def _is_prose_aside(sheet: Sheet, ix: int) -> bool:
    """A long line in italics or brackets, twice as long as any other line."""
    line = sheet.lines[ix].strip()
    opened = line.startswith(("*", "(", "[")) and line.endswith((")", "]", "*"))
    if not opened or len(line) <= LONG:
        return False
    return len(line) > 2 * max(len(sheet.lines[other]) for other in sheet.left()[:-1])


def _inside(sheet: Sheet, _title: str) -> None:
    """Rules, headings and the names of stanzas, wherever they stand."""
    for ix in sheet.left():
        line, plain = sheet.lines[ix], sheet.plain(ix)
        label = chat.LABEL.match(plain)
        if label and (label["number"] or label["mark"].strip(". ") or plain != line.strip()):
            sheet.take(TrimKind.LABEL, ix, ix)
        elif before := chat.LABEL_BEFORE.match(line):
            sheet.cut_in_line(TrimKind.LABEL, ix, before.span())
        elif _RULE.match(line):
            sheet.take(TrimKind.RULE, ix, ix)
        elif _HEADING.match(line):
            sheet.take(TrimKind.HEADING, ix, ix)


def _numbers(sheet: Sheet, _title: str) -> None:
    """Numbers before every line, or before every stanza."""
    for ix, end in numbers_before(sheet.lines).items():
        sheet.cut_in_line(TrimKind.NUMBERING, ix, (0, end))


def _emphasis(sheet: Sheet, _title: str) -> None:
    """Pairs of asterisks within a line, then those around a stanza."""
    if "*" not in sheet.text and "__" not in sheet.text:
        return
    for ix in sheet.left():
        for _ in range(2):  # *** may be three and one within
            pairs = list(_PAIRED.finditer(sheet.lines[ix]))
            spans = [found.span(group) for found in pairs for group in (1, 2, 3, 4) if found[group]]
            if spans:
                sheet.cut_in_line(TrimKind.EMPHASIS, ix, *spans)
    for block in sheet.blocks():
        first, last = sheet.lines[block[0]], sheet.lines[block[-1]].rstrip()
        opened = re.match(r"\s*(\*{1,3})(?=[^\s*])", first)
        if opened and len(block) > 1 and last.endswith(opened[1]) and last[-len(opened[1]) - 1 :]:
            begin, end = sheet.starts[block[0]], sheet.starts[block[-1]] + len(last)
            sheet.cut(
                TrimKind.EMPHASIS,
                (begin + opened.start(1), begin + opened.end(1)),
                (end - len(opened[1]), end),
            )
