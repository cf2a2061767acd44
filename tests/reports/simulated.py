"""A study whose votes were drawn by the simulator, in the database."""

from itertools import count

import numpy as np
from sqlalchemy import insert
from sqlmodel import Session, col, select

from app.analysis.simulate import StudyParameters, simulate_study
from app.db import utc_now
from app.models import Choice, Pair, Poem, PoemFeature, Rater, RaterKind, Slot, Study, Vote
from app.verse import FEATURES
from tests.factories import make_poem, make_poem_set, make_prompt, make_rater, make_study

PARAMETERS = StudyParameters(n_experts=8, n_nonexperts=24, n_prompts=6)


def store_study(
    session: Session, *, every_other_rater_simulated: bool = True, seed: int = 1
) -> Study:
    """Every poem is measured; the feature values are the simulator's."""
    votes, poems = simulate_study(PARAMETERS, np.random.default_rng(seed))
    poem_set = make_poem_set(session)
    prompts = {
        name: make_prompt(session, poem_set=poem_set, prompt_id=name)
        for name in dict.fromkeys(poems["prompt_id"].tolist())
    }
    stored: dict[str, Poem] = {}
    names = ("rhyme_density", "n_lines", "words_per_line")
    columns = (poems[name].tolist() for name in ("poem_id", "prompt_id", *names))
    for poem_id, prompt_id, *values in zip(*columns, strict=True):
        poem = make_poem(
            session, poem_set=poem_set, prompt=prompts[prompt_id], poem_id=poem_id, source="Demo A"
        )
        measure(session, poem, dict(zip(names, values, strict=True)))
        stored[poem_id] = poem
    study = make_study(session, poem_set=poem_set)
    raters = {
        (name, group): make_rater(
            session,
            study=study,
            kind=RaterKind(group),
            simulated=every_other_rater_simulated and n % 2 == 0,
        )
        for n, (name, group) in enumerate(
            dict.fromkeys(zip(votes["rater_id"].tolist(), votes["group"].tolist(), strict=True))
        )
    }
    given = [
        (raters[name, group], stored[left], stored[right], choice)
        for name, group, left, right, choice in zip(
            *(votes[name].tolist() for name in ("rater_id", "group", "poem_left", "poem_right")),
            votes["choice"].tolist(),
            strict=True,
        )
    ]
    _store_votes(session, study, given)
    return study


def measure(session: Session, poem: Poem, values: dict[str, float]) -> None:
    """The features given; every other one is not measurable."""
    for feature in FEATURES:
        value = values.get(feature.name)
        row = PoemFeature(poem_id=poem.id or 0, name=feature.name, version=feature.version)
        row.value = value
        session.add(row)
    session.flush()


def _store_votes(
    session: Session, study: Study, given: list[tuple[Rater, Poem, Poem, str]]
) -> None:
    pairs: dict[tuple[int, int], Pair] = {}
    slots: dict[tuple[int, int], dict[str, object]] = {}
    votes: dict[tuple[int, int], str] = {}
    position = count(1)
    for _rater, left, right, _choice in given:
        low, high = sorted((left.id or 0, right.id or 0))
        if (low, high) not in pairs:
            pair = Pair(study_id=study.id or 0, first_poem_id=low, second_poem_id=high)
            session.add(pair)
            pairs[low, high] = pair
    session.flush()
    for rater, left, right, choice in given:
        low, high = sorted((left.id or 0, right.id or 0))
        key = (rater.id or 0, pairs[low, high].id or 0)
        slots[key] = {
            "key": f"slot-{study.id}-{key}",
            "rater_id": key[0],
            "pair_id": key[1],
            "position": next(position),
            "left_poem_id": left.id,
            "right_poem_id": right.id,
        }
        votes[key] = choice
    session.execute(insert(Slot), list(slots.values()))
    ids = {(slot.rater_id, slot.pair_id): slot.id for slot in _slots(session, study)}
    session.execute(
        insert(Vote),
        [
            {
                "key": f"vote-{study.id}-{number:06d}",
                "slot_id": ids[key],
                "attempt": 1,
                "choice": Choice(choice),
                "shown_at": utc_now(),
                "cast_at": utc_now(),
                "decision_ms": 9000,
                "app_version": "test",
            }
            for number, (key, choice) in enumerate(votes.items())
        ],
    )


def _slots(session: Session, study: Study) -> list[Slot]:
    statement = select(Slot).join(Rater, col(Rater.id) == Slot.rater_id)
    return list(session.exec(statement.where(Rater.study_id == study.id)))
