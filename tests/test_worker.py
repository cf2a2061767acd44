"""The worker does what waits, says what went wrong, and goes on."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app import jobs, worker
from app.db import transaction, utc_now
from app.errors import Unusable
from app.models import Job, JobState, PoemFeature, Report
from app.poems import measuring
from app.reports.building import request_report
from app.verse import FEATURES
from tests.factories import make_poem, make_poem_set, make_study

Does = Callable[[Engine, int, dict[str, Any]], None]


@pytest.fixture
def does(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Does], None]:
    """`does(kind, function)`: what the worker does for jobs of this kind."""

    def set_kind(kind: str, function: Does) -> None:
        monkeypatch.setitem(worker._KINDS, kind, worker.Kind(function))

    return set_kind


def enqueue(engine: Engine, kind: str, **payload: Any) -> int:
    with transaction(engine, write=True) as session:
        return jobs.enqueue(session, kind, **payload)


def job(engine: Engine, job_id: int) -> Job:
    with transaction(engine, write=False) as session:
        return session.get_one(Job, job_id)


def test_nothing_waits_and_the_worker_says_so(engine):
    assert worker.work_once(engine) is False


def work_all(engine: Engine) -> int:
    """How often the worker had something to do."""
    n = 0
    while worker.work_once(engine):
        n += 1
    return n


def test_job_that_cannot_be_done_says_why_once_and_the_next_one_is_done(engine, does):
    def refuse(_engine: Engine, _job_id: int, _payload: dict[str, Any]) -> None:
        raise Unusable("The poems are not measured yet.")

    does("refuse", refuse)
    refused, measured = enqueue(engine, "refuse"), enqueue(engine, "measure", poem_set=1)
    assert work_all(engine) == 2
    found = job(engine, refused)
    assert (found.state, found.error) == (JobState.FAILED, "The poems are not measured yet.")
    assert found.finished_at is not None
    assert job(engine, measured).state == JobState.DONE


def test_unexpected_error_is_tried_again_then_said_and_does_not_stop_the_worker(
    engine, does, caplog
):
    tried = []

    def crash(_engine: Engine, job_id: int, _payload: dict[str, Any]) -> None:
        tried.append(job_id)
        raise ZeroDivisionError("division by zero")

    does("crash", crash)
    crashed, measured = enqueue(engine, "crash"), enqueue(engine, "measure", poem_set=1)
    work_all(engine)
    assert tried == [crashed] * jobs.MOST_ATTEMPTS
    found = job(engine, crashed)
    assert found.state == JobState.FAILED
    assert "server's log" in (found.error or "")
    assert "division by zero" in caplog.text
    assert job(engine, measured).state == JobState.DONE


def test_error_that_passes_is_forgotten(engine, does):
    errors = iter([ConnectionError("the database is away")])

    def unsteady(_engine: Engine, _job_id: int, _payload: dict[str, Any]) -> None:
        for error in errors:
            raise error

    does("unsteady", unsteady)
    job_id = enqueue(engine, "unsteady")
    work_all(engine)
    found = job(engine, job_id)
    assert (found.state, found.error) == (JobState.DONE, None)


def test_job_of_a_kind_nobody_knows_fails_once(engine, caplog):
    unknown, measured = enqueue(engine, "knit"), enqueue(engine, "measure", poem_set=1)
    assert work_all(engine) == 2
    found = job(engine, unknown)
    assert (found.state, found.attempts) == (JobState.FAILED, 1)
    assert found.error
    assert "knit" in caplog.text
    assert job(engine, measured).state == JobState.DONE


def test_measuring_shows_how_far_it_is(engine, monkeypatch):
    monkeypatch.setattr(measuring, "_AT_ONCE", 2)
    with transaction(engine, write=True) as session:
        poem_set = make_poem_set(session)
        for _ in range(5):
            make_poem(session, poem_set=poem_set)
        job_id = jobs.enqueue(session, "measure", poem_set=poem_set.id)
    seen = []
    step = jobs.step

    def watched(session: Any, job_id: int, *, done: int, total: int) -> None:
        step(session, job_id, done=done, total=total)
        seen.append((done, total))

    monkeypatch.setattr(jobs, "step", watched)
    worker.work_once(engine)
    assert seen == [(2, 5), (4, 5), (5, 5)]
    found = job(engine, job_id)
    assert (found.state, found.done, found.total) == (JobState.DONE, 5, 5)
    with transaction(engine, write=False) as session:
        assert len(session.exec(select(PoemFeature)).all()) == 5 * len(FEATURES)


def ask_for_report(engine: Engine) -> str:
    with transaction(engine, write=True) as session:
        study = make_study(session, poem_set=make_poem_set(session))
        return request_report(session, study_id=study.id or 0, admin_id=None).key


def report(engine: Engine, key: str) -> Report:
    with transaction(engine, write=False) as session:
        return session.exec(select(Report).where(Report.key == key)).one()


def test_report_that_is_asked_for_is_made_also_without_votes(engine):
    key = ask_for_report(engine)
    work_all(engine)
    assert report(engine, key).finished_at is not None
    assert report(engine, key).result is not None


def die(engine: Engine, *, times: int) -> None:
    """A process claims the job that waits, and ends before it is done."""
    for _ in range(times):
        with transaction(engine, write=True) as session:
            claimed = jobs.claim(session)
            assert claimed is not None
            assert jobs.claim(session) is None  # nobody else gets it meanwhile
            claimed.leased_until = utc_now() - timedelta(seconds=1)


def test_job_whose_process_died_is_taken_up_again(engine, does):
    done: list[int] = []
    does("fragile", lambda _engine, job_id, _payload: done.append(job_id))
    job_id = enqueue(engine, "fragile")
    die(engine, times=2)
    work_all(engine)
    assert (job(engine, job_id).state, done) == (JobState.DONE, [job_id])


def test_report_whose_process_died_three_times_says_so_instead_of_waiting_for_ever(engine):
    key = ask_for_report(engine)
    die(engine, times=3)
    work_all(engine)
    assert "ended three times" in (report(engine, key).error or "")
    assert report(engine, key).finished_at is not None


def test_thread_does_jobs_until_told_to_stop_also_after_the_database_was_away(
    sqlite_url, does, monkeypatch, caplog
):
    from app.db import make_engine

    engine, began = make_engine(sqlite_url), Event()
    does("ring", lambda _engine, _job_id, _payload: began.set())
    claim, failures = jobs.claim, iter([True])

    def unsteady(session: Any) -> Job | None:
        if next(failures, False):
            raise ConnectionError("the database is away")
        return claim(session)

    monkeypatch.setattr(jobs, "claim", unsteady)
    monkeypatch.setattr(worker, "_IDLE_SECONDS", 0.01)
    job_id = enqueue(engine, "ring")
    with caplog.at_level(logging.ERROR):
        thread, stop = worker.start_thread(engine)
        assert began.wait(timeout=10)
        deadline = time.monotonic() + 60
        while job(engine, job_id).state != JobState.DONE and time.monotonic() < deadline:
            time.sleep(0.01)
        stop.set()
        thread.join(timeout=10)
    assert not thread.is_alive()
    assert job(engine, job_id).state == JobState.DONE
    assert "could not take a job" in caplog.text
    engine.dispose()


def test_report_whose_study_was_deleted_keeps_nobody_busy(engine):
    with transaction(engine, write=True) as session:
        jobs.enqueue(session, "report", report=12345)
    assert worker.work_once(engine)
    assert not worker.work_once(engine)
