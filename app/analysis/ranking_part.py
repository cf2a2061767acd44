"""The part of a report that ranks the sources."""

import numpy as np

from app.analysis.comparison import COMPARED
from app.analysis.options import Group, Options, Variance, Weights
from app.analysis.part_basis import WEIGHTS, basis_line, half_or_dropped
from app.analysis.parts import Cell, Part, PartColumn, declined
from app.analysis.ranking import DRAWS, Ranked, Ranking, Rankings, rank_sources
from app.analysis.votes import VoteTable
from app.analysis.wording import PEOPLE, counted, feature_words, percent

NAME = "ranking"
TITLE = "Whose poems are chosen most?"


def ranking_part(
    table: VoteTable, options: Options, rng: np.random.Generator | None = None
) -> Part:
    """Say how each group ranks the sources.

    Parameters
    ----------
    table
        The votes, with sources.
    options
        As of `app.analysis.ranking.rank_sources`.
    rng
        Source of randomness, for the intervals of ranks; None for the same one every time.

    Returns
    -------
    Part
        A row for each group and source, the strongest first; declined where no group can be asked.
    """
    found = rank_sources(table, options, rng or np.random.default_rng(0))
    method = _method(table.feature, options)
    noun = feature_words(table.feature).noun
    if not any(found.plain.values()):
        reasons = dict.fromkeys(found.declined[group, "plain"] for group in COMPARED)
        return declined(NAME, TITLE, " ".join(reasons), method=method)
    sentences = [_sentence(group, found, noun) for group in COMPARED]
    return Part(
        name=NAME,
        title=TITLE,
        sentence=" ".join(sentences),
        columns=_columns(noun),
        rows=tuple(row for group in COMPARED for row in _rows(group, found)),
        method=method,
        notes=_notes(found, table, noun),
        data={
            "feature": table.feature,
            "held_equal": noun,
            "draws": DRAWS,
            "log_odds_of_feature": {
                group.value: one.coefficient for group, one in found.held_equal.items() if one
            },
        },
        basis=basis_line(
            sum(one.votes for one in found.plain.values() if one),
            table,
            half_or_dropped(options),
            weights=WEIGHTS[_weights(options)],
            controls=f"none, and {noun} alone",
        ),
    )


def _sentence(group: Group, found: Rankings, noun: str) -> str:
    plain, equal = found.plain[group], found.held_equal[group]
    if plain is None:
        return found.declined[group, "plain"]
    first, n = plain.sources[0], len(plain.sources)
    text = (
        f"Among {n} sources, {first.source} comes first with {PEOPLE[group]}, who choose it over a "
        f"source of average strength in an estimated {percent(first.win_share)}% of choices (95% "
        f"interval {percent(first.win_share_ci_low)} to {percent(first.win_share_ci_high)})"
    )
    if first.rank_high > 1:
        text += f", though its rank may be anything from {_range(first)}"
    if equal is None:
        return f"{text}."
    other = equal.sources[0]
    if other.source != first.source:
        return (
            f"{text}; with {noun} held equal {other.source} comes first "
            f"({percent(other.win_share)}%, {_share_range(other)}; rank {_range(other)})."
        )
    return (
        f"{text}; with {noun} held equal it stays first "
        f"({percent(other.win_share)}%, {_share_range(other)})."
    )


def _range(one: Ranked) -> str:
    return f"{one.rank_low} to {one.rank_high}"


def _share_range(one: Ranked) -> str:
    return f"{percent(one.win_share_ci_low)} to {percent(one.win_share_ci_high)}"


def _rows(group: Group, found: Rankings) -> list[dict[str, Cell]]:
    plain, equal = found.plain[group], found.held_equal[group]
    if plain is None:
        return []
    beside = {one.source: one for one in equal.sources} if equal else {}
    return [
        {
            "group": PEOPLE[group],
            "source": one.source,
            **_numbers(one, ""),
            **_numbers(beside.get(one.source), "equal_"),
            "votes": one.votes,
        }
        for one in plain.sources
    ]


def _numbers(one: Ranked | None, prefix: str) -> dict[str, Cell]:
    names = (
        *("rank", "rank_low", "rank_high"),
        *("win_share", "win_share_ci_low", "win_share_ci_high"),
        *("strength", "ci_low", "ci_high", "se", "df"),
    )
    return {f"{prefix}{name}": None if one is None else getattr(one, name) for name in names}


def _columns(noun: str) -> tuple[PartColumn, ...]:
    found = [
        PartColumn("group", "Who chose", "The group of raters", "text"),
        PartColumn("source", "Source", "Who or what wrote the poems", "text"),
    ]
    for prefix, held in (("", ""), ("equal_", f", {noun} held equal")):
        found += [
            PartColumn(
                f"{prefix}rank",
                f"Rank{held}",
                f"Place among the sources, 1 for the most chosen{held}, with its 95% interval",
                "count",
                low=f"{prefix}rank_low",
                high=f"{prefix}rank_high",
            ),
            PartColumn(
                f"{prefix}win_share",
                f"Chosen over an average source{held}, %",
                f"Share of choices over a source of mean strength, sides balanced{held}",
                "percent",
                low=f"{prefix}win_share_ci_low",
                high=f"{prefix}win_share_ci_high",
            ),
            PartColumn(
                f"{prefix}strength",
                f"Strength{held}, log odds",
                f"Natural log odds against a source of mean strength{held}",
                low=f"{prefix}ci_low",
                high=f"{prefix}ci_high",
            ),
        ]
    last = PartColumn("votes", "Votes", "Votes between it and another source", "count")
    return (*found, last)


def _notes(found: Rankings, table: VoteTable, noun: str) -> tuple[str, ...]:
    notes = []
    for group in COMPARED:
        plain, equal = found.plain[group], found.held_equal[group]
        if plain is None:
            continue
        people = PEOPLE[group]
        if equal is None:
            notes.append(
                f"With {noun} held equal there is no ranking. {found.declined[group, 'held_equal']}"
            )
        notes += _precision_notes(people, [one for one in (plain, equal) if one])
        if found.unknown[group]:
            notes.append(
                f"{counted(found.unknown[group], 'vote')} by {people} on a poem of unknown source "
                f"{'is' if found.unknown[group] == 1 else 'are'} left out."
            )
    if not table.clustered_by_prompt:
        notes.append(
            "There are fewer than 5 prompts, so the votes are grouped by poem in the prompts' "
            "place; how well the intervals then hold the truth is less well known."
        )
    notes.append(
        f"The average source of a group is the mean of those it voted on. Sources differ in more "
        f"than {noun}: the ranking says whose poems of this study were chosen, not why."
    )
    return tuple(notes)


def _precision_notes(people: str, rankings: list[Ranking]) -> list[str]:
    notes = []
    if any(one.preliminary for one in rankings):
        notes.append(
            f"The ranking by {people} is preliminary: some interval is wide or rests on few raters "
            "or prompts."
        )
    if any(one.leans_on_one for one in rankings):
        notes.append(
            f"Among {people}, one rater or prompt alone tells some of the sources apart; the "
            "intervals are approximate."
        )
    return notes


def _weights(options: Options) -> Weights:
    """Weights by how much raters differ in the feature mean nothing to a ranking."""
    return Weights.RATER if options.weights is Weights.RATER else Weights.EQUAL


def _method(feature: str, options: Options) -> str:
    words = WEIGHTS[_weights(options)]
    weights = words.replace(" the", " counts the").capitalize() + "."
    shares = {
        Variance.TWO_WAY: "clustered by rater and by prompt (linearised jackknife)",
        Variance.RATER: "clustered by rater only (linearised jackknife)",
        Variance.NAIVE: "as if votes had nothing in common, which is too narrow",
    }[options.variance]
    return (
        "Bradley-Terry model with a side, fitted to each group's votes by maximum likelihood "
        "without any penalty: P(left chosen) = expit(a + s_left - s_right), the strengths s "
        "summing to 0, a tie counting as half a choice. Beside it the same with theta d added, d "
        f"the difference in {feature_words(feature).noun}, left minus right. Votes between poems "
        f"of one source speak only of a and theta. {weights}\n\n"
        "Chosen over an average source: 1/2 [expit(a + s) + expit(s - a)]. Variances are "
        f"{shares}, intervals from the t distribution with effective degrees of freedom. Rank: "
        f"counted in {DRAWS:,} draws from the multivariate t distribution of the strengths; the "
        "interval runs from the 2.5th to the 97.5th percentile.\n\n"
        "Assumed: that one number for each source describes all choices between two. No ranking is "
        "given where some sources were never compared with others, or always won (Ford 1957).\n\n"
        "Bradley, R. A. and Terry, M. E. (1952). Biometrika 39, 324-345. Ford, L. R. (1957). "
        "American Mathematical Monthly 64 (8), 28-33."
    )
