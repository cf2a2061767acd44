"""Whom a study recruits: panel, codes and quotas; links for one person each; participants."""

import csv
import io
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.db import Session
from app.errors import Conflict, Unusable
from app.models import RaterKind, StudyState
from app.rating.arriving import LONGEST_ID, sign
from app.rating.participants import participants
from app.studies.queries import StudyRow, group_links, study, study_by_key
from app.studies.recruiting import (
    change_recruitment,
    make_personal_links,
    personal_links,
    quotas,
)
from app.web.admin import study_forms
from app.web.admin.exports import file_stem
from app.web.admin.study_forms import (
    PersonalLinksForm,
    RecruitmentForm,
    SignedLinksForm,
    parse_recruitment,
)
from app.web.deps import FormValues, ReadSession, WriteSession
from app.web.forms import Form, parse_form
from app.web.render import absolute, page, redirect

router = APIRouter()

_MOST_SIGNED = 5_000


@router.get("/studies/{key}/recruitment", name="admin:edit_recruitment")
def edit_recruitment(request: Request, session: ReadSession, key: str) -> Response:
    """The form of what may change while the study is open."""
    found = study(session, key)
    _require_recruiting(found)
    given = quotas(session, found.id)
    values = study_forms.recruitment_values(found.recruitment, given)
    return _edit(request, found, Form(values))


@router.post("/studies/{key}/recruitment", name="admin:change_recruitment")
def post_recruitment(
    request: Request, values: FormValues, session: WriteSession, key: str
) -> Response:
    """The recruitment as it is from now on, or the form again."""
    found = study(session, key)
    _require_recruiting(found)
    form = parse_recruitment(found.design, values)
    if form.valid is not None:
        try:
            change_recruitment(
                session, key, recruitment=form.valid.recruitment(), quotas=form.valid.quotas()
            )
        except Unusable as error:
            form = form.refused(keep_identities_days=str(error))
    if form.valid is None:
        return _edit(request, found, form, status=422)
    return redirect(request, "admin:show_study", key=key, flash="Recruiting is changed.")


@router.get("/studies/{key}/invitations", name="admin:show_invitations")
def show_invitations(request: Request, session: ReadSession, key: str) -> Response:
    """Links for one person each: those made, and forms for more."""
    return _invitations(request, session, study(session, key), Form())


@router.post("/studies/{key}/personal-links", name="admin:make_personal_links")
def post_personal_links(
    request: Request, values: FormValues, session: WriteSession, key: str
) -> Response:
    """As many links as asked for, each good for one person."""
    form = parse_form(PersonalLinksForm, values)
    if form.valid is None:
        return _invitations(request, session, study(session, key), form, status=422)
    made = make_personal_links(session, key, kind=form.valid.kind, labels=form.valid.wanted())
    said = "One link is made." if made == 1 else f"{made:,} links are made."
    return redirect(request, "admin:show_invitations", key=key, flash=said)


@router.get("/studies/{key}/personal-links.csv", name="admin:download_personal_links")
def download_personal_links(request: Request, session: ReadSession, key: str) -> Response:
    """The links made, with whom they are meant for and whether they are used."""
    found = study(session, key)
    rows = (
        (
            link.label,
            link.kind.value,
            absolute(request, "rater:show_consent", key=link.key),
            link.created_at.isoformat(),
            link.used_at.isoformat() if link.used_at else "",
        )
        for link in personal_links(session, found.id)
    )
    return _file(found, "links", ("label", "group", "link", "made_at", "used_at"), rows)


@router.post("/studies/{key}/signed-links", name="admin:make_signed_links")
def post_signed_links(
    request: Request, values: FormValues, session: ReadSession, key: str
) -> Response:
    """A file with the link of everybody on a list; nothing of the list is stored."""
    found = study(session, key)
    _require_recruiting(found)
    form = parse_form(SignedLinksForm, values)
    wrong = _about_list(form.valid.wanted()) if form.valid else ""
    if wrong:
        form = form.refused(ids=wrong)
    if form.valid is None:
        return _invitations(request, session, found, form, status=422)
    link_key = group_links(session, key)[form.valid.list_kind]
    base = absolute(request, "rater:show_consent", key=link_key)
    secret = str(request.app.state.signing_key)
    rows = (
        (one, f"{base}?{urlencode({'id': one, 'sig': sign(secret, link_key, one)})}")
        for one in form.valid.wanted()
    )
    return _file(found, "list", ("id", "link"), rows)


@router.get("/studies/{key}/participants", name="admin:list_participants")
def list_participants(request: Request, session: ReadSession, key: str) -> Response:
    """Who came from a panel, a list or by a personal link, and how far they are."""
    found = study(session, key)
    return page(
        request,
        "admin/recruiting/participants.html",
        study=found,
        participants=participants(session, study_by_key(session, key)),
        **study_forms.words(),
    )


@router.get("/studies/{key}/participants.csv", name="admin:download_participants")
def download_participants(session: ReadSession, key: str) -> Response:
    """The same as a file, for approving submissions."""
    found = study(session, key)
    names = (
        *("rater_id", "group", "panel", "panel_id", "panel_study", "panel_session"),
        *("earlier_visits", "joined_at", "state", "code_shown", "failed_checks"),
    )
    rows = (
        (
            one.rater_key,
            one.kind.value,
            one.panel,
            one.external_id,
            one.external_study or "",
            one.external_session or "",
            one.earlier_visits or "",
            one.joined_at.isoformat(),
            one.state.value,
            one.code,
            one.failed_checks,
        )
        for one in participants(session, study_by_key(session, key))
    )
    return _file(found, "participants", names, rows)


def _require_recruiting(found: StudyRow) -> None:
    if found.state == StudyState.CLOSED:
        raise Conflict("The study is closed: it recruits nobody any more.")


def _about_list(ids: Sequence[str]) -> str:
    """What is wrong with a list, if anything."""
    if not 1 <= len(ids) <= _MOST_SIGNED:
        return f"Write between 1 and {_MOST_SIGNED:,} ids, each on a line of its own."
    for line, one in enumerate(ids, start=1):
        if len(one) > LONGEST_ID:
            return f"Id {line} is longer than {LONGEST_ID} characters."
    return ""


def _edit(
    request: Request, found: StudyRow, form: Form[RecruitmentForm], *, status: int = 200
) -> Response:
    return page(
        request,
        "admin/recruiting/edit.html",
        status=status,
        form=form,
        study=found,
        **study_forms.words(),
    )


def _invitations(
    request: Request,
    session: Session,
    found: StudyRow,
    form: Form[PersonalLinksForm] | Form[SignedLinksForm],
    *,
    status: int = 200,
) -> Response:
    links = [
        (link, absolute(request, "rater:show_consent", key=link.key))
        for link in personal_links(session, found.id)
    ]
    return page(
        request,
        "admin/recruiting/invitations.html",
        status=status,
        form=form,
        study=found,
        links=links,
        kinds=[(RaterKind.NONEXPERT.value, "Non-experts"), (RaterKind.EXPERT.value, "Experts")],
    )


def _file(
    found: StudyRow, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> Response:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    named = f"{file_stem(found.name, found.key)}-{name}.csv"
    return Response(
        text.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{named}"'},
    )
