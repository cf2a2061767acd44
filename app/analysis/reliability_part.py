"""The part of a report on how far the votes can be relied on."""

import numpy as np

from app.analysis.comparison import COMPARED
from app.analysis.diagnostics import group_votes
from app.analysis.options import Group, Options, Ties
from app.analysis.part_basis import TIES, WEIGHTS, basis_line, intervals_by
from app.analysis.parts import Part, PartColumn, declined
from app.analysis.reliability import (
    ALPHA,
    HALVES,
    LEANING,
    LEFT,
    SAME,
    SAME_EXCHANGED,
    SEPARATION,
    Reliability,
    reliability,
)
from app.analysis.votes import VoteTable
from app.analysis.wording import PEOPLE, counted, listed, percent

NAME = "reliability"
NARROW = (
    "In simulated studies the intervals of scale separation and of split-half agreement held the "
    "truth in as few as 9 of 10, not in 95%: they allow for other poems and not wholly for other "
    "raters. Take them for somewhat too narrow."
)
TITLE = "Do the raters agree, with each other and with themselves?"
MEANING = {
    SEPARATION: "Share of the spread of the poems' strengths that is not noise; 1 is best",
    HALVES: "How well two random halves of the raters agree on the poems; 1 is full agreement",
    ALPHA: "Agreement of raters on the same pair, beyond chance; 0 is chance, 1 full agreement",
    SAME: "Share of repeats of a pair, seen by the same rater, with the same choice; 0 to 1",
    SAME_EXCHANGED: "The same among repeats in which the poems had changed places; 0 to 1",
    LEANING: "Repeats with left chosen both times less those with right, per repeat; 0 is best",
    LEFT: "Share of choices for the left poem, a tie counting half; 0.5 is best",
}
COLUMNS = (
    PartColumn("group", "Who chose", "The group of raters", "text"),
    PartColumn("measure", "Measure", "What is measured", "text"),
    PartColumn("layout", "Layout", "The layout of the page; empty for all", "text"),
    PartColumn(
        "value",
        "Value",
        "The measure with its 95% interval",
        low="low",
        high="high",
    ),
    PartColumn("rests_on", "Rests on", "What the value was computed from", "text"),
    PartColumn("meaning", "What it says", "How to read the value", "text"),
    PartColumn("reason", "Why there is none", "Why there is no value", "text"),
)
METHOD = (
    "Scale separation reliability: 1 - sum se^2 / sum s^2 over the poems, s their strengths by "
    "Bradley-Terry without penalty and se plain standard errors, which take votes for independent; "
    "poems that only won or only lost are left out (Pollitt 2012).\n\n"
    "Split-half agreement: raters are halved at random 100 times; r is the correlation "
    "between halves of the share of its votes that each poem won, and the mean of 2r / (1 + r) "
    "is shown (Spearman 1910, Brown 1910).\n\n"
    "Krippendorff's alpha: a pair of poems, whatever their sides, is a unit, a rater a coder, and "
    "the one poem, the other and a tie are names without order (Krippendorff 2011).\n\n"
    "A pair that came again: every two votes of one rater on the same two poems are compared, "
    "every rater and pair counts the same.\n\n"
    "Intervals of alpha and of pairs that came again: the measure is computed without each rater, "
    "without each prompt and without each rater's choices on each prompt, and V_R + V_P - V_RP of "
    "what that moves it is its variance, with effective degrees of freedom. Those of the first two "
    "measures leave out one prompt's poems at a time, or one poem where there are fewer than 5 "
    "prompts. Left poem chosen: a fractional logit with a "
    "side and nothing else, clustered by rater and prompt.\n\n"
    "Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of "
    "Pennsylvania. Pollitt, A. (2012). Assessment in Education 19, 281-300. Spearman, C. (1910). "
    "British Journal of Psychology 3, 271-295. Brown, W. (1910). Ibid., 296-322."
)


def reliability_part(
    table: VoteTable,
    options: Options,
    rng: np.random.Generator | None = None,
    *,
    every: VoteTable | None = None,
) -> Part:
    """Say how far each group's votes can be relied on.

    Parameters
    ----------
    table
        The votes.
    options
        As of `app.analysis.reliability.reliability`.
    rng
        Source of randomness, for the splits; None for the same one every time.
    every
        As of `app.analysis.reliability.reliability`.

    Returns
    -------
    Part
        A row for each group and measure; declined where there is no value at all.
    """
    found = reliability(table, options, rng or np.random.default_rng(0), every=every)
    if not any(one.value is not None for one in found):
        reasons = dict.fromkeys(one.reason for one in found)
        return declined(NAME, TITLE, " ".join(reasons) or "Nobody has voted yet.", method=METHOD)
    sentences = [_sentence(group, found) for group in COMPARED]
    return Part(
        name=NAME,
        title=TITLE,
        sentence=" ".join(one for one in sentences if one),
        columns=COLUMNS,
        rows=tuple(
            {
                "group": PEOPLE[one.group],
                "measure": one.measure,
                "layout": one.layout,
                "value": one.value,
                "low": one.low,
                "high": one.high,
                "rests_on": one.rests_on,
                "meaning": MEANING[one.measure],
                "reason": one.reason,
            }
            for one in found
        ),
        method=METHOD,
        notes=_notes(found),
        basis=_basis(table, options, every),
    )


def _basis(table: VoteTable, options: Options, every: VoteTable | None) -> str:
    n, with_again = (
        sum(len(group_votes(of, group, Ties.HALF).outcome) for group in COMPARED)
        for of in (table, every or table)
    )
    again = int(table.context.again.sum()) or with_again - n
    side = f"{WEIGHTS[options.weights]}, {intervals_by(table, options)}"
    return basis_line(
        f"{counted(n, 'vote')}, and {counted(again, 'vote')} on pairs that came again"
        if again
        else n,
        table,
        options,
        ties=f"{TIES[Ties.HALF]} (for alpha and repeats an answer of their own)",
        weights=f"every vote the same, for repeats every rater and pair; left poem chosen: {side}",
        intervals="those that the text above names, measure by measure",
        controls="none",
    )


def _sentence(group: Group, found: tuple[Reliability, ...]) -> str:
    have = {
        one.measure: one
        for one in found
        if one.group is group and not one.layout and one.value is not None
    }
    people = PEOPLE[group]
    said = []
    if HALVES in have:
        said.append(
            f"two random halves of them agree on the poems with a reliability of "
            f"{have[HALVES].value:.2f} (1 is full agreement)".replace("-", "−")
        )
    if SAME in have:
        said.append(
            f"a rater who saw the same two poems again made the same choice in "
            f"{_share(have[SAME], f'of {have[SAME].rests_on}')}"
        )
    if LEFT in have:
        said.append(f"the left poem was chosen in {_share(have[LEFT], 'of choices')}")
    if not said:
        return ""
    return f"Among {people}, {listed(said)}."


def _share(one: Reliability, of: str) -> str:
    value = f"{percent(one.value or 0.0)}% {of}"
    if one.low is None or one.high is None:
        return value
    return f"{value} (95% interval {percent(one.low)} to {percent(one.high)})"


def _notes(found: tuple[Reliability, ...]) -> tuple[str, ...]:
    notes = []
    for one in found:
        pulled = one.low is not None and one.high is not None and not one.low <= 1 / 2 <= one.high
        if one.measure == LEFT and pulled:
            where = f" in the layout {one.layout}" if one.layout else ""
            notes.append(
                f"The side had a pull on {PEOPLE[one.group]}{where}: the interval of the share of "
                "choices for the left leaves out 50%. Every estimate holds the side equal."
            )
    if any(one.measure in {SEPARATION, HALVES} and one.low is not None for one in found):
        notes.append(NARROW)
    notes.append(
        "Low agreement need not be carelessness: tastes differ, and poems may be equally good."
    )
    return tuple(notes)
