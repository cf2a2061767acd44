"""The stanzas and the form."""

from app.verse.features.feature import Feature, Value
from app.verse.parsed import ParsedPoem

_RULES = (
    "rules after the Princeton Encyclopedia of Poetry and Poetics (Greene et al. 2012) and Fussell "
    "(1979); docs/verse.md"
)


def _stanza_pattern(poem: ParsedPoem) -> Value:
    return " ".join(map(str, map(len, poem.stanzas))) or None


def _quatrains(poem: ParsedPoem) -> Value:
    return poem.outline.quatrains


def _couplets(poem: ParsedPoem) -> Value:
    return poem.outline.couplets


def _form(poem: ParsedPoem) -> Value:
    return poem.form.name.value if poem.form else None


def _form_confidence(poem: ParsedPoem) -> Value:
    return poem.form.confidence if poem.form else None


FORM_FEATURES: tuple[Feature, ...] = (
    Feature(
        name="stanza_pattern",
        meaning="Lines of each stanza, such as 4 4 2.",
        unit="stanzas",
        low=None,
        version=1,
        kind="label",
        value=_stanza_pattern,
    ),
    Feature(
        name="quatrains",
        meaning=(
            "Share of stanzas that have four lines; in an unbroken poem of more than four lines, "
            "share of its fours that rhyme abab, abba, xaxa or aaxa."
        ),
        unit="share",
        high=1,
        version=3,
        citation=_RULES,
        value=_quatrains,
    ),
    Feature(
        name="couplets",
        meaning="Share of lines in couplets: two lines, one after the other, that rhyme with each "
        "other and not with the lines around them.",
        unit="share",
        high=1,
        version=3,
        citation=_RULES,
        value=_couplets,
    ),
    Feature(
        name="form",
        meaning="Form that fits best, such as sonnet, ballad, blank verse, free verse, prose poem.",
        unit="form",
        low=None,
        version=3,
        kind="label",
        citation=_RULES,
        value=_form,
    ),
    Feature(
        name="form_confidence",
        meaning="How sure the form is: its share of all that fits.",
        unit="share",
        high=1,
        version=3,
        citation=_RULES,
        value=_form_confidence,
    ),
)
