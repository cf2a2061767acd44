"""The questions about a rater's reading, as pages."""

import re
from html import unescape

import pytest
from fastapi import FastAPI
from sqlmodel import col, select
from starlette.testclient import TestClient

from app.db import transaction
from app.models import RaterKind, Slot
from app.studies.plan import Design, When
from app.studies.queries import group_links
from tests.journeys.rater import ANSWERS, HttpRater, form, is_done
from tests.rating.test_answering import NONE_KNOWN
from tests.studies.test_instrument import SCHOLAR, opened

TESTS = Design(recognition_test=True, knowledge_test=True)


def invited(app: FastAPI, client: TestClient, design: Design) -> tuple[HttpRater, str]:
    """A rater who has consented, and the link they came by."""
    with transaction(app.state.engine, write=True) as session:
        link = group_links(session, opened(session, design).key)[RaterKind.EXPERT]
    client.follow_redirects = False
    rater = HttpRater(client)
    rater.consent(link)
    return rater, link


def send(rater: HttpRater, section: str, **answers: str) -> str:
    """Where the answer leads, through redirects."""
    answer = rater.send("POST", "/questions", data={"section": section, **answers})
    assert answer.status_code == 303
    return rater.page(answer.headers["location"]).text


def test_parts_follow_each_other_and_lead_to_the_poems(app: FastAPI, client: TestClient):
    rater, _link = invited(app, client, TESTS)
    page = rater.page("/rate")
    assert "Part 1 of 3" in page.text
    assert form(page, "questions-form")["section"] == "habits"
    poets = send(rater, "habits", **SCHOLAR)
    assert "Part 2 of 3" in poets
    assert poets.count('type="checkbox"') == 48
    assert "a wrong tick lowers the score" in poets
    devices = send(rater, "poets", dickinson="yes")
    assert "Part 3 of 3" in devices
    assert 'id="poem-left"' in send(rater, "devices", **NONE_KNOWN)


def test_page_gives_away_neither_the_right_answers_nor_whom_it_invited(app, client):
    rater, _link = invited(app, client, TESTS)
    pages = [rater.page("/questions").text, send(rater, "habits", **SCHOLAR)]
    pages.append(send(rater, "poets"))
    for page in pages:
        main = page.partition("<main")[2]
        assert "foil" not in main
        assert "points" not in main
        assert "engineer" not in main
    marks = {
        re.sub(r'name="\w+"|<span>.*', "", tag)
        for tag in re.findall('<input type="checkbox".*', pages[1])
    }
    assert len(marks) == 1


def test_missing_answers_are_named_by_their_questions_and_the_rest_stays(app, client):
    rater, _link = invited(app, client, Design())
    answers = SCHOLAR | {"years": "", "writes": "nonsense"}
    answer = rater.send("POST", "/questions", data=answers)
    assert answer.status_code == 422
    text = unescape(answer.text)
    assert "2 questions have no answer yet" in text
    assert '<a href="#years">For how many years' in text
    assert '<a href="#writes">Do you write poems?' in text
    assert 'value="weekly" checked' in " ".join(text.split())
    assert text.count('aria-invalid="true"') == 2


def test_german_study_asks_in_german(app, client):
    rater, _link = invited(app, client, Design(language="de"))
    page = rater.page("/questions").text
    assert "Schreiben Sie Gedichte?" in page
    assert 'lang="de"' in page


def test_page_that_is_over_leads_on_and_changes_nothing(app, client):
    rater, _link = invited(app, client, TESTS)
    send(rater, "habits", **SCHOLAR)
    assert "Part 2 of 3" in send(rater, "habits", **ANSWERS)


def test_questions_after_the_pairs_come_then_and_before_the_thanks(app, client):
    rater, link = invited(app, client, Design(instrument_when=When.AFTER))
    assert 'id="poem-left"' in rater.page("/questions").text  # pairs first
    page = rater.vote(rater.page("/rate"), "left")
    assert "A few questions about your reading are still to come" in page.text
    assert "There is nothing more to do" not in page.text
    assert "still to come" in rater.page(f"/join/{link}").text  # also for who comes back
    back = rater.undo(page)
    assert 'id="poem-left"' in back.text
    rater.vote(back, "right")
    asked = rater.page("/questions").text
    assert "Finish" in asked
    done = send(rater, "habits", **SCHOLAR)
    assert "There is nothing more to do" in done


@pytest.mark.parametrize("fragment", [False, True], ids=["without script", "with htmx"])
def test_after_the_last_pair_the_page_says_that_questions_follow(app, client, fragment: bool):
    rater, _link = invited(app, client, Design(instrument_when=When.AFTER))
    rater.fragment = fragment
    page = rater.vote(rater.page("/rate"), "left")
    assert 'href="/questions?rater=' in page.text
    assert page.text.startswith("<div") == fragment
    assert is_done(page)


def test_rater_who_does_not_fit_is_thanked_and_shown_no_pair(app, client):
    rater, link = invited(app, client, Design(screens_out=True))
    page = send(rater, "habits", **ANSWERS)
    assert "readers of another experience" in page
    for address in ("/rate", "/questions", f"/join/{link}"):
        again = rater.page(address).text
        assert "readers of another experience" in again
        assert "poem-left" not in again


def test_rater_who_fits_never_sees_that_page(app, client):
    rater, _link = invited(app, client, Design(screens_out=True))
    assert 'id="poem-left"' in send(rater, "habits", **SCHOLAR)
    assert "/rate?" in str(rater.page("/screened-out").url)


@pytest.mark.parametrize("fragment", [False, True], ids=["without script", "with htmx"])
def test_no_pair_is_shown_before_the_questions_that_come_first(app, client, fragment):
    rater, _link = invited(app, client, Design(practice=True))
    rater.fragment = fragment
    for path, values in (
        ("/rate/practice", {"choice": "left"}),
        ("/rate/breaks", {"done": "1"}),
    ):
        answer = rater.send("POST", path, data=values)
        assert "poem" not in answer.text
        leads = answer.headers["hx-redirect" if fragment else "location"]
        assert "About your reading" in rater.page(leads).text
    with transaction(app.state.engine, write=False) as session:
        assert session.exec(select(Slot).where(col(Slot.shown_at).is_not(None))).all() == []


def test_questions_lead_back_and_to_the_rights_before_the_first_pair(app, client):
    rater, _link = invited(app, client, Design())
    leads_back(rater, rater.page("/questions").text)
    leads_back(rater, rater.send("POST", "/questions", data={"reads": "weekly"}).text)


def test_who_is_screened_out_can_come_back_and_use_their_rights(app, client):
    rater, _link = invited(app, client, Design(screens_out=True))
    rater.send("POST", "/questions", data=ANSWERS)
    page = rater.page("/rate")
    assert "/screened-out?" in str(page.url)
    assert "to come back to what is stored about you" in page.text
    assert "to go on later" not in page.text
    leads_back(rater, page.text)


def leads_back(rater: HttpRater, page: str) -> None:
    assert 'href="/me?rater=' in page
    own = re.search(r'id="personal-link" value="http://localhost(/r/[^"]+)"', page)
    assert own
    rater.client.cookies.clear()
    rater.page(own[1])
    assert rater.page("/me").status_code == 200
