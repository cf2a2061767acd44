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
from app.errors import NotFound, Unusable
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
from app.rating.arriving import Arrival, unreadable
from app.rating.ending import ending
from app.rating.joining import (
    CurrentRater,
    Invitation,
    invitation,
    join,
    language_of,
    of_the_same_study,
    rater_by_token,
)
from app.rating.visits import is_another_visit, keep_visit
from app.web.deps import FormValues, Rater, ReadSession, SendingRater, WriteSession
from app.web.forms import Form
from app.web.known import (
    end_trial,
    forget,
    keeps_cookies,
    known_raters,
    make_current,
    try_cookies,
)
from app.web.render import absolute, addresses, page, redirect, speak, translated
from app.web.render import language_of as language_shown
from app.web.security import set_cookie

router = APIRouter()

_CONSENT = "consent"
_ARRIVAL_DAYS = 1  # between opening an invitation and the consent


@router.get("/join/{key}", name="rater:show_consent")
def show_consent(request: Request, session: ReadSession, key: str) -> Response:
    """What the study is and asks; a rater of this invitation goes on where they were."""
    speak(request, language_of(session, key))
    try:
        address = address_of(session, key, request.query_params, secret=_secret(request))
    except Unusable:  # what it says of somebody leaves the address bar all the same
        return redirect(request, "rater:show_unreadable", key=key)
    arrival = address.arrival or _arrival(request, key)
    how, known = _acquaintance(request, session, key, arrival)
    if how is Acquaintance.SAME_LINK:
        if address.arrival and is_another_visit(session, key, address.arrival):
            response = redirect(request, "rater:come_again", key=key)
            _remember(request, response, key, address.arrival)
            return response
        return _go_on(request, session, known)
    if request.query_params and not address.preview:  # ids leave the address bar
        response = redirect(request, "rater:show_consent", key=key)
        if address.arrival:
            _remember(request, response, key, address.arrival)
        return response
    study = invitation(session, key, arrival)
    refusal = _refusal(request, session, study, key=key, arrival=arrival, how=how, known=known)
    if refusal:
        return refusal
    theirs = _leads_to(request, session, known)
    has_begun = theirs is not None and not theirs.withdrawn
    rater_key = theirs.key if theirs and has_begun else ""
    return _consent(request, study, key, rater_key=rater_key, preview=address.preview)


@router.get("/join/{key}/unreadable", name="rater:show_unreadable")
def show_unreadable(request: Request, session: ReadSession, key: str) -> Response:
    """For whoever came by an address that does not say who they are as it should."""
    speak(request, language_of(session, key))
    raise unreadable()


@router.post("/join/{key}", name="rater:join")
def join_study(request: Request, values: FormValues, session: WriteSession, key: str) -> Response:
    """A new rater, if they agree; a form sent twice makes one."""
    speak(request, language_of(session, key))
    arrival = _arrival(request, key)
    token = values.get("token", "")
    how, known = _acquaintance(request, session, key, arrival)
    if how is Acquaintance.SAME_LINK:  # the form waited while they joined: its visit is no later
        return _back(request, session, known, key)
    if rater_by_token(session, token) is None:
        study = invitation(session, key, arrival)
        refusal = _refusal(request, session, study, key=key, arrival=arrival, how=how, known=known)
        if refusal:
            return refusal
        errors = _objections(request, study, key, values)
        if errors:
            return _consent(request, study, key, form=Form(values, errors), status=422)
        text = values["shown"]
        token = join(
            session, key, token, arrival=arrival, secret=_secret(request), consented_to=text
        )
    return _back(request, session, token, key)


@router.get("/join/{key}/again", name="rater:come_again")
def come_again(request: Request, session: WriteSession, key: str) -> Response:
    """Somebody whom their panel sends once more goes on where they were; the panel's number of this
    visit counts from now on."""
    arrival = _arrival(request, key)
    how, known = _acquaintance(request, session, key, arrival)
    if how is Acquaintance.SAME_LINK:
        if arrival is not None:
            keep_visit(session, key, arrival)
        return _back(request, session, known, key)
    return redirect(request, "rater:show_consent", key=key)


@router.get("/join/{key}/refusal", name="rater:refuse")
def refuse(request: Request, session: ReadSession, key: str) -> Response:
    """Thanks whoever would rather not; nothing is stored, and what the panel said is forgotten."""
    speak(request, language_of(session, key))
    study = invitation(session, key, _arrival(request, key))
    response = _ended(request, study, why="refused", status=200)
    response.delete_cookie(_arrival_cookie(key))
    end_trial(response)
    return response


@router.get("/screened-out", name="rater:show_screened_out")
def show_screened_out(request: Request, session: ReadSession, rater: Rater) -> Response:
    """Thanks a rater whose answers do not fit the group that is wanted."""
    if not rater.screened_out:
        return redirect(request, "rater:show_pair", whose=rater.key)
    return page(
        request,
        "rater/joining/screened_out.html",
        rater_key=rater.key,
        ending=ending(session, rater.id),
        personal_link=absolute(request, "rater:resume", token=rater.token),
    )


@router.get("/questions", name="rater:show_questions")
def show_questions(request: Request, session: ReadSession, rater: Rater) -> Response:
    """The questions about the rater themself, a section at a time, each once."""
    part = None if rater.answered else next_part(session, rater.id)
    if part is None:
        return redirect(request, "rater:show_pair", whose=rater.key)
    return _questions(request, rater, part, Form())


@router.post("/questions", name="rater:answer_questions")
def answer_questions(
    request: Request, values: FormValues, session: WriteSession, rater: SendingRater
) -> Response:
    """Stores the answers to a section and goes on to the next, or to the pairs."""
    part = next_part(session, rater.id)
    if part is None:
        return redirect(request, "rater:show_pair", whose=rater.key)
    section = values.get("section", part.section.name)
    missing = unanswered(part, values) if section == part.section.name else []
    if missing:
        message = translated(request, rater_text("Please choose one of the answers."))
        form: Form[BaseModel] = Form(values, dict.fromkeys(missing, message))
        return _questions(request, rater, part, form, status=422)
    answer_part(session, rater_id=rater.id, section=section, answers=values)
    return redirect(request, "rater:show_questions", whose=rater.key)


@router.get("/r/{token}", name="rater:resume")
def resume(request: Request, session: ReadSession, token: str) -> Response:
    """A rater's personal link: sets the cookie, goes on where they were."""
    if rater_by_token(session, token) is None:
        raise NotFound(
            "This personal link leads nowhere: it is not whole, or everything about whoever it "
            "belonged to has been erased. Please copy all of it, or open your invitation again."
        )
    return _go_on(request, session, token)


def _go_on(request: Request, session: Session, token: str) -> Response:
    """To what comes next for this rater, in this browser from now on; who took part in the study
    with it before is another person, whose answers are none of this one's business."""
    for other in of_the_same_study(session, token, known_raters(request).tokens):
        forget(request, other)
    rater = _leads_to(request, session, token)
    if rater and rater.withdrawn and ending(session, rater.id):
        return redirect(request, "rater:show_mine", whose=rater.key)  # where their code stands
    return redirect(request, "rater:show_pair", whose=rater.key if rater else "")


def _leads_to(request: Request, session: Session, token: str) -> CurrentRater | None:
    """The rater of this token, whom the browser knows from now on, so that a link to them works."""
    rater = rater_by_token(session, token) if token else None
    if rater is not None:
        make_current(request, token)
    return rater


def _back(request: Request, session: Session, token: str, key: str) -> Response:
    """The same from an invitation; what it said of them has been used."""
    response = _go_on(request, session, token)
    response.delete_cookie(_arrival_cookie(key))
    return response


def _questions(
    request: Request, rater: Rater, part: Part, form: Form[BaseModel], *, status: int = 200
) -> Response:
    return page(
        request,
        "rater/joining/questions.html",
        status=status,
        rater_key=rater.key,
        personal_link=absolute(request, "rater:resume", token=rater.token),
        part=part,
        pairs_follow=rater.asks_first,
        form=form,
    )


def _acquaintance(
    request: Request, session: Session, key: str, arrival: Arrival | None
) -> tuple[Acquaintance, str]:
    """Whether somebody has joined by this invitation already, and their token. Who they are to a
    panel or a list counts for more than what this browser remembers: it may be somebody else's."""
    if arrival is not None:
        how, token = returning(session, key, arrival, secret=_secret(request))
        if token:
            return how, token
    return acquaintance(session, known_raters(request).tokens, key, arrival)


def _refusal(
    request: Request,
    session: Session,
    study: Invitation,
    *,
    key: str,
    arrival: Arrival | None,
    how: Acquaintance,
    known: str,
) -> Response | None:
    """The page for whom there is no place."""
    if how in {Acquaintance.TAKEN_PART, Acquaintance.SAME_PERSON}:
        theirs = _leads_to(request, session, known)
        return _ended(
            request,
            study,
            why=how.name.lower(),
            status=409,
            theirs=theirs,
            is_second_visit=arrival is not None and is_another_visit(session, key, arrival),
        )
    if study.standing is not Standing.OPEN:
        return _ended(request, study, why=study.standing.value, status=409)
    return None


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
    if not errors and not keeps_cookies(request):
        errors["consent"] = rater_text(
            "Taking part needs cookies, and your browser has not kept the one of this page, so "
            "nothing was stored. Please allow cookies for this site, then agree once more."
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
    rater_key: str = "",
    preview: bool = False,
) -> Response:
    shown = plain_text(_part(request, "_consented", study))
    response = page(
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
        rater_key=rater_key,
        preview=preview,
    )
    try_cookies(request, response)
    return response


def _ended(
    request: Request,
    study: Invitation,
    *,
    why: str,
    status: int,
    theirs: CurrentRater | None = None,
    is_second_visit: bool = False,
) -> Response:
    """`theirs`: who has taken part already; their panel may wait for the end of this visit too."""
    return page(
        request,
        "rater/joining/ended.html",
        status=status,
        study=study,
        why=why,
        theirs=theirs,
        is_second_visit=is_second_visit,
    )


def _secret(request: Request) -> str:
    return str(request.app.state.signing_key)


def _signer(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_secret(request), salt="arrival")


def _remember(request: Request, response: Response, key: str, arrival: Arrival) -> None:
    """Until they consent, who somebody is to a panel is with them alone."""
    told: dict[str, Any] = {"key": key, **asdict(arrival)}  # Any: JSON
    signed = _signer(request).dumps(told)
    set_cookie(request, response, _arrival_cookie(key), signed, days=_ARRIVAL_DAYS)


def _arrival_cookie(key: str) -> str:
    """One for each invitation, so that two opened side by side keep apart."""
    return f"bv_arrival_{key}"


def _arrival(request: Request, key: str) -> Arrival | None:
    """Of this invitation, if it came lately."""
    try:
        told = _signer(request).loads(
            request.cookies[_arrival_cookie(key)], max_age=_ARRIVAL_DAYS * 24 * 3600
        )
    except (KeyError, BadSignature):
        return None
    return Arrival(**told) if told.pop("key") == key else None
