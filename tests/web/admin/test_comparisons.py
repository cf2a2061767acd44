"""The sources of a set side by side, on its page and in files."""

import csv
import io
import json
import re
from collections.abc import Sequence

from sqlalchemy import delete, update

from app import worker
from app.db import transaction
from app.models import SourceComparison
from app.verse import FAMILIES, FEATURES
from tests.web.admin.conftest import Admin, links_in

COUPLETS = (
    "The cat sat on the mat,\nand on it lay a hat.\nThe dog began to bark\nand ran off in the dark."
)
PLAIN = "The kettle stands on the stove.\nNobody has come to drink.\nOutside it rains and rains."
CHINESE = "床前明月光\n疑是地上霜"
Row = tuple[str, str | None, str]
PARTIAL = {"HX-Request-Type": "partial"}


def poems(rows: Sequence[Row]) -> str:
    """A file of source, instruction and text."""
    return "\n".join(
        json.dumps(
            {"source": source, "style_instruction": asked, "text": text, "title": f"Poem {number}"}
        )
        for number, (source, asked, text) in enumerate(rows)
    )


ASKED = [
    ("Alpha", "unrhymed", COUPLETS),
    ("Alpha", "unrhymed", PLAIN),
    ("Beta", "rhymed", PLAIN),
    ("Beta", "rhymed", COUPLETS),
    ("Beta", "unspecified", COUPLETS),
    ("Beta", "as sad as you can", PLAIN),
    ("Beta", None, CHINESE),
]


def stored(admin: Admin, rows: Sequence[Row] = ASKED) -> str:
    address = admin.store(poems(rows), file="poems.jsonl")
    admin.let_worker_finish()
    return address


def rows_of(admin: Admin, address: str) -> list[dict[str, str]]:
    admin.open(address)
    assert admin.status == 200
    assert "attachment" in admin.answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(admin.source)))


def test_rhyme_density_is_shown_first_with_chart_and_numbers(admin: Admin):
    page = admin.open(stored(admin))
    assert "Rhyme density , share, 0 to 1. Share of lines that rhyme with another line." in page
    assert "Beta 4 0.50 (0.58) 0.50 0.00 to 1.00 1" in page
    assert "Alpha 2 0.50 (0.71) 0.50 0.25 to 0.75 0" in page
    assert 'aria-label="Rhyme density by source: how the poems are' in admin.source


def test_every_feature_of_the_registry_can_be_chosen_and_seen_in_full(admin: Admin):
    address = stored(admin)
    admin.open(address)
    offered = re.findall(r'<option value="(\w+)"', admin.source)
    assert offered == [feature.name for feature in FEATURES]
    assert re.findall(r'<optgroup label="([^"]+)"', admin.source) == [*FAMILIES]
    for feature in FEATURES:
        page = admin.open(f"{address}?feature={feature.name}")
        assert admin.status == 200
        assert feature.meaning in page
        assert f'<option value="{feature.name}" selected' in admin.source
        assert "by source" in admin.source.partition('id="features"')[2]


def test_unknown_feature_shows_the_first(admin: Admin):
    assert "Share of lines that rhyme" in admin.open(f"{stored(admin)}?feature=nonsense")


def test_choice_of_a_feature_replaces_its_part_of_the_page(admin: Admin):
    address = stored(admin)
    admin.open(f"{address}?feature=n_lines", headers=PARTIAL)
    assert admin.source.lstrip().startswith("<section")
    assert "Lines that are not blank." in admin.source
    assert "<h1" not in admin.source
    assert "HX-Request-Type" in admin.answer.headers["Vary"]


def test_label_is_shown_as_shares_of_each_source(admin: Admin):
    page = admin.open(f"{stored(admin)}?feature=language")
    assert "Source Poems english other All sources 7 86% 14% Alpha 2 100% – Beta 5 80% 20%" in page
    page = admin.open(f"{admin.address}?feature=rhyme_scheme")
    assert "the scheme of the stanzas that a poem has most of" in page
    assert "Alpha 2 50% 50% 0 Beta 4 50% 50% 1" in page


def test_overview_has_all_features_of_all_sources_by_family(admin: Admin):
    page = admin.open(stored(admin)).partition("All features of all sources")[2]
    assert "Feature All sources Alpha Beta Layout Lines 3.29 3.50 3.20" in page
    places = [page.index(f" {family} ") for family in FAMILIES]
    assert places == sorted(places)
    assert "Rhyme density share 0.50 0.50 0.50" in page


def test_mean_that_stands_out_is_marked_for_sources_with_enough_poems(admin: Admin):
    rows = [("Rhymer", None, COUPLETS)] * 6 + [("Plain", None, PLAIN)] * 6 + [("One", None, PLAIN)]
    page = admin.open(stored(admin, rows))
    assert "Rhyme density share 0.46 0.00 0.00 ▼ below the rest 1.00 ▲ above the rest" in page


def test_obedience_is_counted_by_source_and_leads_to_the_poems(admin: Admin):
    page = admin.open(stored(admin))
    assert "Of 2 poems asked not to rhyme, 1 rhyme (50%)." in page
    assert "Of 2 poems asked to rhyme, 1 do not (50%)." in page
    assert "Of 1 poem free to choose, 1 rhyme (100%)." in page
    assert "Alpha 1 of 2 50% – –" in page
    assert "Beta – 1 of 2 50% 1 of 1 100%" in page
    assert "1 poem has an instruction that is not understood. 1 poem has none." in page
    assert "Poems that disobey their style instruction, by source" in admin.source
    (link,) = links_in(admin.source, "source=Alpha&amp;asked=no-rhyme")
    page = admin.open(link)
    assert "Poems that rhyme although asked not to 1 poem by Alpha." in page
    assert "Poem 0 Alpha no rhyme AABB" in page
    (poem,) = links_in(admin.source, "/poems/")
    assert "Poem 0" in admin.open(poem)


def test_list_of_the_disobeying_says_how_instructions_are_read(admin: Admin):
    page = admin.open(f"{stored(admin)}/disobeying")
    assert "Poems that disobey their instruction 2 poems." in page
    assert "Poem 0 Alpha no rhyme AABB Poem 2 Beta rhyme ---" in page
    assert "rhymed rhyme 2" in page
    assert "unrhymed no rhyme 2" in page
    assert "as sad as you can not understood 1" in page


def test_many_that_disobey_are_shown_page_by_page(admin: Admin):
    address = stored(admin, [("Alpha", "unrhymed", f"{COUPLETS}\n{n}") for n in range(60)])
    page = admin.open(f"{address}/disobeying?asked=no-rhyme&page=2")
    assert "60 poems." in page
    assert len(links_in(admin.source, "/poems/")) == 10
    (before,) = links_in(admin.source, "page=1")
    assert before.endswith("?asked=no-rhyme&page=1")


def test_corrected_scheme_counts_and_is_marked(admin: Admin):
    address = stored(admin)
    admin.open(f"{address}/disobeying?asked=no-rhyme")
    (poem,) = links_in(admin.source, "/poems/")
    admin.send(f"{poem}/corrections", data={f"line_{n}": "-" for n in range(1, 5)})
    assert "Of 2 poems asked not to rhyme, 0 rhyme (0%)." in admin.open(address)
    assert "No such poem does." in admin.open(f"{address}/disobeying?asked=no-rhyme")


def test_set_without_instructions_has_no_part_about_them(admin: Admin):
    page = admin.open(stored(admin, [("Alpha", None, COUPLETS), ("Beta", "", PLAIN)]))
    assert "as asked" not in page
    assert "Instructions" not in page


def test_stock_of_rhymes_is_compared_at_equal_size_and_pairs_are_named(admin: Admin):
    rhymes = [
        ("day", "way"),
        ("night", "light"),
        ("sun", "run"),
        ("tree", "sea"),
        ("hill", "still"),
    ]
    lines = [
        "\n".join(
            f"The morning has gone {word}"
            for pair in (rhymes[n % 5], rhymes[(n + 1) % 5])
            for word in pair * 3
        )
        for n in range(12)
    ]
    rows = [("Alpha", None, text) for text in lines] + [("Beta", None, PLAIN)]
    page = admin.open(stored(admin, rows))
    assert "Stock of rhymes How many different pairs of words a source would use in" in page
    assert "Not compared: Beta (fewer than 10 poems with a rhyme)." in page
    assert "day / way" in page
    assert "Distinct rhymes among" in admin.source


def test_set_without_rhymes_has_no_stock(admin: Admin):
    assert "Stock of rhymes" not in admin.open(stored(admin, [("Alpha", None, PLAIN)]))


def test_poems_whose_rhyme_is_not_measured_are_counted_and_marked(admin: Admin):
    address = stored(admin, [*ASKED, ("Beta", None, "1 2 3\n4 5 6")])
    page = admin.open(address)
    assert "Rhyme and metre are not measured for 2 poems : 1 is" in page
    assert "1 is not in English" in page
    assert "1 is without words" in page
    (link,) = links_in(admin.source, "unmeasured=1")
    page = admin.open(link).partition("Poems whose rhyme is not measured")[2]
    assert "2 poems. Show all poems" in page
    assert "Poem 6 Beta – 2 – not in English" in page
    assert "Poem 7 Beta – 2 – without words" in page
    assert "Poem 1" not in page


def test_page_waits_for_the_comparison_and_says_how_far_it_is(admin: Admin):
    address = admin.store(poems(ASKED), file="poems.jsonl")
    assert "Features by source" not in admin.open(address)
    worker.work_once(admin.app.state.engine)  # measures
    assert "The sources are being compared" in admin.open(address)
    admin.let_worker_finish()
    page = admin.open(address)
    assert "being compared" not in page
    assert "Features by source" in page


def test_old_comparison_is_dated_and_made_anew_on_demand(admin: Admin):
    address = stored(admin)
    for change, said in (
        (
            update(SourceComparison).values(feature_version="old"),
            "schemes or measures have changed",
        ),
        (delete(SourceComparison), "The sources are not compared yet."),
    ):
        with transaction(admin.app.state.engine, write=True) as session:
            session.execute(change)
        assert said in admin.open(address)
        assert "being compared" in admin.send(f"{address}/comparison")
        admin.let_worker_finish()
        assert said not in admin.open(address)


def test_files_hold_the_numbers_of_the_page(admin: Admin):
    address = stored(admin)
    features = rows_of(admin, f"{address}/features.csv")
    (density,) = [
        row for row in features if (row["feature"], row["source"]) == ("rhyme_density", "Beta")
    ]
    assert (density["n"], density["n_not_measured"], density["mean"]) == ("4", "1", "0.5")
    languages = [row for row in features if (row["feature"], row["source"]) == ("language", "Beta")]
    assert [(row["label"], row["n"]) for row in languages] == [("english", "4"), ("other", "1")]
    stock = rows_of(admin, f"{address}/rhyme-stock.csv")
    assert [(row["source"], row["n_rhymes"]) for row in stock] == [("Alpha", "2"), ("Beta", "4")]
    pairs = rows_of(admin, f"{address}/repeated-rhymes.csv")
    assert {(row["source"], row["word"], row["other_word"], row["n_poems"]) for row in pairs} == {
        ("Beta", "hat", "mat", "2"),
        ("Beta", "bark", "dark", "2"),
    }


def test_charts_can_be_saved(admin: Admin):
    address = stored(admin)
    for name in ("features/n_lines.svg", "disobeying.svg"):
        admin.open(f"{address}/{name}")
        assert admin.answer.headers["content-type"] == "image/svg+xml"
        assert admin.source.startswith("<svg")
    for name in ("features/language.svg", "features/nonsense.svg", "rhyme-stock.svg"):
        admin.open(f"{address}/{name}")
        assert admin.status == 404


def test_files_of_a_set_not_compared_are_not_found(admin: Admin):
    address = admin.store(poems(ASKED), file="poems.jsonl")
    admin.open(f"{address}/features.csv")
    assert admin.status == 404
