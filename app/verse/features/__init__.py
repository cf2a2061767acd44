"""The registry of features, and the measuring of a poem."""

import hashlib
from collections.abc import Mapping, Sequence
from itertools import chain

from app.verse.features.commonness import COMMONNESS_FEATURES
from app.verse.features.feature import Feature, Value
from app.verse.features.form import FORM_FEATURES
from app.verse.features.layout import LAYOUT_FEATURES
from app.verse.features.meter import METER_FEATURES
from app.verse.features.rhyme import RHYME_FEATURES
from app.verse.features.style import STYLE_FEATURES
from app.verse.parsed import ParsedPoem

__all__ = ["FAMILIES", "FEATURES", "FEATURE_VERSION", "Feature", "feature_version", "measure"]

FAMILIES: Mapping[str, tuple[Feature, ...]] = {
    "Layout": LAYOUT_FEATURES,
    "Rhyme": RHYME_FEATURES,
    "Commonness of rhymes": COMMONNESS_FEATURES,
    "Metre": METER_FEATURES,
    "Form": FORM_FEATURES,
    "Style": STYLE_FEATURES,
}
FEATURES: tuple[Feature, ...] = tuple(chain.from_iterable(FAMILIES.values()))


def measure(text: str, scheme: Sequence[str | None] | None = None) -> dict[str, Value]:
    r"""Measure every feature of a poem.

    Parameters
    ----------
    text : str
        Any text; rhyme is heard as English.
    scheme : sequence of str or None, optional
        One label a line that is not blank, equal where lines rhyme, from a reader who marked the
        rhymes. Whatever depends on rhyme follows from it then.

    Returns
    -------
    dict of str to float, str or None
        One entry a feature, in the order of `FEATURES`. Counts are whole numbers. None stands
        for "not measured": the rhyme of a text whose lines do not end in Latin letters, the words
        per line of a text without lines.

    Raises
    ------
    ValueError
        If there are not as many labels as lines; never without a scheme.

    Notes
    -----
    Case, quotation marks and blanks at the ends of lines change nothing.

    Examples
    --------
    >>> found = measure("The sun goes down,\nThe lamps come on;\nAcross the town\nDay is over.")
    >>> found["n_lines"], found["rhyme_scheme"], found["rhyme_density"]
    (4, 'A-A-', 0.5)
    >>> measure("The sun goes down,\nThe lamps come on", scheme=["A", "A"])["rhyme_density"]
    1.0
    >>> print(measure("床前明月光\n疑是地上霜")["rhymed"])
    None
    """
    poem = ParsedPoem(text, scheme)
    return {feature.name: feature.value(poem) for feature in FEATURES}


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
