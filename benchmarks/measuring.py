"""Measuring poems: every feature of a poem from its text."""

from collections.abc import Iterator
from pathlib import Path

from app.verse import measure
from benchmarks.poems import demo_poems
from benchmarks.timing import Comparison, in_turns

ROUNDS, QUICK_ROUNDS = 15, 3


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
