"""Withdrawing and erasing, on both databases: what goes, what stays, what others see."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, SQLModel, col

from app.db import utc_now
from app.errors import NotFound, Withdrawn
from app.exports.raters import rater_rows
from app.exports.votes import vote_rows
from app.models import (
    Choice,
    Erasure,
    Exclusion,
    Pair,
    Participant,
    PersonalLink,
    RaterAnswer,
    RaterKind,
    StudyState,
    VoteFollowUp,
    VoteRetraction,
)
from app.rating.personal_data import RATERS, reached_from
from app.rating.rights import stored_about
from app.rating.serving import BlindPair, next_slot
from app.rating.voting import cast_vote
from app.rating.withdrawing import erase, withdraw
from app.reports.queries import seen_now
from app.studies.monitoring import answers_by_group, progress
from tests.factories import make_poem, make_poem_set, make_rater, make_slot, make_study, make_vote


def a_rater(session: Session) -> Any:  # Any: stored rows, whose ids are there
    """One rater with a row in every table, and another with one vote."""
    poem_set = make_poem_set(session)
    left, right, third = (make_poem(session, poem_set=poem_set) for _ in range(3))
    study = make_study(session, poem_set=poem_set, state=StudyState.OPEN)
    rater, other = (make_rater(session, study=study, kind=RaterKind.EXPERT) for _ in range(2))
    slot = make_slot(session, rater=rater, left=left, right=right)
    make_slot(session, rater=rater, left=left, right=third)
    taken_back = make_vote(session, slot=slot)
    session.add(VoteRetraction(vote_id=taken_back.id or 0))
    vote = make_vote(session, slot=slot, choice=Choice.RIGHT, attempt=2)
    session.add(VoteFollowUp(vote_id=vote.id or 0, confidence=4))
    session.add(
        RaterAnswer(rater_id=rater.id or 0, item="reads", value="weekly", instrument_version="1")
    )
    link = PersonalLink(
        study_id=study.id or 0, kind=RaterKind.EXPERT, label="Somebody", used_at=utc_now()
    )
    session.add(link)
    session.flush()
    session.add(
        Participant(
            rater_id=rater.id or 0, study_id=study.id or 0, panel="link", external_id=link.key
        )
    )
    session.add(Exclusion(rater_id=rater.id or 0, excluded=True, rule="too_fast"))
    make_vote(session, slot=make_slot(session, rater=other, left=right, right=third))
    for pair in session.execute(select(Pair)).scalars():
        pair.drawn_expert = 2
    session.flush()
    return study, rater, other, link


def rows_in(session: Session, name: str) -> int:
    return session.scalar(select(func.count()).select_from(SQLModel.metadata.tables[name])) or 0


def test_every_table_that_hangs_on_a_rater_is_told_of():
    assert {*reached_from("rater"), "personal_link"} == set(RATERS)


def test_erasing_leaves_nothing_but_that_there_was_somebody(session):
    study, rater, other, link = a_rater(session)
    rater_id, key, seen = rater.id, rater.key, seen_now(session, study.id)
    before = {name: rows_in(session, name) for name in reached_from("rater")}
    assert all(before.values())
    erased = erase(session, rater_id)
    session.expire_all()
    assert (erased.rater_key, erased.n_votes, erased.study_id) == (key, 2, study.id)
    left = {name: rows_in(session, name) for name in before}
    assert left == dict.fromkeys(before, 0) | {"rater": 1, "slot": 1, "vote": 1}
    assert session.get_one(PersonalLink, link.id).label == ""
    assert [row["rater_id"] for row in vote_rows(session, study.id)] == [other.key]
    assert [row["rater_id"] for row in rater_rows(session, study.id)] == [other.key]
    assert seen_now(session, study.id) != seen
    with pytest.raises(NotFound, match="erased already"):
        erase(session, rater_id)
    assert rows_in(session, "erasure") == 1


def test_pairs_of_an_erased_rater_count_as_not_given_to_them(session):
    _study, rater, *_ = a_rater(session)
    erase(session, rater.id)
    session.expire_all()
    pairs = session.execute(select(Pair).order_by(col(Pair.id))).scalars().all()
    assert [pair.drawn_expert for pair in pairs] == [1, 1, 2]


def test_pairs_of_who_withdrew_are_given_back_once(session):
    _study, rater, *_ = a_rater(session)
    for leave in (withdraw, withdraw, erase):
        leave(session, rater.id)
        session.expire_all()
        pairs = session.execute(select(Pair).order_by(col(Pair.id))).scalars().all()
        assert [pair.drawn_expert for pair in pairs] == [1, 1, 2]


def test_progress_and_scores_hold_nothing_of_who_withdrew(session):
    study, rater, other, _link = a_rater(session)
    for one, score in ((rater, 0.2), (other, 0.6)):
        one.expertise_score, one.scored_as = score, RaterKind.EXPERT
    session.flush()
    withdraw(session, rater.id)
    (experts,) = (row for row in progress(session, study.key) if row.kind is RaterKind.EXPERT)
    assert (experts.joined, experts.votes, experts.withdrawn) == (1, 1, 1)
    (answers,) = answers_by_group(session, study.key)
    assert (answers.answered, answers.mean_score) == (1, 0.6)


def test_who_withdrew_is_asked_nothing_and_used_nowhere(session):
    study, rater, other, _link = a_rater(session)
    found = next_slot(session, rater.id)
    assert isinstance(found, BlindPair)
    withdraw(session, rater.id)
    withdraw(session, rater.id)
    with pytest.raises(Withdrawn):
        next_slot(session, rater.id)
    with pytest.raises(Withdrawn):
        cast_vote(session, rater_id=rater.id, slot_key=found.slot, attempt=1, choice=Choice.LEFT)
    for full in (False, True):
        own = {row["rater_id"] for row in vote_rows(session, study.id, full=full)}
        assert own == {other.key}
    row = next(row for row in rater_rows(session, study.id) if row["rater_id"] == rater.key)
    assert row["withdrawn_at"]
    assert (row["excluded"], row["exclusion_rule"], row["says_reads"]) == (1, "withdrawn", None)
    decisions = (
        session.execute(select(Exclusion).where(col(Exclusion.rule) == "withdrawn")).scalars().all()
    )
    assert [(one.excluded, one.made_by) for one in decisions] == [(True, None)]


def test_rater_is_told_all_that_is_stored_and_nothing_that_is_to_come(session):
    _study, rater, *_ = a_rater(session)
    mine = stored_about(session, rater.id)
    rows = {section.name: section.rows for section in mine.sections}
    assert {name: len(own) for name, own in rows.items()} == {
        "rater": 1,
        "participant": 1,
        "personal_link": 1,
        "rater_answer": 1,
        "slot": 2,
        "vote": 2,
        "vote_retraction": 1,
        "vote_follow_up": 1,
        "exclusion": 1,
    }
    shown, to_come = rows["slot"]
    assert str(shown["left_poem_id"]).startswith("The first line of poem")
    assert {name for name, value in to_come.items() if value is not None} == {"position"}
    assert rows["rater_answer"] == [{"item": "reads", "value": "weekly", "instrument_version": "1"}]
    assert rows["vote"][0]["slot_id"] == shown["key"]
    assert "token_hash" not in rows["rater"][0]
    assert mine.as_dict(str)["tables"]["vote"]["rows"][1]["choice"] == "right"


def test_erasures_are_kept_by_study(session):
    study, rater, other, _link = a_rater(session)
    erase(session, rater.id)
    erase(session, other.id)
    stored = session.execute(select(Erasure).order_by(col(Erasure.id))).scalars().all()
    assert [(one.study_id, one.n_votes) for one in stored] == [(study.id, 2), (study.id, 1)]
