"""From an invitation to the first pair: information, consent, questions."""

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from app.accounts.tokens import new_token
from app.pages.languages import rater_text
from app.rating.answering import Part, answer_part, next_part, unanswered
from app.rating.joining import (
    Acquaintance,
    Invitation,
    acquaintance,
    invitation,
    join,
    rater_by_token,
)
from app.web.deps import RATER_COOKIE, FormValues, Rater, ReadSession, WriteSession
from app.web.forms import Form
from app.web.render import page, redirect, speak, translated
from app.web.security import set_cookie

router = APIRouter()

_COOKIE_DAYS = 180
_WITHOUT_CONSENT = (
    "To take part, please tick the box. If you would rather not, just close the page."
)


@router.get("/join/{key}", name="rater:show_consent")
def show_consent(request: Request, session: ReadSession, key: str) -> Response:
    """What the study is and asks; a rater of this link goes on where they were."""
    study = invitation(session, key)
    known = acquaintance(session, request.cookies.get(RATER_COOKIE, ""), key)
    if known is Acquaintance.SAME_LINK:
        return redirect(request, "rater:show_pair")
    return _consent(request, study, key, Form(), known=known)


@router.post("/join/{key}", name="rater:join")
def join_study(request: Request, values: FormValues, session: WriteSession, key: str) -> Response:
    """A new rater, if they agree; a form sent twice makes one."""
    if values.get("consent") != "yes":
        form: Form[BaseModel] = Form(values, {"consent": _WITHOUT_CONSENT})
        return _consent(request, invitation(session, key), key, form, status=422)
    known = acquaintance(session, request.cookies.get(RATER_COOKIE, ""), key)
    if known is Acquaintance.SAME_LINK:
        return redirect(request, "rater:show_pair")
    token = values.get("token", "")
    join(session, key, token)
    response = redirect(request, "rater:show_pair")
    set_cookie(request, response, RATER_COOKIE, token, days=_COOKIE_DAYS)
    return response


@router.get("/questions", name="rater:show_questions")
def show_questions(request: Request, session: ReadSession, rater: Rater) -> Response:
    """The questions about the rater themself, a section at a time, each once."""
    part = None if rater.answered else next_part(session, rater.id)
    if part is None:
        return redirect(request, "rater:show_pair")
    return _questions(request, rater, part, Form())


@router.post("/questions", name="rater:answer_questions")
def answer_questions(
    request: Request, values: FormValues, session: WriteSession, rater: Rater
) -> Response:
    """Stores the answers to a section and goes on to the next, or to the pairs."""
    part = next_part(session, rater.id)
    if part is None:
        return redirect(request, "rater:show_pair")
    section = values.get("section", part.section.name)
    missing = unanswered(part, values) if section == part.section.name else []
    if missing:
        message = translated(request, rater_text("Please choose one of the answers."))
        form: Form[BaseModel] = Form(values, dict.fromkeys(missing, message))
        return _questions(request, rater, part, form, status=422)
    answer_part(session, rater_id=rater.id, section=section, answers=values)
    return redirect(request, "rater:show_questions")


@router.get("/screened-out", name="rater:show_screened_out")
def show_screened_out(request: Request, rater: Rater) -> Response:
    """Thanks a rater whose answers do not fit the group that is wanted."""
    if not rater.screened_out:
        return redirect(request, "rater:show_pair")
    return page(request, "rater/joining/screened_out.html")


@router.get("/r/{token}", name="rater:resume")
def resume(request: Request, session: ReadSession, token: str) -> Response:
    """A rater's personal link: sets the cookie, goes on where they were."""
    response = redirect(request, "rater:show_pair")
    if rater_by_token(session, token):
        set_cookie(request, response, RATER_COOKIE, token, days=_COOKIE_DAYS)
    return response


def _questions(
    request: Request, rater: Rater, part: Part, form: Form[BaseModel], *, status: int = 200
) -> Response:
    return page(
        request,
        "rater/joining/questions.html",
        status=status,
        part=part,
        pairs_follow=rater.asks_first,
        form=form,
    )


def _consent(
    request: Request,
    study: Invitation,
    key: str,
    form: Form[BaseModel],
    *,
    status: int = 200,
    known: Acquaintance = Acquaintance.NONE,
) -> Response:
    speak(request, study.language)
    return page(
        request,
        "rater/joining/consent.html",
        status=status,
        study=study,
        key=key,
        form=form,
        token=new_token(),
        has_rated=known is Acquaintance.SAME_STUDY,
    )
