"""Closing a study while people vote: a vote comes before it or is refused, never after."""

from threading import Thread
from time import sleep

from sqlalchemy import Engine
from sqlmodel import select

from app.db import transaction
from app.errors import StudyClosed
from app.models import Choice, Vote
from app.rating.voting import cast_vote
from app.studies.lifecycle import close_study
from tests.rating.test_voting import joined, opened, shown


def test_closing_waits_for_the_vote_that_is_being_stored(engine: Engine):
    with transaction(engine, write=True) as session:
        study = opened(session)
        rater = joined(session, study)
        pair = shown(session, rater)
    order: list[str] = []

    def close() -> None:
        with transaction(engine, write=True) as session:
            close_study(session, study.key)
            order.append("closed")

    closing = Thread(target=close)
    with transaction(engine, write=True) as session:
        cast_vote(session, rater_id=rater, slot_key=pair.slot, attempt=1, choice=Choice.LEFT)
        closing.start()
        sleep(0.3)
        order.append("voted")
    closing.join()
    assert order == ["voted", "closed"]


def test_vote_that_waits_for_the_closing_is_refused(engine: Engine):
    with transaction(engine, write=True) as session:
        study = opened(session)
        rater = joined(session, study)
        pair = shown(session, rater)
    outcome: list[str] = []

    def vote() -> None:
        try:
            with transaction(engine, write=True) as session:
                cast_vote(
                    session, rater_id=rater, slot_key=pair.slot, attempt=1, choice=Choice.LEFT
                )
            outcome.append("stored")
        except StudyClosed:
            outcome.append("refused")

    voting = Thread(target=vote)
    with transaction(engine, write=True) as session:
        close_study(session, study.key)
        voting.start()
        sleep(0.3)
    voting.join()
    assert outcome == ["refused"]
    with transaction(engine, write=False) as session:
        assert session.exec(select(Vote)).all() == []


def test_reading_sees_one_state_throughout(engine: Engine):
    with transaction(engine, write=True) as session:
        study = opened(session)
        rater = joined(session, study)
        pair = shown(session, rater)
    with transaction(engine, write=False) as reading:
        before = len(reading.exec(select(Vote)).all())
        with transaction(engine, write=True) as session:
            cast_vote(session, rater_id=rater, slot_key=pair.slot, attempt=1, choice=Choice.TIE)
        reading.expire_all()
        assert len(reading.exec(select(Vote)).all()) == before
