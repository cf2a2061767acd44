"""A report follows from the schemes in force when it is built; a stored one keeps its numbers."""

from sqlalchemy import Engine
from sqlmodel import select

from app.db import transaction
from app.models import Poem, PoemSet, Report, Study
from app.poems.correcting import correct_scheme
from app.reports.building import collect, request_report, run
from app.verse import measure
from tests.factories import make_admin
from tests.reports.simulated import store_study


def ask(engine: Engine, study: Study) -> int:
    with transaction(engine, write=True) as session:
        return request_report(session, study_id=study.id or 0, admin_id=None).id or 0


def test_report_built_after_a_correction_uses_it_and_an_older_one_stays(engine: Engine):
    with transaction(engine, write=True) as session:
        study = store_study(session)
    old, new = ask(engine, study), ask(engine, study)
    run(engine, old)
    with transaction(engine, write=True) as session:
        before = dict(session.get_one(Report, old).result or {})
        poem_set = session.get_one(PoemSet, study.poem_set_id)
        poem = session.exec(select(Poem).where(Poem.poem_set_id == poem_set.id)).first()
        assert poem is not None
        assert measure(poem.text)["rhyme_density"] == 0
        correct_scheme(
            session,
            set_key=poem_set.key,
            poem_id=poem.poem_id,
            typed=["A", "A"],
            admin_id=make_admin(session).id or 0,
        )
    run(engine, new)
    run(engine, old)
    with transaction(engine, write=False) as session:
        poems = collect(session, new).poems
        assert poems["rhyme_density"][poems["poem_id"].index(poem.poem_id)] == 1
        after = session.get_one(Report, new).result or {}
        assert session.get_one(Report, old).result == before
    assert after["data"]["sha256"] != before["data"]["sha256"]
