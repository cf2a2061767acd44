"""From a file to a poem set."""

import html

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import transaction
from app.models import Poem
from tests.shared_data import shared_data
from tests.web.admin.conftest import POEMS, Admin, links_in


@pytest.mark.parametrize(
    "web_database_url",
    ["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)],
    indirect=True,
)
def test_poems_are_stored_when_the_preview_is_confirmed(admin: Admin):
    page = admin.upload(POEMS, name="Two houses")
    assert admin.status == 200
    assert "4 poems would be stored By 2 sources, for 2 prompts." in page
    assert "Kept as metadata: year." in page
    assert "we climb it as before." in page
    assert "Two houses" not in admin.open("/admin/poem-sets")
    admin.store(name="Two houses")
    page = admin.open("/admin/poem-sets")
    assert "Two houses 4 2 2" in page


def test_errors_are_shown_by_line_and_nothing_is_stored(admin: Admin):
    page = admin.upload("text,source\nA poem,\n,Demo A\nA third,Demo A\n")
    assert admin.status == 422
    assert "2 things to put right" in page
    assert "Line 2 source The source is empty" in page
    assert "Line 3 text The text is empty" in page
    assert "would be stored" not in page
    assert "the other 1 row is fine" in page
    assert "fine" not in admin.upload("text,source\nA poem,\n")
    admin.send(f"{admin.address}/confirmation")
    assert admin.status == 422
    assert "A poem set is a file of poems" in admin.open("/admin/poem-sets")


def test_first_200_errors_are_shown_and_all_counted(admin: Admin):
    page = admin.upload("text,source\n" + "A poem,\n" * 250)
    assert "250 things to put right" in page
    assert "The first 200 of 250 are shown." in page
    assert "Line 201 source" in page
    assert "Line 202 source" not in page


def test_unreadable_file_says_what_it_is(admin: Admin):
    page = admin.upload(b"PK\x03\x04 and so on")
    assert admin.status == 422
    assert "an Excel workbook" in page


def test_discarded_file_is_gone(admin: Admin):
    admin.upload(POEMS)
    address = admin.address
    assert "nothing was stored" in admin.send(f"{address}/removal")
    admin.open(address)
    assert admin.status == 404


def test_form_keeps_the_name_when_no_file_was_chosen(admin: Admin):
    page = admin.send("/admin/uploads", data={"name": "My set"}, files={"other": b""})
    assert admin.status == 422
    assert "Choose a file." in page
    assert 'value="My set"' in admin.source


def test_name_in_use_is_refused_before_the_preview(admin: Admin):
    admin.store(name="Mine")
    page = admin.upload(POEMS, name="Mine")
    assert admin.status == 422
    assert "There is a poem set called “Mine” already" in page


def test_empty_name_is_taken_from_the_file(admin: Admin):
    admin.upload(POEMS, name="", file="two_houses-2025.csv")
    assert 'value="two houses-2025"' in admin.source


def test_name_taken_since_the_preview_can_be_changed_there(admin: Admin):
    admin.upload(POEMS, name="Mine")
    waiting = admin.address
    admin.store(name="Mine")
    page = admin.send(f"{waiting}/confirmation", data={"name": "Mine"})
    assert admin.status == 422
    assert "There is a poem set called “Mine” already" in page
    assert "4 poems would be stored" in page
    page = admin.send(f"{waiting}/confirmation", data={"name": "Mine too"})
    assert "“Mine too” is stored: 4 poems." in page


def test_long_poem_is_cut_in_the_preview_and_says_by_how_much(admin: Admin):
    lines = "\n".join(f"line {n}" for n in range(1, 32))
    page = admin.upload(f'text,source\n"{lines}",A\n')
    assert "line 14 … and 17 more lines" in page
    assert "line 15" not in page
    assert "By 1 source; no prompts." in page


def test_file_above_the_limit_is_refused_with_the_name_kept(admin: Admin, app: FastAPI):
    app.state.settings.upload_limit_mb = 1
    for size in (1_000_001, 3_000_000):
        page = admin.upload(b"x" * size, name="Too much")
        assert admin.status == 422
        assert "larger than 1 MB" in page
        assert 'value="Too much"' in admin.source


def test_malformed_form_is_refused(admin: Admin):
    admin.send("/admin/uploads", content=b"nonsense", headers={"Content-Type": "text/plain"})
    assert admin.status == 422


def test_example_can_be_uploaded_as_it_is(admin: Admin):
    admin.open("/admin/uploads/example.csv")
    assert "attachment" in admin.answer.headers["content-disposition"]
    assert "2 poems would be stored" in admin.upload(admin.source)


def test_upload_of_another_admin_is_not_found(admin: Admin, client: TestClient):
    admin.upload(POEMS)
    address = admin.address
    _become_another(admin)
    assert client.get(address).status_code == 404
    assert "no longer here" in client.post(f"{address}/confirmation").text
    admin.open("/admin/poem-sets")
    assert "A poem set is a file of poems" in admin.source  # as where there is none


def test_second_click_on_storing_stores_once_and_leads_to_the_sets(admin: Admin):
    admin.upload(POEMS)
    address = admin.address
    assert "is stored" in admin.send(f"{address}/confirmation")
    assert "no longer here" in admin.send(f"{address}/confirmation")
    assert admin.address == "/admin/poem-sets"
    assert len(links_in(admin.source, "/admin/poem-sets/")) == 1


def test_markup_in_a_poem_is_text(admin: Admin):
    evil = "<script>alert(1)</script>"
    admin.store(f"text,source,title\n{evil},{evil},{evil}\n")
    for address in [admin.address, *links_in(admin.source, "/poems/")]:
        admin.open(address)
        assert admin.status == 200
        assert evil not in admin.source
        assert html.escape(evil) in admin.source


@pytest.mark.shared
def test_real_file_uploads_as_it_is(admin: Admin):
    content = (shared_data() / "poems" / "model_poems.jsonl").read_bytes()
    page = admin.upload(content, file="model_poems.jsonl")
    assert admin.status == 200
    assert "383 poems would be stored By 11 sources, for 23 prompts." in page
    confirmation = f"{admin.address}/confirmation"
    assert "2 poems name a model" in admin.send(confirmation)  # OLMo
    page = admin.send(confirmation, data={"naming": "keep"})
    assert "383 poems by 11 sources for 23 prompts" in page


def _become_another(admin: Admin) -> None:
    from app.accounts.admins import create_admin, make_sign_in_link
    from app.db import transaction

    with transaction(admin.app.state.engine, write=True) as session:
        token = make_sign_in_link(session, create_admin(session, email="bo@example.org"))
    admin.client.post(f"/admin/sign-in/{token}")


CHATTY = """\
text,source,title
"Sure! Here's a poem about rain:

**Rain**

The rain is on the road;
the *cart* has lost its load.",Demo A,Rain
"# Stair
A lamp, a stair, a door;
we climb it as before.",Demo B,Stair
"The rain comes sideways.
We wait for it to stop.",Demo B,
"I'm sorry, but as an AI I cannot write that.",Demo A,
"""


def stored_texts(admin: Admin) -> dict[str, str]:
    """The poems of the set that is open, by title or id, as an export gives them."""
    with transaction(admin.app.state.engine, write=False) as session:
        return {poem.title or poem.poem_id: poem.text for poem in session.exec(select(Poem))}


def originals(admin: Admin) -> dict[str, tuple[str, str]]:
    with transaction(admin.app.state.engine, write=False) as session:
        return {
            poem.title or poem.poem_id: (poem.meta["original_text"], poem.meta["trimmed"])
            for poem in session.exec(select(Poem))
            if "trimmed" in poem.meta
        }


def test_what_stands_beside_the_verse_is_shown_struck_through_before_it_is_trimmed(admin: Admin):
    page = admin.upload(CHATTY)
    assert "3 poems would be stored" in page
    assert "In 3 poems something was found" in page
    assert "1 poem is nothing but that" in page
    assert "A title above the poem 2 2" in page
    assert "What a chat model says before the poem 2 2" in page
    assert "<del>Sure! Here&#39;s a poem about rain:</del>" in admin.source
    assert "<del># Stair</del>" in admin.source
    assert "the <del>*</del>cart<del>*</del> has" in admin.source
    assert "sideways" not in admin.source.partition('id="first"')[0]


def test_only_lines_around_what_would_go_are_shown(admin: Admin):
    lines = "\n".join(f"line {n}" for n in range(1, 32))
    admin.upload(f'text,source\n"# Rain\n{lines}",A\n')
    shown = admin.source.partition('id="trims"')[2].partition('id="first"')[0]
    assert "line 1<" in shown
    assert "line 2<" not in shown
    assert shown.count("…") == 1


def test_all_of_it_is_trimmed_unless_chosen_otherwise_and_the_original_is_kept(admin: Admin):
    admin.upload(CHATTY)
    page = admin.send(f"{admin.address}/confirmation")
    assert "“Set” is stored: 3 poems (2 trimmed, 1 left out)." in page
    assert stored_texts(admin) == {
        "Rain": "The rain is on the road;\nthe cart has lost its load.",
        "Stair": "A lamp, a stair, a door;\nwe climb it as before.",
        "p0003": "The rain comes sideways.\nWe wait for it to stop.",
    }
    assert originals(admin)["Stair"] == (
        "# Stair\nA lamp, a stair, a door;\nwe climb it as before.",
        "title",
    )
    assert originals(admin)["Rain"][1] == "preamble, title, emphasis"
    assert len(originals(admin)) == 2


def test_kinds_and_single_poems_are_kept_trimmed_or_left_out_as_chosen(admin: Admin):
    admin.upload(CHATTY)
    chosen = {
        "trim-title": "keep",
        "trim-emphasis": "keep",
        "poem-2": "exclude",
        "poem-8": "trim",
        "poem-13": "keep",
    }
    page = admin.send(f"{admin.address}/confirmation", data=chosen)
    assert "3 poems (1 trimmed, 1 left out)" in page
    texts = stored_texts(admin)
    assert "Rain" not in texts
    assert texts["Stair"].startswith("A lamp")
    assert texts["p0004"].startswith("I'm sorry")


def test_choices_are_shown_again_when_the_name_is_taken(admin: Admin):
    admin.store(name="Mine")
    admin.upload(CHATTY)
    chosen = {"name": "Mine", "trim-title": "keep", "poem-8": "exclude"}
    admin.send(f"{admin.address}/confirmation", data=chosen)
    assert admin.status == 422
    assert admin.source.count('<option value="keep" selected>') == 1
    assert admin.source.count('<option value="exclude" selected>') == 1


def test_poems_without_anything_to_trim_show_no_choice(admin: Admin):
    page = admin.upload(POEMS)
    assert "beside the verse" not in page
    assert "not English" not in page


def test_preview_says_where_rhyme_will_not_be_measured(admin: Admin):
    foreign = "Der Regen steht vor meinem Haus, er geht nicht heim, er geht nicht aus."
    page = admin.upload(f'text,source\n"{foreign}",A\n床前明月光,B\nRain,C\n')
    assert "Rhyme is not measured in 2 poems: their text is not English." in page


NAMING = """\
poem_id,text,source
signed,"The rain is on the road;
the cart has lost its load.

— written by ChatGPT",A
stars,"Gemini climbs the hill;
the two of them lie still.",B
plain,"A lamp, a stair, a door;
we climb it as before.",B
"""


def test_poems_that_name_a_model_must_be_decided_about_before_they_are_stored(admin):
    read = admin.upload(NAMING)
    assert "Poems that name a model" in read
    assert "Gemini" in read
    upload = admin.address
    refused = admin.send(f"{upload}/confirmation")
    assert admin.status == 422
    assert "stands in 1 poem: choose whether to trim or to keep it" in refused
    assert "One poem names a model" in refused
    refused = admin.send(f"{upload}/confirmation", data={"trim-signature": "keep"})
    assert "2 poems name a model" in refused
    chosen = {"trim-signature": "trim", "naming": "keep"}
    read = admin.send(f"{upload}/confirmation", data=chosen)
    assert admin.status == 200
    assert "3 poems (1 trimmed)" in read
    assert (
        "1 poem names a model or a source and was kept knowingly by ada@example.org: stars" in read
    )


def test_poems_that_name_a_model_are_left_out_all_at_once_or_one_by_one(admin):
    admin.upload(NAMING)
    line_of_stars = 6
    chosen = {
        "trim-signature": "keep",
        "naming": "exclude",
        f"poem-{line_of_stars}": "keep",
    }
    read = admin.send(f"{admin.address}/confirmation", data=chosen)
    assert admin.status == 200
    assert "2 poems" in read
    assert "stars" in read
    assert "1 poem that named a model or a source was left out" in read


def test_poem_that_only_names_a_model_has_a_choice_of_its_own(admin):
    two = NAMING.replace("A lamp", "A Gemini")
    admin.upload(two)
    upload = admin.address
    stars, plain = 6, 8
    page = admin.answer.text
    assert f'name="naming-{stars}" form="storing" aria-label="What to do with the name in ' in page
    assert 'name="naming-2"' not in page
    chosen = {"trim-signature": "trim", f"naming-{stars}": "exclude"}
    refused = admin.send(f"{upload}/confirmation", data=chosen)
    assert "One poem names a model" in refused
    assert f"the first on line {plain}" in refused
    again = admin.answer.text.partition(f'name="naming-{stars}"')[2].partition("</select>")[0]
    assert '<option value="exclude" selected>' in again
    admin.send(f"{upload}/confirmation", data={**chosen, "naming": "keep"})
    assert admin.status == 200
    assert set(stored_texts(admin)) == {"signed", "plain"}


def test_source_that_a_poem_names_is_asked_about_before_it_is_stored(admin):
    signed = NAMING.replace("Gemini", "Orion").replace("— written by ChatGPT", "— **Model\u2011x**")
    read = admin.upload(signed.replace(",A\n", ",model-x\n").replace("B\n", "rain\n"))
    assert "Poems that name a model or a source" in read
    assert "Model-x" in read
    assert "One poem names a model or a source" in admin.send(f"{admin.address}/confirmation")


def test_page_of_a_poem_says_where_raters_see_another_form(admin):
    marked = 'poem_id,text,source\na,"**Rain** falls -- still",A\nb,Rain falls on,B\n'
    admin.upload(marked)
    admin.send(f"{admin.address}/confirmation", data={"trim-emphasis": "keep"})
    address = admin.address
    read = admin.open(f"{address}/poems/a")
    assert "Raters see it in another form" in read
    assert "Rain falls—still" in read
    assert "Raters see it in another form" not in admin.open(f"{address}/poems/b")
