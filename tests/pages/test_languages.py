"""The languages of raters: catalogues are whole, and a study speaks one language throughout."""

import html
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po, write_po
from sqlmodel import Session
from starlette.testclient import TestClient

from app.db import transaction
from app.main import create_app
from app.models import RaterKind
from app.pages.environment import environment
from app.pages.languages import ENGLISH, FOLDER, catalogue, languages, preferred
from app.settings import Settings
from app.studies.instrument import sections_in
from app.studies.lifecycle import create_study, open_study
from app.studies.plan import Design
from app.studies.queries import group_links
from tests.factories import make_poem, make_poem_set, make_prompt
from tests.journeys.rater import ANSWERS, HttpRater, form, is_done

SCRIPT = Path(__file__).parents[2] / "scripts" / "catalogues.py"
TRANSLATED = [code for code in languages() if code != ENGLISH]
PLACEHOLDER = re.compile(r"%\(\w+\)s")
SHORTEST = (
    16  # characters of an English text that cannot stand in a page of another language by chance
)
N_PAIRS = 5
ARABIC = ("في الليل تهمس النوافذ\nبأسماء الغائبين", "على الطاولة كوب ماء\nوضوء يسأل عن الطريق")
VERSE = ("Am Fenster steht ein Glas\nund wartet", "Der Hof ist leer,\ndie Uhr geht weiter")


@pytest.fixture
def client(sqlite_url: str) -> Iterator[TestClient]:
    app = create_app(Settings(database_url=sqlite_url), with_worker=False)
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield client


def messages(code: str) -> list[Message]:
    with (FOLDER / f"{code}.po").open("rb") as lines:
        catalog: Catalog = read_po(lines, locale=code)
    return [message for message in catalog if message.id]


def forms(text: object) -> list[str]:
    """One text, or that of each plural form."""
    return [str(one) for one in text] if isinstance(text, list | tuple) else [str(text)]


def test_german_is_among_the_languages():
    assert languages()["de"] == "Deutsch"


@pytest.mark.parametrize("code", TRANSLATED)
def test_catalogue_holds_every_text_of_now(code: str):
    stale = "bring it up to date by: python scripts/catalogues.py"
    assert (FOLDER / f"{code}.po").read_bytes() == runpy.run_path(str(SCRIPT))["completed"](code), (
        stale
    )


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated_with_the_placeholders_of_its_original(code: str):
    assert len(messages(code)) > 200
    for message in messages(code):
        assert not message.fuzzy, message.id
        assert len(forms(message.string)) == len(forms(message.id)), message.id
        original = set(PLACEHOLDER.findall(forms(message.id)[-1]))
        for number, text in enumerate(forms(message.string)):
            assert text.strip(), message.id
            found = set(PLACEHOLDER.findall(text))
            singular = message.pluralizable and number == 0  # "one minute" needs no number
            assert found == original or (singular and found < original), message.id
        assert "rhym" not in str(message.id)
        assert "reim" not in str(message.string).lower()


def link_of_study(session: Session, texts: tuple[str, str], question: str, design: Design) -> str:
    poem_set = make_poem_set(session)
    for number in range(N_PAIRS):
        prompt = make_prompt(session, poem_set=poem_set)
        for text in texts:
            make_poem(session, poem_set=poem_set, prompt=prompt, text=f"{text} {number}")
    study = create_study(
        session,
        name=question,
        poem_set_key=poem_set.key,
        question=question,
        pairs_per_rater=N_PAIRS,
        title="Gedichte lesen",
    )
    study.design = design.to_json()
    open_study(session, study.key)
    return group_links(session, study.key)[RaterKind.NONEXPERT]


def arrived(client: TestClient, *study: object) -> tuple[HttpRater, str]:
    with transaction(client.app.state.engine, write=True) as session:  # type: ignore[attr-defined]  # Starlette's app
        return HttpRater(client), link_of_study(session, *study)  # type: ignore[arg-type]  # handed on


def english_texts() -> set[str]:
    """What would be seen of a text without translation: its longest part between placeholders."""
    parts = {
        max(PLACEHOLDER.split(text), key=len).strip()
        for message in messages("de")
        for text in forms(message.id)
    }
    return {part for part in parts if len(part) >= SHORTEST}


def test_german_study_speaks_german_from_the_invitation_to_the_end(client: TestClient):
    design = Design(
        language="de", minimum_age=18, practice=True, asks_confidence=True, asks_ease=True,
        break_every=2, checks=1, recognition_test=True,
    )  # fmt: skip
    rater, link = arrived(client, VERSE, "Welches Gedicht ziehen Sie vor?", design)
    refused = rater.send("POST", f"/join/{link}", data={"consent": "yes"})
    assert "mindestens so alt" in refused.text
    page = rater.page(f"/join/{link}")
    assert "Ich habe das gelesen und möchte teilnehmen." in page.text
    page = join_of_age(rater, link)
    for _ in range(N_PAIRS + 1):  # and the check
        page = rater.proceed(rater.vote(page, "left"))
    assert is_done(page)
    rater.page("/me")
    told = html.unescape(rater.page("/me/data.json").text)
    assert [text for text in english_texts() if text in told] == []
    assert "Ihre Wahlen" in told
    rater.seen.pop()  # the rest are pages
    rater.page("/privacy?language=de")
    rater.send("POST", "/rate/votes", data={"slot": "nonsense", "attempt": "1", "choice": "left"})
    seen = "\n".join(html.unescape(answer.text) for answer in rater.seen)
    for words in (
        *("Über Ihr Lesen", "Ein Paar zur Probe", "Ich ziehe A vor", "Kann mich nicht entscheiden"),
        *(
            "Gedicht B",
            "Wie sicher sind Sie sich",
            "Zeit, den Augen Ruhe zu gönnen",
            "Dies ist kein Gedicht.",
        ),
        *("Alle 6 Paare sind gelesen", "Was über Sie gespeichert ist", "Rückgängig", "Hilfe"),
    ):
        assert words in seen
    for answer in filter(lambda answer: answer.text, rater.seen):
        assert '<html lang="de" dir="ltr"' in answer.text, answer.url
        left = [text for text in english_texts() if text in html.unescape(answer.text)]
        assert left == [], answer.url


def join_of_age(rater: HttpRater, link: str) -> httpx.Response:
    agreed = form(rater.page(f"/join/{link}"), "consent") | {"consent": "yes", "of_age": "yes"}
    rater.send("POST", f"/join/{link}", data=agreed)
    for section in ("habits", "poets"):
        rater.page("/questions")
        rater.send("POST", "/questions", data=ANSWERS | {"section": section})
    return rater.proceed(rater.page("/rate"))


def test_arabic_study_has_english_words_around_its_own_and_each_is_told_as_what_it_is(
    client: TestClient,
):
    assert "ar" not in languages()
    design = Design(language="ar", practice=True)
    rater, link = arrived(client, ARABIC, "أي القصيدتين تفضل؟", design)
    assert '<h1 dir="auto" lang="ar">Gedichte lesen' in rater.page(f"/join/{link}").text
    practice = rater.join(link)
    page = rater.proceed(practice)
    assert '<html lang="en" dir="ltr"' in page.text
    assert 'tabindex="-1" dir="auto" lang="ar">أي' in practice.text
    assert '<p class="lead" dir="auto" lang="ar">Gedichte lesen' in rater.page("/me").text
    assert page.text.count('class="verse" dir="auto" lang="ar"') == 2
    assert 'tabindex="-1" dir="auto" lang="ar">أي' in page.text
    assert "I prefer A" in page.text
    assert " 20" in re.findall(r"<time[^>]*>([^<]+)", rater.page("/me").text)[0]  # in our digits
    for text in ARABIC:
        for line in text.split("\n"):
            assert line in page.text
    assert page.text.index('id="poem-left"') < page.text.index('id="poem-right"')
    assert sections_in("ar") == sections_in("en")
    _, other = arrived(client, VERSE, "Which?", Design())
    rater.join(other)
    which = rater.page("/me").text
    for number, language in ((1, "en"), (2, "ar")):
        assert f'id="study-{number}" dir="auto" lang="{language}">Gedichte lesen' in which


def test_pages_of_a_language_with_a_catalogue_run_as_it_does(client, monkeypatch, tmp_path):
    file = tmp_path / "ar.po"
    with file.open("wb") as lines:
        write_po(lines, Catalog(locale="ar"))
    cached = (languages, catalogue, environment)
    monkeypatch.setattr("app.pages.languages.FOLDER", tmp_path)
    for one in cached:
        one.cache_clear()
    try:
        rater, link = arrived(client, ARABIC, "أي القصيدتين تفضل؟", Design(language="ar"))
        assert '<html lang="ar" dir="rtl"' in rater.page(f"/join/{link}").text
    finally:
        for one in cached:
            one.cache_clear()


GERMAN_BROWSER = {"Accept-Language": "fr;q=0.9, de-AT, en;q=0.5"}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-GB,de;q=0.9", "en"),
        ("de;q=0.4, en;q=0.5", "en"),
        ("fr, de;q=0.1", "de"),
        ("de;q=0", "en"),
        ("DE-ch", "de"),
        ("fr", "en"),
        ("*", "en"),
        ("", "en"),
        (";;,q=1;;de;q=x", "en"),
    ],
)
def test_language_is_the_first_that_a_browser_asks_for_and_we_have(accepted: str, language: str):
    assert preferred(accepted) == language


def no_english(answer: httpx.Response) -> str:
    text = html.unescape(answer.text)
    assert '<html lang="de" dir="ltr"' in text
    assert [part for part in english_texts() if part in text] == []
    assert "Method Not Allowed" not in text
    return text


def test_whoever_is_not_known_is_spoken_to_as_their_browser_asks(client: TestClient):
    for address, words in {
        "/": "Sie wurden zum Lesen eingeladen?",
        "/nowhere": "Hier ist nichts",
    }.items():
        assert words in no_english(client.get(address, headers=GERMAN_BROWSER))
        assert '<html lang="en"' in client.get(address).text
    own = {"Sec-Fetch-Site": "same-origin"} | GERMAN_BROWSER
    for answer, status, words in (
        (client.get("/rate", headers=GERMAN_BROWSER), 403, "brauchen Sie eine Einladung"),
        (client.get("/a%00b", headers=GERMAN_BROWSER), 404, "Bitte prüfen Sie die Adresse"),
        (client.post("/rate", headers=GERMAN_BROWSER), 403, "von einer anderen Website"),
        (client.post("/privacy", headers=own), 405, "Das ist hier nicht möglich"),
    ):
        assert answer.status_code == status
        assert words in no_english(answer)
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_admins_are_spoken_to_in_english_by_any_browser(client: TestClient):
    page = client.get("/admin/sign-in", headers=GERMAN_BROWSER).text
    assert '<html lang="en"' in page
    assert "Skip to the content" in page


def test_rater_of_a_german_study_is_refused_in_german_by_any_browser(client: TestClient):
    rater, link = arrived(client, VERSE, "Welches Gedicht ziehen Sie vor?", Design(language="de"))
    own = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
    form_type = {"Content-Type": "application/x-www-form-urlencoded"}

    def too_long(path: str) -> httpx.Response:
        return client.post(path, content="a=" + "b" * 300_000, headers=own | form_type)

    assert "länger als jedes" in no_english(too_long(f"/join/{link}"))
    assert "Das ist hier nicht möglich" in no_english(client.put(f"/join/{link}", headers=own))
    rater.join(link)
    assert "länger als jedes" in no_english(too_long("/rate/votes"))
    assert "Das ist hier nicht möglich" in no_english(client.put("/rate", headers=own))
    assert "Hier ist nichts" in no_english(client.get("/nowhere", headers=own))
    assert '<html lang="en"' in client.get("/admin/nowhere", headers=GERMAN_BROWSER).text
