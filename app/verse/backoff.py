"""What is expected of a pair of rhyming words from its endings and from each word alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.verse.pronunciation import Phones, pronunciations
from app.verse.tables import times_of_each

# Fitted by scripts/build_commonness.py, which prints them.
SLOPE = 1.34
REST = 0.0042
SHAPE = 0.326
UNRELATED = 0.000045
_HALF = 0.5  # of a rhyme, for a word that never rhymes in the counts
_LIGHT = 2  # unstressed syllables, of which verse may stress the last
_REMEMBERED = 50_000

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Backoff:
    """Counts of words and of endings.

    Attributes
    ----------
    words : mapping of str to int
        Times that each word rhymes.
    endings : mapping of tuple of str to int
        Times that each pair of endings rhymes, in the order of the alphabet.
    totals : mapping of str to int
        Times that each ending rhymes.
    """

    words: Mapping[str, int]
    endings: Mapping[Pair, int]
    totals: Mapping[str, int]

    def independent(self, word: str, other: str) -> float:
        """Give the count that a pair would have if its words were drawn within their endings.

        Parameters
        ----------
        word, other : str
            Two words as they are looked up.

        Returns
        -------
        float
            N(e, f) n(a)/n(e) n(b)/n(f), twice that where e = f: N(e, f) times the endings e and f
            rhyme, n times a word or an ending does, half a time for a word that never does. 0
            where the endings never rhyme.

        References
        ----------
        Brown, P. F., Della Pietra, V. J., deSouza, P. V., Lai, J. C. and Mercer, R. L. (1992).
        Class-based n-gram models of natural language. Computational Linguistics 18, 467-479.

        Examples
        --------
        >>> counts = make_backoff({("day", "way"): 3, ("play", "way"): 2})
        >>> round(counts.independent("day", "play"), 6)
        0.6
        """
        one, two = pair_endings(word, other)
        together = self.endings.get(ordered(one, two))
        if not together:
            return 0.0
        first = (self.words.get(word) or _HALF) / self.totals[one]
        second = (self.words.get(other) or _HALF) / self.totals[two]
        return together * first * second * (2 if one == two else 1)


def make_backoff(counts: Mapping[Pair, int], endings: Mapping[Pair, int] | None = None) -> Backoff:
    """Add up the counts of pairs by word and by ending.

    Parameters
    ----------
    counts : mapping of tuple of str to int
        Times that each pair rhymes.
    endings : mapping of tuple of str to int, optional
        The same for the pairs of endings, in the order of the alphabet, where it is known.

    Returns
    -------
    Backoff
        The counts.

    Examples
    --------
    >>> make_backoff({("day", "way"): 3, ("play", "way"): 2}).endings
    Counter({('EY', 'EY'): 5})
    """
    if endings is None:
        endings = _by_ending(counts)
    return Backoff(times_of_each(counts), endings, times_of_each(endings))


def mean_count(independent: float) -> float:
    """Give the mean count of pairs, listed or not.

    Parameters
    ----------
    independent : float
        What `Backoff.independent` gives.

    Returns
    -------
    float
        1.34 times that and 0.0042; 0.000045 where the endings never rhyme.

    Examples
    --------
    >>> round(mean_count(1.0), 4)
    1.3442
    """
    return SLOPE * independent + REST if independent else UNRELATED


def unlisted_count(independent: float) -> float:
    """Give the mean count of pairs that occurred once or not at all.

    Parameters
    ----------
    independent : float
        What `Backoff.independent` gives.

    Returns
    -------
    float
        More than 0, less than 0.3; it grows with what is given.

    Notes
    -----
    Counts vary around the mean m by a negative binomial distribution of shape k = 0.326. Then
    P(1) / (P(0) + P(1)) = q / (1 + q) with q = k m / (k + m).

    References
    ----------
    Church, K. W. and Gale, W. A. (1991). A comparison of the enhanced Good-Turing and deleted
    estimation methods for estimating probabilities of English bigrams. Computer Speech and
    Language 5, 19-54: what is not seen is told apart by such means.

    Examples
    --------
    >>> round(unlisted_count(1.0), 3)
    0.208
    """
    mean = mean_count(independent)
    odds = SHAPE * mean / (SHAPE + mean)
    return odds / (1 + odds)


def pair_endings(word: str, other: str) -> Pair:
    """Give the endings under which two words rhyme.

    Parameters
    ----------
    word, other : str
        Two words.

    Returns
    -------
    tuple of str
        An ending for each, as sounds without stress: the first that both have, else the first of
        each; empty for a word without sounds.

    Examples
    --------
    >>> pair_endings("wind", "sinned"), pair_endings("stone", "gone")
    (('IH N D', 'IH N D'), ('OW N', 'AO N'))
    """
    first, second = word_endings(word), word_endings(other)
    shared = next((ending for ending in first if ending in second), None)
    return (shared, shared) if shared else (first[0], second[0])


@lru_cache(_REMEMBERED)
def word_endings(word: str) -> tuple[str, ...]:
    """Give the endings of a word.

    Parameters
    ----------
    word : str
        One word.

    Returns
    -------
    tuple of str
        In the order of its pronunciations, from the last stressed vowel on; then, of a word that
        ends in two unstressed syllables, the last alone. One that is empty for a word without
        sounds.

    Examples
    --------
    >>> word_endings("wind"), word_endings("memory")
    (('AY N D', 'IH N D'), ('EH M ER IY', 'IY'))
    """
    ways = [way.phones for way in pronunciations(word)]
    return tuple(dict.fromkeys([*map(_full, ways), *filter(None, map(_light, ways))])) or ("",)


def ordered(one: str, two: str) -> Pair:
    """Give two words or endings in the order of the alphabet.

    Parameters
    ----------
    one, two : str
        Two of a kind.

    Returns
    -------
    tuple of str
        The two.

    Examples
    --------
    >>> ordered("night", "light")
    ('light', 'night')
    """
    return (one, two) if one <= two else (two, one)


def _full(phones: Phones) -> str:
    """From the last stressed vowel on."""
    vowels = _vowels(phones)
    stressed = [ix for ix in vowels if phones[ix][-1] != "0"]
    return _plain(phones[(stressed or vowels or [0])[-1] :])


def _light(phones: Phones) -> str:
    """From the last vowel on, where it and the one before are unstressed; else empty."""
    vowels = _vowels(phones)
    light = len(vowels) > _LIGHT and all(phones[ix][-1] == "0" for ix in vowels[-_LIGHT:])
    return _plain(phones[vowels[-1] :]) if light else ""


def _vowels(phones: Phones) -> list[int]:
    return [ix for ix, phone in enumerate(phones) if phone[-1].isdigit()]


def _plain(phones: Phones) -> str:
    return " ".join(phone.rstrip("012") for phone in phones)


def _by_ending(counts: Mapping[Pair, int]) -> Counter[Pair]:
    total: Counter[Pair] = Counter()
    for pair, count in counts.items():
        total[ordered(*pair_endings(*pair))] += count
    return total
