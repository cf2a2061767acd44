"""Measuring poems: every feature of a poem from its text, and what is read before the first."""

import gzip
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from app.verse import measure
from app.verse.tables import rows_of
from benchmarks.poems import demo_poems
from benchmarks.timing import Comparison, in_turns

ROUNDS, QUICK_ROUNDS = 15, 3
DICTIONARY = "cmudict.tsv.gz"


def compare(_folder: Path, quick: bool) -> Iterator[Comparison]:
    texts = [poem["text"] for poem in demo_poems()]

    def ours() -> None:
        for text in texts:
            measure(text)

    def floor() -> None:
        for text in texts:
            text.split()

    rounds = QUICK_ROUNDS if quick else ROUNDS
    own, least = in_turns(ours, floor, rounds=rounds, per=len(texts))
    what = f"measuring a poem ({1 / own:,.0f} a second)"
    yield Comparison(what, own, "splitting its text into words", least)
    yield _dictionary(rounds)


def _dictionary(rounds: int) -> Comparison:
    packed = files("app.verse").joinpath("data", DICTIONARY).read_bytes()

    def ours() -> None:
        rows_of.__wrapped__(DICTIONARY)

    own, least = in_turns(ours, lambda: gzip.decompress(packed), rounds=rounds)
    return Comparison("reading the pronouncing dictionary", own, "unpacking its file", least)
