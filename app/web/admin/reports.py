"""Reports: asked for, waited for, shown and downloaded."""

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.analysis.plots import chart_png
from app.analysis.wording import p_value, percent
from app.db import Session
from app.errors import NotFound
from app.exports.columns import iso
from app.exports.writers import MEDIA_TYPES, Format, write
from app.models import Report, Study
from app.reports.building import request_report
from app.reports.queries import report
from app.studies.queries import study_by_key
from app.web.admin.exports import file_stem
from app.web.admin.figures import COLUMNS, WHOSE, figure_rows, figures, sensitivity
from app.web.deps import ReadSession, SignedInAdmin, WriteSession
from app.web.render import page, redirect

router = APIRouter()


class Whose(StrEnum):
    PEOPLE = "people"
    SIMULATED = "simulated"


@router.post("/studies/{key}/reports", name="admin:create_report")
def create_report(
    request: Request, admin: SignedInAdmin, session: WriteSession, key: str
) -> Response:
    """Asks for a report of the votes that stand; its page waits for it."""
    study = study_by_key(session, key)
    asked = request_report(session, study_id=study.id or 0, admin_id=admin.id)
    return redirect(request, "admin:show_report", key=asked.key)


@router.get("/reports/{key}", name="admin:show_report")
def show_report(request: Request, session: ReadSession, key: str) -> Response:
    """The report; until it is made, that it is being made."""
    found = report(session, key)
    result = found.result
    return page(
        request,
        "admin/reports/show.html",
        fragment="admin/reports/_report.html",
        report=found,
        study=session.get_one(Study, found.study_id),
        parts=[_part(whose, result, found.charts or {}) for whose in WHOSE] if result else [],
        percent=percent,
        p_value=p_value,
    )


@router.get("/reports/{key}/result.json", name="admin:download_result")
def download_result(session: ReadSession, key: str) -> Response:
    """Everything that was computed, and the record of how."""
    found, result = _finished(session, key)
    record = {
        "report": found.key,
        "created_at": iso(found.created_at),
        "finished_at": iso(found.finished_at),
        "app_version": found.app_version,
        "feature_version": found.feature_version,
    }
    text = json.dumps(record | result, ensure_ascii=False, allow_nan=False, indent=2)
    return _file(session, found, [text.encode()], "result.json", "application/json")


@router.get("/reports/{key}/figures.csv", name="admin:download_figures")
def download_figures(session: ReadSession, key: str) -> Response:
    """The numbers of the tables."""
    found, result = _finished(session, key)
    pieces = write(figure_rows(result), COLUMNS, Format.CSV)
    return _file(session, found, pieces, "figures.csv", MEDIA_TYPES[Format.CSV])


@router.get("/reports/{key}/{whose}-chart.svg", name="admin:download_svg")
def download_svg(session: ReadSession, key: str, whose: Whose) -> Response:
    """The chart, to be enlarged at will."""
    found, _result = _finished(session, key)
    svg = (found.charts or {}).get(f"{whose}_wide")
    if svg is None:
        raise NotFound("This report has no such chart.")
    return _file(session, found, [svg.encode()], f"{whose}.svg", "image/svg+xml")


@router.get("/reports/{key}/{whose}-chart.png", name="admin:download_png")
def download_png(session: ReadSession, key: str, whose: Whose) -> Response:
    """The chart as a picture."""
    found, result = _finished(session, key)
    if result[whose] is None:
        raise NotFound("This report has no such chart.")
    return _file(session, found, [chart_png(result[whose])], f"{whose}.png", "image/png")


def _part(
    whose: str, result: dict[str, Any], charts: dict[str, str]
) -> dict[str, Any] | None:  # Any: JSON
    analysis = result[whose]
    if analysis is None:
        return None
    return {
        "whose": whose,
        "analysis": analysis,
        "figures": figures(analysis),
        "sensitivity": sensitivity(analysis),
        "joined": result["counts"][whose],
        "charts": {width: charts[f"{whose}_{width}"] for width in ("wide", "narrow")}
        if any(analysis["groups"].values())
        else {},
    }


def _finished(session: Session, key: str) -> tuple[Report, dict[str, Any]]:  # Any: JSON
    found = report(session, key)
    if found.result is None:
        raise NotFound("This report has no result.")
    return found, found.result


def _file(
    session: Session, found: Report, pieces: Iterable[bytes], name: str, media_type: str
) -> Response:
    study = session.get_one(Study, found.study_id)
    stem = file_stem(study.name, study.key)
    return Response(
        b"".join(pieces),
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{stem}-report-{name}"'},
    )
