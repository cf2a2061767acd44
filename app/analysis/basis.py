"""What every part of a report may start from: the votes, and the estimates already made of them."""

from dataclasses import dataclass

from app.analysis.comparison import Comparison
from app.analysis.diagnostics import Data
from app.analysis.options import Exclusions, Options
from app.analysis.part_basis import basis_line
from app.analysis.votes import VoteTable
from app.analysis.wording import listed, plain


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """The votes of a report and its first results.

    Parameters
    ----------
    table
        The votes that are analysed: of a pair that came again the first alone.
    given
        The same with the excluded among them, which `options.exclusions` may have left out.
    invited
        As `given`, with the groups as invited, whatever `options.experts` says.
    every
        The votes that are analysed, with those on pairs that came again.
    options
        The options, `adjust` filled in.
    estimate, unadjusted, sensitivity, data, sentence, notes
        As of an `app.analysis.report.Analysis`.
    """

    table: VoteTable
    given: VoteTable
    invited: VoteTable
    every: VoteTable
    options: Options
    estimate: Comparison
    unadjusted: Comparison
    sensitivity: dict[str, Comparison]
    data: Data
    sentence: str
    notes: tuple[str, ...]

    @property
    def line(self) -> str:
        """What a part rests on that is computed as the main estimate."""
        return basis_line(
            self.estimate.votes,
            self.table,
            self.options,
            controls=listed([plain(name) for name in self.estimate.adjusted_for]) or "none",
        )

    @property
    def known(self) -> dict[str, list[Comparison]]:
        """The estimates by whether excluded votes are left out ("kept") or counted ("all")."""
        keeps_all = self.options.exclusions is Exclusions.KEEP
        own = "all" if keeps_all and self.given.context.excluded.any() else "kept"
        names = {"with_excluded": "all", "without_excluded": "kept"}
        found: dict[str, list[Comparison]] = {"all": [], "kept": []}
        found[own] += [self.estimate, self.unadjusted]
        for name, one in self.sensitivity.items():
            found[names.get(name, own)].append(one)
        return found
