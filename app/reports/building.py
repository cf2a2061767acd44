"""Export rows to analysis to stored report: read, compute and store are three steps, so that a slow
analysis holds up nobody who votes."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from app import __version__
from app.analysis import Analysis, InvalidVotes, NotIdentified, VoteTable, analyse
from app.analysis.plots import win_share_chart
from app.analysis.votes import CONTROLS, RHYME
from app.db import transaction, utc_now
from app.errors import AppError, Unusable
from app.exports.columns import Row
from app.exports.poems import poem_rows
from app.exports.votes import vote_rows
from app.jobs import enqueue
from app.models import Choice, Report, Study
from app.poems.measuring import ask_for_measuring
from app.studies.monitoring import GroupProgress, progress
from app.verse import FEATURE_VERSION

JOB = "report"

_VOTES = ("vote_id", "rater_id", "group", "simulated", "poem_left", "poem_right", "choice")
_POEMS = ("poem_id", "prompt_id", RHYME, *CONTROLS, "feature_version")

Frame = dict[str, list[Any]]  # Any: cells of the export


@dataclass(frozen=True, slots=True, eq=False)
class Collected:
    """What an analysis needs of the default export, column by column, and who joined."""

    votes: Frame
    poems: Frame
    progress: list[GroupProgress]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    result: dict[str, Any] | None = None  # Any: JSON
    charts: dict[str, str] | None = None
    error: str | None = None


def request_report(session: Session, *, study_id: int, admin_id: int | None) -> Report:
    """The report exists at once; its result comes when the worker has run its job."""
    report = Report(
        study_id=study_id,
        created_by=admin_id,
        app_version=__version__,
        feature_version=FEATURE_VERSION,
    )
    session.add(report)
    session.flush()
    ask_for_measuring(session)  # first, where poems wait for it
    enqueue(session, JOB, report=report.id)
    return report


def give_up(session: Session, report_id: int, reason: str) -> None:
    """Say why to whoever waits, if the report is still there."""
    if session.get(Report, report_id) is not None:
        store(session, report_id, Outcome(error=reason))


def run(engine: Engine, report_id: int) -> None:
    """What the worker calls. A report that is finished stays as it is; one whose study was deleted
    is nobody's."""
    with transaction(engine, write=False) as session:
        report = session.get(Report, report_id)
        if report is None or report.finished_at is not None:
            return
        collected = collect(session, report_id)
    outcome = compute(collected)
    with transaction(engine, write=True) as session:
        store(session, report_id, outcome)


def collect(session: Session, report_id: int) -> Collected:
    report = session.get_one(Report, report_id)
    study = session.get_one(Study, report.study_id)
    return Collected(
        votes=_columns(vote_rows(session, report.study_id), _VOTES),
        poems=_columns(poem_rows(session, study.poem_set_id), _POEMS),
        progress=progress(session, study.key),
    )


def _columns(rows: Iterable[Row], names: Sequence[str]) -> Frame:
    frame: Frame = {name: [] for name in names}
    cells = [(name, frame[name].append) for name in names]
    for row in rows:
        for name, append in cells:
            value = row[name]
            append(sys.intern(value) if isinstance(value, str) else value)  # ids come in thousands
    return frame


def compute(collected: Collected) -> Outcome:
    """The votes of people; apart from them the simulated ones, if there are any. What is wrong with
    the data is said in the outcome."""
    try:
        _refuse_unmeasured(collected)
        table = VoteTable.from_frames(collected.votes, collected.poems)
        people = analyse(table.where(~table.simulated), version=__version__)
        simulated = (
            analyse(table.where(table.simulated), version=__version__)
            if table.simulated.any()
            else None
        )
    except (InvalidVotes, NotIdentified, AppError) as problem:
        return Outcome(error=str(problem))
    result = {
        "people": people.as_dict(),
        "simulated": simulated.as_dict() if simulated else None,
        "counts": _counts(collected),
        "data": {"rows": len(table.vote_ids), "sha256": table.sha256()},
    }
    return Outcome(result, _charts("people", people) | _charts("simulated", simulated))


def _refuse_unmeasured(collected: Collected) -> None:
    votes, poems = collected.votes, collected.poems
    voted_on = {*votes["poem_left"], *votes["poem_right"]}
    measured = {
        poem
        for poem, version in zip(poems["poem_id"], poems["feature_version"], strict=True)
        if version is not None
    }
    missing = len(voted_on - measured)
    if missing:
        raise Unusable(
            f"{missing} of the {len(voted_on)} poems voted on are not measured yet. Ask for the "
            "report again when the measuring of the poem set is done."
        )


def _counts(collected: Collected) -> dict[str, dict[str, dict[str, int]]]:
    """Of people and of the simulated, by group: who joined, and what stands of their votes."""
    counts: dict[str, dict[str, dict[str, int]]] = {"people": {}, "simulated": {}}
    for row in collected.progress:
        groups = counts["simulated" if row.simulated else "people"]
        groups[row.kind.value] = {"joined": row.joined, "voted": 0, "votes": 0, "ties": 0}
    seen: set[str] = set()
    columns = (collected.votes[name] for name in ("simulated", "group", "rater_id", "choice"))
    for simulated, group, rater, choice in zip(*columns, strict=True):
        own = counts["simulated" if simulated else "people"][group]
        own["voted"] += rater not in seen
        own["votes"] += 1
        own["ties"] += choice == Choice.TIE
        seen.add(rater)
    return counts


def _charts(whose: str, analysis: Analysis | None) -> dict[str, str]:
    if analysis is None:
        return {}
    return {
        f"{whose}_wide": win_share_chart(analysis, width="wide"),
        f"{whose}_narrow": win_share_chart(analysis, width="narrow"),
    }


def store(session: Session, report_id: int, outcome: Outcome) -> None:
    report = session.get_one(Report, report_id)
    report.result, report.charts, report.error = outcome.result, outcome.charts, outcome.error
    report.app_version, report.feature_version = __version__, FEATURE_VERSION
    report.finished_at = utc_now()
    session.flush()
