"""What can be chosen about a report, and a posted form as filters."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from app.analysis import Exclusions, Experts, Ties, Weights
from app.analysis.sampling import EXTRA, is_installed
from app.analysis.wording import plain
from app.reports.building import EXPORTED, NUMERIC
from app.reports.filters import Filters

HOLD = "hold."

Choice = TypeVar("Choice", bound=StrEnum)

_TIES = [
    (Ties.HALF, "Half a choice for each poem"),
    (Ties.DROP, "Left out"),
    (Ties.ORDINAL, "An outcome of their own (Davidson’s model)"),
]
_WEIGHTS = [
    (Weights.TAU, "By how unlike raters are (as planned)"),
    (Weights.RATER, "Every rater counts the same"),
    (Weights.EQUAL, "Every vote counts the same"),
]
_EXCLUSIONS = [
    (Exclusions.DROP, "Left out; the answer says what it is with them"),
    (Exclusions.KEEP, "Counted; the answer says what it is without them"),
]
_EXPERTS = [
    (Experts.INVITATION, "Who came by the experts’ link"),
    (Experts.SELF_DESCRIBED, "Who calls themself an expert"),
    (Experts.SCORED, "Whose answers the study’s rule scores as an expert’s"),
    (Experts.SCORE, "Whose score of expertise is above the middle rater’s"),
]


def choices() -> dict[str, object]:
    """Only what the data of a study can know."""
    features = sorted(
        ((name, plain(name).capitalize()) for name in NUMERIC), key=lambda one: one[1]
    )
    return {
        "features": features,
        "ties": _TIES,
        "weights": _WEIGHTS,
        "experts": _EXPERTS,
        "hierarchical": is_installed(),
        "extra": EXTRA,
        "exclusions": _EXCLUSIONS if "excluded" in EXPORTED else [],
    }


def values_of(filters: Filters) -> dict[str, str]:
    """The form of a report, filled in as that report was."""
    stored = filters.as_dict()
    values = {name: str(stored[name] or "") for name in _FIELDS}
    held = {HOLD + name: "yes" for name in filters.adjust}
    return values | held | ({"hierarchical": "yes"} if filters.hierarchical else {})


_FIELDS = ("feature", "since", "until", "ties", "weights", "experts", "exclusions")


def filters_of(values: Mapping[str, str], of: Filters) -> tuple[Filters | None, dict[str, str]]:
    """The filters, or what is wrong, by field. What no form asks for stays as it was."""
    errors: dict[str, str] = {}
    feature = values.get("feature", of.feature)
    if feature not in NUMERIC:
        errors["feature"] = "Choose one of the features."
    since = _day(values, "since", "The first day", errors)
    until = _day(values, "until", "The last day", errors)
    if since and until and until < since:
        errors["until"] = "The last day must not be before the first."
    ties = _one_of(Ties, values, of.ties, errors)
    weights = _one_of(Weights, values, of.weights, errors)
    experts = _one_of(Experts, values, of.experts, errors)
    exclusions = _one_of(Exclusions, values, of.exclusions, errors)
    hierarchical = values.get("hierarchical") == "yes"
    if hierarchical and not is_installed():
        errors["hierarchical"] = f"Not installed here: {EXTRA} on the server."
    if errors:
        return None, errors
    held = tuple(name for name in NUMERIC if name != feature and values.get(HOLD + name) == "yes")
    usual = Filters().adjust
    filters = replace(
        of,
        feature=feature,
        adjust=usual if set(held) == set(usual) else held,
        since=since,
        until=until,
        exclusions=exclusions,
        ties=ties,
        weights=weights,
        experts=experts,
        hierarchical=hierarchical,
    )
    return filters, {}


def _day(values: Mapping[str, str], name: str, what: str, errors: dict[str, str]) -> date | None:
    typed = values.get(name, "").strip()
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        errors[name] = f"{what} must be a day, as in 2026-01-31."
        return None


def _one_of(
    kind: type[Choice], values: Mapping[str, str], usual: Choice, errors: dict[str, str]
) -> Choice:
    """Of the field that is named as the kind is."""
    name = kind.__name__.lower()
    try:
        return kind(values.get(name, usual))
    except ValueError:
        errors[name] = "Choose one of those listed."
        return usual
