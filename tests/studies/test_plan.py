"""What may be decided about a study, and what cannot work together."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.errors import Unusable
from app.studies.plan import RECOMMENDED, Design, Panel, Recruitment, When, mistakes

GOOD = Recruitment(
    panel=Panel.PROLIFIC, completion_code="C1", return_link="https://a.example/{code}"
)


def test_plans_come_back_from_the_database_as_they_were():
    design = replace(RECOMMENDED, instrument_when=When.AFTER, minimum_age=18)
    assert Design.from_json(design.to_json()) == design
    recruitment = replace(GOOD, closes_at=datetime(2027, 1, 2, 3, 4, tzinfo=UTC))
    assert Recruitment.from_json(recruitment.to_json()) == recruitment


def test_study_of_an_earlier_version_is_as_plain_as_it_was():
    assert Design.from_json({}) == Design()
    assert Recruitment.from_json({"a field": "of a later version"}) == Recruitment()


@pytest.mark.parametrize(
    "changed",
    [
        {"repeats": -1},
        {"checks": 11},
        {"minimum_age": 0},
        {"break_every": 0},
        {"fastest_reading": 50},
        {"most_one_side": 0.5},
        {"most_one_side": 1.1},
    ],
)
def test_impossible_design_is_refused(changed):
    with pytest.raises(Unusable):
        Design(**changed)


@pytest.mark.parametrize(
    ("changed", "field", "right"),
    [
        ({"completion_code": ""}, "completion_code", "needs a completion code"),
        ({"completion_code": "a b"}, "completion_code", "letters, digits"),
        ({"screened_out_code": "C1"}, "screened_out_code", "one of its own"),
        ({"return_link": "http://a.example"}, "return_link", "begins with https://"),
        ({"return_link": "https://"}, "return_link", "begins with https://"),
        ({"return_link": "https://a.example/ b"}, "return_link", "begins with https://"),
        ({"return_link": "https://a.example/{name}"}, "return_link", "{code}, {id}"),
        ({"return_link": "https://a.example/{code:9}"}, "return_link", "nothing else"),
        ({"return_link": "https://a.example/{}"}, "return_link", "nothing else"),
        ({"return_link": "https://a.example/{"}, "return_link", "begin with https://"),
        ({"panel": Panel.SONA}, "return_link", "{id}"),
        ({"panel": Panel.NONE, "only_from_panel": True}, "only_from_panel", "Choose the panel"),
        ({"keep_identities_days": -1}, "keep_identities_days", "between 0 and"),
        ({"failed_checks_forgiven": 99}, "failed_checks_forgiven", "between 0 and"),
    ],
)
def test_mistake_names_its_field_and_what_is_right(changed, field, right):
    found = mistakes(Design(), replace(GOOD, **changed))
    assert list(found) == [field]
    assert right in found[field]


def test_study_that_screens_out_needs_a_code_for_it():
    assert mistakes(Design(), GOOD) == {}
    assert list(mistakes(Design(screens_out=True), GOOD)) == ["screened_out_code"]
    with_code = replace(GOOD, screened_out_code="S1")
    assert mistakes(Design(screens_out=True), with_code) == {}
