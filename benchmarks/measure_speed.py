"""`python -m benchmarks.measure_speed POEMS`: poems a second, every feature, cold and warm.

Cold is the first time that a process measures the poems: it reads the tables and meets every word
for the first time. Warm is any later time. Processor time of one core, so that other work on the
machine counts for less.
"""

import json
from pathlib import Path
from time import process_time
from typing import Annotated

import typer

ROUNDS = 15


def main(
    poems: Annotated[Path, typer.Argument(help="JSON Lines with a text each.")],
    rounds: Annotated[int, typer.Option(min=1, help="Times to measure warm.")] = ROUNDS,
) -> None:
    """Print how many poems a second are measured."""
    lines = poems.read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines if line.strip()]
    begun = process_time()
    from app.verse import measure  # here, as its time is measured too

    imported = process_time()

    def seconds() -> float:
        start = process_time()
        for text in texts:
            measure(text)
        return process_time() - start

    cold = seconds()
    warm = sorted(seconds() for _ in range(rounds))
    typer.echo(f"{len(texts)} poems, poems a second of one core:")
    for what, taken in {
        "cold": cold,
        "cold, with the import": cold + imported - begun,
        "warm, median": warm[rounds // 2],
        "warm, best": warm[0],
    }.items():
        typer.echo(f"  {what:<22} {len(texts) / taken:,.0f}")


if __name__ == "__main__":
    typer.run(main)
