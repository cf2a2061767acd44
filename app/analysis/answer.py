"""The part of a report that answers its question."""

from app.analysis.basis import Basis
from app.analysis.comparison import Comparison
from app.analysis.effects import Difference, GroupEffect
from app.analysis.options import Group, Ties, Variance, Weights
from app.analysis.parts import Cell, Part, PartColumn
from app.analysis.share_scale import DIFFERENCE as DIFFERENCE_ROW
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
    which_leans_more,
)

NAME = "answer"
DIFFERENCE = "difference"

COLUMNS = (
    PartColumn("estimate", "Estimate", "Which estimate", "text"),
    PartColumn("group", "Group", "Group of raters, or the difference between them", "text"),
    PartColumn(
        "win_share",
        "Share of choices, %",
        "Win share: how often the fully rhymed poem is chosen, or that which is higher in another "
        "feature by as much as the text says, all else equal; for the "
        "difference, that of non-experts less that of experts, in points",
        "percent",
        low="win_share_low",
        high="win_share_high",
    ),
    PartColumn(
        "odds_ratio",
        "Odds ratio",
        "The same as an odds ratio; for the difference, the ratio of the two, non-experts to "
        "experts",
        "ratio",
        low="odds_ratio_low",
        high="odds_ratio_high",
    ),
    PartColumn("p_value", "p", "p value of no difference between the groups", "p"),
    PartColumn("df", "Effective df", "Effective degrees of freedom", "number"),
    PartColumn("votes", "Votes", "Votes, ties among them", "count"),
    PartColumn("raters", "Raters", "Raters who voted", "count"),
)


def answer_part(basis: Basis) -> Part:
    """Say how often the poem with more of the feature is chosen, by group.

    Parameters
    ----------
    basis
        The votes and the estimates.

    Returns
    -------
    Part
        A row for each group, and for the difference, under each set of options. `data` holds what
        the chart of `app.analysis.plots.win_share` needs.
    """
    feature = basis.table.feature
    found = [(_title(basis.estimate), basis.estimate)]
    if basis.estimate.adjusted_for:
        found.append((_title(basis.unadjusted), basis.unadjusted))
    found += [(_OTHERWISE.get(name, plain(name)), one) for name, one in basis.sensitivity.items()]
    rows = [row for title, one in found for row in _rows(title, one)]
    shown = any(effect is not None for effect in basis.estimate.groups.values())
    noun = feature_words(feature).noun
    return Part(
        name=NAME,
        title=f"How much does {noun} drive choices?",
        sentence=headline(feature, basis.estimate),
        declined=not shown,
        columns=COLUMNS if shown else (),
        rows=tuple(rows) if shown else (),
        method=_method(basis),
        notes=_otherwise_excluded(basis),
        data={
            "feature": feature,
            "ties": basis.options.ties.value,
            "step": basis.table.step,
            "adjusted_for": basis.estimate.adjusted_for,
            "groups": _shares(basis.estimate),
            "unadjusted": {"groups": _shares(basis.unadjusted)},
        },
    )


def _otherwise_excluded(basis: Basis) -> tuple[str, ...]:
    """The result with the excluded votes, or without them, in a line."""
    name = next((one for one in _EXCLUDED if one in basis.sensitivity), None)
    if name is None:
        return ()
    n, found = basis.data.excluded, basis.sensitivity[name]
    votes = f"{counted(n, 'vote')} marked as excluded"
    what = f"Without the {votes}" if name == "without_excluded" else f"With the {votes} counted too"
    shares = [
        f"{PEOPLE[group]} {percent(one.win_share)}% ({percent(one.win_share_ci_low)} to "
        f"{percent(one.win_share_ci_high)})"
        for group, one in found.groups.items()
        if one is not None
    ]
    if not shares:
        return (f"{what}, no estimate can be given.",)
    text = f"{what}: {listed(shares)}"
    if (one := found.difference) is not None:
        text += (
            f"; ratio of the odds ratios {one.ratio_of_odds_ratios:.2f} ({one.ratio_ci_low:.2f} to "
            f"{one.ratio_ci_high:.2f}, {p_value(one.p_value)})"
        )
    return (f"{text}.",)


def _shares(one: Comparison) -> dict[str, dict[str, float] | None]:
    """What the chart draws."""
    return {
        group.value: None
        if effect is None
        else {
            "win_share": effect.win_share,
            "win_share_ci_low": effect.win_share_ci_low,
            "win_share_ci_high": effect.win_share_ci_high,
        }
        for group, effect in one.groups.items()
    }


def headline(feature: str, comparison: Comparison) -> str:
    """Give the result in one or two sentences that can be quoted.

    Parameters
    ----------
    feature
        Column whose effect was asked for.
    comparison
        The estimates.

    Returns
    -------
    str
        The shares with their intervals and whether the groups differ; or what is missing.
    """
    shown = [(group, effect) for group, effect in comparison.groups.items() if effect is not None]
    missing = comparison.declined.get(DIFFERENCE, "")
    if not shown:
        return missing
    of_what = counted_choices(comparison.ties)
    shares = [
        _share(group, effect, of_what=None if ix else of_what)
        for ix, (group, effect) in enumerate(shown)
    ]
    text = f"{PEOPLE[shown[0][0]].capitalize()} are estimated to choose "
    text += f"{feature_words(feature, comparison.step).chosen} in {' and '.join(shares)}"
    if comparison.adjusted_for:
        text += f", with {listed([plain(name) for name in comparison.adjusted_for])} held equal"
    parts = [f"{text}."]
    if comparison.difference is not None:
        parts.append(_differ(feature, comparison.difference, away=comparison.away))
    if any(effect.preliminary for _, effect in shown):
        parts.append("This is preliminary: more raters, prompts or votes may change it.")
    return " ".join([*parts, missing]).rstrip()


def _share(group: Group, effect: GroupEffect, *, of_what: str | None) -> str:
    interval = f"{percent(effect.win_share_ci_low)} to {percent(effect.win_share_ci_high)}"
    if of_what:
        return f"{percent(effect.win_share)}% of {of_what} (95% interval {interval})"
    return f"{PEOPLE[group]} in {percent(effect.win_share)}% ({interval})"


def _differ(feature: str, difference: Difference, *, away: bool) -> str:
    if difference.differs:
        said = lean_more(feature, nonexperts=difference.log_odds > 0, away=away)
    else:
        said = f"{which_leans_more(feature)}, these votes do not settle"
    return (
        f"The difference, non-experts less experts, is {in_points(*_points(difference))}. "
        f"{sentence_case(said)}: the odds ratio of non-experts is "
        f"{in_ratio(difference.ratio_of_odds_ratios)} times that of experts (95% interval "
        f"{in_ratio(difference.ratio_ci_low)} to {in_ratio(difference.ratio_ci_high)}, "
        f"{p_value(difference.p_value)})."
    )


def _points(difference: Difference) -> tuple[float, float, float]:
    return difference.win_share, difference.win_share_ci_low, difference.win_share_ci_high


_EXCLUDED = ("with_excluded", "without_excluded")
_OTHERWISE = {
    "average_rater": "Every rater counting alike",
    "ties_dropped": "Ties left out",
    "ties_half": "Ties as half a choice for each",
    "with_excluded": "With the votes marked as excluded",
    "without_excluded": "Without the votes marked as excluded",
}


def _title(one: Comparison) -> str:
    if not one.adjusted_for:
        return "Nothing held equal"
    return f"With {listed([plain(name) for name in one.adjusted_for])} held equal"


def _rows(title: str, one: Comparison) -> list[dict[str, Cell]]:
    rows: list[dict[str, Cell]] = []
    for group, effect in one.groups.items():
        row: dict[str, Cell] = dict.fromkeys(_cells())
        row |= {"estimate": title, "group": PEOPLE[group].capitalize()}
        if effect is not None:
            row |= {
                "win_share": effect.win_share,
                "win_share_low": effect.win_share_ci_low,
                "win_share_high": effect.win_share_ci_high,
                "odds_ratio": effect.odds_ratio,
                "odds_ratio_low": effect.odds_ratio_ci_low,
                "odds_ratio_high": effect.odds_ratio_ci_high,
                "df": effect.df,
                "votes": effect.votes,
                "raters": effect.raters,
            }
        rows.append(row)
    if one.difference is not None:
        found = one.difference
        row = dict.fromkeys(_cells())
        row |= {
            "estimate": title,
            "group": DIFFERENCE_ROW,
            "win_share": found.win_share,
            "win_share_low": found.win_share_ci_low,
            "win_share_high": found.win_share_ci_high,
            "odds_ratio": found.ratio_of_odds_ratios,
            "odds_ratio_low": found.ratio_ci_low,
            "odds_ratio_high": found.ratio_ci_high,
            "p_value": found.p_value,
            "df": found.df,
        }
        rows.append(row)
    return rows


def _cells() -> list[str]:
    ends = [name for column in COLUMNS for name in (column.low, column.high) if name]
    return [*(column.name for column in COLUMNS), *ends]


_SHARED = {
    Variance.TWO_WAY: "Votes by one rater are alike, and so are votes on one {by}. Both are "
    "allowed for: standard errors are clustered by rater and by {by} at once, with a "
    "linearised jackknife for small numbers, and a t distribution with effective degrees of "
    "freedom (below 4 a result is called preliminary).",
    Variance.RATER: "Intervals are clustered by rater alone: they forget that the {by}s are a "
    "sample too, and are too narrow.",
    Variance.NAIVE: "Intervals take every vote for independent of every other, which they are not: "
    "they are too narrow.",
}
_WEIGHTED = {
    Weights.TAU: "Votes are weighted by 1 / (1 + tau² I), where tau² is how much raters differ in "
    "the effect and I how much a rater's votes say of it, so that a few raters with many votes do "
    "not decide.",
    Weights.EQUAL: "Every vote counts the same.",
    Weights.RATER: "Every rater counts the same: a vote counts 1 / its rater's votes.",
}


def _method(basis: Basis) -> str:
    words = feature_words(basis.table.feature, basis.table.step)
    held = [plain(name) for name in basis.estimate.adjusted_for]
    by, ties = basis.data.clustered_by, basis.options.ties
    right_hand = "expit(a + θ d + γ·z)" if held else "expit(a + θ d)"
    sources = _sources(ties, basis.options.variance)
    given = {
        "noun": words.noun,
        "fit": _FIT.get(ties, ""),
        "beside": f" and by their differences z in {listed(held)}" if held else "",
        "formula": f"E[y] = {right_hand}",
        "right_hand": right_hand,
        "preferred": _preferred(words.chosen),
        "by": by,
    }
    how = (
        _MODEL[ties],
        _SHOWN.replace("choices", counted_choices(ties), 1),
        f"{_SHARED[basis.options.variance]} {_WEIGHTED[basis.options.weights]}",
    )
    return "\n\n".join(text.format(**given) for text in (*how, _LEAST, *sources))


def _preferred(chosen: str) -> str:
    better, over, worse = chosen.partition(" over ")
    return f"{better} is chosen{over}{worse}"


_SIDES = "Each vote compares a left and a right poem: "
_LOGIT = (
    " For each group apart, a {fit} explains the vote by the difference d in {noun} between the "
    "two poems{beside}, with an intercept a for the side: {formula}."
)
_MODEL = {
    Ties.HALF: _SIDES + "left is 1, right is 0, and “can’t choose” is ½." + _LOGIT,
    Ties.DROP: _SIDES + "left is 1, right is 0, and “can’t choose” is left out." + _LOGIT,
    Ties.ORDINAL: _SIDES + "the outcome is left, right or “can’t choose”. For each group apart, "
    "Davidson’s model of ties explains it by the difference d in {noun} between the two "
    "poems{beside}, with an intercept a for the side. Among votes that decide, "
    "P(left) = {right_hand}.",
}
_FIT = {Ties.HALF: "fractional logistic regression", Ties.DROP: "logistic regression"}
_SHOWN = (
    "The share of choices, or win share, is ½ [expit(a + θ) + expit(θ − a)]: how often "
    "{preferred}, all else equal, with sides balanced. The odds ratio is exp(θ). The "
    "ratio of the two odds ratios, non-experts to experts, compares the groups: 1 is no "
    "difference, and it is the one primary test. The ends of the difference of the two "
    "shares are those of both intervals put together, with the correlation that shared {by}s give "
    "them (Zou and Donner 2008)."
)
_LEAST = (
    "No number is given for a group with fewer than 3 raters, 30 votes on pairs that differ in "
    "{noun}, or 5 {by}s, nor where all votes are on poems for one prompt."
)
_MODEL_SOURCE = {
    Ties.HALF: ("Papke and Wooldridge 1996 (fractional logit)",),
    Ties.DROP: (),
    Ties.ORDINAL: ("Davidson 1970 (ties as an outcome of their own)",),
}
_JACKKNIFE = "MacKinnon, Nielsen and Webb 2024 (linearised jackknife of a logit)"
_INTERVAL_SOURCES = {
    Variance.TWO_WAY: (
        "Cameron, Gelbach and Miller 2011 (two-way clusters)",
        "Aronow, Samii and Assenova 2015 (pairs that join two prompts)",
        _JACKKNIFE,
        "Satterthwaite 1946 (degrees of freedom)",
    ),
    Variance.RATER: (_JACKKNIFE,),
    Variance.NAIVE: (),
}


def _sources(ties: Ties, variance: Variance) -> list[str]:
    found = [*_MODEL_SOURCE[ties], *_INTERVAL_SOURCES[variance]]
    return [f"Sources: {'; '.join(found)}."] if found else []
