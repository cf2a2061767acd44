"""What a rater is shown from the practice pair to the thanks, and what comes back of it."""

import re
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, ValidationInfo, field_validator
from starlette.responses import Response

from app.db import Session
from app.errors import Unusable
from app.rating.ending import ending
from app.rating.serving import BlindPair, Break, Done, FollowUp, Practice, next_slot
from app.rating.voting import (
    Choice,
    Seen,
    cast_vote,
    end_break,
    follow_up,
    practise,
    retract_vote,
)
from app.web.deps import FormValues, Rater, SendingRater, WriteSession
from app.web.forms import Model, parse_form
from app.web.render import absolute, leave, page, redirect

router = APIRouter()

_NUMBERS = (
    *("decision_ms", "reading_ms", "hidden_ms", "left_ms", "right_ms"),
    *("viewport_width", "viewport_height"),
)
_WORDS = {
    "layout": {"book", "pager", "stack"},
    "input_kind": {"mouse", "touch", "pen", "keyboard"},
}
# Of each state of the page, its fragment and what the fragment calls it.
_FRAGMENTS = {
    BlindPair: "pair",
    Practice: "practice",
    FollowUp: "follow_up",
    Break: "break",
    Done: "done",
}


class RetractionForm(BaseModel):
    slot: str
    attempt: int = Field(ge=1)


class VoteForm(RetractionForm):
    """Without script all but the choice is empty; no vote is refused for the sake of the rest."""

    choice: Choice
    decision_ms: int | None = None
    reading_ms: int | None = None
    hidden_ms: int | None = None
    left_ms: int | None = None
    right_ms: int | None = None
    layout: str | None = None
    viewport_width: int | None = None
    viewport_height: int | None = None
    input_kind: str | None = None

    @field_validator(*_NUMBERS, mode="before")
    @classmethod
    def whole_or_nothing(cls, value: str | None) -> str | None:
        return value if value and re.fullmatch("[0-9]{1,10}", value) else None

    @field_validator(*_WORDS, mode="before")
    @classmethod
    def known_or_nothing(cls, value: str | None, field: ValidationInfo) -> str | None:
        return value if value in _WORDS[field.field_name or ""] else None

    def seen(self) -> Seen:
        return Seen(**self.model_dump(exclude={"slot", "attempt", "choice"}))


class FollowUpForm(RetractionForm):
    """An answer that is left out is none."""

    confidence: int | None = Field(default=None, ge=1, le=5)
    ease: int | None = Field(default=None, ge=1, le=5)
    skip: str = ""


_MOST_PAIRS = 100_000


class BreakForm(BaseModel):
    done: int = Field(ge=1, le=_MOST_PAIRS)


@router.get("/rate", name="rater:show_pair")
def show_pair(request: Request, session: WriteSession, rater: Rater) -> Response:
    """The next pair, or what comes between two; after the last, the questions if they are still to
    come, then thanks."""
    return _next(request, session, rater)


@router.post("/rate/practice", name="rater:practise")
def practice(request: Request, rater: SendingRater, session: WriteSession) -> Response:
    """After the practice pair, the first that counts."""
    practise(session, rater_id=rater.id)
    return _after(request, session, rater)


@router.post("/rate/votes", name="rater:cast_vote")
def vote(
    request: Request, values: FormValues, session: WriteSession, rater: SendingRater
) -> Response:
    """Stores the choice; the answer is what comes next, also for a choice sent twice."""
    form = _valid(VoteForm, values)
    cast_vote(
        session,
        rater_id=rater.id,
        slot_key=form.slot,
        attempt=form.attempt,
        choice=form.choice,
        seen=form.seen(),
    )
    return _after(request, session, rater)


@router.post("/rate/follow-ups", name="rater:follow_up")
def say(
    request: Request, values: FormValues, session: WriteSession, rater: SendingRater
) -> Response:
    """Stores what the rater says of their last choice, or that they say nothing."""
    form = _valid(FollowUpForm, values)
    follow_up(
        session,
        rater_id=rater.id,
        slot_key=form.slot,
        attempt=form.attempt,
        confidence=None if form.skip else form.confidence,
        ease=None if form.skip else form.ease,
    )
    return _after(request, session, rater)


@router.post("/rate/breaks", name="rater:end_break")
def go_on(
    request: Request, values: FormValues, session: WriteSession, rater: SendingRater
) -> Response:
    """After a break, the next pair."""
    end_break(session, rater_id=rater.id, done=_valid(BreakForm, values).done)
    return _after(request, session, rater)


@router.post("/rate/retractions", name="rater:retract_vote")
def retract(
    request: Request, values: FormValues, session: WriteSession, rater: SendingRater
) -> Response:
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
    return redirect(request, "rater:show_pair", whose=rater.key)


def _next(request: Request, session: Session, rater: Rater) -> Response:
    """No pair is shown, to whoever asks in whatever way, before its time."""
    if rater.screened_out:
        return leave(request, "rater:show_screened_out", whose=rater.key)
    if rater.asks_first and not rater.answered:
        return leave(request, "rater:show_questions", whose=rater.key)
    found = next_slot(session, rater.id)
    name = _FRAGMENTS[type(found)]
    state = "questions_follow" if isinstance(found, Done) and not rater.answered else name
    fragment = f"rater/rating/_{state}.html"
    values: dict[str, Any] = {name: found}  # Any: a state of the page, by its name
    return page(
        request,
        "rater/rating/show.html",
        fragment=fragment,
        fragment_shown=fragment,
        state=state,
        rater_key=rater.key,
        personal_link=absolute(request, "rater:resume", token=rater.token),
        ending=ending(session, rater.id) if isinstance(found, Done) else None,
        **values,
    )
