"""Who raters are to a panel is forgotten when the study's time is over."""

from datetime import timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from app.db import utc_now
from app.models import Participant, PersonalLink, RaterKind, Study, StudyState
from app.studies.plan import Recruitment
from app.studies.retention import forget_identities
from app.worker import forget_what_is_over
from tests.factories import make_poem_set, make_rater, make_study

NOW = utc_now()


def a_study(session: Session, *, closed_days_ago: int | None, keeps: int = 30) -> Study:
    study = make_study(session, poem_set=make_poem_set(session), state=StudyState.OPEN)
    study.recruitment = Recruitment(keep_identities_days=keeps).to_json()
    if closed_days_ago is not None:
        study.state, study.closed_at = StudyState.CLOSED, NOW - timedelta(days=closed_days_ago)
    rater = make_rater(session, study=study)
    session.add(
        Participant(
            rater_id=rater.id or 0, study_id=study.id or 0, panel="prolific", external_id="x"
        )
    )
    session.add(PersonalLink(study_id=study.id or 0, kind=RaterKind.EXPERT, label="Somebody"))
    session.flush()
    return study


def known(session: Session) -> list[int]:
    return list(session.execute(select(col(Participant.study_id))).scalars())


def test_identities_go_when_the_days_of_the_study_are_over(session):
    a_study(session, closed_days_ago=31)
    kept = [
        a_study(session, closed_days_ago=29),
        a_study(session, closed_days_ago=31, keeps=90),
        a_study(session, closed_days_ago=None),
    ]
    assert forget_identities(session, NOW) == 1
    assert known(session) == [study.id for study in kept]
    labels = session.execute(select(col(PersonalLink.label))).scalars().all()
    assert sorted(labels) == ["", "Somebody", "Somebody", "Somebody"]
    assert forget_identities(session, NOW) == 0


def test_worker_forgets_by_itself(engine):
    from app.db import transaction

    with transaction(engine, write=True) as session:
        a_study(session, closed_days_ago=31)
    forget_what_is_over(engine)
    with transaction(engine, write=False) as session:
        assert known(session) == []
