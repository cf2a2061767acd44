"""The shares of kinds of measures as a part of a report."""

import numpy as np

from app.analysis.bootstrap import Bootstrapped
from app.analysis.comparison import COMPARED
from app.analysis.diagnostics import group_votes
from app.analysis.options import Group, NotIdentified, Options, Ties, Weights
from app.analysis.part_basis import TIES, WEIGHTS, basis_line
from app.analysis.parts import Cell, Part, PartColumn, declined
from app.analysis.shares import DRAWS, Progress, Shares, blocks_of, shares
from app.analysis.votes import VoteTable
from app.analysis.wording import PEOPLE, listed, plain

NAME, TITLE = "shares", "How much of what people choose do these measures explain?"
ALL = "all"
METHOD = """\
R^2 = 1 - LL / (-n ln 2) (McFadden 1974): LL is the log likelihood of the fractional logit of the
choices, each vote counting alike, -n ln 2 that of a coin. The part of a kind of measure is its
Shapley value: what it adds to R^2, averaged over all orders in which the kinds can be added, from
fits of all their subsets; the parts sum to the whole. "Side" is the pull of the left side; "source"
is whose the poem is.

Intervals: raters and prompts are drawn with replacement, apart from each other, and a vote weighs
the product of how often its rater and its prompt were drawn (the "pigeonhole" bootstrap, Owen
2007); each draw is fitted by one Newton step. A fit explains its own votes too well: what draws
exceed the votes by (less what votes that share rater and prompt add too much) is taken away, so
that a part that explains nothing comes out around 0, on either side. The intervals hold the middle
95% of the draws, moved likewise, and err on the wide side.

With ties as halves even a perfect model leaves something unexplained: R^2 is small where choices
are hard to predict, and does not say that an effect is weak.

McFadden, D. (1974). Conditional logit analysis of qualitative choice behavior. Frontiers in
Econometrics, 105-142. Owen, A. B. (2007). Annals of Applied Statistics 1, 386-411."""


def shares_part(
    table: VoteTable,
    options: Options,
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
    progress: Progress | None = None,
) -> Part:
    """Say how much each kind of measure explains of choices.

    Parameters
    ----------
    table
        The votes, with all measures there are as controls.
    options
        The report's own choices; of ties only whether they are dropped.
    rng
        Source of randomness.
    draws
        Draws of the bootstrap.
    progress
        Told how many of how many votes of both groups are done.

    Returns
    -------
    Part
        A row for all measures and one for each kind; declined where neither group's measures are
        known to explain anything.
    """
    ties = Ties.DROP if options.ties is Ties.DROP else Ties.HALF
    votes = {group: group_votes(table, group, ties) for group in COMPARED}
    n = sum(len(own.outcome) for own in votes.values())
    found: dict[Group, Shares] = {}
    reasons: dict[Group, str] = {}
    before = 0
    for group, own in votes.items():
        told = None if progress is None else _after(before, n, progress)
        try:
            one = shares(own, rng=rng, draws=draws, progress=told)
        except NotIdentified as reason:
            reasons[group] = str(reason)
        else:
            if one.shown:
                found[group] = one
            else:
                reasons[group] = _touches(group)
        before += len(own.outcome)
    if not found:
        return declined(NAME, TITLE, " ".join(dict.fromkeys(reasons.values())), method=METHOD)
    return Part(
        name=NAME,
        title=TITLE,
        sentence=_sentence(found, reasons),
        columns=_columns(),
        rows=_rows(table, found),
        method=METHOD,
        notes=_notes(found, ties),
        data={
            "draws": draws,
            "in_sample": {
                group.value: {ALL: one.total_in_sample, **one.in_sample}
                for group, one in found.items()
            },
        },
        basis=basis_line(
            sum(one.votes for one in found.values()),
            table,
            options,
            ties=TIES[ties],
            weights=WEIGHTS[Weights.EQUAL],
            intervals=f"rater and {'prompt' if table.clustered_by_prompt else 'poem'} drawn again "
            f"{draws:,} times (pigeonhole bootstrap)",
            controls="none beside the measures listed",
        ),
    )


def _after(before: int, n: int, progress: Progress) -> Progress:
    def told(done: int, _: int) -> None:
        progress(before + done, n)

    return told


def _touches(group: Group) -> str:
    return (
        f"For {PEOPLE[group]} the votes do not show that these measures explain anything of the "
        "choices (the 95% interval of what all of them explain reaches 0), so it is not split."
    )


def _sentence(found: dict[Group, Shares], reasons: dict[Group, str]) -> str:
    parts = []
    for group, one in found.items():
        name, most = max(one.blocks.items(), key=lambda block: block[1].value)
        parts.append(
            f"For {PEOPLE[group]}, all measures together explain {_points(one.total)} of what a "
            f"coin would leave open about their choices; the largest part falls to {name}, "
            f"{_points(most)}{_negative(one)}."
        )
    return " ".join([*parts, *reasons.values()])


def _negative(one: Shares) -> str:
    """Why the largest part may be more than the whole."""
    largest = max(part.value for part in one.blocks.values())
    if largest <= one.total.value:
        return ""
    return " (more than the whole, since other parts come out below 0 after correction)"


def _points(one: Bootstrapped) -> str:
    value, low, high = (100 * end for end in (one.value, one.low, one.high))
    return f"{value:.1f}% (95% interval {low:.1f} to {high:.1f})"


def _columns() -> tuple[PartColumn, ...]:
    groups = tuple(
        PartColumn(
            group.value,
            f"{PEOPLE[group].capitalize()}, explained",
            f"Part of R^2 of the choices by {PEOPLE[group]}, corrected for overfitting",
            "tenths",
            f"{group.value}_low",
            f"{group.value}_high",
        )
        for group in COMPARED
    )
    return (
        PartColumn("block", "Measures", "Kind of measures", "text"),
        *groups,
        PartColumn("measures", "Which", "The measures of this kind", "text"),
    )


def _rows(table: VoteTable, found: dict[Group, Shares]) -> tuple[dict[str, Cell], ...]:
    names = [
        ALL,
        *(
            block
            for block in blocks_of(table)
            if any(block in one.blocks for one in found.values())
        ),
    ]
    return tuple(_row(name, found) for name in names)


def _row(name: str, found: dict[Group, Shares]) -> dict[str, Cell]:
    measures = dict.fromkeys(
        measure for one in found.values() for measure in one.measures.get(name, ())
    )
    row: dict[str, Cell] = {"block": name, "measures": ", ".join(map(plain, measures))}
    for group in COMPARED:
        one = found.get(group)
        part = None if one is None else one.total if name == ALL else one.blocks.get(name)
        row |= {
            group.value: None if part is None else part.value,
            f"{group.value}_low": None if part is None else part.low,
            f"{group.value}_high": None if part is None else part.high,
        }
    return row


def _notes(found: dict[Group, Shares], ties: Ties) -> tuple[str, ...]:
    notes = ["Measures that go together share what they explain: none is shown to cause choices."]
    if ties is Ties.HALF:
        notes.append("Ties count as half a choice for each side, and no measure can explain them.")
    negative = dict.fromkeys(
        name for one in found.values() for name, part in one.blocks.items() if part.value < 0
    )
    if negative:
        notes.append(
            f"What {listed([*negative])} explains comes out below 0: nothing that can be told "
            "from chance."
        )
    return tuple(notes)
