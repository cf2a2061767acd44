"""A poem with its rhymes marked, line by line, for a page."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from app.verse import Kind, Link, ParsedPoem, write_scheme
from app.verse.commonness import commonness
from app.verse.text import with_one_apostrophe

_COLOURS = 8  # --rhyme-1 to --rhyme-8; the letter tells apart what shares a colour
_KINDS = tuple(Kind)  # from the plainest rhyme to none


@dataclass(frozen=True, slots=True)
class ShownLink:
    """Two lines whose ends answer each other."""

    number: int
    label: str
    first: int  # lines are counted from 1
    first_word: str
    second: int
    second_word: str
    kind: Kind
    strength: float
    commonness: float | None  # none for a repeated word

    def other(self, line: int) -> tuple[int, str]:
        """The line that answers this one, and its word."""
        if line == self.first:
            return self.second, self.second_word
        return self.first, self.first_word


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line in pieces: its indent, what comes before its last word, the word, what follows."""

    number: int
    indent: str
    before: str
    end: str
    after: str
    label: str  # empty where the line rhymes with none
    colour: int  # from 1; 0 for none
    kind: Kind | None  # of its plainest link
    links: tuple[ShownLink, ...]


@dataclass(frozen=True, slots=True)
class MarkedPoem:
    stanzas: tuple[tuple[ShownLine, ...], ...]
    links: tuple[ShownLink, ...]
    kinds: tuple[Kind, ...]  # those that occur
    scheme: str | None  # none: rhyme is not measured


def marked_poem(poem: ParsedPoem) -> MarkedPoem:
    links = _links(poem)
    lines = _lines(poem, links)
    kinds = {link.kind for link in links}
    return MarkedPoem(
        stanzas=tuple(tuple(islice(lines, len(stanza))) for stanza in poem.stanzas),
        links=links,
        kinds=tuple(kind for kind in _KINDS if kind in kinds),
        scheme=scheme_of(poem),
    )


def scheme_of(poem: ParsedPoem) -> str | None:
    return write_scheme(poem.rhymes.scheme, map(len, poem.stanzas)) if poem.rhymes else None


def _around(line: str, end: str) -> tuple[str, str, str]:
    """What comes before the last word, the word as it is written, and what follows."""
    start = with_one_apostrophe(line).rfind(end) if end else -1
    if start < 0:
        return line, "", ""
    return line[:start], line[start : start + len(end)], line[start + len(end) :]


def _links(poem: ParsedPoem) -> tuple[ShownLink, ...]:
    if poem.rhymes is None:
        return ()
    scheme, ends = poem.rhymes.scheme, [word or "" for word in poem.end_words]
    return tuple(
        ShownLink(
            number=number,
            label=scheme[link.first] or scheme[link.second] or "",
            first=link.first + 1,
            first_word=ends[link.first],
            second=link.second + 1,
            second_word=ends[link.second],
            kind=link.kind,
            strength=link.strength,
            commonness=_commonness(link, ends),
        )
        for number, link in enumerate(poem.rhymes.links, 1)
    )


def _commonness(link: Link, ends: Sequence[str]) -> float | None:
    first, second = ends[link.first], ends[link.second]
    if not first or not second or link.kind is Kind.REPEATED:
        return None
    return commonness(first, second).value


def _lines(poem: ParsedPoem, links: Sequence[ShownLink]) -> Iterator[ShownLine]:
    scheme = poem.rhymes.scheme if poem.rhymes else (None,) * len(poem.lines)
    labels = dict.fromkeys(label for label in scheme if label)
    colours = {label: rank % _COLOURS + 1 for rank, label in enumerate(labels)}
    of_line: defaultdict[int, list[ShownLink]] = defaultdict(list)
    for link in links:
        of_line[link.first].append(link)
        of_line[link.second].append(link)
    ends = zip(poem.lines, poem.end_words, scheme, strict=True)
    for number, (text, end, label) in enumerate(ends, 1):
        words = text.lstrip()
        before, word, after = _around(words, end or "")
        own = of_line[number]
        yield ShownLine(
            number=number,
            indent=text[: len(text) - len(words)],
            before=before,
            end=word,
            after=after,
            label=label or "",
            colour=colours[label] if label else 0,
            kind=min((link.kind for link in own), key=_KINDS.index, default=None),
            links=tuple(own),
        )
