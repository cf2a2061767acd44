"""How easy a text is to read."""

import re

EASIEST = 121.22
# A mark that ends a sentence, the quotation marks after it, then a blank or the end.
_SENTENCE_END = re.compile(r"[.!?…]+[\"'“”‘’»)\]*_]*(?=\s|$)")


def count_sentences(text: str) -> int:
    r"""Count the sentences of a text by the marks that end them.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    int
        Runs of ``. ! ? …`` before a blank or the end of a line; 0 where there is none. The end of
        a line or stanza ends no sentence. A dot after an abbreviation is taken for an end.

    Examples
    --------
    >>> count_sentences("It rains... “Well?”\nWe stay,\n\nand it stays. We")
    3
    """
    return len(_SENTENCE_END.findall(text))


def reading_ease(n_words: int, n_syllables: int, n_sentences: int) -> float | None:
    """Give Flesch's reading ease.

    Parameters
    ----------
    n_words, n_syllables : int
        Words and syllables of a text in English.
    n_sentences : int
        Its sentences, as of `count_sentences`.

    Returns
    -------
    float or None
        At most 121.22; about 100 for very easy text, 60 for plain prose, below 30 for hard text,
        without a lower end. None without words, or without an end of a sentence: verse without
        punctuation has no sentences to measure.

    Notes
    -----
    206.835 - 1.015 words / sentences - 84.6 syllables / words.

    References
    ----------
    Flesch, R. (1948). A new readability yardstick. Journal of Applied Psychology 32, 221-233.

    Examples
    --------
    >>> round(reading_ease(n_words=6, n_syllables=6, n_sentences=1), 1)
    116.1
    """
    if not n_words or not n_sentences:
        return None
    ease = 206.835 - 1.015 * n_words / n_sentences - 84.6 * n_syllables / n_words
    return min(ease, EASIEST)  # rounding may lead a hair above it
