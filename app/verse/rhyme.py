"""Which lines of a poem rhyme: links, scheme and density."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.verse.likeness import EYE, Kind, compare, ending
from app.verse.text import end_words

WINDOW = 4
NEIGHBOURS = 6
SUPPORT = 0.25
SLANT_SUPPORT = 0.5
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Link:
    """Two lines whose ends answer each other.

    Attributes
    ----------
    first, second : int
        Positions among the lines that are not blank, from 0, `first` before `second`.
    kind : Kind
        ``perfect``, ``slant``, ``eye`` or ``repeated``.
    strength : float
        0 to 1.
    """

    first: int
    second: int
    kind: Kind
    strength: float


@dataclass(frozen=True, slots=True)
class Rhymes:
    """The rhymes of one poem.

    Attributes
    ----------
    scheme : tuple of str or None
        One label a line, equal where lines rhyme; None where a line rhymes with none.
    links : tuple of Link
        The bonds that the scheme was made from, repeated words among them.
    """

    scheme: tuple[str | None, ...]
    links: tuple[Link, ...]

    @property
    def density(self) -> float | None:
        """Share of lines that rhyme with another line, 0 to 1; None without lines."""
        rhyming = sum(label is not None for label in self.scheme)
        return rhyming / len(self.scheme) if self.scheme else None


def find_rhymes(ends: Sequence[str | None]) -> Rhymes:
    """Find the rhymes among the words that end a poem's lines.

    Parameters
    ----------
    ends : sequence of str or None
        The last word of every line in order, None for a line without one.

    Returns
    -------
    Rhymes
        Scheme and links.

    Notes
    -----
    Lines at most 4 apart are compared, across stanzas too, so that time grows with the number
    of lines. Perfect rhymes and repeated words are linked at once. The weaker bonds follow, from
    the strongest and nearest on, and only between lines of which one has no rhyme yet: light and
    eye rhymes where a quarter of the six lines before and after rhyme perfectly, other slant
    rhymes where half of them do and neither line has a rhyme. Linked lines share a
    label. A label that stands for one repeated word only is no rhyme.

    Examples
    --------
    >>> find_rhymes(["day", "stone", "way", "bright"]).scheme
    ('A', None, 'A', None)
    """
    bonds = tuple(_bonds(ends))
    strong = [link for link in bonds if link.kind in {Kind.PERFECT, Kind.REPEATED}]
    perfect = {ix for link in strong if link.kind is Kind.PERFECT for ix in _ends(link)}
    weak = sorted(
        (link for link in bonds if link.kind in {Kind.SLANT, Kind.EYE}),
        key=lambda link: (-link.strength, link.second - link.first, link.first),
    )
    rhyming = set(perfect)
    kept = list(strong)
    for link in weak:
        linked = len(rhyming.intersection(_ends(link)))
        near = link.strength < EYE.strength
        enough = SLANT_SUPPORT if near else SUPPORT
        if linked < (1 if near else 2) and _support(link, perfect, len(ends)) >= enough:
            kept.append(link)
            rhyming.update(_ends(link))
    kept.sort(key=lambda link: (link.first, link.second))
    return Rhymes(_label(ends, kept), tuple(kept))


def rhyme_scheme(text: str) -> list[str | None]:
    r"""Give the rhyme scheme of a poem.

    Parameters
    ----------
    text : str
        Any text, read as English.

    Returns
    -------
    list of str or None
        One label a line that is not blank: A to Z, then A1 to Z1 and so on, by first
        appearance; None where the line rhymes with none.

    Examples
    --------
    >>> rhyme_scheme("The sun goes down,\nThe lamps come on;\nAcross the town\nThe day is over.")
    ['A', None, 'A', None]
    """
    return list(find_rhymes(end_words(text)).scheme)


def rhyme_density(text: str) -> float | None:
    r"""Give the share of a poem's lines that rhyme with another line.

    Parameters
    ----------
    text : str
        Any text, read as English.

    Returns
    -------
    float or None
        0 to 1; None for a text without lines.

    Examples
    --------
    >>> rhyme_density("The sun goes down,\nThe lamps come on;\nAcross the town\nThe day is over.")
    0.5
    """
    return find_rhymes(end_words(text)).density


def _ends(link: Link) -> tuple[int, int]:
    return (link.first, link.second)


def _bonds(ends: Sequence[str | None]) -> Iterator[Link]:
    """Bonds between lines of one window."""
    for second, word in enumerate(ends):
        for first in range(max(0, second - WINDOW), second):
            other = ends[first]
            if word and other and (likeness := compare(other, word)):
                yield Link(first, second, likeness.kind, likeness.strength)


def _support(link: Link, perfect: set[int], n_lines: int) -> float:
    """Share of the lines around two lines that rhyme perfectly; 0 where there are none."""
    around = range(max(0, link.first - NEIGHBOURS), min(n_lines, link.second + NEIGHBOURS + 1))
    others = [ix for ix in around if ix not in _ends(link)]
    return sum(ix in perfect for ix in others) / len(others) if others else 0.0


def _label(ends: Sequence[str | None], links: Sequence[Link]) -> tuple[str | None, ...]:
    """One label for each group of linked lines in which two words or more rhyme."""
    group = list(range(len(ends)))

    def leader(line: int) -> int:
        while group[line] != line:
            group[line] = group[group[line]]
            line = group[line]
        return line

    for link in links:
        one, two = sorted((leader(link.first), leader(link.second)))
        group[two] = one
    members: defaultdict[int, set[str]] = defaultdict(set)
    for line, word in enumerate(ends):
        if word:
            members[leader(line)].add(ending(word).spelling)
    rhyming = [line for line in range(len(ends)) if len(members[line]) > 1]
    names = {line: _name(rank) for rank, line in enumerate(rhyming)}
    return tuple(names.get(leader(line)) for line in range(len(ends)))


def _name(rank: int) -> str:
    """A to Z, then A1 to Z1, A2 to Z2 and so on."""
    cycle, letter = divmod(rank, len(_LETTERS))
    return _LETTERS[letter] + (str(cycle) if cycle else "")
