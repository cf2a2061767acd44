"""How commonplace the rhymes are."""

from statistics import fmean

from app.verse.commonness import commonness, is_commonplace
from app.verse.features.feature import Feature, Value
from app.verse.parsed import ParsedPoem

_METHOD = "Counts of rhyming words in 2.76 million lines of verse; method in docs/verse.md"


def _n_rhymes(poem: ParsedPoem) -> Value:
    return None if poem.rhymes is None else len(poem.rhyme_pairs)


def _rhyme_commonness(poem: ParsedPoem) -> Value:
    pairs = poem.rhyme_pairs
    return fmean([commonness(*pair).value for pair in pairs]) if pairs else None


def _commonplace_rhymes(poem: ParsedPoem) -> Value:
    pairs = poem.rhyme_pairs
    return fmean([is_commonplace(*pair) for pair in pairs]) if pairs else None


COMMONNESS_FEATURES: tuple[Feature, ...] = (
    Feature(
        name="n_rhymes",
        meaning="Rhymes: linked pairs of lines that end in different words.",
        unit="rhymes",
        version=3,
        citation="Method in docs/verse.md",
        value=_n_rhymes,
    ),
    Feature(
        name="rhyme_commonness",
        meaning=(
            "How commonplace the rhymes are: mean over them of log10 of the times that the two "
            "words rhyme in a billion lines of verse."
        ),
        unit="log10 per billion lines",
        high=6.2,
        version=3,
        citation=_METHOD,
        value=_rhyme_commonness,
    ),
    Feature(
        name="commonplace_rhymes",
        meaning="Share of the rhymes that are among the 1,000 most common of verse.",
        unit="share",
        high=1,
        version=3,
        citation=_METHOD,
        value=_commonplace_rhymes,
    ),
)
