"""A report by other choices than the usual."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.analysis import NotIdentified
from app.db import transaction, utc_now
from app.models import Report
from tests.web.admin.conftest import Admin
from tests.web.admin.voting import made


def choose(admin: Admin, address: str, **chosen: str) -> str:
    usual = {"feature": "rhyme_density", "ties": "half", "weights": "tau", "since": "", "until": ""}
    held = {"hold.n_lines": "yes", "hold.words_per_line": "yes"}
    return admin.send(f"{address}/others", data=usual | held | chosen)


def test_other_choices_give_a_new_report_that_says_so_and_leave_the_old_one(
    admin: Admin, voted: str
):
    address = made(admin, voted)
    admin.open(f"{address}/result.json")
    before = admin.source
    choose(admin, address, ties="drop", feature="n_words", **{"hold.rhyme_density": "yes"})
    other = admin.address
    admin.let_worker_finish()
    page = admin.open(other)
    assert other != address
    assert "How much does number of words drive choices?" in page
    assert "Number of words stands in rhyme's place." in page
    assert "Ties are left out." in page
    assert "--feature n_words --adjust n_lines,words_per_line,rhyme_density --ties drop" in page
    assert 'name="hold.rhyme_density" value="yes" checked' in admin.source
    for name in ("report.html", "report.md"):
        admin.open(f"{other}/{name}")
        assert "Ties are left out." in admin.source
    admin.open(f"{address}/result.json")
    assert admin.source == before
    assert "choices of its own" not in admin.open(address)
    listed = admin.open(voted)
    assert "Ties are left out." in listed
    assert "As planned" in listed


def test_only_the_votes_of_the_days_asked_for_are_counted(admin: Admin, voted: str):
    address = made(admin, voted)
    today = utc_now().date()
    choose(
        admin, address, since=str(today - timedelta(days=1)), until=str(today + timedelta(days=1))
    )
    both = admin.address
    before = today - timedelta(days=2)
    choose(admin, address, until=str(before))
    none = admin.address
    admin.let_worker_finish()
    assert "80 rows of the export" in admin.open(both)
    assert f"Only votes cast from {today - timedelta(days=1)} to" in admin.open(both)
    assert f"No vote was cast until {before}" in admin.open(none)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"since": "yesterday"}, "The first day must be a day, as in 2026-01-31."),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "must not be before the first"),
        ({"feature": "beauty"}, "Choose one of the features."),
        ({"ties": "thirds"}, "Choose one of those listed."),
    ],
)
def test_wrong_choice_is_said_beside_its_field_and_makes_no_report(
    admin: Admin, voted: str, wrong: dict[str, str], said: str
):
    address = made(admin, voted)
    page = choose(admin, address, **wrong)
    assert admin.status == 422
    assert said in page
    with transaction(admin.app.state.engine, write=False) as session:
        assert len(session.exec(select(Report)).all()) == 1


def test_hierarchical_model_is_made_when_asked_for_and_shows_how_far_it_is(
    admin: Admin, voted: str, monkeypatch: pytest.MonkeyPatch
):
    looks: list[str] = []

    def sampled(_table: object, _options: object, _sampling: object, *, progress: object) -> None:
        assert callable(progress)
        progress(450, 1000)
        looks.append(admin.open(admin.address))
        raise NotIdentified("This was sampled.")

    monkeypatch.setattr("app.analysis.hierarchical_part.is_installed", lambda: True)
    monkeypatch.setattr("app.analysis.hierarchical_part.fit_hierarchical", sampled)
    monkeypatch.setattr("app.web.admin.report_choices.is_installed", lambda: True)
    address = made(admin, voted)
    assert "Does a model with every source of variation agree?" not in admin.open(address)
    choose(admin, address, hierarchical="yes")
    admin.let_worker_finish()
    page = admin.open(admin.address)
    assert "The hierarchical model is being sampled: 45% of the most steps" in looks[0]
    assert "A hierarchical model was asked for beside the main estimate." in page
    assert "This was sampled." in page


def test_hierarchical_model_that_is_not_installed_says_what_to_install(
    admin: Admin, voted: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.web.admin.report_choices.is_installed", lambda: False)
    address = made(admin, voted)
    page = admin.open(address)
    assert "Not installed here: pip install 'blindverse[bayes]'" in page
    page = choose(admin, address, hierarchical="yes")
    assert admin.answer.status_code == 422
    assert "One thing to put right" in page
