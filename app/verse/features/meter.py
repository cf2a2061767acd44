"""The metre."""

from math import sqrt
from statistics import fmean

from app.verse.features.feature import Feature, Value
from app.verse.parsed import ParsedPoem

_METHOD = (
    "weighted constraints after Hanson & Kiparsky (1996) and Hayes, Wilson & Shisko (2012); "
    "method in docs/verse.md"
)


def _syllables(poem: ParsedPoem) -> list[int]:
    """Syllables of the lines that hold a word."""
    return [n_syllables for n_syllables in poem.outline.syllables if n_syllables]


def _syllables_per_line(poem: ParsedPoem) -> Value:
    counts = _syllables(poem)
    return fmean(counts) if counts else None


def _syllable_spread(poem: ParsedPoem) -> Value:
    counts = _syllables(poem)
    if not counts:
        return None
    mean = fmean(counts)
    return sqrt(fmean([(count - mean) ** 2 for count in counts]))


def _meter(poem: ParsedPoem) -> Value:
    return poem.meter.name if poem.meter else None


def _foot(poem: ParsedPoem) -> Value:
    if poem.meter is None:
        return None
    return poem.meter.foot.value if poem.meter.foot else poem.meter.name


def _feet_per_line(poem: ParsedPoem) -> Value:
    lines = zip(poem.outline.beats, poem.outline.syllables, strict=True)
    counts = [beats for beats, n_syllables in lines if n_syllables]
    return fmean(counts) if counts else None


def _meter_regularity(poem: ParsedPoem) -> Value:
    return poem.meter.regularity if poem.meter else None


METER_FEATURES: tuple[Feature, ...] = (
    Feature(
        name="syllables_per_line",
        meaning="Mean syllables of a line, as the scansion that suits best counts them.",
        unit="syllables per line",
        version=2,
        citation=_METHOD,
        value=_syllables_per_line,
    ),
    Feature(
        name="syllable_spread",
        meaning="Standard deviation of the syllables of the lines.",
        unit="syllables",
        version=2,
        citation=_METHOD,
        value=_syllable_spread,
    ),
    Feature(
        name="meter",
        meaning=(
            "Foot and length of line that suit best, such as iambic pentameter or common metre; "
            "free where none does."
        ),
        unit="metre",
        low=None,
        version=2,
        kind="label",
        citation=_METHOD,
        value=_meter,
    ),
    Feature(
        name="foot",
        meaning="Foot of the metre: iambic, trochaic, anapaestic or dactylic; free without metre.",
        unit="foot",
        low=None,
        version=2,
        kind="label",
        citation=_METHOD,
        value=_foot,
    ),
    Feature(
        name="feet_per_line",
        meaning="Mean beats of a line, each the beat of a foot.",
        unit="feet per line",
        version=2,
        citation=_METHOD,
        value=_feet_per_line,
    ),
    Feature(
        name="meter_regularity",
        meaning="How well the lines scan in the metre that suits best: low for free verse, prose.",
        unit="share",
        high=1,
        version=2,
        citation=_METHOD,
        value=_meter_regularity,
    ),
)
