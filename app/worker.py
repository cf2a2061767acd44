"""Claims jobs and calls the function of each kind, in a thread of `serve` or a process of its
own."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic
from typing import Any

from app import jobs
from app.db import Engine, Session, transaction, utc_now
from app.errors import AppError
from app.models import Job

log = logging.getLogger(__name__)

Payload = dict[str, Any]  # Any: JSON

_IDLE_SECONDS = 0.5
_STEP_SECONDS = 1.0
_TIDY_SECONDS = 24 * 3600
_ENDED_EARLY = "The process that worked on this ended three times before it was done."
_UNEXPECTED = "This ended in an error that is not yours; it is in the server's log."


def work(engine: Engine, stop: Event) -> None:
    """Until told to stop: one job after the other, and a short sleep when there is none."""
    ready = False
    tidied: float = -_TIDY_SECONDS
    while not stop.is_set():
        try:
            if not ready:
                _ask_for_what_is_due(engine)
                ready = True
            if monotonic() - tidied >= _TIDY_SECONDS:
                forget_what_is_over(engine)
                tidied = monotonic()
            busy = work_once(engine)
        except Exception:  # the database may be away for a while; the loop must outlive it
            log.exception("the worker could not take a job")
            busy = False
        if not busy:
            stop.wait(_IDLE_SECONDS)


def work_once(engine: Engine) -> bool:
    """Does one job, if one waits. A job that fails for good says why, in its row and to whoever
    waits for it; what was unexpected is tried again first."""
    with transaction(engine, write=True) as session:
        job = jobs.claim(session)
    if job is None or job.id is None:
        return False
    if job.attempts > jobs.MOST_ATTEMPTS:
        _give_up(engine, job, _ENDED_EARLY)
        return True
    log.info("job begun", extra={"job": job.id, "kind": job.kind})
    try:
        _KINDS[job.kind].do(engine, job.id, job.payload)
    except AppError as error:
        _give_up(engine, job, str(error))
    except Exception:
        log.exception("job failed", extra={"job": job.id, "kind": job.kind})
        if job.attempts < jobs.MOST_ATTEMPTS and job.kind in _KINDS:
            with transaction(engine, write=True) as session:
                jobs.retry(session, job.id)
        else:
            _give_up(engine, job, _UNEXPECTED)
    else:
        with transaction(engine, write=True) as session:
            jobs.finish(session, job.id)
    return True


def _give_up(engine: Engine, job: Job, reason: str) -> None:
    with transaction(engine, write=True) as session:  # its own, so that the job ends whatever comes
        jobs.fail(session, job.id or 0, reason)
    kind = _KINDS.get(job.kind)
    if kind and kind.give_up:
        with transaction(engine, write=True) as session:
            kind.give_up(session, job.payload, reason)


def start_thread(engine: Engine) -> tuple[Thread, Event]:
    stop = Event()
    thread = Thread(target=work, args=(engine, stop), name="worker", daemon=True)
    thread.start()
    return thread, stop


def _measure(engine: Engine, job_id: int, payload: Payload) -> None:
    from app.poems.comparing import ask_for_comparing
    from app.poems.measuring import measure_set

    _follow(engine, job_id, measure_set(engine, payload["poem_set"]))
    with transaction(engine, write=True) as session:
        ask_for_comparing(session, payload["poem_set"])


def _compare(engine: Engine, job_id: int, payload: Payload) -> None:
    from app.poems.comparing import compare_set

    _follow(engine, job_id, compare_set(engine, payload["poem_set"]))


def _follow(engine: Engine, job_id: int, steps: Iterator[tuple[int, int]]) -> None:
    for done, total in steps:
        with transaction(engine, write=True) as session:
            jobs.step(session, job_id, done=done, total=total)


def _ask_for_what_is_due(engine: Engine) -> None:
    """What a new version measures differently, or an ended process left undone."""
    from app.poems.comparing import ask_for_all_comparing
    from app.poems.measuring import ask_for_measuring

    with transaction(engine, write=True) as session:
        ask_for_measuring(session)
        ask_for_all_comparing(session)


def forget_what_is_over(engine: Engine) -> None:
    """At each start and once a day: what may not be kept any longer."""
    from app.accounts.admins import forget_old_sign_ins
    from app.studies.retention import forget_identities

    with transaction(engine, write=True) as session:
        forget_old_sign_ins(session)
        n = forget_identities(session, utc_now())
    if n:
        log.info("identities forgotten", extra={"n": n})


def _report(engine: Engine, job_id: int, payload: Payload) -> None:
    from app.reports.building import run

    run(engine, payload["report"], tell=_teller(engine, job_id))


def _teller(engine: Engine, job_id: int) -> Callable[[int, int], None]:
    """Notes a step, but not more often than anybody looks."""
    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        now = monotonic()
        if now - last >= _STEP_SECONDS:
            last = now
            _follow(engine, job_id, iter([(done, total)]))

    return tell


def _give_up_report(session: Session, payload: Payload, reason: str) -> None:
    from app.reports.building import give_up

    give_up(session, payload["report"], reason)


@dataclass(frozen=True, slots=True)
class Kind:
    do: Callable[[Engine, int, Payload], None]
    give_up: Callable[[Session, Payload, str], None] | None = None


_KINDS = {
    "measure": Kind(_measure),
    "compare": Kind(_compare),
    "report": Kind(_report, _give_up_report),
}
