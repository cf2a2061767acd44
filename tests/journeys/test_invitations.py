"""Ways into a study and out of it, over HTTP: panels, lists, one-use links, refusal, the end."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape

import httpx2 as httpx
import pytest
from sqlalchemy import Engine
from sqlmodel import select
from starlette.testclient import TestClient

from app.accounts.admins import create_admin, make_sign_in_link
from app.db import make_engine, transaction, utc_now
from app.exports.tables import Table, export
from app.exports.writers import Format
from app.main import create_app
from app.models import ConsentText, Participant, Rater, RaterKind, Study
from app.rating.arriving import sign
from app.settings import Settings
from app.studies.lifecycle import close_study, create_study, open_study
from app.studies.plan import Design, Panel, Recruitment
from app.studies.queries import group_links, study_by_key
from app.studies.recruiting import (
    change_recruitment,
    make_personal_links,
    personal_links,
    set_quotas,
)
from tests.factories import make_poem_set, make_prompted_poems
from tests.journeys.rater import ANSWERS, HttpRater, form, is_done, leads_to

PID = "5f1e2d3c4b5a"
PROLIFIC = Recruitment(
    panel=Panel.PROLIFIC,
    completion_code="C1DONE",
    screened_out_code="S1OUT",
    return_link="https://app.prolific.com/submissions/complete?cc={code}",
)


class Invited:
    """An open study, and browsers that come to it."""

    def __init__(self, engine: Engine, begin: Callable[[], HttpRater], secret: str) -> None:
        self.engine, self.begin, self.secret = engine, begin, secret
        self.key = self.link = ""
        self.links: dict[RaterKind, str] = {}
        self.n_studies = 0

    def open(self, recruitment: Recruitment | None = None, **design: object) -> "Invited":
        """Another study; `key`, `link` and `links` are the latest one's."""
        self.n_studies += 1
        with transaction(self.engine, write=True) as session:
            poem_set = make_poem_set(session)
            make_prompted_poems(session, poem_set=poem_set, prompts=2)
            made = create_study(
                session,
                name=f"Study {self.n_studies}",
                poem_set_key=poem_set.key,
                question="Which poem do you prefer?",
                about="Two of us ask.\n\nWrite to us & ours.",
                pairs_per_rater=2,
                design=Design(**design),  # type: ignore[arg-type]  # fields of several types
                recruitment=recruitment,
            )
            open_study(session, made.key)
            self.key = made.key
            self.links = group_links(session, made.key)
            self.link = self.links[RaterKind.NONEXPERT]
        return self

    def change(self, recruitment: Recruitment) -> None:
        with transaction(self.engine, write=True) as session:
            change_recruitment(session, self.key, recruitment=recruitment, quotas={})

    def raters(self) -> list[Rater]:
        with transaction(self.engine, write=False) as session:
            return list(session.exec(select(Rater)))

    def study(self) -> Study:
        with transaction(self.engine, write=False) as session:
            return study_by_key(session, self.key)


@pytest.fixture
def invited(database_url: str) -> Iterator[Invited]:
    engine = make_engine(database_url)
    app = create_app(Settings(database_url=database_url), with_worker=False)
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as server:

        def begin() -> HttpRater:
            client = TestClient(app, base_url="http://localhost", follow_redirects=False)
            client.portal = server.portal  # one event loop for all browsers
            return HttpRater(client)

        yield Invited(engine, begin, app.state.signing_key)
    engine.dispose()


def consent(rater: HttpRater, page: httpx.Response, **ticked: str) -> httpx.Response:
    action = re.search(r'<form class="consent" method="post" action="([^"]+)"', page.text)
    assert action
    return rater.send("POST", action[1], data=form(page, "consent") | {"consent": "yes"} | ticked)


def finish(rater: HttpRater, page: httpx.Response, **ticked: str) -> httpx.Response:
    assert consent(rater, page, **ticked).status_code == 303
    rater.send("POST", "/questions", data=ANSWERS)
    page = rater.page("/rate")
    while not is_done(page):
        assert "C1DONE" not in page.text
        page = rater.vote(page, "left")
    return page


def from_prolific(link: str, pid: str = PID, session: str = "se1") -> str:
    return f"/join/{link}?PROLIFIC_PID={pid}&STUDY_ID=st1&SESSION_ID={session}"


def participants_file(invited: Invited) -> list[dict[str, str]]:
    """The rows that an admin downloads."""
    with transaction(invited.engine, write=True) as session:
        token = make_sign_in_link(session, create_admin(session, email="ada@example.org"))
    admin = invited.begin()
    admin.send("POST", f"/admin/sign-in/{token}")
    answer = admin.send("GET", f"/admin/studies/{invited.key}/participants.csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


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


def test_minimum_age_is_confirmed_with_the_consent(invited: Invited):
    invited.open(minimum_age=18)
    rater = invited.begin()
    page = rater.page(f"/join/{invited.link}")
    refused = consent(rater, page)
    assert refused.status_code == 422
    assert "Only people of this age or older can take part." in refused.text
    assert invited.raters() == []
    assert consent(rater, refused, of_age="yes").status_code == 303


def test_text_consented_to_is_kept_as_it_was_shown(invited: Invited):
    invited.open(PROLIFIC, minimum_age=18)
    rater = invited.begin()
    page = rater.page(from_prolific(invited.link))
    consent(rater, page, of_age="yes")
    with transaction(invited.engine, write=False) as session:
        kept = session.exec(select(ConsentText)).one()
    (stored,) = invited.raters()
    assert stored.consent_version == kept.version
    assert stored.consented_at is not None
    shown = " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())
    for line in kept.text.splitlines():
        assert line in shown
    for words in ("Two of us ask.", "Write to us & ours.", "18 years", "I agree", "90 days"):
        assert words in kept.text


def test_consent_to_another_text_than_the_one_shown_is_none(invited: Invited):
    invited.open()
    rater = invited.begin()
    page = rater.page(f"/join/{invited.link}")
    answer = consent(rater, page, shown="Pay me.")
    assert answer.status_code == 422
    assert "Please read it once more" in answer.text
    assert invited.raters() == []


def test_page_left_open_while_the_study_changes_is_still_a_consent_to_what_it_said(
    invited: Invited,
):
    invited.open(Recruitment(keep_identities_days=90))
    rater = invited.begin()
    page = rater.page(f"/join/{invited.link}")
    invited.change(Recruitment(keep_identities_days=10))
    assert consent(rater, page).status_code == 303


def test_full_group_is_told_so_politely_but_its_raters_go_on(invited: Invited):
    invited.open(PROLIFIC)
    with transaction(invited.engine, write=True) as session:
        set_quotas(session, study_by_key(session, invited.key).id or 0, {RaterKind.NONEXPERT: 1})
    first, late = invited.begin(), invited.begin()
    waiting = late.page(from_prolific(invited.link, "late"))
    consent(first, first.page(from_prolific(invited.link)))
    for answer in (
        consent(late, waiting),
        late.page(from_prolific(invited.link, "late")),
    ):
        assert answer.status_code == 409
        assert "All places are taken" in answer.text
        assert "return your submission" in answer.text
    assert leads_to(first.send("GET", f"/join/{invited.link}")) == "/rate"
    assert len(invited.raters()) == 1


def test_after_the_closing_date_nobody_joins_and_a_rater_in_the_middle_finishes(
    invited: Invited,
):
    invited.open()
    rater = invited.begin()
    consent(rater, rater.page(f"/join/{invited.link}"))
    rater.send("POST", "/questions", data=ANSWERS)
    invited.change(Recruitment(closes_at=utc_now() - timedelta(seconds=1)))
    late = invited.begin().page(f"/join/{invited.link}")
    assert late.status_code == 409
    assert "The time for joining is over" in late.text
    page = rater.page(f"/join/{invited.link}")
    while not is_done(page):
        page = rater.vote(page, "right")


def test_rater_who_finished_finds_their_code_also_when_the_study_has_closed(invited: Invited):
    invited.open(PROLIFIC)
    rater = invited.begin()
    finish(rater, rater.page(from_prolific(invited.link)))
    with transaction(invited.engine, write=True) as session:
        close_study(session, invited.key)
    assert "C1DONE" in invited.begin().page(from_prolific(invited.link)).text


def test_one_use_link_leads_its_person_back_and_nobody_else_in(invited: Invited):
    invited.open()
    with transaction(invited.engine, write=True) as session:
        make_personal_links(session, invited.key, kind=RaterKind.EXPERT, labels=["A reader"])
        (link,) = personal_links(session, study_by_key(session, invited.key).id or 0)
    rater = invited.begin()
    page = rater.page(f"/join/{link.key}")
    assert "Your link was made for you alone" in page.text
    consent(rater, page)
    (stored,) = invited.raters()
    assert stored.kind is RaterKind.EXPERT
    assert leads_to(rater.send("GET", f"/join/{link.key}")) == "/rate"
    stranger = invited.begin().page(f"/join/{link.key}")
    assert stranger.status_code == 409
    assert "This invitation has been used" in stranger.text


def test_nobody_who_took_part_is_told_that_nothing_is_stored(invited: Invited):
    invited.open()
    with transaction(invited.engine, write=True) as session:
        study_id = study_by_key(session, invited.key).id or 0
        make_personal_links(session, invited.key, kind=RaterKind.EXPERT, labels=["A reader"])
        (link,) = personal_links(session, study_id)
        set_quotas(session, study_id, {RaterKind.NONEXPERT: 1})
    for key in (invited.link, link.key):
        rater = invited.begin()
        consent(rater, rater.page(f"/join/{key}"))
    told = [invited.begin().page(f"/join/{invited.link}")]
    with transaction(invited.engine, write=True) as session:
        close_study(session, invited.key)
    told += [invited.begin().page(f"/join/{key}") for key in (invited.link, link.key)]
    for page, heading in zip(told, ("All places are taken", *2 * ("has closed",)), strict=True):
        assert heading in page.text
        assert "Nothing about you is stored" not in page.text
        assert "your own link leads to what is stored about you" in page.text


def test_signed_link_is_one_session_and_cannot_be_changed(invited: Invited):
    invited.open()
    signed = sign(invited.secret, invited.link, "Reader 7")
    rater = invited.begin()
    page = rater.page(f"/join/{invited.link}?id=Reader+7&sig={signed}")
    assert "Your link holds the number" in page.text
    consent(rater, page)
    again = invited.begin().send("GET", f"/join/{invited.link}?id=Reader+7&sig={signed}")
    assert leads_to(again) == "/rate"
    forged = invited.begin().page(f"/join/{invited.link}?id=Reader+8&sig={signed}")
    assert forged.status_code == 422
    assert "copy all of the link" in forged.text
    assert "Reader" not in str(forged.url)


def test_study_for_a_panel_alone_sends_others_back(invited: Invited):
    invited.open(PROLIFIC)
    invited.change(replace(PROLIFIC, only_from_panel=True))
    answer = invited.begin().page(f"/join/{invited.link}")
    assert answer.status_code == 409
    assert "come from the page where you found this study" in answer.text
    assert invited.begin().page(from_prolific(invited.link)).status_code == 200


def test_rater_who_is_screened_out_is_thanked_and_gets_their_code(invited: Invited):
    invited.open(PROLIFIC)
    rater = invited.begin()
    consent(rater, rater.page(from_prolific(invited.link)))
    assert "/questions" in str(rater.page("/screened-out").url)
    with transaction(invited.engine, write=True) as session:
        session.exec(select(Rater)).one().screened_out_at = utc_now()
    page = rater.page("/rate")
    assert "/screened-out?" in str(page.url)
    assert "Thank you for your answers" in page.text
    assert 'value="S1OUT"' in page.text
    assert "C1DONE" not in page.text


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


@pytest.mark.parametrize("said", ["PROLIFIC_PID=%3Cb%3E5f1", "id=Somebody&sig=wrong"])
def test_what_cannot_be_read_of_somebody_leaves_the_address_bar(invited: Invited, said: str):
    invited.open(PROLIFIC)
    told = invited.begin().page(f"/join/{invited.link}?{said}")
    assert told.status_code == 422
    assert "does not say who you are in the way it should" in told.text
    assert "?" not in str(told.url)


def test_closed_study_tells_people_of_a_panel_what_to_do_there(invited: Invited):
    invited.open(PROLIFIC)
    with transaction(invited.engine, write=True) as session:
        close_study(session, invited.key)
    told = invited.begin().page(from_prolific(invited.link))
    assert told.status_code == 409
    assert "This study has closed" in told.text
    assert "return your submission" in told.text


def test_invitation_counts_attention_checks_as_no_pairs(invited: Invited):
    invited.open(checks=1, repeats=1)
    rater = invited.begin()
    told = rater.page(f"/join/{invited.link}").text
    assert "3 pairs of poems" in told
    assert "On one page more there are no poems" in told
    assert "1 of 4" in rater.join(invited.link).text
