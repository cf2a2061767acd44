"""Whether a group can be called neutral: shown by two one-sided tests, not by a large p value."""

import math
from dataclasses import asdict, dataclass

from scipy.special import stdtr, stdtrit

from app.analysis.comparison import COMPARED
from app.analysis.diagnostics import group_votes
from app.analysis.effects import GroupEffect, estimate_group, win_share
from app.analysis.moderation import controls_of
from app.analysis.multiplicity import ONE_OF_SEVERAL
from app.analysis.options import Group, NotIdentified, Options, Ties
from app.analysis.part_basis import basis_line, intervals_by
from app.analysis.parts import Part, PartColumn, declined
from app.analysis.votes import VoteTable
from app.analysis.wording import (
    PEOPLE,
    FeatureWords,
    counted_choices,
    feature_words,
    p_value,
    percent,
)

MARGINS = (0.05, 0.10)  # of a win share either side of a half; the first is the primary one
LEVEL = 0.05  # of each one-sided test, so that the interval has 90%

NAME = "neutrality"
METHOD = """Two one-sided tests (TOST). The win share is P = 1/2 [expit(a + theta) + \
expit(theta - a)], theta the log odds of the feature and a the pull of the left side, which is \
taken as estimated. A margin of m points stands for the theta at which P is 50 + m percent. One \
test asks whether theta lies above the lower margin, the other whether it lies below the upper \
one, each at 5% with the standard error and the degrees of freedom of the main estimate; p is the \
larger of the two, before any correction. Both succeed exactly when the 90% interval lies inside \
the margins. The p values are corrected for the number of secondary tests in a section of their \
own, which decides.

For rhyme theta is that of a fully rhymed poem against an unrhymed one. For another feature it is \
that of the difference that 95% of the pairs that differ do not exceed: a group that is neutral at \
one word more may be far from neutral at twenty.

A large p value in a test of "no effect" is not used: with few votes it would be large whatever \
the truth. Margins: 5 points either way (primary), 10 points (secondary).

Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power approach \
for assessing the equivalence of average bioavailability. Journal of Pharmacokinetics and \
Biopharmaceutics 15, 657-680. Lakens, D. (2017). Equivalence tests. Social Psychological and \
Personality Science 8, 355-362."""


@dataclass(frozen=True, slots=True)
class Neutrality:
    """What is known of one group's neutrality within one margin.

    Parameters
    ----------
    margin
        How far from a half a win share may lie, 0 to 0.5, both ends excluded.
    win_share, low, high
        Win share with its 90% interval, 0 to 1.
    p_value
        Of two one-sided tests, the larger; small where the group is neutral; 0 to 1.
    neutral
        Whether both tests succeed, each taken alone: the 90% interval lies inside the margins.
    leans
        1 where the 95% interval lies above a half, -1 where it lies below, otherwise 0. A group
        can be neutral within a margin and lean by less than that.
    """

    margin: float
    win_share: float
    low: float
    high: float
    p_value: float
    neutral: bool
    leans: int


def margin_log_odds(margin: float, intercept: float) -> float:
    """Log odds at which the win share is a half and a margin.

    Parameters
    ----------
    margin
        Above 0, below 0.5.
    intercept
        Natural log odds of the left poem where nothing differs.

    Returns
    -------
    float
        theta > 0 with 1/2 (expit(a + theta) + expit(theta - a)) = 1/2 + margin; by symmetry
        -theta belongs to 1/2 - margin.

    Notes
    -----
    With u = exp(theta), c = cosh(a) and s = 1/2 + margin the equation is
    (1 - s) u^2 - c (2 s - 1) u - s = 0, of which u is the positive root.

    Examples
    --------
    >>> round(win_share(0.7, margin_log_odds(0.05, 0.7)), 12)
    0.55
    >>> round(margin_log_odds(0.05, 0.0), 6)  # log(0.55 / 0.45)
    0.200671
    """
    share = 0.5 + margin
    pull = math.cosh(intercept) * (2 * share - 1)
    return math.log((pull + math.sqrt(pull**2 + 4 * share * (1 - share))) / (2 * (1 - share)))


def neutrality(effect: GroupEffect, margin: float = MARGINS[0]) -> Neutrality:
    """Test whether a group is neutral.

    Parameters
    ----------
    effect
        The group's effect.
    margin
        Largest distance from a half that counts as neutral, above 0, below 0.5.

    Returns
    -------
    Neutrality
        p value, 90% interval and what they show.

    Notes
    -----
    theta and se are those of the effect times its step. With theta_m from
    `margin_log_odds`: t_1 = (theta + theta_m) / se, t_2 = (theta_m - theta) / se,
    p = 1 - T_df(min(t_1, t_2)).

    References
    ----------
    Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power
    approach. Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680.
    """
    step, intercept = effect.step, effect.intercept
    theta, se = step * effect.log_odds, step * effect.se
    limit = margin_log_odds(margin, intercept)
    p_value = float(stdtr(effect.df, (abs(theta) - limit) / se))
    reach = float(stdtrit(effect.df, 1 - LEVEL)) * se
    return Neutrality(
        margin=margin,
        win_share=win_share(intercept, theta),
        low=win_share(intercept, theta - reach),
        high=win_share(intercept, theta + reach),
        p_value=p_value,
        neutral=p_value < LEVEL,
        leans=int(effect.ci_low > 0) - int(effect.ci_high < 0),
    )


def neutrality_part(table: VoteTable, options: Options) -> Part:
    """Say of each group whether it is neutral about the feature.

    Parameters
    ----------
    table
        The votes.
    options
        As of the main estimate.

    Returns
    -------
    Part
        A row for each group and margin; `data["tests"]` holds the tests.
    """
    noun = feature_words(table.feature).noun
    title = f"Can experts, or non-experts, be called neutral about {noun}?"
    found: dict[Group, tuple[Neutrality, ...]] = {}
    reasons: list[str] = []
    notes: list[str] = []
    for group in COMPARED:
        try:
            effect = estimate_group(
                group_votes(table, group, options.ties),
                controls_of(table, options),
                weights=options.weights,
                ties=options.ties,
                variance=options.variance,
            ).effect
        except NotIdentified as reason:
            reasons.append(str(reason))
            continue
        found[group] = tuple(neutrality(effect, margin) for margin in MARGINS)
        if effect.preliminary:
            notes.append(f"The figure for {PEOPLE[group]} is preliminary.")
    if not found:
        return declined(NAME, title, " ".join(dict.fromkeys(reasons)), method=METHOD)
    words = feature_words(table.feature, table.step)
    told = [_sentence(words, group, tests, options.ties) for group, tests in found.items()]
    if any(one.neutral for tests in found.values() for one in tests):
        told.append(ONE_OF_SEVERAL)
    return Part(
        name=NAME,
        title=title,
        sentence=" ".join([*told, *reasons]),
        columns=COLUMNS,
        rows=tuple(
            {"group": group.value, **asdict(one), "verdict": _verdict(words, one)}
            for group, tests in found.items()
            for one in tests
        ),
        method=METHOD,
        notes=(
            *notes,
            "These are 90% intervals, as the tests ask for; elsewhere intervals have 95%.",
        ),
        data={
            "feature": table.feature,
            "step": table.step,
            "of_what": counted_choices(options.ties),
            "tests": [
                {
                    "test": f"{PEOPLE[group].capitalize()} are neutral within "
                    f"{percent(one.margin)} points",
                    "part": NAME,
                    "about": f"neutral within {percent(one.margin)} points",
                    "group": group.value,
                    "p_value": one.p_value,
                }
                for group, tests in found.items()
                for one in tests
            ],
        },
        basis=basis_line(
            sum(len(group_votes(table, group, options.ties).outcome) for group in found),
            table,
            options,
            intervals=intervals_by(table, options, "90%"),
        ),
    )


COLUMNS = (
    PartColumn("group", "Group", "Group of raters", "text"),
    PartColumn("margin", "Margin either side of 50%", "What counts as neutral", "percent"),
    PartColumn(
        "win_share",
        "Share of choices (90% interval)",
        "Share of choices for the fully rhymed poem, or for the poem that is higher in another "
        "feature by as much as the sentence says, all else equal",
        "percent",
        "low",
        "high",
    ),
    PartColumn("low", "from", "Lower end of the 90% interval", "percent"),
    PartColumn("high", "to", "Upper end of the 90% interval", "percent"),
    PartColumn(
        "p_value", "p", "Of the two one-sided tests, before correction; small where neutral", "p"
    ),
    PartColumn("verdict", "Verdict", "What the interval says", "text"),
)


def _verdict(words: FeatureWords, one: Neutrality) -> str:
    lean = _lean(words, one)
    if one.neutral:
        also = f", but {lean}" if lean else ""
        return f"neutral within {percent(one.margin)} points before correction{also}"
    return lean or "not shown to be neutral"


def _lean(words: FeatureWords, one: Neutrality) -> str:
    way = {1: "leans toward", -1: "leans away from", 0: ""}[one.leans]
    return way and f"{way} {words.noun}"


def _sentence(words: FeatureWords, group: Group, tests: tuple[Neutrality, ...], ties: Ties) -> str:
    people, first = PEOPLE[group].capitalize(), tests[0]
    lean = _lean(words, first).replace("leans", "lean")
    shown, p = next((one for one in tests if one.neutral), None), ""
    if shown is not None:
        p = f"{p_value(shown.p_value)} before correction; "
        said = f"can be called neutral about {words.noun} within {percent(shown.margin)} points"
        said += " by this test alone"
        said += "" if shown is first else f", though not within {percent(first.margin)}"
        said += f", and {lean} by less than that" if lean else ""
    elif lean:
        said = f"are not shown to be neutral: they {lean}"
    else:
        said = f"are neither shown to be neutral about {words.noun} nor to lean either way"
    return (
        f"{people} {said} ({p}estimated share of {counted_choices(ties)} for {words.chosen}: "
        f"{percent(first.win_share)}%, 90% interval {percent(first.low)} to "
        f"{percent(first.high)}%)."
    )
