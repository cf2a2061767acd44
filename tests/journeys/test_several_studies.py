"""One browser that takes part in several studies, over HTTP: each page is of one rater."""

import re

import httpx2 as httpx
import pytest
from sqlmodel import col, select

from app.db import transaction
from app.models import Participant, Rater, RaterAnswer, RaterKind, Slot, Study, Vote
from app.studies.plan import When
from app.studies.queries import study_by_key
from app.studies.recruiting import set_quotas
from tests.journeys.invited import PROLIFIC, Invited, consent, from_prolific
from tests.journeys.rater import ANSWERS, HttpRater, form, is_done
from tests.journeys.test_blindness import EVERYTHING

POSTS = re.compile(r"<form[^>]*method=\"post\".*?</form>", re.DOTALL)


@pytest.fixture
def links(invited: Invited) -> tuple[str, str]:
    """Of two studies, for non-experts."""
    return invited.open().link, invited.open().link


def raters_of(invited: Invited, link_ix: int) -> list[Rater]:
    with transaction(invited.engine, write=False) as session:
        studies = session.exec(select(Study).order_by(col(Study.id))).all()
        return list(session.exec(select(Rater).where(Rater.study_id == studies[link_ix].id)))


def votes_of(invited: Invited, rater: Rater) -> list[str]:
    with transaction(invited.engine, write=False) as session:
        of_rater = select(Vote).join(Slot).where(Slot.rater_id == rater.id)
        return [vote.choice for vote in session.exec(of_rater)]


@pytest.mark.parametrize("fragment", [False, True], ids=["without script", "with htmx"])
def test_vote_from_the_tab_of_one_study_counts_there_and_goes_on_there(
    invited: Invited, links: tuple[str, str], fragment: bool
):
    rater = invited.begin()
    rater.fragment = fragment
    in_first = rater.join(links[0])
    in_second = rater.join(links[1])
    page = rater.vote(in_first, "left")
    assert page.status_code == 200
    assert "2 of 2" in page.text
    assert form(page, "choices")["rater"] == form(in_first, "choices")["rater"]
    assert is_done(rater.vote(page, "right"))
    (first,), (second,) = raters_of(invited, 0), raters_of(invited, 1)
    assert (votes_of(invited, first), votes_of(invited, second)) == (["left", "right"], [])
    page = rater.vote(in_second, "tie")
    assert form(page, "choices")["rater"] == second.key
    assert votes_of(invited, second) == ["tie"]


def test_answers_from_the_tab_of_one_study_are_stored_there(
    invited: Invited, links: tuple[str, str]
):
    rater = invited.begin()
    rater.consent(links[0])
    asked = form(rater.page("/questions"), "questions-form")
    rater.consent(links[1])
    answer = rater.send("POST", "/questions", data=asked | ANSWERS)
    assert rater.page(answer.headers["location"]).status_code == 200
    (first,), (second,) = raters_of(invited, 0), raters_of(invited, 1)
    assert first.answered_at is not None
    assert second.answered_at is None
    with transaction(invited.engine, write=False) as session:
        assert {row.rater_id for row in session.exec(select(RaterAnswer))} == {first.id}


@pytest.mark.parametrize("what", ["withdrawal", "erasure"])
def test_withdrawing_and_erasing_on_a_page_of_one_study_leave_the_other(
    invited: Invited, links: tuple[str, str], what: str
):
    rater = invited.begin()
    rater.join(links[0])
    (sent,) = (text for text in POSTS.findall(rater.page("/me").text) if f"/me/{what}" in text)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', sent))
    rater.join(links[1])
    rater.send("POST", f"/me/{what}", data=hidden | {"sure": "yes"})
    gone, (second,) = raters_of(invited, 0), raters_of(invited, 1)
    assert all(one.withdrawn_at for one in gone)
    assert len(gone) == (what == "withdrawal")
    assert second.withdrawn_at is None
    page = rater.page(f"/join/{links[1]}")  # whose rater the browser still knows
    assert form(page, "choices")["rater"] == second.key


def test_invitations_opened_in_turn_make_one_rater_each_and_go_on_there(
    invited: Invited, links: tuple[str, str]
):
    rater = invited.begin()
    for link in links:
        rater.join(link)
    keys = [raters_of(invited, ix)[0].key for ix in range(2)]
    for ix in (0, 1, 0):
        page = rater.page(f"/join/{links[ix]}")
        assert "/rate?" in str(page.url)
        assert form(page, "choices")["rater"] == keys[ix]
    assert len(invited.raters()) == 2


def test_personal_link_of_another_study_adds_to_the_raters_of_a_browser(
    invited: Invited, links: tuple[str, str]
):
    elsewhere, rater = invited.begin(), invited.begin()
    page = elsewhere.join(links[0])
    personal = page.text.split('id="personal-link" value="http://localhost')[1].split('"')[0]
    own = rater.join(links[1])
    assert form(rater.page(personal), "choices") == form(page, "choices")
    assert form(rater.page(f"/join/{links[1]}"), "choices") == form(own, "choices")


def test_page_of_a_rater_whom_the_browser_does_not_know_is_refused_and_stores_nothing(
    invited: Invited, links: tuple[str, str]
):
    stranger, rater = invited.begin(), invited.begin()
    foreign = form(stranger.join(links[0]), "choices") | {"choice": "left"}
    stranger.client.cookies.clear()
    assert stranger.send("POST", "/rate/votes", data=foreign).status_code == 403
    rater.join(links[1])
    for path in (
        *("/rate/votes", "/rate/practice", "/rate/follow-ups", "/rate/breaks"),
        *("/rate/retractions", "/questions", "/me/withdrawal", "/me/erasure"),
    ):
        answer = rater.send("POST", path, data=foreign | ANSWERS | {"sure": "yes"})
        assert answer.status_code == 409, path
        assert "This page belongs to another study" in answer.text
    first, second = invited.raters()
    assert votes_of(invited, first) == votes_of(invited, second) == []
    assert second.withdrawn_at is None


def test_every_form_of_a_rater_says_whose_it_is(invited: Invited):
    invited.open(**{name: getattr(EVERYTHING, name) for name in EVERYTHING.__slots__})
    rater = invited.begin()
    page = rater.join(invited.link)
    while not is_done(page := rater.proceed(page)):
        page = rater.vote(page, "left")
    rater.page("/me")
    (key,) = (one.key for one in invited.raters())
    places = set()
    for answer in rater.seen:
        for sent in POSTS.findall(answer.text):
            place = re.search(r'action="([^"]+)"', sent)
            assert place
            if not place[1].startswith("/join/"):
                assert f'name="rater" value="{key}"' in sent, sent
                places.add(place[1])
    assert len(places) == 8


def test_participants_of_two_studies_opened_side_by_side_are_known_in_both(invited: Invited):
    links = [invited.open(PROLIFIC).link, invited.open(PROLIFIC).link]
    rater = invited.begin()
    pages = [rater.page(from_prolific(link)) for link in links]
    for page in pages:
        assert consent(rater, page).status_code == 303
    with transaction(invited.engine, write=False) as session:
        known = session.exec(select(Participant)).all()
    assert len({one.study_id for one in known}) == len(known) == 2


def without_cookies(rater: HttpRater, page: str) -> httpx.Response:
    rater.client.cookies.clear()
    shown = rater.send("GET", page)
    rater.client.cookies.clear()
    return shown


def test_browser_that_keeps_no_cookies_stores_nothing_and_takes_no_place(invited: Invited):
    invited.open()
    with transaction(invited.engine, write=True) as session:
        study = study_by_key(session, invited.key)
        set_quotas(session, study.id or 0, {RaterKind.NONEXPERT: 1})
    rater = invited.begin()
    for _ in range(2):
        refused = consent(rater, without_cookies(rater, f"/join/{invited.link}"))
        assert refused.status_code == 422
        assert "Taking part needs cookies" in refused.text
        assert "nothing was stored" in refused.text
    assert invited.raters() == []
    assert consent(rater, refused).status_code == 303  # once they are allowed
    assert len(invited.raters()) == 1


def test_browser_takes_part_in_one_group_of_a_study(invited: Invited):
    invited.open()
    expert, nonexpert = (invited.links[kind] for kind in (RaterKind.EXPERT, RaterKind.NONEXPERT))
    rater = invited.begin()
    side_by_side = rater.page(f"/join/{expert}")
    own = rater.join(nonexpert)
    invited.open()
    rater.join(invited.link)  # another study meanwhile
    for refused in (rater.page(f"/join/{expert}"), consent(rater, side_by_side)):
        assert refused.status_code == 409
        assert "You have taken part already" in refused.text
        assert 'href="/rate?rater=' in refused.text
        assert form(rater.page("/rate"), "choices") == form(own, "choices")
    assert len(invited.raters()) == 2
    other = invited.begin()
    assert consent(other, other.page(f"/join/{expert}")).status_code == 303


def test_second_participant_at_one_computer_never_comes_to_the_first_ones_answers(
    invited: Invited,
):
    invited.open(PROLIFIC)
    rater = invited.begin()
    consent(rater, rater.page(from_prolific(invited.link)))
    asked = form(rater.page("/questions"), "questions-form")
    consent(rater, rater.page(from_prolific(invited.link, "another")))
    first, second = invited.raters()
    assert rater.send("POST", "/questions", data=asked | ANSWERS).status_code == 409
    assert second.key in rater.page("/me").text
    rater.send("POST", "/me/erasure", data={"rater": second.key, "sure": "yes"})
    assert [one.key for one in invited.raters()] == [first.key]
    assert rater.page("/me").status_code == 403
    consent_again = rater.page(from_prolific(invited.link))  # the first is who the panel says
    assert form(consent_again, "questions-form")["rater"] == first.key


def whose(page: httpx.Response) -> set[str]:
    return set(re.findall(r'name="rater" value="(\w+)"', page.text))


def link_in(page: httpx.Response, words: str) -> str:
    found = re.search(rf'href="([^"]+)"[^>]*>{re.escape(words)}', page.text)
    assert found, words
    return found[1]


@pytest.mark.parametrize("at_end", [False, True], ids=["help", "end"])
def test_own_page_reached_from_a_tab_is_of_its_rater_and_erases_no_other(
    invited: Invited, links: tuple[str, str], at_end: bool
):
    rater = invited.begin()
    page = rater.join(links[0])
    while at_end and not is_done(page):
        page = rater.vote(page, "left")
    rater.join(links[1])  # in another tab
    (first,), (second,) = raters_of(invited, 0), raters_of(invited, 1)
    mine = rater.page(link_in(page, "What is stored about you"))
    assert whose(mine) == {first.key}
    data = rater.page(link_in(mine, "Download it as a file"))
    assert first.key in data.text
    assert second.key not in data.text
    rater.send("POST", "/me/erasure", data={"rater": first.key, "sure": "yes"})
    assert raters_of(invited, 0) == []
    assert len(raters_of(invited, 1)) == 1
    assert rater.page(str(mine.url)).status_code == 409  # loaded again, it is nobody else's


def test_tab_that_is_loaded_again_stays_with_its_rater(invited: Invited, links: tuple[str, str]):
    rater = invited.begin()
    in_first, in_second = rater.join(links[0]), rater.join(links[1])
    for page in (in_first, in_second, in_first):
        assert form(rater.page(str(page.url)), "choices") == form(page, "choices")


def test_questions_that_follow_are_those_of_the_tab(invited: Invited):
    rater = invited.begin()
    invited.open(instrument_when=When.AFTER)
    consent(rater, rater.page(f"/join/{invited.link}"))
    page = rater.page("/rate")
    while not is_done(page):
        page = rater.vote(page, "left")
    rater.join(invited.open().link)
    asked = rater.page(link_in(page, "On to the questions"))
    assert form(asked, "questions-form")["rater"] == raters_of(invited, 0)[0].key


@pytest.mark.parametrize("path", ["/me", "/me/data.json"])
def test_own_page_of_nobody_in_particular_asks_which_study(
    invited: Invited, links: tuple[str, str], path: str
):
    rater = invited.begin()
    rater.join(links[0])
    only = raters_of(invited, 0)[0].key
    assert only in rater.page(path).text
    rater.vote(rater.join(links[1]), "left")
    asked = rater.page(path)
    assert "Which study do you mean?" in asked.text
    assert whose(asked) == set()
    assert "1 of 2" in asked.text
    assert str(raters_of(invited, 0)[0].joined_at.year) in asked.text
    for ix in (0, 1):
        (one,) = raters_of(invited, ix)
        assert f'href="/me?rater={one.key}"' in asked.text


def test_address_of_a_rater_whom_the_browser_does_not_know_opens_nothing(
    invited: Invited, links: tuple[str, str]
):
    rater, stranger = invited.begin(), invited.begin()
    rater.join(links[0])
    (first,) = raters_of(invited, 0)
    for path in ("/me", "/me/data.json", "/rate", "/questions", "/screened-out"):
        assert stranger.page(f"{path}?rater={first.key}").status_code == 403
    stranger.join(links[1])
    for path in ("/me", "/me/data.json", "/rate", "/questions", "/screened-out"):
        refused = stranger.page(f"{path}?rater={first.key}")
        assert refused.status_code == 409
        assert first.key not in refused.text


def test_dead_personal_link_says_so_and_shows_nobody_else(invited: Invited, links: tuple[str, str]):
    rater = invited.begin()
    rater.join(links[0])
    dead = rater.page("/r/" + "x" * 43)
    assert dead.status_code == 404
    assert "This personal link leads nowhere" in dead.text
    assert whose(dead) == set()
