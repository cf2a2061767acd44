"""What the numbers of a part rest on, in a line: how many votes, and the options that apply."""

from dataclasses import replace

from app.analysis.options import Options, Ties, Variance, Weights
from app.analysis.votes import VoteTable
from app.analysis.wording import counted, listed, plain

TIES = {
    Ties.HALF: "as half a choice",
    Ties.DROP: "left out",
    Ties.ORDINAL: "as an outcome of their own",
}
WEIGHTS = {
    Weights.TAU: "adaptive (tau), by how much raters differ",
    Weights.EQUAL: "every vote the same",
    Weights.RATER: "every rater the same",
}


def half_or_dropped(options: Options) -> Options:
    """Give the options of a part that knows no ties as an outcome of their own.

    Parameters
    ----------
    options
        The report's own.

    Returns
    -------
    Options
        The same; ties count as half there.
    """
    if options.ties is not Ties.ORDINAL:
        return options
    return replace(options, ties=Ties.HALF)


def basis_line(
    votes: int | str,
    table: VoteTable,
    options: Options,
    *,
    ties: str | None = None,
    weights: str | None = None,
    intervals: str | None = None,
    controls: str | None = None,
) -> str:
    """Say what numbers rest on.

    Parameters
    ----------
    votes
        How many were used, or words for it.
    table
        The votes: whether they are clustered by prompt, and their controls.
    options
        What applies where nothing else is named below.
    ties, weights, intervals, controls
        What applies instead; empty where the computation knows no such choice.

    Returns
    -------
    str
        Without a full stop.

    Examples
    --------
    >>> from app.analysis.votes import VoteTable
    >>> table = VoteTable.from_frames(
    ...     {"vote_id": ["v"], "rater_id": ["r"], "expert": [1], "poem_left": ["a"],
    ...      "poem_right": ["b"], "choice": ["left"]},
    ...     {"poem_id": ["a", "b"], "rhyme_density": [1.0, 0.0]},
    ...     controls=(),
    ... )
    >>> basis_line(1, table, Options(weights=Weights.EQUAL), intervals="")
    '1 vote; ties as half a choice; weights: every vote the same; controls: none'
    """
    held = table.controls if options.adjust is None else options.adjust
    found = {
        "ties ": TIES[options.ties] if ties is None else ties,
        "weights: ": WEIGHTS[options.weights] if weights is None else weights,
        "intervals: ": intervals_by(table, options) if intervals is None else intervals,
        "controls: ": (listed([plain(name) for name in held]) or "none")
        if controls is None
        else controls,
    }
    first = votes if isinstance(votes, str) else counted(votes, "vote")
    return "; ".join([first, *(f"{name}{words}" for name, words in found.items() if words)])


def intervals_by(table: VoteTable, options: Options, level: str = "") -> str:
    """Say what intervals take votes to share.

    Parameters
    ----------
    table
        The votes.
    options
        The variance.
    level
        How wide they are, where it is not the usual 95%.

    Returns
    -------
    str
        Words.
    """
    place = "prompt" if table.clustered_by_prompt else "poem"
    words = {
        Variance.TWO_WAY: f"rater and {place} (two-way jackknife)",
        Variance.RATER: "rater alone (jackknife)",
        Variance.NAIVE: "votes taken for independent",
    }[options.variance]
    return f"{level}, {words}" if level else words
