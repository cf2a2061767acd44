"""A rater's own page: seen, taken along, withdrawn, erased."""

import html
import json
import re

import pytest
from sqlmodel import col, select

from app.db import transaction
from app.models import Rater, RaterKind, Study
from app.studies.lifecycle import close_study, create_study, open_study
from app.studies.queries import group_links
from app.studies.recruiting import make_personal_links, personal_links
from tests.factories import make_poem, make_poem_set, make_prompt
from tests.journeys.rater import HttpRater


@pytest.fixture
def rater(app, client):
    with transaction(app.state.engine, write=True) as session:
        poem_set = make_poem_set(session)
        for _ in range(2):
            prompt = make_prompt(session, poem_set=poem_set)
            for source in ("Secret model A", "Secret model B"):
                make_poem(session, poem_set=poem_set, prompt=prompt, source=source)
        study = create_study(
            session,
            name="S",
            poem_set_key=poem_set.key,
            question="Which?",
            pairs_per_rater=2,
        )
        open_study(session, study.key)
        link = group_links(session, study.key)[RaterKind.NONEXPERT]
    client.follow_redirects = False
    rater = HttpRater(client)
    rater.vote(rater.join(link), "left")
    return rater


def shown(page) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def raters(app) -> list[Rater]:
    with transaction(app.state.engine, write=False) as session:
        return list(session.exec(select(Rater).order_by(col(Rater.id))).all())


def test_rater_reads_what_is_stored_and_never_a_source(app, rater):
    page = rater.page("/me")
    assert page.status_code == 200
    assert "Your choices" in shown(page)
    assert "How often do you read poems, outside of what school or work asks of you?" in shown(page)
    assert "Your answer Every month" in shown(page)
    assert "What you chose the left poem (A)" in shown(page)
    assert f" {raters(app)[0].joined_at.year}, " in shown(page)  # a time in words
    assert "The first line of poem" in page.text
    for path in ("/me", "/me/data.json"):
        assert "Secret model" not in rater.page(path).text


def test_download_holds_the_same_as_json(rater):
    answer = rater.page("/me/data.json")
    assert "attachment" in answer.headers["content-disposition"]
    tables = json.loads(answer.text)["tables"]
    (vote,) = tables["vote"]["rows"]
    assert (vote["choice"], vote["decision_ms"]) == ("left", 1812)
    assert tables["vote"]["columns"]["choice"] == "What you chose"


def test_who_withdraws_gets_no_more_pairs_and_reads_so(app, rater):
    rater.send("POST", "/me/withdrawal")
    assert "You have withdrawn" in shown(rater.page("/me"))
    refused = rater.page("/rate")
    assert refused.status_code == 409
    assert "You have withdrawn from this study" in shown(refused)
    assert 'href="/me?rater=' in refused.text
    assert raters(app)[0].withdrawn_at is not None


def test_rater_of_a_closed_study_still_finds_their_own_page(app, rater):
    with transaction(app.state.engine, write=True) as session:
        (study,) = session.exec(select(Study)).all()
        close_study(session, study.key)
    refused = rater.page("/rate")
    assert refused.status_code == 409
    assert 'href="/me?rater=' in refused.text
    assert 'href="/me' not in rater.page("/join/nothing").text


def test_erasing_asks_for_a_tick_then_forgets_rater_and_cookie(app, rater):
    unsure = rater.send("POST", "/me/erasure", data={})
    assert unsure.status_code == 422
    assert "Please tick the box" in unsure.text
    assert len(raters(app)) == 1
    done = rater.send("POST", "/me/erasure", data={"sure": "yes"})
    assert done.status_code == 303
    for _ in range(2):  # loaded again, it says the same
        gone = rater.page(done.headers["location"])
        assert gone.status_code == 200
        assert "Your one choice and all else about you is deleted." in shown(gone)
    assert raters(app) == []
    assert "bv_rater" not in rater.client.cookies
    assert rater.page("/me").status_code == 403


def test_open_tab_of_an_erased_rater_says_so(app, rater):
    tab = rater.page("/rate")
    rater.send("POST", "/me/erasure", data={"sure": "yes"})
    for answer in (rater.vote(tab, "left"), rater.page(str(tab.url))):
        assert answer.status_code == 409
        assert "has been erased, so there is nothing to go on with" in shown(answer)
        assert "open the invitation" not in answer.text


def test_consent_and_help_lead_to_what_is_stored_and_for_how_long(rater):
    consent = next(page for page in rater.seen if "/join/" in str(page.url))
    assert 'href="/privacy?language=en"' in consent.text
    assert 'href="/me?rater=' in rater.page("/rate").text
    assert "90 unless it says otherwise" in shown(rater.page("/privacy"))


@pytest.mark.parametrize("label", ["reader 7 <reader7@example.org>", ""])
def test_whom_an_invitation_was_for_is_shown_and_the_page_says_so(app, rater, label):
    with transaction(app.state.engine, write=True) as session:
        (study,) = session.exec(select(Study)).all()
        make_personal_links(session, study.key, kind=RaterKind.EXPERT, labels=[label])
        (link,) = personal_links(session, study.id or 0)
    assert "Your name is not among it" in shown(rater.page("/me"))
    rater.client.cookies.clear()
    rater.join(link.key)
    page = shown(rater.page("/me"))
    assert "Your name is not among it" not in page
    assert "by what name or number whoever invited you knows you" in page
    assert label in page
    assert "that it has been used, so that nobody can join by it again" in page
    (row,) = json.loads(rater.page("/me/data.json").text)["tables"]["personal_link"]["rows"]
    assert row["label"] == label
    done = rater.send("POST", "/me/erasure", data={"sure": "yes"})
    assert done.status_code == 303
    with transaction(app.state.engine, write=False) as session:
        (kept,) = personal_links(session, study.id or 0)
    assert (kept.label, kept.used_at is not None) == ("", True)


def test_page_that_refuses_who_withdrew_is_not_cold(rater):
    rater.send("POST", "/me/withdrawal")
    refused = rater.page("/rate")
    assert "Thank you for having taken part" in refused.text
    assert "That is not possible now" not in refused.text


def test_privacy_names_what_the_browser_itself_keeps(rater):
    assert "your browser keeps for itself" in shown(rater.page("/privacy"))
