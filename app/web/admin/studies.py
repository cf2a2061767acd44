"""Studies: design, links, opening and closing."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.db import Session
from app.errors import NameTaken
from app.models import StudyState
from app.poems.queries import has_poem_sets, poem_set, poem_sets
from app.reports.queries import reports_of
from app.studies import lifecycle
from app.studies.monitoring import answers_by_group, progress
from app.studies.plan import RECOMMENDED, Recruitment
from app.studies.queries import (
    StudyRow,
    group_links,
    rule_in_words,
    studies,
    study,
    votes_by_people,
)
from app.studies.recruiting import quotas, set_quotas
from app.web.admin import study_forms
from app.web.admin.power import USUAL
from app.web.admin.study_forms import DraftForm, StudyForm, parse_draft
from app.web.deps import FormValues, ReadSession, SignedInAdmin, WriteSession
from app.web.forms import Form
from app.web.render import absolute, page, redirect

router = APIRouter()

_USUAL_PAIRS = 20  # about a quarter of an hour
_TEXTS = ("name", "title", "question", "about", "pairs_per_rater")


@router.get("/studies", name="admin:list_studies")
def list_studies(request: Request, session: ReadSession) -> Response:
    """All studies, newest first, or how to begin."""
    return page(
        request,
        "admin/studies/list.html",
        studies=studies(session),
        votes=votes_by_people(session),
        has_poems=has_poem_sets(session),
    )


@router.get("/studies/new", name="admin:new_study")
def new_study(request: Request, session: ReadSession, poem_set: str | None = None) -> Response:
    """First the choice of a poem set, then the design that it allows and a form for the rest."""
    sets = poem_sets(session)
    key = sets[0].key if poem_set is None and len(sets) == 1 else poem_set
    if not key:
        return page(request, "admin/studies/choose.html", sets=sets)
    preview = lifecycle.preview_design(session, key)
    values = {
        "poem_set": key,
        "title": lifecycle.USUAL_TITLE,
        "question": "Which poem do you prefer?",
        "pairs_per_rater": str(max(1, min(_USUAL_PAIRS, preview.n_pairs))),
        **study_forms.design_values(RECOMMENDED),
        **study_forms.recruitment_values(Recruitment(), {}),
    }
    return _new(request, session, Form(values))


@router.post("/studies", name="admin:create_study")
def create_study(
    request: Request, admin: SignedInAdmin, values: FormValues, session: WriteSession
) -> Response:
    """A draft, or the form again."""
    form = parse_draft(StudyForm, values)
    if form.valid is None:
        return _new(request, session, form, status=422)
    given = form.valid
    try:
        made = lifecycle.create_study(
            session,
            poem_set_key=given.poem_set,
            design=given.design(),
            recruitment=given.recruitment(),
            admin_id=admin.id,
            **given.texts(),
        )
    except NameTaken as error:
        return _new(request, session, form.refused(name=str(error)), status=422)
    set_quotas(session, made.id or 0, given.quotas())
    created = "Created as a draft. Nobody can join before you open it."
    return redirect(request, "admin:show_study", key=made.key, flash=created)


@router.get("/studies/{key}", name="admin:show_study")
def show_study(request: Request, session: ReadSession, key: str) -> Response:
    """State, links, progress, reports and files of one study."""
    found = study(session, key)
    design = lifecycle.preview_design(session, found.set_key)
    links = {
        kind.value: absolute(request, "rater:show_consent", key=link)
        for kind, link in group_links(session, key).items()
    }
    return page(
        request,
        "admin/studies/show.html",
        study=found,
        n_pairs=design.n_pairs if found.state == StudyState.DRAFT else found.n_pairs,
        design=design,
        links=links,
        quotas=quotas(session, found.id),
        **study_forms.words(),
        progress=progress(session, key),
        answers=answers_by_group(session, key),
        rule=rule_in_words(session, key),
        reports=reports_of(session, found.id),
        form=Form(USUAL),
        power=None,
        refused=None,
    )


@router.get("/studies/{key}/edit", name="admin:edit_study")
def edit_study(request: Request, session: ReadSession, key: str) -> Response:
    """The form of a draft."""
    found = study(session, key)
    values = {
        **{name: str(getattr(found, name)) for name in _TEXTS},
        **study_forms.design_values(found.design),
        **study_forms.recruitment_values(found.recruitment, quotas(session, found.id)),
    }
    return _edit(request, session, found, Form(values))


@router.post("/studies/{key}", name="admin:change_study")
def post_change(request: Request, values: FormValues, session: WriteSession, key: str) -> Response:
    """The draft as it is now, or the form again."""
    form = parse_draft(DraftForm, values)
    given = form.valid
    if given is not None:
        try:
            made = lifecycle.edit_draft(
                session,
                key,
                design=given.design(),
                recruitment=given.recruitment(),
                **given.texts(),
            )
            set_quotas(session, made.id or 0, given.quotas())
        except NameTaken as error:
            form = form.refused(name=str(error))
    if form.valid is None:
        return _edit(request, session, study(session, key), form, status=422)
    return redirect(request, "admin:show_study", key=key, flash="The draft is changed.")


@router.post("/studies/{key}/removal", name="admin:delete_study")
def post_removal(request: Request, session: WriteSession, key: str) -> Response:
    """Deletes a draft."""
    name = study(session, key).name
    lifecycle.delete_draft(session, key)
    return redirect(request, "admin:list_studies", flash=f"The draft “{name}” is deleted.")


@router.post("/studies/{key}/opening", name="admin:open_study")
def post_opening(request: Request, session: WriteSession, key: str) -> Response:
    """Freezes the design; the links begin to work."""
    lifecycle.open_study(session, key)
    opened = "The study is open: its two links work from now on."
    return redirect(request, "admin:show_study", key=key, flash=opened)


@router.post("/studies/{key}/closing", name="admin:close_study")
def post_closing(request: Request, session: WriteSession, key: str) -> Response:
    """Ends joining and voting."""
    lifecycle.close_study(session, key)
    closed = "The study is closed. All votes are kept."
    return redirect(request, "admin:show_study", key=key, flash=closed)


def _new(
    request: Request, session: Session, form: Form[StudyForm], *, status: int = 200
) -> Response:
    key = form.values.get("poem_set", "")
    return page(
        request,
        "admin/studies/new.html",
        status=status,
        form=form,
        set=poem_set(session, key),
        design=lifecycle.preview_design(session, key),
        most_pairs=lifecycle.MOST_PAIRS_PER_RATER,
        **study_forms.words(),
    )


def _edit(
    request: Request,
    session: Session,
    found: StudyRow,
    form: Form[DraftForm],
    *,
    status: int = 200,
) -> Response:
    lifecycle.require_draft(found.state)
    return page(
        request,
        "admin/studies/edit.html",
        status=status,
        form=form,
        study=found,
        set=poem_set(session, found.set_key),
        design=lifecycle.preview_design(session, found.set_key),
        most_pairs=lifecycle.MOST_PAIRS_PER_RATER,
        **study_forms.words(),
    )
