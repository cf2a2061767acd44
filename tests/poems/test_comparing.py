"""The sources of a set are compared when all is measured, and again when something changed."""

import numpy as np
import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app import jobs, worker
from app.analysis import rhyme_stock
from app.db import transaction
from app.models import Job, JobState, PoemSet, SourceComparison
from app.poems import comparing
from app.poems.comparing import (
    ask_for_all_comparing,
    ask_for_comparing,
    compare_set,
    comparison_of,
    is_current,
    under_way,
    usual_stanza,
)
from app.poems.correcting import correct_scheme
from app.poems.measuring import measure_set
from app.poems.queries import poem_set as set_row
from app.verse import FEATURES, ParsedPoem, commonness, corpus_counts, measure, rhyme_pairs
from tests.factories import make_admin, make_poem, make_poem_set

COUPLETS = (
    "The cat sat on the mat,\nand on it lay a hat.\nThe dog began to bark\nand ran off in the dark."
)
PLAIN = "The kettle stands on the stove.\nNobody has come to drink.\nOutside it rains and rains."
CHINESE = "床前明月光\n疑是地上霜"
TEXTS = {"Zoe": [COUPLETS, PLAIN, COUPLETS], "anna": [PLAIN, CHINESE]}


@pytest.fixture
def stored(engine: Engine) -> tuple[Engine, int]:
    """A set that is measured and not compared."""
    with transaction(engine, write=True) as session:
        poem_set = make_poem_set(session)
        for source, texts in TEXTS.items():
            for number, text in enumerate(texts):
                make_poem(
                    session,
                    poem_set=poem_set,
                    source=source,
                    text=text,
                    poem_id=f"{source}{number}",
                )
        set_id = poem_set.id or 0
    for _ in measure_set(engine, set_id):
        pass
    return engine, set_id


def compared(engine: Engine, set_id: int) -> SourceComparison:
    steps = list(compare_set(engine, set_id))
    assert [done for done, _total in steps] == sorted(done for done, _total in steps)
    assert steps[-1][0] == steps[-1][1]
    with transaction(engine, write=False) as session:
        found = comparison_of(session, set_id)
        assert found is not None
        return found


def test_every_feature_is_summed_up_by_source_and_over_all(stored):
    features = compared(*stored).features
    assert [*features] == [feature.name for feature in FEATURES]
    lines = features["n_lines"]
    assert [*lines["sources"]] == ["anna", "Zoe"]
    assert (lines["all"]["n"], lines["all"]["mean"]) == (5, pytest.approx((4 + 3 + 4 + 3 + 2) / 5))
    assert lines["sources"]["Zoe"]["median"] == 4
    values = [measure(text)["imagery"] for text in TEXTS["Zoe"]]
    known = [float(value) for value in values if value is not None]
    zoe = features["imagery"]["sources"]["Zoe"]
    assert (zoe["n"], zoe["n_missing"]) == (len(known), 3 - len(known))
    density = features["rhyme_density"]
    assert density["sources"]["Zoe"]["mean"] == pytest.approx(2 / 3)
    assert (density["sources"]["anna"]["n"], density["sources"]["anna"]["n_missing"]) == (1, 1)
    assert len(density["edges"]) == len(density["all"]["counts"]) + 1


def test_labels_are_counted_by_source_and_schemes_by_their_usual_stanza(stored):
    features = compared(*stored).features
    language = features["language"]
    assert language["sources"]["anna"]["counts"] == {"english": 1, "other": 1}
    scheme = features["rhyme_scheme"]
    assert scheme["sources"]["Zoe"]["counts"] == {"AABB": 2, "unrhymed": 1}
    assert (scheme["all"]["n"], scheme["all"]["n_missing"], scheme["all"]["rest"]) == (4, 1, 0)


def test_labels_beyond_the_most_frequent_are_the_rest(stored, monkeypatch):
    monkeypatch.setattr(comparing, "MOST_LABELS", 1)
    scheme = compared(*stored).features["rhyme_scheme"]
    assert len(scheme["labels"]) == 1
    assert scheme["all"]["rest"] == 2


@pytest.mark.parametrize(
    ("scheme", "usual"),
    [
        ("", "unrhymed"),
        ("---- ---", "unrhymed"),
        ("AABB CCDD", "AABB"),
        ("AABB CDCD EFEF", "ABAB"),
        ("-A-A -B-B", "-A-A"),
        ("AABBCCDDEE", "AA"),
        ("ABABCDCDEFEF", "ABAB"),
        ("ABABCDCDEFEFGG", "ABABCDCDEFEFGG"),
        ("A1A1B1B1", "AABB"),
        ("---- ---- AABB", "unrhymed"),
    ],
)
def test_scheme_is_of_the_stanzas_that_a_poem_has_most_of(scheme, usual):
    assert usual_stanza(scheme) == usual


def test_stock_of_rhymes_is_that_of_the_texts(stored):
    rhymes = compared(*stored).rhymes
    pairs = {
        source: [rhyme_pairs(ParsedPoem(text)) for text in TEXTS[source]]
        for source in ("anna", "Zoe")
    }
    expected = rhyme_stock(
        pairs,
        corpus=corpus_counts(),
        unlisted=lambda one, other: commonness(one, other).count,
    ).as_dict()
    assert [one["source"] for one in rhymes["sources"]] == ["anna", "Zoe"]
    zoe, wanted = rhymes["sources"][1], expected["sources"][1]
    assert (zoe["n_rhymes"], zoe["n_distinct"], zoe["n_poems"]) == (4, 2, 3)
    assert [pair["n_poems"] for pair in zoe["cliches"]] == [2, 2]
    assert [pair["ratio"]["value"] for pair in zoe["cliches"]] == pytest.approx(
        [pair["ratio"]["value"] for pair in wanted["cliches"]]
    )


def test_comparison_holds_until_a_scheme_is_corrected(stored):
    engine, set_id = stored
    with transaction(engine, write=False) as session:
        assert not is_current(session, set_id)
    compared(engine, set_id)
    with transaction(engine, write=True) as session:
        assert is_current(session, set_id)
        ask_for_all_comparing(session)
        assert under_way(session, set_id) is None
        correct_scheme(
            session,
            set_key=session.get_one(PoemSet, set_id).key,
            poem_id="Zoe0",
            typed=["-"] * 4,
            admin_id=make_admin(session).id or 0,
        )
        assert not is_current(session, set_id)
        assert under_way(session, set_id) == (0, 0)
    while worker.work_once(engine):
        pass
    with transaction(engine, write=False) as session:
        found = comparison_of(session, set_id)
        assert found is not None
        assert is_current(session, set_id)
        assert found.features["rhyme_density"]["sources"]["Zoe"]["mean"] == pytest.approx(1 / 3)
        assert found.rhymes["sources"][1]["n_rhymes"] == 2


def test_worker_compares_when_it_has_measured_and_asks_once(engine):
    with transaction(engine, write=True) as session:
        poem_set = make_poem_set(session)
        make_poem(session, poem_set=poem_set, text=COUPLETS)
        set_id = poem_set.id or 0
        jobs.enqueue(session, "measure", poem_set=set_id)
        ask_for_comparing(session, set_id)  # too early: it is left alone, and asked for again
        ask_for_comparing(session, set_id)
    while worker.work_once(engine):
        pass
    with transaction(engine, write=False) as session:
        assert is_current(session, set_id)
        done = session.exec(select(Job.kind, Job.state)).all()
    assert sorted(done) == [("compare", JobState.DONE), ("measure", JobState.DONE)]


def test_job_that_runs_does_not_stand_for_the_next(stored):
    engine, set_id = stored
    with transaction(engine, write=True) as session:
        ask_for_comparing(session, set_id)
        running = jobs.claim(session)
        assert running is not None
        ask_for_comparing(session, set_id)
        ask_for_comparing(session, set_id)
        kinds = session.exec(select(Job.kind).where(Job.state == JobState.QUEUED)).all()
    assert kinds == ["compare"]


def test_set_that_is_not_measured_is_not_compared(engine):
    with transaction(engine, write=True) as session:
        poem_set = make_poem_set(session)
        make_poem(session, poem_set=poem_set)
        set_id = poem_set.id or 0
        ask_for_all_comparing(session)
        assert under_way(session, set_id) is None
    assert list(compare_set(engine, set_id)) == []
    assert list(compare_set(engine, set_id + 1)) == []


def test_set_without_english_and_set_without_poems_can_be_compared(engine):
    for texts in ([CHINESE], []):
        with transaction(engine, write=True) as session:
            poem_set = make_poem_set(session)
            for text in texts:
                make_poem(session, poem_set=poem_set, text=text)
            set_id = poem_set.id or 0
        for _ in measure_set(engine, set_id):
            pass
        found = compared(engine, set_id)
        assert found.features["rhyme_density"]["all"] == {"n": 0, "n_missing": len(texts)}


def test_compared_set_is_known_to_be_measured_without_counting(stored, monkeypatch):
    engine, set_id = stored
    compared(engine, set_id)
    monkeypatch.setattr("app.poems.queries.unmeasured", lambda *_: np.inf)
    with transaction(engine, write=False) as session:
        key = session.get_one(PoemSet, set_id).key
        assert set_row(session, key).n_unmeasured == 0
