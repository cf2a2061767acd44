"""Which lines rhyme."""

from app.verse.features.feature import Feature, Value
from app.verse.marking import write_scheme
from app.verse.parsed import ParsedPoem
from app.verse.pronunciation import is_known

RHYMED_FROM = 0.5
_METHOD = "CMU Pronouncing Dictionary (Carnegie Mellon University); method in docs/verse.md"


def _rhyme_scheme(poem: ParsedPoem) -> Value:
    if poem.rhymes is None:
        return None
    return write_scheme(poem.rhymes.scheme, map(len, poem.stanzas))


def _rhyme_density(poem: ParsedPoem) -> Value:
    return poem.rhymes.density if poem.rhymes else None


def _rhymed(poem: ParsedPoem) -> Value:
    density = poem.rhymes.density if poem.rhymes else None
    return None if density is None else int(density >= RHYMED_FROM)


def _unknown_end_words(poem: ParsedPoem) -> Value:
    if poem.rhymes is None:
        return None
    words = [word for word in poem.end_words if word]
    return len(words) - sum(map(is_known, words))


RHYME_FEATURES: tuple[Feature, ...] = (
    Feature(
        name="rhyme_scheme",
        meaning=(
            "A letter for each line, equal where lines rhyme, - for a line that rhymes with none, "
            "a blank between stanzas; no X; after Z come A1 to Z1 and so on."
        ),
        unit="scheme",
        low=None,
        version=4,
        kind="label",
        citation=_METHOD,
        value=_rhyme_scheme,
    ),
    Feature(
        name="rhyme_density",
        meaning="Share of lines that rhyme with another line.",
        unit="share",
        high=1,
        version=4,
        citation=_METHOD,
        value=_rhyme_density,
    ),
    Feature(
        name="rhymed",
        meaning="1 where at least half of the lines rhyme with another line, else 0.",
        unit="0 or 1",
        high=1,
        version=4,
        citation=_METHOD,
        value=_rhymed,
    ),
    Feature(
        name="unknown_end_words",
        meaning="Line ends whose sounds are guessed from their spelling or not known at all.",
        unit="line ends",
        version=3,
        citation=_METHOD,
        value=_unknown_end_words,
    ),
)
