"""The README's commands, run in its order as somebody with poems of their own would."""

import csv
import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner

from app import demo, worker
from app.accounts.tokens import new_token
from app.cli import app
from app.db import make_engine, transaction
from app.models import Choice, Poem, RaterKind, Report, Slot
from app.rating.joining import join, rater_by_token
from app.rating.serving import BlindPair, next_slot
from app.rating.voting import cast_vote
from app.reports.building import request_report
from app.studies.queries import find_study, group_links
from tests.journeys.server import running
from tests.quick_reports import quick_reports

__all__ = ["quick_reports"]  # a fixture

README = Path(__file__).resolve().parents[2] / "README.md"
MOST_LINES = 150
COMMAND = re.compile(r"^ {4}blindverse (.+?)(?:\s+#.*)?$|`blindverse ([^`]+)`", re.MULTILINE)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
RATERS = 8  # of each group
TASTE = {RaterKind.NONEXPERT: 0.8, RaterKind.EXPERT: 0.5}  # chance that the rhymed poem is chosen


def test_readme_is_short():
    assert len(README.read_text(encoding="utf-8").splitlines()) < MOST_LINES


def test_commands_and_python_of_the_readme_run_and_agree(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BLINDVERSE_DATABASE_URL", raising=False)
    text = README.read_text(encoding="utf-8")
    write_poems(tmp_path / "poems.csv")
    ran = []
    for line in (block or inline for block, inline in COMMAND.findall(text)):
        words = shlex.split(line)
        if words[0] == "serve":
            with running(*words, database_url=None, folder=tmp_path) as (address, _printed):
                assert address
        else:
            if words[0] == "export":
                rate(tmp_path / "blindverse.db", study=words[1])
            found = CliRunner().invoke(app, words, input="a long enough password\n" * 2)
            assert found.exit_code == 0, (line, found.output, found.exception)
        ran.append(words[0])
    assert set(ran) == {
        "serve",
        "admins",
        "poems",
        "studies",
        "export",
        "analyse",
        "measure",
        "power",
    }

    (block,) = PYTHON.findall(text)
    exec(compile(block, "README.md", "exec"), {})
    analysed = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert capsys.readouterr().out == analysed["sentence"] + "\n"
    assert analysed["data"]["rows"] == 2 * RATERS * 20
    assert analysed == report_of_people(tmp_path / "blindverse.db")


def write_poems(file: Path) -> None:
    """The demo's poems, as somebody's own."""
    lines = (Path(demo.__path__[0]) / "poems.jsonl").read_text(encoding="utf-8").splitlines()
    poems = [json.loads(line) for line in lines]
    with file.open("w", newline="", encoding="utf-8") as rows:
        writer = csv.DictWriter(rows, list(poems[0]))
        writer.writeheader()
        writer.writerows(poems)


def rate(database: Path, *, study: str) -> None:
    """A few raters of each group follow their link and vote to the end."""
    rng = np.random.default_rng(1)
    engine = make_engine(f"sqlite:///{database}")
    with transaction(engine, write=True) as session:
        for kind, link in group_links(session, find_study(session, study).key).items():
            for _ in range(RATERS):
                token = new_token()
                join(session, link, token)
                rater = rater_by_token(session, token)
                assert rater is not None
                while isinstance(pair := next_slot(session, rater.id), BlindPair):
                    rhymed, other = sides(session, pair)
                    cast_vote(
                        session,
                        rater_id=rater.id,
                        slot_key=pair.slot,
                        attempt=pair.attempt,
                        choice=rhymed if rng.random() < TASTE[kind] else other,
                    )
    engine.dispose()


def sides(session: Session, pair: BlindPair) -> tuple[Choice, Choice]:
    """The side of the poem that was asked to rhyme, and the other."""
    slot = session.exec(select(Slot).where(Slot.key == pair.slot)).one()
    left = session.get_one(Poem, slot.left_poem_id)
    if left.style_instruction == "rhymed":
        return Choice.LEFT, Choice.RIGHT
    return Choice.RIGHT, Choice.LEFT


def report_of_people(database: Path) -> object:
    """What the server's own report says."""
    engine = make_engine(f"sqlite:///{database}")
    with transaction(engine, write=True) as session:
        study = find_study(session, "My study")
        key = request_report(session, study_id=study.id or 0, admin_id=None).key
    while worker.work_once(engine):
        pass
    with transaction(engine, write=False) as session:
        report = session.exec(select(Report).where(Report.key == key)).one()
    engine.dispose()
    if report.result is None:
        pytest.fail(str(report.error))
    return report.result["people"]
