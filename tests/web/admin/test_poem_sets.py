"""A stored set and its poems."""

from tests.web.admin.conftest import POEMS, Admin, links_in


def test_set_shows_sources_and_rhymes_once_measured(admin: Admin):
    address = admin.store()
    assert "0 of 4 poems are done" in admin.open(address)
    admin.let_worker_finish()
    page = admin.open(address)
    assert "are done" not in page
    assert "Demo A 2 1.00 100%" in page
    assert "Demo B 2 0.00 0%" in page
    assert "Stair Demo A Write about a house. 2 1.00 AA" in page


def test_set_without_prompts_does_not_count_them(admin: Admin):
    page = admin.open(admin.store("text,source\nOne poem,A\nAnother poem,B\n"))
    assert "2 poems by 2 sources; no prompts." in page


def test_polling_page_loads_itself_anew_when_all_is_measured(admin: Admin):
    address = admin.store()
    partial = {"HX-Request-Type": "partial"}
    admin.open(address, headers=partial)
    assert admin.source.lstrip().startswith('<div id="measuring"')
    assert "HX-Refresh" not in admin.answer.headers
    admin.let_worker_finish()
    admin.open(address, headers=partial)
    assert admin.answer.headers["HX-Refresh"] == "true"


def test_long_set_is_shown_page_by_page_and_by_source(admin: Admin):
    rows = "".join(f"Poem number {n},{'Odd' if n % 2 else 'Even'}\n" for n in range(120))
    address = admin.store(f"text,source\n{rows}")
    assert len(links_in(admin.source, "/poems/")) == 50
    page = admin.open(f"{address}?page=3")
    assert "Poem number 119" in page
    assert "Page 3 of 3" in page
    page = admin.open(f"{address}?source=Odd&page=2")
    assert "Poems by Odd 60 poems." in page
    assert len(links_in(admin.source, "/poems/")) == 10
    assert admin.open(f"{address}?page=99").count("Page 3 of 3") == 1


def test_poem_page_shows_lines_rhymes_features_and_metadata(admin: Admin):
    admin.store()
    admin.let_worker_finish()
    admin.open(admin.address)
    page = admin.open(links_in(admin.source, "/poems/")[0])
    assert "1 A lamp, a stair, a door; rhyme A 2 we climb it as before. rhyme A" in page
    assert "Lines 2 n_lines Lines that are not blank." in page
    assert "Rhyme density 1 rhyme_density" in page
    assert "Rhymed yes rhymed" in page
    assert page.count("Version 1") == 1
    assert "year 1999" in page


def test_poem_ids_of_any_kind_have_an_address(admin: Admin):
    ids = ["a/b", "50%", "q?x=1", "c#d", "naïve 詩", "a b"]
    rows = "".join(f"A poem {n},S,{poem_id}\n" for n, poem_id in enumerate(ids))
    admin.store(f"text,source,poem_id\n{rows}")
    links = links_in(admin.source, "/poems/")
    assert len(links) == len(ids)
    for link, poem_id in zip(links, ids, strict=True):
        assert f"Poem id {poem_id}" in admin.open(link)


def test_equal_poems_point_to_each_other(admin: Admin):
    admin.store(POEMS + '"A LAMP and a stair.\nNobody climbs it now.",Demo C,Write about rain.,,\n')
    page = admin.open(links_in(admin.source, "/poems/")[1])
    assert "The same text as p0005" in page
