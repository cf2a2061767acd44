"""Rows for tests: plain functions that fill in what a test does not mention."""

from itertools import count
from typing import TypeVar

from sqlmodel import Session

from app.db import utc_now
from app.models import (
    Admin,
    Choice,
    Pair,
    Pairing,
    Poem,
    PoemFeature,
    PoemSet,
    Prompt,
    Rater,
    RaterKind,
    Slot,
    Study,
    StudyState,
    Vote,
)

_number = count(1)
Row = TypeVar("Row")


def make_admin(session: Session, *, email: str | None = None) -> Admin:
    return _stored(session, Admin(email=email or f"admin{next(_number)}@example.org"))


def make_poem_set(session: Session, *, name: str | None = None, n_poems: int = 0) -> PoemSet:
    name = name or f"Set {next(_number)}"
    row = PoemSet(name=name, file_name="poems.csv", file_sha256="0" * 64, n_poems=n_poems)
    return _stored(session, row)


def make_prompt(session: Session, *, poem_set: PoemSet, prompt_id: str | None = None) -> Prompt:
    prompt_id = prompt_id or f"prompt-{next(_number)}"
    text = f"Write a poem about {prompt_id}."
    return _stored(session, Prompt(poem_set_id=_id(poem_set), prompt_id=prompt_id, text=text))


def make_poem(
    session: Session,
    *,
    poem_set: PoemSet,
    prompt: Prompt | None = None,
    poem_id: str | None = None,
    source: str = "Demo A",
    text: str | None = None,
    title: str | None = None,
    features: dict[str, float] | None = None,
) -> Poem:
    n = next(_number)
    text = text or f"The first line of poem {n}\nand then the second"
    poem = Poem(
        poem_set_id=_id(poem_set),
        poem_id=poem_id or f"poem-{n}",
        prompt_id=prompt.id if prompt else None,
        source=source,
        title=title,
        text=text,
        text_hash=f"hash-{n}",
    )
    _stored(session, poem)
    for name, value in (features or {}).items():
        session.add(PoemFeature(poem_id=_id(poem), name=name, version=1, value=value))
    poem_set.n_poems += 1
    session.flush()
    return poem


def make_prompted_poems(
    session: Session, *, poem_set: PoemSet, prompts: int = 1, each: int = 2
) -> list[Poem]:
    """As many poems to each prompt as are asked for."""
    found = []
    for _ in range(prompts):
        prompt = make_prompt(session, poem_set=poem_set)
        found += [make_poem(session, poem_set=poem_set, prompt=prompt) for _ in range(each)]
    return found


def make_study(
    session: Session,
    *,
    poem_set: PoemSet,
    name: str | None = None,
    question: str = "Which poem do you prefer?",
    pairs_per_rater: int = 3,
    state: StudyState = StudyState.DRAFT,
) -> Study:
    study = Study(
        name=name or f"Study {next(_number)}",
        poem_set_id=_id(poem_set),
        question=question,
        pairing=Pairing.WITHIN_PROMPT,
        pairs_per_rater=pairs_per_rater,
        seed=1,
        state=state,
    )
    return _stored(session, study)


def make_rater(
    session: Session,
    *,
    study: Study,
    kind: RaterKind = RaterKind.NONEXPERT,
    simulated: bool = False,
) -> Rater:
    rater = Rater(
        study_id=_id(study), kind=kind, simulated=simulated, token_hash=f"token-{next(_number)}"
    )
    return _stored(session, rater)


def make_slot(
    session: Session, *, rater: Rater, left: Poem, right: Poem, position: int | None = None
) -> Slot:
    first, second = sorted((_id(left), _id(right)))
    pair = Pair(study_id=rater.study_id, first_poem_id=first, second_poem_id=second)
    _stored(session, pair)
    slot = Slot(
        rater_id=_id(rater),
        pair_id=_id(pair),
        position=position or next(_number),
        left_poem_id=_id(left),
        right_poem_id=_id(right),
    )
    return _stored(session, slot)


def make_vote(
    session: Session,
    *,
    slot: Slot,
    choice: Choice = Choice.LEFT,
    attempt: int = 1,
    decision_ms: int | None = 9000,
) -> Vote:
    slot.shown_at = slot.shown_at or utc_now()
    vote = Vote(
        slot_id=_id(slot),
        attempt=attempt,
        choice=choice,
        shown_at=slot.shown_at,
        decision_ms=decision_ms,
        app_version="test",
    )
    return _stored(session, vote)


def _stored(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def _id(row: PoemSet | Prompt | Poem | Study | Rater | Slot | Pair) -> int:
    assert row.id is not None
    return row.id
