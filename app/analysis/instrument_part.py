"""The part of a report on how reliable the questions are that raters answered about themselves."""

from collections.abc import Sequence

from app.analysis.consistency import FEWEST_RATERS, Consistency, consistency
from app.analysis.options import Options
from app.analysis.parts import Part, PartColumn, declined
from app.analysis.votes import VoteTable
from app.analysis.wording import PEOPLE, counted, listed

NAME = "instrument"
TITLE = "How reliable are the questions that tell experts from others?"
EVERYBODY = "all"
SCALES = {
    "habits": "reading and writing habits",
    "poets": "recognising poets (hits less false alarms)",
    "devices": "naming forms and devices",
}
MISSING = (
    "The raters' answers to the questions about themselves were not given (columns points_... of "
    "the raters' file), so nothing can be said of how reliable they are."
)
COLUMNS = (
    PartColumn("scale", "Scale", "What the items ask about", "text"),
    PartColumn("group", "Raters", "Whose answers", "text"),
    PartColumn("coefficient", "Measure", "The coefficient", "text"),
    PartColumn("value", "Value", "The coefficient with its 95% interval", low="low", high="high"),
    PartColumn("items", "Items", "Items of the scale", "count"),
    PartColumn("varying", "That vary", "Items on which these raters differ", "count"),
    PartColumn("raters", "n", "Raters who answered all of them", "count"),
    PartColumn("mean", "Mean points", "Mean of the raters' totals, in points"),
    PartColumn("sd", "SD", "Standard deviation of the totals, in points"),
    PartColumn("reason", "Why there is none", "Why there is no value", "text"),
)
METHOD = f"""Internal consistency: k / (k - 1) * (1 - sum of the items' variances / variance of \
the totals), k the number of items (Cronbach 1951). Where every item has two values it is Kuder \
and Richardson's formula 20; in the recognition test a tick at a poet is 1, a tick at a foil -1, \
no tick 0, so that a total is hits less false alarms. Items that do not vary count in k. The \
interval is Feldt's, by the F distribution with n - 1 and (n - 1)(k - 1) degrees of freedom. Only \
raters with a vote who answered every item of the scale; none below {FEWEST_RATERS} raters.

Assumed: that the raters are a sample of those one speaks of, and for the interval that the items \
are parallel and normal, which graded answers are only roughly.

Cronbach, L. J. (1951). Psychometrika 16, 297-334. Kuder, G. F. and Richardson, M. W. (1937). \
Psychometrika 2, 151-160. Feldt, L. S., Woodruff, D. J. and Salih, F. A. (1987). Applied \
Psychological Measurement 11, 93-103."""
ALIKE = (
    "Within a group raters are alike in what the scale measures, so that a coefficient there is "
    "lower than among all; that is no fault of the items."
)
NO_SCALE = (
    "Consistent items need not measure expertise: no validated scale of expertise in poetry in "
    "English was found to compare with."
)


def instrument_part(table: VoteTable, options: Options) -> Part:
    """Say how consistent the scales of the instrument are, by group.

    Parameters
    ----------
    table
        The votes, with answers.
    options
        Taken for the sake of the other parts; nothing here depends on them.

    Returns
    -------
    Part
        A row for each scale and group; declined where there is no value at all.
    """
    del options
    known = [*SCALES]
    found = sorted(
        consistency(table),
        key=lambda one: known.index(one.scale) if one.scale in SCALES else len(known),
    )
    if not any(one.value is not None for one in found):
        reason = MISSING if not found else f"Fewer than {FEWEST_RATERS} raters answered."
        return declined(NAME, TITLE, reason, method=METHOD)
    return Part(
        name=NAME,
        title=TITLE,
        sentence=_sentence(found),
        columns=COLUMNS,
        rows=tuple(
            {
                "scale": SCALES.get(one.scale, one.scale),
                "group": EVERYBODY if one.group is None else PEOPLE[one.group],
                "coefficient": one.coefficient,
                "value": one.value,
                "low": one.low,
                "high": one.high,
                "items": one.items,
                "varying": one.varying,
                "raters": one.raters,
                "mean": one.mean,
                "sd": one.sd,
                "reason": one.reason,
            }
            for one in found
        ),
        method=METHOD,
        notes=(ALIKE, NO_SCALE),
        basis=f"Answers of {counted(max(one.raters for one in found), 'rater')}, every rater the "
        "same; no vote, tie, weight or control enters",
    )


def _sentence(found: Sequence[Consistency]) -> str:
    told = [
        f"{SCALES.get(one.scale, one.scale)} {one.value:.2f} (95% interval {one.low:.2f} to "
        f"{one.high:.2f}, {one.coefficient}, {one.items} items, {one.raters:,} raters)"
        for one in found
        if one.group is None and one.value is not None
    ]
    if not told:
        return "Too few raters answered for a coefficient over all of them."
    return f"How far the items of a scale go together, 1 being fully: {listed(told)}."
