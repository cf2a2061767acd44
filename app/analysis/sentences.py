"""Results in sentences: what a journalist can quote and a statistician need not correct."""

from collections.abc import Collection

from app.analysis.comparison import Comparison
from app.analysis.diagnostics import Data
from app.analysis.effects import Difference, GroupEffect
from app.analysis.options import Group, Ties
from app.analysis.wording import (
    PEOPLE,
    counted,
    counted_choices,
    feature_words,
    in_points,
    in_ratio,
    lean_more,
    listed,
    p_value,
    percent,
    plain,
    sentence_case,
    unmeasured,
    which_leans_more,
)

FEW_RATERS = 8  # docs/calibration.md
FEW_PROMPTS = (
    "There are fewer than 5 prompts, so the votes are grouped by poem in the prompts' place. That "
    "does not make up for it: with 2 to 4 prompts of many poems the 95% interval of non-experts "
    "held the truth in only 72 to 86% of simulated studies. The result is preliminary; more "
    "prompts are needed."
)
NO_PROMPTS = (
    "The poems have no prompts, so the votes are grouped by poem in the prompts' place; in "
    "simulated studies of such poems the intervals held the truth as often as with prompts."
)
TIES = {
    Ties.HALF: "a tie counts as half",
    Ties.DROP: "ties left out",
    Ties.ORDINAL: "ties being an outcome of their own",
}


def summary(feature: str, comparison: Comparison) -> str:
    """Give the result in one sentence, or in two where something is missing.

    Parameters
    ----------
    feature
        Column whose effect was asked for.
    comparison
        The estimates.

    Returns
    -------
    str
        Shares with intervals, and what they say of the groups; or what is missing.
    """
    shown = [(group, effect) for group, effect in comparison.groups.items() if effect is not None]
    reasons = comparison.declined.get("difference", "")
    if not shown:
        return reasons
    held = ""
    if comparison.adjusted_for:
        held = f"with {listed([plain(name) for name in comparison.adjusted_for])} held equal, "
    chosen = feature_words(feature, comparison.step).chosen
    group, effect = shown[0]
    text = (
        f"{held}{PEOPLE[group]} choose {chosen} in an estimated "
        f"{percent(effect.win_share)}% of {counted_choices(comparison.ties)} "
        f"(95% interval {_share_range(effect)}"
        f"; {TIES[comparison.ties]})"
    )
    for group, effect in shown[1:]:
        text += f", {PEOPLE[group]} in {percent(effect.win_share)}% ({_share_range(effect)})"
    if comparison.difference is not None:
        text += f": {_difference(feature, comparison.difference, away=comparison.away)}"
    return sentence_case(
        f"{'preliminary: ' if _preliminary(comparison) else ''}{text}. {reasons}".rstrip()
    )


def _preliminary(comparison: Comparison) -> bool:
    found = [*comparison.groups.values(), comparison.difference]
    return any(one is not None and one.preliminary for one in found)


def _share_range(effect: GroupEffect) -> str:
    return f"{percent(effect.win_share_ci_low)} to {percent(effect.win_share_ci_high)}"


def _difference(feature: str, difference: Difference, *, away: bool) -> str:
    share = in_points(
        difference.win_share, difference.win_share_ci_low, difference.win_share_ci_high
    )
    numbers = (
        f"{in_ratio(difference.ratio_of_odds_ratios)} (95% interval "
        f"{in_ratio(difference.ratio_ci_low)} to {in_ratio(difference.ratio_ci_high)}, "
        f"{p_value(difference.p_value)})"
    )
    ratio = (
        f"a difference of {share}; the ratio of the two odds ratios, non-experts to experts, is "
        f"{numbers}"
    )
    if difference.differs:
        said = lean_more(feature, nonexperts=difference.log_odds > 0, away=away)
        return f"{ratio}, so {said}"
    return f"{ratio}, so these votes show neither that the groups differ nor that they are alike"


def verdict(feature: str, comparison: Comparison) -> str | None:
    """Give the result in one line, where it is precise enough for that.

    Parameters
    ----------
    feature
        Column whose effect was asked for.
    comparison
        The estimates.

    Returns
    -------
    str or None
        None unless both groups' win shares are known to within 10 points either way and nothing
        is preliminary.
    """
    difference = comparison.difference
    precise = all(effect is not None and effect.precise for effect in comparison.groups.values())
    if difference is None or not precise or _preliminary(comparison):
        return None
    if difference.differs:
        nonexperts, away = difference.log_odds > 0, comparison.away
        return f"{sentence_case(lean_more(feature, nonexperts=nonexperts, away=away))}."
    return f"{sentence_case(which_leans_more(feature))}, these votes do not settle."


def notes(
    feature: str,
    data: Data,
    estimate: Comparison,
    sensitivity: dict[str, Comparison],
    *,
    uneven: Collection[Group],
) -> tuple[str, ...]:
    """State the limits of a result.

    Parameters
    ----------
    feature
        Column whose effect was asked for.
    data
        What the result was computed from.
    estimate
        The result.
    sensitivity
        The same result under other options.
    uneven
        Groups in which some raters gave more votes than others.

    Returns
    -------
    tuple of str
        One sentence or two each, the most pressing first.
    """
    shown = {group: effect for group, effect in estimate.groups.items() if effect is not None}
    found = [*_data_notes(data)]
    if shown:
        found += _precision_notes(feature, data, estimate, shown)
        found += _method_notes(feature, estimate, sensitivity, shown, uneven)
    return tuple(found)


def _data_notes(data: Data) -> list[str]:
    found = []
    if data.simulated == data.rows and data.rows:
        found.append("All of these votes are simulated: these figures say nothing about people.")
    elif data.simulated:
        found.append(
            f"{data.simulated:,} of {counted(data.rows, 'vote')} are simulated: the figures do not "
            "speak of people alone."
        )
    if data.left_out:
        pairs = "a pair" if data.left_out == 1 else "pairs"
        found.append(
            f"{counted(data.left_out, 'vote')} on {pairs} with {unmeasured(data.missing)} "
            f"{_are(data.left_out)} left out."
        )
    judged = data.counts[Group.JUDGE].votes
    if judged:
        found.append(
            f"{counted(judged, 'vote')} by language models as judges {_are(judged)} left out."
        )
    return found


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _precision_notes(
    feature: str, data: Data, estimate: Comparison, shown: dict[Group, GroupEffect]
) -> list[str]:
    found = []
    noun = feature_words(feature).noun
    if data.few_prompts:
        found.append(FEW_PROMPTS)
    elif data.clustered_by == "poem":
        found.append(NO_PROMPTS)
    for group, effect in shown.items():
        people = PEOPLE[group]
        if effect.preliminary:
            found.append(
                f"The figure for {people} is preliminary: its interval is wide or rests on few "
                "raters or prompts."
            )
        if effect.leans_on_one:
            found.append(
                f"Among {people}, one rater or {data.clustered_by} alone tells some of the "
                "measures apart; the interval is approximate."
            )
        if effect.ci_low <= 0 <= effect.ci_high:
            found.append(
                f"The {people}' interval includes 50%, so these votes do not settle whether "
                f"{people} lean to {noun} or away from it; this is no evidence that they are "
                "indifferent."
            )
        if effect.raters <= FEW_RATERS:
            found.append(
                "With so few raters more than 95% of simulated intervals held the truth (99% with "
                f"8): that of the {people} may be a little too wide."
            )
    found += [
        f"Among {PEOPLE[group]}, {listed([plain(name) for name in names])} could not be held "
        "equal: it never differs within a pair, or follows from the other measures."
        for group, names in estimate.dropped.items()
    ]
    return found


def _method_notes(
    feature: str,
    estimate: Comparison,
    sensitivity: dict[str, Comparison],
    shown: dict[Group, GroupEffect],
    uneven: Collection[Group],
) -> list[str]:
    noun = feature_words(feature).noun
    found = [f"The poems differ in more than {noun}; only the measures named are held equal."]
    others = any(one.weights is not estimate.weights for one in sensitivity.values())
    if others and any(group in uneven for group in shown):
        found.append(
            "The figures lean to raters who gave many votes; an estimate in which every rater "
            "counts alike is given with them."
        )
    if estimate.difference is not None and _scales_differ(estimate.difference):
        found.append(
            "The ratio of the odds ratios and the difference in points do not agree whether 0 is "
            "within the interval; the ratio is the primary test."
        )
    if len(shown) > 1 and _signs_differ(estimate, sensitivity):
        found.append(
            "Whether ties count as half or are left out changes which group leans more to "
            f"{feature_words(feature).toward}: take neither for settled."
        )
    return found


def _scales_differ(difference: Difference) -> bool:
    in_points = difference.win_share_ci_low > 0 or difference.win_share_ci_high < 0
    return in_points != difference.differs or difference.win_share * difference.log_odds < 0


def _signs_differ(estimate: Comparison, sensitivity: dict[str, Comparison]) -> bool:
    differences = [one.difference for one in sensitivity.values() if one.ties is not estimate.ties]
    own = estimate.difference
    return own is not None and any(
        other is not None and own.log_odds * other.log_odds < 0 for other in differences
    )
