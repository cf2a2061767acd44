"""What routes are given: sessions, form values, who is asking."""

from asyncio import Semaphore
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import contextmanager_in_threadpool
from starlette.responses import RedirectResponse, Response

from app.accounts.admins import admin_of
from app.db import Session, transaction
from app.errors import AnotherRater, EverythingErased, NotAllowed, NotARater
from app.models import Admin
from app.pages.languages import rater_text
from app.rating.joining import CurrentRater, rater_by_key, rater_by_token
from app.rating.withdrawing import erased
from app.web.forms import form_values
from app.web.known import known_raters, make_current
from app.web.render import WHOSE, of_rater, speak

ADMIN_COOKIE = "bv_admin"
_NOBODY = rater_text(
    "To rate poems you need the link of an invitation, or your personal link. Open it in this "
    "browser, with cookies allowed."
)


@dataclass(frozen=True, slots=True)
class Gates:
    """How many requests may hold a session at once. They wait here, in the event loop, and never
    in a thread: a thread that waits could be the one that the holder needs to go on."""

    readers: Semaphore
    writers: Semaphore


async def _reading(request: Request) -> AsyncIterator[Session]:
    async with (
        request.app.state.gates.readers,
        contextmanager_in_threadpool(transaction(request.app.state.engine, write=False)) as session,
    ):
        yield session


# For what is no route.
reading = asynccontextmanager(_reading)


async def _writing(request: Request) -> AsyncIterator[Session]:
    async with (
        request.app.state.gates.writers,
        contextmanager_in_threadpool(transaction(request.app.state.engine, write=True)) as session,
    ):
        yield session


# A route that posts names its form before its session: dependencies are met in the order of the
# signature, and a body that never arrives whole must hold no lock.
#
# Ended before the answer is sent: nobody is thanked for a vote whose commit then fails.
ReadSession = Annotated[Session, Depends(_reading, scope="function")]
WriteSession = Annotated[Session, Depends(_writing, scope="function")]
FormValues = Annotated[dict[str, str], Depends(form_values)]


class Answered(Exception):
    """What a route is given answers in its place: with the form again, before a write session, so
    that drawing the page holds no lock; or with another address."""

    def __init__(self, answer: Response) -> None:
        super().__init__("It is answered already.")
        self.answer = answer


def asking_rater(request: Request, session: WriteSession) -> CurrentRater:
    """Whoever the address names, if the browser knows them: it may show the pages of another
    since. One that names nobody is the current rater's, and leads to one that does."""
    key = request.query_params.get(WHOSE, "")
    if not key:
        rater = _current_rater(request, session)
        raise Answered(
            RedirectResponse(of_rater(str(request.scope["path"]), rater.key), status_code=303)
        )
    tokens = known_raters(request).tokens
    named = rater_by_key(session, key, tokens)
    if named is not None:
        return _answered(request, named)
    _refuse_erased(request, session, key)
    if not tokens:
        raise NotARater(_NOBODY)
    raise AnotherRater(
        "This page belongs to a rater whom this browser does not know, or does not know any more. "
        "To come to it, open the invitation or the personal link of that study again."
    )


def _current_rater(request: Request, session: WriteSession) -> CurrentRater:
    token = known_raters(request).current
    rater = rater_by_token(session, token) if token else None
    if rater is None:
        raise NotARater(_NOBODY)
    return _answered(request, rater)


def _sending_rater(request: Request, values: FormValues, session: WriteSession) -> CurrentRater:
    """Whoever the form was made for: the browser may show the pages of another since. A form that
    does not say so is the current rater's."""
    key = values.get(WHOSE, "")
    rater = rater_by_key(session, key, known_raters(request).tokens) if key else None
    if rater is None:
        _refuse_erased(request, session, key)
        current = _current_rater(request, session)
        if not key:
            return current
        request.state.rater_key = ""  # what is stored about them is not what this page was about
        raise AnotherRater(
            "This page belongs to another study, or to a rater whom this browser does not know any "
            "more. Nothing of it was stored. To go on there, open the invitation or the personal "
            "link of that study again."
        )
    make_current(request, rater.token)
    return _answered(request, rater)


def _refuse_erased(request: Request, session: WriteSession, key: str) -> None:
    """A tab may still show the page of somebody who has erased everything in another."""
    gone = erased(session, key) if key else None
    if gone is None:
        return
    speak(request, gone.language)
    raise EverythingErased(
        "All that was stored about whoever this page belonged to has been erased, so there is "
        "nothing to go on with. Nothing was stored just now. You can close this page."
    )


def _answered(request: Request, rater: CurrentRater) -> CurrentRater:
    speak(request, rater.language)
    request.state.rater_key = rater.key  # a page that refuses leads to what is stored about them
    return rater


Rater = Annotated[CurrentRater, Depends(asking_rater, scope="function")]
SendingRater = Annotated[CurrentRater, Depends(_sending_rater, scope="function")]


class NotSignedIn(NotAllowed):
    """Answered by the page for signing in."""


def signed_in_admin(request: Request, session: ReadSession) -> Admin:
    token = request.cookies.get(ADMIN_COOKIE)
    admin = admin_of(session, token) if token else None
    if admin is None:
        raise NotSignedIn("Please sign in.")
    return admin


SignedInAdmin = Annotated[Admin, Depends(signed_in_admin, scope="function")]
