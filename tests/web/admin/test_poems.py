"""The page of a poem: what it shows, and the correction of its scheme."""

import html
import re

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.db import transaction
from app.models import PoemFeature
from app.poems.correcting import MOST_LINES
from app.verse import FEATURES, compare
from app.web.admin.poems import heard_scheme
from tests.web.admin.conftest import POEMS, Admin, links_in
from tests.web.conftest import ADMIN

SONG = "The sun goes down,\n    The lamps come on;\n\nAcross the town\nThe day is <b>over</b>."
HEADER = "text,source,poem_id\n"


def store_song(admin: Admin) -> str:
    """The address of the poem's page, which is open."""
    admin.store(f'{HEADER}"{SONG}",Demo A,song\n')
    admin.let_worker_finish()
    admin.open(f"{admin.address}/poems/song")
    return admin.address


def correct(admin: Admin, address: str, *labels: str, note: str = "") -> str:
    lines = {f"line_{number}": label for number, label in enumerate(labels, 1)}
    return admin.send(f"{address}/corrections", data=lines | {"note": note})


def described(source: str, line: int) -> str:
    """What assistive technology says of a line's letter beyond its name."""
    (found,) = re.findall(rf'id="answers-{line}">(.*?)</span>\s*</div>', source, re.DOTALL)
    assert f'aria-describedby="answers-{line}"' in source
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found)).split())


def test_page_shows_lines_rhymes_features_and_metadata(admin: Admin):
    admin.store()
    admin.let_worker_finish()
    admin.open(admin.address)
    page = admin.open(links_in(admin.source, "/poems/")[0])
    assert "1 A lamp, a stair, a door ; rhyme A" in page
    assert "Lines n_lines 2 Lines that are not blank." in page
    assert "Rhyme density rhyme_density 1 share" in page
    assert "Rhymed rhymed yes 1 where" in page
    (version,) = {feature.version for feature in FEATURES if feature.name == "rhyme_density"}
    assert f"Share of lines that rhyme with another line. Version {version}." in page
    assert "year 1999" in page


def test_rhyme_is_said_by_letter_word_kind_and_strength(admin: Admin):
    store_song(admin)
    found = compare("down", "town")
    assert found is not None
    strength = f"{found.strength:.2f}"
    assert described(admin.source, 1) == f"3 town perfect {strength}"
    assert described(admin.source, 3) == f"1 down perfect {strength}"
    assert "title=" not in admin.source
    page = admin.open(admin.address)
    assert "4 The day is <b>over</b>. no rhyme" in page
    assert f"1 and 3 A down, town perfect {strength}" in page


def test_last_word_is_marked_whatever_its_apostrophe(admin: Admin):
    admin.store(
        f'{HEADER}"the lamps o\u02bcer us, and o\u2018er,\nit stood before the o\u2018er",S,song\n'
    )
    admin.open(f"{admin.address}/poems/song")
    assert '<span class="end repeated">o\u2018er</span>,' in admin.source


def test_poem_is_shown_as_it_was_written_and_nothing_in_it_works(admin: Admin):
    store_song(admin)
    assert '<span class="indent">    </span>' in admin.source
    assert "<b>over" not in admin.source
    assert "&lt;b&gt;over" in admin.source


def test_poem_ids_of_any_kind_have_an_address_and_can_be_corrected(admin: Admin):
    ids = ["a/b", "50%", "q?x=1", "c#d", "naïve 詩", "a b", "corrections"]
    rows = "".join(f"A poem {n},S,{poem_id}\n" for n, poem_id in enumerate(ids))
    admin.store(f"text,source,poem_id\n{rows}")
    links = links_in(admin.source, "/poems/")
    assert len(links) == len(ids)
    for link, poem_id in zip(links, ids, strict=True):
        assert f"Poem id {poem_id}" in admin.open(link)
        page = correct(admin, link, "-")
        assert f"Poem id {poem_id}" in page
        assert "The corrected scheme counts from now on." in page


def test_equal_poems_point_to_each_other(admin: Admin):
    admin.store(POEMS + '"A LAMP and a stair.\nNobody climbs it now.",Demo C,Write about rain.,,\n')
    page = admin.open(links_in(admin.source, "/poems/")[1])
    assert "The same text as p0005" in page


def test_form_begins_with_the_present_scheme(admin: Admin):
    store_song(admin)
    typed = re.findall(r'<input id="line_(\d)" name="line_\1" value="([^"]*)"', admin.source)
    assert typed == [("1", "A"), ("2", "-"), ("3", "A"), ("4", "-")]


def test_correction_shows_at_once_with_who_made_it_and_what_was_found(admin: Admin):
    address = store_song(admin)
    page = correct(admin, address, "a", "b", "a", "b", note=" on/over <i>to me</i> ")
    assert admin.address == address
    assert "Scheme AB AB corrected As found A- A- Rhyme density 1" in page
    assert f"UTC {ADMIN} AB AB on/over <i>to me</i>" in page
    assert "<i>" not in admin.source
    assert described(admin.source, 4) == "2 on slant 0.00"
    assert "Rhyme scheme rhyme_scheme AB AB" in page


def test_correction_is_withdrawn_and_remembered(admin: Admin):
    address = store_song(admin)
    correct(admin, address, "A", "A", "B", "B")
    page = admin.send(f"{address}/withdrawal")
    assert "The correction is withdrawn." in page
    assert "Scheme A- A- Rhyme density" in page
    assert "None is in force" in page
    assert f"{ADMIN} withdrawn" in page
    assert f"{ADMIN} AA BB" in page


def test_wrong_label_is_named_by_its_line_and_what_was_typed_stays(admin: Admin):
    address = store_song(admin)
    page = correct(admin, address, "A", "x y", "A", '"', note="my note")
    assert admin.status == 422
    assert "2 things to put right: Line 2: “x y” is no label." in page
    assert 'href="#line_2"' in admin.source
    assert 'value="x y"' in admin.source
    assert "my note" in admin.source
    assert '<details class="card" id="correction" open>' in admin.source
    assert "Scheme A- A- Rhyme density" in page
    assert "corrected" not in page


def test_refused_correction_waits_for_nobody_who_writes(admin: Admin):
    address = store_song(admin)
    with transaction(admin.app.state.engine, write=True):
        page = correct(admin, address, "A", "?", "A", "-")
        assert "Line 2: “?” is no label." in page
        assert admin.status == 422


def test_refused_correction_loaded_again_leads_to_the_poem(admin: Admin):
    address = store_song(admin)
    correct(admin, address, "A", "?", "A", "-")
    assert admin.address == f"{address}/corrections"
    assert "Scheme A- A-" in admin.open(admin.address)
    assert admin.address == address
    assert admin.answer.history[0].status_code == 303


def test_poem_whose_id_ends_as_the_address_of_corrections_keeps_its_page(admin: Admin):
    admin.store(f"{HEADER}A lamp,S,a\nA stair,S,a/corrections\n")
    address = f"{admin.address}/poems/a/corrections"
    assert "Poem id a/corrections" in admin.open(address)
    assert admin.address == address
    correct(admin, address, "?")
    assert "Poem id a/corrections" in admin.open(f"{address}/corrections")


@pytest.mark.parametrize("labels", [(), ("A", "A", "A")])
def test_form_that_lost_a_line_changes_nothing(admin: Admin, labels: tuple[str, ...]):
    address = store_song(admin)
    assert f"has 4 labels, not {len(labels)}" in correct(admin, address, *labels)
    assert admin.status == 422
    assert "corrected" not in admin.open(address)


def test_too_long_a_note_is_refused(admin: Admin):
    address = store_song(admin)
    assert "at most 1000 characters" in correct(admin, address, *"AAAA", note="n" * 1001)
    assert "corrected" not in admin.open(address)


def test_another_site_can_neither_correct_nor_withdraw(admin: Admin):
    address = store_song(admin)
    for action in ("corrections", "withdrawal"):
        answer = admin.client.post(
            f"{address}/{action}",
            data={"line_1": "A"},
            headers={"Origin": "http://elsewhere.example"},
        )
        assert answer.status_code == 403


def test_poem_or_set_that_does_not_exist_is_not_found(admin: Admin):
    address = store_song(admin)
    for wrong in (f"{address}x", "/admin/poem-sets/nothing/poems/song"):
        for answer in (admin.open(wrong), correct(admin, wrong, "A")):
            assert "There is nothing here" in answer
            assert admin.status == 404
        for action in ("corrections", "withdrawal"):
            admin.send(f"{wrong}/{action}", data={"line_1": "?"})
            assert admin.status == 404
        admin.open(f"{wrong}/corrections")
        assert admin.status == 404


@pytest.mark.parametrize("text", ["", "* * *", "床前明月光\n疑是地上霜", "one line alone"])
def test_page_of_a_poem_without_rhyme_opens(admin: Admin, text: str):
    admin.store(f'{HEADER}"{text or "?"}",S,song\n')
    admin.let_worker_finish()
    page = admin.open(f"{admin.address}/poems/song")
    assert admin.status == 200
    assert "Lines that answer each other" not in page


def long_poem(n_lines: int) -> str:
    text = "\n".join("the day" if n % 2 else "a kettle" for n in range(n_lines))
    return f'{HEADER}"{text}",S,song\n'


def test_long_poem_can_be_corrected(admin: Admin):
    admin.store(long_poem(1_000))
    page = correct(admin, f"{admin.address}/poems/song", *("AB" * 500))
    assert "The corrected scheme counts from now on." in page


def test_longest_poem_that_has_a_form_can_be_corrected(admin: Admin):
    poem_set = admin.store(long_poem(MOST_LINES))
    labels = {f"line_{n + 1}": "AB"[n % 2] for n in range(MOST_LINES)} | {"note": ""}
    address = f"{poem_set}/poems/song/corrections"
    answer = admin.client.post(address, data=labels, follow_redirects=False)  # to a page of 5 MB
    assert answer.status_code == 303
    assert "corrected" in admin.open(poem_set)


@pytest.mark.parametrize(
    ("text", "why"), [("床前明月光\n疑是地上霜", "not in English"), ("* * *", "without words")]
)
def test_page_says_why_rhyme_is_not_measured(admin: Admin, text: str, why: str):
    admin.store(f'{HEADER}"{text}",S,song\n')
    admin.let_worker_finish()
    page = admin.open(f"{admin.address}/poems/song")
    assert f"Rhyme and metre are not measured: the poem is {why}." in page
    assert "Rhyme density not measurable" not in page
    assert "no rhyme" not in page


def test_poem_without_a_title_is_called_by_its_first_line_if_that_is_short(admin: Admin):
    rows = f'"  The lamp is lit,\nthe door is shut.",S,song\n"{"x" * 90}",S,long\n'
    address = admin.store(f"{HEADER}{rows}")
    admin.open(f"{address}/poems/song")
    assert "<h1>The lamp is lit,</h1>" in admin.source
    admin.open(f"{address}/poems/long")
    assert f"<h1>{'x' * 80}…</h1>" in admin.source


def test_page_shows_the_scheme_as_it_is_stored_without_listening_anew(admin: Admin):
    """Listening to a poem of thousands of lines takes long."""
    address = store_song(admin)
    with transaction(admin.app.state.engine, write=True) as session:
        stored = update(PoemFeature).where(col(PoemFeature.name) == "rhyme_scheme")
        session.execute(stored.values(label="AB BA"))
    page = admin.open(address)
    assert "4 b slant" in described(admin.source, 1)
    assert "1 down" in described(admin.source, 4)
    assert "Scheme AB BA" in page


def test_scheme_as_found_is_listened_for_once_however_often_a_page_is_opened(admin: Admin):
    address = store_song(admin)
    correct(admin, address, "A", "B", "B", "A")
    before = heard_scheme.cache_info().misses
    for _ in range(3):
        assert "As found A- A-" in admin.open(address)
    assert heard_scheme.cache_info().misses == before


def test_poem_of_5000_lines_is_uploaded_previewed_and_looked_at(admin: Admin):
    ends = ("day", "stone", "way", "rain") * 1_250
    lines = [f"{n} times the water went along the quiet {end}" for n, end in enumerate(ends)]
    text = "\n\n".join("\n".join(lines[n : n + 4]) for n in range(0, 5_000, 4))
    page = admin.upload(f'{HEADER}"{text}",S,song\n')
    assert "and 4,986 more lines" in page
    poem_set = admin.store(f'{HEADER}"{text}",S,song\n')
    assert admin.open(f"{poem_set}/poems/song").count("4999 times the") > 1


def test_poem_that_is_too_long_for_a_form_says_so(admin: Admin):
    text = "\n".join("?" * 5_001)
    admin.store(f'{HEADER}"{text}",S,song\n')
    page = admin.open(f"{admin.address}/poems/song")
    assert "Correct the scheme" not in page
    assert "can be corrected up to 5,000 lines; this poem has 5,001." in page
