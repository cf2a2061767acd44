"""Leaving raters out is a decision beside the votes, on both databases."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from app.errors import Conflict, NotFound, Unusable
from app.exports.raters import rater_rows
from app.exports.tables import Table, export
from app.exports.votes import vote_rows
from app.exports.writers import Format
from app.models import Choice, Participant, Study, Vote
from app.rating.withdrawing import withdraw
from app.studies.excluding import apply_rule, decide, flagged_by
from app.studies.quality import changes_since, history, quality_of, rater_of
from tests.factories import (
    make_admin,
    make_poem,
    make_poem_set,
    make_rater,
    make_slot,
    make_study,
    make_vote,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def a_study(
    session: Session, *, n_raters: int = 2, ms: int = 1_000
) -> Any:  # Any: stored rows, whose ids are there
    poem_set = make_poem_set(session)
    poems = [make_poem(session, poem_set=poem_set, features={"n_words": 100.0}) for _ in range(2)]
    study = make_study(session, poem_set=poem_set)
    raters = [make_rater(session, study=study) for _ in range(2)]
    slot = make_slot(session, rater=raters[0], left=poems[0], right=poems[1])
    make_vote(session, slot=slot, choice=Choice.LEFT, decision_ms=ms)
    return study, raters, make_admin(session)


def excluded(session: Session, study: Study) -> list[int]:
    return [row["excluded"] for row in vote_rows(session, study.id or 0)]


def test_newest_decision_holds_and_all_are_kept(session):
    study, (rater, _other), admin = a_study(session)
    assert excluded(session, study) == [0]
    given: dict[str, Any] = {"study": study, "rater_key": rater.key, "admin_id": admin.id}
    assert decide(session, excluded=True, rule="too_fast", reason="", **given)
    assert excluded(session, study) == [1]
    assert not decide(session, excluded=True, rule="too_fast", reason="", **given)
    assert decide(session, excluded=False, rule="judgement", reason="Asked them", **given)
    assert excluded(session, study) == [0]
    told = [(one.excluded, one.rule, one.reason, one.made_by) for one in history(session, rater.id)]
    assert told == [
        (False, "judgement", "Asked them", admin.email),
        (True, "too_fast", "", admin.email),
    ]
    assert session.get(Vote, 1) is not None


def test_raters_file_says_flags_and_the_decision(session):
    study, (rater, other), admin = a_study(session)
    decide(
        session,
        study=study,
        rater_key=rater.key,
        excluded=True,
        rule="judgement",
        reason="Wrote to us",
        admin_id=admin.id,
    )
    one, two = rater_rows(session, study.id)
    assert (one["flag_too_fast"], two["flag_too_fast"], two["flag_unfinished"]) == (1, 0, 1)
    assert (one["excluded"], one["exclusion_rule"], one["exclusion_reason"]) == (
        1,
        "judgement",
        "Wrote to us",
    )
    assert two["excluded"] == 0
    assert two["exclusion_rule"] is None
    (vote,) = vote_rows(session, study.id)
    assert vote["reading_speed"] == pytest.approx(200 * 60)
    assert vote["too_fast"] == 1
    assert other.key == two["rater_id"]


def test_choice_in_no_time_at_all_is_too_fast_in_the_files_too(session):
    study, (rater, _other), _admin = a_study(session, ms=0)
    assert "too_fast" in rater_of(session, study, rater.key).flags
    (vote,) = map(json.loads, export(session, study, Table.VOTES, Format.JSONL))
    assert vote["too_fast"] == 1


@pytest.mark.parametrize(
    ("minutes", "flagged"),
    [((0, 1), [1]), ((None, 1), []), ((1, 0), [0]), ((0, None), [])],
)
def test_of_one_id_in_two_studies_who_voted_later_is_a_duplicate(session, minutes, flagged):
    poem_set = make_poem_set(session)
    left, right = (make_poem(session, poem_set=poem_set) for _ in range(2))
    studies = [make_study(session, poem_set=poem_set) for _ in minutes]
    for study, after in zip(studies, minutes, strict=True):
        rater = make_rater(session, study=study)
        who = Participant(
            rater_id=rater.id or 0, study_id=study.id or 0, panel="prolific", external_id="5f1"
        )
        session.add(who)
        slot = make_slot(session, rater=rater, left=left, right=right)
        if after is not None:
            make_vote(session, slot=slot).cast_at = NOON + timedelta(minutes=after)
    session.flush()
    found = [one.flags for study in studies for one in quality_of(session, study)]
    assert [n for n, flags in enumerate(found) if "duplicate" in flags] == flagged


def test_rule_leaves_out_those_shown_and_nobody_decided_about(session):
    study, (rater, other), admin = a_study(session)
    assert [one.key for one in flagged_by(session, study, "unfinished")] == [other.key]
    given: dict[str, Any] = {
        "study": study,
        "rule": "unfinished",
        "reason": "",
        "admin_id": admin.id,
    }
    assert apply_rule(session, shown={rater.key}, **given) == 0
    assert apply_rule(session, shown={rater.key, other.key}, **given) == 1
    assert [one.is_excluded for one in quality_of(session, study)] == [False, True]
    assert flagged_by(session, study, "unfinished") == []


def test_decision_needs_a_rule_or_a_reason_and_a_rater_of_the_study(session):
    study, (rater, _other), admin = a_study(session)
    given: dict[str, Any] = {"study": study, "excluded": True, "admin_id": admin.id}
    with pytest.raises(Unusable, match="needs a reason"):
        decide(session, rater_key=rater.key, rule="judgement", reason=" ", **given)
    with pytest.raises(Unusable, match="no rule “dull”"):
        decide(session, rater_key=rater.key, rule="dull", reason="x", **given)
    with pytest.raises(NotFound):
        decide(session, rater_key="nobody", rule="too_fast", reason="", **given)


def test_nobody_counts_again_who_has_withdrawn(session):
    study, (rater, _other), admin = a_study(session)
    withdraw(session, rater.id)
    assert rater_of(session, study, rater.key).is_excluded
    with pytest.raises(Conflict, match="withdrawn"):
        decide(
            session,
            study=study,
            rater_key=rater.key,
            excluded=False,
            rule="judgement",
            reason="x",
            admin_id=admin.id,
        )


def test_report_is_told_what_changed_since(session):
    study, (rater, other), admin = a_study(session)
    before = study.created_at
    assert changes_since(session, study.id, before).withdrawn == 0
    withdraw(session, rater.id)
    decide(
        session,
        study=study,
        rater_key=other.key,
        excluded=True,
        rule="unfinished",
        reason="",
        admin_id=admin.id,
    )
    since = changes_since(session, study.id, before)
    assert (since.erased, since.withdrawn, since.decided) == (0, 1, 1)
