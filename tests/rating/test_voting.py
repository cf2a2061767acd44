"""From a link to votes: nothing acknowledged is lost, nothing is counted twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.accounts.tokens import new_token
from app.db import transaction, utc_now
from app.errors import NotFound, SlotConflict, StudyClosed
from app.models import Choice, RaterKind, Slot, Study, StudyState, Vote, VoteRetraction
from app.rating.admission import Standing
from app.rating.answering import answer, next_part, unanswered
from app.rating.joining import invitation, join, rater_by_token
from app.rating.serving import BlindPair, Done, next_slot
from app.rating.voting import Seen, cast_vote, retract_vote
from app.studies.lifecycle import close_study, create_study, open_study
from app.studies.monitoring import progress
from app.studies.queries import group_links
from tests.factories import make_poem, make_poem_set, make_prompted_poems
from tests.journeys.rater import ANSWERS


def opened(session: Session, *, prompts: int = 3, pairs: int = 3) -> Study:
    poem_set = make_poem_set(session)
    make_prompted_poems(session, poem_set=poem_set, prompts=prompts, each=3)
    study = create_study(
        session,
        name="Study",
        poem_set_key=poem_set.key,
        question="Which poem do you prefer?",
        pairs_per_rater=pairs,
    )
    return open_study(session, study.key)


def joined(session: Session, study: Study, kind: RaterKind = RaterKind.NONEXPERT) -> int:
    token = new_token()
    join(session, group_links(session, study.key)[kind], token)
    rater = rater_by_token(session, token)
    assert rater is not None
    return rater.id


def shown(session: Session, rater_id: int) -> BlindPair:
    pair = next_slot(session, rater_id)
    assert isinstance(pair, BlindPair)
    return pair


def test_rater_votes_through_all_pairs_to_the_end(session: Session):
    study = opened(session)
    rater = joined(session, study)
    for position, choice in enumerate(Choice, start=1):
        pair = shown(session, rater)
        assert (pair.position, pair.total) == (position, 3)
        cast_vote(session, rater_id=rater, slot_key=pair.slot, attempt=pair.attempt, choice=choice)
    assert isinstance(next_slot(session, rater), Done)
    (people,) = [p for p in progress(session, study.key) if p.joined]
    assert (people.kind, people.finished, people.votes, people.ties) == ("nonexpert", 1, 3, 1)


def test_second_click_keeps_first_vote(session: Session):
    rater = joined(session, opened(session))
    pair = shown(session, rater)
    for choice in (Choice.LEFT, Choice.RIGHT):
        cast_vote(session, rater_id=rater, slot_key=pair.slot, attempt=1, choice=choice)
    assert [vote.choice for vote in session.exec(select(Vote))] == [Choice.LEFT]
    assert shown(session, rater).position == 2


def test_undo_keeps_the_first_vote_and_makes_room_for_a_second_attempt(session: Session):
    rater = joined(session, opened(session))
    pair = shown(session, rater)
    cast_vote(session, rater_id=rater, slot_key=pair.slot, attempt=1, choice=Choice.LEFT)
    undo = shown(session, rater).undo
    assert undo is not None
    for _ in range(2):  # sent twice
        retract_vote(session, rater_id=rater, slot_key=undo.slot, attempt=undo.attempt)
    again = shown(session, rater)
    assert (again.slot, again.attempt, again.position) == (pair.slot, 2, 1)
    cast_vote(session, rater_id=rater, slot_key=pair.slot, attempt=1, choice=Choice.TIE)  # old form
    cast_vote(session, rater_id=rater, slot_key=pair.slot, attempt=2, choice=Choice.RIGHT)
    votes = session.exec(select(Vote).order_by(col(Vote.attempt))).all()
    assert [(vote.attempt, vote.choice) for vote in votes] == [(1, "left"), (2, "right")]
    assert [row.vote_id for row in session.exec(select(VoteRetraction))] == [votes[0].id]


def test_only_the_last_vote_can_be_taken_back(session: Session):
    rater = joined(session, opened(session))
    first = shown(session, rater)
    cast_vote(session, rater_id=rater, slot_key=first.slot, attempt=1, choice=Choice.LEFT)
    second = shown(session, rater)
    cast_vote(session, rater_id=rater, slot_key=second.slot, attempt=1, choice=Choice.LEFT)
    with pytest.raises(SlotConflict):
        retract_vote(session, rater_id=rater, slot_key=first.slot, attempt=1)


def test_votes_for_what_is_not_before_the_rater_are_refused(session: Session):
    study = opened(session)
    one, other = joined(session, study), joined(session, study)
    pair = shown(session, one)
    with pytest.raises(NotFound):
        cast_vote(session, rater_id=other, slot_key=pair.slot, attempt=1, choice=Choice.LEFT)
    with pytest.raises(SlotConflict):
        cast_vote(session, rater_id=one, slot_key=pair.slot, attempt=2, choice=Choice.LEFT)
    unseen = session.exec(select(Slot).where(Slot.rater_id == one, Slot.position == 2)).one()
    with pytest.raises(SlotConflict):
        cast_vote(session, rater_id=one, slot_key=unseen.key, attempt=1, choice=Choice.LEFT)
    assert session.exec(select(Vote)).all() == []


def test_closed_study_takes_no_vote_and_no_rater_but_acknowledges_the_old(session: Session):
    study = opened(session)
    rater = joined(session, study)
    pair = shown(session, rater)
    cast_vote(session, rater_id=rater, slot_key=pair.slot, attempt=1, choice=Choice.LEFT)
    following = shown(session, rater)
    close_study(session, study.key)
    cast_vote(session, rater_id=rater, slot_key=pair.slot, attempt=1, choice=Choice.LEFT)
    with pytest.raises(StudyClosed):
        cast_vote(session, rater_id=rater, slot_key=following.slot, attempt=1, choice=Choice.LEFT)
    with pytest.raises(StudyClosed):
        next_slot(session, rater)
    link = group_links(session, study.key)[RaterKind.EXPERT]
    assert invitation(session, link).standing is Standing.CLOSED
    with pytest.raises(StudyClosed):
        join(session, link, new_token())


def test_answers_are_stored_once_and_must_be_complete(session: Session):
    rater = joined(session, opened(session))
    part = next_part(session, rater)
    assert part is not None
    assert unanswered(part, ANSWERS | {"writes": "nonsense", "studied": ""}) == [
        "writes",
        "studied",
    ]
    answer(session, rater_id=rater, answers=ANSWERS)
    answer(session, rater_id=rater, answers=ANSWERS | {"reads": "rarely"})
    from app.models import RaterAnswer

    assert {row.item: row.value for row in session.exec(select(RaterAnswer))} == ANSWERS


def test_many_clicks_at_once_make_one_vote_a_slot(engine: Engine):
    slots = 100
    with transaction(engine, write=True) as session:
        study = opened(session, prompts=slots, pairs=5)
        raters = [joined(session, study) for _ in range(slots // 5)]
        keys = []
        for rater in raters:
            for slot in session.exec(select(Slot).where(Slot.rater_id == rater)).all():
                slot.shown_at = study.opened_at
                keys.append((rater, slot.key))

    def click(task: tuple[tuple[int, str], int]) -> None:
        (rater, key), n = task
        choice = list(Choice)[n % 3]
        with transaction(engine, write=True) as session:
            cast_vote(session, rater_id=rater, slot_key=key, attempt=1, choice=choice)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(click, product(keys, range(4))))
    with transaction(engine, write=False) as session:
        votes = session.exec(select(Vote.slot_id)).all()
    assert len(votes) == len(set(votes)) == slots


def test_study_state_is_a_draft_until_opened(session: Session):
    poem_set = make_poem_set(session)
    for _ in range(2):
        make_poem(session, poem_set=poem_set)
    study = create_study(
        session, name="S", poem_set_key=poem_set.key, question="Which?", pairs_per_rater=1
    )
    assert study.state == StudyState.DRAFT
    with pytest.raises(StudyClosed):
        join(session, group_links(session, study.key)[RaterKind.EXPERT], new_token())


def test_time_longer_than_the_pair_was_before_the_rater_is_not_known(engine: Engine):
    with transaction(engine, write=True) as session:
        study = opened(session)
        rater = joined(session, study)
        pair = shown(session, rater)
        slot = session.exec(select(Slot).where(Slot.key == pair.slot)).one()
        slot.shown_at = utc_now() - timedelta(seconds=10)
    seen = Seen(decision_ms=9_000, reading_ms=600_000, hidden_ms=90_000, left_ms=2_000_000_000)
    with transaction(engine, write=True) as session:
        cast_vote(
            session, rater_id=rater, slot_key=pair.slot, attempt=1, choice=Choice.LEFT, seen=seen
        )
    with transaction(engine, write=False) as session:
        vote = session.exec(select(Vote)).one()
        assert (vote.decision_ms, vote.reading_ms, vote.left_ms) == (9_000, None, None)
        assert vote.hidden_ms == 90_000  # the machine may have slept by another clock
