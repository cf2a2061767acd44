"""A small study whose table holds more than the report's own measures."""

from dataclasses import replace
from typing import Any

import numpy as np

from app.analysis import Options, VoteTable
from app.analysis.simulate import StudyParameters
from tests.analysis.studies import CONTROLS, SMALL, Frame, study

MORE = ("meter_regularity", "readability", "imagery")
FAMILIES = {
    **dict.fromkeys(CONTROLS, "layout"),
    "rhyme_density": "rhyme",
    "meter_regularity": "metre",
}
AS_REPORTED = Options(adjust=CONTROLS)
LARGER = replace(SMALL, n_nonexperts=120, n_experts=30, n_prompts=30, rhyme_nonexpert=1.2)
SWAPPED = {"left": "right", "right": "left", "tie": "tie"}


def measured_study(parameters: StudyParameters = SMALL, seed: int = 1) -> tuple[Frame, Frame]:
    """Votes and poems with measures, sources, scores and exclusions that have no effect."""
    votes, poems = study(parameters, seed)
    rng = np.random.default_rng(seed)
    n = len(poems["poem_id"])
    raters = sorted(set(votes["rater_id"]))
    says = dict(zip(raters, rng.choice(["expert", "nonexpert"], len(raters)), strict=True))
    score = dict(zip(raters, rng.normal(size=len(raters)), strict=True))
    votes = {
        **votes,
        "self_described": [str(says[name]) for name in votes["rater_id"]],
        "expertise_score": [float(score[name]) for name in votes["rater_id"]],
        "excluded": rng.choice([0, 1], len(votes["vote_id"]), p=[0.95, 0.05]).tolist(),
    }
    poems = {
        **poems,
        "source": [f"model {letter}" for letter in rng.choice([*"abc"], n)],
        "meter_regularity": rng.random(n).tolist(),
        "readability": rng.normal(60, 10, n).tolist(),
        "imagery": rng.random(n).tolist(),
    }
    return votes, poems


def table(votes: Frame, poems: Frame, controls: tuple[str, ...] = (*CONTROLS, *MORE)) -> VoteTable:
    return VoteTable.from_frames(votes, poems, controls=controls, families=FAMILIES)


def swapped(votes: Frame) -> Frame:
    """The same votes with the sides exchanged."""
    return {
        **votes,
        "poem_left": votes["poem_right"],
        "poem_right": votes["poem_left"],
        "choice": [SWAPPED[choice] for choice in votes["choice"]],
    }


def backwards(frame: Frame) -> Frame:
    return {name: cells[::-1] for name, cells in frame.items()}


def numbers(part: dict[str, Any], *, key: str) -> dict[str, float]:
    """The numbers of a part's rows by the row's name and their own."""
    return {
        f"{row[key]} {name}": value
        for row in part["rows"]
        for name, value in row.items()
        if isinstance(value, float)
    }
