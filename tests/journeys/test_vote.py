"""A vote, from the invitation to the row, over HTTP."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import make_engine, transaction
from app.main import create_app
from app.models import (
    Rater,
    RaterAnswer,
    RaterKind,
    Slot,
    Study,
    Vote,
    VoteFollowUp,
    VoteRetraction,
)
from app.settings import Settings
from app.studies.lifecycle import create_study, open_study
from app.studies.plan import Design
from app.studies.queries import group_links
from tests.factories import make_poem_set, make_prompted_poems
from tests.journeys.rater import ANSWERS, HttpRater, form, is_done, leads_to

Begin = Callable[[], HttpRater]


@pytest.fixture
def study(database_url: str) -> Iterator[tuple[Engine, Begin, dict[RaterKind, str]]]:
    """An open study of three pairs; `begin()` is a new browser."""
    engine = make_engine(database_url)
    with transaction(engine, write=True) as session:
        poem_set = make_poem_set(session)
        make_prompted_poems(session, poem_set=poem_set, prompts=3)
        created = create_study(
            session,
            name="Study",
            poem_set_key=poem_set.key,
            question="Which poem do you prefer?",
            pairs_per_rater=3,
        )
        open_study(session, created.key)
        links = group_links(session, created.key)
    app = create_app(Settings(database_url=database_url), with_worker=False)
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as server:

        def begin() -> HttpRater:
            client = TestClient(app, base_url="http://localhost", follow_redirects=False)
            client.portal = server.portal  # one event loop for all browsers
            return HttpRater(client)

        yield engine, begin, links
    engine.dispose()


def test_rater_goes_from_the_link_to_thanks_and_all_is_stored(study):
    engine, begin, links = study
    rater = begin()
    page = rater.join(links[RaterKind.EXPERT])
    for choice in ("left", "tie", "right"):
        page = rater.vote(page, choice)
    assert is_done(page)
    with transaction(engine, write=False) as session:
        stored = session.exec(select(Rater)).one()
        assert (stored.kind, stored.simulated) == (RaterKind.EXPERT, False)
        assert stored.consented_at is not None
        assert len(session.exec(select(RaterAnswer)).all()) == len(ANSWERS)
        votes = session.exec(select(Vote)).all()
        assert [vote.choice for vote in votes] == ["left", "tie", "right"]
        assert {vote.decision_ms for vote in votes} == {1812}
        assert all(vote.shown_at <= vote.cast_at for vote in votes)


def test_without_consent_nothing_is_stored(study):
    engine, begin, links = study
    answer = begin().send("POST", f"/join/{links[RaterKind.EXPERT]}", data={})
    assert answer.status_code == 422
    assert "tick the box" in answer.text
    with transaction(engine, write=False) as session:
        assert session.exec(select(Rater)).all() == []


def test_unanswered_question_is_named_and_the_others_stay(study):
    _engine, begin, links = study
    rater = begin()
    rater.consent(links[RaterKind.EXPERT])
    assert str(rater.page("/rate").url).split("?")[0].endswith("/questions")
    answer = rater.send("POST", "/questions", data={"reads": "weekly"})
    assert answer.status_code == 422
    assert answer.text.count("Please choose one") >= 2
    assert 'value="weekly" checked' in " ".join(answer.text.split())


def test_cookie_link_and_personal_link_resume_and_another_browser_begins_anew(study):
    engine, begin, links = study
    link = links[RaterKind.NONEXPERT]
    rater = begin()
    page = rater.vote(rater.join(link), "left")
    assert rater.page("/rate").text.count("2 of 3")
    assert leads_to(rater.send("GET", f"/join/{link}")) == "/rate"
    personal = page.text.split('id="personal-link" value="http://localhost')[1].split('"')[0]
    elsewhere = begin()
    assert "2 of 3" in elsewhere.page(personal).text
    assert "1 of 3" in begin().join(link).text
    with transaction(engine, write=False) as session:
        assert len(session.exec(select(Rater)).all()) == 2


@pytest.mark.parametrize("cookies", [True, False], ids=["in turn", "before the first answer"])
def test_form_sent_twice_makes_one_rater(study, cookies: bool):
    engine, begin, links = study
    rater = begin()
    page = rater.page(f"/join/{links[RaterKind.EXPERT]}")
    for _ in range(2):
        values = form(page, "consent") | {"consent": "yes"}
        rater.send("POST", f"/join/{links[RaterKind.EXPERT]}", data=values)
        if not cookies:
            rater.client.cookies.delete("bv_rater")
    with transaction(engine, write=False) as session:
        assert len(session.exec(select(Rater)).all()) == 1


@pytest.mark.parametrize("fragment", [False, True], ids=["without script", "with htmx"])
def test_back_button_and_resent_request_never_make_a_second_vote(study, fragment: bool):
    engine, begin, links = study
    rater = begin()
    rater.fragment = fragment
    first = rater.join(links[RaterKind.EXPERT])
    second = rater.vote(first, "left")
    again = rater.vote(first, "right")  # the first page's form, once more
    assert form(again, "choices") == form(second, "choices")
    with transaction(engine, write=False) as session:
        assert [vote.choice for vote in session.exec(select(Vote))] == ["left"]


def test_undo_shows_the_pair_again_and_keeps_both_attempts(study):
    engine, begin, links = study
    rater = begin()
    first = rater.join(links[RaterKind.EXPERT])
    second = rater.vote(first, "left")
    back = rater.undo(second)
    assert form(back, "choices")["slot"] == form(first, "choices")["slot"]
    rater.vote(back, "right")
    with transaction(engine, write=False) as session:
        assert [(v.attempt, v.choice) for v in session.exec(select(Vote))] == [
            (1, "left"),
            (2, "right"),
        ]
        assert len(session.exec(select(VoteRetraction)).all()) == 1


def test_shown_sides_are_the_stored_sides(study):
    engine, begin, links = study
    rater = begin()
    page = rater.join(links[RaterKind.EXPERT])
    with transaction(engine, write=False) as session:
        from app.models import Poem

        slot = session.exec(select(Slot).where(Slot.key == form(page, "choices")["slot"])).one()
        left = session.get_one(Poem, slot.left_poem_id).text.splitlines()[0]
        right = session.get_one(Poem, slot.right_poem_id).text.splitlines()[0]
    assert page.text.index(left) < page.text.index(right)


def test_request_from_another_site_is_refused(study):
    engine, begin, links = study
    rater = begin()
    page = rater.join(links[RaterKind.EXPERT])
    values = form(page, "choices") | {"choice": "left"}
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
        {},
    ):
        answer = rater.client.post("/rate/votes", data=values, headers=headers)
        assert answer.status_code == 403
    with transaction(engine, write=False) as session:
        assert session.exec(select(Vote)).all() == []


def test_stranger_is_told_how_to_join(study):
    _engine, begin, _links = study
    answer = begin().send("GET", "/rate")
    assert answer.status_code == 403
    assert "invitation" in answer.text


def test_pages_allow_no_script_but_ours_and_are_not_kept(study):
    _engine, begin, links = study
    answer = begin().join(links[RaterKind.EXPERT])
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style=" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_static_files_are_kept_for_ever_under_names_that_change(study):
    _engine, begin, links = study
    rater = begin()
    page = rater.join(links[RaterKind.EXPERT])
    address = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = rater.send("GET", address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert rater.send("GET", "/static/css/tokens.css").status_code == 404


def test_what_the_page_measured_is_stored_and_what_cannot_be_is_left_out(study):
    engine, begin, links = study
    rater = begin()
    page = rater.join(links[RaterKind.EXPERT])
    measured = {
        "decision_ms": "1900",
        "reading_ms": "1700",
        "hidden_ms": "0",
        "left_ms": "1000",
        "right_ms": "700",
        "layout": "pager",
        "viewport_width": "390",
        "viewport_height": "844",
        "input_kind": "touch",
    }
    page = rater.submit(page, "choices", choice="left", **measured)
    odd = dict.fromkeys(measured, "-1e9") | {"left_ms": "9999999999", "layout": "mouse"}
    odd["input_kind"] = "book"
    rater.submit(page, "choices", choice="right", **odd)
    with transaction(engine, write=False) as session:
        first, second = session.exec(select(Vote)).all()
    assert {name: str(getattr(first, name)) for name in measured} == measured
    assert {name: getattr(second, name) for name in measured} == dict.fromkeys(measured)


@pytest.mark.parametrize("fragment", [False, True], ids=["without script", "with htmx"])
def test_rater_goes_through_practice_checks_questions_and_breaks(study, fragment: bool):
    engine, begin, links = study
    with transaction(engine, write=True) as session:
        design = Design(practice=True, asks_confidence=True, break_every=1, repeats=1, checks=1)
        session.exec(select(Study)).one().design = design.to_json()
    rater = begin()
    rater.fragment = fragment
    page = rater.join(links[RaterKind.EXPERT])
    assert "Practice" in page.text
    assert "Practice" in rater.page("/rate").text  # until it is done
    checks = 0
    while not is_done(page := rater.proceed(page)):
        checks += "This is not a poem." in page.text
        page = rater.vote(page, "left")
    assert checks == 1
    with transaction(engine, write=False) as session:
        assert len(session.exec(select(Vote)).all()) == 5
        follow_ups = session.exec(select(VoteFollowUp)).all()
    assert [(row.confidence, row.ease) for row in follow_ups] == [(4, None)] * 4  # as asked


def test_answer_beyond_the_scale_is_refused_and_none_is_taken(study):
    engine, begin, links = study
    with transaction(engine, write=True) as session:
        session.exec(select(Study)).one().design = Design(asks_confidence=True).to_json()
    rater = begin()
    page = rater.vote(rater.join(links[RaterKind.EXPERT]), "left")
    values = form(page, "follow-up")
    refused = rater.send("POST", "/rate/follow-ups", data=values | {"confidence": "6"})
    assert refused.status_code == 422
    page = rater.submit(page, "follow-up", skip="yes", confidence="2")
    assert "2 of 3" in page.text
    with transaction(engine, write=False) as session:
        assert [row.confidence for row in session.exec(select(VoteFollowUp))] == [None]


def test_odd_time_refuses_no_vote_and_an_impossible_attempt_is_no_vote(study):
    engine, begin, links = study
    rater = begin()
    values = form(rater.join(links[RaterKind.EXPERT]), "choices") | {"choice": "left"}
    assert rater.send("POST", "/rate/votes", data=values | {"attempt": "0"}).status_code == 422
    answer = rater.send("POST", "/rate/votes", data=values | {"decision_ms": "12.7"})
    assert answer.status_code == 303
    with transaction(engine, write=False) as session:
        assert [vote.decision_ms for vote in session.exec(select(Vote))] == [None]
