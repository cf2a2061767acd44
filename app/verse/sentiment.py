"""What feeling a line of verse speaks of.

The words and their ratings are those of VADER (MIT licence, ``data/LICENSE.vader``).
"""

import math
from collections.abc import Sequence
from functools import cache

from app.verse.tables import read_numbers
from app.verse.text import words

_ALPHA = 15
_BOOST = 0.293
_DECAY = (1.0, 0.95, 0.9)  # of a booster one, two or three words before
_NEGATION = -0.74
_BEFORE_BUT, _AFTER_BUT = 0.5, 1.5
_RAISING = frozenset(
    words(
        "absolutely amazingly awfully completely considerable considerably decidedly deeply "
        "enormous enormously entirely especially exceptional exceptionally extreme extremely "
        "fabulously fully greatly highly hugely incredible incredibly intensely more most "
        "particularly purely quite really remarkably so substantially thoroughly total totally "
        "tremendous tremendously unbelievably unusually utter utterly very"
    )
)
_LOWERING = frozenset(
    words(
        "almost barely hardly less little marginal marginally occasional occasionally partly "
        "scarce scarcely slight slightly somewhat"
    )
)
_NEGATING = frozenset(
    words(
        "ain't aren't can't cannot couldn't daren't despite didn't doesn't don't hadn't hasn't "
        "haven't isn't mightn't mustn't ne'er needn't neither never no none nor not nothing "
        "nowhere oughtn't rarely seldom shan't shouldn't wasn't weren't without won't wouldn't"
    )
)
_TURNING = _RAISING | _LOWERING | _NEGATING | {"but"}


def line_sentiment(line: Sequence[str], ratings: Sequence[float | None] | None = None) -> float:
    """Give the feeling of one line.

    Parameters
    ----------
    line : sequence of str
        Its words, in small letters, with straight apostrophes.
    ratings : sequence of float or None, optional
        The `rating` of each, where they have been looked up already.

    Returns
    -------
    float
        -1 (bad) to 1 (good); 0 for a line without a word of feeling.

    Notes
    -----
    The sum s of the ratings of the words, as s / sqrt(s^2 + 15). A rating is turned round (times
    -0.74) by a negation among the three words before, raised or lowered by 0.293 by words as
    *very* or *hardly* there, halved before a *but* and times 1.5 after it. These are the rules of
    VADER without those for capitals, exclamation marks, emoticons and idioms: the case and the
    punctuation of a poem change nothing. *like* counts as a comparison, without feeling. A past
    form in *-'d* or a possessive is looked up without it.

    References
    ----------
    Hutto, C. J. and Gilbert, E. (2014). VADER: a parsimonious rule-based model for sentiment
    analysis of social media text. Eighth International AAAI Conference on Weblogs and Social Media.

    Examples
    --------
    >>> [round(line_sentiment(line.split()), 2) for line in ("a happy day", "never a happy day")]
    [0.57, -0.46]
    """
    if ratings is None:
        ratings = list(map(rating, line))
    if not any(ratings):
        return 0.0
    plain = _TURNING.isdisjoint(line)
    total = sum(filter(None, ratings)) if plain else _in_context(line, ratings)
    return total / math.sqrt(total * total + _ALPHA)


def rating(word: str) -> float | None:
    """Give the feeling of a word by itself.

    Parameters
    ----------
    word : str
        A word in small letters, with straight apostrophes.

    Returns
    -------
    float or None
        -4 (bad) to 4 (good); that of *lov'd* by *loved*, of *love's* by *love*. None for words that
        are not rated.

    Examples
    --------
    >>> rating("happy"), rating("day")
    (2.7, None)
    """
    table = _table()
    if word.endswith("'d") and word not in table:
        return table.get(word[:-2] + "ed")
    return table.get(word.removesuffix("'s"))


def _in_context(line: Sequence[str], ratings: Sequence[float | None]) -> float:
    """Sum of the ratings, each turned by the words before it and by a *but*."""
    total = 0.0
    but = line.index("but") if "but" in line else None
    for ix, own in enumerate(ratings):
        only_negates = line[ix] == "no" and any(ratings[ix + 1 : ix + 4])
        if own and not only_negates:
            near = slice(max(0, ix - len(_DECAY)), ix)
            total += _turned(own, line[near], ratings[near]) * _share(ix, but)
    return total


def _turned(own: float, before: Sequence[str], ratings_before: Sequence[float | None]) -> float:
    value = own
    for decay, word, other in zip(_DECAY, before[::-1], ratings_before[::-1], strict=False):
        if other is not None and word != "no":
            continue
        if word in _RAISING:
            value += math.copysign(_BOOST * decay, value)
        elif word in _LOWERING:
            value -= math.copysign(_BOOST * decay, value)
        elif word in _NEGATING:
            value *= _NEGATION
    return value


def _share(ix: int, but: int | None) -> float:
    if but is None or ix == but:
        return 1.0
    return _BEFORE_BUT if ix < but else _AFTER_BUT


@cache
def _table() -> dict[str, float]:
    return read_numbers("valence.tsv.gz")
