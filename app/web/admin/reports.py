"""Reports: asked for, waited for, shown."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.db import Session
from app.exports.tables import Table
from app.exports.writers import Format
from app.models import Report, Study
from app.pages.report_html import report_values
from app.reports import live
from app.reports.building import request_report
from app.reports.document import Shown, of_report, title
from app.reports.filters import Filters
from app.reports.live import LOOK_EVERY, WAIT_EVERY
from app.reports.queries import has_answers, report, steps_done
from app.studies.queries import study_by_key
from app.web.admin.exports import file_name
from app.web.admin.report_choices import choices, filters_of, values_of
from app.web.deps import FormValues, ReadSession, SignedInAdmin, WriteSession
from app.web.forms import Form
from app.web.render import page, redirect

router = APIRouter()


@router.post("/studies/{key}/reports", name="admin:create_report")
def create_report(
    request: Request, admin: SignedInAdmin, session: WriteSession, key: str
) -> Response:
    """Asks for a report of the votes that stand; its page waits for it."""
    study = study_by_key(session, key)
    asked = request_report(session, study_id=study.id or 0, admin_id=admin.id)
    return redirect(request, "admin:show_report", key=asked.key)


@router.get("/studies/{key}/report", name="admin:show_live_report")
def show_live_report(
    request: Request,
    admin: SignedInAdmin,
    session: WriteSession,
    key: str,
    shown: str = "",
) -> Response:
    """The report as it is now: a newer one is asked for where votes came since. A page that says
    what it shows is answered only where there is something else to show."""
    study = study_by_key(session, key)
    found = live.live_report(session, study_id=study.id or 0, admin_id=admin.id)
    newer = found.finished_at is None
    last = (live.last_made(session, study_id=study.id or 0) or found) if newer else found
    if shown and shown == _state(last, newer=newer):
        return Response(status_code=204)
    here = str(request.app.url_path_for("admin:show_live_report", key=key))
    return _show(request, session, last, here=here, live=True, newer=newer)


def _state(found: Report, *, newer: bool) -> str:
    """What a page shows: which report, and whether it says that a newer one is being made."""
    return f"{found.key}-{'newer' if newer else 'now'}" if found.finished_at else ""


@router.get("/reports/{key}", name="admin:show_report")
def show_report(request: Request, session: ReadSession, key: str) -> Response:
    """The report; until it is made, that it is being made."""
    return _show(request, session, report(session, key))


@router.post("/reports/{key}/others", name="admin:create_other_report")
def create_other_report(
    request: Request, admin: SignedInAdmin, values: FormValues, session: WriteSession, key: str
) -> Response:
    """A new report with other choices, at an address of its own; or the form again."""
    found = report(session, key)
    filters, errors = filters_of(values, Filters.from_dict(found.options))
    if filters is None:
        return _show(request, session, found, form=Form(values, errors), status=422)
    asked = request_report(session, study_id=found.study_id, admin_id=admin.id, filters=filters)
    return redirect(request, "admin:show_report", key=asked.key)


@router.post("/reports/{key}/keeping", name="admin:keep_report")
def keep_report(request: Request, session: WriteSession, key: str) -> Response:
    """A report of a running study gets a place in the study's list."""
    live.keep(session, report(session, key))
    return redirect(request, "admin:show_report", key=key, flash="This report is kept.")


def _show(
    request: Request,
    session: Session,
    found: Report,
    *,
    form: Form[Any] | None = None,  # Any: a form without a model
    here: str = "",
    live: bool = False,
    newer: bool = False,
    status: int = 200,
) -> Response:
    study = session.get_one(Study, found.study_id)
    document, filters = of_report(session, found), Filters.from_dict(found.options)
    answered = has_answers(session, found.study_id)
    tables = [Table.VOTES, Table.POEMS, *([Table.RATERS] if answered else [])]
    files = {table.value: file_name(study, table, Format.CSV) for table in tables}

    def address(name: str, **path: str) -> str:
        return str(request.app.url_path_for(name, key=found.key, **path))

    def downloads(shown: Shown) -> list[tuple[str, str]]:
        where = {"whose": shown.whose, "section": shown.part["name"]}
        pictures = [
            ("SVG", address("admin:download_svg", **where)),
            ("PNG", address("admin:download_png", **where)),
        ]
        table = [("CSV", address("admin:download_section", **where))]
        return (pictures if shown.wide else []) + (table if shown.part["rows"] else [])

    return page(
        request,
        "admin/reports/show.html",
        fragment="admin/reports/_report.html",
        status=status,
        report=found,
        study=study,
        title=title(filters.feature),
        told_of_report=filters.told(),
        command=filters.command(files),
        files=list(files),
        here=here or address("admin:show_report"),
        live=live,
        newer=newer,
        looks=f"{here}?shown={_state(found, newer=newer)}",
        look_every=WAIT_EVERY if newer else LOOK_EVERY,
        steps=None if document or found.error else steps_done(session, found.id or 0),
        downloads=downloads,
        form=form or Form(values_of(filters)),
        choices=choices(),
        **(report_values(document) if document else {"document": None}),
    )
