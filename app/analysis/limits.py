"""The part of a report that says what it cannot tell."""

from app.analysis.basis import Basis
from app.analysis.comparison import Comparison
from app.analysis.effects import Difference, GroupEffect
from app.analysis.options import (
    PRELIMINARY_DF,
    PRELIMINARY_HALF_WIDTH,
    VERDICT_HALF_WIDTH,
)
from app.analysis.parts import Cell, Part, PartColumn
from app.analysis.share_scale import DIFFERENCE
from app.analysis.wording import PEOPLE, feature_words, listed, percent, plain

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
        A row for each estimate of the answer: how far the truth may lie from it; none without
        estimates.
    """
    noun = feature_words(basis.table.feature).noun
    held = [plain(name) for name in basis.estimate.adjusted_for]
    besides = f" besides {listed(held)}" if held else ""
    rows = _rows(basis.estimate)
    return Part(
        name=NAME,
        title=TITLE,
        sentence=(
            f"It cannot tell why anybody chose as they did, nor whether {noun} itself moved them "
            f"or something that goes with {noun} in these poems."
        ),
        notes=(*basis.notes, _confounded(noun, besides), *_ALWAYS),
        columns=COLUMNS if rows else (),
        rows=tuple(rows),
        method=METHOD if rows else "",
        data={"feature": basis.table.feature},
    )


METHOD = (
    "The 95% intervals of the answer: how far each reaches from its estimate, on the longer side, "
    "in points of the share of choices. An effect or a difference smaller than that is easily "
    f"missed. Up to {percent(VERDICT_HALF_WIDTH)} points for both groups a result is also given in "
    f"one line; above {percent(PRELIMINARY_HALF_WIDTH)}, measured as half of the interval, or with "
    f"fewer than {PRELIMINARY_DF:g} effective degrees of freedom or 5 prompts, it is called "
    "preliminary."
)

COLUMNS = (
    PartColumn("what", "Estimate", "Group of raters, or the difference between them", "text"),
    PartColumn(
        "reach",
        "The truth may lie as far, points",
        "Longer side of the 95% interval of the share of choices, or of the difference of both",
        "percent",
    ),
    PartColumn("df", "Effective df", "Effective degrees of freedom", "number"),
    PartColumn("raters", "Raters", "Raters who voted", "count"),
    PartColumn("prompts", "Prompts", "Prompts voted on", "count"),
)


def _rows(found: Comparison) -> list[dict[str, Cell]]:
    rows: list[dict[str, Cell]] = [
        _row(PEOPLE[group].capitalize(), one) | {"raters": one.raters, "prompts": one.prompts}
        for group, one in found.groups.items()
        if one is not None
    ]
    if found.difference is not None:
        rows.append(_row(DIFFERENCE, found.difference))
    return rows


def _row(what: str, one: GroupEffect | Difference) -> dict[str, Cell]:
    reach = max(one.win_share - one.win_share_ci_low, one.win_share_ci_high - one.win_share)
    return {"what": what, "reach": reach, "df": one.df, "raters": None, "prompts": None}


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
