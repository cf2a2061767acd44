"""Text in, numbers out: the layout, sounds and rhymes of a poem.

Needs no database, network or settings. `measure` gives every feature of a text; the other names
give its parts: lines and words, pronunciations, rhymes.
"""

from app.verse.features import FEATURE_VERSION, FEATURES, Feature, measure
from app.verse.likeness import Kind, Likeness, compare
from app.verse.pronunciation import Origin, Pronunciation, is_known, pronunciations
from app.verse.rhyme import Link, Rhymes, find_rhymes, rhyme_density, rhyme_scheme
from app.verse.text import end_words, lines, normalise, stanzas, words

__all__ = [
    "FEATURES",
    "FEATURE_VERSION",
    "Feature",
    "Kind",
    "Likeness",
    "Link",
    "Origin",
    "Pronunciation",
    "Rhymes",
    "compare",
    "end_words",
    "find_rhymes",
    "is_known",
    "lines",
    "measure",
    "normalise",
    "pronunciations",
    "rhyme_density",
    "rhyme_scheme",
    "stanzas",
    "words",
]
