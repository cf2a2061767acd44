"""The pages of data quality: rules, raters, decisions, and who was erased."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlmodel import select

from app.db import transaction
from app.models import Choice, Purpose, Rater, Slot
from tests.factories import (
    make_poem,
    make_poem_set,
    make_rater,
    make_slot,
    make_study,
    make_vote,
)
from tests.web.admin.conftest import Admin
from tests.web.admin.test_reports import as_read


@pytest.fixture
def study(admin: Admin) -> tuple[str, str, str]:
    """Keys of a study, of a rater who reads too fast, and of one who has not begun."""
    with transaction(admin.app.state.engine, write=True) as session:
        poem_set = make_poem_set(session)
        left, right = (
            make_poem(session, poem_set=poem_set, features={"n_words": 100.0}) for _ in range(2)
        )
        study = make_study(session, poem_set=poem_set)
        fast, idle = (make_rater(session, study=study) for _ in range(2))
        slot = make_slot(session, rater=fast, left=left, right=right)
        make_vote(session, slot=slot, choice=Choice.LEFT, decision_ms=1_000)
        return study.key, fast.key, idle.key


def test_page_lists_raters_with_flags_and_explains_every_rule(admin, study):
    key, fast, idle = study
    read = admin.open(f"/admin/studies/{key}/quality")
    assert "2 raters, 0 left out" in read
    assert "Reads too fast 1 flagged" in read
    assert "over 700 words a minute" in read
    assert f"{fast} Non-experts 1 of 1 12,000 100% – – Reads too fast counted" in read
    alone = admin.open(f"/admin/studies/{key}/quality?flag=too_fast")
    assert fast in alone
    assert idle not in alone


def test_checks_and_repeats_are_counted_beside_each_rater(admin: Admin, study):
    key, fast, _idle = study
    with transaction(admin.app.state.engine, write=True) as session:
        rater = session.exec(select(Rater).where(Rater.key == fast)).one()
        first = session.exec(select(Slot).where(Slot.rater_id == rater.id)).one()
        check = Slot(
            rater_id=first.rater_id, purpose=Purpose.CHECK, position=9000, check_side=Choice.RIGHT
        )
        again = Slot(
            rater_id=first.rater_id,
            purpose=Purpose.REPEAT,
            position=9001,
            pair_id=first.pair_id,
            left_poem_id=first.right_poem_id,
            right_poem_id=first.left_poem_id,
        )
        session.add_all([check, again])
        session.flush()
        make_vote(session, slot=check, choice=Choice.LEFT)
        make_vote(session, slot=again, choice=Choice.RIGHT)
    read = admin.open(f"/admin/studies/{key}/quality")
    assert f"{fast} Non-experts 3 of 3" in read
    assert "0 of 1 1 of 1" in read


def test_rule_shows_whom_it_would_leave_out_and_then_does(admin, study):
    key, fast, _idle = study
    read = admin.open(f"/admin/studies/{key}/quality/rules/too_fast")
    assert "Leave out 1 rater" in read
    assert "Non-experts: 1 rater with 1 answer" in read
    assert fast in read
    read = admin.send(
        f"/admin/studies/{key}/quality/rules/too_fast", data={"shown": fast, "reason": "As planned"}
    )
    assert "1 rater left out from now on. All votes are kept." in read
    assert "2 raters, 1 left out" in read
    told = admin.open(f"/admin/studies/{key}/raters/{fast}")
    assert "left out Reads too fast As planned ada@example.org" in told
    assert "chance alone is as one-sided in 100% of raters" in told


def test_rater_is_left_out_with_a_reason_and_counted_again(admin, study):
    key, fast, _idle = study
    decisions = f"/admin/studies/{key}/raters/{fast}/decisions"
    refused = admin.send(decisions, data={"excluded": "true", "rule": "judgement"})
    assert admin.status == 422
    assert "needs a reason" in refused
    admin.send(decisions, data={"excluded": "true", "rule": "judgement", "reason": "Wrote to us"})
    assert "left out" in admin.open(f"/admin/studies/{key}/raters/{fast}")
    read = admin.send(decisions, data={"excluded": "false", "rule": "too_fast", "reason": ""})
    assert read.count("counted again") == 1
    assert "Wrote to us" in read


def test_erased_raters_are_listed_and_a_report_made_before_says_so(admin, study):
    key, fast, _idle = study
    admin.send(f"/admin/studies/{key}/reports")
    report = admin.address
    admin.let_worker_finish()
    assert "been erased since" not in admin.open(report)
    admin.send(f"/admin/studies/{key}/raters/{fast}/erasure", data={})
    assert admin.status == 422
    read = admin.send(f"/admin/studies/{key}/raters/{fast}/erasure", data={"sure": "yes"})
    assert f"Everything about the rater {fast} is erased" in read
    assert f"{fast} 1 " in read.partition("Withdrawn and erased")[2]
    admin.open(f"/admin/studies/{key}/raters/{fast}")
    assert admin.status == 404
    said = "One rater has been erased since this report was asked for."
    assert said in admin.open(report)
    for name in ("report.html", "report.md", "result.json"):
        assert said in admin.open(f"{report}/{name}")
    admin.open(f"{report}/report.pdf")
    pages = PdfReader(BytesIO(admin.answer.content)).pages
    assert as_read(said) in as_read(pages[0].extract_text())


def test_data_protection_names_every_table(admin):
    read = admin.open("/admin/data-protection")
    assert "vote_follow_up" in read
    assert "sign_in_failure" in read
    assert admin.status == 200
