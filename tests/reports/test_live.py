"""The report of a running study: new when votes came and the last is old, and only then."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.db import transaction, utc_now
from app.models import Rater, Report, Slot, Study, Vote, VoteRetraction
from app.reports.building import request_report, run
from app.reports.filters import Filters
from app.reports.live import FRESH_FOR, LOOK_EVERY, WAIT_EVERY, keep, live_report
from app.reports.queries import reports_of
from tests.factories import make_rater
from tests.reports.simulated import store_study

LATER = FRESH_FOR + timedelta(seconds=1)


@pytest.fixture
def study(engine: Engine) -> Study:
    with transaction(engine, write=True) as session:
        return store_study(session)


def look(
    engine: Engine, study: Study, *, after: timedelta = timedelta(0), made: bool = True
) -> int:
    """What an admin who looks so long after now is led to; the worker then does its work."""
    with transaction(engine, write=True) as session:
        now = utc_now() + after
        found = live_report(session, study_id=study.id or 0, admin_id=None, now=now).id or 0
    if made:
        run(engine, found)
    return found


def take_back_a_vote(session: Session, study: Study) -> None:
    statement = (
        select(Vote)
        .join(Slot, col(Slot.id) == Vote.slot_id)
        .join(Rater, col(Rater.id) == Slot.rater_id)
        .outerjoin(VoteRetraction, col(VoteRetraction.vote_id) == Vote.id)
        .where(Rater.study_id == study.id, col(VoteRetraction.vote_id).is_(None))
    )
    vote = session.exec(statement).first()
    assert vote is not None
    session.add(VoteRetraction(vote_id=vote.id or 0))


def test_report_is_made_once_while_no_vote_comes(engine, study):
    first = look(engine, study)
    assert look(engine, study) == first
    assert look(engine, study, after=timedelta(days=30)) == first


def test_vote_is_in_the_report_within_a_minute_where_making_it_takes_less_than_20_seconds():
    assert LOOK_EVERY + FRESH_FOR.total_seconds() + WAIT_EVERY + 20 <= 60


def test_report_is_made_again_when_votes_changed_and_it_is_no_longer_fresh(engine, study):
    first = look(engine, study)
    with transaction(engine, write=True) as session:
        take_back_a_vote(session, study)
    assert look(engine, study) == first
    assert look(engine, study, after=LATER) > first


def test_report_is_made_again_when_somebody_joined(engine, study):
    first = look(engine, study)
    with transaction(engine, write=True) as session:
        make_rater(session, study=session.get_one(Study, study.id))
    second = look(engine, study, after=LATER)
    assert second > first
    assert look(engine, study, after=2 * LATER) == second


@pytest.mark.parametrize(("which", "old"), [("app_version", "0.0.0"), ("feature_version", -1)])
def test_report_is_made_again_when_an_older_program_made_it(engine, study, which, old):
    first = look(engine, study)
    with transaction(engine, write=True) as session:
        setattr(session.get_one(Report, first), which, old)
    second = look(engine, study, after=LATER)
    assert second > first
    assert look(engine, study, after=2 * LATER) == second


def test_votes_of_another_study_are_no_reason_to_make_a_report_again(engine, study):
    first = look(engine, study)
    with transaction(engine, write=True) as session:
        take_back_a_vote(session, store_study(session))
    assert look(engine, study, after=LATER) == first


def test_report_in_the_making_is_not_asked_for_twice(engine, study):
    first = look(engine, study, made=False)
    assert look(engine, study, after=LATER, made=False) == first


def test_report_with_choices_does_not_stand_for_the_live_one(engine, study):
    with transaction(engine, write=True) as session:
        asked = request_report(
            session, study_id=study.id or 0, admin_id=None, filters=Filters(adjust=())
        )
    run(engine, asked.id or 0)
    assert look(engine, study) > (asked.id or 0)


def test_old_live_reports_go_and_those_kept_or_asked_for_stay(engine, study):
    with transaction(engine, write=True) as session:
        asked = request_report(session, study_id=study.id or 0, admin_id=None).id
    run(engine, asked or 0)
    made: list[int] = []
    for _ in range(6):
        with transaction(engine, write=True) as session:
            take_back_a_vote(session, study)
        made.append(look(engine, study, after=LATER * (len(made) + 1)))
        if len(made) == 1:
            with transaction(engine, write=True) as session:
                keep(session, session.get_one(Report, made[0]))
    with transaction(engine, write=False) as session:
        left = set(session.exec(select(Report.id)))
        listed = [row.key for row in reports_of(session, study.id or 0)]
        assert len(listed) == 2
    assert {asked, made[0], made[-1]} <= left
    assert made[1] not in left


def test_live_report_leaves_out_power_which_takes_long_and_others_have_it(engine, study):
    followed = look(engine, study)
    with transaction(engine, write=True) as session:
        kept = request_report(session, study_id=study.id or 0, admin_id=None).id or 0
    run(engine, kept)
    with transaction(engine, write=False) as session:
        names = [
            {
                part["name"]
                for part in (session.get_one(Report, one).result or {})["people"]["parts"]
            }
            for one in (kept, followed)
        ]
    assert names[0] - names[1] == {"power"}
