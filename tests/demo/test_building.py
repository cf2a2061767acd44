"""The demo is built once, is marked as simulated, and loses nothing that people add to it."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2 as httpx
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from app import worker
from app.analysis.instrument_part import SCALES, instrument_part
from app.db import make_engine, transaction
from app.demo import building
from app.demo.building import DemoLinks, demo_links
from app.exports.poems import poem_rows
from app.exports.raters import rater_rows
from app.exports.reading import read_frame
from app.exports.tables import Table, export
from app.exports.votes import vote_rows
from app.exports.writers import Format
from app.models import Poem, Rater, RaterKind, Report, Slot, Study, Vote
from app.reports.building import collect, request_report
from app.reports.filters import Filters, make_table
from tests.journeys.rater import HttpRater, is_done
from tests.journeys.server import running
from tests.quick_reports import quick_reports

__all__ = ["quick_reports"]  # a fixture

BUILT = ("poem", "poem_feature", "pair", "rater", "slot", "vote", "study", "admin", "job")
LINK = re.compile(r"http://\S+/(?:join|admin/sign-in)/\S+")


@pytest.fixture(scope="module")
def demo_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database on which the demo was built, once for all tests."""
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    shutil.copy(sqlite_template, file)
    engine = make_engine(f"sqlite:///{file}")
    build(engine)
    engine.dispose()
    return file


@pytest.fixture
def demo(demo_file: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(demo_file, tmp_path / "demo.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'demo.db'}")
    yield engine
    engine.dispose()


def build(engine: Engine) -> DemoLinks:
    with transaction(engine, write=True) as session:
        return demo_links(session)


def counts(engine: Engine) -> dict[str, int]:
    with transaction(engine, write=False) as session:
        return {
            table: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in BUILT
        }


def study(session: Session) -> Study:
    return session.exec(select(Study).where(Study.name == building.STUDY_NAME)).one()


def test_second_start_adds_nothing_and_gives_the_same_invitations(demo):
    before = counts(demo)
    first, second = build(demo), build(demo)
    assert counts(demo) == before
    assert (first.nonexpert, first.expert) == (second.nonexpert, second.expert)
    assert first.nonexpert != first.expert
    assert first.admin_token != second.admin_token  # each signs in once


def test_all_poems_are_measured_and_every_rater_has_a_full_order(demo):
    found = counts(demo)
    poems = (Path(building.__file__).parent / "poems.jsonl").read_text(encoding="utf-8")
    assert found["poem"] == poems.count("\n")
    raters = building.PARAMETERS.n_experts + building.PARAMETERS.n_nonexperts
    assert found["rater"] == raters
    assert found["slot"] == found["vote"] == raters * building.PAIRS_PER_RATER
    with transaction(demo, write=False) as session:
        rows = list(poem_rows(session, study(session).poem_set_id))
    assert all(row["feature_version"] for row in rows)


def test_every_rater_is_marked_simulated_and_has_no_way_in(demo):
    with transaction(demo, write=False) as session:
        raters = session.exec(select(Rater)).all()
    assert all(rater.simulated and rater.token_hash is None for rater in raters)
    assert {rater.kind for rater in raters} == {RaterKind.EXPERT, RaterKind.NONEXPERT}


def test_votes_are_on_slots_of_the_demo_study_alone(demo):
    with transaction(demo, write=False) as session:
        slots = {slot.id: slot for slot in session.exec(select(Slot))}
        of_study = set(session.exec(select(Rater.id).where(Rater.study_id == study(session).id)))
        poems = {
            poem.id: poem.prompt_id
            for poem in session.exec(select(Poem))
            if poem.poem_set_id == study(session).poem_set_id
        }
        votes = session.exec(select(Vote)).all()
    assert len({vote.slot_id for vote in votes}) == len(votes)
    for vote in votes:
        slot = slots[vote.slot_id]
        assert slot.rater_id in of_study
        assert poems[slot.left_poem_id] == poems[slot.right_poem_id]
        assert vote.shown_at < vote.cast_at


def test_exports_mark_every_vote_and_rater_as_simulated(demo):
    with transaction(demo, write=False) as session:
        found = study(session)
        votes = list(vote_rows(session, found.id or 0))
        raters = list(rater_rows(session, found.id or 0))
    assert {row["simulated"] for row in votes} == {row["simulated"] for row in raters} == {1}
    assert len(votes) == counts(demo)["vote"]


def test_report_keeps_the_simulated_apart_and_finds_what_was_put_in(demo):
    with transaction(demo, write=True) as session:
        key = request_report(session, study_id=study(session).id or 0, admin_id=None).key
    while worker.work_once(demo):
        pass
    with transaction(demo, write=False) as session:
        report = session.exec(select(Report).where(Report.key == key)).one()
    assert report.error is None
    assert report.result is not None
    people, simulated = report.result["people"], report.result["simulated"]
    assert people["data"]["rows"] == 0
    assert people["groups"] == {"nonexpert": None, "expert": None}
    assert simulated["data"]["simulated"] == simulated["data"]["rows"] == counts(demo)["vote"]
    assert any("simulated" in note for note in simulated["notes"])
    assert simulated["groups"]["nonexpert"]["odds_ratio_ci_low"] > 1
    assert simulated["groups"]["expert"]["odds_ratio_ci_low"] < 1
    assert simulated["groups"]["expert"]["odds_ratio_ci_high"] > 1


class Interrupted(Exception):
    pass


def test_error_on_the_way_leaves_nothing_and_the_next_start_builds_it(sqlite_url, monkeypatch):
    def interrupt(*_anything: object) -> None:
        raise Interrupted

    few = replace(building.PARAMETERS, n_experts=4, n_nonexperts=8)
    monkeypatch.setattr(building, "PARAMETERS", few)
    engine = make_engine(sqlite_url)
    with monkeypatch.context() as patch:
        patch.setattr(building, "_poems", interrupt)  # raters and slots are there by then
        with pytest.raises(Interrupted):
            build(engine)
    assert set(counts(engine).values()) == {0}
    build(engine)
    assert counts(engine)["vote"] > 0
    engine.dispose()


KILL = """
import os, signal, sys
from dataclasses import replace
from app.cli import main
from app.demo import building
building.PARAMETERS = replace(building.PARAMETERS, n_experts=4, n_nonexperts=8)
building._poems = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
sys.argv = ["blindverse", "demo", "--port", "0"]
main()
"""


def test_kill_on_the_way_leaves_nothing(tmp_path):
    killed = subprocess.run(
        [sys.executable, "-c", KILL], cwd=tmp_path, timeout=60, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not killed.stdout  # no link was given out
    engine = make_engine(f"sqlite:///{tmp_path / 'blindverse-demo.db'}")
    assert set(counts(engine).values()) == {0}
    engine.dispose()


def test_vote_given_between_two_starts_is_kept(tmp_path):
    with running("demo", database_url=None, folder=tmp_path) as (address, printed):
        nonexpert, expert, admin = links(printed)
        with httpx.Client(base_url=address) as browser:
            assert browser.get(nonexpert).status_code == 200
            assert browser.get(admin).status_code == 200
            rater = HttpRater(browser)
            page = rater.vote(rater.join(expert.rsplit("/", 1)[1]), "left")
            assert f"2 of {building.PAIRS_PER_RATER}" in page.text
            cookies = dict(browser.cookies)
    engine = make_engine(f"sqlite:///{tmp_path / 'blindverse-demo.db'}")
    between = counts(engine)
    with running("demo", database_url=None, folder=tmp_path) as (address, printed):
        assert counts(engine) == between
        again = links(printed)
        assert [key_of(link) for link in again[:2]] == [key_of(nonexpert), key_of(expert)]
        with httpx.Client(base_url=address, cookies=cookies) as browser:
            assert [browser.get(link).status_code for link in again[1:]] == [303, 200]
            page = HttpRater(browser).page("/rate")
            assert f"2 of {building.PAIRS_PER_RATER}" in page.text
            assert not is_done(page)
        with httpx.Client(base_url=address, headers={"Origin": address}) as browser:
            browser.post(again[2])
            assert building.STUDY_NAME in browser.get("/admin/studies").text
    with transaction(engine, write=False) as session:
        rows = [row for row in vote_rows(session, study(session).id or 0) if not row["simulated"]]
    assert [(row["group"], row["choice"]) for row in rows] == [("expert", "left")]
    engine.dispose()


def links(printed: str) -> list[str]:
    found = LINK.findall(printed)
    assert len(found) == 3, printed
    return [str(link) for link in found]


def key_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def test_simulated_raters_have_answered_and_differ_as_they_were_invited(demo):
    with transaction(demo, write=False) as session:
        raters = session.exec(select(Rater)).all()
        rows = list(rater_rows(session, study(session).id or 0))
    assert all(rater.answered_at and rater.simulated for rater in raters)
    scores = {
        kind: [rater.expertise_score or 0.0 for rater in raters if rater.kind == kind]
        for kind in (RaterKind.EXPERT, RaterKind.NONEXPERT)
    }
    means = {kind: sum(own) / len(own) for kind, own in scores.items()}
    assert means[RaterKind.EXPERT] > means[RaterKind.NONEXPERT] + 0.2
    assert {rater.scored_as for rater in raters} == set(scores)
    assert {rater.self_described for rater in raters} == set(scores)
    assert all(row["says_reads"] and row["points_poets_plath"] is not None for row in rows)


def test_exported_raters_give_the_command_what_the_report_says_of_the_instrument(demo, tmp_path):
    with transaction(demo, write=True) as session:
        found = study(session)
        report = request_report(session, study_id=found.id or 0, admin_id=None)
        collected = collect(session, report.id or 0)
        frames = {}
        for table in Table:
            file = tmp_path / f"{table.value}.csv"
            file.write_bytes(b"".join(export(session, found, table, Format.CSV)))
            frames[table] = read_frame(file)
    of_report = make_table(collected.votes, collected.poems, Filters(), collected.raters)
    of_files = make_table(frames[Table.VOTES], frames[Table.POEMS], Filters(), frames[Table.RATERS])
    parts = [instrument_part(one, Filters().options).as_dict() for one in (of_report, of_files)]
    assert parts[0] == parts[1]
    assert not parts[0]["declined"]
    assert {row["scale"] for row in parts[0]["rows"]} == set(SCALES.values())
    assert all(0 < row["low"] < row["value"] < row["high"] < 1 for row in parts[0]["rows"])
