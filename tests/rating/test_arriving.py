"""What an address says of whoever opens it."""

import pytest

from app.errors import Unusable
from app.rating.arriving import Address, Arrival, read_address, sign
from app.studies.plan import Panel

SECRET = "a secret"


def read(panel: Panel, **parameters: str) -> Address:
    return read_address(panel, parameters, link_key="key", secret=SECRET)


@pytest.mark.parametrize(
    ("panel", "parameters", "who"),
    [
        (
            Panel.PROLIFIC,
            {"PROLIFIC_PID": "5f1", "STUDY_ID": "st", "SESSION_ID": "se"},
            Arrival("prolific", "5f1", "st", "se"),
        ),
        (
            Panel.MTURK,
            {"workerId": "A3", "assignmentId": "as", "hitId": "hi"},
            Arrival("mturk", "A3", "hi", "as"),
        ),
        (Panel.SONA, {"survey_code": "123"}, Arrival("sona", "123")),
        (Panel.SONA, {"id": "456"}, Arrival("sona", "456")),
    ],
)
def test_each_panel_says_who_comes_in_words_of_its_own(panel, parameters, who):
    assert read(panel, **parameters) == Address(who)


def test_study_without_a_panel_takes_no_ids_from_an_address():
    assert read(Panel.NONE, PROLIFIC_PID="5f1", workerId="A3") == Address()


def test_address_without_an_id_is_nobodys():
    for panel in Panel:
        assert read(panel, utm_source="mail") == Address()


@pytest.mark.parametrize(
    ("panel", "parameters"),
    [
        (Panel.MTURK, {"assignmentId": "ASSIGNMENT_ID_NOT_AVAILABLE", "hitId": "hi"}),
        (Panel.PROLIFIC, {"PROLIFIC_PID": "{{%PROLIFIC_PID%}}"}),
        (Panel.SONA, {"survey_code": "%SURVEY_CODE%"}),
    ],
)
def test_address_that_names_nobody_yet_is_a_preview(panel, parameters):
    assert read(panel, **parameters) == Address(preview=True)


@pytest.mark.parametrize("odd", ["a b", "<b>", "x" * 201, "é", "-rf", "=1+1"])
def test_id_that_no_panel_gives_is_refused(odd: str):
    with pytest.raises(Unusable, match="does not say who you are"):
        read(Panel.PROLIFIC, PROLIFIC_PID=odd)


def test_signed_link_says_who_comes_and_cannot_be_made_up():
    signed = sign(SECRET, "key", "Reader 7")
    assert read(Panel.NONE, id="Reader 7", sig=signed) == Address(Arrival("list", "Reader 7"))
    for parameters in (
        {"id": "Reader 8", "sig": signed},
        {"id": "Reader 7", "sig": signed[:-1]},
        {"id": "Reader 7", "sig": ""},
        {"id": "Reader 7", "sig": sign("another", "key", "Reader 7")},
        {"id": "Reader 7", "sig": sign(SECRET, "other link", "Reader 7")},
        {"id": "Reader 7", "sig": "é"},
    ):
        with pytest.raises(Unusable, match="does not say who you are"):
            read(Panel.NONE, **parameters)
