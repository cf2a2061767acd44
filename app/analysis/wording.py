"""What features and groups are called in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.analysis.options import Group, Ties
from app.analysis.votes import RHYME

PEOPLE = {Group.EXPERT: "experts", Group.NONEXPERT: "non-experts", Group.JUDGE: "judges"}
CONTROL_WORDS = {"n_lines": "number of lines", "words_per_line": "words per line"}


@dataclass(frozen=True, slots=True)
class FeatureWords:
    """How sentences speak of a feature.

    Parameters
    ----------
    noun
        The feature, as in "drives choices".
    chosen
        What is chosen over what, when the feature of two poems differs by so much.
    toward
        What is leant to by who chooses by it.
    """

    noun: str
    chosen: str
    toward: str


def feature_words(feature: str, by: float = 1.0) -> FeatureWords:
    """Words for a feature.

    Parameters
    ----------
    feature
        Name of its column.
    by
        How much higher the poem chosen is in a feature other than rhyme density, in its units.

    Returns
    -------
    FeatureWords
        For rhyme density in terms of rhyme, for any other in terms of so much more of it.

    Examples
    --------
    >>> feature_words("latin").chosen
    'the poem that is 1 higher in latin'
    """
    if feature == RHYME:
        return FeatureWords("rhyme", "a fully rhymed poem over an unrhymed one", "rhyme")
    noun = plain(feature)
    return FeatureWords(
        noun, f"the poem that is {by:.3g} higher in {noun}", f"poems higher in {noun}"
    )


def lean_more(feature: str, *, nonexperts: bool, away: bool = False) -> str:
    """Say which group's effect is the higher, in words that hold whatever the signs.

    Parameters
    ----------
    feature
        Name of its column.
    nonexperts
        Whether the log odds of non-experts are above those of experts.
    away
        Whether both are below 0.

    Returns
    -------
    str
        A clause that tells the direction and no size.

    Examples
    --------
    >>> lean_more("rhyme_density", nonexperts=False)
    'experts lean more to rhyme than non-experts do'
    >>> lean_more("rhyme_density", nonexperts=False, away=True)
    'non-experts lean further away from rhyme than experts do'
    """
    people = (PEOPLE[Group.NONEXPERT], PEOPLE[Group.EXPERT])
    more, less = people if nonexperts else people[::-1]
    toward = feature_words(feature).toward
    if away:
        return f"{less} lean further away from {toward} than {more} do"
    return f"{more} lean more to {toward} than {less} do"


def which_leans_more(feature: str) -> str:
    """Name the question that the difference between the groups answers.

    Parameters
    ----------
    feature
        Name of its column.

    Returns
    -------
    str
        A clause to be followed by who does not settle it.

    Examples
    --------
    >>> which_leans_more("latin")
    'whether non-experts or experts lean more to poems higher in latin'
    """
    return f"whether non-experts or experts lean more to {feature_words(feature).toward}"


def sentence_case(text: str) -> str:
    """A clause as it begins a sentence.

    Parameters
    ----------
    text
        The clause.

    Returns
    -------
    str
        Its first letter a capital, the others as they are.

    Examples
    --------
    >>> sentence_case("non-experts of GPT")
    'Non-experts of GPT'
    """
    return text[:1].upper() + text[1:]


def plain(column: str) -> str:
    """A column's name in plain words.

    Parameters
    ----------
    column
        Name of a column.

    Returns
    -------
    str
        Words without underscores.

    Examples
    --------
    >>> plain("n_lines"), plain("uplift_ending")
    ('number of lines', 'uplift ending')
    """
    words = CONTROL_WORDS.get(column, column.replace("_", " ").replace("meter", "metre"))
    return f"number of {words[2:]}" if words.startswith("n ") else words


def counted_choices(ties: str) -> str:
    """Say of which choices a win share is.

    Parameters
    ----------
    ties
        A value of `app.analysis.options.Ties`.

    Returns
    -------
    str
        All choices where a tie counts as half of one, else those that decide.

    Examples
    --------
    >>> counted_choices("drop")
    'choices that decide'
    """
    return "choices" if ties == Ties.HALF else "choices that decide"


def halved_choices(ties: str) -> str:
    """Say of which choices a share is where ties are halves unless they are left out.

    Parameters
    ----------
    ties
        A value of `app.analysis.options.Ties`.

    Returns
    -------
    str
        As of `counted_choices`, for a section that knows no outcome of their own for ties.

    Examples
    --------
    >>> halved_choices("ordinal")
    'choices'
    """
    return counted_choices(Ties.HALF if ties == Ties.ORDINAL else ties)


def listed(words: Sequence[str], last: str = "and") -> str:
    """Join words as a sentence does.

    Parameters
    ----------
    words
        The words.
    last
        What stands before the last of them.

    Returns
    -------
    str
        "a", "a and b", "a, b and c".

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def unmeasured(columns: Sequence[str]) -> str:
    """A poem that lacks a number.

    Parameters
    ----------
    columns
        Names of the columns of which it lacks one.

    Returns
    -------
    str
        With its article.

    Examples
    --------
    >>> unmeasured(["rhyme_density", "n_lines"])
    'a poem whose rhyme density or number of lines could not be measured'
    """
    measures = listed([plain(name) for name in columns], "or")
    return f"a poem whose {measures} could not be measured"


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    Parameters
    ----------
    number
        How many.
    noun
        In the singular; its plural ends in s.

    Returns
    -------
    str
        "1 rater", "2 raters".

    Examples
    --------
    >>> counted(1, "rater"), counted(1200, "vote")
    ('1 rater', '1,200 votes')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def percent(share: float) -> str:
    """A share in whole percent, without the sign.

    Parameters
    ----------
    share
        0 to 1.

    Returns
    -------
    str
        As in "64".

    Examples
    --------
    >>> percent(0.6449)
    '64'
    """
    return f"{100 * share:.0f}"


def in_points(difference: float, low: float, high: float, interval: str = "95% interval") -> str:
    """A difference of two shares with its interval.

    Parameters
    ----------
    difference, low, high
        -1 to 1.
    interval
        What the interval is called.

    Returns
    -------
    str
        In whole points.

    Examples
    --------
    >>> in_points(0.031, -0.04, 0.106)
    '3 points (95% interval −4 to 11)'
    """
    value, *ends = (f"{100 * one:.0f}" for one in (difference, low, high))
    value, *ends = (("0" if one == "-0" else one).replace("-", "−") for one in (value, *ends))
    unit = "point" if value in {"1", "−1"} else "points"
    return f"{value} {unit} ({interval} {ends[0]} to {ends[1]})"


def p_value(p: float) -> str:
    """A p-value as it is printed.

    Parameters
    ----------
    p
        0 to 1.

    Returns
    -------
    str
        Two digits, three below 0.1, "p < 0.001" below 0.001.

    Examples
    --------
    >>> p_value(0.377), p_value(0.047), p_value(1e-9)
    ('p = 0.38', 'p = 0.047', 'p < 0.001')
    """
    if p < 0.001:  # noqa: PLR2004
        return "p < 0.001"
    return f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"  # noqa: PLR2004


def in_ratio(value: float) -> str:
    """An odds ratio, or a ratio of them, as it is printed.

    Parameters
    ----------
    value
        Above 0.

    Returns
    -------
    str
        Two decimals; two digits where it is very small or large.

    Examples
    --------
    >>> in_ratio(1.456), in_ratio(0.0012)
    ('1.46', '0.0012')
    """
    return f"{value:.2f}" if 0.01 <= value < 1000 else f"{value:.2g}"  # noqa: PLR2004
