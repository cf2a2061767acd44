"""Votes as rows: which count, what they say, and that they are streamed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from app.exports.columns import READ_AT_ONCE, Row
from app.exports.votes import FULL_VOTE_COLUMNS, VOTE_COLUMNS, vote_rows
from app.models import Choice, Poem, Rater, RaterKind, Study, VoteRetraction
from tests.factories import (
    make_poem,
    make_poem_set,
    make_rater,
    make_slot,
    make_study,
    make_vote,
)


def a_study(session: Session, *, n_poems: int = 2) -> tuple[Study, list[Poem]]:
    poem_set = make_poem_set(session)
    poems = [make_poem(session, poem_set=poem_set, poem_id=f"p{n}") for n in range(n_poems)]
    return make_study(session, poem_set=poem_set), poems


def rows_of(session: Session, study: Study, *, full: bool = False) -> list[Row]:
    assert study.id is not None
    return list(vote_rows(session, study.id, full=full))


def a_vote_taken_back(
    session: Session, rater: Rater, poems: Sequence[Poem], *, again: Choice | None
) -> None:
    slot = make_slot(session, rater=rater, left=poems[0], right=poems[1])
    vote = make_vote(session, slot=slot, choice=Choice.LEFT)
    session.add(VoteRetraction(vote_id=vote.id or 0, at=datetime(2026, 3, 1, 12, tzinfo=UTC)))
    if again:
        make_vote(session, slot=slot, choice=again, attempt=2)


def test_row_says_who_chose_what_of_which_poems(session):
    study, (left, right) = a_study(session)
    rater = make_rater(session, study=study, kind=RaterKind.EXPERT, simulated=True)
    slot = make_slot(session, rater=rater, left=left, right=right, position=7)
    vote = make_vote(session, slot=slot, choice=Choice.TIE, decision_ms=None)
    vote.shown_at = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
    vote.cast_at = vote.shown_at + timedelta(seconds=12, milliseconds=345, microseconds=900)
    session.flush()
    assert rows_of(session, study) == [
        {
            "vote_id": vote.key,
            "study": study.key,
            "rater_id": rater.key,
            "group": "expert",
            "self_described": None,
            "scored_as": None,
            "expertise_score": None,
            "simulated": 1,
            "poem_left": "p0",
            "poem_right": "p1",
            "position": 7,
            "purpose": "measure",
            "choice": "tie",
            "attempt": 1,
            "stands": 1,
            "shown_at": "2026-01-31T09:30:00.000Z",
            "cast_at": "2026-01-31T09:30:12.345Z",
            "decision_ms": None,
            "reading_ms": None,
            "hidden_ms": None,
            "left_ms": None,
            "right_ms": None,
            "layout": None,
            "viewport_width": None,
            "viewport_height": None,
            "input_kind": None,
            "confidence": None,
            "ease": None,
            "server_ms": 12345,
            "app_version": "test",
            "reading_speed": None,
            "too_fast": None,
            "excluded": 0,
        }
    ]


def test_default_export_gives_the_last_vote_that_stands(session):
    study, poems = a_study(session)
    rater = make_rater(session, study=study)
    a_vote_taken_back(session, rater, poems, again=Choice.RIGHT)
    assert [(row["choice"], row["attempt"]) for row in rows_of(session, study)] == [("right", 2)]


def test_slot_whose_only_vote_was_taken_back_is_not_in_the_default_export(session):
    study, poems = a_study(session)
    a_vote_taken_back(session, make_rater(session, study=study), poems, again=None)
    assert rows_of(session, study) == []


def test_full_export_gives_every_vote_and_when_it_was_taken_back(session):
    study, poems = a_study(session)
    a_vote_taken_back(session, make_rater(session, study=study), poems, again=Choice.RIGHT)
    rows = rows_of(session, study, full=True)
    assert [(row["choice"], row["stands"], row["retracted_at"]) for row in rows] == [
        ("left", 0, "2026-03-01T12:00:00.000Z"),
        ("right", 1, None),
    ]


def test_votes_of_another_study_are_not_given(session):
    study, _ = a_study(session)
    other, other_poems = a_study(session)
    a_vote_taken_back(session, make_rater(session, study=other), other_poems, again=Choice.LEFT)
    assert rows_of(session, study) == []
    assert len(rows_of(session, other)) == 1


def test_rows_have_exactly_the_columns_described(session):
    study, poems = a_study(session)
    a_vote_taken_back(session, make_rater(session, study=study), poems, again=Choice.RIGHT)
    default, full = rows_of(session, study)[0], rows_of(session, study, full=True)[0]
    assert list(default) == [column.name for column in VOTE_COLUMNS]
    assert list(full) == [column.name for column in FULL_VOTE_COLUMNS]


def test_every_vote_comes_once_and_in_order_across_reads(session):
    study, poems = a_study(session, n_poems=60)
    rater = make_rater(session, study=study)
    keys: list[str] = []
    for left in poems:
        for right in poems:
            if left.poem_id < right.poem_id and len(keys) < READ_AT_ONCE + 200:
                slot = make_slot(session, rater=rater, left=left, right=right)
                keys.append(make_vote(session, slot=slot).key)
    assert len(keys) > READ_AT_ONCE
    assert [row["vote_id"] for row in rows_of(session, study)] == keys
