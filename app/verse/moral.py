"""Whether the lines that end a poem state a lesson or a consolation."""

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from app.verse.text import words

LONGEST = 8  # of a longer ending only the last lines are read
_SHORTEST_PAST = 5  # not *bed*, *shed*
DAMPING = 10  # words added to every ending, so that one cue in five words is no certainty

_COMMANDS = frozenset(
    words(
        "abide accept ask be bear become begin behold believe bless breathe celebrate cherish "
        "choose come cling count dance dare don't do dream embrace fear fight find follow forget "
        "forgive gather give go grieve hear heed hold honor honour hope hush join judge keep kiss "
        "know lead learn leave let lift listen live look love make mourn never nurture open play "
        "pray praise put raise reach rejoice remember rest rise run savor savour seek seize share "
        "shine sing sit sow speak stand stay step strive take teach tell thank think treasure "
        "treat trust try turn wait wake walk weep work write"
    )
)
_REASONS = frozenset(words("because for if may maybe perhaps so that thus until what when"))
_ALL = frozenset(
    words(
        "all always any anyone each every everyone everything forever forevermore man men never no "
        "nobody none nothing one those whatever whoever who"
    )
)
_WE = frozenset(words("let's our ours ourselves us we we'll we're we've"))
_I = frozenset(words("i i'd i'll i'm i've me mine my myself"))
_OTHERS = frozenset(words("he he'd her him his she she'd their them they they'd"))
_MUST = frozenset(words("can can't cannot must need shall should will won't"))
_IS = frozenset(words("are aren't do does has have is isn't it's knows makes that's there's"))
_PAST = frozenset(
    words(
        "began brought came did died fell felt found gave got had heard held knew left made ran "
        "rode rose said sat saw stood thought told took turned used was wept were went wore"
    )
)
_NOTIONS = frozenset(
    words(
        "beauty being bliss bond born calm charity comfort courage death dream dreams earth end "
        "endless eternal eternity existence faith fear freedom friendship gift glory god good "
        "grace gratitude greatness grief harmony heart hearts heaven home hope hopes human "
        "humanity infinite journey joy joys justice kindness life life's lives loss love love's "
        "loved magic mercy might moment moments nature nature's patience peace pride promise "
        "purpose sorrow sorrows soul souls spirit spirits strength strife time truth truths "
        "universe virtue wealth wisdom wonder wonders world worth youth"
    )
)
_TEACHING = frozenset(
    words(
        "answer enough find know known knows learn learned learns lesson lessons matter matters "
        "means moral remember remind reminding reminds secret taught teach teaches tells "
        "understand understood wise wiser"
    )
)
_WISHES = frozenset({"let", "may"})
_WISHED = frozenset(words("each every love me no our the us we you your"))
_CUES: defaultdict[str, list[str]] = defaultdict(list)  # of a word, wherever it stands
for _cue, _listed in {
    "all": _ALL,
    "we": _WE,
    "i": _I,
    "others": _OTHERS,
    "must": _MUST,
    "is": _IS,
    "notion": _NOTIONS,
    "teaching": _TEACHING,
}.items():
    for _word in _listed:
        _CUES[_word].append(_cue)

# Made by scripts/fit_moral.py: log odds by the rate of a cue.
INTERCEPT = -3.33
WEIGHTS = {
    "wish": 82.3,
    "command": 63.2,
    "reason": 42.9,
    "all": 24.4,
    "we": 33.2,
    "i": -22.4,
    "others": -31.6,
    "must": 44.1,
    "is": 27.0,
    "past": -24.1,
    "notion": 18.6,
    "teaching": 45.7,
}


def moral_cues(lines: Sequence[Sequence[str]]) -> dict[str, int]:
    """Count what speaks for and against a lesson or consolation.

    Parameters
    ----------
    lines : sequence of sequence of str
        The words of each line, in small letters, with straight apostrophes.

    Returns
    -------
    dict of str to int
        By cue, in the order of `WEIGHTS`: *let us*, *may your* (``wish``); lines that begin with a
        command (``command``) or a reason, *for*, *so*, *perhaps* (``reason``); words of all or
        none (``all``), of we (``we``), I (``i``) and others (``others``); *must*, *will*
        (``must``), the present tense (``is``) and the past (``past``); abstract nouns, *love*,
        *time* (``notion``); words of teaching (``teaching``).

    Examples
    --------
    >>> found = moral_cues([["so", "let", "us", "hope"], ["for", "love", "is", "all"]])
    >>> {cue: count for cue, count in found.items() if count}
    {'wish': 1, 'reason': 2, 'all': 1, 'we': 1, 'is': 1, 'notion': 2}
    """
    read = [word for line in lines for word in line]
    starts = [line[0] for line in lines if line]
    counts = dict.fromkeys(WEIGHTS, 0)
    for word in filter(_CUES.__contains__, read):
        for cue in _CUES[word]:
            counts[cue] += 1
    counts["past"] = sum([word in _PAST or (word[-1:] == "d" and _is_past(word)) for word in read])
    if not _WISHES.isdisjoint(read):
        counts["wish"] = sum([one in _WISHES and two in _WISHED for one, two in pairwise(read)])
    counts["command"] = sum(map(_COMMANDS.__contains__, starts))
    counts["reason"] = sum(map(_REASONS.__contains__, starts))
    return counts


def moral(lines: Sequence[Sequence[str]]) -> float | None:
    """Give how likely the lines that end a poem state a lesson or a consolation.

    Parameters
    ----------
    lines : sequence of sequence of str
        The words of each line, in small letters, with straight apostrophes. Only the last eight
        lines are read.

    Returns
    -------
    float or None
        0 (surely not) to 1 (surely). None without words.

    Notes
    -----
    1 / (1 + exp(-z)), where z is `INTERCEPT` and for each cue its weight times its rate: its count
    divided by 10 more than the number of words. A standard deviation of any rate counts as much as
    that of any other (unit weights); the intercept and the scale are those of a logistic regression
    on endings that were labelled by hand. docs/verse.md says how well it does.

    References
    ----------
    Dawes, R. M. (1979). The robust beauty of improper linear models in decision making. American
    Psychologist 34, 571-582.

    Examples
    --------
    >>> lesson = moral([["so", "let", "us", "hope"], ["for", "love", "is", "all"]])
    >>> image = moral([["a", "wasp", "walked", "the", "rim"], ["of", "his", "glass"]])
    >>> lesson > 0.9, image < 0.2
    (True, True)
    """
    read = lines[-LONGEST:]
    n_words = sum(map(len, read))
    if not n_words:
        return None
    counts = moral_cues(read)
    total = sum([weight * counts[cue] for cue, weight in WEIGHTS.items()])
    return 1 / (1 + math.exp(-INTERCEPT - total / (n_words + DAMPING)))


def _is_past(word: str) -> bool:
    """Whether a word has the form of a regular past."""
    regular = word.endswith(("ed", "'d")) and not word.endswith("eed")
    return regular and len(word) >= _SHORTEST_PAST
