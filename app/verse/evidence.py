"""How much the sounds, letters and use of two words speak for a rhyme.

Two steps. A score of sound adds a weight for every feature of `app.verse.contrast`; its weights
come from pairs that rhyme often in a large corpus of verse against pairs drawn by chance. The
evidence then adds to it what verse marked by people says of each kind of difference, how often
the two endings rhyme in the corpus against chance (`app.verse.association`), and how often the very
pair does.
"""

import gzip
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import product
from typing import NamedTuple

from app.verse.association import letter_association, sound_association, word_association
from app.verse.contrast import common_letters, letter_features, sound_features
from app.verse.endings import Ending, Part, ending
from app.verse.tables import count_of_pair

FAINTEST = -12.0
FARTHEST_SOUND = -12.0  # a score of sound below which nothing else is asked
MOST_UNLESS_SAME, LEAST_IF_SURE = 3.5, 4.0
_REMEMBERED = 200_000
_BOUNDS = (-16.0, 8.0)
_SURE = frozenset({"level:0-0, same 1", "doubt 0, same 1"})
_SAME_CODA = frozenset({"coda=", "open="})

Weights = Mapping[str, float]


class _Bends(NamedTuple):
    """Where a number's weight may change: it enters in straight pieces."""

    name: str
    knots: dict[float, str]
    scale: float

    def pieces(self, value: float, kind: str) -> dict[str, float]:
        """The number as features; `kind`, if any, gives it one more weight of its own."""
        found = {self.name: value / self.scale}
        if kind:
            found[f"{self.name}, {kind}"] = value / self.scale
        for knot, name in self.knots.items():
            if value > knot:
                found[name] = (value - knot) / self.scale
        return found


def _bends(name: str, knots: tuple[float, ...], scale: float) -> _Bends:
    return _Bends(name, {knot: f"{name} above {knot:g}" for knot in knots}, scale)


_SCORE = _bends("score", (-10, -7, -5, -3, -1, 1, 3, 5), 5.0)
_SOUNDS = _bends("sounds", (-2, -1, 0, 1, 3), 3.0)
_LETTERS = _bends("spelling", (-2, -1, 0, 1, 3), 3.0)
_WORDS = _bends("words", (-1, 0, 1, 3), 3.0)


@dataclass(frozen=True, slots=True)
class Sound:
    """How two words sound together, in the way that speaks most for a rhyme.

    Attributes
    ----------
    score : float
        Sum of the weights of its features and of the letters': natural log odds, up to a constant.
    features : tuple of str
        The features of the best two parts; empty where the words have no parts to compare.
    parts : tuple of (Part, Part) or None
        These parts.
    """

    score: float
    features: tuple[str, ...]
    parts: tuple[Part, Part] | None


@lru_cache(_REMEMBERED)
def evidence(word: str, other: str) -> float:
    """Give the evidence that two line ends were meant to rhyme.

    Parameters
    ----------
    word, other : str
        Two words; their order, case and accents do not matter.

    Returns
    -------
    float
        Natural log of the ratio of two probabilities: of such a pair where lines rhyme, and where
        they do not. Above 3 for most rhymes, -12 for words that have nothing in common.

    Notes
    -----
    A logistic regression without its prior odds: ``sum(weight * feature)``.

    Examples
    --------
    >>> evidence("light", "night") > evidence("stone", "gone") > 0 > evidence("night", "river")
    True
    """
    one, two = sorted((ending(word), ending(other)), key=lambda end: end.spelling)
    weights = packaged_weights()
    if one.spelling == two.spelling:
        return weights["repeated"]["weight"]
    sound = hear(one, two, weights["sound"])
    if sound.score < FARTHEST_SOUND or not sound.features:
        return FAINTEST
    return max(FAINTEST, weigh(one, two, sound, weights["evidence"]))


def heard(word: str, other: str) -> Sound:
    """Give how two words sound together.

    Parameters
    ----------
    word, other : str
        Two words.

    Returns
    -------
    Sound
        With the packaged weights.

    Examples
    --------
    >>> heard("light", "night").features[:3]
    ('level:0-0', 'vowel=', 'coda=')
    """
    one, two = sorted((ending(word), ending(other)), key=lambda end: end.spelling)
    return hear(one, two, packaged_weights()["sound"])


def hear(one: Ending, two: Ending, weights: Weights) -> Sound:
    """Give how two words sound together, by given weights.

    Parameters
    ----------
    one, two : Ending
        Two words.
    weights : mapping of str to float
        By feature; those without a weight count nothing.

    Returns
    -------
    Sound
        Of all pairs of parts the one with the highest score.

    Examples
    --------
    >>> from app.verse.endings import ending
    >>> hear(ending("light"), ending("night"), {"vowel=": 2.0}).score
    2.0
    """
    best: tuple[float, tuple[str, ...], tuple[Part, Part] | None] = (-math.inf, (), None)
    for pair in product(one.parts, two.parts):
        features = sound_features(*pair)
        if features is not None:
            score = sum([weights.get(name, 0.0) for name in features])
            if score > best[0]:
                best = (score, features, pair)
    score, features, parts = best
    letters = sum([weights.get(name, 0.0) for name in letter_features(one, two)])
    return Sound(score + letters + weights.get("constant", 0.0), features, parts)


def weigh(one: Ending, two: Ending, sound: Sound, weights: Weights) -> float:
    """Add up the evidence for a rhyme of two words, by given weights.

    Parameters
    ----------
    one, two : Ending
        Two words.
    sound : Sound
        How they sound together.
    weights : mapping of str to float
        By feature of `evidence_features`, and the ``constant``.

    Returns
    -------
    float
        Natural log of a ratio of probabilities.

    Examples
    --------
    >>> from app.verse.endings import ending
    >>> one, two = ending("light"), ending("line")
    >>> weigh(one, two, hear(one, two, {}), {"constant": -1.0, "vowel same": 3.0})
    2.0
    """
    return add_up(evidence_features(one, two, sound), weights)


def add_up(found: Mapping[str, float], weights: Weights) -> float:
    """Add up features by their weights.

    Parameters
    ----------
    found : mapping of str to float
        As `evidence_features` gives them.
    weights : mapping of str to float
        By feature, and the ``constant``.

    Returns
    -------
    float
        Below 3.5 unless all sounds from the vowel on are the same, and at least 4 where they are
        and the syllable has the main stress: what is over 2.5 is bent towards 3.5, for however
        often *love* and *prove* are rhymed, they are no better a rhyme than *love* and *above*.

    Examples
    --------
    >>> add_up({"count": 1.0}, {"count": 1.0, "constant": 1.0})
    2.0
    >>> 3.49 < add_up({"count": 2.0}, {"count": 4.0, "constant": 1.0}) < 3.5
    True
    """
    total = sum([weights.get(name, 0.0) * value for name, value in found.items()])
    total += weights.get("constant", 0.0)
    if "same" not in found:
        over = total - MOST_UNLESS_SAME + 1.0
        return total if over <= 0.0 else MOST_UNLESS_SAME - math.exp(-over)
    return max(total, LEAST_IF_SURE) if found.keys() >= _SURE else total


def evidence_features(one: Ending, two: Ending, sound: Sound) -> dict[str, float]:
    """Name and measure all that speaks for or against a rhyme of two words.

    Parameters
    ----------
    one, two : Ending
        Two words, in alphabetical order.
    sound : Sound
        How they sound together.

    Returns
    -------
    dict of str to float
        Features: the score of sound and the associations of the endings in straight pieces, the
        count of the pair in the corpus, and the kinds of difference, alone and together.

    Examples
    --------
    >>> from app.verse.endings import ending
    >>> one, two = ending("light"), ending("night")
    >>> evidence_features(one, two, hear(one, two, {}))["same"]
    1.0
    """
    kinds = _kinds(sound.features)
    n_common = min(common_letters(one.spelling.replace("'", ""), two.spelling.replace("'", "")), 5)
    same_letters = "1" if one.letters == two.letters else "0"
    score = min(max(sound.score, _BOUNDS[0]), _BOUNDS[1])
    found = {
        **kinds.found,
        f"doubt {max(one.doubt, two.doubt)}, {kinds.same}": 1.0,
        f"letters {n_common}, {kinds.agree}": 1.0,
        f"last letters {same_letters}, {kinds.agree}": 1.0,
        **_SCORE.pieces(score, ""),
        **_LETTERS.pieces(letter_association(one, two), kinds.same),
        **_WORDS.pieces(word_association(one, two), ""),
    }
    if sound.parts:
        found |= _SOUNDS.pieces(sound_association(*sound.parts), kinds.same)
    if count := count_of_pair(one.spelling, two.spelling):
        log_count = math.log1p(count)
        found |= {"count": log_count, "count to 6": min(log_count, 2.0), "listed": 1.0}
        if "same" in found:
            found["count, same"] = log_count
    return found


class _Kinds(NamedTuple):
    """The kinds of difference between two sounds."""

    found: dict[str, float]
    same: str
    agree: str


@lru_cache(_REMEMBERED)
def _kinds(names: tuple[str, ...]) -> _Kinds:
    """Sum up the features of a sound."""
    vowel = next((name for name in names if name.startswith("vowel")), "no vowel")
    coda = "|".join(name for name in names if name.startswith(("coda", "open")))
    tail = [name for name in names if name.startswith("tail")]
    level = names[0] if names else "no level"
    same_vowel, same_coda = vowel == "vowel=", coda in _SAME_CODA
    same_tail = "tail!" not in tail
    same_sound = same_vowel and same_coda and same_tail
    same = f"same {same_sound:d}"
    found = {
        "vowel same": same_vowel,
        "coda same": same_coda,
        "same": same_sound,
        "neither same": not same_vowel and not same_coda,
        "stressed same": same_vowel and same_coda and not same_tail,
        f"{level}, {same}": True,
        f"{level}, {vowel}": True,
        vowel: True,
        f"consonants {coda}": True,
        f"rest {'|'.join(tail)}": True,
        "same onset": "same onset" in names,
    }
    agree = f"same {same_vowel:d}{same_coda:d}{same_tail:d}"
    return _Kinds({name: 1.0 for name, is_so in found.items() if is_so}, same, agree)


@cache
def packaged_weights() -> dict[str, dict[str, float]]:
    """Read the weights.

    Returns
    -------
    dict of str to dict of str to float
        By step (``sound``, ``evidence`` and ``repeated``), then by feature. Not to be changed.

    Examples
    --------
    >>> packaged_weights()["sound"]["vowel="] > 0
    True
    """
    packed = (resources.files("app.verse") / "data" / "rhyme_weights.tsv.gz").read_bytes()
    weights: dict[str, dict[str, float]] = {}
    for row in gzip.decompress(packed).decode().split("\n"):
        step, name, weight = row.split("\t")
        weights.setdefault(step, {})[name] = float(weight)
    return weights
