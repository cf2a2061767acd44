"""Every poem has every feature in its present version, in the end."""

from dataclasses import replace

import pytest
from sqlalchemy import delete
from sqlmodel import Session, select

from app.models import Poem, PoemFeature, PoemSet
from app.poems import measuring
from app.poems.measuring import (
    measure_poems,
    measured,
    poems_to_measure,
    store_features,
    unmeasured,
)
from app.verse import FEATURES, measure
from tests.factories import make_poem, make_poem_set

RHYMED = "The sun goes down,\nThe lamps come on;\nAcross the town\nThe day is gone."


def number(row: PoemSet | Poem) -> int:
    assert row.id is not None
    return row.id


def stored(session: Session, poem_id: int) -> dict[str, tuple[int, float | None, str | None]]:
    rows = session.exec(select(PoemFeature).where(PoemFeature.poem_id == poem_id))
    return {row.name: (row.version, row.value, row.label) for row in rows}


def test_poems_are_measured_a_few_at_a_time_until_none_remains(session: Session):
    poem_set, other = make_poem_set(session), make_poem_set(session)
    for _ in range(5):
        make_poem(session, poem_set=poem_set)
    make_poem(session, poem_set=other)
    assert unmeasured(session, number(poem_set)) == 5
    assert [measure_poems(session, number(poem_set), limit=2) for _ in range(4)] == [3, 1, 0, 0]
    assert unmeasured(session, number(other)) == 1


def test_numbers_and_labels_are_stored_as_measured_with_their_versions(session: Session):
    poem_set = make_poem_set(session)
    poem = make_poem(session, poem_set=poem_set, text=RHYMED)
    measure_poems(session, number(poem_set), limit=10)
    found, expected = stored(session, number(poem)), measure(RHYMED)
    for feature in FEATURES:
        version, value, label = found[feature.name]
        assert version == feature.version
        assert (label if feature.kind == "label" else value) == expected[feature.name]
        assert (value if feature.kind == "label" else label) is None
    assert found["n_lines"][1] == 4


def test_what_cannot_be_measured_is_stored_as_such_and_not_tried_again(session: Session):
    poem_set = make_poem_set(session)
    poem = make_poem(session, poem_set=poem_set, text="床前明月光\n疑是地上霜")
    assert measure_poems(session, number(poem_set), limit=10) == 0
    found = stored(session, number(poem))
    assert found["rhyme_density"][1:] == (None, None)
    assert found["rhyme_scheme"][1:] == (None, None)
    assert found["n_lines"][1] == 2


def test_features_of_another_version_are_measured_again(session: Session, monkeypatch):
    poem_set = make_poem_set(session)
    poem = make_poem(session, poem_set=poem_set, text=RHYMED)
    measure_poems(session, number(poem_set), limit=10)
    first, *others = FEATURES
    newer = (replace(first, version=first.version + 1), *others)
    monkeypatch.setattr(measuring, "FEATURES", newer)
    assert unmeasured(session, number(poem_set)) == 1
    assert measure_poems(session, number(poem_set), limit=10) == 0
    assert stored(session, number(poem))[first.name][0] == first.version + 1
    assert len(stored(session, number(poem))) == len(FEATURES)


@pytest.mark.parametrize("name", ["n_lines", "rhyme_density"])
def test_missing_feature_is_filled_in(session: Session, name):
    poem_set = make_poem_set(session)
    poem = make_poem(session, poem_set=poem_set)
    measure_poems(session, number(poem_set), limit=10)
    session.execute(delete(PoemFeature).where(PoemFeature.name == name))
    assert unmeasured(session, number(poem_set)) == 1
    assert measure_poems(session, number(poem_set), limit=10) == 0
    assert name in stored(session, number(poem))


def test_measuring_can_be_done_outside_the_transactions(session: Session):
    poem_set = make_poem_set(session)
    poems = [make_poem(session, poem_set=poem_set) for _ in range(3)]
    first = poems_to_measure(session, number(poem_set), limit=2)
    assert [poem.id for poem in first] == [poem.id for poem in poems[:2]]
    rest = poems_to_measure(session, number(poem_set), limit=2, after=first[-1].id)
    assert [poem.id for poem in rest] == [poems[2].id]
    store_features(session, [measured(poem) for poem in first])
    assert unmeasured(session, number(poem_set)) == 1
    store_features(session, [])
