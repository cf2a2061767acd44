"""Endings and turns that were labelled by hand before anything was scored."""

import csv
import hashlib
import json
from pathlib import Path
from typing import NamedTuple

from app.verse.features.feature import Value
from app.verse.features.style import STYLE_FEATURES
from app.verse.parsed import ParsedPoem

LABELS = Path(__file__).resolve().parents[1] / "data"


class Ending(NamedTuple):
    lines: tuple[tuple[str, ...], ...]
    moral: bool
    writer: str


class Turn(NamedTuple):
    text: str
    turn: str


def measured(name: str, text: str) -> Value:
    feature = next(feature for feature in STYLE_FEATURES if feature.name == name)
    return feature.value(ParsedPoem(text))


def score(name: str, text: str) -> float:
    """The value of a text that has one."""
    found = measured(name, text)
    assert isinstance(found, float)
    return found


def own_endings(split: str) -> list[Ending]:
    """Endings that we wrote: the whole text is the ending."""
    rows = map(json.loads, (LABELS / "moral_endings.jsonl").read_text("utf-8").splitlines())
    return [
        Ending(ParsedPoem(row["text"]).plain_lines, row["moral"] == 1, "own")
        for row in rows
        if row["split"] == split
    ]


def own_turns(split: str) -> list[Turn]:
    """Short poems that we wrote, whose end is up, down or level."""
    rows = map(json.loads, (LABELS / "uplift_endings.jsonl").read_text("utf-8").splitlines())
    return [Turn(row["text"], row["turn"]) for row in rows if row["split"] == split]


def labelled_poems(shared: Path, split: str) -> list[tuple[str, bool, str]]:
    """Poems beside the project: text, whether the ending is moral, who wrote it."""
    poems = {hashed(text): text for text in model_poems(shared) + human_poems(shared)}
    with (LABELS / "moral_labels.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["split"] == split]
    return [(poems[row["text"]], row["moral"] == "1", row["writer"]) for row in rows]


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def model_poems(shared: Path) -> list[str]:
    rows = (shared / "poems" / "model_poems.jsonl").read_text("utf-8").splitlines()
    return [json.loads(row)["text"] for row in rows]


def human_poems(shared: Path) -> list[str]:
    """The marked verse, with the stanzas or cuts of one poem together again."""
    parts: dict[str, list[str]] = {}
    gaps: dict[str, str] = {}
    for row in (shared / "rhyme" / "gold_dev.jsonl").read_text("utf-8").splitlines():
        record = json.loads(row)
        parts.setdefault(record["poem"], []).append("\n".join(record["lines"]))
        gaps[record["poem"]] = "\n" if record["unit"] == "block20" else "\n\n"
    return [gaps[poem].join(texts) for poem, texts in parts.items()]
