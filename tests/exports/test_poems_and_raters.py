"""Poems with their features, and raters without their secrets, as rows."""

from datetime import UTC, datetime

from sqlmodel import Session

from app.exports.columns import Row
from app.exports.poems import poem_columns, poem_rows
from app.exports.raters import rater_columns, rater_rows
from app.exports.votes import vote_rows
from app.models import PoemFeature, PoemSet, RaterAnswer, RaterKind, VoteRetraction
from app.verse import FEATURE_VERSION, FEATURES, measure
from tests.factories import (
    make_poem,
    make_poem_set,
    make_prompt,
    make_rater,
    make_slot,
    make_study,
    make_vote,
)


def store_features(session: Session, poem_id: int, text: str, *, older: int = 0) -> None:
    found = measure(text)
    for feature in FEATURES:
        value = found[feature.name]
        row = PoemFeature(poem_id=poem_id, name=feature.name, version=feature.version - older)
        if isinstance(value, str):
            row.label = value
        else:
            row.value = value
        session.add(row)
    session.flush()


def rows_of(session: Session, poem_set: PoemSet) -> list[Row]:
    assert poem_set.id is not None
    return list(poem_rows(session, poem_set.id or 0))


def test_poem_row_holds_the_poem_its_prompt_and_every_feature(session):
    poem_set = make_poem_set(session)
    prompt = make_prompt(session, poem_set=poem_set, prompt_id="rain")
    text = "The sun goes down,\nThe lamps come on;\nAcross the town\nThe day is over."
    poem = make_poem(
        session, poem_set=poem_set, prompt=prompt, poem_id="p1", source="Demo B", text=text
    )
    poem.style_instruction = "Rhyme."
    store_features(session, poem.id or 0, text)
    (row,) = rows_of(session, poem_set)
    assert (row["poem_id"], row["prompt_id"], row["prompt"]) == ("p1", "rain", prompt.text)
    assert (row["source"], row["title"], row["style_instruction"]) == ("Demo B", None, "Rhyme.")
    assert row["text"] == text
    assert {name: row[name] for name in measure(text)} == measure(text)
    assert row["feature_version"] == FEATURE_VERSION


def test_poem_that_was_not_measured_says_so(session):
    poem_set = make_poem_set(session)
    old = make_poem(session, poem_set=poem_set)
    make_poem(session, poem_set=poem_set)
    store_features(session, old.id or 0, old.text, older=1)
    measured_before, never = rows_of(session, poem_set)
    assert measured_before["n_lines"] == 2
    assert measured_before["feature_version"] is None
    assert never["n_lines"] is None
    assert never["feature_version"] is None


def test_poem_without_prompt_is_given(session):
    poem_set = make_poem_set(session)
    make_poem(session, poem_set=poem_set)
    (row,) = rows_of(session, poem_set)
    assert row["prompt_id"] is None


def test_unknown_columns_of_the_upload_come_with_a_prefix(session):
    poem_set = make_poem_set(session)
    for meta in ({"year": "1999", "n_lines": "many"}, {"tags": ["a", "b"]}, {}):
        make_poem(session, poem_set=poem_set).meta = meta
    session.flush()
    names = [column.name for column in poem_columns(session, poem_set.id or 0)]
    assert names[-3:] == ["meta_year", "meta_n_lines", "meta_tags"]
    rows = rows_of(session, poem_set)
    assert all(list(row) == names for row in rows)
    assert [row["meta_year"] for row in rows] == ["1999", None, None]
    assert rows[0]["n_lines"] is None
    assert rows[1]["meta_tags"] == ["a", "b"]


def test_rater_row_counts_slots_and_votes_that_stand(session):
    poem_set = make_poem_set(session)
    poems = [make_poem(session, poem_set=poem_set) for _ in range(3)]
    study = make_study(session, poem_set=poem_set)
    rater = make_rater(session, study=study, kind=RaterKind.EXPERT)
    rater.consented_at = datetime(2026, 2, 1, 8, tzinfo=UTC)
    slots = [make_slot(session, rater=rater, left=poems[0], right=poem) for poem in poems[1:]]
    vote = make_vote(session, slot=slots[0])
    session.add(VoteRetraction(vote_id=vote.id or 0))
    make_vote(session, slot=slots[0], attempt=2)
    (row,) = rater_rows(session, study.id or 0)
    assert (row["rater_id"], row["group"], row["simulated"]) == (rater.key, "expert", 0)
    assert row["consented_at"] == "2026-02-01T08:00:00.000Z"
    assert row["answered_at"] is None
    assert (row["n_slots"], row["n_votes"]) == (2, 1)


def test_rater_row_holds_what_they_said_of_themselves(session):
    study = make_study(session, poem_set=make_poem_set(session))
    silent, said = make_rater(session, study=study), make_rater(session, study=study)
    for item, value in (("writes", "never"), ("reads", "weekly")):
        answer = RaterAnswer(rater_id=said.id or 0, item=item, value=value, instrument_version="1")
        session.add(answer)
    session.flush()
    names = [column.name for column in rater_columns(session, study.id or 0)]
    assert names[-4:] == [
        *("says_reads", "says_writes"),
        *("points_habits_reads", "points_habits_writes"),
    ]
    first, second = rater_rows(session, study.id or 0)
    assert list(first) == list(second) == names
    assert (first["rater_id"], first["says_reads"]) == (silent.key, None)
    assert (second["says_reads"], second["says_writes"]) == ("weekly", "never")
    assert (second["points_habits_reads"], second["points_habits_writes"]) == (3, 0)
    assert first["points_habits_reads"] is None
    assert second["instrument_version"] == "1"


def test_rater_row_and_vote_row_hold_all_three_definitions_of_an_expert(session):
    poem_set = make_poem_set(session)
    poems = [make_poem(session, poem_set=poem_set) for _ in range(2)]
    study = make_study(session, poem_set=poem_set)
    rater = make_rater(session, study=study, kind=RaterKind.EXPERT)
    rater.scored_as, rater.expertise_score = RaterKind.NONEXPERT, 0.25
    rater.self_described = RaterKind.EXPERT
    make_vote(session, slot=make_slot(session, rater=rater, left=poems[0], right=poems[1]))
    for (row,) in (rater_rows(session, study.id or 0), vote_rows(session, study.id or 0)):
        assert (row["group"], row["self_described"]) == ("expert", "expert")
        assert (row["scored_as"], row["expertise_score"]) == ("nonexpert", 0.25)


def test_no_token_is_in_a_rater_row(session):
    study = make_study(session, poem_set=make_poem_set(session))
    rater = make_rater(session, study=study)
    rater.token_hash = "hash-that-lets-in"
    session.flush()
    (row,) = rater_rows(session, study.id or 0)
    assert "hash-that-lets-in" not in str(row)
