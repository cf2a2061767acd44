"""Text in, numbers out: the layout, sounds and rhymes of a poem.

Needs no database, network or settings. `measure` gives every feature of a text; the other names
give its parts: lines and words, pronunciations, rhymes.
"""

from typing import TYPE_CHECKING

from app.verse.commonness import (
    Commonness,
    commonness,
    corpus_counts,
    is_commonplace,
    rhyme_pairs,
)
from app.verse.features import FAMILIES, FEATURE_VERSION, FEATURES, Feature, measure
from app.verse.language import Language, language
from app.verse.likeness import Kind, Likeness, compare
from app.verse.marking import marked_rhymes, read_scheme, tidy_scheme, write_scheme
from app.verse.parsed import ParsedPoem
from app.verse.pronunciation import Origin, Pronunciation, is_known, pronunciations
from app.verse.rhyme import Link, Rhymes, find_rhymes, rhyme_density, rhyme_scheme
from app.verse.text import end_words, lines, normalise, stanzas, words

if TYPE_CHECKING:
    from app.verse.trimming import Trim, TrimKind, apply_trims, find_trims

__all__ = [
    "FAMILIES",
    "FEATURES",
    "FEATURE_VERSION",
    "Commonness",
    "Feature",
    "Kind",
    "Language",
    "Likeness",
    "Link",
    "Origin",
    "ParsedPoem",
    "Pronunciation",
    "Rhymes",
    "Trim",
    "TrimKind",
    "apply_trims",
    "commonness",
    "compare",
    "corpus_counts",
    "end_words",
    "find_rhymes",
    "find_trims",
    "is_commonplace",
    "is_known",
    "language",
    "lines",
    "marked_rhymes",
    "measure",
    "normalise",
    "pronunciations",
    "read_scheme",
    "rhyme_density",
    "rhyme_pairs",
    "rhyme_scheme",
    "stanzas",
    "tidy_scheme",
    "words",
    "write_scheme",
]


def __getattr__(name: str) -> object:
    """The names of `app.verse.trimming`: it takes long to read its patterns, so only who asks for
    them waits."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from app.verse import trimming

    return getattr(trimming, name)
