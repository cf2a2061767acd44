"""Export rows to analysis to stored report: read, compute and store are three steps, so that a slow
analysis holds up nobody who votes."""

import logging
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine
from sqlmodel import Session

from app import __version__
from app.analysis import Analysis, InvalidVotes, NotIdentified, VoteTable, analyse
from app.analysis.parts import Part, declined
from app.analysis.placing import placed
from app.analysis.sections import SECTIONS, Section, draw_part, with_hierarchical
from app.db import transaction, utc_now
from app.errors import AppError, Unusable
from app.exports.columns import Row
from app.exports.poems import poem_rows
from app.exports.raters import POINTS, rater_columns, rater_rows
from app.exports.votes import VOTE_COLUMNS, vote_rows
from app.jobs import enqueue
from app.models import Choice, Purpose, Report, Study
from app.poems.measuring import ask_for_measuring
from app.reports.filters import Filters, make_table
from app.reports.queries import JOB, seen_now
from app.studies.monitoring import GroupProgress, progress
from app.verse import FEATURE_VERSION, FEATURES

EXPORTED = tuple(column.name for column in VOTE_COLUMNS)
# What an analysis reads where it is there; the file of votes may come to hold more of it.
_CONTEXT = (
    "excluded",
    "ease",
    "expertise_score",
    "self_described",
    "scored_as",
    "layout",
    "decision_ms",
    "purpose",
)
_VOTES = (
    *("vote_id", "rater_id", "group", "simulated", "poem_left", "poem_right", "choice"),
    *("position", "cast_at"),
    *(name for name in _CONTEXT if name in EXPORTED),
)
NUMERIC = tuple(feature.name for feature in FEATURES if feature.kind == "number")
_POEMS = ("poem_id", "prompt_id", "source", *NUMERIC, "feature_version")

log = logging.getLogger(__name__)

Frame = dict[str, list[Any]]  # Any: cells of the export
Bools = NDArray[np.bool_]
Tell = Callable[[int, int], None]  # how many steps are done of how many


@dataclass(frozen=True, slots=True, eq=False)
class Collected:
    """What an analysis needs of the exports, column by column, and who joined."""

    votes: Frame
    poems: Frame
    raters: Frame
    progress: list[GroupProgress]
    filters: Filters
    seen: str
    live: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    result: dict[str, Any] | None = None  # Any: JSON
    charts: dict[str, str] | None = None
    error: str | None = None
    seen: str | None = None


def request_report(
    session: Session,
    *,
    study_id: int,
    admin_id: int | None,
    filters: Filters | None = None,
    live: bool = False,
) -> Report:
    """The report exists at once; its result comes when the worker has run its job."""
    report = Report(
        study_id=study_id,
        created_by=admin_id,
        app_version=__version__,
        feature_version=FEATURE_VERSION,
        options=(filters or Filters()).as_dict(),
        live=live,
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


def run(engine: Engine, report_id: int, *, tell: Tell | None = None) -> None:
    """What the worker calls; `tell` hears of what takes minutes. A report that is finished stays as
    it is; one whose study was deleted is nobody's."""
    with transaction(engine, write=False) as session:
        report = session.get(Report, report_id)
        if report is None or report.finished_at is not None:
            return
        collected = collect(session, report_id)
    outcome = compute(collected, tell=tell)
    with transaction(engine, write=True) as session:
        store(session, report_id, outcome)


def collect(session: Session, report_id: int) -> Collected:
    report = session.get_one(Report, report_id)
    study = session.get_one(Study, report.study_id)
    return Collected(
        votes=_columns(vote_rows(session, report.study_id), _VOTES),
        poems=_columns(poem_rows(session, study.poem_set_id), _POEMS),
        raters=_raters(session, report.study_id),
        progress=progress(session, study.key),
        filters=Filters.from_dict(report.options),
        seen=seen_now(session, report.study_id),
        live=report.live,
    )


def _raters(session: Session, study_id: int) -> Frame:
    names = [column.name for column in rater_columns(session, study_id)]
    wanted = ["rater_id", *(name for name in names if name.startswith(POINTS))]
    return _columns(rater_rows(session, study_id), wanted)


def _columns(rows: Iterable[Row], names: Sequence[str]) -> Frame:
    frame: Frame = {name: [] for name in names}
    cells = [(name, frame[name].append) for name in names]
    for row in rows:
        for name, append in cells:
            value = row[name]
            append(sys.intern(value) if isinstance(value, str) else value)  # ids come in thousands
    return frame


def compute(collected: Collected, *, tell: Tell | None = None) -> Outcome:
    """The votes of people; apart from them the simulated ones, if there are any. What is wrong with
    the data is said in the outcome."""
    filters = collected.filters
    try:
        _refuse_unmeasured(collected)
        table = make_table(collected.votes, collected.poems, filters, collected.raters)
        used = placed(table, filters.experts)
        whose = [~table.simulated, *([table.simulated] if table.simulated.any() else [])]
        people, *simulated = [
            _analysed(
                table.where(own), filters, _share(tell, whose[:ix], whose), live=collected.live
            )
            for ix, own in enumerate(whose)
        ]
    except (InvalidVotes, NotIdentified, AppError) as problem:
        return Outcome(error=str(problem))
    result = {
        "people": people.as_dict(),
        "simulated": simulated[0].as_dict() if simulated else None,
        "counts": _counts(collected),
        "filters": filters.as_dict(),
        "data": {"rows": len(used.vote_ids), "sha256": used.sha256()},
    }
    charts = draw("people", result["people"]) | draw("simulated", result["simulated"])
    return Outcome(result, charts, seen=collected.seen)


def _share(tell: Tell | None, before: list[Bools], whose: list[Bools]) -> Tell | None:
    """Several analyses told as one; those without a vote take no time."""
    if tell is None:
        return None
    ix, n = (sum(bool(own.any()) for own in one) for one in (before, whose))
    return lambda done, of: tell(ix * of + done, n * of)


def _analysed(table: VoteTable, filters: Filters, tell: Tell | None, *, live: bool) -> Analysis:
    every = with_hierarchical(tell) if filters.hierarchical else SECTIONS
    sections = tuple(one for one in every if one.when_live or not live)
    return analyse(
        table, filters.options, version=__version__, sections=sections, on_error=_without
    )


def _without(section: Section, error: Exception) -> Part:
    """One section that fails must not cost the others."""
    log.error("the section %s of a report failed", section.name, exc_info=error)
    return declined(
        section.name,
        section.title,
        f"This section could not be computed ({type(error).__name__}); that is a mistake of the "
        "program, not of the votes.",
    )


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
    names = ("simulated", "group", "rater_id", "choice", "purpose")
    columns = (collected.votes[name] for name in names)
    for simulated, group, rater, choice, purpose in zip(*columns, strict=True):
        if purpose != Purpose.MEASURE:
            continue
        own = counts["simulated" if simulated else "people"][group]
        own["voted"] += rater not in seen
        own["votes"] += 1
        own["ties"] += choice == Choice.TIE
        seen.add(rater)
    return counts


def draw(whose: str, analysis: dict[str, Any] | None) -> dict[str, str]:  # Any: JSON
    """The charts of the sections, by whose votes they show, section and width."""
    drawn = {
        f"{whose}_{part['name']}_{width}": draw_part(part, width=width)
        for part in (analysis["parts"] if analysis else [])
        for width in ("wide", "narrow")
    }
    return {name: svg for name, svg in drawn.items() if svg is not None}


def store(session: Session, report_id: int, outcome: Outcome) -> None:
    report = session.get_one(Report, report_id)
    report.result, report.charts, report.error = outcome.result, outcome.charts, outcome.error
    report.seen = outcome.seen
    report.app_version, report.feature_version = __version__, FEATURE_VERSION
    report.finished_at = utc_now()
    session.flush()
