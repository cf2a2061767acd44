"""A stored set and its poems."""

from tests.web.admin.conftest import Admin, links_in


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


def test_corrected_poem_is_marked_in_the_list(admin: Admin):
    address = admin.store()
    admin.let_worker_finish()
    assert "corrected" not in admin.open(address)
    poem = links_in(admin.source, "/poems/")[0]
    admin.send(f"{poem}/corrections", data={"line_1": "-", "line_2": "-"})
    page = admin.open(address)
    assert "Stair Demo A Write about a house. 2 0.00 -- corrected" in page
    assert page.count("corrected") == 1
    assert "Demo A 2 0.50 50%" in page
