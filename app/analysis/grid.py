"""The same question asked in every defensible way: a specification curve."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product

from app.analysis.blocks import (
    has_sources,
    more_controls,
    report_controls,
    source_columns,
    with_columns,
)
from app.analysis.comparison import COMPARED, Comparison, compare
from app.analysis.diagnostics import GroupVotes, group_votes
from app.analysis.options import Exclusions, Experts, Group, Options, Ties, Weights
from app.analysis.placing import groups, placed
from app.analysis.votes import GROUPS, VoteTable

BUDGET = 10_000_000  # votes fitted, over all specifications: about ten seconds

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Specification:
    """One way to analyse the votes.

    Parameters
    ----------
    ties
        "half", "drop" or "ordinal".
    controls
        "none"; "report": the report's own; "more": and metre, readability, uplift; "source": the
        report's own and whose the poems are.
    weights
        "tau", "equal" or "rater".
    experts
        "invitation": as the votes say; "self-described": who calls themselves an expert;
        "scored": whom the study's rule scored as one; "score": who scores above the middle rater.
    votes
        "kept": without those excluded; "all": with them.
    """

    ties: str
    controls: str
    weights: str
    experts: str
    votes: str


@dataclass(frozen=True, slots=True)
class SpecificationResult:
    """What one way to analyse the votes gives.

    Parameters
    ----------
    specification
        The way.
    comparison
        Both groups and their difference, or why there is none.
    """

    specification: Specification
    comparison: Comparison

    @property
    def difference(self) -> float | None:
        """Natural log odds, non-experts less experts; None where there is none."""
        found = self.comparison.difference
        return None if found is None else found.log_odds


@dataclass(frozen=True, slots=True)
class Curve:
    """A specification curve.

    Parameters
    ----------
    choices
        What could be chosen, by name of the choice, the report's own first.
    results
        One for each specification: by difference, then those without one.
    main
        The report's own.
    complete
        Whether every combination was tried, rather than one or two changes of the report's own.
    above, below
        Specifications whose 95% interval of the difference lies above 0, and below.
    tie_pairs, tie_conflicts
        Pairs of specifications alike but for ties as half and dropped, and those among them
        whose differences have opposite signs.
    main_conflicts
        Whether the report's own specification is in such a pair.
    """

    choices: dict[str, tuple[str, ...]]
    results: tuple[SpecificationResult, ...]
    main: SpecificationResult
    complete: bool
    above: int
    below: int
    tie_pairs: int
    tie_conflicts: int
    main_conflicts: bool

    @property
    def estimated(self) -> tuple[SpecificationResult, ...]:
        """The specifications that give a difference."""
        return tuple(one for one in self.results if one.comparison.difference is not None)


def sensitivity_curve(
    table: VoteTable,
    options: Options,
    *,
    budget: int = BUDGET,
    progress: Progress | None = None,
    known: Mapping[str, Sequence[Comparison]] | None = None,
) -> Curve:
    """Analyse the votes in every combination of defensible choices.

    Parameters
    ----------
    table
        The votes, those excluded among them, their groups as invited.
    options
        The report's own choices.
    budget
        Votes times specifications above which only one or two choices are changed at a time.
    progress
        Told how many of how many specifications are done.
    known
        Estimates for experts as in the report made before, by the value of `Specification.votes`;
        they need not be made again.

    Returns
    -------
    Curve
        Sorted by the difference.

    Notes
    -----
    Choices: ties x controls x weights x who is an expert x exclusions, as far as the table knows
    them. Every estimate has the two-way intervals of `app.analysis.terms`.

    References
    ----------
    Simonsohn, U., Simmons, J. P. and Nelson, L. D. (2020). Specification curve analysis. Nature
    Human Behaviour 4, 1208-1214.
    """
    choices = available_choices(table, options)
    wanted, complete = _specifications(choices, len(table.vote_ids), budget)
    before = {
        (votes, one.ties.value, one.weights.value, one.adjusted_for): one
        for votes, made in (known or {}).items()
        for one in made
    }
    maker = _Maker(table, options, {}, before)
    results = []
    for done, one in enumerate(wanted, start=1):
        results.append(SpecificationResult(one, maker.compare(one)))
        if progress:
            progress(done, len(wanted))
    return _curve(choices, results, complete=complete)


def available_choices(table: VoteTable, options: Options) -> dict[str, tuple[str, ...]]:
    """Say what can be chosen for a table.

    Parameters
    ----------
    table
        The votes.
    options
        The report's own choices.

    Returns
    -------
    dict
        By field of `Specification` its possible values, the report's own first.
    """
    adjust = report_controls(table, options)
    controls = ["report" if adjust else "none", "none"]
    controls += ["more"] if more_controls(table, adjust) else []
    controls += ["source"] if has_sources(table) else []
    found = {
        "ties": [options.ties.value, *(one.value for one in Ties)],
        "controls": controls,
        "weights": [options.weights.value, *(one.value for one in Weights)],
        "experts": [options.experts.value, *(one for one in Experts if _tells_apart(table, one))],
        "votes": _votes_choices(table, options),
    }
    return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}


def _votes_choices(table: VoteTable, options: Options) -> list[str]:
    if not table.context.excluded.any():
        return ["kept"]
    return ["kept", "all"] if options.exclusions is Exclusions.DROP else ["all", "kept"]


def _specifications(
    choices: dict[str, tuple[str, ...]], n_votes: int, budget: int
) -> tuple[list[Specification], bool]:
    """The report's own first; all, or as many changes at a time as the budget holds."""
    main = tuple(values[0] for values in choices.values())
    every = [Specification(*values) for values in product(*choices.values())]

    def changes(one: Specification) -> int:
        values = [getattr(one, field.name) for field in fields(one)]
        return sum(value != own for value, own in zip(values, main, strict=True))

    for most in (len(main), 2, 1):
        tried = sorted((one for one in every if changes(one) <= most), key=changes)
        if len(tried) * n_votes <= budget:
            break
    return tried, len(tried) == len(every)


def _tells_apart(table: VoteTable, by: Experts) -> bool:
    group = groups(table, by)
    return all((group == GROUPS.index(one)).any() for one in COMPARED)


@dataclass(frozen=True, slots=True, eq=False)
class _Maker:
    """Makes the votes of specifications, those that several share only once."""

    table: VoteTable
    options: Options
    made: dict[tuple[str, str, bool], dict[Group, GroupVotes]]
    before: dict[tuple[str, str, str, tuple[str, ...]], Comparison]

    def compare(self, one: Specification) -> Comparison:
        ties = Ties(one.ties)
        adjust = {"none": ()}.get(one.controls, report_controls(self.table, self.options))
        if one.controls == "more":
            adjust += more_controls(self.table, adjust)
        if one.experts == self.options.experts and one.controls != "source":
            known = self.before.get((one.votes, one.ties, one.weights, adjust))
            if known is not None:
                return known
        key = (one.experts, one.votes, ties is Ties.DROP)
        if key not in self.made:
            self.made[key] = self._votes(one, ties)
        votes = self.made[key]
        if one.controls == "source":
            found = {group: source_columns(own) for group, own in votes.items()}
            votes = {group: with_columns(own, found[group]) for group, own in votes.items()}
            adjust += tuple(found[COMPARED[0]])
        options = replace(self.options, ties=ties, weights=Weights(one.weights))
        return compare(votes, adjust, options)

    def _votes(self, one: Specification, ties: Ties) -> dict[Group, GroupVotes]:
        kept = one.votes == "kept"
        table = self.table.where(~self.table.context.excluded) if kept else self.table
        table = placed(table, Experts(one.experts))
        return {group: group_votes(table, group, ties) for group in COMPARED}


def _curve(
    choices: dict[str, tuple[str, ...]], results: list[SpecificationResult], *, complete: bool
) -> Curve:
    found = {one.specification: one for one in results}
    pairs = [
        (one, found[dropped])
        for one in results
        if one.specification.ties == Ties.HALF
        and (dropped := replace(one.specification, ties=Ties.DROP.value)) in found
    ]
    compared = [pair for pair in pairs if None not in {one.difference for one in pair}]
    conflicts = [(a, b) for a, b in compared if (a.difference or 0) * (b.difference or 0) < 0]
    differences = [one.comparison.difference for one in results if one.comparison.difference]
    ordered = sorted(results, key=lambda one: _place(one.difference))
    return Curve(
        choices=choices,
        results=tuple(ordered),
        main=results[0],
        complete=complete,
        above=sum(one.ci_low > 0 for one in differences),
        below=sum(one.ci_high < 0 for one in differences),
        tie_pairs=len(compared),
        tie_conflicts=len(conflicts),
        main_conflicts=any(
            replace(half.specification, ties=results[0].specification.ties)
            == results[0].specification
            for half, _ in conflicts
        ),
    )


def _place(difference: float | None) -> tuple[bool, float]:
    return (difference is None, difference or 0.0)
