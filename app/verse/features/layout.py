"""Lines, stanzas, words and language."""

from app.verse.features.feature import Feature, Value
from app.verse.parsed import ParsedPoem


def _n_lines(poem: ParsedPoem) -> Value:
    return len(poem.lines)


def _n_stanzas(poem: ParsedPoem) -> Value:
    return len(poem.stanzas)


def _n_words(poem: ParsedPoem) -> Value:
    return len(poem.words)


def _words_per_line(poem: ParsedPoem) -> Value:
    return len(poem.words) / len(poem.lines) if poem.lines else None


def _language(poem: ParsedPoem) -> Value:
    return poem.language.value


LAYOUT_FEATURES: tuple[Feature, ...] = (
    Feature(
        name="n_lines",
        meaning="Lines that are not blank.",
        unit="lines",
        version=1,
        value=_n_lines,
    ),
    Feature(
        name="n_stanzas",
        meaning="Groups of lines parted by blank lines.",
        unit="stanzas",
        version=1,
        value=_n_stanzas,
    ),
    Feature(
        name="n_words",
        meaning="Words: runs of letters and digits; each Chinese or Japanese sign is one.",
        unit="words",
        version=2,
        value=_n_words,
    ),
    Feature(
        name="words_per_line",
        meaning="Words divided by lines that are not blank.",
        unit="words per line",
        version=2,
        value=_words_per_line,
    ),
    Feature(
        name="language",
        meaning="Language: english, other, or unknown where the text holds no letters. Rhyme and "
        "metre are measured in English alone.",
        unit="label",
        version=2,
        kind="label",
        citation="Grefenstette 1995: shares of function words",
        value=_language,
    ),
)
