"""Poems and studies to work on: the demo's poems, as often as needed, each time a little other."""

import csv
import io
import json
from hashlib import sha256
from importlib.resources import files
from itertools import islice, product
from typing import Any

from sqlmodel import Session

from app.models import Study
from app.poems.importing import import_poems
from app.poems.reading import read
from app.studies.lifecycle import create_study, open_study
from app.studies.queries import find_study

COLUMNS = ("poem_id", "prompt", "source", "title", "text")


def demo_poems() -> list[dict[str, Any]]:  # Any: JSON
    lines = files("app.demo").joinpath("poems.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def poems_csv(n_poems: int, *, edition: object = "") -> bytes:
    """A file of poems, of which no two are equal; two answer each prompt."""
    numbered = islice(product(range(n_poems), demo_poems()), n_poems)
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row, (again, poem) in enumerate(numbered):
        text = f"{poem['text']}\n{edition} {row}"
        prompt = f"{poem['prompt']} ({again})"
        writer.writerow([f"p{row}", prompt, poem["source"], poem["title"], text])
    return file.getvalue().encode()


def open_study_of(session: Session, *, n_poems: int, pairs_per_rater: int) -> Study:
    content = poems_csv(n_poems)
    poem_set = import_poems(
        session,
        read(content, "poems.csv"),
        name="Set",
        file_name="poems.csv",
        content_sha256=sha256(content).hexdigest(),
    )
    created = create_study(
        session,
        name="Study",
        poem_set_key=poem_set.key,
        question="Which poem do you prefer?",
        pairs_per_rater=pairs_per_rater,
    )
    open_study(session, created.key)
    return find_study(session, created.key)
