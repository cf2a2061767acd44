"""From a poem set to a study that people take part in, and its data."""

import csv
import io
import json

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import transaction
from app.models import Pair, Poem, Slot, Study
from tests.factories import make_rater, make_vote
from tests.journeys.rater import HIDDEN
from tests.web.admin.conftest import Admin, links_in, study_form

WITHOUT_PROMPTS = "text,source\nOne poem,A\nAnother poem,B\nA third poem,B\n"


@pytest.mark.parametrize(
    "web_database_url",
    ["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)],
    indirect=True,
)
def test_study_is_created_opened_and_closed(admin: Admin):
    study = admin.create_study(admin.store())
    page = admin.open(study)
    assert "Study draft" in page
    assert "Opening freezes the design: 2 pairs" in page
    admin.open(links_in(admin.source, "/join/")[0].removeprefix("http://localhost"))
    assert admin.status != 200
    assert "Study open" in admin.send(f"{study}/opening")
    nonexpert, expert = (
        link.removeprefix("http://localhost") for link in links_in(admin.source, "/join/")
    )
    assert nonexpert != expert
    assert "Which poem do you prefer?" in admin.open(expert)
    page = admin.send(f"{study}/closing")
    assert "Study closed" in page
    assert "Close the study" not in page
    admin.open(expert)
    assert admin.status == 409


def test_opening_twice_says_why_not(admin: Admin):
    study = admin.create_study(admin.store())
    admin.send(f"{study}/opening")
    page = admin.send(f"{study}/opening")
    assert admin.status == 409
    assert "open already" in page


def test_links_use_the_public_address_where_one_is_set(admin: Admin):
    admin.app.state.settings.public_url = "https://poems.example/"
    admin.open(admin.create_study(admin.store()))
    assert len(links_in(admin.source, "https://poems.example/join/")) == 2


def test_new_study_begins_with_the_choice_of_poems(admin: Admin):
    assert "There are no poems yet" in admin.open("/admin/studies/new")
    first = admin.store(name="First")
    assert "Name For you" in admin.open("/admin/studies/new")
    admin.store(name="Second")
    page = admin.open("/admin/studies/new")
    assert "Which poems? Second 4 poems by 2 sources for 2 prompts First" in page
    page = admin.open(f"/admin/studies/new?poem_set={first.rpartition('/')[2]}")
    assert "First Poems 4 Prompts 2 Pairs 2" in page
    assert "Below 5" in page


def test_set_without_prompts_warns_of_the_cost(admin: Admin):
    key = admin.store(WITHOUT_PROMPTS).rpartition("/")[2]
    page = admin.open(f"/admin/studies/new?poem_set={key}")
    assert "Prompts none Pairs 3. Any two poems of the set can meet." in page
    warning = "pairs are formed across the whole set"
    assert warning in page
    study = admin.create_study(f"/admin/poem-sets/{key}")
    assert warning in admin.open(study)
    assert warning in admin.send(f"{study}/opening")


def test_more_pairs_per_rater_than_pairs_is_said(admin: Admin):
    key = admin.store().rpartition("/")[2]
    page = admin.open(f"/admin/studies/new?poem_set={key}")
    assert "This set makes only 2 pairs: with a larger number each rater gets all of them." in page
    page = admin.send("/admin/studies", data=study_form(key, pairs_per_rater="20"))
    assert "20. This set makes only 2 pairs; each rater gets all of them." in page


def test_set_that_makes_no_pair_cannot_be_opened(admin: Admin):
    page = admin.open(admin.create_study(admin.store("text,source\nOne poem,A\n")))
    assert "cannot be opened: its poem set makes no pair." in page
    assert f"{admin.address}/opening" not in admin.source


def test_draft_is_changed_by_the_form_it_was_made_with(admin: Admin):
    poems = admin.store()
    study = admin.create_study(poems, name="First try")
    admin.open(f"{study}/edit")
    assert 'value="First try"' in admin.source
    typed = study_form("", name="Second try", question="Which is better?", about="Who asks")
    page = admin.send(study, data=typed)
    assert "The draft is changed." in page
    assert "Second try draft" in page
    assert "Question Which is better?" in page
    assert "About Who asks" in page
    assert "Name is needed." in admin.send(study, data=study_form("", name=""))
    admin.create_study(poems, name="Taken")
    page = admin.send(study, data=study_form("", name="Taken", title="Kept title"))
    assert admin.status == 422
    assert "a study with the name “Taken” already" in page
    assert 'value="Kept title"' in admin.source


def test_draft_is_deleted(admin: Admin):
    study = admin.create_study(admin.store(), name="A mistake")
    assert "Delete the draft" in admin.open(study)
    assert "The draft “A mistake” is deleted." in admin.send(f"{study}/removal")
    admin.open(study)
    assert admin.status == 404


def test_opened_study_is_neither_changed_nor_deleted(admin: Admin):
    study = admin.create_study(admin.store())
    page = admin.send(f"{study}/opening")
    assert "Change the draft" not in page
    assert "Delete the draft" not in page
    assert "can no longer be changed" in admin.open(f"{study}/edit")
    assert admin.status == 409
    for typed in (study_form("", name="Other"), study_form("", name="")):
        assert "can no longer be changed" in admin.send(study, data=typed)
        assert admin.status == 409
    assert "Only a draft can be deleted" in admin.send(f"{study}/removal")
    assert admin.status == 409
    assert "Study open" in admin.open(study)


def test_closed_study_offers_no_link_to_copy(admin: Admin):
    study = admin.create_study(admin.store())
    assert "Copy the link" in admin.send(f"{study}/opening")
    page = admin.send(f"{study}/closing")
    assert "Copy the link" not in page
    assert "Link for experts closed http://localhost/join/" in page


def test_list_counts_the_votes_of_people(admin: Admin):
    study = admin.create_study(admin.store())
    assert "Study draft Set draft – " in admin.open("/admin/studies")
    admin.send(f"{study}/opening")
    assert "Study open Set 2 0 " in admin.open("/admin/studies")
    with transaction(admin.app.state.engine, write=True) as session:
        found = session.exec(select(Study)).one()
        one, two, *_ = session.exec(select(Poem)).all()
        for simulated in (False, True):
            rater = make_rater(session, study=found, simulated=simulated)
            pair = session.exec(select(Pair)).first()
            slot = Slot(
                rater_id=rater.id or 0,
                pair_id=pair.id if pair and pair.id else 0,
                position=1,
                left_poem_id=one.id or 0,
                right_poem_id=two.id or 0,
            )
            session.add(slot)
            session.flush()
            make_vote(session, slot=slot)
    assert "Study open Set 2 1 " in admin.open("/admin/studies")


def test_refused_form_keeps_what_was_typed(admin: Admin):
    key = admin.store().rpartition("/")[2]
    typed = study_form(
        key, name="", question="Which & why?", about="Line\n\nLine", pairs_per_rater="0"
    )
    page = admin.send("/admin/studies", data=typed)
    assert admin.status == 422
    assert "2 things to put right: Name is needed. Pairs per rater must be at least 1." in page
    assert 'value="Which &amp; why?"' in admin.source
    assert "Line\n\nLine" in admin.source


def test_name_in_use_is_refused(admin: Admin):
    poems = admin.store()
    admin.create_study(poems, name="Mine")
    page = admin.send("/admin/studies", data=study_form(poems.rpartition("/")[2], name="Mine"))
    assert admin.status == 422
    assert "a study with the name “Mine” already" in page


def test_form_for_a_poem_set_that_is_gone_is_not_found(admin: Admin):
    admin.send("/admin/studies", data=study_form("nosuchset"))
    assert admin.status == 404
    admin.open("/admin/studies/new?poem_set=nosuchset")
    assert admin.status == 404


def test_progress_counts_who_joined(admin: Admin, client: TestClient):
    study = admin.create_study(admin.store())
    admin.send(f"{study}/opening")
    assert "Non-experts 0 0 0 0 –" in admin.open(f"{study}/progress")
    admin.open(study)
    link = links_in(admin.source, "/join/")[0]
    values = HIDDEN.findall(client.get(link).text)
    client.post(link, data={**dict(values), "consent": "yes"})
    admin.open(f"{study}/progress", headers={"HX-Request-Type": "partial"})
    assert admin.source.lstrip().startswith('<div id="progress" hx-get=')
    assert "Non-experts 1 0 0 0 –" in admin.open(study)


def test_progress_of_a_closed_study_is_not_asked_for_again(admin: Admin):
    study = admin.create_study(admin.store())
    admin.send(f"{study}/opening")
    admin.send(f"{study}/closing")
    admin.open(f"{study}/progress")
    assert "hx-get" not in admin.source


@pytest.mark.parametrize("table", ["votes", "poems", "raters"])
def test_tables_download_as_csv_and_jsonl(admin: Admin, table: str):
    study = admin.create_study(admin.store(), name="Häuser & Regen: ein Versuch")
    admin.send(f"{study}/opening")
    n_poems = 4 if table == "poems" else 0
    admin.open(f"{study}/{table}.csv")
    assert admin.status == 200
    assert admin.answer.headers["content-type"] == "text/csv; charset=utf-8"
    named = f'attachment; filename="h-user-regen-ein-versuch-{table}.csv"'
    assert admin.answer.headers["content-disposition"] == named
    assert len(list(csv.DictReader(io.StringIO(admin.source)))) == n_poems
    admin.open(f"{study}/{table}.jsonl")
    assert len([json.loads(line) for line in admin.source.splitlines()]) == n_poems


def test_full_votes_have_the_time_of_retraction(admin: Admin):
    study = admin.create_study(admin.store())
    admin.open(f"{study}/votes.csv?full=1")
    assert "retracted_at" in admin.source
    assert "-votes-full.csv" in admin.answer.headers["content-disposition"]
    admin.open(f"{study}/votes.csv")
    assert "retracted_at" not in admin.source


def test_unknown_table_or_format_is_not_offered(admin: Admin):
    study = admin.create_study(admin.store())
    for name in ("admins.csv", "votes.exe"):
        admin.open(f"{study}/{name}")
        assert admin.status == 422


def test_every_file_that_the_page_offers_is_there(admin: Admin):
    study = admin.create_study(admin.store())
    admin.send(f"{study}/opening")
    offered = [*links_in(admin.source, ".csv"), *links_in(admin.source, ".jsonl")]
    assert len(offered) == 10
    for address in [*offered, *links_in(admin.source, "data-dictionary")]:
        admin.open(address)
        assert admin.status == 200
        assert "attachment" in admin.answer.headers["content-disposition"]


def test_unknown_study_has_no_page(admin: Admin):
    for address in ("", "/progress", "/votes.csv"):
        admin.open(f"/admin/studies/nosuchkey{address}")
        assert admin.status == 404
