"""Poems that were labelled by form before any was scored."""

import json
from pathlib import Path
from typing import NamedTuple

LABELS = Path(__file__).resolve().parents[1] / "data" / "forms.jsonl"


class Labelled(NamedTuple):
    id: str
    form: str
    note: str
    text: str


def labelled_forms(split: str) -> list[Labelled]:
    """Poems of our own: `dev`, which the rules were made with, or `test`."""
    rows = map(json.loads, LABELS.read_text("utf-8").splitlines())
    return [
        Labelled(row["id"], row["form"], row["note"], row["text"])
        for row in rows
        if row["split"] == split
    ]
