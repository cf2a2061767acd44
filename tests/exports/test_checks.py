"""Answers to attention checks: in a file of their own, every one, and in none of votes."""

from typing import Any

from sqlmodel import Session

from app.exports.checks import CHECK_COLUMNS, check_rows
from app.exports.raters import rater_rows
from app.exports.votes import vote_rows
from app.models import Choice, Purpose, Slot, VoteRetraction
from app.rating.withdrawing import erase, withdraw
from tests.factories import (
    make_poem,
    make_poem_set,
    make_rater,
    make_slot,
    make_study,
    make_vote,
)


def a_rater(session: Session) -> Any:  # Any: stored rows, whose ids are there
    """Who voted on a pair, failed a check, took that back and passed it, and failed another."""
    poem_set = make_poem_set(session)
    left, right = (make_poem(session, poem_set=poem_set) for _ in range(2))
    study = make_study(session, poem_set=poem_set)
    rater = make_rater(session, study=study)
    make_vote(session, slot=make_slot(session, rater=rater, left=left, right=right, position=1))
    mended, failed = (
        Slot(
            rater_id=rater.id or 0,
            purpose=Purpose.CHECK,
            position=position,
            check_side=Choice.RIGHT,
        )
        for position in (2, 3)
    )
    session.add_all([mended, failed])
    session.flush()
    first = make_vote(session, slot=mended, choice=Choice.LEFT)
    session.add(VoteRetraction(vote_id=first.id or 0))
    make_vote(session, slot=mended, choice=Choice.RIGHT, attempt=2)
    make_vote(session, slot=failed, choice=Choice.TIE)
    return study, rater


def test_every_answer_to_a_check_is_in_its_file_and_in_no_file_of_votes(session):
    study, rater = a_rater(session)
    rows = list(check_rows(session, study.id))
    told = [
        (row["position"], row["asked"], row["choice"], row["passed"], row["attempt"], row["stands"])
        for row in rows
    ]
    assert told == [
        (2, "right", "left", 0, 1, 0),
        (2, "right", "right", 1, 2, 1),
        (3, "right", "tie", 0, 1, 1),
    ]
    assert rows[0]["retracted_at"]
    assert {row["rater_id"] for row in rows} == {rater.key}
    assert all(list(row) == [column.name for column in CHECK_COLUMNS] for row in rows)
    for full in (False, True):
        assert [row["position"] for row in vote_rows(session, study.id, full=full)] == [1]


def test_raters_file_says_of_checks_what_their_own_file_gives(session):
    study, _rater = a_rater(session)
    standing = [row for row in check_rows(session, study.id) if row["stands"]]
    (rater,) = rater_rows(session, study.id)
    assert rater["n_checks"] == len(standing) == 2
    assert rater["n_checks_failed"] == sum(not row["passed"] for row in standing) == 1


def test_checks_of_who_withdrew_or_had_all_erased_are_in_no_file_made_since(session):
    study, rater = a_rater(session)
    withdraw(session, rater.id)
    assert list(check_rows(session, study.id)) == []
    study, rater = a_rater(session)
    assert erase(session, rater.id).n_votes == 4
    assert list(check_rows(session, study.id)) == []
