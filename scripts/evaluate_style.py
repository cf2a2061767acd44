"""Print how good the measures of style are: the figures of docs/verse.md.

    python scripts/evaluate_style.py ../shared/data

Only endings and turns marked test are read: no list, rule or weight was made with them.
"""

import argparse
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import NormalDist

import numpy as np

from app.verse.features.style import STYLE_FEATURES
from app.verse.moral import moral
from app.verse.parsed import ParsedPoem
from app.verse.variety import moving_average_ttr
from tests.verse.style_labels import (
    human_poems,
    labelled_poems,
    measured,
    model_poems,
    own_endings,
    own_turns,
    score,
)

LONG = 200  # words
LEVEL = 0.2  # within it an end is taken for level; chosen on dev


def wilson(right: Iterable[bool]) -> str:
    """A share with its Wilson interval."""
    found = list(right)
    n, p, z = len(found), sum(found) / len(found), NormalDist().inv_cdf(0.975)
    middle = (p + z * z / 2 / n) / (1 + z * z / n)
    half = z * np.sqrt(p * (1 - p) / n + z * z / 4 / n / n) / (1 + z * z / n)
    return f"{p:.2f} [{middle - half:.2f}, {middle + half:.2f}], n = {n}"


def auc(scores: list[float], positive: list[bool]) -> float:
    values, yes = np.array(scores), np.array(positive)
    return float(np.mean((np.sign(values[yes][:, None] - values[~yes]) + 1) / 2))


def print_morals(shared: Path) -> None:
    groups: dict[str, list[tuple[float, bool]]] = {
        "own": [(moral(ending.lines) or 0, ending.moral) for ending in own_endings("test")]
    }
    for text, label, writer in labelled_poems(shared, "test"):
        groups.setdefault(writer, []).append((score("moral_ending", text), label))
    for name, rows in groups.items():
        said = [(value >= 0.5, label) for value, label in rows]
        print(f"moral, {name}: accuracy {wilson(a == b for a, b in said)}")
        print(f"  AUC {auc([value for value, _ in rows], [label for _, label in rows]):.2f}")
        print(f"  found {wilson(a for a, b in said if b)}")
        print(f"  false alarms {wilson(a for a, b in said if not b)}")


def print_turns() -> None:
    turns = own_turns("test")
    scores = [score("uplift_ending", turn.text) for turn in turns]
    said = ["up" if s > LEVEL else "down" if s < -LEVEL else "level" for s in scores]
    print(f"uplift: up {auc(scores, [turn.turn == 'up' for turn in turns]):.2f} AUC")
    print(f"  down {auc([-s for s in scores], [turn.turn == 'down' for turn in turns]):.2f} AUC")
    print(f"  of three {wilson(a == b.turn for a, b in zip(said, turns, strict=True))}")


def print_variety(shared: Path) -> None:
    """How the first words of a long poem stand to its first 200."""
    poems = [ParsedPoem(text).plain_lines for text in model_poems(shared) + human_poems(shared)]
    texts = [[word for line in lines for word in line][:LONG] for lines in poems]
    texts = [text for text in texts if len(text) == LONG]
    measures: dict[str, Callable[[list[str]], float | None]] = {
        "ratio of types to tokens": lambda text: len(set(text)) / len(text),
        "MATTR": moving_average_ttr,
    }
    for name, measure in measures.items():
        whole = np.array([measure(text) for text in texts], dtype=float)
        for n_words in (50, 100):
            part = np.array([measure(text[:n_words]) for text in texts], dtype=float)
            shift, r = np.mean(part - whole) / np.std(whole), np.corrcoef(part, whole)[0, 1]
            print(f"{name}, {n_words} words of {len(texts)}: {shift:.2f} SD more, r = {r:.2f}")


def print_means(shared: Path) -> None:
    for name, texts in (("models", model_poems(shared)), ("people", human_poems(shared))):
        print(f"{name}: {len(texts)} poems; mean, standard error, number measured")
        for feature in STYLE_FEATURES:
            values = [measured(feature.name, text) for text in texts]
            found = [value for value in values if isinstance(value, float)]
            error = np.std(found, ddof=1) / np.sqrt(len(found))
            print(f"  {feature.name}: {np.mean(found):.3f} {error:.3f} {len(found)}")


def print_speed(shared: Path) -> None:
    texts = model_poems(shared)
    for name in ("first time", "warm", "warm"):
        poems = [ParsedPoem(text) for text in texts]
        n_lines = sum(len(poem.lines) for poem in poems)
        for poem in poems:
            _ = poem.words, poem.rhymes, poem.meter  # what other families make
        start = time.process_time()
        for poem in poems:
            for feature in STYLE_FEATURES:
                feature.value(poem)
        spent = (time.process_time() - start) / n_lines * 20_000
        print(f"{name}: {spent:.2f} ms for 20 lines")


def main() -> None:
    parser = argparse.ArgumentParser(description="Print how good the measures of style are.")
    parser.add_argument("shared", type=Path, help="the folder ../shared/data")
    shared = parser.parse_args().shared
    print_speed(shared)
    print_morals(shared)
    print_turns()
    print_variety(shared)
    print_means(shared)


if __name__ == "__main__":
    main()
