"""The feature's effect with nothing held equal, and with more and more of what goes with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.analysis.blocks import (
    LAYOUT,
    family,
    has_sources,
    more_controls,
    report_controls,
    source_columns,
    with_columns,
)
from app.analysis.comparison import COMPARED, Comparison, compare
from app.analysis.diagnostics import GroupVotes, group_votes
from app.analysis.options import Group, Options, Ties
from app.analysis.part_basis import basis_line
from app.analysis.parts import Cell, Part, PartColumn, declined
from app.analysis.votes import VoteTable
from app.analysis.wording import (
    PEOPLE,
    counted_choices,
    feature_words,
    listed,
    percent,
    plain,
)

NAME = "controls"
METHOD = """\
The same model, the same votes, the same weights and kind of intervals as the main estimate; only
what else stands in the model changes. Each further measure is a column, left poem less right. A
source is a column too: 1 if only the left poem is by it, -1 if only the right one is; then only
poems by one source, or what remains when the sources' own appeal is taken away, tell the effect.

The win share is 1/2 [expit(a + theta) + expit(theta - a)], a the pull of the left side, theta the
log odds per unit of the feature.

Assumed: that what is held equal acts in a straight line on the log odds. A shift from row to row
says that the measure goes together with the feature and with choices; it does not say which of the
two moves people. A logit's effect also grows a little when what explains choices is added, related
to the feature or not (Mood 2010).

Mood, C. (2010). Logistic regression: why we cannot do what we think we can do, and what we can do
about it. European Sociological Review 26, 67-82."""


@dataclass(frozen=True, slots=True)
class HeldEqual:
    """An estimate with something held equal.

    Parameters
    ----------
    name
        "nothing", the name of one control, "report", "more" or "source".
    words
        What is held equal, in words.
    comparison
        Both groups.
    """

    name: str
    words: str
    comparison: Comparison


def controlled(
    table: VoteTable, options: Options, *, known: Sequence[Comparison] = ()
) -> tuple[HeldEqual, ...]:
    """Estimate the feature's effect with different things held equal.

    Parameters
    ----------
    table
        The votes.
    options
        The report's own choices.
    known
        Estimates made of these votes by these choices before, which need not be made again.

    Returns
    -------
    tuple of HeldEqual
        Nothing; each control of the report, each further measure of layout, metre, readability
        and uplift alone, those aside that say nothing in any group; the report's controls; all of
        these; the report's and the source.
    """
    votes = {group: group_votes(table, group, options.ties) for group in COMPARED}
    made = {one.adjusted_for: one for one in known}

    def estimate(name: str, adjust: tuple[str, ...]) -> Comparison:
        if name != "source" and adjust in made:
            return made[adjust]
        return _estimate(votes, adjust, options, source=name == "source")

    found = [
        HeldEqual(name, words, estimate(name, adjust))
        for name, words, adjust in _wanted(table, options)
    ]
    return tuple(one for one in found if not _said_nothing(one))


def _said_nothing(one: HeldEqual) -> bool:
    """Whether a single control could be held equal in no group: its row would be the first's."""
    estimated = any(effect is not None for effect in one.comparison.groups.values())
    single = one.name not in {"nothing", "report", "more", "source"}
    return single and estimated and not one.comparison.adjusted_for


def _wanted(table: VoteTable, options: Options) -> list[tuple[str, str, tuple[str, ...]]]:
    adjust = report_controls(table, options)
    lengths = [
        name for name in table.controls if family(table, name) == LAYOUT and name not in adjust
    ]
    further = (*lengths, *more_controls(table, adjust))
    found: list[tuple[str, str, tuple[str, ...]]] = [("nothing", "Nothing", ())]
    found += [(name, _capital(plain(name)), (name,)) for name in (*adjust, *further)]
    if len(adjust) > 1:
        found.append(("report", "All as reported", adjust))
    if further:
        found.append(("more", "All of these", (*adjust, *further)))
    if has_sources(table):
        also = "As reported, and source" if adjust else "Source"
        found.append(("source", also, adjust))
    return found


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _estimate(
    votes: dict[Group, GroupVotes], adjust: tuple[str, ...], options: Options, *, source: bool
) -> Comparison:
    if source:
        columns = {group: source_columns(own) for group, own in votes.items()}
        votes = {group: with_columns(own, columns[group]) for group, own in votes.items()}
        adjust = (*adjust, *columns[COMPARED[0]])
    return compare(votes, adjust, options)


def controls_part(table: VoteTable, options: Options, *, known: Sequence[Comparison] = ()) -> Part:
    """Say how much of the effect stays when other things are held equal.

    Parameters
    ----------
    table
        The votes.
    options
        The report's own choices.
    known
        As of `controlled`.

    Returns
    -------
    Part
        A row for each thing held equal.
    """
    noun = feature_words(table.feature).noun
    title = f"How much of the effect of {noun} is {noun} itself?"
    found = controlled(table, options, known=known)
    own = _own(found)
    if all(effect is None for effect in own.comparison.groups.values()):
        return declined(NAME, title, own.comparison.declined["difference"], method=METHOD)
    return Part(
        name=NAME,
        title=title,
        sentence=_sentence(table.feature, found, options.ties),
        columns=_columns(table.feature, table.step),
        rows=tuple(_row(one) for one in found),
        method=METHOD,
        notes=_notes(found),
        data={"feature": table.feature, "ties": options.ties.value, "step": table.step},
        basis=basis_line(
            _own(found).comparison.votes,
            table,
            options,
            controls="those that each row names",
        ),
    )


def _own(found: tuple[HeldEqual, ...]) -> HeldEqual:
    """The report's own estimate: of one control there is no row apart."""
    named = {one.name: one for one in found}
    single = [one for one in found if one.name not in {"nothing", "more", "source"}]
    return named.get("report") or (single[0] if single else found[0])


def _sentence(feature: str, found: tuple[HeldEqual, ...], ties: Ties) -> str:
    of_what = counted_choices(ties)
    noun = feature_words(feature, found[0].comparison.step).chosen
    nothing, last = found[0], found[-1]
    parts = []
    for group in COMPARED:
        before = nothing.comparison.groups[group]
        after = last.comparison.groups[group]
        if before is None:
            parts.append(f"for {PEOPLE[group]} there is no estimate")
            continue
        told = (
            f"{PEOPLE[group]} choose {noun} in {percent(before.win_share)}% of {of_what} "
            f"(95% interval {percent(before.win_share_ci_low)} to "
            f"{percent(before.win_share_ci_high)}) with nothing held equal"
        )
        if after is None:
            told += ", and no estimate can be given with most held equal"
        elif last is not nothing:
            told += (
                f", and in {percent(after.win_share)}% ({percent(after.win_share_ci_low)} to "
                f"{percent(after.win_share_ci_high)}) with {_held(last)} held equal"
            )
        parts.append(told)
    return _capital("; ".join(parts) + ".")


def _held(one: HeldEqual) -> str:
    names = [plain(name) for name in one.comparison.adjusted_for if not name.startswith("source ")]
    return listed([*names, "the source"] if one.name == "source" else names)


def _columns(feature: str, step: float) -> tuple[PartColumn, ...]:
    chosen = feature_words(feature, step).chosen
    shares = tuple(
        PartColumn(
            group.value,
            f"{_capital(PEOPLE[group])}, win share",
            f"Share of choices by {PEOPLE[group]} for {chosen}",
            "percent",
            f"{group.value}_low",
            f"{group.value}_high",
        )
        for group in COMPARED
    )
    return (
        PartColumn("held", "Held equal", "What the model holds equal", "text"),
        *shares,
        PartColumn(
            "difference",
            "Difference, log odds",
            "Log odds of non-experts less those of experts",
            "number",
            "low",
            "high",
        ),
    )


def _row(one: HeldEqual) -> dict[str, Cell]:
    row: dict[str, Cell] = {"name": one.name, "held": one.words}
    for group in COMPARED:
        effect = one.comparison.groups[group]
        row |= {
            group.value: None if effect is None else effect.win_share,
            f"{group.value}_low": None if effect is None else effect.win_share_ci_low,
            f"{group.value}_high": None if effect is None else effect.win_share_ci_high,
        }
    found = one.comparison.difference
    row |= {
        "difference": None if found is None else found.log_odds,
        "low": None if found is None else found.ci_low,
        "high": None if found is None else found.ci_high,
    }
    return row


def _notes(found: tuple[HeldEqual, ...]) -> tuple[str, ...]:
    notes = ["A measure that moves the figure goes together with it; which moves people is open."]
    never = [group for group in COMPARED if not any(one.comparison.groups[group] for one in found)]
    told = {found[0].comparison.declined[group.value] for group in never}
    notes += sorted(told)
    for one in found:
        for group in COMPARED:
            reason = one.comparison.declined.get(group.value)
            if reason and reason not in told:
                told.add(reason)
                notes.append(f"With {one.words[:1].lower()}{one.words[1:]} held equal: {reason}")
    return tuple(notes)
