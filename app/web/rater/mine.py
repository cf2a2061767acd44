"""What is stored about a rater, in their own hands: seen, taken along, withdrawn, erased."""

import json
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.errors import NotFound
from app.pages.languages import is_language
from app.rating.ending import ending
from app.rating.joining import CurrentRater
from app.rating.personal_data import RATERS, WORDS
from app.rating.rights import stored_about
from app.rating.taking_part import taking_part
from app.rating.withdrawing import erase, erased, withdraw
from app.web.deps import (
    Answered,
    FormValues,
    Rater,
    ReadSession,
    SendingRater,
    WriteSession,
    asking_rater,
)
from app.web.known import forget, known_raters
from app.web.render import WHOSE, absolute, page, redirect, speak, translated

router = APIRouter()


def _whose(request: Request, session: WriteSession) -> CurrentRater:
    """Whoever the address names. Where it names nobody and the browser knows several, it asks: to
    erase the wrong one cannot be undone."""
    if not request.query_params.get(WHOSE):
        studies = taking_part(session, known_raters(request).tokens)
        if len(studies) > 1:
            speak(request, studies[0].language)
            raise Answered(page(request, "rater/mine/which.html", studies=studies))
    return asking_rater(request, session)


MyRater = Annotated[CurrentRater, Depends(_whose, scope="function")]


@router.get("/me", name="rater:show_mine")
def show_mine(request: Request, session: WriteSession, rater: MyRater) -> Response:
    """Everything stored about the rater, and what they can do about it."""
    return _mine(request, session, rater)


@router.get("/me/data.json", name="rater:download_mine")
def download_mine(request: Request, session: WriteSession, rater: MyRater) -> Response:
    """The same as a file."""
    mine = stored_about(session, rater.id)
    return Response(
        json.dumps(mine.as_dict(partial(translated, request)), ensure_ascii=False, indent=2),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="about-me-{mine.key}.json"'},
    )


@router.post("/me/withdrawal", name="rater:withdraw")
def post_withdrawal(request: Request, rater: SendingRater, session: WriteSession) -> Response:
    """No more pairs, and nothing answered is used from now on."""
    withdraw(session, rater.id)
    return redirect(request, "rater:show_mine", whose=rater.key)


@router.post("/me/erasure", name="rater:erase")
def post_erasure(
    request: Request, values: FormValues, session: WriteSession, rater: SendingRater
) -> Response:
    """Erases everything, once the box is ticked; the browser forgets the rater too."""
    if values.get("sure") != "yes":
        return _mine(request, session, rater, unsure=True, status=422)
    erase(session, rater.id)
    forget(request, rater.token)
    return redirect(request, "rater:show_erased", whose=rater.key)


@router.get("/me/erased", name="rater:show_erased")
def show_erased(request: Request, session: ReadSession) -> Response:
    """That everything has been erased, and the number to ask after it by; it opens nothing."""
    found = erased(session, request.query_params.get(WHOSE, ""))
    if found is None:
        raise NotFound("Nothing has been erased here.")
    speak(request, found.language)
    return page(request, "rater/mine/erased.html", erased=found)


@router.get("/privacy", name="rater:show_privacy")
def show_privacy(request: Request, language: str = "") -> Response:
    """What any study stores about whoever takes part, and for how long; in the language of the
    page that leads here, since nobody is known yet where it is read before joining."""
    if is_language(language):
        speak(request, language)
    return page(request, "rater/mine/privacy.html", tables=list(RATERS.values()))


def _mine(
    request: Request,
    session: WriteSession,
    rater: Rater,
    *,
    unsure: bool = False,
    status: int = 200,
) -> Response:
    return page(
        request,
        "rater/mine/show.html",
        status=status,
        rater_key=rater.key,
        words=WORDS,
        ending=ending(session, rater.id),
        mine=stored_about(session, rater.id),
        personal_link=absolute(request, "rater:resume", token=rater.token),
        unsure=unsure,
    )
