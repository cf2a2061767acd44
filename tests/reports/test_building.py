"""A report says what an analysis of the exported files says, to the last digit."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from typer import Typer
from typer.testing import CliRunner

from app import __version__
from app.analysis import Ties, VoteTable, Weights, analyse, sections
from app.analysis.parts import Part
from app.cli.analysis import analyse as command
from app.db import transaction, utc_now
from app.errors import NotFound
from app.exports.reading import read_frame
from app.exports.tables import Table, export
from app.exports.writers import Format
from app.models import Choice, Job, Poem, PoemFeature, Report, Study, Vote, VoteRetraction
from app.reports import building
from app.reports.building import request_report, run
from app.reports.filters import Filters
from app.reports.queries import report, reports_of
from app.verse import FEATURE_VERSION
from app.worker import work_once
from tests.factories import (
    make_admin,
    make_poem,
    make_poem_set,
    make_rater,
    make_slot,
    make_study,
    make_vote,
)
from tests.reports.simulated import measure, store_rich_study, store_study

IDS = dict.fromkeys(("vote_id", "rater_id", "poem_left", "poem_right", "poem_id"), str)


def reported(engine: Engine, study: Study) -> Report:
    """Ask for a report, run it, and read it back."""
    with transaction(engine, write=True) as session:
        asked = request_report(session, study_id=study.id or 0, admin_id=None)
    run(engine, asked.id or 0)
    with transaction(engine, write=False) as session:
        return report(session, asked.key)


def stored(engine: Engine, make: Callable[..., Study], **keywords: Any) -> Study:
    with transaction(engine, write=True) as session:
        return make(session, **keywords)


@pytest.fixture
def study(engine: Engine) -> Study:
    """People and simulated raters, in both groups."""
    return stored(engine, store_study)


def write_files(engine: Engine, study: Study, folder: Path, kind: Format) -> tuple[Path, Path]:
    with transaction(engine, write=False) as session:
        for table in Table:
            content = b"".join(export(session, study, table, kind))
            (folder / f"{table}.{kind}").write_bytes(content)
    return folder / f"votes.{kind}", folder / f"poems.{kind}"


def result_of(engine: Engine, study: Study) -> dict[str, Any]:
    result = reported(engine, study).result
    assert result is not None
    return result


@pytest.mark.parametrize("kind", Format)
def test_command_on_the_exported_files_gives_the_report_exactly(engine, study, tmp_path, kind):
    votes, poems = write_files(engine, study, tmp_path, kind)
    app = Typer()
    app.command()(command)
    files = ["--votes", str(votes), "--poems", str(poems), "--json", "-"]
    result = result_of(engine, study)
    people = CliRunner().invoke(app, files)
    assert json.loads(people.stdout) == result["people"]
    simulated = CliRunner().invoke(app, [*files, "--simulated", "only"])
    assert json.loads(simulated.stdout) == result["simulated"]
    assert result["people"]["parts"]


@pytest.mark.usefixtures("charts")
def test_command_gives_every_section_of_a_rich_study_exactly(engine, tmp_path):
    rich = stored(engine, store_rich_study)
    people = result_of(engine, rich)["people"]
    parts = {part["name"]: part for part in people["parts"]}
    assert list(parts) == [one.name for one in sections.SECTIONS]
    assert {name for name, part in parts.items() if part["declined"]} == set()
    assert all(part["rows"] for part in parts.values())
    assert {row["measure"] for row in parts["laziness"]["rows"]} >= {"decision_time", "ease"}
    assert {row["kind"] for row in parts["judges"]["rows"]} >= {"judge", "experts"}
    votes, poems = write_files(engine, rich, tmp_path, Format.CSV)
    app = Typer()
    app.command()(command)
    files = ["--votes", str(votes), "--poems", str(poems), "--raters", str(tmp_path / "raters.csv")]
    given = json.loads(CliRunner().invoke(app, [*files, "--json", "-"]).stdout)
    for part in given["parts"]:
        assert part == parts[part["name"]]
    assert given == people


def day(ago: int) -> date:
    return (utc_now() - timedelta(days=ago)).date()


@pytest.mark.parametrize(
    "filters",
    [
        Filters(since=day(9), until=day(5)),
        Filters(feature="n_lines", adjust=("rhyme_density",)),
        Filters(adjust=(), weights=Weights.RATER, ties=Ties.DROP),
    ],
)
def test_command_told_the_same_gives_a_report_with_choices_exactly(
    engine, study, tmp_path, filters
):
    with transaction(engine, write=True) as session:
        for number, vote in enumerate(session.exec(select(Vote))):
            vote.cast_at -= timedelta(days=number % 12)
            session.add(vote)
        asked = request_report(session, study_id=study.id or 0, admin_id=None, filters=filters)
    run(engine, asked.id or 0)
    with transaction(engine, write=False) as session:
        found = report(session, asked.key)
    assert found.result is not None
    assert Filters.from_dict(found.options) == filters
    votes, poems = write_files(engine, study, tmp_path, Format.CSV)
    app = Typer()
    app.command()(command)
    files = ["--votes", str(votes), "--poems", str(poems), "--json", "-"]
    people = CliRunner().invoke(app, [*files, *filters.arguments()])
    assert json.loads(people.stdout) == found.result["people"]
    assert found.result["people"] != result_of(engine, study)["people"]


def test_pandas_on_the_exported_files_gives_the_report_exactly(engine, study, tmp_path):
    result = result_of(engine, study)
    votes, poems = write_files(engine, study, tmp_path, Format.CSV)
    lines, poem_lines = write_files(engine, study, tmp_path, Format.JSONL)
    for table in (
        VoteTable.from_frames(pd.read_csv(votes, dtype=IDS), pd.read_csv(poems, dtype=IDS)),
        VoteTable.from_frames(
            pd.read_json(lines, lines=True, precise_float=True, dtype=IDS),
            pd.read_json(poem_lines, lines=True, precise_float=True, dtype=IDS),
        ),
        VoteTable.from_frames(read_frame(votes), read_frame(poems)),
        VoteTable.from_frames(read_frame(lines), read_frame(poem_lines)),
    ):
        people = analyse(table.where(~table.simulated), version=__version__)
        assert people.as_dict() == result["people"]
        assert {"rows": len(table.vote_ids), "sha256": table.sha256()} == result["data"]


def test_people_and_simulated_votes_are_reported_apart(engine, study):
    result = result_of(engine, study)
    people, simulated = result["people"]["data"], result["simulated"]["data"]
    assert people["simulated"] == 0
    assert simulated["simulated"] == simulated["rows"] > 0
    assert people["rows"] + simulated["rows"] == result["data"]["rows"]
    assert result["people"]["groups"]["nonexpert"]["log_odds"] is not None


@pytest.mark.usefixtures("charts")
def test_report_of_people_alone_says_nothing_of_a_simulation(engine):
    study = stored(engine, store_study, every_other_rater_simulated=False)
    found = reported(engine, study)
    assert found.result is not None
    assert found.result["simulated"] is None
    assert {name.partition("_")[0] for name in found.charts or {}} == {"people"}


@pytest.mark.usefixtures("charts")
def test_report_has_a_chart_for_a_desk_and_for_a_phone(engine, study):
    charts = reported(engine, study).charts or {}
    answers = {f"{w}_answer_{s}" for w in ("people", "simulated") for s in ("wide", "narrow")}
    assert answers <= set(charts)
    assert all(chart.lstrip().startswith("<svg") for chart in charts.values())
    assert charts["people_answer_wide"] != charts["people_answer_narrow"]


def test_section_that_fails_costs_itself_alone(engine, study, monkeypatch):
    def broken(_basis: object, _rng: object, _made: object) -> Part:
        raise ZeroDivisionError("float division by zero")

    answer, *rest = sections.SECTIONS
    failing = replace(rest[0], part=broken)
    monkeypatch.setattr(building, "SECTIONS", (answer, failing, *rest[1:]))
    parts = result_of(engine, study)["people"]["parts"]
    assert [part["name"] for part in parts] == [one.name for one in sections.SECTIONS]
    assert parts[1]["declined"]
    assert "could not be computed (ZeroDivisionError)" in parts[1]["sentence"]
    assert not parts[0]["declined"]


def test_finished_report_says_what_made_it(engine, study):
    found = reported(engine, study)
    assert found.finished_at is not None
    assert found.error is None
    assert (found.app_version, found.feature_version) == (__version__, FEATURE_VERSION)


def test_counts_say_who_joined_who_voted_and_how_many_ties(session):
    poem_set = make_poem_set(session)
    poems = [make_poem(session, poem_set=poem_set) for _ in range(3)]
    for poem in poems:
        measure(session, poem, {"rhyme_density": 1.0, "n_lines": 4.0, "words_per_line": 6.0})
    study = make_study(session, poem_set=poem_set)
    raters = [make_rater(session, study=study) for _ in range(3)]
    kept = make_slot(session, rater=raters[0], left=poems[0], right=poems[1])
    make_vote(session, slot=kept, choice=Choice.TIE)
    taken_back = make_slot(session, rater=raters[1], left=poems[2], right=poems[0])
    vote = make_vote(session, slot=taken_back)
    session.add(VoteRetraction(vote_id=vote.id or 0))
    asked = request_report(session, study_id=study.id or 0, admin_id=None)
    outcome = building.compute(building.collect(session, asked.id or 0))
    assert outcome.result is not None
    people = outcome.result["counts"]["people"]
    assert people["nonexpert"] == {"joined": 3, "voted": 1, "votes": 1, "ties": 1}
    assert people["expert"] == {"joined": 0, "voted": 0, "votes": 0, "ties": 0}
    assert outcome.result["counts"]["simulated"] == {}


def test_study_without_votes_gets_a_sentence_and_no_number(engine):
    study = stored(engine, _empty_study)
    result = result_of(engine, study)
    assert result["people"]["sentence"] == "Nobody has voted yet."
    assert result["people"]["groups"] == {"nonexpert": None, "expert": None}


def _empty_study(session: Session) -> Study:
    return make_study(session, poem_set=make_poem_set(session))


def test_poem_not_measured_yet_is_said_instead_of_a_result(engine, study):
    with transaction(engine, write=True) as session:
        poem = session.exec(select(Poem).order_by(col(Poem.id))).first()
        assert poem is not None
        for feature in session.exec(select(PoemFeature).where(PoemFeature.poem_id == poem.id)):
            session.delete(feature)
    found = reported(engine, study)
    assert found.error is not None
    assert found.error.startswith("1 of the 24 poems voted on are not measured yet.")
    assert found.result is None
    assert found.finished_at is not None


@pytest.mark.parametrize("kind", Format)
def test_poem_whose_rhyme_cannot_be_measured_costs_its_votes_alone(engine, study, tmp_path, kind):
    with transaction(engine, write=True) as session:
        poem = session.exec(select(Poem).order_by(col(Poem.id))).first()
        assert poem is not None
        session.get_one(PoemFeature, (poem.id, "rhyme_density")).value = None
    result = result_of(engine, study)
    people, simulated = result["people"], result["simulated"]
    for one in (people, simulated):
        left_out = one["data"]["left_out"]
        assert left_out > 0
        assert one["groups"]["nonexpert"]["votes"] > 0
        assert any(
            note.startswith(f"{left_out} vote") and "rhyme density could not be measured" in note
            for note in one["notes"]
        )
    votes, poems = write_files(engine, study, tmp_path, kind)
    app = Typer()
    app.command()(command)
    files = ["--votes", str(votes), "--poems", str(poems), "--json", "-"]
    assert json.loads(CliRunner().invoke(app, files).stdout) == people
    only = CliRunner().invoke(app, [*files, "--simulated", "only"])
    assert json.loads(only.stdout) == simulated
    if kind is Format.CSV:
        table = VoteTable.from_frames(pd.read_csv(votes, dtype=IDS), pd.read_csv(poems, dtype=IDS))
        by_hand = analyse(table.where(~table.simulated), version=__version__)
        assert by_hand.as_dict() == people
        assert {"rows": len(table.vote_ids), "sha256": table.sha256()} == result["data"]


def test_unexpected_error_is_tried_again_and_then_stored_in_plain_words(engine, study, monkeypatch):
    def broken(_collected: object) -> None:
        raise ZeroDivisionError("float division by zero")

    monkeypatch.setattr(building, "compute", broken)
    with transaction(engine, write=True) as session:
        asked = request_report(session, study_id=study.id or 0, admin_id=None)
    while work_once(engine):
        pass
    with transaction(engine, write=False) as session:
        found = report(session, asked.key)
    assert found.error is not None
    assert "division" not in found.error
    assert found.finished_at is not None


def test_finished_report_is_not_computed_again(engine, study):
    first = reported(engine, study)
    run(engine, first.id or 0)
    with transaction(engine, write=False) as session:
        assert report(session, first.key).finished_at == first.finished_at


def test_no_write_lock_is_held_while_the_analysis_runs(engine, study, monkeypatch):
    real = building.compute

    def meanwhile(collected: building.Collected, **rest: Any) -> building.Outcome:
        with transaction(engine, write=True) as session:  # would wait for ever behind a lock
            make_admin(session)
        return real(collected, **rest)

    monkeypatch.setattr(building, "compute", meanwhile)
    assert reported(engine, study).error is None


def test_asking_for_a_report_queues_its_job(session):
    study = _empty_study(session)
    admin = make_admin(session)
    asked = request_report(session, study_id=study.id or 0, admin_id=admin.id)
    (job,) = session.exec(select(Job)).all()
    assert (job.kind, job.payload) == ("report", {"report": asked.id})
    assert asked.created_by == admin.id
    assert asked.finished_at is None


def test_reports_of_a_study_come_newest_first(session):
    study, other = _empty_study(session), _empty_study(session)
    keys = [
        request_report(session, study_id=owner.id or 0, admin_id=None).key
        for owner in (study, other, study)
    ]
    assert [row.key for row in reports_of(session, study.id or 0)] == [keys[2], keys[0]]


def test_unknown_report_is_not_found(session):
    with pytest.raises(NotFound, match="no such report"):
        report(session, "nothing")
