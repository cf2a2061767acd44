"""A poem taken apart: each part made once and only when a feature asks for it."""

import re
from collections.abc import Sequence
from itertools import chain, islice

from app.verse.backoff import Pair, ordered
from app.verse.form import Form, find_form
from app.verse.language import Language, language
from app.verse.likeness import Kind
from app.verse.marking import marked_rhymes
from app.verse.meter import Meter, scan
from app.verse.outline import Outline
from app.verse.part import part
from app.verse.rhyme import Rhymes, find_rhymes
from app.verse.sentiment import line_sentiment
from app.verse.spelling import spell
from app.verse.text import stanzas, words
from app.verse.vocabulary import Word, look_up_all

_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ]")


class ParsedPoem:
    r"""One poem taken apart.

    Parameters
    ----------
    text : str
        Any text.
    scheme : sequence of str or None, optional
        One label a line that is not blank, where a reader has marked the rhymes; they are not
        looked for then.

    Examples
    --------
    >>> ParsedPoem("One\n\nTwo, three").end_words
    ('One', 'three')
    """

    def __init__(self, text: str, scheme: Sequence[str | None] | None = None) -> None:
        self.text = text
        self.scheme = scheme

    @part
    def stanzas(self) -> tuple[tuple[str, ...], ...]:
        """The stanzas, of lines that are not blank."""
        return stanzas(self.text)

    @part
    def lines(self) -> tuple[str, ...]:
        """The lines that are not blank."""
        return tuple(chain.from_iterable(self.stanzas))

    @part
    def line_words(self) -> tuple[tuple[str, ...], ...]:
        """The words of every line as they are written."""
        return tuple(map(words, self.lines))

    @part
    def words(self) -> tuple[str, ...]:
        """The words as they are written."""
        return tuple(chain.from_iterable(self.line_words))

    @part
    def end_words(self) -> tuple[str | None, ...]:
        """The last word of every line."""
        return tuple([found[-1] if found else None for found in self.line_words])

    @part
    def rhymes(self) -> Rhymes | None:
        """The rhymes, as marked or as found; None where nobody marked them and the text is not in
        English or most lines that hold a word end in another script than Latin."""
        if self.scheme is not None:
            return marked_rhymes(self.scheme, self.end_words)
        if not self._is_heard:
            return None
        ends = iter(self.end_words)
        return find_rhymes([list(islice(ends, len(stanza))) for stanza in self.stanzas])

    @part
    def rhyme_pairs(self) -> tuple[Pair, ...]:
        """The different words that its links join, as they are looked up and in the order of the
        alphabet."""
        pairs = []
        for link in self.rhymes.links if self.rhymes else ():
            one, two = self.end_words[link.first], self.end_words[link.second]
            if one and two and link.kind is not Kind.REPEATED:
                pairs.append(ordered(spell(one), spell(two)))
        return tuple(pairs)

    @part
    def language(self) -> Language:
        """Whether the text is in English."""
        return language(self.text, self.words)

    @part
    def _is_heard(self) -> bool:
        """Whether we know how the text sounds."""
        if self.language is Language.OTHER:
            return False
        ends = [word for word in self.end_words if word]
        latin = sum(map(bool, map(_LATIN.search, ends)))
        return bool(ends) and 2 * latin >= len(ends)

    @part
    def known_lines(self) -> tuple[tuple[Word, ...], ...]:
        """What is known of the words of every line; nothing where the text is not in English or
        most lines that hold a word end in another script than Latin."""
        if not self._is_heard:
            return ()
        return tuple(map(look_up_all, self.line_words))

    @part
    def known_words(self) -> tuple[Word, ...]:
        """The words of `known_lines`."""
        return tuple(chain.from_iterable(self.known_lines))

    @part
    def meter(self) -> Meter | None:
        """The metre; None where the text is not in English or most lines that hold a word end in
        another script than Latin."""
        return scan(self.stanzas, self.known_lines) if self._is_heard else None

    @part
    def outline(self) -> Outline:
        """Its stanzas, with rhymes and metre where they are known."""
        marked = self.scheme is not None
        return Outline(self.stanzas, self.end_words, self.rhymes, self.meter, marked=marked)

    @part
    def form(self) -> Form | None:
        """The form; None where the rhymes or the metre are not known."""
        return find_form(self.outline)

    @part
    def plain_lines(self) -> tuple[tuple[str, ...], ...]:
        """The words of every line of `known_lines` in small letters with straight apostrophes."""
        return tuple([tuple([word.plain for word in line]) for line in self.known_lines])

    @part
    def line_sentiments(self) -> tuple[float, ...]:
        """The feeling of every line of `plain_lines`, -1 to 1."""
        ratings = [[word.rating for word in line] for line in self.known_lines]
        return tuple(map(line_sentiment, self.plain_lines, ratings))
