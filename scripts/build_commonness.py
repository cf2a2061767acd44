"""Make the tables of rhyming pairs in app/verse/data, and fit what is expected of other pairs.

    python scripts/build_commonness.py ../shared/data/rhyme/rhyme_pairs.tsv.gz

The pairs come as ``word <tab> word <tab> count``. Left out are rows with anything but a to z and
apostrophes, and rows of which the pronouncing dictionary knows neither word, nor a word that it
is a form of: other languages, dialect, marks of the page.

A fifth of all pairs that the endings of listed words allow is held out. What the rest says of
them fits the constants of app/verse/backoff.py; another fifth, held out in its turn, shows whether
they are right on average.
"""

import argparse
import gzip
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations_with_replacement, product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from packaged import write_table
from scipy.optimize import minimize
from scipy.special import gammaln

from app.verse.backoff import Pair, make_backoff, mean_count, ordered, word_endings
from app.verse.pronunciation import is_known

FOLDS = 5
BINS = (0.01, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 30, 100)
_WORD = re.compile(r"[a-z']+")

Floats = NDArray[np.float64]


def read_pairs(path: Path) -> dict[Pair, int]:
    """The rows that are kept, in the order of the alphabet."""
    rows = (row.split("\t") for row in gzip.decompress(path.read_bytes()).decode().splitlines())
    return {
        ordered(one, two): int(count)
        for one, two, count in sorted(rows)
        if _WORD.fullmatch(one) and _WORD.fullmatch(two) and (is_known(one) or is_known(two))
    }


def write(name: str, counts: Mapping[Pair, int]) -> None:
    """Write a table of pairs that is the same bytes whenever it is made, and its checksum."""
    rows = [f"{one}\t{two}\t{count}" for (one, two), count in sorted(counts.items())]
    size = write_table(name, rows)
    print(f"{name}: {len(rows)} rows, {sum(counts.values())} rhymes, {size} bytes")


def write_numbers(name: str, numbers: Mapping[str, int] | Mapping[int, int]) -> None:
    """Write what follows from a table of pairs, so that the whole of it need not be read."""
    rows = [f"{one}\t{number}" for one, number in sorted(numbers.items())]
    print(f"{name}: {len(rows)} rows, {write_table(name, rows)} bytes")


def ranks(counts: Mapping[Pair, int]) -> dict[int, int]:
    """One more than the number of pairs that are more common, by count."""
    falling = sorted(counts.values(), reverse=True)
    return {count: falling.index(count) + 1 for count in set(falling)}


def fold(pair: Pair) -> int:
    """Which fifth a pair belongs to."""
    return hashlib.sha256(" ".join(pair).encode()).digest()[0] % FOLDS


def allowed(words: set[str], endings: Mapping[Pair, int]) -> Iterator[Pair]:
    """Pairs of words of which two endings rhyme."""
    by_ending = defaultdict(list)
    for word in sorted(words):
        for ending in word_endings(word):
            by_ending[ending].append(word)
    for one, two in endings:
        if one == two:
            yield from combinations_with_replacement(by_ending[one], 2)
        else:
            yield from product(by_ending[one], by_ending[two])


def held_out(counts: Mapping[Pair, int], number: int) -> tuple[Floats, Floats, int]:
    """Of one fifth: what independence says, the counts, and rhymes whose endings are not left."""
    backoff = make_backoff({pair: n for pair, n in counts.items() if fold(pair) != number})
    words = {word for pair in counts for word in pair}
    every = {ordered(*pair) for pair in allowed(words, backoff.endings) if pair[0] != pair[1]}
    drawn = {pair: backoff.independent(*pair) for pair in every if fold(pair) == number}
    own = sorted(pair for pair, count in drawn.items() if count)
    independent = np.array([drawn[pair] for pair in own]) * FOLDS / (FOLDS - 1)
    found = np.array([counts.get(pair, 0) for pair in own], dtype=np.float64)
    rest = sum(n for pair, n in counts.items() if fold(pair) == number) - int(found.sum())
    return independent, found, rest


def fit(independent: Floats, counts: Floats) -> tuple[float, float, float]:
    """Slope and rest by Poisson quasi-likelihood, shape by likelihood; 0 stands for 0 or 1."""

    def means(at: Floats) -> float:
        mean = np.exp(at[0]) * independent + np.exp(at[1])
        return float((mean - counts * np.log(mean)).sum())

    slope, rest = np.exp(minimize(means, [0.0, -4.0], method="Nelder-Mead").x)
    mean = slope * independent + rest

    def shapes(at: Floats) -> float:
        k = np.exp(at[0])
        zero = k * np.log(k / (k + mean))
        more = gammaln(k + counts) - gammaln(k) - gammaln(counts + 1)
        more += counts * np.log(mean / (k + mean))
        return -float((zero + np.where(counts > 0, more, np.log1p(k * mean / (k + mean)))).sum())

    shape = np.exp(minimize(shapes, [-1.0], method="Nelder-Mead").x[0])
    return float(slope), float(rest), float(shape)


def show(independent: Floats, counts: Floats) -> None:
    """Expected beside found, on average."""
    mean = np.array([mean_count(one) for one in independent])
    print(f"all: {len(mean)} pairs, expected {mean.sum():.0f}, found {counts.sum():.0f}")
    bins = np.digitize(mean, BINS)
    for number in range(len(BINS) + 1):
        own = bins == number
        print(f"{own.sum():7d} pairs, expected {mean[own].mean():8.3f} {counts[own].mean():8.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the tables of rhyming pairs.")
    parser.add_argument("pairs", type=Path, help="rhyme_pairs.tsv.gz")
    counts = read_pairs(parser.parse_args().pairs)
    write("rhyme_pairs.tsv.gz", counts)
    backoff = make_backoff(counts)
    write("rhyme_pairs_endings.tsv.gz", backoff.endings)
    write_numbers("rhyme_pairs_words.tsv.gz", backoff.words)
    write_numbers("rhyme_pairs_ranks.tsv.gz", ranks(counts))
    independent, found, rest = held_out(counts, 0)
    words = len({word for pair in counts for word in pair})
    others = words * (words - 1) / 2 / FOLDS - len(found)
    slope, lowest, shape = fit(independent, found)
    print(f"SLOPE {slope:.4g} REST {lowest:.4g} SHAPE {shape:.4g} UNRELATED {rest / others:.4g}")
    show(*held_out(counts, 1)[:2])


if __name__ == "__main__":
    main()
