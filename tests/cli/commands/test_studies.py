"""`blindverse studies` from draft to closed."""

import pytest

from app.db import transaction
from app.models import StudyState
from app.studies.queries import studies
from tests.cli.commands.running import done, run


def test_study_goes_from_draft_to_open_to_closed(engine, poems):
    done("poems", "import", str(poems), "--set", "Winter")
    created = done("studies", "create", "First", "--set", "Winter", "--pairs", "3")
    assert "Created the study “First”" in created
    assert "3 pairs of 6 poems" in created
    for command, state in (("open", StudyState.OPEN), ("close", StudyState.CLOSED)):
        done("studies", command, "First")
        with transaction(engine, write=False) as session:
            assert [row.state for row in studies(session)] == [state]
        assert f"{state.value:<6}        0 votes  First" in done("studies", "list")


def test_opened_study_prints_one_link_for_each_group(open_study):
    lines = [line.split() for line in open_study.splitlines()]
    assert sorted(kind for kind, _link in lines) == ["expert", "nonexpert"]
    assert len({link for _kind, link in lines}) == 2
    assert all(link.startswith("http://127.0.0.1:8000/join/") for _kind, link in lines)


def test_study_is_found_by_its_key_too(engine, open_study):
    with transaction(engine, write=False) as session:
        (key,) = [row.key for row in studies(session)]
    assert done("studies", "close", key) == "Closed.\n"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("studies", "create", "First", "--set", "Winter"), "First"),
        (("studies", "create", "Second", "--set", "Summer"), "no poem set with the name or key"),
        (
            ("studies", "create", "Second", "--set", "Winter", "--pairs", "0"),
            "Pairs per rater must be",
        ),
        (("studies", "open", "Second"), "no study with the name or key “Second”"),
        (("studies", "open", "First"), "open"),
        (("studies", "close", "Second"), "no study with the name or key “Second”"),
        (("export", "Second"), "no study with the name or key “Second”"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_with_a_study_is_said(open_study, command, said):
    ran = run(*command)
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err
