"""Fit the rhyme detector to marked verse and write its tables; or judge it by cross-validation.

Needs scikit-learn, which is not among the locked tools: .venv/bin/uv pip install scikit-learn

    python scripts/train_rhyme.py
    python scripts/train_rhyme.py --cross-validate build/cross_validated.jsonl

The second command fits five times, each time without a fifth of the authors, and writes the schemes
found in the verse of those left out.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from packaged import write_table
from rhyme_model import (
    Bonds,
    Record,
    count_schemes,
    fit_evidence,
    folds,
    marked_model_poems,
    marked_verse,
    sound_weights,
)

from app.verse.decoding import TUNING, decode
from app.verse.rhyme import name_groups
from app.verse.schemes import SchemePrior


def by_poem(records: Sequence[Record]) -> Iterator[list[Record]]:
    poems: dict[str, list[Record]] = {}
    for record in records:
        poems.setdefault(record.poem, []).append(record)
    yield from poems.values()


def cross_validate(output: Path) -> None:
    records = [*marked_verse(), *marked_model_poems()]
    fold_of = folds(records)
    stress = marked_verse("stress_dev")
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("w", encoding="utf-8") as file:
        for fold in sorted(set(fold_of.values())):
            others = [record for record in records if fold_of[record.author] != fold]
            weights, repeated = fit_evidence(others, sound_weights())
            bonds = Bonds(sound_weights(), weights, repeated)
            prior = SchemePrior(count_schemes(others), TUNING.softness)
            held_out = [r for r in [*records, *stress] if fold_of.get(r.author, 0) == fold]
            for poem in by_poem(held_out):
                schemes = decode([record.ends for record in poem], bonds, prior)
                for record, labels in zip(poem, schemes, strict=True):
                    row = {"id": record.id, "scheme": name_groups(labels)}
                    file.write(json.dumps(row) + "\n")
            print(f"fold {fold}: fitted on {len(others)}, found {len(held_out)}")


def train() -> None:
    records = [*marked_verse(), *marked_model_poems()]
    sound = sound_weights()
    weights, repeated = fit_evidence(records, sound)
    rows = [
        *(f"sound\t{name}\t{weight:.4f}" for name, weight in sorted(sound.items())),
        *(f"evidence\t{name}\t{weight:.4f}" for name, weight in sorted(weights.items())),
        f"repeated\tweight\t{repeated:.4f}",
    ]
    write_table("rhyme_weights.tsv.gz", rows)
    schemes = sorted(count_schemes(records).items())
    write_table(
        "rhyme_schemes.tsv.gz",
        (f"{' '.join(map(str, steps))}\t{weight:g}" for steps, weight in schemes),
    )
    print(f"{len(rows)} weights, {len(schemes)} schemes from {len(records)} records")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cross-validate", type=Path, metavar="OUTPUT")
    output = parser.parse_args().cross_validate
    if output:
        cross_validate(output)
    else:
        train()


if __name__ == "__main__":
    main()
