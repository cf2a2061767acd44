"""The registry of features, and the measuring of a poem."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from app.verse.pronunciation import is_known
from app.verse.rhyme import Rhymes, find_rhymes
from app.verse.text import end_words, stanzas, words

RHYMED_FROM = 0.5
_METHOD = "CMU Pronouncing Dictionary (Carnegie Mellon University); method in docs/verse.md"
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ]")

Value = float | str | None


class Reading:
    """One poem taken apart, each part once and only when a feature asks for it.

    Parameters
    ----------
    text : str
        Any text.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def stanzas(self) -> tuple[tuple[str, ...], ...]:
        """The stanzas, of lines that are not blank."""
        return stanzas(self.text)

    @cached_property
    def n_lines(self) -> int:
        """Number of lines that are not blank."""
        return sum(len(stanza) for stanza in self.stanzas)

    @cached_property
    def n_words(self) -> int:
        """Number of words."""
        return len(words(self.text))

    @cached_property
    def end_words(self) -> tuple[str | None, ...]:
        """The last word of every line."""
        return end_words(self.text)

    @cached_property
    def rhymes(self) -> Rhymes | None:
        """The rhymes; None where most lines that hold a word end in another script than Latin."""
        ends = [word for word in self.end_words if word]
        latin = sum(bool(_LATIN.search(word)) for word in ends)
        return find_rhymes(self.end_words) if ends and 2 * latin >= len(ends) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """Something measured on a poem.

    Attributes
    ----------
    name : str
        Its key in `measure`, in tables and in exports.
    meaning : str
        What it says, in one sentence.
    unit : str
        Unit of its values.
    low, high : float or None
        Range of its values, both ends included; None where there is no such limit.
    version : int
        Raised by one whenever the same text may give another value.
    kind : {"number", "label"}
        Whether the values are numbers or labels.
    citation : str
        Source of the definition; empty for plain counts.
    value : callable
        From a `Reading` to the value; None where it cannot be measured.
    """

    name: str
    meaning: str
    unit: str
    low: float | None = 0
    high: float | None = None
    version: int
    kind: Literal["number", "label"] = "number"
    citation: str = ""
    value: Callable[[Reading], Value]


def measure(text: str) -> dict[str, Value]:
    r"""Measure every feature of a poem.

    Parameters
    ----------
    text : str
        Any text; rhyme is heard as English.

    Returns
    -------
    dict of str to float, str or None
        One entry a feature, in the order of `FEATURES`. Counts are whole numbers. None stands
        for "not measured": the rhyme of a text whose lines do not end in Latin letters, the words
        per line of a text without lines.

    Notes
    -----
    Never raises. Case, quotation marks and blanks at the ends of lines change nothing.

    Examples
    --------
    >>> found = measure("The sun goes down,\nThe lamps come on;\nAcross the town\nDay is over.")
    >>> found["n_lines"], found["rhyme_scheme"], found["rhyme_density"]
    (4, 'A-A-', 0.5)
    >>> print(measure("床前明月光\n疑是地上霜")["rhymed"])
    None
    """
    reading = Reading(text)
    return {feature.name: feature.value(reading) for feature in FEATURES}


def _n_lines(poem: Reading) -> Value:
    return poem.n_lines


def _n_stanzas(poem: Reading) -> Value:
    return len(poem.stanzas)


def _n_words(poem: Reading) -> Value:
    return poem.n_words


def _words_per_line(poem: Reading) -> Value:
    return poem.n_words / poem.n_lines if poem.n_lines else None


def _rhyme_scheme(poem: Reading) -> Value:
    if poem.rhymes is None:
        return None
    labels = iter(poem.rhymes.scheme)
    return " ".join("".join(next(labels) or "-" for _ in stanza) for stanza in poem.stanzas)


def _rhyme_density(poem: Reading) -> Value:
    return poem.rhymes.density if poem.rhymes else None


def _rhymed(poem: Reading) -> Value:
    density = poem.rhymes.density if poem.rhymes else None
    return None if density is None else int(density >= RHYMED_FROM)


def _unknown_end_words(poem: Reading) -> Value:
    if poem.rhymes is None:
        return None
    return sum(not is_known(word) for word in poem.end_words if word)


FEATURES: tuple[Feature, ...] = (
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
        version=1,
        value=_n_words,
    ),
    Feature(
        name="words_per_line",
        meaning="Words divided by lines that are not blank.",
        unit="words per line",
        version=1,
        value=_words_per_line,
    ),
    Feature(
        name="rhyme_scheme",
        meaning=(
            "A letter for each line, equal where lines rhyme, - for a line that rhymes with none, "
            "a blank between stanzas; after Z come A1 to Z1 and so on."
        ),
        unit="scheme",
        low=None,
        version=1,
        kind="label",
        citation=_METHOD,
        value=_rhyme_scheme,
    ),
    Feature(
        name="rhyme_density",
        meaning="Share of lines that rhyme with another line.",
        unit="share",
        high=1,
        version=1,
        citation=_METHOD,
        value=_rhyme_density,
    ),
    Feature(
        name="rhymed",
        meaning="1 where at least half of the lines rhyme with another line, else 0.",
        unit="0 or 1",
        high=1,
        version=1,
        citation=_METHOD,
        value=_rhymed,
    ),
    Feature(
        name="unknown_end_words",
        meaning="Line ends whose sounds are guessed from their spelling or not known at all.",
        unit="line ends",
        version=1,
        citation=_METHOD,
        value=_unknown_end_words,
    ),
)


def feature_version(features: tuple[Feature, ...]) -> str:
    """Give the version of a registry: another one whenever a feature is added or changed.

    Parameters
    ----------
    features : tuple of Feature
        A registry.

    Returns
    -------
    str
        Twelve hexadecimal digits made from the names and versions.

    Examples
    --------
    >>> feature_version(FEATURES) == FEATURE_VERSION
    True
    """
    named = " ".join(f"{feature.name}={feature.version}" for feature in features)
    return hashlib.sha256(named.encode()).hexdigest()[:12]


FEATURE_VERSION: str = feature_version(FEATURES)
