"""A study whose votes were drawn by the simulator, in the database."""

from collections.abc import Sequence
from itertools import count

import numpy as np
from sqlalchemy import insert
from sqlmodel import Session, col, select

from app.analysis.simulate import StudyParameters, simulate_study
from app.db import utc_now
from app.demo.answering import drawn, sitting
from app.models import (
    Choice,
    Pair,
    Poem,
    PoemFeature,
    Purpose,
    Rater,
    RaterAnswer,
    RaterKind,
    Slot,
    Study,
    Vote,
    VoteFollowUp,
)
from app.studies.instrument import questionnaire
from app.studies.plan import Design
from app.verse import FEATURES
from tests.factories import (
    make_poem,
    make_poem_set,
    make_prompt,
    make_rater,
    make_study,
    make_vote,
)

PARAMETERS = StudyParameters(n_experts=8, n_nonexperts=24, n_prompts=6)


RICH = StudyParameters(
    n_experts=16,
    n_nonexperts=40,
    n_prompts=10,
    median_votes=16,
    votes_log_sd=0.3,
    fewest_votes=10,
    rhyme_nonexpert=2.5,
    rhyme_expert=1.2,
)
SOURCES = ("Model A", "Model B", "Model C")


def store_rich_study(session: Session) -> Study:
    """A study of people that has an answer in every section: sources, times that vary, ease, a
    judge, pairs that came again, and raters who answered the questions about themselves."""
    study = store_study(
        session, every_other_rater_simulated=False, parameters=RICH, sources=SOURCES, judges=2
    )
    rng = np.random.default_rng(5)
    raters = session.exec(select(Rater).where(Rater.study_id == study.id)).all()
    asked = sitting(questionnaire(Design()), rng)
    for rater in raters:
        if rater.kind is RaterKind.JUDGE:
            continue
        for item, value in drawn(asked, rater.kind, rng).items():
            answer = RaterAnswer(
                rater_id=rater.id or 0, item=item, value=value, instrument_version="1"
            )
            session.add(answer)
        rater.expertise_score = round(
            float(rng.beta(4, 2 if rater.kind is RaterKind.EXPERT else 6)), 3
        )
        rater.scored_as = _kind(rater.expertise_score > 0.5)
        rater.self_described = _kind(rng.random() < 0.4)
        rater.answered_at = utc_now()
    _repeat_some(session, study, rng)
    for vote in session.exec(select(Vote)):
        vote.decision_ms = int(rng.lognormal(9, 0.6))
        session.add(VoteFollowUp(vote_id=vote.id or 0, ease=int(rng.integers(1, 6))))
    session.flush()
    return study


def _kind(expert: bool) -> RaterKind:
    return RaterKind.EXPERT if expert else RaterKind.NONEXPERT


def _repeat_some(session: Session, study: Study, rng: np.random.Generator) -> None:
    """Every rater sees one pair again with its sides exchanged."""
    first: dict[int, Slot] = {}
    for slot in _slots(session, study):
        first.setdefault(slot.rater_id, slot)
    for rater_id, slot in first.items():
        again = Slot(
            rater_id=rater_id,
            pair_id=slot.pair_id,
            purpose=Purpose.REPEAT,
            position=10_000,
            left_poem_id=slot.right_poem_id,
            right_poem_id=slot.left_poem_id,
        )
        session.add(again)
        session.flush()
        make_vote(session, slot=again, choice=rng.choice([*Choice]))


def store_study(
    session: Session,
    *,
    every_other_rater_simulated: bool = True,
    seed: int = 1,
    parameters: StudyParameters = PARAMETERS,
    sources: Sequence[str] = ("Demo A",),
    judges: int = 0,
) -> Study:
    """Every poem is measured; the feature values are the simulator's. Four non-experts' votes each
    become those of a judge."""
    votes, poems = simulate_study(parameters, np.random.default_rng(seed))
    people = dict.fromkeys(votes["rater_id"][votes["group"] == "nonexpert"].tolist())
    judging = {name: f"judge {ix % judges}" for ix, name in enumerate([*people][: 4 * judges])}
    for row, name in enumerate(votes["rater_id"].tolist()):
        if name in judging:
            votes["group"][row] = "judge"
            votes["rater_id"][row] = judging[name]
    poem_set = make_poem_set(session)
    prompts = {
        name: make_prompt(session, poem_set=poem_set, prompt_id=name)
        for name in dict.fromkeys(poems["prompt_id"].tolist())
    }
    stored: dict[str, Poem] = {}
    names = ("rhyme_density", "n_lines", "words_per_line")
    columns = (poems[name].tolist() for name in ("poem_id", "prompt_id", *names))
    for number, (poem_id, prompt_id, *values) in enumerate(zip(*columns, strict=True)):
        poem = make_poem(
            session,
            poem_set=poem_set,
            prompt=prompts[prompt_id],
            poem_id=poem_id,
            source=sources[(number + number // 4) % len(sources)],
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
