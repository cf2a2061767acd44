"""How near the detector comes to rhymes marked by people, as Markdown for docs/verse.md.

    python scripts/evaluate_rhyme.py
    python scripts/evaluate_rhyme.py --output build/cross_validated.jsonl --errors 12
    python scripts/evaluate_rhyme.py --agreement

Without `--output` the records of `../shared/data/rhyme` are measured by `blindverse measure`.
With it, schemes made elsewhere are scored: JSON Lines with `id` and `scheme`, of the gold set and,
if the last two columns are wanted, of the stress set, in one file or several. `--errors` lists the
most frequent kinds of missed and invented links with a few pairs of end words. `--agreement` only
says how far two sources agree on the lines that both have.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.agreement import agreement_table
from benchmarks.marked_verse import (
    CHECKOUT,
    HEAD,
    Scheme,
    read_rows,
    score,
    shared_data,
    table_row,
)
from benchmarks.rhyme_errors import error_table

SETS = ("gold_dev", "stress_dev")


def measured(folder: Path) -> list[Path]:
    """Both sets as `blindverse measure` writes them."""
    outputs = [CHECKOUT / "build" / f"{name}.jsonl" for name in SETS]
    outputs[0].parent.mkdir(exist_ok=True)
    for name, output in zip(SETS, outputs, strict=True):
        records = folder / "rhyme" / f"{name}.jsonl"
        command = [sys.executable, "-m", "app", "measure", str(records), "--output", str(output)]
        subprocess.run(command, check=True, cwd=CHECKOUT)
    return outputs


def table(folder: Path, schemes: dict[str, Scheme]) -> Iterator[str]:
    scores = score(folder, schemes)
    yield HEAD
    yield table_row("all", scores["micro"], scores.get("stress"))
    for group, found in scores.items():
        if group not in {"micro", "stress"}:
            kind, _, name = group.partition(" ")
            yield table_row(f"source *{name}*" if kind == "src" else group, found)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, nargs="+", metavar="FILE", help="schemes to score")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="kinds of error to list")
    parser.add_argument("--agreement", action="store_true", help="of the people who marked")
    chosen = parser.parse_args()
    folder = shared_data()
    if folder is None:
        parser.error("the shared data folder ../shared/data is not beside this checkout")
    if chosen.agreement:
        print(*agreement_table(read_rows(folder / "rhyme" / "gold_dev.jsonl")), sep="\n")
        return
    files = chosen.output or measured(folder)
    schemes: dict[str, Scheme] = {
        row["id"]: row["scheme"] for file in files for row in read_rows(file)
    }
    print(*table(folder, schemes), sep="\n")
    if chosen.errors:
        gold = read_rows(folder / "rhyme" / "gold_dev.jsonl")
        print("", *error_table(gold, schemes, at_most=chosen.errors), sep="\n")


if __name__ == "__main__":
    main()
