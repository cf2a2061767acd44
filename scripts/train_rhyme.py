"""Fit the rhyme detector to marked verse and write its tables; or judge it by cross-validation.

Needs scikit-learn, which is not among the locked tools: .venv/bin/uv pip install scikit-learn

    python scripts/train_rhyme.py --sounds
    python scripts/train_rhyme.py
    python scripts/train_rhyme.py --cross-validate build/cross_validated.jsonl

The first command fits the weights of sounds and counts endings, from the corpus of verse alone; the
second fits the rest to marked verse, with what the first wrote. The third fits five times, each
time without a fifth of the authors, and writes the schemes found in the verse of those left out.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from packaged import write_table
from rhyme_model import (
    Bonds,
    Record,
    Weights,
    count_endings,
    count_schemes,
    fit_evidence,
    fit_sound,
    folds,
    marked_model_poems,
    marked_verse,
    sound_weights,
)

from app.verse.decoding import decode
from app.verse.evidence import packaged_weights
from app.verse.rhyme import name_groups
from app.verse.schemes import SchemePrior
from benchmarks.rhyme_errors import links


def by_poem(records: Sequence[Record]) -> Iterator[list[Record]]:
    poems: dict[str, list[Record]] = {}
    for record in records:
        poems.setdefault(record.poem, []).append(record)
    yield from poems.values()


def cross_validate(output: Path, division: int) -> None:
    by_models = marked_model_poems()
    records = [*marked_verse(), *by_models]
    fold_of = folds(records, division)
    stress = marked_verse("stress_dev")
    found: dict[str, tuple[int, ...]] = {}
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("w", encoding="utf-8") as file:
        for fold in sorted(set(fold_of.values())):
            others = [record for record in records if fold_of[record.author] != fold]
            bonds = Bonds(*fit_evidence(others))
            prior = SchemePrior(count_schemes(others))
            held_out = [r for r in [*records, *stress] if fold_of.get(r.author, 0) == fold]
            for poem in by_poem(held_out):
                schemes = decode([record.ends for record in poem], bonds, prior)
                for record, labels in zip(poem, schemes, strict=True):
                    found[record.id] = labels
                    row = {"id": record.id, "scheme": name_groups(labels)}
                    file.write(json.dumps(row) + "\n")
            print(f"fold {fold}: fitted on {len(others)}, found {len(held_out)}")
    pairs = [(links(record.labels), links(found[record.id])) for record in by_models]
    right, marked, heard = (
        sum(map(len, of)) for of in zip(*((a & b, a, b) for a, b in pairs), strict=True)
    )
    exact = sum(marks == schemes for marks, schemes in pairs) / len(pairs)
    print(f"poems by models: link F1 {2 * right / (marked + heard):.4f}, exact {exact:.4f}")


def train_sounds() -> None:
    sound = fit_sound()
    write_weights({**packaged_weights(), "sound": sound})
    sounds, letters = count_endings(sound)
    for name, counts in (("rhyme_sounds.tsv.gz", sounds), ("rhyme_letters.tsv.gz", letters)):
        write_table(name, (f"{one}\t{two}\t{n}" for (one, two), n in sorted(counts.items())))
    print(f"{len(sound)} weights, {len(sounds)} pairs of sounds, {len(letters)} of letters")


def train() -> None:
    records = [*marked_verse(), *marked_model_poems()]
    weights, repeated = fit_evidence(records)
    write_weights({"sound": sound_weights(), "evidence": weights, "repeated": {"weight": repeated}})
    schemes = sorted(count_schemes(records).items())
    write_table(
        "rhyme_schemes.tsv.gz",
        (f"{' '.join(map(str, steps))}\t{weight:g}" for steps, weight in schemes),
    )
    print(f"{len(weights)} weights, {len(schemes)} schemes from {len(records)} records")


def write_weights(steps: Mapping[str, Weights]) -> None:
    write_table(
        "rhyme_weights.tsv.gz",
        (
            f"{step}\t{name}\t{weight:.4f}"
            for step, weights in steps.items()
            for name, weight in sorted(weights.items())
        ),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cross-validate", type=Path, metavar="OUTPUT")
    parser.add_argument("--division", type=int, default=3, help="of the authors, for other folds")
    parser.add_argument("--sounds", action="store_true")
    chosen = parser.parse_args()
    if chosen.cross_validate:
        cross_validate(chosen.cross_validate, chosen.division)
    elif chosen.sounds:
        train_sounds()
    else:
        train()


if __name__ == "__main__":
    main()
