"""An admin decides about the design, and about whom a study recruits."""

import csv
import io
import re
from html import unescape

import pytest

from app.db import transaction
from app.models import RaterKind
from app.studies.plan import RECOMMENDED, Design, Panel, Recruitment, When
from app.studies.queries import StudyRow
from app.studies.queries import study as study_of
from app.studies.recruiting import quotas
from tests.web.admin.conftest import Admin, links_in, study_form

EVERYTHING = {
    "language": "de",
    "minimum_age": "18",
    "instrument_when": "after",
    "recognition_test": "yes",
    "knowledge_test": "yes",
    "practice": "yes",
    "asks_confidence": "yes",
    "asks_ease": "yes",
    "break_every": "10",
    "repeats": "3",
    "checks": "2",
    "fastest_reading": "600",
    "most_one_side": "0.85",
    "panel": "prolific",
    "only_from_panel": "yes",
    "completion_code": " C1 ",
    "screened_out_code": "S1",
    "failed_attention_code": "F1",
    "failed_checks_forgiven": "1",
    "return_link": "https://app.prolific.com/submissions/complete?cc={code}",
    "closes_at": "2030-05-06T07:08",
    "keep_identities_days": "30",
    "quota_nonexpert": "100",
    "quota_expert": "",
}


def stored(admin: Admin, address: str) -> tuple[StudyRow, dict[RaterKind, int | None]]:
    with transaction(admin.app.state.engine, write=False) as session:
        found = study_of(session, address.rpartition("/")[2])
        return found, quotas(session, found.id)


def field_values(source: str) -> dict[str, str]:
    """What a browser would send of the page's form with nothing changed."""
    values: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", source):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if given.get("type") in {"checkbox", "radio"} and " checked" not in tag:
            continue
        if "name" in given:
            values[given["name"]] = unescape(given.get("value", ""))
    for name, options in re.findall(r'<select[^>]*name="(\w+)".*?>(.*?)</select>', source, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        first = re.search(r'value="([^"]*)"', options)
        found = chosen or first
        assert found
        values[name] = found[1]
    for name, text in re.findall(
        r'<textarea[^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>', source, re.S
    ):
        values[name] = unescape(text)
    return values


def test_new_study_begins_with_what_is_recommended(admin: Admin):
    key = admin.store().rpartition("/")[2]
    admin.open(f"/admin/studies/new?poem_set={key}")
    admin.send("/admin/studies", data=field_values(admin.source) | {"name": "Study"})
    found, limits = stored(admin, admin.address)
    assert found.design == RECOMMENDED
    assert found.recruitment == Recruitment()
    assert limits == {RaterKind.NONEXPERT: None, RaterKind.EXPERT: None}


def test_every_field_of_the_plan_is_stored_shown_and_comes_back_in_the_form(admin: Admin):
    key = admin.store().rpartition("/")[2]
    page = admin.send("/admin/studies", data=study_form(key, **EVERYTHING))
    address = admin.address
    found, limits = stored(admin, address)
    assert found.design == Design(
        language="de",
        minimum_age=18,
        instrument_when=When.AFTER,
        recognition_test=True,
        knowledge_test=True,
        expert_rule=found.design.expert_rule,
        practice=True,
        asks_confidence=True,
        asks_ease=True,
        break_every=10,
        repeats=3,
        checks=2,
        fastest_reading=600,
        most_one_side=0.85,
    )
    assert found.recruitment.panel is Panel.PROLIFIC
    assert found.recruitment.completion_code == "C1"
    assert str(found.recruitment.closes_at) == "2030-05-06 07:08:00+00:00"
    assert limits == {RaterKind.NONEXPERT: 100, RaterKind.EXPERT: None}
    for words in (
        "Whoever confirms to be 18 or older",
        "After the pairs, with the tests of recognition and of knowledge.",
        "Begins with a practice pair; asks after each choice how sure the rater is and how easy",
        "a break is offered after every 10 pairs",
        "3 repeated pairs and 2 attention checks for each rater.",
        "more than 85% of their pairs",
        "100 non-experts and any number of experts",
        "6 May 2030, 07:08 UTC",
        "Prolific. The groups’ links work only from there",
        "deleted 30 days after",
    ):
        assert words in page
    admin.open(f"{address}/edit")
    admin.send(address, data=field_values(admin.source))
    assert stored(admin, address) == (found, limits)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"language": "klingonese!"}, "language", "the code of a language"),
        ({"minimum_age": "0"}, "minimum_age", "Minimum age must be at least 1."),
        ({"repeats": "51"}, "repeats", "Repeats must be at most 50."),
        ({"checks": "many"}, "checks", "Checks must be a whole number."),
        ({"break_every": "0"}, "break_every", "Break every must be at least 1."),
        ({"most_one_side": "0.5"}, "most_one_side", "Most one side must be more than 0.5."),
        ({"most_one_side": "x"}, "most_one_side", "Most one side must be a number."),
        ({"expert_rule": "mine"}, "expert_rule", "Choose one of the rules."),
        ({"panel": "mturk"}, "completion_code", "needs a completion code"),
        ({"panel": "sona"}, "return_link", "Sona needs a return link with {id}"),
        ({"return_link": "http://a.example"}, "return_link", "begins with https://"),
        ({"closes_at": "soon"}, "closes_at", "Closes at must be a date and a time"),
        ({"quota_expert": "-1"}, "quota_expert", "Quota expert must be at least 0."),
        ({"keep_identities_days": "-1"}, "keep_identities_days", "must be at least 0"),
        (
            {"panel": "prolific", "completion_code": "C1", "screens_out": "yes"},
            "screened_out_code",
            "the panel needs a code",
        ),
    ],
)
def test_mistake_is_named_at_its_field_whose_part_is_unfolded(
    admin: Admin, typed: dict[str, str], field: str, sentence: str
):
    key = admin.store().rpartition("/")[2]
    page = admin.send("/admin/studies", data=study_form(key, **typed))
    assert admin.status == 422
    assert sentence in page
    assert f'id="{field}-error"' in admin.source
    assert '<details class="part" open>' in admin.source


def test_study_that_screens_out_asks_before_the_pairs_and_says_that_it_ends_early(admin: Admin):
    key = admin.store().rpartition("/")[2]
    typed = study_form(key, screens_out="yes", instrument_when="after")
    page = admin.send("/admin/studies", data=typed)
    assert admin.status == 422
    assert "ask the questions before the pairs." in page
    assert 'id="screens_out-error"' in admin.source
    page = admin.send("/admin/studies", data=typed | {"instrument_when": "before"})
    assert "The study ends early for raters who do not fit their group." in page
    assert stored(admin, admin.address)[0].design.screens_out


def test_recruiting_changes_while_open_but_not_after(admin: Admin):
    address = admin.create_study(admin.store())
    page = admin.send(f"{address}/opening")
    assert "Change recruiting" in page
    admin.open(f"{address}/recruitment")
    typed = field_values(admin.source) | {"quota_expert": "5", "completion_code": "C9"}
    page = admin.send(f"{address}/recruitment", data=typed)
    assert "Recruiting is changed." in page
    assert "any number of non-experts and 5 experts" in page
    page = admin.send(f"{address}/recruitment", data=typed | {"keep_identities_days": "200"})
    assert admin.status == 422
    assert "may only be sooner" in page
    page = admin.send(f"{address}/recruitment", data=typed | {"panel": "sona"})
    assert "Sona needs a return link" in page
    admin.send(f"{address}/closing")
    admin.open(f"{address}/recruitment")
    assert admin.status == 409
    admin.send(f"{address}/recruitment", data=typed)
    assert admin.status == 409


def test_one_use_links_are_made_listed_and_downloaded(admin: Admin):
    address = admin.create_study(admin.store())
    admin.send(f"{address}/opening")
    labels = {"kind": "expert", "labels": "First reader\n\n Second reader \n", "number": "9"}
    page = admin.send(f"{address}/personal-links", data=labels)
    assert "2 links are made." in page
    assert "0 of 2 links used" in page
    admin.send(f"{address}/personal-links", data={"kind": "nonexpert", "number": "1"})
    answer = admin.client.get(f"{address}/personal-links.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["label"], row["group"], row["used_at"]) for row in rows] == [
        ("First reader", "expert", ""),
        ("Second reader", "expert", ""),
        ("", "nonexpert", ""),
    ]
    assert "Which poem do you prefer?" in admin.open(
        rows[0]["link"].removeprefix("http://localhost")
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": "expert"}, "Say how many links to make"),
        ({"kind": "expert", "number": "1001"}, "Between 1 and 1,000"),
        ({"kind": "judge", "number": "1"}, "Choose a group."),
        ({"number": "1"}, "Kind is needed."),
        ({"kind": "expert", "labels": "x" * 201}, "at most 200 characters"),
    ],
)
def test_links_that_cannot_be_made_are_refused_with_a_sentence(admin: Admin, typed, sentence):
    address = admin.create_study(admin.store())
    assert sentence in admin.send(f"{address}/personal-links", data=typed)
    assert admin.status == 422


def test_list_becomes_signed_links_and_is_not_stored(admin: Admin):
    address = admin.create_study(admin.store())
    admin.send(f"{address}/opening")
    ids = {"list_kind": "expert", "ids": "r1\nr 2\nr1\n"}
    answer = admin.client.post(f"{address}/signed-links", data=ids)
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["id"] for row in rows] == ["r1", "r 2"]
    for row in rows:
        page = admin.open(row["link"].removeprefix("http://localhost"))
        assert "Your link holds the number" in page
    expert = links_in(admin.client.get(address).text, "/join/")[1]
    assert rows[0]["link"].startswith(f"{expert}?id=r1&sig=")
    assert "each on a line of its own" in admin.send(
        f"{address}/signed-links", data={"list_kind": "expert", "ids": "\n"}
    )


def test_nobody_known_is_said(admin: Admin):
    address = admin.create_study(admin.store())
    admin.send(f"{address}/opening")
    assert "Nobody has come from a panel" in admin.open(f"{address}/participants")


def test_raters_are_spoken_to_in_the_language_of_the_study(admin: Admin):
    key = admin.store().rpartition("/")[2]
    admin.send("/admin/studies", data=study_form(key, language="de"))
    admin.send(f"{admin.address}/opening")
    admin.open(links_in(admin.source, "/join/")[0].removeprefix("http://localhost"))
    assert '<html lang="de"' in admin.source
    assert "Ich habe das gelesen" in admin.source
