"""Files of a report: of all of it, and of one section."""

import json
from collections.abc import Iterable
from enum import StrEnum

from fastapi import APIRouter
from starlette.responses import Response

from app.analysis.plots import svg_png
from app.db import Session
from app.errors import NotFound
from app.exports.columns import iso
from app.exports.writers import MEDIA_TYPES, Format, write
from app.models import Report, Study
from app.pages.report_html import report_html
from app.pages.report_markdown import report_markdown
from app.pages.report_pdf import report_pdf
from app.reports.document import Document, Shown, of_report
from app.reports.queries import report
from app.web.admin.exports import file_stem
from app.web.admin.figures import COLUMNS, figure_rows
from app.web.deps import ReadSession

router = APIRouter(prefix="/reports/{key}")


class Whose(StrEnum):
    PEOPLE = "people"
    SIMULATED = "simulated"


@router.get("/result.json", name="admin:download_result")
def download_result(session: ReadSession, key: str) -> Response:
    """Everything that was computed, and the record of how."""
    found, document = _finished(session, key)
    record = {
        "report": found.key,
        "created_at": iso(found.created_at),
        "finished_at": iso(found.finished_at),
        "app_version": found.app_version,
        "feature_version": found.feature_version,
        "since": document.since,
    }
    given = record | (found.result or {})
    text = json.dumps(given, ensure_ascii=False, allow_nan=False, indent=2)
    return _file(session, found, [text.encode()], "result.json", "application/json")


@router.get("/figures.csv", name="admin:download_figures")
def download_figures(session: ReadSession, key: str) -> Response:
    """The estimates, with everything known of each."""
    found, _document = _finished(session, key)
    pieces = write(figure_rows(found.result or {}), COLUMNS, Format.CSV)
    return _file(session, found, pieces, "figures.csv", MEDIA_TYPES[Format.CSV])


@router.get("/report.html", name="admin:download_html")
def download_html(session: ReadSession, key: str) -> Response:
    """The report as one file that needs no other."""
    found, document = _finished(session, key)
    content = report_html(document).encode()
    return _file(session, found, [content], "page.html", "text/html; charset=utf-8")


@router.get("/report.md", name="admin:download_markdown")
def download_markdown(session: ReadSession, key: str) -> Response:
    """The report without its charts."""
    found, document = _finished(session, key)
    content = report_markdown(document).encode()
    return _file(session, found, [content], "text.md", "text/markdown; charset=utf-8")


@router.get("/report.pdf", name="admin:download_pdf")
def download_pdf(session: ReadSession, key: str) -> Response:
    """The report to be printed."""
    found, document = _finished(session, key)
    return _file(session, found, [report_pdf(document)], "print.pdf", "application/pdf")


@router.get("/{whose}/{section}.svg", name="admin:download_svg")
def download_svg(session: ReadSession, key: str, whose: Whose, section: str) -> Response:
    """The chart, to be enlarged at will."""
    found, shown = _section(session, key, whose, section)
    svg = _chart(shown).encode()
    return _file(session, found, [svg], f"{whose}-{section}.svg", "image/svg+xml")


@router.get("/{whose}/{section}.png", name="admin:download_png")
def download_png(session: ReadSession, key: str, whose: Whose, section: str) -> Response:
    """The chart as a picture."""
    found, shown = _section(session, key, whose, section)
    picture = svg_png(_chart(shown))
    return _file(session, found, [picture], f"{whose}-{section}.png", "image/png")


@router.get("/{whose}/{section}.csv", name="admin:download_section")
def download_section(session: ReadSession, key: str, whose: Whose, section: str) -> Response:
    """The numbers of a section's table."""
    found, shown = _section(session, key, whose, section)
    if not shown.part["rows"]:
        raise NotFound("This section has no table.")
    pieces = write(shown.rows(), shown.columns, Format.CSV)
    return _file(session, found, pieces, f"{whose}-{section}.csv", MEDIA_TYPES[Format.CSV])


def _finished(session: Session, key: str) -> tuple[Report, Document]:
    found = report(session, key)
    document = of_report(session, found)
    if document is None:
        raise NotFound("This report has no result.")
    return found, document


def _section(session: Session, key: str, whose: Whose, name: str) -> tuple[Report, Shown]:
    found, document = _finished(session, key)
    shown = document.find(whose, name)
    if shown is None:
        raise NotFound("This report has no such section.")
    return found, shown


def _chart(shown: Shown) -> str:
    if shown.wide is None:
        raise NotFound("This section has no chart.")
    return shown.wide


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
