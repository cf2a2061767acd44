"""What the pages on poems show."""

import pytest
from sqlmodel import Session

from app.errors import NotFound
from app.poems import queries
from app.poems.importing import import_poems
from app.poems.measuring import measure_poems
from app.poems.queries import PoemSetRow, SourceRow
from app.poems.reading import read
from app.verse import FEATURES
from tests.factories import make_poem_set

FILE = b"""poem_id,prompt_id,prompt,source,title,style_instruction,text,year
a1,dusk,Write about dusk.,Demo B,Dusk,rhyme,"

  The sun goes down,
The lamps come on;
Across the town
The day is gone.",1999
a2,dusk,,Demo A,,,"The sun goes down,
and nobody
writes it a letter",
a3,,,Demo B,,,"The sun goes down, and nobody writes it a LETTER",
a4,moon,,Demo B,,,"\xe5\xba\x8a\xe5\x89\x8d\xe6\x98\x8e\xe6\x9c\x88\xe5\x85\x89",
"""


def dusk(session: Session, *, is_measured: bool = True) -> PoemSetRow:
    reading = read(FILE, "dusk.csv")
    stored = import_poems(
        session, reading, name="Dusk", file_name="dusk.csv", content_sha256="0" * 64
    )
    if is_measured:
        measure_poems(session, stored.id or 0, limit=10)
    return queries.poem_set(session, stored.key)


def test_names_of_features_shown_are_those_of_the_registry():
    shown = {queries.LINES, queries.DENSITY, queries.SCHEME, queries.RHYMED}
    assert shown <= {feature.name for feature in FEATURES}


def test_sets_are_listed_newest_first_with_their_counts(session: Session):
    make_poem_set(session, name="Older")
    dusk(session, is_measured=False)
    newest, older = queries.poem_sets(session)
    assert (newest.name, newest.n_poems, newest.n_prompts, newest.n_sources) == ("Dusk", 4, 2, 2)
    assert newest.n_unmeasured == 4
    assert (older.name, older.n_poems, older.n_sources, older.n_unmeasured) == ("Older", 0, 0, 0)


def test_set_that_does_not_exist_is_not_found(session: Session):
    with pytest.raises(NotFound):
        queries.poem_set(session, "nothing")


def test_set_is_found_by_its_name_or_its_key(session: Session):
    found = dusk(session)
    assert queries.find_poem_set(session, "Dusk") == found
    assert queries.find_poem_set(session, found.key) == found
    with pytest.raises(NotFound, match="“Dawn”"):
        queries.find_poem_set(session, "Dawn")


def test_poems_are_listed_in_the_order_of_the_file_with_what_was_measured(session: Session):
    found = dusk(session)
    assert found.n_unmeasured == 0
    rows = queries.poems_of(session, found.id, offset=0, limit=10)
    assert [row.poem_id for row in rows] == ["a1", "a2", "a3", "a4"]
    first, second, third, chinese = rows
    assert (first.title, first.source, first.prompt) == ("Dusk", "Demo B", "Write about dusk.")
    assert first.first_line == "The sun goes down,"
    assert (first.n_lines, first.rhyme_density, first.rhyme_scheme) == (4, 1.0, "ABAB")
    assert (second.n_lines, second.rhyme_density, second.title) == (3, 0.0, None)
    assert (third.prompt_id, third.prompt) == (None, None)
    assert (chinese.n_lines, chinese.rhyme_density, chinese.rhyme_scheme) == (1, None, None)


def test_poems_not_measured_yet_are_listed_without_numbers(session: Session):
    found = dusk(session, is_measured=False)
    rows = queries.poems_of(session, found.id)
    assert len(rows) == 4
    assert {(row.n_lines, row.rhyme_density) for row in rows} == {(None, None)}


def test_list_is_cut_into_pages_and_filtered(session: Session):
    found = dusk(session)

    def ids(**chosen: object) -> list[str]:
        return [row.poem_id for row in queries.poems_of(session, found.id, **chosen)]  # type: ignore[arg-type]  # keywords as given

    assert ids(offset=1, limit=2) == ["a2", "a3"]
    assert ids(source="Demo B") == ["a1", "a3", "a4"]
    assert ids(source="Demo B", prompt_id="dusk") == ["a1"]
    assert ids(source="Demo B", offset=1, limit=1) == ["a3"]
    assert queries.n_poems_of(session, found.id) == 4
    assert queries.n_poems_of(session, found.id, source="Demo B") == 3
    assert queries.n_poems_of(session, found.id, prompt_id="dusk") == 2


def test_one_poem_is_shown_with_everything_known_of_it(session: Session):
    found = dusk(session)
    poem = queries.one_poem(session, found.key, "a1")
    assert poem.text.startswith("\n\n  The sun goes down,\nThe lamps")
    assert (poem.prompt_id, poem.prompt) == ("dusk", "Write about dusk.")
    assert (poem.style_instruction, poem.meta) == ("rhyme", {"year": "1999"})
    assert [feature.name for feature in poem.features] == [feature.name for feature in FEATURES]
    assert {feature.name: feature.value for feature in poem.features}["rhyme_scheme"] == "ABAB"
    assert poem.equal_to == ()


def test_one_poem_names_the_poems_of_the_same_text(session: Session):
    found = dusk(session)
    assert queries.one_poem(session, found.key, "a2").equal_to == ("a3",)


@pytest.mark.parametrize("poem_id", ["a9", "A1"])
def test_poem_that_is_not_in_the_set_is_not_found(session: Session, poem_id):
    found = dusk(session)
    with pytest.raises(NotFound):
        queries.one_poem(session, found.key, poem_id)


def test_sources_are_summed_over_the_poems_whose_rhyme_was_measured(session: Session):
    found = dusk(session)
    assert queries.sources(session, found.id) == [
        SourceRow("Demo A", n_poems=1, n_with_rhyme=1, mean_density=0.0, share_rhymed=0.0),
        SourceRow("Demo B", n_poems=3, n_with_rhyme=2, mean_density=0.5, share_rhymed=0.5),
    ]


def test_sources_of_a_set_not_measured_yet_have_no_shares(session: Session):
    found = dusk(session, is_measured=False)
    demo_a, _demo_b = queries.sources(session, found.id)
    assert (demo_a.n_with_rhyme, demo_a.mean_density, demo_a.share_rhymed) == (0, None, None)


def test_poem_says_why_its_rhyme_is_not_measured(session: Session):
    found = dusk(session)
    why = {row.poem_id: row.why_no_rhyme for row in queries.poems_of(session, found.id)}
    assert why == {"a1": None, "a2": None, "a3": None, "a4": "not in English"}
    assert queries.without_rhyme(session, found.id) == {"not in English": 1}
    alone = queries.poems_of(session, found.id, without_rhyme=True)
    assert [row.poem_id for row in alone] == ["a4"]
    assert queries.n_poems_of(session, found.id, without_rhyme=True) == 1


def test_poem_not_measured_yet_is_not_called_unmeasurable(session: Session):
    found = dusk(session, is_measured=False)
    assert {row.why_no_rhyme for row in queries.poems_of(session, found.id)} == {"not measured yet"}
    assert queries.without_rhyme(session, found.id) == {}
    assert queries.poems_of(session, found.id, without_rhyme=True) == []
