"""Ways into a study and out of it, over HTTP: lists, one-use links, consent, the end."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlmodel import select

from app.db import transaction, utc_now
from app.models import ConsentText, Rater, RaterKind
from app.rating.arriving import sign
from app.studies.lifecycle import close_study
from app.studies.plan import Recruitment
from app.studies.queries import study_by_key
from app.studies.recruiting import (
    make_personal_links,
    personal_links,
    set_quotas,
)
from tests.journeys.invited import PROLIFIC, Invited, consent, finish, from_prolific
from tests.journeys.rater import ANSWERS, is_done, leads_to


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


@pytest.mark.parametrize("said", ["PROLIFIC_PID=%3Cb%3E5f1", "id=Somebody&sig=wrong"])
def test_what_cannot_be_read_of_somebody_leaves_the_address_bar(invited: Invited, said: str):
    invited.open(PROLIFIC)
    told = invited.begin().page(f"/join/{invited.link}?{said}")
    assert told.status_code == 422
    assert "does not say who you are in the way it should" in told.text
    assert "?" not in str(told.url)


def test_invitation_counts_attention_checks_as_no_pairs(invited: Invited):
    invited.open(checks=1, repeats=1)
    rater = invited.begin()
    told = rater.page(f"/join/{invited.link}").text
    assert "3 pairs of poems" in told
    assert "On one page more there are no poems" in told
    assert "1 of 4" in rater.join(invited.link).text
