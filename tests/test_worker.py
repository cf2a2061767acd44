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
        monkeypatch.setitem(worker._KINDS, kind, function)

    return set_kind


def enqueue(engine: Engine, kind: str, **payload: Any) -> int:
    with transaction(engine, write=True) as session:
        return jobs.enqueue(session, kind, **payload)


def job(engine: Engine, job_id: int) -> Job:
    with transaction(engine, write=False) as session:
        return session.get_one(Job, job_id)


def test_nothing_waits_and_the_worker_says_so(engine):
    assert worker.work_once(engine) is False


def test_job_that_fails_says_why_and_the_next_one_is_done(engine, does):
    def refuse(_engine: Engine, _job_id: int, _payload: dict[str, Any]) -> None:
        raise Unusable("The poems are not measured yet.")

    def crash(_engine: Engine, _job_id: int, _payload: dict[str, Any]) -> None:
        raise ZeroDivisionError("division by zero")

    does("refuse", refuse)
    does("crash", crash)
    refused, crashed = enqueue(engine, "refuse"), enqueue(engine, "crash")
    measured = enqueue(engine, "measure", poem_set=1)
    while worker.work_once(engine):
        pass
    assert job(engine, refused).state == JobState.FAILED
    assert job(engine, refused).error == "The poems are not measured yet."
    assert "division by zero" in (job(engine, crashed).error or "")
    assert job(engine, measured).state == JobState.DONE
    assert all(job(engine, n).finished_at for n in (refused, crashed, measured))


def test_job_of_a_kind_nobody_knows_fails_once_and_names_it(engine):
    unknown = enqueue(engine, "knit")
    assert worker.work_once(engine) is True
    assert worker.work_once(engine) is False
    found = job(engine, unknown)
    assert (found.state, found.attempts) == (JobState.FAILED, 1)
    assert "knit" in (found.error or "")


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


def test_report_that_is_asked_for_is_made_also_without_votes(engine):
    with transaction(engine, write=True) as session:
        study = make_study(session, poem_set=make_poem_set(session))
        key = request_report(session, study_id=study.id or 0, admin_id=None).key
    assert worker.work_once(engine) is True
    with transaction(engine, write=False) as session:
        found = session.exec(select(Report).where(Report.key == key)).one()
    assert found.finished_at is not None
    assert found.result or found.error


def test_job_whose_process_died_is_taken_up_again_and_given_up_after_three_times(engine, does):
    done = []
    does("fragile", lambda _engine, job_id, _payload: done.append(job_id))
    job_id = enqueue(engine, "fragile")
    for _ in range(3):
        with transaction(engine, write=True) as session:
            claimed = jobs.claim(session)
            assert claimed is not None
            assert jobs.claim(session) is None  # nobody else gets it meanwhile
            claimed.leased_until = utc_now() - timedelta(seconds=1)  # its process is gone
    worker.work_once(engine)
    found = job(engine, job_id)
    assert (found.state, done) == (JobState.FAILED, [])
    assert "ended three times" in (found.error or "")


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
        deadline = time.monotonic() + 10
        while job(engine, job_id).state != JobState.DONE and time.monotonic() < deadline:
            time.sleep(0.01)
        stop.set()
        thread.join(timeout=10)
    assert not thread.is_alive()
    assert job(engine, job_id).state == JobState.DONE
    assert "could not take a job" in caplog.text
    engine.dispose()
