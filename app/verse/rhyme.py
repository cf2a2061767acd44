"""Which lines of a poem rhyme: links, scheme and density."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain, islice, pairwise

from app.verse.decoding import Ends, decode
from app.verse.endings import same_word
from app.verse.evidence import evidence
from app.verse.likeness import Kind, Likeness, compare, sound_the_same
from app.verse.part import part
from app.verse.schemes import SchemePrior, packaged_schemes
from app.verse.text import end_words, stanzas

ACROSS_LINES = 4
ACROSS_FROM = 3.0  # evidence for a rhyme across a stanza break
_UNHEARD = Likeness(Kind.SLANT, 0.0)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWYZ"  # X is for lines that rhyme with none, by custom


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


@dataclass(frozen=True)
class Rhymes:
    """The rhymes of one poem.

    Attributes
    ----------
    scheme : tuple of str or None
        One label a line, equal where lines rhyme; None where a line rhymes with none.
    links : tuple of Link
        Every line with the nearest line before it that has its label.
    """

    scheme: tuple[str | None, ...]
    links: tuple[Link, ...]

    @part
    def density(self) -> float | None:
        """Share of lines that rhyme with a line that ends in another word, 0 to 1; None without
        lines."""
        heard = {self.scheme[link.first] for link in self.links if link.kind is not Kind.REPEATED}
        rhyming = sum(label in heard for label in self.scheme if label is not None)
        return rhyming / len(self.scheme) if self.scheme else None


def find_rhymes(ends: Sequence[Ends]) -> Rhymes:
    """Find the rhymes among the words that end a poem's lines.

    Parameters
    ----------
    ends : sequence of sequence of str or None
        For every stanza the last word of every line, None for a line without one.

    Returns
    -------
    Rhymes
        Scheme and links.

    Notes
    -----
    The scheme of every stanza is the one that best explains what is heard, see
    `app.verse.decoding`; stanzas of one line that follow each other are read as one. A line that
    rhymes with none in its stanza may rhyme with a line of another at most four lines off, where
    half of the lines of both stanzas rhyme, or both are short and answer each other. Stanzas that
    follow each other and have two rhymes or more, all of the same sounds, share their labels.

    Examples
    --------
    >>> find_rhymes([["day", "stone", "way", "bright"]]).scheme
    ('A', None, 'A', None)
    """
    blocks = _blocks(ends)
    if not blocks:
        return Rhymes((), ())
    found = decode(blocks, evidence, _prior())
    words = [word for block in blocks for word in block]
    groups = [(block, label) for block, labels in enumerate(found) for label in labels]
    scheme = name_groups(_join_blocks(blocks, groups))
    return Rhymes(scheme, link_lines(scheme, words))


def rhyme_scheme(text: str) -> list[str | None]:
    r"""Give the rhyme scheme of a poem.

    Parameters
    ----------
    text : str
        Any text, read as English.

    Returns
    -------
    list of str or None
        One label a line that is not blank: A to Z without X, then A1 to Z1 and so on, by first
        appearance; None where the line rhymes with none.

    Examples
    --------
    >>> rhyme_scheme("The sun goes down,\nThe lamps come on;\nAcross the town\nThe day is over.")
    ['A', None, 'A', None]
    """
    return list(_rhymes_of(text).scheme)


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
    return _rhymes_of(text).density


def link_lines(scheme: Sequence[str | None], words: Sequence[str | None]) -> tuple[Link, ...]:
    """Link every line with the nearest line before it that has its label.

    Parameters
    ----------
    scheme : sequence of str or None
        One label a line.
    words : sequence of str or None
        The last word of every line.

    Returns
    -------
    tuple of Link
        In the order of their second lines. Kind and strength are those of `compare`; where it
        hears nothing, the link is a slant rhyme of strength 0.

    Examples
    --------
    >>> [link.kind.value for link in link_lines(["A", "A", "A"], ["day", "way", "way"])]
    ['perfect', 'repeated']
    """
    last: dict[str, int] = {}
    links = []
    for line, label in enumerate(scheme):
        if label is not None:
            if label in last:
                one, two = words[last[label]], words[line]
                heard = (compare(one, two) if one and two else None) or _UNHEARD
                links.append(Link(last[label], line, heard.kind, heard.strength))
            last[label] = line
    return tuple(links)


def name_groups(groups: Sequence[object]) -> tuple[str | None, ...]:
    """Name the groups of lines that rhyme.

    Parameters
    ----------
    groups : sequence
        One hashable value a line, equal where lines rhyme.

    Returns
    -------
    tuple of str or None
        A to Z without X, which by custom is a line that rhymes with none, then A1 to Z1 and so on
        by first appearance; None for a line by itself.

    Examples
    --------
    >>> name_groups([7, 3, 7, 5])
    ('A', None, 'A', None)
    """
    names: dict[object, str] = {}
    for group, n_lines in Counter(groups).items():
        if n_lines > 1:
            cycle, letter = divmod(len(names), len(_LETTERS))
            names[group] = _LETTERS[letter] + (str(cycle) if cycle else "")
    return tuple(map(names.get, groups))


def _rhymes_of(text: str) -> Rhymes:
    return find_rhymes([end_words("\n".join(stanza)) for stanza in stanzas(text)])


@cache
def _prior() -> SchemePrior:
    return SchemePrior(packaged_schemes())


def _blocks(ends: Sequence[Ends]) -> list[list[str | None]]:
    """The stanzas, those of one line that follow each other as one."""
    blocks: list[list[str | None]] = []
    open_run = False
    for stanza in ends:
        if len(stanza) == 1 and open_run:
            blocks[-1].extend(stanza)
        elif stanza:
            blocks.append(list(stanza))
        open_run = len(stanza) == 1
    return blocks


Group = tuple[int, int]  # a stanza and a label in it


def _join_blocks(blocks: Sequence[Ends], groups: list[Group]) -> list[Group]:
    """Join what rhymes with other stanzas near by: lines without a rhyme in their own, and rhymes
    of the same sound."""
    words = [word for block in blocks for word in block]
    members: defaultdict[Group, list[int]] = defaultdict(list)
    for line, group in enumerate(groups):
        members[group].append(line)
    neighbours = _Neighbours(blocks, words, members)
    joined = list(groups)
    taken = {group: {group[0]} for group in members}  # stanzas of a joined rhyme
    for start, end in pairwise(accumulate(map(len, blocks), initial=0)):
        before = {one for one, _ in groups[max(0, start - ACROSS_LINES) : start]}
        if not any(neighbours.may_share(one, groups[start][0]) for one in before):
            continue
        for second, first in _lines_near_by(start, end):
            target, two = joined[first], groups[second]
            if (
                joined[second] == two
                and taken[target].isdisjoint(taken[two])
                and neighbours.may_join(groups[first], two, words[first], words[second])
            ):
                for line in members[two]:
                    joined[line] = target
                taken[target] |= taken[two]
    return joined


def _lines_near_by(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines of a stanza, each with every line before the stanza that is at most four lines
    off, the nearest first."""
    for second in range(start, min(end, start + ACROSS_LINES)):
        for first in range(start - 1, max(-1, second - ACROSS_LINES - 1), -1):
            yield second, first


class _Neighbours:
    """Which rhymes of two stanzas may be joined, asked of every two stanzas once."""

    def __init__(
        self,
        blocks: Sequence[Ends],
        words: Sequence[str | None],
        members: Mapping[Group, list[int]],
    ) -> None:
        self._blocks = blocks
        self._alone = {group for group, lines in members.items() if len(lines) == 1}
        self._rhyming: defaultdict[int, int] = defaultdict(int)  # lines of each stanza that rhyme
        for group, lines in members.items():
            if len(lines) > 1:
                self._rhyming[group[0]] += len(lines)
        self._of_one_sound = _stanzas_of_one_sound(words, members)
        self._with_lines_alone = {group[0] for group in self._alone}
        self._near = cache(self._are_near)

    def may_share(self, one: int, two: int) -> bool:
        """Whether any rhyme of one stanza may be joined with one of another."""
        alone = self._with_lines_alone
        return one in alone or two in alone or (one, two) in self._of_one_sound

    def may_join(self, one: Group, two: Group, word: str | None, other: str | None) -> bool:
        """Whether two rhymes may be joined by two of their words."""
        if one in self._alone or two in self._alone:
            return self._near(one[0], two[0]) and _answers(word, other)
        return (one[0], two[0]) in self._of_one_sound and sound_the_same(word or "", other or "")

    def _are_near(self, one: int, two: int) -> bool:
        ours, theirs = self._blocks[one], self._blocks[two]
        n_rhyming = self._rhyming[one] + self._rhyming[two]
        return 2 * n_rhyming >= len(ours) + len(theirs) or _answer_each_other(ours, theirs)


def _answer_each_other(one: Ends, two: Ends) -> bool:
    """Whether two short stanzas are read as one: every line of either answers one of the other, as
    in the tercets of a sonnet, or half of them where both together have no more than four."""
    if max(len(one), len(two)) > ACROSS_LINES:
        return False
    n_lines = len(one) + len(two)
    most = n_lines // 2 if n_lines <= ACROSS_LINES else 0
    unanswered = chain(
        (word for word in one if not any(_answers(word, other) for other in two)),
        (other for other in two if not any(_answers(word, other) for word in one)),
    )
    return len(list(islice(unanswered, most + 1))) <= most


def _stanzas_of_one_sound(
    words: Sequence[str | None], members: Mapping[Group, list[int]]
) -> set[tuple[int, int]]:
    """Every two stanzas in a row of which the second sounds as the first does, in two rhymes or
    more, as the quatrains of a sonnet's octave do, or the tercets of a villanelle."""
    sounds: defaultdict[int, list[str]] = defaultdict(list)
    for group, lines in members.items():
        sounds[group[0]].append(words[lines[-1]] or "")
    return {
        (first, second)
        for first, second in pairwise(sounds)
        if len(sounds[second]) > 1
        and all(any(sound_the_same(one, two) for one in sounds[first]) for two in sounds[second])
    }


def _answers(word: str | None, other: str | None) -> bool:
    if not word or not other or evidence(word, other) < ACROSS_FROM:
        return False
    return not same_word(word, other)
