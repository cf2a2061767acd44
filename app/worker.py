"""Claims jobs and calls the function of each kind, in a thread of `serve` or a process of its
own."""

import logging
from threading import Event, Thread
from typing import Any

from app import jobs
from app.db import Engine, transaction
from app.errors import AppError

log = logging.getLogger(__name__)

_IDLE_SECONDS = 0.5


def work(engine: Engine, stop: Event) -> None:
    """Until told to stop: one job after the other, and a short sleep when there is none."""
    while not stop.is_set():
        try:
            busy = work_once(engine)
        except Exception:  # the database may be away for a while; the loop must outlive it
            log.exception("the worker could not take a job")
            busy = False
        if not busy:
            stop.wait(_IDLE_SECONDS)


def work_once(engine: Engine) -> bool:
    """Does one job, if one waits. A job that fails says why in its row."""
    with transaction(engine, write=True) as session:
        job = jobs.claim(session)
    if job is None or job.id is None:
        return False
    log.info("job begun", extra={"job": job.id, "kind": job.kind})
    try:
        _KINDS[job.kind](engine, job.id, job.payload)
    except Exception as error:
        log.exception("job failed", extra={"job": job.id, "kind": job.kind})
        reason = str(error) if isinstance(error, AppError) else f"Unexpected: {error!r}"
        with transaction(engine, write=True) as session:
            jobs.fail(session, job.id, reason)
    else:
        with transaction(engine, write=True) as session:
            jobs.finish(session, job.id)
    return True


def start_thread(engine: Engine) -> tuple[Thread, Event]:
    stop = Event()
    thread = Thread(target=work, args=(engine, stop), name="worker", daemon=True)
    thread.start()
    return thread, stop


def _measure(engine: Engine, job_id: int, payload: dict[str, Any]) -> None:  # Any: JSON
    from app.poems.measuring import measure_set

    for done, total in measure_set(engine, payload["poem_set"]):
        with transaction(engine, write=True) as session:
            jobs.step(session, job_id, done=done, total=total)


def _report(engine: Engine, _job_id: int, payload: dict[str, Any]) -> None:  # Any: JSON
    from app.reports.building import run

    run(engine, payload["report"])


_KINDS = {"measure": _measure, "report": _report}
