"""A small study with times, ease, scores and self-descriptions, for the tests of moderators."""

from functools import lru_cache
from typing import Any

import numpy as np

from app.analysis import Options, VoteTable
from app.analysis.dose import dose_part
from app.analysis.expertise import definitions_part, expertise_part
from app.analysis.laziness import laziness_part
from app.analysis.multiplicity import multiplicity_part
from app.analysis.neutrality import neutrality_part
from app.analysis.parts import Part
from app.analysis.simulate import StudyParameters
from tests.analysis.studies import Frame, study

PARTS = {
    "neutrality": neutrality_part,
    "dose": dose_part,
    "laziness": laziness_part,
    "expertise": expertise_part,
    "definitions": definitions_part,
}
MODEST = StudyParameters(
    n_experts=12, n_nonexperts=30, n_prompts=12, fewest_votes=15, most_votes=60, median_votes=30.0
)


def frames(parameters: StudyParameters = MODEST, seed: int = 5) -> tuple[Frame, Frame]:
    """A study in which scores go with the groups, but not without exception."""
    votes, poems = study(parameters, seed=seed)
    rng = np.random.default_rng(seed)
    group = dict(zip(votes["rater_id"], votes["group"], strict=True))
    score = {
        rater: float(np.round(3 + 2 * (of == "expert") + rng.normal(), 1))
        for rater, of in sorted(group.items())
    }
    votes["expertise_score"] = [score[rater] for rater in votes["rater_id"]]
    votes["self_described"] = [
        "expert" if score[rater] > 3.8 else "nonexpert" for rater in votes["rater_id"]
    ]
    votes["ease"] = rng.integers(1, 6, len(votes["rater_id"])).tolist()
    return votes, poems


def parts(votes: Frame, poems: Frame, options: Options | None = None) -> dict[str, Part]:
    """Every part of one study."""
    table = VoteTable.from_frames(votes, poems)
    made = {name: make(table, options or Options()) for name, make in PARTS.items()}
    return made | {"multiplicity": multiplicity_part(list(made.values()))}


@lru_cache(1)
def modest() -> dict[str, Part]:
    """The parts of the modest study."""
    return parts(*frames())


def cells(part: Part) -> list[dict[str, Any]]:
    """Rows of a part, as JSON has them."""
    rows: list[dict[str, Any]] = part.as_dict()["rows"]
    return rows


def numbers(part: Part) -> dict[str, float]:
    """Every number of a part's rows and data, by its place."""
    found: dict[str, float] = {}

    def walk(name: str, value: Any) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                walk(f"{name}.{key}", item)
        elif isinstance(value, list | tuple):
            for ix, item in enumerate(value):
                walk(f"{name}.{ix}", item)
        elif isinstance(value, int | float):
            found[name] = float(value)

    whole = part.as_dict()
    walk("", [whole["rows"], whole["data"]])
    return found
