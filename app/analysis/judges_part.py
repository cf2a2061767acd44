"""The part of a report that sets judges beside people."""

from app.analysis.judges import MIN_JUDGES, Judgement, Judgements, judge_effects
from app.analysis.options import Group, Options, Variance, Weights
from app.analysis.part_basis import WEIGHTS, basis_line, half_or_dropped
from app.analysis.parts import Cell, Part, PartColumn, declined
from app.analysis.votes import GROUPS, VoteTable
from app.analysis.wording import PEOPLE, counted, feature_words, listed, percent, plain

NAME = "judges"
TITLE = "Do language models choose as people do?"
NAMED = 3  # judges that the sentence names


def judges_part(table: VoteTable, options: Options) -> Part:
    """Set the choices of judges beside those of people.

    Parameters
    ----------
    table
        The votes.
    options
        As of `app.analysis.judges.judge_effects`.

    Returns
    -------
    Part
        A row for each judge, for all of them together and for each group of people; declined where
        no judge can be estimated.
    """
    if not (table.group == GROUPS.index(Group.JUDGE)).any():
        reason = "No language model has judged these pairs, so there is none to set beside people."
        return declined(NAME, TITLE, reason, method=_method(table, options))
    found = judge_effects(table, options)
    if not found.judges and not any(one.group is Group.JUDGE for one in found.groups):
        reasons = [text for who, text in found.declined.items() if who not in _people()]
        return declined(
            NAME, TITLE, " ".join(dict.fromkeys(reasons)), method=_method(table, options)
        )
    return Part(
        name=NAME,
        title=TITLE,
        sentence=_sentence(feature_words(table.feature, table.step).chosen, found),
        columns=_columns(table),
        rows=tuple(_row(one, found) for one in (*found.judges, *found.groups)),
        method=_method(table, options),
        notes=_notes(table, found),
        data={"feature": table.feature, "chosen": feature_words(table.feature, table.step).chosen},
        basis=_basis(table, options, found),
    )


def _basis(table: VoteTable, options: Options, found: Judgements) -> str:
    """Judges by themselves are computed otherwise than groups."""
    place = "prompt" if table.clustered_by_prompt else "poem"
    of_one = Variance.NAIVE if options.variance is Variance.NAIVE else Variance.TWO_WAY
    each = [f"{one.who} {counted(one.votes, 'vote')}" for one in found.judges]
    groups = [f"{one.who} {counted(one.votes, 'vote')}" for one in found.groups]
    options = half_or_dropped(options)
    alone = basis_line(
        f"Each judge: {listed(each)}",
        table,
        options,
        weights=WEIGHTS[Weights.EQUAL],
        intervals=f"{place} (CR2)" if of_one is Variance.TWO_WAY else None,
    )
    return ". ".join(
        [
            *([alone] if each else []),
            *([basis_line(f"Groups: {listed(groups)}", table, options)] if groups else []),
        ]
    )


def _people() -> set[str]:
    return {PEOPLE[Group.NONEXPERT], PEOPLE[Group.EXPERT]}


def _kind(one: Judgement, found: Judgements) -> str:
    return "judge" if one in found.judges else one.who


def _row(one: Judgement, found: Judgements) -> dict[str, Cell]:
    kind = _kind(one, found)
    return {
        "who": "all judges together" if kind == PEOPLE[Group.JUDGE] else one.who,
        "kind": kind,
        "win_share": one.win_share,
        "win_share_ci_low": one.win_share_ci_low,
        "win_share_ci_high": one.win_share_ci_high,
        "log_odds": one.log_odds,
        "ci_low": one.ci_low,
        "ci_high": one.ci_high,
        "se": one.se,
        "df": one.df,
        "votes": one.votes,
        "prompts": one.prompts,
    }


def _share(one: Judgement) -> str:
    low, high = percent(one.win_share_ci_low), percent(one.win_share_ci_high)
    return f"{percent(one.win_share)}% ({low} to {high})"


def _sentence(chosen: str, found: Judgements) -> str:
    together = [one for one in found.groups if one.group is Group.JUDGE]
    people = [one for one in found.groups if one.group is not Group.JUDGE]
    if together and len(found.judges) > NAMED:
        said = [f"{counted(len(found.judges), 'judge')} together in {_share(together[0])}"]
    else:
        said = [f"the judge {one.who} in {_share(one)}" for one in found.judges]
    said += [f"{one.who} in {_share(one)}" for one in people]
    return f"Share of choices for {chosen}, with 95% intervals: {listed(said)}."


def _columns(table: VoteTable) -> tuple[PartColumn, ...]:
    words = feature_words(table.feature, table.step)
    noun, chosen = words.noun, words.chosen
    place = "Prompts" if table.clustered_by_prompt else "Poems"
    return (
        PartColumn("who", "Who chose", "The judge, or the group", "text"),
        PartColumn("kind", "Kind", "A judge by itself, all judges, or a group of people", "text"),
        PartColumn(
            "win_share",
            f"Choices for {chosen}, %",
            f"Share of choices for {chosen}, sides balanced, a tie counting half",
            "percent",
            low="win_share_ci_low",
            high="win_share_ci_high",
        ),
        PartColumn(
            "log_odds",
            f"Effect of {noun}, log odds",
            f"Natural log odds for being 1 higher in {noun}",
            low="ci_low",
            high="ci_high",
        ),
        PartColumn("se", "Standard error", "Standard error of the log odds"),
        PartColumn("df", "Degrees of freedom", "Effective degrees of freedom of the interval"),
        PartColumn("votes", "Votes", "Votes analysed", "count"),
        PartColumn("prompts", place, f"{place} that the votes touch", "count"),
    )


def _notes(table: VoteTable, found: Judgements) -> tuple[str, ...]:
    notes = [*dict.fromkeys(found.declined.values())]
    if not any(one.group is Group.JUDGE for one in found.groups) and len(found.judges) < MIN_JUDGES:
        notes.append(
            f"Judges are taken together from {MIN_JUDGES} on: of fewer it cannot be told how much "
            "judges differ."
        )
    notes.append(
        "The interval of a judge speaks of that judge on other prompts; it says nothing of other "
        "judges, nor of the same model asked in other words."
    )
    if not table.clustered_by_prompt:
        notes.append(
            "There are fewer than 5 prompts, so the votes are grouped by poem in the prompts' "
            "place; how well the intervals then hold the truth is less well known."
        )
    return tuple(notes)


def _method(table: VoteTable, options: Options) -> str:
    adjust = table.controls if options.adjust is None else options.adjust
    held = listed([plain(name) for name in adjust] or ["nothing"])
    one = (
        "taken as if votes had nothing in common, which is too narrow"
        if options.variance is Variance.NAIVE
        else "clustered by prompt: CR2 with Satterthwaite's degrees of freedom, or, where votes "
        "touch two prompts, the linearised jackknife over prompts"
    )
    return (
        "Fractional logit with a side, as for people: P(left chosen) = expit(a + theta d + g'z), d "
        f"the difference in {feature_words(table.feature).noun}, z the controls ({held}), a tie "
        f"counting half. One judge is one cluster, so its votes count the same and are {one}. "
        f"{MIN_JUDGES} judges or more are also taken together, as raters of one group.\n\n"
        "Bell, R. M. and McCaffrey, D. F. (2002). Survey Methodology 28, 169-181. Pustejovsky, "
        "J. E. and Tipton, E. (2018). Journal of Business & Economic Statistics 36, 672-683."
    )
