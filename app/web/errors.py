"""Exceptions become pages or fragments, with the status that fits."""

import logging
import re
import secrets
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.db import Session
from app.errors import (
    AppError,
    Conflict,
    EverythingErased,
    NotAllowed,
    NotFound,
    StudyClosed,
    Unusable,
    Withdrawn,
)
from app.pages.languages import rater_text
from app.rating.joining import language_of, rater_by_token
from app.web.deps import Answered, NotSignedIn, reading
from app.web.known import known_raters
from app.web.render import is_for_admins, page, speak, translated

log = logging.getLogger(__name__)

_STATUS = {NotFound: 404, NotAllowed: 403, Conflict: 409, Unusable: 422}
_HEADINGS = {
    403: rater_text("You need an invitation for this page"),
    404: rater_text("There is nothing here"),
    405: rater_text("That is not possible here"),
    409: rater_text("That is not possible now"),
    422: rater_text("This cannot be used as it is"),
    500: rater_text("Something went wrong on our side"),
}
_OWN_HEADINGS = {
    EverythingErased: rater_text("Everything is erased"),
    StudyClosed: rater_text("This study is not open"),
    Withdrawn: rater_text("Thank you for having taken part"),
}
_INCOMPLETE = rater_text("The request was incomplete. Please go back and try again.")


def install(app: FastAPI) -> None:
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(Answered, _answered)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _malformed)


async def _app_error(request: Request, error: Exception) -> Response:
    if isinstance(error, NotSignedIn):
        return _to_sign_in(request)
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    heading = next((one for kind, one in _OWN_HEADINGS.items() if isinstance(error, kind)), None)
    await _speak_as_known(request)
    return show(request, status, str(error), heading=heading)


async def _answered(_request: Request, error: Exception) -> Response:
    if not isinstance(error, Answered):
        raise error
    return error.answer


def _to_sign_in(request: Request) -> Response:
    address = str(request.app.url_path_for("admin:show_sign_in"))
    if request.headers.get("hx-request-type") == "partial":  # the whole page leaves, not a part
        return Response(headers={"HX-Redirect": address})
    if request.method == "GET":
        address += f"?next={quote(request.url.path)}"
    return RedirectResponse(address, status_code=303)


async def _http_error(request: Request, error: Exception) -> Response:
    await _speak_as_known(request)
    return refused(request, error.status_code if isinstance(error, HTTPException) else 500)


async def _malformed(request: Request, _error: Exception) -> Response:
    await _speak_as_known(request)
    return show(request, 422, _INCOMPLETE)


async def _speak_as_known(request: Request) -> None:
    """In the language of the study of whoever asks, where nothing has looked for it so far."""
    if hasattr(request.state, "language") or is_for_admins(request):
        return
    token = known_raters(request).current
    link = str(request.path_params.get("key", "")) if "/join/" in request.url.path else ""
    if not token and not link:
        return
    async with reading(request) as session:
        language = await run_in_threadpool(_language, session, token, link)
    if language:
        speak(request, language)


def _language(session: Session, token: str, link: str) -> str | None:
    if link:
        try:
            return language_of(session, link)
        except NotFound:
            return None
    rater = rater_by_token(session, token)
    return rater.language if rater else None


def refused(request: Request, status: int) -> Response:
    """A page for what nothing of ours would ask."""
    if status == HTTPStatus.FORBIDDEN:
        heading = rater_text("This request came from another site")
        return show(request, status, rater_text("Please open the page here."), heading=heading)
    if status == HTTPStatus.NOT_FOUND:
        return show(request, status, rater_text("Please check the address."))
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return show(request, status, rater_text("Please go back and try again."))
    return show(request, status, _INCOMPLETE, heading=_HEADINGS[422])


def unexpected(request: Request, error: Exception) -> Response:
    """A page with a number that stands in the log beside the cause."""
    number = secrets.token_hex(4)
    log.error("unexpected error", exc_info=error, extra={"request_id": number})
    return show(
        request,
        500,
        rater_text(
            "What was stored before is safe. If it happens again, tell us this number: {number}"
        ),
        number=number,
    )


def show(
    request: Request, status: int, message: str, *, heading: str | None = None, **filled: str
) -> Response:
    """`filled` goes into the braces of the message."""
    message = translated(request, message)
    return page(
        request,
        "errors/error.html",
        fragment="errors/_message.html",
        status=status,
        heading=translated(request, heading or _HEADINGS.get(status, HTTPStatus(status).phrase)),
        message=message.format(**filled) if filled else message,
        target=_target(request),
        rater_key=getattr(request.state, "rater_key", ""),
    )


def _target(request: Request) -> str:
    """The id of the element that the answer replaces, so that the next answer finds it again."""
    named = re.fullmatch(r"[\w-]*#([\w-]+)", request.headers.get("hx-target", ""))
    return named.group(1) if named else "message"
