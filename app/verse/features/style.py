"""Readability, variety of words, imagery, sentiment and the ending."""

import math
from statistics import fmean

from app.verse.ending import n_ending_lines, uplift
from app.verse.features.feature import Feature, Value
from app.verse.imagery import imagery
from app.verse.moral import moral
from app.verse.parsed import ParsedPoem
from app.verse.readability import count_sentences, reading_ease
from app.verse.variety import moving_average_ttr

_VADER = "Hutto and Gilbert (2014), VADER; method in docs/verse.md"


def _readability(poem: ParsedPoem) -> Value:
    if not poem.known_lines:
        return None
    n_syllables = sum([word.n_syllables for word in poem.known_words])
    return reading_ease(len(poem.words), n_syllables, count_sentences("\n".join(poem.lines)))


def _lexical_diversity(poem: ParsedPoem) -> Value:
    return moving_average_ttr([word.plain for word in poem.known_words])


def _imagery(poem: ParsedPoem) -> Value:
    return imagery([word.strength for word in poem.known_words])


def _sentiment(poem: ParsedPoem) -> Value:
    return fmean(poem.line_sentiments) if poem.line_sentiments else None


def _sentiment_spread(poem: ParsedPoem) -> Value:
    if not poem.line_sentiments[1:]:
        return None
    mean = fmean(poem.line_sentiments)
    return math.sqrt(fmean([(value - mean) ** 2 for value in poem.line_sentiments]))


def _n_ending_lines(poem: ParsedPoem) -> int | None:
    return n_ending_lines([len(stanza) for stanza in poem.stanzas]) if poem.plain_lines else None


def _uplift_ending(poem: ParsedPoem) -> Value:
    n_ending = _n_ending_lines(poem)
    return uplift(poem.line_sentiments, n_ending) if n_ending else None


def _moral_ending(poem: ParsedPoem) -> Value:
    n_ending = _n_ending_lines(poem)
    return moral(poem.plain_lines[-n_ending:]) if n_ending else None


STYLE_FEATURES: tuple[Feature, ...] = (
    Feature(
        name="readability",
        meaning=(
            "Flesch's reading ease: 100 is very easy, 60 plain prose, below 30 hard; needs a mark "
            "that ends a sentence."
        ),
        unit="points",
        low=None,
        high=121.22,
        version=2,
        citation="Flesch (1948), A new readability yardstick",
        value=_readability,
    ),
    Feature(
        name="lexical_diversity",
        meaning="Share of different words in 25 words in a row, on average; needs 25 words.",
        unit="share",
        low=0.04,
        high=1,
        version=2,
        citation="Covington and McFall (2010), moving-average type-token ratio (MATTR)",
        value=_lexical_diversity,
    ),
    Feature(
        name="imagery",
        meaning=(
            "How strongly one of the five senses feels what the words name, on average; needs 10 "
            "rated words."
        ),
        unit="rating",
        high=5,
        version=2,
        citation="Lynott et al. (2020), Lancaster Sensorimotor Norms",
        value=_imagery,
    ),
    Feature(
        name="sentiment",
        meaning="Mean over the lines of their feeling, from bad to good.",
        unit="score",
        low=-1,
        high=1,
        version=2,
        citation=_VADER,
        value=_sentiment,
    ),
    Feature(
        name="sentiment_spread",
        meaning="Standard deviation over the lines of their feeling; needs two lines.",
        unit="score",
        high=1,
        version=2,
        citation=_VADER,
        value=_sentiment_spread,
    ),
    Feature(
        name="uplift_ending",
        meaning=(
            "Feeling of the last stanza, or of the last quarter of the lines, less that of the "
            "rest; needs four lines."
        ),
        unit="difference of scores",
        low=-2,
        high=2,
        version=2,
        citation=_VADER,
        value=_uplift_ending,
    ),
    Feature(
        name="moral_ending",
        meaning=(
            "How likely the ending states a lesson or a consolation, by its words; needs four "
            "lines."
        ),
        unit="probability",
        high=1,
        version=2,
        citation="Logistic regression on labelled endings; method in docs/verse.md",
        value=_moral_ending,
    ),
)
