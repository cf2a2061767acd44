"""A corrected rhyme scheme counts wherever features are read, and outlives every measuring."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.db import transaction
from app.errors import NotFound, Unusable
from app.exports.columns import iso
from app.exports.poems import poem_rows
from app.models import Admin, Poem, PoemSet, SchemeCorrection
from app.poems import measuring, queries
from app.poems.correcting import correct_scheme, withdraw_correction, wrong_labels
from app.poems.measuring import measure_poems, measure_set, measured, poems_to_measure
from app.verse import FEATURES, measure
from tests.factories import make_admin, make_poem, make_poem_set

TEXT = "The sun goes down,\nThe lamps come on;\n\nAcross the town\nThe day is over."
FOUND = "A- A-"


@pytest.fixture
def poem_set(session: Session) -> PoemSet:
    """Of one poem, which is measured."""
    stored = make_poem_set(session)
    make_poem(session, poem_set=stored, poem_id="p1", text=TEXT)
    measure_poems(session, number(stored), limit=10)
    return stored


@pytest.fixture
def ada(session: Session) -> Admin:
    return make_admin(session, email="ada@example.org")


def number(row: PoemSet | Poem | Admin) -> int:
    assert row.id is not None
    return row.id


def correct(session: Session, poem_set: PoemSet, admin: Admin, *typed: str, note: str = "") -> None:
    correct_scheme(
        session,
        set_key=poem_set.key,
        poem_id="p1",
        typed=typed,
        note=note,
        admin_id=number(admin),
    )


def withdraw(session: Session, poem_set: PoemSet, admin: Admin) -> None:
    withdraw_correction(session, set_key=poem_set.key, poem_id="p1", admin_id=number(admin))


def exported(session: Session, poem_set: PoemSet) -> dict[str, Any]:
    (row,) = poem_rows(session, number(poem_set))
    return row


def rhyme_of(row: dict[str, Any]) -> tuple[str, float, float]:
    return row["rhyme_scheme"], row["rhyme_density"], row["rhymed"]


def test_correction_counts_in_the_export_and_is_marked_there(session, poem_set, ada):
    before = exported(session, poem_set)
    assert rhyme_of(before) == (FOUND, 0.5, 1)
    assert (before["scheme_corrected"], before["scheme_corrected_at"]) == (0, None)
    correct(session, poem_set, ada, "a", "B", " c ", "b")
    after = exported(session, poem_set)
    assert rhyme_of(after) == ("-A -A", 0.5, 1)
    (stored,) = session.exec(select(SchemeCorrection))
    assert (after["scheme_corrected"], after["scheme_corrected_at"]) == (1, iso(stored.made_at))
    assert after["feature_version"] == before["feature_version"]
    assert "ada@example.org" not in str(after)
    correct(session, poem_set, ada, "-", "", "–", "—")
    assert rhyme_of(exported(session, poem_set)) == ("-- --", 0, 0)


def test_correction_counts_on_the_pages_of_the_set_and_of_the_poem(session, poem_set, ada):
    correct(session, poem_set, ada, "A", "B", "A", "B")
    (listed,) = queries.poems_of(session, number(poem_set))
    assert (listed.rhyme_scheme, listed.rhyme_density) == ("AB AB", 1)
    assert listed.scheme_corrected
    (source,) = queries.sources(session, number(poem_set))
    assert (source.mean_density, source.share_rhymed) == (1, 1)
    shown = {f.name: f.value for f in queries.one_poem(session, poem_set.key, "p1").features}
    assert (shown["rhyme_scheme"], shown["rhyme_density"]) == ("AB AB", 1)


def test_withdrawal_brings_the_found_scheme_back_and_everything_is_remembered(
    session, poem_set, ada
):
    bob = make_admin(session, email="bob@example.org")
    correct(session, poem_set, ada, "A", "B", "A", "B", note="on/over, to my ear")
    assert queries.one_poem(session, poem_set.key, "p1").correction is not None
    withdraw(session, poem_set, bob)
    row = exported(session, poem_set)
    assert rhyme_of(row) == (FOUND, 0.5, 1)
    assert (row["scheme_corrected"], row["scheme_corrected_at"]) == (0, None)
    (listed,) = queries.poems_of(session, number(poem_set))
    assert not listed.scheme_corrected
    poem = queries.one_poem(session, poem_set.key, "p1")
    assert poem.correction is None
    assert [(c.scheme, c.note, c.made_by) for c in poem.corrections] == [
        (None, "", "bob@example.org"),
        ("AB AB", "on/over, to my ear", "ada@example.org"),
    ]


def test_newest_correction_counts(session, poem_set, ada):
    correct(session, poem_set, ada, "A", "A", "-", "-")
    correct(session, poem_set, ada, "-", "-", "A", "A")
    assert exported(session, poem_set)["rhyme_scheme"] == "-- AA"
    withdraw(session, poem_set, ada)
    correct(session, poem_set, ada, "A", "A", "A", "A")
    assert exported(session, poem_set)["rhyme_scheme"] == "AA AA"


def test_same_click_twice_is_one_correction_and_one_withdrawal(session, poem_set, ada):
    for _ in range(2):
        correct(session, poem_set, ada, "A", "B", "A", "B")
    for _ in range(2):
        withdraw(session, poem_set, ada)
    assert len(queries.one_poem(session, poem_set.key, "p1").corrections) == 2


def test_measuring_anew_leaves_the_correction_in_force(session, poem_set, ada, monkeypatch):
    correct(session, poem_set, ada, "A", "B", "A", "B")
    newer = tuple(replace(f, version=f.version + 1) for f in FEATURES)
    monkeypatch.setattr(measuring, "FEATURES", newer)
    assert measure_poems(session, number(poem_set), limit=10) == 0
    poem = queries.one_poem(session, poem_set.key, "p1")
    assert {f.version for f in poem.features} == {f.version for f in newer}
    assert rhyme_of(exported(session, poem_set)) == ("AB AB", 1, 1)


def test_poem_that_is_corrected_before_it_is_measured_is_measured_by_it(session, ada):
    poem_set = make_poem_set(session)
    make_poem(session, poem_set=poem_set, poem_id="p1", text=TEXT)
    correct(session, poem_set, ada, "A", "A", "B", "B")
    assert exported(session, poem_set)["rhyme_scheme"] == "AA BB"
    assert exported(session, poem_set)["n_words"] == measure(TEXT)["n_words"]


def test_correction_made_while_the_poem_is_being_measured_is_kept(engine: Engine, monkeypatch):
    with transaction(engine, write=True) as session:
        poem_set = make_poem_set(session)
        make_poem(session, poem_set=poem_set, poem_id="p1", text=TEXT)
        ada = make_admin(session)

    def meanwhile(poem: measuring.PoemText) -> measuring.Measured:
        result = measured(poem)
        with transaction(engine, write=True) as session:
            correct(session, poem_set, ada, "A", "A", "B", "B")
        return result

    monkeypatch.setattr(measuring, "measured", meanwhile)
    assert list(measure_set(engine, number(poem_set))) == [(1, 1)]
    with transaction(engine, write=False) as session:
        assert exported(session, poem_set)["rhyme_scheme"] == "AA BB"
        assert poems_to_measure(session, number(poem_set), limit=10) == []


def test_wrong_label_is_refused_by_its_line_and_changes_nothing(session, poem_set, ada):
    with pytest.raises(Unusable, match=r"Line 2: “AB” is no label"):
        correct(session, poem_set, ada, "A", "AB", "A", "B")
    assert rhyme_of(exported(session, poem_set)) == (FOUND, 0.5, 1)
    assert list(wrong_labels(["A", "z9", "A12", "", "-", "ä", "A0", "?", "A123"])) == [6, 7, 8, 9]


@pytest.mark.parametrize("typed", [(), ("A", "A", "B"), ("A", "A", "B", "B", "C")])
def test_one_label_a_line_is_needed(session, poem_set, ada, typed):
    with pytest.raises(Unusable, match=f"has 4 labels, not {len(typed)}"):
        correct(session, poem_set, ada, *typed)


def test_poem_that_does_not_exist_cannot_be_corrected(session, poem_set, ada):
    for set_key, poem_id in ((poem_set.key, "p2"), ("nothing", "p1")):
        with pytest.raises(NotFound):
            withdraw_correction(session, set_key=set_key, poem_id=poem_id, admin_id=number(ada))


def test_correction_is_of_one_poem_alone(session, poem_set, ada):
    make_poem(session, poem_set=poem_set, poem_id="p2", text=TEXT)
    measure_poems(session, number(poem_set), limit=10)
    correct(session, poem_set, ada, "A", "B", "A", "B")
    rows = {row["poem_id"]: row for row in poem_rows(session, number(poem_set))}
    assert rows["p2"]["rhyme_scheme"] == FOUND
    assert (rows["p1"]["scheme_corrected"], rows["p2"]["scheme_corrected"]) == (1, 0)
