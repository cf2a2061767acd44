"""Words of statistics that a report cannot do without, and what they mean in plain words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A word and its meaning.

    Parameters
    ----------
    name
        As in the address of its definition: "win-share".
    term
        The word as the list of words gives it.
    meaning
        One sentence or two, for a reader without statistics.
    forms
        Regular expressions of what stands for it in a sentence, without regard to capitals.
    """

    name: str
    term: str
    meaning: str
    forms: tuple[str, ...]


GLOSSARY = (
    Entry(
        "win-share",
        "Win share, share of choices",
        "How often the poem with more of something, as of rhyme, is chosen when everything else "
        "that was counted is the same. 50% means that it makes no difference.",
        ("win shares?", "shares? of choices"),
    ),
    Entry(
        "interval",
        "95% interval",
        "The range that these votes leave open. Intervals made in this way hold the true value in "
        "95 of 100 studies; a wide one says that more raters, prompts or votes are needed.",
        (r"9[05]% intervals?", "confidence intervals?"),
    ),
    Entry(
        "odds-ratio",
        "Odds ratio",
        "The odds are how often something is chosen for each time that it is not: 64% is 64 to 36, "
        "or 1.8. The odds ratio says how many times larger the odds are with rhyme, or "
        "with more of what the report is about, than without; 1 is no difference.",
        ("odds ratios?",),
    ),
    Entry(
        "ratio-of-odds-ratios",
        "Ratio of odds ratios",
        "The odds ratio of non-experts divided by that of experts. 1 means that both groups lean "
        "to rhyme, or to what the report is about, alike; above 1 non-experts lean more to it than "
        "experts do, below 1 less.",
        ("ratio of the (?:two )?odds ratios", "ratio of odds ratios"),
    ),
    Entry(
        "effective-df",
        "Effective degrees of freedom (df)",
        "About how many independent observations an interval is worth. A thousand votes by three "
        "people are worth no more than three people; below 4 a result is preliminary.",
        ("effective degrees of freedom", "effective df", "degrees of freedom"),
    ),
    Entry(
        "controlled",
        "Controlled for, held equal",
        "Poems that rhyme may also be longer or shorter. Holding length equal means asking what "
        "rhyme does between poems of the same length.",
        ("controlled for", "held equal", "controls?", "uncontrolled", "adjusted"),
    ),
    Entry(
        "jackknife",
        "Jackknife",
        "Leaving out one rater, or one prompt, after the other to see how much the result moves: "
        "that shows how sure it is.",
        ("jackknife",),
    ),
    Entry(
        "bootstrap",
        "Bootstrap",
        "Drawing raters and prompts again and again from those there are, to see how much the "
        "result would differ in another study like this one.",
        ("bootstrap",),
    ),
    Entry(
        "p-value",
        "p value",
        "How often votes at least this far from no difference would come about by chance alone if "
        "there were none. A large one is no proof that there is no difference.",
        (r"p values?", r"p-values?", r"p (?==|<)"),
    ),
    Entry(
        "prompt",
        "Prompt",
        "The task that several poems answer, as “write about rain”. Poems for one prompt are "
        "alike, so many votes on few prompts say less than they seem to.",
        ("prompts?",),
    ),
    Entry(
        "tie",
        "Tie",
        "A vote for “can’t choose”. It counts as half a choice for each poem, unless it is said "
        "to be left out.",
        ("ties?",),
    ),
    Entry(
        "expert",
        "Expert, non-expert",
        "The two groups of raters. Who is an expert was decided by the invitation, unless the "
        "report says otherwise at its top: by raters’ own word, or by their answers to questions.",
        (),
    ),
    Entry(
        "rhyme-density",
        "Rhyme density",
        "The share of a poem’s lines that rhyme with another: 0 is an unrhymed poem, 1 a fully "
        "rhymed one.",
        ("rhyme density",),
    ),
    Entry(
        "clustered",
        "Clustered",
        "Votes by one person, or on one prompt, are alike; an interval that is clustered by them "
        "does not take them for as many independent opinions.",
        ("clustered",),
    ),
    Entry(
        "preliminary",
        "Preliminary",
        "Rests on so few raters, prompts or votes that more of them may well change it.",
        ("preliminary",),
    ),
    Entry(
        "power",
        "Power",
        "How many of 100 studies like this one would find a difference of a given size, if it is "
        "there. 80 is usually asked for. It is about planning: it does not say how sure a finding "
        "is.",
        ("power",),
    ),
    Entry(
        "smallest-difference",
        "Smallest difference seen, minimal detectable difference",
        "The least difference between the groups that a study of this size finds in 80 of 100 "
        "cases. A smaller one may be there and not be seen.",
        ("smallest difference", "minimal detectable difference"),
    ),
    Entry(
        "points",
        "Percentage points",
        "From 50% to 60% are 10 points.",
        ("percentage points?",),
    ),
    Entry(
        "multiplicity",
        "Corrected for many tests",
        "Who asks twenty questions finds one answer by chance alone. The correction asks more of "
        "each of them.",
        ("holm", "benjamini-hochberg", "corrected for many tests"),
    ),
)

_BY_NAME = {entry.name: entry for entry in GLOSSARY}
# The longest first, so that "ratio of odds ratios" is not read as "odds ratios".
_FORMS = sorted(
    ((form, entry.name) for entry in GLOSSARY for form in entry.forms), key=lambda one: -len(one[0])
)
_ANY = re.compile(
    r"(?<!\w)(?:" + "|".join(f"({form})" for form, _ in _FORMS) + r")(?!\w)", re.IGNORECASE
)


def marked(text: str, known: set[str]) -> Iterator[tuple[str, Entry | None]]:
    """Part a sentence into words that are explained and all else.

    Parameters
    ----------
    text
        The sentence.
    known
        Names of entries that were explained before, which are not explained again; those found
        are added.

    Yields
    ------
    tuple
        A piece of the text, and its entry or None; the pieces make up the text.

    Examples
    --------
    >>> [(piece, entry and entry.name) for piece, entry in marked("A tie is no choice.", set())]
    [('A ', None), ('tie', 'tie'), (' is no choice.', None)]
    """
    at = 0
    for found in _ANY.finditer(text):
        name = _FORMS[(found.lastindex or 1) - 1][1]
        if name in known:
            continue
        known.add(name)
        word = found.group().rstrip()
        if found.start() > at:
            yield text[at : found.start()], None
        yield word, _BY_NAME[name]
        at = found.start() + len(word)
    if at < len(text):
        yield text[at:], None
