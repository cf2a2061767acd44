"""Draw a study from known effects; needs no database."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from app.errors import Unusable


def simulate(
    folder: Annotated[
        Path, typer.Option(file_okay=False, help="Where votes.csv and poems.csv are written.")
    ],
    parameters: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="Sizes and effects that are not the usual ones, as a JSON object.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same study.")] = 1,
    experts: Annotated[int | None, typer.Option(min=0, help="Number of experts.")] = None,
    nonexperts: Annotated[int | None, typer.Option(min=0, help="Number of non-experts.")] = None,
    prompts: Annotated[int | None, typer.Option(min=0, help="Number of prompts.")] = None,
    rhyme_expert: Annotated[
        float | None, typer.Option(help="Effect of rhyme on a typical expert, natural log odds.")
    ] = None,
    rhyme_nonexpert: Annotated[
        float | None, typer.Option(help="The same of a typical non-expert.")
    ] = None,
) -> None:
    """Draw the poems and votes of a study in which every effect is known.

    The poems have features and no texts; every vote is marked simulated. `blindverse analyse
    --simulated only` reads the files. Every number of the study is a field of StudyParameters, and
    any of them may stand in the JSON object: {"rhyme_expert": 0.0, "tie_nu": 0.2}.
    """
    import numpy as np

    from app.analysis.simulate import StudyParameters, simulate_study

    given = {
        "n_experts": experts,
        "n_nonexperts": nonexperts,
        "n_prompts": prompts,
        "rhyme_expert": rhyme_expert,
        "rhyme_nonexpert": rhyme_nonexpert,
    }
    chosen = _read(parameters) | {name: of for name, of in given.items() if of is not None}
    unknown = sorted(set(chosen) - set(StudyParameters.__dataclass_fields__))
    if unknown:
        raise Unusable(
            f"{unknown[0]!r} is no number of a study; those are "
            f"{', '.join(StudyParameters.__dataclass_fields__)}."
        )
    if "control_effects" in chosen:
        chosen["control_effects"] = tuple(map(tuple, chosen["control_effects"]))
    try:
        votes, poems = simulate_study(StudyParameters(**chosen), np.random.default_rng(seed))
    except (TypeError, ValueError) as problem:
        raise Unusable(f"The study cannot be drawn: {problem}") from None
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "votes.csv", votes)
    _write(folder / "poems.csv", poems)
    typer.echo(f"{len(votes['vote_id']):,} simulated votes on {len(poems['poem_id']):,} poems.")


def _read(file: Path | None) -> dict[str, Any]:  # Any: JSON
    if file is None:
        return {}
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as problem:
        raise Unusable(f"{file.name} is no JSON: {problem}") from None
    if not isinstance(read, dict):
        raise Unusable(f'{file.name} must hold one JSON object, as in {{"n_experts": 8}}.')
    return read


def _write(file: Path, columns: Mapping[str, Any]) -> None:  # Any: arrays
    cells: list[Sequence[Any]] = [column.tolist() for column in columns.values()]  # Any: cells
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(columns)
        writer.writerows(zip(*cells, strict=True))
