"""`blindverse flags`: who is flagged and why, who is left out, who was erased."""

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.db import transaction
from app.models import Choice
from app.rating.withdrawing import erase, withdraw
from tests.factories import (
    make_poem,
    make_poem_set,
    make_rater,
    make_slot,
    make_study,
    make_vote,
)


def test_command_lists_flagged_withdrawn_and_erased_raters(
    engine, database_url, monkeypatch: pytest.MonkeyPatch
):
    with transaction(engine, write=True) as session:
        poem_set = make_poem_set(session)
        left, right = (
            make_poem(session, poem_set=poem_set, features={"n_words": 100.0}) for _ in range(2)
        )
        study = make_study(session, poem_set=poem_set, name="Rain")
        fast, gone, erased = (make_rater(session, study=study) for _ in range(3))
        slot = make_slot(session, rater=fast, left=left, right=right)
        make_vote(session, slot=slot, choice=Choice.LEFT, decision_ms=1_000)
        withdraw(session, gone.id or 0)
        erase(session, erased.id or 0)
        keys = [fast.key, gone.key, erased.key]
    monkeypatch.setenv("BLINDVERSE_DATABASE_URL", database_url)
    ran = CliRunner().invoke(app, ["flags", "Rain", "--rules"])
    assert ran.exit_code == 0, ran.output
    lines = {line.split(" ", 1)[0]: line for line in ran.output.splitlines()}
    assert "over 700 words a minute" in lines["too_fast"]
    assert "Reads too fast: 1 of 1 timed votes" in lines[keys[0]]
    assert "counted" in lines[keys[0]]
    assert "withdrawn" in lines[keys[1]]
    assert lines[keys[2]].endswith("erased with 0 votes")
    assert ran.output.endswith("2 raters, 2 flagged, 1 left out, 1 erased.\n")
