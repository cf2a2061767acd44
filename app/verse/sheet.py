"""A text as a sheet of lines from which pieces are cut, and what each piece is."""

from bisect import bisect
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from app.verse.plain import hides_words, plain

_MARKS = "*_#` "


class TrimKind(StrEnum):
    """What a trim is of.

    Examples
    --------
    >>> [kind.value for kind in TrimKind][:3]
    ['preamble', 'title', 'heading']
    """

    PREAMBLE = "preamble"
    TITLE = "title"
    HEADING = "heading"
    LABEL = "label"
    NUMBERING = "numbering"
    EMPHASIS = "emphasis"
    FENCE = "fence"
    RULE = "rule"
    TEMPLATE = "template"
    REMARK = "remark"
    SIGNATURE = "signature"

    @property
    def meaning(self) -> str:
        """What such a trim is, in a few words."""
        return _MEANINGS[self]


_MEANINGS = {
    TrimKind.PREAMBLE: "What a chat model says before the poem",
    TrimKind.TITLE: "A title above the poem",
    TrimKind.HEADING: "A Markdown heading inside the poem",
    TrimKind.LABEL: "The name or number of a stanza, such as “Stanza 1:”",
    TrimKind.NUMBERING: "Numbers before lines or stanzas",
    TrimKind.EMPHASIS: "Markdown’s signs for bold and italic; the words stay",
    TrimKind.FENCE: "The marks of a code block",
    TrimKind.RULE: "A Markdown rule across the page; a blank line stays",
    TrimKind.TEMPLATE: "The markup of a chat and turns that follow the poem",
    TrimKind.REMARK: "What a chat model says after the poem",
    TrimKind.SIGNATURE: "The name of a model as the author",
}


@dataclass(frozen=True, slots=True)
class Trim:
    """One thing that can be cut from a text.

    Attributes
    ----------
    kind : TrimKind
        What it is.
    first, last : int
        Its first and last line, counted from 1 with blank lines.
    what : str
        What would be cut.
    spans : tuple of (int, int)
        Where: from one character of the text up to another, in order.
    """

    kind: TrimKind
    first: int
    last: int
    what: str
    spans: tuple[tuple[int, int], ...]

    @property
    def why(self) -> str:
        """What it is taken for, in a few words."""
        return self.kind.meaning


class Sheet:
    """A text whose lines lose what is cut, with blanks in its place, so that places stay."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.as_given = text.splitlines()
        self.lines = list(self.as_given)
        ends = [len(line) for line in text.splitlines(keepends=True)]
        self.starts = list(accumulate(ends, initial=0))[:-1]
        self.cuts: dict[int, list[tuple[int, int]]] = {}  # of the lines that have any
        self.found: list[Trim] = []

    def cut(self, kind: TrimKind, *spans: tuple[int, int]) -> None:
        touched = [ix for span in spans for ix in self._cut(*span)]
        what = "".join(self.text[start:end] for start, end in spans)
        self.found.append(Trim(kind, touched[0] + 1, touched[-1] + 1, what, spans))

    def _cut(self, start: int, end: int) -> list[int]:
        touched = range(bisect(self.starts, start) - 1, bisect(self.starts, end - 1))
        for ix in touched:
            line, begin = self.lines[ix], self.starts[ix]
            one, two = max(start - begin, 0), min(end - begin, len(line))
            self.lines[ix] = line[:one] + " " * (two - one) + line[two:]
            self.cuts.setdefault(ix, []).append((one, two))
        return list(touched)

    def take(self, kind: TrimKind, first: int, last: int) -> None:
        """Cut whole lines but for the blanks at their two ends."""
        indent = len(self.lines[first]) - len(self.lines[first].lstrip())
        end = self.starts[last] + len(self.lines[last].rstrip())
        self.cut(kind, (self.starts[first] + indent, end))

    def cut_in_line(self, kind: TrimKind, ix: int, *spans: tuple[int, int]) -> None:
        begin = self.starts[ix]
        self.cut(kind, *((begin + one, begin + two) for one, two in spans))

    def rest(self, ix: int) -> str:
        """What is left of a line."""
        line = self.as_given[ix]
        if ix not in self.cuts:
            return line
        for one, two in sorted(self.cuts[ix], reverse=True):  # from its end on
            line = line[:one] + line[two:]
        return line.rstrip()

    def left(self) -> list[int]:
        return [ix for ix, line in enumerate(self.lines) if line.strip()]

    def is_alone(self, ix: int) -> bool:
        """Whether the line is a stanza by itself."""
        return not "".join([*self.lines[max(ix - 1, 0) : ix], *self.lines[ix + 1 : ix + 2]]).strip()

    def blocks(self) -> list[list[int]]:
        """The lines that are left, by stanza."""
        found: list[list[int]] = []
        for ix in self.left():
            if found and found[-1][-1] == ix - 1:
                found[-1].append(ix)
            else:
                found.append([ix])
        return found

    def forms(self, ix: int) -> tuple[str, ...]:
        """A line as `plain` gives it here and, where that differs, as a reader sees it: without a
        mark inside a name or a hard blank between two words."""
        line = self.lines[ix]
        own = self.plain(ix)
        return (own, plain(line).strip(_MARKS)) if hides_words(line) else (own,)

    def plain(self, ix: int) -> str:
        """A line without its marks of emphasis, headings and code."""
        return self.lines[ix].strip().strip(_MARKS)
