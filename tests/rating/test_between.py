"""What a rater is shown beside the pairs: practice, checks, pairs that come again, questions on a
choice, breaks. None of it is lost, and none of it gets among the votes."""

from dataclasses import replace

import pytest
from sqlmodel import Session, col, select

from app.errors import SlotConflict, StudyClosed
from app.exports.raters import rater_rows
from app.exports.votes import vote_rows
from app.models import (
    Choice,
    Pair,
    Purpose,
    Rater,
    Slot,
    Study,
    Vote,
    VoteFollowUp,
)
from app.rating.serving import BlindPair, Break, Done, FollowUp, Practice, next_slot
from app.rating.voting import cast_vote, end_break, follow_up, practise, retract_vote
from app.studies.lifecycle import close_study
from app.studies.monitoring import progress
from app.studies.plan import Design, When
from app.studies.queries import votes_by_people
from tests.rating.test_voting import joined, opened, shown


def designed(session: Session, design: Design, *, prompts: int = 6, pairs: int = 6) -> Study:
    study = opened(session, prompts=prompts, pairs=pairs)
    study.design = design.to_json()  # as if it had been chosen before the opening
    session.flush()
    return study


def choose(session: Session, rater: int, choice: Choice = Choice.LEFT) -> BlindPair:
    pair = shown(session, rater)
    cast_vote(session, rater_id=rater, slot_key=pair.slot, attempt=pair.attempt, choice=choice)
    return pair


def asked_of(session: Session, rater: int) -> FollowUp:
    found = next_slot(session, rater)
    assert isinstance(found, FollowUp)
    return found


def say(session: Session, rater: int, asked: FollowUp, confidence: int | None = 4) -> None:
    follow_up(
        session,
        rater_id=rater,
        slot_key=asked.slot,
        attempt=asked.attempt,
        confidence=confidence,
        ease=None,
    )


def take_back(session: Session, rater: int) -> None:
    found = next_slot(session, rater)
    assert not isinstance(found, Practice)
    assert found.undo is not None
    retract_vote(session, rater_id=rater, slot_key=found.undo.slot, attempt=found.undo.attempt)


def test_progress_counts_checks_and_pairs_that_come_again(session: Session):
    rater = joined(session, designed(session, Design(repeats=2, checks=1)))
    pairs = [choose(session, rater) for _ in range(9)]
    assert [pair.position for pair in pairs] == [*range(1, 10)]
    assert {pair.total for pair in pairs} == {9}
    assert isinstance(next_slot(session, rater), Done)


def test_pair_that_comes_again_has_its_sides_exchanged(session: Session):
    rater = joined(session, designed(session, Design(repeats=2)))
    slots = session.exec(select(Slot).where(Slot.rater_id == rater)).all()
    again = [slot for slot in slots if slot.purpose is Purpose.REPEAT]
    assert len(again) == 2
    for slot in again:
        first = next(s for s in slots if s.pair_id == slot.pair_id and s is not slot)
        assert (first.left_poem_id, first.right_poem_id) == (
            slot.right_poem_id,
            slot.left_poem_id,
        )
        assert first.position < slot.position


def test_counters_of_the_draw_count_measuring_slots_alone(session: Session):
    study = designed(session, Design(repeats=3, checks=2))
    joined(session, study)
    drawn = session.exec(select(Pair.drawn_nonexpert).where(Pair.study_id == study.id)).all()
    assert sum(drawn) == 6
    assert max(drawn) == 1


def test_check_has_no_poems_and_says_which_side_to_choose(session: Session):
    rater = joined(session, designed(session, Design(checks=1)))
    pairs = [choose(session, rater) for _ in range(7)]
    (check,) = [pair for pair in pairs if pair.check]
    assert check.check in (Choice.LEFT, Choice.RIGHT)
    assert check.left.stanzas == check.right.stanzas == ()
    slot = session.exec(select(Slot).where(Slot.purpose == Purpose.CHECK)).one()
    assert (slot.key, slot.check_side) == (check.slot, check.check)


def test_votes_on_checks_reach_neither_the_export_nor_any_count_of_votes(session: Session):
    study = designed(session, Design(repeats=1, checks=2))
    rater = joined(session, study)
    for _ in range(9):
        choose(session, rater)
    assert len(session.exec(select(Vote)).all()) == 9
    for full in (False, True):
        rows = list(vote_rows(session, study.id or 0, full=full))
        assert sorted(row["purpose"] for row in rows) == ["measure"] * 6 + ["repeat"]
    (row,) = rater_rows(session, study.id or 0)
    assert (row["n_slots"], row["n_votes"]) == (7, 7)
    (people,) = [p for p in progress(session, study.key) if p.joined]
    assert (people.votes, people.finished) == (7, 1)
    assert votes_by_people(session) == {study.key: 7}


def test_practice_comes_first_once_and_stores_no_vote(session: Session):
    rater = joined(session, designed(session, Design(practice=True)))
    assert isinstance(next_slot(session, rater), Practice)
    for _ in range(2):
        practise(session, rater_id=rater)
    at = session.get_one(Rater, rater).practised_at
    assert at is not None
    assert shown(session, rater).position == 1
    assert session.exec(select(Vote)).all() == []


def test_question_about_a_choice_comes_until_it_is_answered(session: Session):
    rater = joined(session, designed(session, Design(asks_confidence=True)))
    pair = choose(session, rater)
    assert asked_of(session, rater) == asked_of(session, rater)  # a reload asks again
    asked = asked_of(session, rater)
    assert (asked.slot, asked.position) == (pair.slot, 1)
    assert (asked.confidence, asked.ease) == (True, False)
    say(session, rater, asked, 4)
    say(session, rater, asked, 1)  # sent again: changes nothing
    assert [row.confidence for row in session.exec(select(VoteFollowUp))] == [4]
    assert shown(session, rater).position == 2


def test_question_can_be_left_without_an_answer(session: Session):
    rater = joined(session, designed(session, Design(asks_ease=True)))
    choose(session, rater)
    asked = asked_of(session, rater)
    say(session, rater, asked, None)
    assert shown(session, rater).position == 2


def test_choice_taken_back_is_asked_about_anew(session: Session):
    rater = joined(session, designed(session, Design(asks_confidence=True)))
    choose(session, rater)
    asked = asked_of(session, rater)
    take_back(session, rater)  # from the question itself
    say(session, rater, asked, 2)  # the old form, too late: changes nothing
    assert session.exec(select(VoteFollowUp)).all() == []
    again = choose(session, rater, Choice.RIGHT)
    assert (again.position, again.attempt) == (1, 2)
    asked = asked_of(session, rater)
    say(session, rater, asked, 5)
    take_back(session, rater)  # from the next pair
    assert shown(session, rater).position == 1
    votes = session.exec(select(Vote).order_by(col(Vote.attempt))).all()
    assert [vote.choice for vote in votes] == ["left", "right"]
    assert [row.vote_id for row in session.exec(select(VoteFollowUp))] == [votes[1].id]


def test_question_about_a_pair_not_chosen_of_is_refused(session: Session):
    rater = joined(session, designed(session, Design(asks_confidence=True)))
    pair = shown(session, rater)
    with pytest.raises(SlotConflict):
        follow_up(session, rater_id=rater, slot_key=pair.slot, attempt=1, confidence=1, ease=None)


def test_nobody_is_asked_about_a_check(session: Session):
    rater = joined(session, designed(session, Design(checks=1, asks_confidence=True)))
    asked_about = set()
    for _ in range(7):
        pair = choose(session, rater)
        asked = next_slot(session, rater)
        if isinstance(asked, FollowUp):
            asked_about.add(pair.slot)
            say(session, rater, asked)
        else:
            assert pair.check
    assert len(asked_about) == 6
    assert isinstance(next_slot(session, rater), Done)


def test_break_comes_every_so_many_pairs_and_once_each(session: Session):
    rater = joined(session, designed(session, Design(break_every=2), prompts=9, pairs=9))
    seen: list[tuple[int, int]] = []
    while not isinstance(found := next_slot(session, rater), Done):
        if isinstance(found, Break):
            seen.append((found.done, found.left))
            end_break(session, rater_id=rater, done=found.done)
            end_break(session, rater_id=rater, done=found.done)  # sent twice
        else:
            choose(session, rater)
    assert seen == [(2, 7), (4, 5), (6, 3)]  # none just before the end


def test_undo_works_from_a_break_and_brings_none_twice(session: Session):
    rater = joined(session, designed(session, Design(break_every=2), prompts=9, pairs=9))
    choose(session, rater)
    choose(session, rater)
    assert isinstance(next_slot(session, rater), Break)
    take_back(session, rater)
    assert shown(session, rater).position == 2
    choose(session, rater)
    rest = next_slot(session, rater)
    assert isinstance(rest, Break)
    end_break(session, rater_id=rater, done=rest.done)
    take_back(session, rater)
    choose(session, rater)
    assert shown(session, rater).position == 3


def test_check_can_be_taken_back(session: Session):
    rater = joined(session, designed(session, Design(checks=1)))
    while not (pair := choose(session, rater)).check:
        pass
    take_back(session, rater)
    again = shown(session, rater)
    assert replace(again, attempt=1, undo=pair.undo) == pair
    assert again.attempt == 2


def test_page_is_told_whether_questions_follow(session: Session):
    study = designed(session, Design())
    rater = joined(session, study)
    assert not shown(session, rater).questions_after
    study.design = Design(instrument_when=When.AFTER).to_json()
    session.flush()
    assert shown(session, rater).questions_after


def test_closed_study_stores_no_answer_about_a_choice(session: Session):
    study = designed(session, Design(asks_confidence=True), prompts=1, pairs=1)
    rater = joined(session, study)
    choose(session, rater)
    asked = asked_of(session, rater)
    close_study(session, study.key)
    with pytest.raises(StudyClosed):
        say(session, rater, asked)
    assert isinstance(next_slot(session, rater), Done)
