"""The parts of a report on expertise as a score, and on who counts as an expert."""

from app.analysis.comparison import COMPARED, Comparison
from app.analysis.diagnostics import CHANCE
from app.analysis.experts import Definition, Expertise, definitions, expertise
from app.analysis.moderation import in_words
from app.analysis.multiplicity import ONE_OF_SEVERAL
from app.analysis.options import Experts, Group, NotIdentified, Options
from app.analysis.part_basis import basis_line, half_or_dropped
from app.analysis.parts import Cell, Part, PartColumn, declined
from app.analysis.votes import VoteTable
from app.analysis.wording import (
    PEOPLE,
    counted,
    counted_choices,
    feature_words,
    halved_choices,
    p_value,
    percent,
)

NAME = "expertise"
METHOD = """All people's votes in one fit, judges left out: a fractional logit of the choice on \
the difference d in the feature, on d z, on z and on the differences of the controls, where z is \
the rater's score of expertise less the raters' mean, divided by the raters' standard deviation \
(every rater counts once). Weights, kind of intervals and degrees of freedom as for the \
main estimate. The change is the coefficient of d z. The curve is the win \
share at z: 1/2 [expit(a + theta) + expit(theta - a)] with the theta and the a of that z, drawn \
between the scores that 5% and 95% of the raters do not exceed.

Assumed: that the log odds change in proportion to the score, and that the controls count alike \
for all raters."""

NO_PROOF = (
    "Experts differ from others in more than expertise; the curve describes the raters of this "
    "study and is no proof that expertise itself changes taste."
)

DEFINITIONS_NAME = "definitions"
DEFINITIONS_METHOD = """The main estimate with the same options, the groups drawn in another way \
each time: as the raters were invited; as they describe themselves; as the rule that the study \
fixed before it opened scored their answers; by whether their score of expertise lies above the \
median of all raters with a score. Votes of raters whom a definition cannot place are left out of \
its row. The definitions were not chosen by their results: all are shown, that of the main \
estimate among them."""

OWN = " (main estimate)"
HEADINGS = {
    Experts.INVITATION: "As invited",
    Experts.SELF_DESCRIBED: "As they describe themselves",
    Experts.SCORED: "As their answers were scored",
    Experts.SCORE: "By score, above the median or not",
}


def expertise_part(table: VoteTable, options: Options) -> Part:
    """Say how choices for the feature change with the score of expertise.

    Parameters
    ----------
    table
        The votes.
    options
        As of the main estimate.

    Returns
    -------
    Part
        A row for each point of the curve; declined where the file has no scores.
    """
    noun = feature_words(table.feature).noun
    title = f"Does {noun} count less the more expert the rater?"
    try:
        found = expertise(table, options)
    except NotIdentified as reason:
        return declined(NAME, title, str(reason), method=METHOD)
    change = found.change
    left_out = (
        (f"Left out because the rater has no score: {counted(found.left_out, 'vote')}.",)
        if found.left_out
        else ()
    )
    return Part(
        name=NAME,
        title=title,
        sentence=_sentence(table, found, halved_choices(options.ties)),
        columns=COLUMNS,
        rows=tuple(
            {
                "score": score,
                "share": share.value,
                "share_ci_low": share.low,
                "share_ci_high": share.high,
            }
            for score, share in found.curve
        ),
        method=METHOD,
        notes=(
            *left_out,
            NO_PROOF,
        ),
        data={
            "feature": table.feature,
            "step": table.step,
            "of_what": halved_choices(options.ties),
            "change": change.log_odds,
            "change_ci_low": change.ci_low,
            "change_ci_high": change.ci_high,
            "se": change.se,
            "df": change.df,
            "p_value": change.p_value,
            "mean": found.mean,
            "sd": found.sd,
            "raters": found.raters,
            "votes": found.votes,
            "left_out": found.left_out,
            "tests": [
                {
                    "test": f"{noun.capitalize()} counts alike whatever the score of expertise",
                    "part": NAME,
                    "about": "score of expertise",
                    "group": "",
                    "p_value": change.p_value,
                }
            ],
        },
        basis=basis_line(found.votes, table, half_or_dropped(options)),
    )


COLUMNS = (
    PartColumn("score", "Score of expertise", "In the units of the file", "number"),
    PartColumn(
        "share",
        "Share of choices",
        "Share of choices for the poem with a step more of the feature by raters of this score",
        "percent",
        "share_ci_low",
        "share_ci_high",
    ),
)


def _sentence(table: VoteTable, found: Expertise, of_what: str) -> str:
    words, change = feature_words(table.feature, table.step), found.change
    (low, at_low), (high, at_high) = found.curve[0], found.curve[-1]
    numbers = (
        f"at a low score ({low:.3g}) an estimated {in_words(at_low)} of {of_what} are for "
        f"{words.chosen}, at a high score ({high:.3g}) {in_words(at_high)}, 95% intervals, "
        f"{p_value(change.p_value)} before correction"
    )
    if change.ci_low <= 0 <= change.ci_high:
        return (
            "These votes do not show that raters of higher expertise lean more or less to "
            f"{words.toward} than others: {numbers}."
        )
    way, other = ("higher", "lower") if change.log_odds > 0 else ("lower", "higher")
    said = f"Raters of {way} expertise lean more to {words.toward} than those of {other} expertise"
    if max(at_low.value, at_high.value) < CHANCE:
        said = (
            f"Raters of {other} expertise lean further away from {words.toward} than those of "
            f"{way} expertise"
        )
    return f"{said}: {numbers}. {ONE_OF_SEVERAL}"


def definitions_part(table: VoteTable, options: Options) -> Part:
    """Set the comparison of the groups under each definition of an expert side by side.

    Parameters
    ----------
    table
        The votes.
    options
        As of the main estimate.

    Returns
    -------
    Part
        A row for each definition that the file allows.
    """
    title = "Does it matter who counts as an expert?"
    found = definitions(table, options)
    made = [one for one in found if _estimated(one)]
    reasons = {HEADINGS[one.by]: _reason(one) for one in found if one not in made}
    if not made:
        first = found[0].found
        why = first.declined["difference"] if first else "Nobody has voted yet."
        return declined(DEFINITIONS_NAME, title, why, method=DEFINITIONS_METHOD)
    return Part(
        name=DEFINITIONS_NAME,
        title=title,
        sentence=_definitions_sentence(table, made, counted_choices(options.ties)),
        columns=DEFINITION_COLUMNS,
        rows=tuple(_row(one, options.experts) for one in made),
        method=DEFINITIONS_METHOD,
        notes=tuple(f"{heading}: {reason}" for heading, reason in reasons.items()),
        data={
            "feature": table.feature,
            "step": table.step,
            "of_what": counted_choices(options.ties),
        },
        basis=basis_line(_votes_of(made), table, options),
    )


def _votes_of(made: list[Definition]) -> str:
    """How many votes each definition uses."""
    votes = {one.found.votes for one in made if one.found is not None}
    least, most = min(votes), max(votes)
    return counted(most, "vote") if least == most else f"{least:,} to {most:,} votes, by definition"


def _estimated(one: Definition) -> bool:
    return one.found is not None and any(one.found.groups.values())


def _reason(one: Definition) -> str:
    if one.found is not None:
        return one.found.declined["difference"]
    return f"the votes do not say (column {_COLUMNS[one.by]})."


_COLUMNS = {
    Experts.INVITATION: "group",
    Experts.SELF_DESCRIBED: "self_described",
    Experts.SCORED: "scored_as",
    Experts.SCORE: "expertise_score",
}


def _shares() -> tuple[PartColumn, ...]:
    found: list[PartColumn] = []
    for group in COMPARED:
        people, name = PEOPLE[group], group.value
        found += [
            PartColumn(
                f"{name}_share",
                f"{people.capitalize()}: share of choices",
                f"Share of choices for the poem with a step more of the feature by {people}",
                "percent",
                f"{name}_share_ci_low",
                f"{name}_share_ci_high",
            ),
            PartColumn(f"{name}_raters", f"{people.capitalize()}", "Raters", "count"),
        ]
    return tuple(found)


DEFINITION_COLUMNS = (
    PartColumn("heading", "Who counts as an expert", "How the groups are drawn", "text"),
    *_shares(),
    PartColumn(
        "ratio",
        "Ratio of odds ratios",
        "Odds ratio of non-experts to that of experts",
        "ratio",
        "ratio_ci_low",
        "ratio_ci_high",
    ),
    PartColumn("p_value", "p", "p value of no difference, not corrected", "p"),
    PartColumn(
        "alike",
        "Placed as invited",
        "Share of the raters placed who are in the group they were invited to",
        "percent",
    ),
    PartColumn("left_out", "Left out", "Votes of people in neither group", "count"),
)


def _row(one: Definition, own: Experts) -> dict[str, Cell]:
    assert one.found is not None  # noqa: S101
    row: dict[str, Cell] = {
        "definition": one.by.value,
        "heading": HEADINGS[one.by] + (OWN if one.by is own else ""),
        "cut": one.cut,
    }
    for group in COMPARED:
        row |= _group_cells(one.found, group)
    fields = {"ratio": "ratio_of_odds_ratios", "log_odds": "log_odds", "p_value": "p_value"}
    fields |= {f"ratio_{end}": f"ratio_{end}" for end in ("ci_low", "ci_high")}
    return (
        row | _cells(one.found.difference, fields) | {"alike": one.alike, "left_out": one.left_out}
    )


def _group_cells(found: Comparison, group: Group) -> dict[str, Cell]:
    fields = {f"share{end}": f"win_share{end}" for end in ("", "_ci_low", "_ci_high")}
    fields = {f"{group.value}_{name}": field for name, field in fields.items()}
    return _cells(found.groups[group], {**fields, f"{group.value}_raters": "raters"})


def _cells(of: object | None, fields: dict[str, str]) -> dict[str, Cell]:
    return {name: None if of is None else getattr(of, field) for name, field in fields.items()}


def _definitions_sentence(table: VoteTable, made: list[Definition], of_what: str) -> str:
    told = [f"{HEADINGS[one.by]}: {_told(one.found)}" for one in made if one.found]
    chosen = feature_words(table.feature, table.step).chosen
    return f"Estimated share of {of_what} for {chosen}, with 95% intervals. {' '.join(told)}"


def _told(found: Comparison) -> str:
    shares = [
        f"{PEOPLE[group]} {percent(effect.win_share)}% ({percent(effect.win_share_ci_low)} to "
        f"{percent(effect.win_share_ci_high)})"
        for group, effect in found.groups.items()
        if effect is not None
    ]
    difference = found.difference
    p = f"; difference {p_value(difference.p_value)}" if difference else "; no comparison"
    return f"{', '.join(shares)}{p}."
