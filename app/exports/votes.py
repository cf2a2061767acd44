"""Votes as rows: the one definition of the data set."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.exports.columns import FLAG, INTEGER, NUMBER, READ_AT_ONCE, TEXT, TIME, Column, Row, iso
from app.models import (
    Exclusion,
    Poem,
    PoemFeature,
    Rater,
    Slot,
    Study,
    Vote,
    VoteFollowUp,
    VoteRetraction,
)
from app.studies.flags import reading_speed
from app.studies.plan import Design
from app.studies.quality import is_newest, milliseconds

# The prompts of the two poems stand in the poems' file alone, where they cannot contradict it.
VOTE_COLUMNS = (
    Column("vote_id", "Identifier of the vote", TEXT),
    Column("study", "Identifier of the study", TEXT),
    Column("rater_id", "Identifier of the rater, as in the raters' file", TEXT),
    Column("group", "Group of the rater: expert, nonexpert or judge, by the link followed", TEXT),
    Column(
        "self_described",
        "What the rater calls themself: expert or nonexpert; empty where not asked or not answered",
        TEXT,
    ),
    Column(
        "scored_as",
        "expert or nonexpert by the rater's answers and the rule of the study; empty as above",
        TEXT,
    ),
    Column(
        "expertise_score",
        "Share of the points of the questionnaire, weighed by that rule, 0 to 1; empty as above",
        NUMBER,
    ),
    Column("simulated", "1 for a vote drawn by a simulation, 0 for a person's", FLAG),
    Column("poem_left", "poem_id of the poem shown left (on a narrow screen first)", TEXT),
    Column("poem_right", "poem_id of the poem shown right (on a narrow screen second)", TEXT),
    Column(
        "position",
        "Place in the rater's order, from 1; pairs and attention checks are counted together",
        INTEGER,
    ),
    Column(
        "purpose",
        "measure, or repeat: a pair the rater had seen before, now with sides exchanged",
        TEXT,
    ),
    Column("choice", "left, right, or tie for “can't choose”", TEXT),
    Column(
        "attempt",
        "1 for the first answer at this place; one more after each taken back",
        INTEGER,
    ),
    Column("stands", "0 for a vote its rater took back, otherwise 1", FLAG),
    Column("shown_at", "When the pair was first shown for this attempt", TIME, "UTC"),
    Column("cast_at", "When the vote was stored", TIME, "UTC"),
    Column(
        "decision_ms",
        "From display to choice by the rater's own clock; empty where it was not measured",
        INTEGER,
        "milliseconds",
    ),
    Column(
        "reading_ms",
        "From display until the ends of both poems had been on screen, by the same clock; empty "
        "where the choice came before",
        INTEGER,
        "milliseconds",
    ),
    Column(
        "hidden_ms",
        "Meanwhile paused, or the page out of sight, or the machine asleep; in none of the other "
        "times of the rater's clock",
        INTEGER,
        "milliseconds",
    ),
    Column(
        "left_ms",
        "On the left poem, where one poem was seen at a time (layout pager)",
        INTEGER,
        "milliseconds",
    ),
    Column("right_ms", "The same of the right poem", INTEGER, "milliseconds"),
    Column(
        "layout",
        "How the poems stood: book (side by side), pager (one at a time), stack (one above the "
        "other); empty without script",
        TEXT,
    ),
    Column("viewport_width", "Width of the rater's window", INTEGER, "CSS pixels"),
    Column("viewport_height", "Height of the rater's window", INTEGER, "CSS pixels"),
    Column("input_kind", "What the choice was made with: mouse, touch, pen or keyboard", TEXT),
    Column(
        "confidence",
        "How sure the rater was, 1 (guessed) to 5 (certain); empty where not asked or not said",
        INTEGER,
    ),
    Column(
        "ease",
        "How easy it was to answer, 1 (very hard) to 5 (very easy); empty as above",
        INTEGER,
    ),
    Column("server_ms", "From shown_at to cast_at, by the server's clock", INTEGER, "milliseconds"),
    Column("app_version", "Version of Blindverse that took the vote", TEXT),
    Column(
        "reading_speed",
        "Words of both poems by the time from display to choice; empty for an answer given anew "
        "and for a pair seen before",
        NUMBER,
        "words a minute",
    ),
    Column(
        "too_fast", "1 where that is above the study's limit; empty where it is not known", FLAG
    ),
    Column(
        "excluded",
        "1 where somebody decided that the rater's votes should not count; the raters' file says "
        "by which rule, and when",
        FLAG,
    ),
)
FULL_VOTE_COLUMNS = (
    *VOTE_COLUMNS,
    Column(
        "retracted_at", "When the rater took the vote back; empty for one that stands", TIME, "UTC"
    ),
)

_AS_STORED = (
    *("decision_ms", "reading_ms", "hidden_ms", "left_ms", "right_ms"),
    *("layout", "viewport_width", "viewport_height", "input_kind"),
)
_Statement = Select[*tuple[Any, ...]]  # Any: the columns' own types


def vote_rows(session: Session, study_id: int, *, full: bool = False) -> Iterator[Row]:
    """The last vote that stands of each slot, in the order they were stored; `full` gives every
    vote, also those taken back. Answers to checks are none (app.exports.checks): a check has no
    poems, so the joins leave it out. Raters who withdrew are not in it. Memory does not grow with
    the number of votes."""
    statement = _statement(study_id, full=full).execution_options(yield_per=READ_AT_ONCE)
    design = session.scalar(select(col(Study.design)).where(col(Study.id) == study_id))
    limit = Design.from_json(design or {}).fastest_reading
    for found in session.execute(statement):
        yield _row(found, limit, full=full)


def _statement(study_id: int, *, full: bool) -> _Statement:
    left, right = aliased(Poem), aliased(Poem)
    statement: _Statement = (
        select(
            col(Vote.key),
            col(Study.key).label("study"),
            col(Rater.key).label("rater_id"),
            col(Rater.kind),
            col(Rater.self_described),
            col(Rater.scored_as),
            col(Rater.expertise_score),
            col(Rater.simulated),
            col(left.poem_id).label("poem_left"),
            col(right.poem_id).label("poem_right"),
            col(Slot.position),
            col(Vote.choice),
            col(Vote.attempt),
            col(Vote.shown_at),
            col(Vote.cast_at),
            col(Slot.purpose),
            *(getattr(Vote, name) for name in _AS_STORED),
            col(VoteFollowUp.confidence),
            col(VoteFollowUp.ease),
            col(Vote.app_version),
            col(VoteRetraction.at).label("retracted_at"),
            (_words(left) + _words(right)).label("words"),
            func.coalesce(col(Exclusion.excluded), false()).label("excluded"),
        )
        .join(Slot, col(Slot.id) == Vote.slot_id)
        .join(Rater, col(Rater.id) == Slot.rater_id)
        .join(Study, col(Study.id) == Rater.study_id)
        .join(left, col(left.id) == Slot.left_poem_id)
        .join(right, col(right.id) == Slot.right_poem_id)
        .outerjoin(VoteRetraction, col(VoteRetraction.vote_id) == Vote.id)
        .outerjoin(VoteFollowUp, col(VoteFollowUp.vote_id) == Vote.id)
        .outerjoin(Exclusion, (col(Exclusion.rater_id) == Rater.id) & is_newest(Exclusion))
        .where(col(Rater.study_id) == study_id, col(Rater.withdrawn_at).is_(None))
        .order_by(col(Vote.id))
    )
    return statement if full else statement.where(col(Vote.attempt) == _last_that_stands())


def _words(poem: type[Poem]) -> Any:  # Any: a scalar subquery, to be added to another
    return (
        select(col(PoemFeature.value))
        .where(col(PoemFeature.poem_id) == poem.id, col(PoemFeature.name) == "n_words")
        .scalar_subquery()
    )


def _last_that_stands() -> Any:  # Any: a scalar subquery, compared with a column
    other, taken_back = aliased(Vote), aliased(VoteRetraction)
    return (
        select(func.max(other.attempt))
        .outerjoin(taken_back, col(taken_back.vote_id) == other.id)
        .where(col(other.slot_id) == Vote.slot_id, col(taken_back.vote_id).is_(None))
        .correlate(Vote)
        .scalar_subquery()
    )


def _row(found: Any, limit: int, *, full: bool) -> Row:  # Any: a row of the statement above
    speed = reading_speed(found.words, milliseconds(found))
    row = {
        "vote_id": found.key,
        "study": found.study,
        "rater_id": found.rater_id,
        "group": found.kind.value,
        "self_described": found.self_described and found.self_described.value,
        "scored_as": found.scored_as and found.scored_as.value,
        "expertise_score": found.expertise_score,
        "simulated": int(found.simulated),
        "poem_left": found.poem_left,
        "poem_right": found.poem_right,
        "position": found.position,
        "purpose": found.purpose.value,
        "choice": found.choice.value,
        "attempt": found.attempt,
        "stands": int(found.retracted_at is None),
        "shown_at": iso(found.shown_at),
        "cast_at": iso(found.cast_at),
        **{name: getattr(found, name) for name in _AS_STORED},
        "confidence": found.confidence,
        "ease": found.ease,
        "server_ms": (found.cast_at - found.shown_at) // timedelta(milliseconds=1),
        "app_version": found.app_version,
        "reading_speed": speed,
        "too_fast": None if speed is None else int(speed > limit),
        "excluded": int(found.excluded),
    }
    return row | {"retracted_at": iso(found.retracted_at)} if full else row
