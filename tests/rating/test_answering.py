"""Answers about oneself: section by section, stored once, scored; and what follows from it."""

import pytest
from sqlmodel import Session, col, select

from app.accounts.tokens import new_token
from app.db import utc_now
from app.errors import StudyClosed
from app.models import Choice, Pair, Rater, RaterAnswer, RaterKind, Slot, Study
from app.rating.answering import answer, answer_part, next_part
from app.rating.joining import join, rater_by_token
from app.rating.serving import BlindPair, next_slot
from app.rating.voting import cast_vote
from app.studies.instrument import questionnaire_of
from app.studies.lifecycle import close_study
from app.studies.plan import Design, When
from app.studies.queries import group_links
from tests.studies.test_instrument import NOVICE, SCHOLAR, opened

TESTS = Design(recognition_test=True, knowledge_test=True)
NONE_KNOWN = dict.fromkeys(
    ["sonnet", "haiku", "villanelle", "enjambment", "caesura", "metaphor", "anaphora", "volta"],
    "unknown",
)


def joined(session: Session, study: Study, kind: RaterKind = RaterKind.EXPERT) -> int:
    token = new_token()
    join(session, group_links(session, study.key)[kind], token)
    rater = rater_by_token(session, token)
    assert rater is not None
    return rater.id


def answers_of(session: Session, rater: int) -> dict[str, str]:
    rows = session.exec(select(RaterAnswer).where(RaterAnswer.rater_id == rater)).all()
    return {row.item: row.value for row in rows}


def part_name(session: Session, rater: int) -> str | None:
    part = next_part(session, rater)
    return part.section.name if part else None


def test_sections_come_one_after_another_and_the_last_makes_the_score(session: Session):
    study = opened(session, TESTS)
    rater = joined(session, study)
    given = {"habits": SCHOLAR, "poets": {"heaney": "yes", "locke": "yes"}, "devices": NONE_KNOWN}
    for name, answers in given.items():
        assert part_name(session, rater) == name
        assert session.get_one(Rater, rater).answered_at is None
        answer_part(session, rater_id=rater, section=name, answers=answers)
    assert part_name(session, rater) is None
    stored = session.get_one(Rater, rater)
    assert stored.answered_at is not None
    assert stored.expertise_score == round((2 * 7 / 13) / 4, 12)
    assert (stored.scored_as, stored.self_described) == (RaterKind.NONEXPERT,) * 2
    assert stored.kind == RaterKind.EXPERT  # as invited, whatever the score
    said = answers_of(session, rater)
    assert len(said) == sum(1 for _ in questionnaire_of(study.design).items)
    assert (said["heaney"], said["locke"], said["hill"]) == ("yes", "yes", "no")


def test_section_sent_again_or_out_of_turn_changes_nothing(session: Session):
    rater = joined(session, opened(session, TESTS))
    answer_part(session, rater_id=rater, section="devices", answers=NONE_KNOWN)
    assert answers_of(session, rater) == {}
    answer_part(session, rater_id=rater, section="habits", answers=SCHOLAR)
    answer_part(session, rater_id=rater, section="habits", answers=NOVICE)
    assert answers_of(session, rater) == SCHOLAR


def test_answers_hold_the_version_they_were_given_to(session: Session):
    study = opened(session, Design())
    rater = joined(session, study)
    answer(session, rater_id=rater, answers=NOVICE)
    versions = set(session.exec(select(col(RaterAnswer.instrument_version))))
    assert versions == {questionnaire_of(study.design).version} == {"2"}


def test_rater_who_fits_no_group_is_screened_out_and_their_pairs_go_to_others(session: Session):
    study = opened(session, Design(screens_out=True))
    rater = joined(session, study)
    other = joined(session, study)
    drawn = select(col(Pair.drawn_expert)).where(Pair.study_id == study.id)
    assert session.exec(drawn).one() == 2
    answer(session, rater_id=rater, answers=NOVICE)
    assert session.get_one(Rater, rater).screened_out_at is not None
    session.expire_all()
    assert session.exec(drawn).one() == 1
    assert session.exec(select(Slot).where(Slot.rater_id == rater)).all() == []
    answer(session, rater_id=other, answers=SCHOLAR)
    assert session.get_one(Rater, other).screened_out_at is None
    assert isinstance(next_slot(session, other), BlindPair)


def test_nobody_is_screened_out_where_the_study_does_not_ask_for_it(session: Session):
    rater = joined(session, opened(session, Design()))
    answer(session, rater_id=rater, answers=NOVICE)
    assert session.get_one(Rater, rater).screened_out_at is None


def test_questions_that_come_after_the_pairs_wait_for_the_last(session: Session):
    rater = joined(session, opened(session, Design(instrument_when=When.AFTER)))
    assert next_part(session, rater) is None
    answer_part(session, rater_id=rater, section="habits", answers=SCHOLAR)
    assert answers_of(session, rater) == {}
    pair = next_slot(session, rater)
    assert isinstance(pair, BlindPair)
    cast_vote(session, rater_id=rater, slot_key=pair.slot, attempt=1, choice=Choice.LEFT)
    assert part_name(session, rater) == "habits"
    answer_part(session, rater_id=rater, section="habits", answers=SCHOLAR)
    assert session.get_one(Rater, rater).answered_at <= utc_now()  # type: ignore[operator]  # answered


def test_closed_study_asks_nothing_any_more(session: Session):
    study = opened(session, Design())
    rater = joined(session, study)
    close_study(session, study.key)
    with pytest.raises(StudyClosed):
        next_part(session, rater)
    with pytest.raises(StudyClosed):
        answer_part(session, rater_id=rater, section="habits", answers=SCHOLAR)
