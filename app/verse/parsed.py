"""A poem taken apart: each part made once and only when a feature asks for it."""

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import chain, islice

from app.verse.backoff import Pair, ordered
from app.verse.form import Form, find_form
from app.verse.language import Language, language
from app.verse.likeness import Kind
from app.verse.marking import marked_rhymes
from app.verse.meter import Meter, scan
from app.verse.outline import Outline
from app.verse.rhyme import Rhymes, find_rhymes
from app.verse.sentiment import line_sentiment
from app.verse.spelling import spell
from app.verse.text import stanzas, words
from app.verse.vocabulary import Word, look_up

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

    @cached_property
    def stanzas(self) -> tuple[tuple[str, ...], ...]:
        """The stanzas, of lines that are not blank."""
        return stanzas(self.text)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines that are not blank."""
        return tuple(chain.from_iterable(self.stanzas))

    @cached_property
    def line_words(self) -> tuple[tuple[str, ...], ...]:
        """The words of every line as they are written."""
        return tuple(map(words, self.lines))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words as they are written."""
        return tuple(chain.from_iterable(self.line_words))

    @cached_property
    def end_words(self) -> tuple[str | None, ...]:
        """The last word of every line."""
        return tuple(found[-1] if found else None for found in self.line_words)

    @cached_property
    def rhymes(self) -> Rhymes | None:
        """The rhymes, as marked or as found; None where nobody marked them and the text is not in
        English or most lines that hold a word end in another script than Latin."""
        if self.scheme is not None:
            return marked_rhymes(self.scheme, self.end_words)
        if not self._is_heard:
            return None
        ends = iter(self.end_words)
        return find_rhymes([list(islice(ends, len(stanza))) for stanza in self.stanzas])

    @cached_property
    def rhyme_pairs(self) -> tuple[Pair, ...]:
        """The different words that its links join, as they are looked up and in the order of the
        alphabet."""
        pairs = []
        for link in self.rhymes.links if self.rhymes else ():
            one, two = self.end_words[link.first], self.end_words[link.second]
            if one and two and link.kind is not Kind.REPEATED:
                pairs.append(ordered(spell(one), spell(two)))
        return tuple(pairs)

    @cached_property
    def language(self) -> Language:
        """Whether the text is in English."""
        return language(self.text, self.words)

    @cached_property
    def _is_heard(self) -> bool:
        """Whether we know how the text sounds."""
        if self.language is Language.OTHER:
            return False
        ends = [word for word in self.end_words if word]
        latin = sum(bool(_LATIN.search(word)) for word in ends)
        return bool(ends) and 2 * latin >= len(ends)

    @cached_property
    def known_lines(self) -> tuple[tuple[Word, ...], ...]:
        """What is known of the words of every line; nothing where the text is not in English or
        most lines that hold a word end in another script than Latin."""
        if not self._is_heard:
            return ()
        return tuple([tuple(map(look_up, line)) for line in self.line_words])

    @cached_property
    def meter(self) -> Meter | None:
        """The metre; None where the text is not in English or most lines that hold a word end in
        another script than Latin."""
        return scan(self.stanzas, self.known_lines) if self._is_heard else None

    @cached_property
    def outline(self) -> Outline:
        """Its stanzas, with rhymes and metre where they are known."""
        marked = self.scheme is not None
        return Outline(self.stanzas, self.end_words, self.rhymes, self.meter, marked=marked)

    @cached_property
    def form(self) -> Form | None:
        """The form; None where the rhymes or the metre are not known."""
        return find_form(self.outline)

    @cached_property
    def plain_lines(self) -> tuple[tuple[str, ...], ...]:
        """The words of every line of `known_lines` in small letters with straight apostrophes."""
        return tuple([tuple([word.plain for word in line]) for line in self.known_lines])

    @cached_property
    def line_sentiments(self) -> tuple[float, ...]:
        """The feeling of every line of `plain_lines`, -1 to 1."""
        ratings = ([word.rating for word in line] for line in self.known_lines)
        return tuple(map(line_sentiment, self.plain_lines, ratings))
