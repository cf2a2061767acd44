"""Recruiting may change while a study is open; what raters were promised may not."""

import pytest
from sqlmodel import Session

from app.errors import Conflict, DesignFrozen, Unusable
from app.models import RaterKind
from app.studies.lifecycle import close_study, edit_draft
from app.studies.plan import Design, Panel, Recruitment
from app.studies.queries import study
from app.studies.recruiting import (
    change_recruitment,
    make_personal_links,
    personal_links,
    quotas,
)
from tests.rating.test_voting import opened

PROLIFIC = Recruitment(panel=Panel.PROLIFIC, completion_code="C1")


def test_recruitment_and_quotas_change_while_the_study_is_open_and_the_design_does_not(
    session: Session,
):
    key = opened(session).key
    change_recruitment(
        session, key, recruitment=PROLIFIC, quotas={RaterKind.EXPERT: 7, RaterKind.NONEXPERT: None}
    )
    found = study(session, key)
    assert found.recruitment == PROLIFIC
    assert quotas(session, found.id) == {RaterKind.EXPERT: 7, RaterKind.NONEXPERT: None}
    with pytest.raises(DesignFrozen):
        edit_draft(
            session,
            key,
            name="Study",
            question="Which?",
            pairs_per_rater=3,
            title="",
            about="",
            design=Design(repeats=1),
        )
    assert study(session, key).design == Design()


def test_closed_study_recruits_nobody(session: Session):
    key = opened(session).key
    close_study(session, key)
    with pytest.raises(Conflict):
        change_recruitment(session, key, recruitment=PROLIFIC, quotas={})
    with pytest.raises(Conflict):
        make_personal_links(session, key, kind=RaterKind.EXPERT, labels=[""])


def test_identities_are_kept_no_longer_than_raters_were_told(session: Session):
    key = opened(session).key
    with pytest.raises(Unusable, match="promised"):
        change_recruitment(
            session, key, recruitment=Recruitment(keep_identities_days=91), quotas={}
        )
    change_recruitment(session, key, recruitment=Recruitment(keep_identities_days=30), quotas={})


def test_recruitment_that_cannot_work_is_refused(session: Session):
    key = opened(session).key
    with pytest.raises(Unusable, match="completion code"):
        change_recruitment(session, key, recruitment=Recruitment(panel=Panel.MTURK), quotas={})
    with pytest.raises(Unusable, match="quota"):
        change_recruitment(session, key, recruitment=PROLIFIC, quotas={RaterKind.EXPERT: -1})


def test_personal_links_are_as_many_as_labels_and_all_different(session: Session):
    made = opened(session)
    assert make_personal_links(session, made.key, kind=RaterKind.EXPERT, labels=["A", "", ""]) == 3
    found = personal_links(session, made.id or 0)
    assert [link.label for link in found] == ["A", "", ""]
    assert len({link.key for link in found}) == 3
    with pytest.raises(Unusable):
        make_personal_links(session, made.key, kind=RaterKind.EXPERT, labels=[])
