"""The code and the way back at the end: never before it, and each the right one."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from app.accounts.tokens import new_token
from app.db import utc_now
from app.errors import SlotConflict
from app.models import Choice, Purpose, Rater, RaterKind, Slot, Study
from app.rating.admission import Acquaintance, returning
from app.rating.answering import answer
from app.rating.arriving import Arrival
from app.rating.checks import failed_checks, failed_checks_by_rater
from app.rating.ending import Ending, State, ending
from app.rating.joining import join, rater_by_token
from app.rating.participants import participants
from app.rating.serving import Done, next_slot
from app.rating.voting import cast_vote, follow_up, retract_vote
from app.rating.withdrawing import withdraw
from app.studies.lifecycle import close_study
from app.studies.plan import Design, Panel, Recruitment
from app.studies.queries import group_links
from app.studies.recruiting import change_recruitment
from tests.journeys.rater import ANSWERS
from tests.rating.test_voting import joined, opened

SECRET = "a secret"
LINK = "https://app.prolific.com/submissions/complete?cc={code}"
PROLIFIC = Recruitment(
    panel=Panel.PROLIFIC,
    completion_code="DONE",
    screened_out_code="OUT",
    failed_attention_code="SLEPT",
    return_link=LINK,
)


def study_with(session: Session, recruitment: Recruitment) -> Study:
    study = opened(session)
    change_recruitment(session, study.key, recruitment=recruitment, quotas={})
    return study


def sent(session: Session, study: Study, external_id: str = "5f1") -> int:
    """A rater whom the study's panel sends."""
    link = group_links(session, study.key)[RaterKind.NONEXPERT]
    who = Arrival(study.recruitment["panel"], external_id, "st", "se")
    token = join(session, link, new_token(), arrival=who, secret=SECRET)
    assert returning(session, link, who, secret=SECRET) == (Acquaintance.SAME_LINK, token)
    rater = rater_by_token(session, token)
    assert rater is not None
    return rater.id


def slots(session: Session, rater: int) -> list[Slot]:
    found = session.exec(select(Slot).where(Slot.rater_id == rater).order_by(Slot.position)).all()  # type: ignore[arg-type]  # a column
    for slot in found:
        slot.shown_at = slot.shown_at or utc_now()
    session.flush()
    return list(found)


def add_checks(session: Session, rater: int, *sides: Choice) -> list[str]:
    last = len(slots(session, rater))
    for position, side in enumerate(sides, start=last + 1):
        session.add(Slot(rater_id=rater, purpose=Purpose.CHECK, position=position, check_side=side))
    session.flush()
    return [slot.key for slot in slots(session, rater)[last:]]


def vote_all(session: Session, rater: int, choice: Choice = Choice.LEFT) -> None:
    for slot in slots(session, rater):
        cast_vote(session, rater_id=rater, slot_key=slot.key, attempt=1, choice=choice)


def vote_all_but_last(session: Session, rater: int) -> None:
    for slot in slots(session, rater)[:-1]:
        cast_vote(session, rater_id=rater, slot_key=slot.key, attempt=1, choice=Choice.RIGHT)


def finish(session: Session, rater: int, choice: Choice = Choice.LEFT) -> None:
    answer(session, rater_id=rater, answers=ANSWERS)
    vote_all(session, rater, choice)


def test_code_and_link_come_only_after_the_last_answer(session: Session):
    rater = sent(session, study_with(session, PROLIFIC))
    answer(session, rater_id=rater, answers=ANSWERS)
    for slot in slots(session, rater):
        assert ending(session, rater) is None
        cast_vote(session, rater_id=rater, slot_key=slot.key, attempt=1, choice=Choice.TIE)
    assert ending(session, rater) == Ending("prolific", "DONE", LINK.replace("{code}", "DONE"))
    found = next_slot(session, rater)
    assert isinstance(found, Done)
    assert found.undo is None
    with pytest.raises(SlotConflict):  # what was promised for these answers has been given
        retract_vote(session, rater_id=rater, slot_key=slot.key, attempt=1)


@pytest.mark.parametrize("closes", [False, True])
def test_code_comes_after_what_is_asked_of_the_last_choice(session: Session, closes: bool):
    study = study_with(session, PROLIFIC)
    study.design = Design(asks_confidence=True).to_json()
    rater = sent(session, study)
    finish(session, rater)
    last = slots(session, rater)[-1]
    assert ending(session, rater) is None
    if closes:  # it is asked no more
        close_study(session, study.key)
    else:
        follow_up(session, rater_id=rater, slot_key=last.key, attempt=1, confidence=None, ease=None)
    assert ending(session, rater) == Ending("prolific", "DONE", LINK.replace("{code}", "DONE"))


def test_questions_still_open_keep_the_code_back(session: Session):
    rater = sent(session, study_with(session, PROLIFIC))
    vote_all(session, rater)
    assert ending(session, rater) is None


def test_screened_out_rater_gets_a_code_of_their_own(session: Session):
    rater = sent(session, study_with(session, PROLIFIC))
    session.get_one(Rater, rater).screened_out_at = utc_now()
    session.flush()
    assert ending(session, rater) == Ending("prolific", "OUT", LINK.replace("{code}", "OUT"))


def test_link_that_names_no_code_is_only_for_those_who_finished(session: Session):
    recruitment = replace(PROLIFIC, return_link="https://panel.example/finished")
    rater = sent(session, study_with(session, recruitment))
    session.get_one(Rater, rater).screened_out_at = utc_now()
    session.flush()
    assert ending(session, rater) == Ending("prolific", "OUT", "")


@pytest.mark.parametrize(("forgiven", "code"), [(0, "SLEPT"), (1, "DONE")])
def test_failed_check_gives_its_code_unless_it_is_forgiven(session: Session, forgiven, code):
    rater = sent(session, study_with(session, replace(PROLIFIC, failed_checks_forgiven=forgiven)))
    add_checks(session, rater, Choice.RIGHT, Choice.LEFT)
    finish(session, rater)
    assert failed_checks(session, rater) == 1
    found = ending(session, rater)
    assert found is not None
    assert found.code == code


def test_check_counts_as_it_was_answered_in_the_end(session: Session):
    study = study_with(session, PROLIFIC)
    rater, other = joined(session, study), joined(session, study)
    vote_all(session, rater)
    check, _later = add_checks(session, rater, Choice.RIGHT, Choice.LEFT)
    assert failed_checks(session, rater) == 0  # not answered yet
    cast_vote(session, rater_id=rater, slot_key=check, attempt=1, choice=Choice.TIE)
    assert failed_checks(session, rater) == 1
    assert failed_checks_by_rater(session, study.id or 0) == {rater: 1}
    retract_vote(session, rater_id=rater, slot_key=check, attempt=1)
    cast_vote(session, rater_id=rater, slot_key=check, attempt=2, choice=Choice.RIGHT)
    assert failed_checks(session, rater) == failed_checks(session, other) == 0


def test_nobody_goes_back_over_several_answers_to_a_check(session: Session):
    rater = joined(session, study_with(session, PROLIFIC))
    check, first, second, _open = add_checks(session, rater, *[Choice.LEFT] * 4)
    vote_all_but_last(session, rater)
    retract_vote(session, rater_id=rater, slot_key=second, attempt=1)
    for earlier in (first, check):
        with pytest.raises(SlotConflict):
            retract_vote(session, rater_id=rater, slot_key=earlier, attempt=1)
    cast_vote(session, rater_id=rater, slot_key=second, attempt=2, choice=Choice.LEFT)
    retract_vote(session, rater_id=rater, slot_key=second, attempt=2)


def test_who_has_finished_and_then_withdraws_keeps_their_code(session: Session):
    study = study_with(session, PROLIFIC)
    rater = sent(session, study)
    finish(session, rater)
    given = ending(session, rater)
    withdraw(session, rater)
    session.expire_all()
    assert ending(session, rater) == given
    (row,) = participants(session, study)
    assert (row.state, row.code) == (State.WITHDRAWN, "DONE")


def test_code_of_a_panel_is_for_those_it_sent(session: Session):
    rater = joined(session, study_with(session, PROLIFIC))
    finish(session, rater)
    assert ending(session, rater) is None


def test_without_a_panel_everybody_gets_the_code(session: Session):
    rater = joined(session, study_with(session, Recruitment(completion_code="DONE")))
    finish(session, rater)
    assert ending(session, rater) == Ending("none", "DONE", "")


def test_without_code_and_link_there_is_nothing_to_give(session: Session):
    rater = joined(session, opened(session))
    finish(session, rater)
    assert ending(session, rater) is None


def test_id_goes_back_to_sona_safely_written(session: Session):
    link = "https://school.sona-systems.com/webstudy_credit.aspx?experiment_id=1&survey_code={id}"
    study = study_with(session, Recruitment(panel=Panel.SONA, return_link=link))
    rater = sent(session, study, external_id="12+3")
    finish(session, rater)
    assert ending(session, rater) == Ending("sona", "", link.replace("{id}", "12%2B3"))


def test_admin_sees_of_each_participant_how_far_they_are_and_their_code(session: Session):
    study = study_with(session, PROLIFIC)
    one, two, three, four = (sent(session, study, external_id=name) for name in "abcd")
    joined(session, study)  # known to nobody
    finish(session, one)
    add_checks(session, two, Choice.RIGHT)
    finish(session, two)
    answer(session, rater_id=three, answers=ANSWERS)
    rows = participants(session, study)
    assert [(row.external_id, row.state, row.code, row.failed_checks) for row in rows] == [
        ("a", "finished", "DONE", 0),
        ("b", "finished", "SLEPT", 1),
        ("c", "rating", "", 0),
        ("d", "joined", "", 0),
    ]
    assert four
