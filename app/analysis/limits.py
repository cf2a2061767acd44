"""The part of a report that says what it cannot tell."""

from app.analysis.basis import Basis
from app.analysis.parts import Part
from app.analysis.wording import feature_words, listed, plain

NAME = "limits"
TITLE = "What can this not tell?"


def limits_part(basis: Basis) -> Part:
    """State the limits of a report: those of this study, then those of every study of its kind.

    Parameters
    ----------
    basis
        The votes and the estimates.

    Returns
    -------
    Part
        Sentences, and no table.
    """
    noun = feature_words(basis.table.feature).noun
    held = [plain(name) for name in basis.estimate.adjusted_for]
    besides = f" besides {listed(held)}" if held else ""
    return Part(
        name=NAME,
        title=TITLE,
        sentence=(
            f"It cannot tell why anybody chose as they did, nor whether {noun} itself moved them "
            f"or something that goes with {noun} in these poems."
        ),
        notes=(*basis.notes, _confounded(noun, besides), *_ALWAYS),
    )


def _confounded(noun: str, besides: str) -> str:
    return (
        f"{noun.capitalize()} was not assigned to poems at random: whatever else goes with it"
        f"{besides} is part of the effect."
    )


_ALWAYS = (
    "The figures are of the raters who came and of poems like these: no census of readers.",
    "Who is an expert was decided by the invitation, unless the report says otherwise at its top.",
    "An interval that includes 50%, or a ratio of 1, is not evidence that there is no effect.",
)
