"""Erasing and withdrawing while a vote of the same rater is under way: the vote is stored before
it, and goes with the rest, or is refused."""

from collections.abc import Callable
from threading import Thread
from time import sleep

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from app.db import transaction
from app.errors import NotFound, Withdrawn
from app.models import Choice, Erasure, Pair, Rater, Slot, Vote
from app.rating.serving import BlindPair
from app.rating.voting import cast_vote
from app.rating.withdrawing import erase, withdraw
from tests.rating.test_voting import joined, opened, shown

WAITING_S = 0.3


def a_pair(engine: Engine) -> tuple[int, BlindPair]:
    with transaction(engine, write=True) as session:
        rater = joined(session, opened(session))
        return rater, shown(session, rater)


def vote(session: Session, rater: int, pair: BlindPair) -> None:
    cast_vote(session, rater_id=rater, slot_key=pair.slot, attempt=1, choice=Choice.LEFT)


def how_many(engine: Engine, table: type[Rater | Slot | Vote]) -> int:
    with transaction(engine, write=False) as session:
        return session.scalar(select(func.count(col(table.id)))) or 0


def test_vote_under_way_is_stored_first_and_erased_with_the_rest(engine: Engine):
    rater, pair = a_pair(engine)
    n_erased: list[int] = []

    def have_it_erased() -> None:
        with transaction(engine, write=True) as session:
            n_erased.append(erase(session, rater).n_votes)

    erasing = Thread(target=have_it_erased)
    with transaction(engine, write=True) as session:
        vote(session, rater, pair)
        erasing.start()
        sleep(WAITING_S)
    erasing.join()
    assert n_erased == [1]
    assert [how_many(engine, table) for table in (Rater, Slot, Vote)] == [0, 0, 0]
    with transaction(engine, write=False) as session:
        assert [one.n_votes for one in session.scalars(select(Erasure))] == [1]
        drawn = session.execute(select(col(Pair.drawn_expert), col(Pair.drawn_nonexpert)))
        assert {count for row in drawn for count in row} == {0}


@pytest.mark.parametrize(
    ("leave", "error"), [(erase, NotFound), (withdraw, Withdrawn)], ids=["erase", "withdraw"]
)
def test_vote_that_waits_for_it_is_refused(
    engine: Engine, leave: Callable[[Session, int], object], error: type[Exception]
):
    rater, pair = a_pair(engine)
    outcome: list[str] = []

    def go_on() -> None:
        try:
            with transaction(engine, write=True) as session:
                vote(session, rater, pair)
            outcome.append("stored")
        except error:
            outcome.append("refused")

    voting = Thread(target=go_on)
    with transaction(engine, write=True) as session:
        leave(session, rater)
        voting.start()
        sleep(WAITING_S)
    voting.join()
    assert outcome == ["refused"]
    assert how_many(engine, Vote) == 0
