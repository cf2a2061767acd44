"""Pairs and votes."""

import re

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, field_validator
from starlette.responses import Response

from app.db import Session
from app.errors import Unusable
from app.rating.ending import ending
from app.rating.serving import Done, next_slot
from app.rating.voting import Choice, cast_vote, retract_vote
from app.web.deps import RATER_COOKIE, FormValues, Rater, WriteSession
from app.web.forms import Model, parse_form
from app.web.render import absolute, page, redirect

router = APIRouter()


class RetractionForm(BaseModel):
    slot: str
    attempt: int = Field(ge=1)


class VoteForm(RetractionForm):
    choice: Choice
    decision_ms: int | None = None

    @field_validator("decision_ms", mode="before")
    @classmethod
    def whole_or_nothing(cls, value: str | None) -> str | None:
        """Empty without script; no vote is refused for the sake of its time."""
        return value if value and re.fullmatch("[0-9]{1,10}", value) else None


@router.get("/rate", name="rater:show_pair")
def show_pair(request: Request, session: WriteSession, rater: Rater) -> Response:
    """The next pair, or thanks after the last."""
    if rater.screened_out:
        return redirect(request, "rater:show_screened_out")
    if not rater.answered:
        return redirect(request, "rater:show_questions")
    return _next(request, session, rater)


@router.post("/rate/votes", name="rater:cast_vote")
def vote(request: Request, values: FormValues, session: WriteSession, rater: Rater) -> Response:
    """Stores the choice; the answer is the next pair, also for a choice sent twice."""
    form = _valid(VoteForm, values)
    cast_vote(
        session,
        rater_id=rater.id,
        slot_key=form.slot,
        attempt=form.attempt,
        choice=form.choice,
        decision_ms=form.decision_ms,
    )
    return _after(request, session, rater)


@router.post("/rate/retractions", name="rater:retract_vote")
def retract(request: Request, values: FormValues, session: WriteSession, rater: Rater) -> Response:
    """Takes the last choice back; the answer is its pair again."""
    form = _valid(RetractionForm, values)
    retract_vote(session, rater_id=rater.id, slot_key=form.slot, attempt=form.attempt)
    return _after(request, session, rater)


def _valid(model: type[Model], values: dict[str, str]) -> Model:
    form = parse_form(model, values)
    if form.valid is None:
        raise Unusable("This answer did not arrive whole. Please load the page again.")
    return form.valid


def _after(request: Request, session: Session, rater: Rater) -> Response:
    """The fragment for htmx; without script, a page that a reload does not send again."""
    if request.headers.get("hx-request-type") == "partial":
        return _next(request, session, rater)
    return redirect(request, "rater:show_pair")


def _next(request: Request, session: Session, rater: Rater) -> Response:
    found = next_slot(session, rater.id)
    link = absolute(request, "rater:resume", token=request.cookies[RATER_COOKIE])
    is_done = isinstance(found, Done)
    return page(
        request,
        "rater/rating/show.html",
        fragment="rater/rating/_done.html" if is_done else "rater/rating/_pair.html",
        personal_link=link,
        pair=None if is_done else found,
        done=found if is_done else None,
        ending=ending(session, rater.id) if is_done else None,
    )
