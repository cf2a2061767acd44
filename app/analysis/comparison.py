"""The two groups side by side, under one set of options."""

from dataclasses import dataclass

from app.analysis.diagnostics import GroupVotes
from app.analysis.effects import (
    Difference,
    Estimate,
    GroupEffect,
    estimate_difference,
    estimate_group,
)
from app.analysis.options import Group, NotIdentified, Options, Ties, Weights

COMPARED = (Group.NONEXPERT, Group.EXPERT)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two groups' effects and their difference, under one set of options.

    Parameters
    ----------
    adjusted_for
        Controls held equal: those asked for, less those that said nothing in any group.
    weights, ties
        As in `Options`.
    groups
        Effect of each group; None where the votes cannot say.
    difference
        Non-experts less experts; None unless both are estimated.
    declined
        For what is None, by "nonexpert", "expert" and "difference", the sentence that says why.
    dropped
        Controls that said nothing in a group, by group.
    """

    adjusted_for: tuple[str, ...]
    weights: Weights
    ties: Ties
    groups: dict[Group, GroupEffect | None]
    difference: Difference | None
    declined: dict[str, str]
    dropped: dict[Group, tuple[str, ...]]

    @property
    def step(self) -> float:
        """How much more of the feature the poem has that win shares are of; 1 without any."""
        return next((one.step for one in self.groups.values() if one is not None), 1.0)

    @property
    def away(self) -> bool:
        """Whether both groups are shown to choose the poem with less of the feature."""
        effects = self.groups.values()
        return all(effect is not None and effect.ci_high < 0 for effect in effects)

    @property
    def votes(self) -> int:
        """Votes of both groups that entered; ties only where they are not left out."""
        effects = [effect for effect in self.groups.values() if effect is not None]
        ties = sum(one.ties for one in effects) if self.ties is Ties.DROP else 0
        return sum(one.votes for one in effects) - ties


def compare(
    votes: dict[Group, GroupVotes], adjust: tuple[str, ...], options: Options
) -> Comparison:
    """Estimate both groups' effects and their difference.

    Parameters
    ----------
    votes
        Votes of each of the two groups.
    adjust
        Controls to hold equal.
    options
        Weights, ties and variance.

    Returns
    -------
    Comparison
        Estimates, or the sentences that say why there are none.
    """
    found: dict[Group, Estimate] = {}
    declined: dict[str, str] = {}
    for group, own in votes.items():
        try:
            found[group] = estimate_group(
                own,
                adjust,
                weights=options.weights,
                ties=options.ties,
                variance=options.variance,
            )
        except NotIdentified as reason:
            declined[group.value] = str(reason)
    difference = None
    if len(found) == len(COMPARED):
        difference = estimate_difference(
            found[Group.NONEXPERT], found[Group.EXPERT], variance=options.variance
        )
    else:
        declined["difference"] = " ".join(dict.fromkeys(declined.values()))
    return Comparison(
        adjusted_for=tuple(name for name in adjust if _held(name, found)),
        weights=options.weights,
        ties=options.ties,
        groups={group: found[group].effect if group in found else None for group in COMPARED},
        difference=difference,
        declined=declined,
        dropped={group: one.dropped for group, one in found.items() if one.dropped},
    )


def _held(name: str, found: dict[Group, Estimate]) -> bool:
    return not found or any(name not in one.dropped for one in found.values())
