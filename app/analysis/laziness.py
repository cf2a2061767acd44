"""The part of a report on whether quick or easy decisions lean on the feature more."""

import numpy as np

from app.analysis.comparison import COMPARED
from app.analysis.diagnostics import CHANCE
from app.analysis.moderation import Share, in_words
from app.analysis.multiplicity import LEVEL, ONE_OF_SEVERAL
from app.analysis.options import Options
from app.analysis.pace import MEASURES, Laziness, laziness, measured
from app.analysis.part_basis import basis_line, half_or_dropped
from app.analysis.parts import Cell, Part, PartColumn, declined
from app.analysis.terms import subtract
from app.analysis.votes import VoteTable
from app.analysis.wording import PEOPLE, counted, feature_words, halved_choices, listed, p_value

NAME = "laziness"

METHOD = """For each group a fractional logit of the choice on the difference d in the feature, on \
d z, on z and on the differences of the controls, with the weights, the kind of intervals and \
the degrees of freedom of the main estimate. z says how the decision \
compares with the same rater's others: the logarithm of its time (or of its time per line of both \
poems, or the stated ease as it is), less the rater's mean, divided by the rater's standard \
deviation. So a slow reader is not taken for a careful one. The change is the coefficient of d z: \
log odds per standard deviation. Win shares are those of a decision one standard deviation below \
and above the rater's mean.

Assumed: that the effect changes in proportion to z. Left out: times of 0 or more than an hour, \
votes without a time, and raters whose times never vary. The tests of all measures are among the \
secondary tests that are corrected for their number (Holm)."""


def laziness_part(table: VoteTable, options: Options) -> Part:
    """Say whether people who decide quickly lean more on the feature.

    Parameters
    ----------
    table
        The votes.
    options
        As of the main estimate.

    Returns
    -------
    Part
        A row for each measure and group; `data["tests"]` holds the tests.
    """
    noun = feature_words(table.feature).noun
    title = f"Do quick decisions lean more on {noun}?"
    present = [one for one in MEASURES if np.isfinite(measured(table, one)[0]).any()]
    if not present:
        return declined(
            NAME,
            title,
            "The votes say neither how long a decision took (decision_ms) nor how easy it was "
            "(ease), so quick and slow decisions cannot be compared.",
            method=METHOD,
        )
    found = [laziness(table, g, one, options) for one in present for g in COMPARED]
    estimated = [one for one in found if one.found is not None]
    if not estimated:
        reasons = " ".join(dict.fromkeys(one.reason for one in found))
        return declined(NAME, title, reasons, method=METHOD)
    return Part(
        name=NAME,
        title=title,
        sentence=_sentence(
            feature_words(table.feature).toward, found, halved_choices(options.ties)
        ),
        columns=COLUMNS,
        rows=tuple(_row(one) for one in estimated),
        method=METHOD,
        notes=_notes(found),
        data={
            "feature": table.feature,
            "step": table.step,
            "of_what": halved_choices(options.ties),
            "differences": _differences(estimated, options),
            "tests": [
                {
                    "test": f"{PEOPLE[one.group].capitalize()}: {noun} counts alike in "
                    f"{one.measure.low} and {one.measure.high} decisions "
                    f"({one.measure.heading.lower()})",
                    "part": NAME,
                    "about": one.measure.heading.lower(),
                    "group": one.group.value,
                    "p_value": one.change.p_value,
                }
                for one in estimated
                if one.change is not None
            ],
        },
        basis=_basis(estimated, table, options),
    )


def _basis(estimated: list[Laziness], table: VoteTable, options: Options) -> str:
    votes: dict[str, int] = {}
    for one in estimated:
        name = one.measure.heading.lower()
        votes[name] = votes.get(name, 0) + one.votes
    told = listed([f"{counted(n, 'vote')} by {name}" for name, n in votes.items()])
    return basis_line(told, table, half_or_dropped(options))


COLUMNS = (
    PartColumn("measure", "Measure", "What tells an effortless decision", "text"),
    PartColumn("group", "Group", "Group of raters", "text"),
    PartColumn(
        "low_share",
        "Share of choices, one sd below the rater's mean",
        "Share of choices for the poem with a step more of the feature, in quick (or hard) "
        "decisions",
        "percent",
        "low_share_ci_low",
        "low_share_ci_high",
    ),
    PartColumn(
        "high_share",
        "Share of choices, one sd above it",
        "The same in slow (or easy) decisions",
        "percent",
        "high_share_ci_low",
        "high_share_ci_high",
    ),
    PartColumn(
        "change",
        "Change of the log odds per sd",
        "How much the effect of the feature grows per standard deviation of the measure",
        "number",
        "change_ci_low",
        "change_ci_high",
    ),
    PartColumn("p_value", "p", "p value of no change, before correction", "p"),
    PartColumn("votes", "Votes", "Votes used", "count"),
    PartColumn("raters", "Raters", "Raters whose measure varies", "count"),
    PartColumn("left_out", "Left out", "Votes of the group that could not be used", "count"),
)


def _row(one: Laziness) -> dict[str, Cell]:
    assert one.found is not None  # noqa: S101
    change = one.found.term.coefficient
    low, high = one.found.shares
    return {
        "measure": one.measure.name,
        "heading": one.measure.heading,
        "group": one.group.value,
        "low_name": one.measure.low,
        "high_name": one.measure.high,
        **_share("low_share", low),
        **_share("high_share", high),
        "change": change.log_odds,
        "change_ci_low": change.ci_low,
        "change_ci_high": change.ci_high,
        "se": change.se,
        "df": change.df,
        "p_value": change.p_value,
        "votes": one.votes,
        "raters": one.raters,
        "left_out": one.left_out.unmeasured + one.left_out.implausible + one.left_out.unvarying,
    }


def _share(name: str, share: Share) -> dict[str, Cell]:
    return {name: share.value, f"{name}_ci_low": share.low, f"{name}_ci_high": share.high}


def _sentence(toward: str, found: list[Laziness], of_what: str) -> str:
    """Speak of the first measure that gave an estimate; decision time where there is one."""
    measure = next(one.measure for one in found if one.found is not None)
    told = [_told(toward, one, of_what) if one.found else one.reason for one in found]
    said = [sentence for one, sentence in zip(found, told, strict=True) if one.measure == measure]
    if any(one.change and one.change.p_value < LEVEL for one in found if one.measure == measure):
        said.append(ONE_OF_SEVERAL)
    return " ".join(said)


def _told(toward: str, one: Laziness, of_what: str) -> str:
    assert one.found is not None  # noqa: S101
    people, change = PEOPLE[one.group].capitalize(), one.found.term.coefficient
    low, high = (in_words(share) for share in one.found.shares)
    numbers = (
        f"an estimated {low} of {of_what} in {one.measure.low} and {high} in {one.measure.high} "
        f"decisions, 95% intervals, {p_value(change.p_value)} before correction"
    )
    if change.ci_low <= 0 <= change.ci_high:
        return (
            f"{people}: these votes do not show that they lean more or less to {toward} in "
            f"{one.measure.low} than in {one.measure.high} decisions ({numbers})."
        )
    both = (one.measure.high, one.measure.low)
    more, less = both if change.log_odds > 0 else both[::-1]
    said = f"lean more to {toward} in {more} than in {less} decisions"
    if all(share.value < CHANCE for share in one.found.shares):
        said = f"lean further away from {toward} in {less} than in {more} decisions"
    return f"{people} {said} ({numbers})."


def _differences(estimated: list[Laziness], options: Options) -> list[dict[str, Cell]]:
    """Non-experts' change less experts', for each measure that both have."""
    rows: list[dict[str, Cell]] = []
    for measure in MEASURES:
        both = {
            one.group: one.found.term for one in estimated if one.found and one.measure == measure
        }
        if len(both) == len(COMPARED):
            nonexpert, expert = (both[group] for group in COMPARED)
            found = subtract(nonexpert, expert, variance=options.variance)
            rows.append(
                {
                    "measure": measure.name,
                    "change": found.log_odds,
                    "ci_low": found.ci_low,
                    "ci_high": found.ci_high,
                    "df": found.df,
                    "p_value": found.p_value,
                }
            )
    return rows


NO_PROOF = (
    "Nobody was given more or less time by chance, and an easy choice is also a quick one: a "
    "difference is no proof that haste makes people choose otherwise."
)


def _notes(found: list[Laziness]) -> tuple[str, ...]:
    notes = [NO_PROOF]
    timed = [one.left_out for one in found if one.measure == found[0].measure]
    implausible = sum(one.implausible for one in timed)
    if implausible:
        notes.append(
            f"Left out for a time of 0 or of more than an hour: {counted(implausible, 'vote')}."
        )
    unvarying = sum(one.unvarying for one in timed)
    if unvarying:
        notes.append(
            f"Left out because the rater gave a single such vote, or all alike: "
            f"{counted(unvarying, 'vote')}."
        )
    unmeasured = sum(one.unmeasured for one in timed)
    if unmeasured:
        notes.append(f"Left out because it was not measured: {counted(unmeasured, 'vote')}.")
    return tuple(notes)
