"""Whom an invitation lets in, also when many come at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from app.accounts.tokens import new_token
from app.db import transaction, utc_now
from app.errors import JoiningOver, LinkUsed, NotFound, StudyFull
from app.models import ConsentText, Participant, PersonalLink, Rater, RaterKind, Slot, Study
from app.rating.admission import Acquaintance, Standing, acquaintance, returning
from app.rating.arriving import Arrival
from app.rating.joining import invitation, join, rater_by_token
from app.studies.plan import Panel, Recruitment
from app.studies.queries import group_links
from app.studies.recruiting import (
    change_recruitment,
    make_personal_links,
    personal_links,
    set_quotas,
)
from tests.rating.test_voting import opened

SECRET = "a secret"
AT_ONCE = 16
PROLIFIC = Recruitment(panel=Panel.PROLIFIC, completion_code="C1")
SOMEBODY = Arrival("prolific", "5f1", "study", "session")


def link_of(session: Session, study: Study, kind: RaterKind = RaterKind.EXPERT) -> str:
    return group_links(session, study.key)[kind]


def recruit(session: Session, study: Study, recruitment: Recruitment) -> None:
    change_recruitment(session, study.key, recruitment=recruitment, quotas={})


def count_raters(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Rater)).one()


def test_group_is_full_at_its_quota_and_the_other_is_not(session: Session):
    study = opened(session)
    set_quotas(session, study.id or 0, {RaterKind.EXPERT: 2})
    link = link_of(session, study)
    for _ in range(2):
        assert invitation(session, link).standing is Standing.OPEN
        join(session, link, new_token())
    assert invitation(session, link).standing is Standing.FULL
    with pytest.raises(StudyFull):
        join(session, link, new_token())
    join(session, link_of(session, study, RaterKind.NONEXPERT), new_token())


def test_rater_who_is_screened_out_leaves_their_place(session: Session):
    study = opened(session)
    set_quotas(session, study.id or 0, {RaterKind.EXPERT: 1})
    link, token = link_of(session, study), new_token()
    join(session, link, token)
    session.exec(select(Rater)).one().screened_out_at = utc_now()
    session.flush()
    assert invitation(session, link).standing is Standing.OPEN
    rater = rater_by_token(session, token)
    assert rater is not None
    assert rater.screened_out


def test_form_sent_twice_takes_one_place_and_is_not_told_that_all_are_taken(session: Session):
    study = opened(session)
    set_quotas(session, study.id or 0, {RaterKind.EXPERT: 1})
    token = new_token()
    for _ in range(2):
        assert join(session, link_of(session, study), token) == token
    assert count_raters(session) == 1


def test_quota_holds_when_many_join_at_once(engine: Engine):
    with transaction(engine, write=True) as session:
        study = opened(session)
        set_quotas(session, study.id or 0, {RaterKind.EXPERT: 5})
        link = link_of(session, study)

    def one(_n: int) -> bool:
        try:
            with transaction(engine, write=True) as session:
                join(session, link, new_token())
        except StudyFull:
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        let_in = sum(pool.map(one, range(3 * AT_ONCE)))
    with transaction(engine, write=False) as session:
        assert let_in == count_raters(session) == 5


def test_person_who_comes_many_times_at_once_is_one_rater(engine: Engine):
    with transaction(engine, write=True) as session:
        study = opened(session)
        recruit(session, study, PROLIFIC)
        link = link_of(session, study)

    def one(_n: int) -> str:
        with transaction(engine, write=True) as session:
            return join(session, link, new_token(), arrival=SOMEBODY, secret=SECRET)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        tokens = set(pool.map(one, range(2 * AT_ONCE)))
    assert len(tokens) == 1
    with transaction(engine, write=False) as session:
        assert count_raters(session) == 1
        assert session.exec(select(func.count()).select_from(Slot)).one() == 3
        assert rater_by_token(session, tokens.pop()) is not None


def test_returning_person_gets_the_same_token_again_so_that_no_link_of_theirs_dies(
    session: Session,
):
    study = opened(session)
    recruit(session, study, PROLIFIC)
    link = link_of(session, study)
    assert returning(session, link, SOMEBODY, secret=SECRET) == (Acquaintance.NONE, "")
    token = join(session, link, new_token(), arrival=SOMEBODY, secret=SECRET)
    later = replace(SOMEBODY, external_session="another")
    assert returning(session, link, later, secret=SECRET) == (Acquaintance.SAME_LINK, token)
    # ... also after joining has ended, and by the link of the other group
    other = link_of(session, study, RaterKind.NONEXPERT)
    recruit(session, study, replace(PROLIFIC, closes_at=utc_now()))
    assert returning(session, other, later, secret=SECRET) == (Acquaintance.SAME_PERSON, token)
    assert join(session, other, new_token(), arrival=later, secret=SECRET) == token


def test_who_somebody_is_to_a_panel_stands_apart_from_the_rater(session: Session):
    study = opened(session)
    recruit(session, study, PROLIFIC)
    join(session, link_of(session, study), new_token(), arrival=SOMEBODY, secret=SECRET)
    known = session.exec(select(Participant)).one()
    assert (known.panel, known.external_id) == ("prolific", "5f1")
    assert (known.external_study, known.external_session) == ("study", "session")
    rater = session.exec(select(Rater)).one()
    assert "5f1" not in str(rater.model_dump())


def test_nobody_new_joins_after_the_closing_date(session: Session):
    study = opened(session)
    link, token = link_of(session, study), new_token()
    join(session, link, token)
    recruit(session, study, Recruitment(closes_at=utc_now() + timedelta(hours=1)))
    assert invitation(session, link).standing is Standing.OPEN
    recruit(session, study, Recruitment(closes_at=utc_now() - timedelta(seconds=1)))
    assert invitation(session, link).standing is Standing.OVER
    with pytest.raises(JoiningOver):
        join(session, link, new_token())
    assert acquaintance(session, [token], link) == (Acquaintance.SAME_LINK, token)


def test_study_for_a_panel_alone_lets_in_whom_the_panel_sends_and_personal_links(
    session: Session,
):
    study = opened(session)
    make_personal_links(session, study.key, kind=RaterKind.EXPERT, labels=["A reader"])
    recruit(session, study, replace(PROLIFIC, only_from_panel=True))
    link = link_of(session, study)
    assert invitation(session, link).standing is Standing.ELSEWHERE
    with pytest.raises(NotFound):
        join(session, link, new_token())
    join(session, link, new_token(), arrival=SOMEBODY, secret=SECRET)
    (personal,) = personal_links(session, study.id or 0)
    join(session, personal.key, new_token())
    assert count_raters(session) == 2


def test_personal_link_lets_one_person_in_and_then_knows_them(session: Session):
    study = opened(session)
    make_personal_links(session, study.key, kind=RaterKind.EXPERT, labels=["A reader"])
    (link,) = personal_links(session, study.id or 0)
    assert invitation(session, link.key).standing is Standing.OPEN
    token = new_token()
    for _ in range(2):  # sent twice
        join(session, link.key, token)
    for key in (link.key, link_of(session, study)):
        assert acquaintance(session, [token], key) == (Acquaintance.SAME_LINK, token)
    assert invitation(session, link.key).standing is Standing.USED
    with pytest.raises(LinkUsed):
        join(session, link.key, new_token())
    rater = session.exec(select(Rater)).one()
    assert rater.kind is RaterKind.EXPERT
    assert session.exec(select(PersonalLink)).one().used_at is not None


def test_group_link_made_no_owner_of_a_personal_link(session: Session):
    study = opened(session)
    make_personal_links(session, study.key, kind=RaterKind.EXPERT, labels=[""])
    (link,) = personal_links(session, study.id or 0)
    token = new_token()
    join(session, link_of(session, study), token)
    assert acquaintance(session, [token], link.key) == (Acquaintance.TAKEN_PART, token)


def test_browser_goes_on_as_whichever_of_its_raters_the_link_is_for(session: Session):
    study = opened(session)
    study.name = "Another"
    other = opened(session)
    link = link_of(session, study)
    expert, elsewhere = new_token(), new_token()
    join(session, link, expert)
    join(session, link_of(session, other), elsewhere)
    both = [elsewhere, expert]
    assert acquaintance(session, both, link)[1] == expert
    assert acquaintance(session, both, link_of(session, other))[1] == elsewhere
    assert acquaintance(session, [elsewhere], link) == (Acquaintance.NONE, "")


def test_browser_takes_part_in_one_group_whoever_the_panel_says_has_come(session: Session):
    study = opened(session)
    recruit(session, study, PROLIFIC)
    token = new_token()
    join(session, link_of(session, study), token)
    link = link_of(session, study, RaterKind.NONEXPERT)
    for arrival in (None, SOMEBODY):
        how = acquaintance(session, [token], link, arrival)
        assert how == (Acquaintance.TAKEN_PART, token)
    same_group = acquaintance(session, [token], link_of(session, study), SOMEBODY)
    assert same_group == (Acquaintance.SOMEBODY, token)


def test_personal_link_opened_by_many_at_once_lets_one_in(engine: Engine):
    with transaction(engine, write=True) as session:
        study = opened(session)
        make_personal_links(session, study.key, kind=RaterKind.EXPERT, labels=[""])
        (link,) = personal_links(session, study.id or 0)

    def one(_n: int) -> bool:
        try:
            with transaction(engine, write=True) as session:
                join(session, link.key, new_token())
        except LinkUsed:
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(one, range(2 * AT_ONCE))) == 1
    with transaction(engine, write=False) as session:
        assert count_raters(session) == 1


def test_text_consented_to_is_kept_once_word_for_word(engine: Engine):
    with transaction(engine, write=True) as session:
        link = link_of(session, opened(session))

    def one(n: int) -> None:
        text = "Please read poems.\nI agree." if n % 2 else "Please read poems!\nI agree."
        with transaction(engine, write=True) as session:
            join(session, link, new_token(), consented_to=text)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, range(AT_ONCE)))
    with transaction(engine, write=False) as session:
        texts = {row.version: row.text for row in session.exec(select(ConsentText))}
        assert sorted(texts.values()) == [
            "Please read poems!\nI agree.",
            "Please read poems.\nI agree.",
        ]
        versions = session.exec(select(Rater.consent_version).order_by(col(Rater.id))).all()
        assert len(versions) == AT_ONCE
        assert set(versions) == set(texts)
