"""From an invitation to the first pair: information, consent, questions."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from pydantic import BaseModel
from starlette.responses import Response

from app import pages
from app.accounts.tokens import is_signature, new_token, signature
from app.db import Session
from app.pages.languages import rater_text
from app.pages.plain_text import plain_text
from app.rating.admission import (
    Acquaintance,
    Standing,
    acquaintance,
    address_of,
    returning,
)
from app.rating.answering import Part, answer_part, next_part, unanswered
from app.rating.arriving import Arrival
from app.rating.ending import ending
from app.rating.joining import (
    Invitation,
    invitation,
    join,
    language_of,
    rater_by_token,
)
from app.web.deps import RATER_COOKIE, FormValues, Rater, ReadSession, WriteSession
from app.web.forms import Form
from app.web.render import addresses, page, redirect, speak, translated
from app.web.render import language_of as language_shown
from app.web.security import set_cookie

router = APIRouter()

_COOKIE_DAYS = 180
_ARRIVAL_COOKIE = "bv_arrival"
_CONSENT = "consent"
_ARRIVAL_DAYS = 1  # between opening an invitation and the consent


@router.get("/join/{key}", name="rater:show_consent")
def show_consent(request: Request, session: ReadSession, key: str) -> Response:
    """What the study is and asks; a rater of this invitation goes on where they were."""
    speak(request, language_of(session, key))
    address = address_of(session, key, request.query_params, secret=_secret(request))
    arrival = address.arrival or _arrival(request, key)
    known = _known(request, session, key, arrival)
    if known:
        return _go_on(request, known)
    if request.query_params and not address.preview:  # ids leave the address bar
        response = redirect(request, "rater:show_consent", key=key)
        if address.arrival:
            _remember(request, response, key, address.arrival)
        return response
    study = invitation(session, key, arrival)
    if study.standing is not Standing.OPEN:
        return _ended(request, study, why=study.standing.value, status=409)
    cookie = request.cookies.get(RATER_COOKIE, "")
    has_rated = acquaintance(session, cookie, key) is not Acquaintance.NONE
    return _consent(request, study, key, has_rated=has_rated, preview=address.preview)


@router.post("/join/{key}", name="rater:join")
def join_study(request: Request, values: FormValues, session: WriteSession, key: str) -> Response:
    """A new rater, if they agree; a form sent twice makes one."""
    speak(request, language_of(session, key))
    arrival = _arrival(request, key)
    token = values.get("token", "")
    known = _known(request, session, key, arrival)
    if known:
        return _go_on(request, known)
    if rater_by_token(session, token) is None:
        study = invitation(session, key, arrival)
        if study.standing is not Standing.OPEN:
            return _ended(request, study, why=study.standing.value, status=409)
        errors = _objections(request, study, key, values)
        if errors:
            return _consent(request, study, key, form=Form(values, errors), status=422)
        text = values["shown"]
        token = join(
            session, key, token, arrival=arrival, secret=_secret(request), consented_to=text
        )
    response = _go_on(request, token)
    response.delete_cookie(_ARRIVAL_COOKIE)
    return response


@router.get("/join/{key}/refusal", name="rater:refuse")
def refuse(request: Request, session: ReadSession, key: str) -> Response:
    """Thanks whoever would rather not; nothing is stored, and what the panel said is forgotten."""
    speak(request, language_of(session, key))
    study = invitation(session, key, _arrival(request, key))
    response = _ended(request, study, why="refused", status=200)
    response.delete_cookie(_ARRIVAL_COOKIE)
    return response


@router.get("/screened-out", name="rater:show_screened_out")
def show_screened_out(request: Request, session: ReadSession, rater: Rater) -> Response:
    """Thanks a rater whose answers do not fit the group that is wanted."""
    if not rater.screened_out:
        return redirect(request, "rater:show_pair")
    return page(request, "rater/joining/screened_out.html", ending=ending(session, rater.id))


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


@router.get("/r/{token}", name="rater:resume")
def resume(request: Request, session: ReadSession, token: str) -> Response:
    """A rater's personal link: sets the cookie, goes on where they were."""
    if rater_by_token(session, token):
        return _go_on(request, token)
    return redirect(request, "rater:show_pair")


def _go_on(request: Request, token: str) -> Response:
    """To what comes next for this rater, in this browser from now on."""
    response = redirect(request, "rater:show_pair")
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


def _known(request: Request, session: Session, key: str, arrival: Arrival | None) -> str | None:
    """The token of whoever has joined by this invitation already. Who they are to a panel or a
    list counts for more than what this browser remembers: it may be somebody else's."""
    if arrival is not None:
        return returning(session, key, arrival, secret=_secret(request))
    token = request.cookies.get(RATER_COOKIE, "")
    return token if acquaintance(session, token, key) is Acquaintance.SAME_LINK else None


def _objections(
    request: Request, study: Invitation, key: str, values: dict[str, str]
) -> dict[str, str]:
    """By field, why this form is no consent."""
    errors = {}
    if values.get("consent") != "yes":
        errors["consent"] = rater_text(
            "To take part, please tick the box. If you would rather not, choose “No, thank you”."
        )
    if study.minimum_age is not None and values.get("of_age") != "yes":
        errors["of_age"] = rater_text(
            "Only people of this age or older can take part. Please tick the box if you are."
        )
    shown = (_secret(request), _CONSENT, key, study.known_by or "", values.get("shown", ""))
    if not errors and not is_signature(values.get("signed", ""), *shown):
        errors["consent"] = rater_text(
            "This page has changed since you opened it. Please read it once more, then agree."
        )
    return {name: translated(request, message) for name, message in errors.items()}


def _part(request: Request, name: str, study: Invitation) -> str:
    template = f"rater/joining/{name}.html"
    language, url = language_shown(request), addresses(request)
    return pages.render(template, language=language, own_language=language, url=url, study=study)


def _consent(
    request: Request,
    study: Invitation,
    key: str,
    *,
    form: Form[BaseModel] | None = None,
    status: int = 200,
    has_rated: bool = False,
    preview: bool = False,
) -> Response:
    shown = plain_text(_part(request, "_consented", study))
    return page(
        request,
        "rater/joining/consent.html",
        status=status,
        study=study,
        key=key,
        form=form or Form(),
        information=_part(request, "_information", study),
        shown=shown,  # comes back with the consent, whatever changes meanwhile
        signed=signature(_secret(request), _CONSENT, key, study.known_by or "", shown),
        token=new_token(),
        has_rated=has_rated,
        preview=preview,
    )


def _ended(request: Request, study: Invitation, *, why: str, status: int) -> Response:
    return page(request, "rater/joining/ended.html", status=status, study=study, why=why)


def _secret(request: Request) -> str:
    return str(request.app.state.signing_key)


def _signer(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_secret(request), salt="arrival")


def _remember(request: Request, response: Response, key: str, arrival: Arrival) -> None:
    """Until they consent, who somebody is to a panel is with them alone."""
    told: dict[str, Any] = {"key": key, **asdict(arrival)}  # Any: JSON
    set_cookie(request, response, _ARRIVAL_COOKIE, _signer(request).dumps(told), days=_ARRIVAL_DAYS)


def _arrival(request: Request, key: str) -> Arrival | None:
    """Of this invitation, if it came lately."""
    try:
        told = _signer(request).loads(
            request.cookies[_ARRIVAL_COOKIE], max_age=_ARRIVAL_DAYS * 24 * 3600
        )
    except (KeyError, BadSignature):
        return None
    return Arrival(**told) if told.pop("key") == key else None
