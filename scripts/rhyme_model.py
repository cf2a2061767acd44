"""Fit what the rhyme detector knows: weights of sounds, associations of endings, weights of
evidence, schemes.

Reads what lies beside the project in ../shared/data: verse whose rhymes people have marked, and
poems by language models, whose marks are in tests/data/model_rhymes.tsv.
"""

import hashlib
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from app.verse.association import PARTS_OF_ONE, sound_key
from app.verse.contrast import letter_features
from app.verse.endings import ending
from app.verse.evidence import (
    FAINTEST,
    FARTHEST_SOUND,
    add_up,
    evidence_features,
    hear,
    packaged_weights,
)
from app.verse.schemes import Steps, steps_of
from app.verse.tables import read_pairs
from app.verse.text import end_words, stanzas

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
SEED = 20261123
LEAST_COUNT = 3  # of a pair in the corpus, below which chance has its part
N_CHANCE = 800_000
ROUNDS = 3
SOUND_PENALTY, EVIDENCE_PENALTY = 1.0, 0.3  # the C of scikit-learn
FARTHEST = 8  # lines between the two of a pair
MOST_UNLIKE = -9.0  # a marked rhyme whose score of sound is lower is taken for a slip
MODEL_WEIGHT = 2.0  # of a poem by a language model

# Where the search begins: only the order of the alternatives matters.
FIRST_WEIGHTS = {"vowel=": 3.0, "coda=": 3.0, "open=": 2.0, "level:0-0": 2.0, "tail=2": 2.0}

Pair = tuple[str, str]
Weights = dict[str, float]


@dataclass(frozen=True)
class Record:
    """A stanza or block of lines whose rhymes were marked."""

    id: str
    poem: str
    author: str
    ends: tuple[str | None, ...]
    labels: tuple[str | None, ...]
    weight: float = 1.0
    broken: int | None = None

    @property
    def pairs(self) -> Iterator[tuple[str, str, bool, float]]:
        """Every two line ends that are near, whether they rhyme, and their weight: a stanza twice
        as long has many more pairs, which say less."""
        weight = 2 * self.weight / math.sqrt(len(self.ends))
        for second, word in enumerate(self.ends):
            for first in range(max(0, second - FARTHEST), second):
                other = self.ends[first]
                if word and other:
                    label = self.labels[second]
                    rhymes = label is not None and label == self.labels[first]
                    yield *ordered(word, other), rhymes, weight


def ordered(word: str, other: str) -> Pair:
    return in_order(ending(word).spelling, ending(other).spelling)


def marked_verse(name: str = "gold_dev") -> list[Record]:
    """The verse of ../shared/data/rhyme."""
    rows = map(json.loads, (SHARED / "rhyme" / f"{name}.jsonl").open(encoding="utf-8"))
    return [
        Record(
            row["id"],
            row["poem"],
            row["author_key"],
            tuple(end_words("\n".join(row["lines"]))),
            tuple(row["scheme"]),
            broken=row.get("broken"),
        )
        for row in rows
    ]


def marked_model_poems() -> list[Record]:
    """The stanzas of the marked poems by language models; their authors are the models."""
    marks = ROOT / "tests" / "data" / "model_rhymes.tsv"
    schemes = dict(row.split("\t") for row in marks.read_text("utf-8").splitlines())
    records = []
    with (SHARED / "poems" / "model_poems.jsonl").open(encoding="utf-8") as file:
        for poem in map(json.loads, file):
            key = hashlib.sha256(poem["text"].encode()).hexdigest()[:12]
            if key in schemes:
                labels = iter(schemes[key].split(" "))
                for number, stanza in enumerate(stanzas(poem["text"])):
                    found = [next(labels) for _ in stanza]
                    records.append(
                        Record(
                            f"{key}-{number}",
                            key,
                            poem["source"],
                            tuple(end_words("\n".join(stanza))),
                            tuple(None if label == "-" else label for label in found),
                            MODEL_WEIGHT,
                        )
                    )
    return records


def sound_weights() -> Weights:
    """The packaged weights of sounds."""
    return packaged_weights()["sound"]


def fit_sound() -> Weights:
    """Weights of sounds: pairs that rhyme often in the corpus against pairs drawn by chance."""
    counts = read_pairs()
    rhyming = [(pair, n) for pair, n in counts.items() if n >= LEAST_COUNT]
    used: Counter[str] = Counter()
    for (one, two), n in rhyming:
        used[one] += n
        used[two] += n
    rng = random.Random(SEED)
    words, weights = list(used), list(used.values())
    drawn = zip(*(rng.choices(words, weights, k=N_CHANCE) for _ in range(2)), strict=True)
    chance = [pair for pair in map(sorted, drawn) if pair[0] != pair[1]]
    chance = [pair for pair in chance if (pair[0], pair[1]) not in counts]
    pairs = [pair for pair, _ in rhyming] + [(one, two) for one, two in chance]
    is_rhyme = np.r_[np.ones(len(rhyming)), np.zeros(len(chance))]
    roots = np.sqrt([n for _, n in rhyming])
    weight = np.r_[roots / roots.mean(), np.ones(len(chance))]
    found: Weights = FIRST_WEIGHTS
    for _ in range(ROUNDS):
        features = [dict.fromkeys(_sound_names(pair, found), 1.0) for pair in pairs]
        found = _fit(features, is_rhyme, weight, SOUND_PENALTY)
    return found


def _sound_names(pair: Pair, weights: Weights) -> Iterable[str]:

    one, two = map(ending, pair)
    return (*hear(one, two, weights).features, *letter_features(one, two))


def count_endings(sound: Weights) -> tuple[dict[Pair, int], dict[Pair, int]]:
    """How often two endings rhyme in the corpus, by sounds and by letters, in the parts of one that
    the tables hold."""
    sounds: defaultdict[Pair, float] = defaultdict(float)
    letters: defaultdict[Pair, float] = defaultdict(float)
    for pair, n in read_pairs().items():
        one, two = map(ending, pair)
        parts = hear(one, two, sound).parts
        if parts:
            sounds[in_order(*map(sound_key, parts))] += math.sqrt(n)
        letters[in_order(one.letters, two.letters)] += math.sqrt(n)
    whole = [{pair: round(n * PARTS_OF_ONE) for pair, n in of.items()} for of in (sounds, letters)]
    return whole[0], whole[1]


def in_order(one: str, two: str) -> Pair:
    return (one, two) if one <= two else (two, one)


def fit_evidence(records: Sequence[Record]) -> tuple[Weights, float]:
    """Weights of evidence from marked verse, and the evidence of a repeated word."""
    features, is_rhyme, weight = [], [], []
    totals, repeated = [20.0, 2.0], [1.0, 1.0]
    for record in records:
        for one, two, rhymes, of in record.pairs:
            totals[rhymes] += of
            if one == two:
                repeated[rhymes] += of
            elif not rhymes or sound_score(one, two) >= MOST_UNLIKE:
                features.append(pair_features(one, two))
                is_rhyme.append(rhymes)
                weight.append(of)
    found = _fit(features, np.array(is_rhyme), np.array(weight), EVIDENCE_PENALTY)
    share = np.average(is_rhyme, weights=weight)
    found["constant"] -= math.log(share / (1 - share))
    return found, math.log((repeated[True] / totals[True]) / (repeated[False] / totals[False]))


def _fit(
    features: list[dict[str, float]], is_rhyme: np.ndarray, weight: np.ndarray, penalty: float
) -> Weights:
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(features)
    model = LogisticRegression(C=penalty, max_iter=5000, tol=1e-6)
    model.fit(matrix, is_rhyme, sample_weight=weight)
    names = vectorizer.get_feature_names_out()
    found = {str(name): float(value) for name, value in zip(names, model.coef_[0], strict=True)}
    return found | {"constant": float(model.intercept_[0])}


def pair_features(one: str, two: str) -> dict[str, float]:
    return _heard(one, two)[1]


def sound_score(one: str, two: str) -> float:
    return _heard(one, two)[0]


@cache
def _heard(one: str, two: str) -> tuple[float, dict[str, float]]:
    ends = ending(one), ending(two)
    found = hear(*ends, sound_weights())
    return found.score, evidence_features(*ends, found)


class Bonds:
    """Evidence by fitted weights, as `app.verse.evidence` gives it by the packaged ones."""

    def __init__(self, weights: Weights, repeated: float) -> None:
        self.weights, self.repeated = weights, repeated
        self.known: dict[Pair, float] = {}

    def __call__(self, word: str, other: str) -> float:
        pair = ordered(word, other)
        if pair[0] == pair[1]:
            return self.repeated
        if pair not in self.known:
            total = FAINTEST
            if (
                sound_score(*pair) >= FARTHEST_SOUND
                and ending(pair[0]).parts
                and ending(pair[1]).parts
            ):
                total = max(FAINTEST, add_up(pair_features(*pair), self.weights))
            self.known[pair] = total
        return self.known[pair]


def count_schemes(records: Sequence[Record]) -> dict[Steps, float]:
    """How often each scheme was used; n stanzas of one poem count as their square root."""
    used = [(record.poem, steps_of(record.labels)) for record in records]
    stanzas_of = Counter(used)
    counts: defaultdict[Steps, float] = defaultdict(float)
    for record, (poem, steps) in zip(records, used, strict=True):
        counts[steps] += record.weight / math.sqrt(stanzas_of[poem, steps])
    return dict(counts)


def folds(records: Sequence[Record], division: int, n_folds: int = 5) -> Mapping[str, int]:
    """Which fold each author belongs to, in one of many ways to divide them."""
    authors = sorted({record.author for record in records})
    random.Random(division).shuffle(authors)
    return {author: number % n_folds for number, author in enumerate(authors)}
