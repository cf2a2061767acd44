"""People whom a recruiting panel sends, over HTTP: who they are there, codes, coming again."""

import json
import re
from dataclasses import replace

from sqlmodel import select

from app.db import transaction
from app.exports.tables import Table, export
from app.exports.writers import Format
from app.models import ConsentText, Participant, RaterKind
from app.studies.lifecycle import close_study
from app.studies.plan import Panel, Recruitment
from app.studies.queries import study_by_key
from tests.journeys.invited import (
    PID,
    PROLIFIC,
    Invited,
    consent,
    finish,
    from_prolific,
    participants_file,
)
from tests.journeys.rater import ANSWERS, is_done, leads_to


def test_participant_of_a_panel_comes_and_goes_back_with_a_code(invited: Invited):
    invited.open(PROLIFIC)
    rater = invited.begin()
    arrived = rater.send("GET", from_prolific(invited.link))
    assert (arrived.status_code, leads_to(arrived)) == (303, f"/join/{invited.link}")
    page = rater.page(f"/join/{invited.link}")
    assert "Prolific tells us the number it knows you by" in page.text
    assert "90 days after the study has closed" in page.text
    assert invited.raters() == []
    page = finish(rater, page)
    assert 'value="C1DONE"' in page.text
    assert 'href="https://app.prolific.com/submissions/complete?cc=C1DONE"' in page.text
    assert not any(PID in str(answer.url) for answer in rater.seen[1:])
    with transaction(invited.engine, write=False) as session:
        known = session.exec(select(Participant)).one()
        assert (known.external_id, known.external_study, known.external_session) == (
            *(PID, "st1", "se1"),
        )
        study = study_by_key(session, invited.key)
        for table in Table:
            exported = b"".join(export(session, study, table, Format.JSONL)).decode()
            for secret in (PID, "st1", "se1", "C1DONE"):
                assert secret not in exported.replace(study.key, "")


def test_participant_who_returns_goes_on_in_any_browser(invited: Invited):
    invited.open(PROLIFIC)
    first = invited.begin()
    consent(first, first.page(from_prolific(invited.link)))
    first.send("POST", "/questions", data=ANSWERS)
    first.vote(first.page("/rate"), "left")
    again = invited.begin()
    arrived = again.send("GET", from_prolific(invited.link))
    assert (arrived.status_code, leads_to(arrived)) == (303, "/rate")
    assert "2 of 2" in again.page("/rate").text
    assert "2 of 2" in first.page("/rate").text  # whose cookie has not died by it
    assert len(invited.raters()) == 1


def test_panel_that_sends_somebody_again_finds_its_latest_session_and_those_before(
    invited: Invited,
):
    link = "https://app.prolific.com/submissions/complete?cc={code}&s={session}"
    invited.open(replace(PROLIFIC, return_link=link))
    first, again = invited.begin(), invited.begin()
    consent(first, first.page(from_prolific(invited.link)))
    page = again.page(from_prolific(invited.link, session="se2"))
    assert page.url.path == "/questions"
    again.send("POST", "/questions", data=ANSWERS)
    page = again.page("/rate")
    while not is_done(page):
        page = again.vote(page, "left")
    assert "cc=C1DONE&amp;s=se2" in page.text
    again.page(from_prolific(invited.link, session="se2"))  # the same visit once more
    (row,) = participants_file(invited)
    assert (row["panel_session"], row["earlier_visits"]) == ("se2", "st1/se1")


def test_consent_that_waited_while_its_person_joined_replaces_no_later_visit(invited: Invited):
    invited.open(PROLIFIC)
    first, later = invited.begin(), invited.begin()
    waiting = first.page(from_prolific(invited.link, session="old"))
    consent(later, later.page(from_prolific(invited.link, session="new")))
    assert leads_to(consent(first, waiting)) == "/rate"
    (row,) = participants_file(invited)
    assert (row["panel_session"], row["earlier_visits"]) == ("new", "")


def test_who_finished_then_withdrew_finds_their_code_when_sent_again(invited: Invited):
    invited.open(PROLIFIC)
    rater = invited.begin()
    finish(rater, rater.page(from_prolific(invited.link)))
    rater.send("POST", "/me/withdrawal")
    again = rater.page(from_prolific(invited.link, session="se2"))
    assert again.status_code == 200
    assert 'value="C1DONE"' in again.text
    assert "You have withdrawn." in again.text


def test_session_of_the_other_groups_study_replaces_none(invited: Invited):
    invited.open(PROLIFIC)
    rater = invited.begin()
    consent(rater, rater.page(from_prolific(invited.link)))
    other = from_prolific(invited.links[RaterKind.EXPERT], session="se2")
    told = rater.page(other)
    assert told.status_code == 409
    assert "return your submission" in told.text  # which Prolific waits for
    same_visit = rater.page(from_prolific(invited.links[RaterKind.EXPERT]))
    assert "return your submission" not in same_visit.text
    (row,) = participants_file(invited)
    assert (row["panel_session"], row["earlier_visits"]) == ("se1", "")


def test_consent_kept_in_a_tab_makes_no_second_rater(invited: Invited):
    invited.open(PROLIFIC)
    one, other = invited.begin(), invited.begin()
    pages = [rater.page(from_prolific(invited.link)) for rater in (one, other)]
    for rater, page in zip((one, other), pages, strict=True):
        assert consent(rater, page).status_code == 303
    assert len(invited.raters()) == 1


def test_two_participants_at_one_computer_are_two_raters(invited: Invited):
    invited.open(PROLIFIC)
    rater = invited.begin()
    consent(rater, rater.page(from_prolific(invited.link)))
    page = rater.page(from_prolific(invited.link, "another"))
    assert "with this browser already" in page.text
    consent(rater, page)
    assert len(invited.raters()) == 2


def test_ids_leave_the_address_also_where_the_study_wants_none(invited: Invited):
    invited.open()
    rater = invited.begin()
    arrived = rater.send("GET", from_prolific(invited.link))
    assert arrived.headers["location"] == f"/join/{invited.link}"
    finish(rater, rater.page(f"/join/{invited.link}"))
    with transaction(invited.engine, write=False) as session:
        assert session.exec(select(Participant)).all() == []


def test_cookie_of_an_arrival_cannot_be_made_up(invited: Invited):
    invited.open(PROLIFIC)
    rater = invited.begin()
    rater.send("GET", from_prolific(invited.link))
    name = f"bv_arrival_{invited.link}"
    content, _, signature = rater.client.cookies[name].partition(".")
    for forged in (f"{content}A.{signature}", json.dumps({"key": invited.link}), content):
        rater = invited.begin()
        rater.client.cookies.set(name, forged)
        assert "Prolific tells us" not in rater.page(f"/join/{invited.link}").text


def test_preview_shows_the_information_and_lets_nobody_in(invited: Invited):
    invited.open(Recruitment(panel=Panel.MTURK, completion_code="C1DONE"))
    rater = invited.begin()
    address = f"/join/{invited.link}?assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE&hitId=h1"
    page = rater.send("GET", address)
    assert page.status_code == 200
    assert "This is a preview." in page.text
    assert "What you will do" in page.text
    assert "<form" not in page.text


def test_worker_of_mechanical_turk_is_told_where_the_code_goes(invited: Invited):
    invited.open(Recruitment(panel=Panel.MTURK, completion_code="C1DONE"))
    rater = invited.begin()
    address = f"/join/{invited.link}?workerId=A3XYZ&assignmentId=as1&hitId=h1"
    page = finish(rater, rater.page(address))
    assert 'value="C1DONE"' in page.text
    assert "submit the HIT" in page.text


def test_refusal_is_thanked_stores_nothing_and_forgets_the_panels_id(invited: Invited):
    invited.open(PROLIFIC)
    rater = invited.begin()
    page = rater.page(from_prolific(invited.link))
    refusal = re.search(r'href="([^"]+/refusal)"', page.text)
    assert refusal
    page = rater.page(refusal[1])
    assert page.status_code == 200
    assert "stored nothing about you" in page.text
    assert "return your submission" in page.text
    assert not rater.client.cookies
    assert invited.raters() == []
    with transaction(invited.engine, write=False) as session:
        assert session.exec(select(ConsentText)).all() == []


def test_study_for_a_panel_alone_sends_others_back(invited: Invited):
    invited.open(PROLIFIC)
    invited.change(replace(PROLIFIC, only_from_panel=True))
    answer = invited.begin().page(f"/join/{invited.link}")
    assert answer.status_code == 409
    assert "come from the page where you found this study" in answer.text
    assert invited.begin().page(from_prolific(invited.link)).status_code == 200


def test_participants_file_has_what_is_needed_to_approve(invited: Invited):
    invited.open(PROLIFIC)
    rater = invited.begin()
    finish(rater, rater.page(from_prolific(invited.link)))
    (row,) = participants_file(invited)
    assert row["panel_id"] == PID
    assert (row["state"], row["code_shown"], row["failed_checks"]) == ("finished", "C1DONE", "0")
    assert row["rater_id"] == invited.raters()[0].key


def test_person_known_to_a_panel_is_told_so_in_whatever_browser(invited: Invited):
    invited.open(PROLIFIC)
    first = invited.begin()
    consent(first, first.page(from_prolific(invited.link)))
    elsewhere = invited.begin()
    told = elsewhere.page(from_prolific(invited.links[RaterKind.EXPERT]))
    assert told.status_code == 409
    assert "You joined this study by another invitation" in told.text
    for wrong in ("this browser", "private window"):
        assert wrong not in told.text
    (one,) = invited.raters()
    assert f'href="/rate?rater={one.key}"' in told.text
    first.send("POST", "/me/withdrawal", data={"rater": one.key})
    told = elsewhere.page(from_prolific(invited.links[RaterKind.EXPERT]))
    assert "You have withdrawn since" in told.text
    assert "Go on where you were" not in told.text


def test_closed_study_tells_people_of_a_panel_what_to_do_there(invited: Invited):
    invited.open(PROLIFIC)
    with transaction(invited.engine, write=True) as session:
        close_study(session, invited.key)
    told = invited.begin().page(from_prolific(invited.link))
    assert told.status_code == 409
    assert "This study has closed" in told.text
    assert "return your submission" in told.text
