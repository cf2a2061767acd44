"""A draft can be changed and deleted until it is opened; then neither."""

import pytest
from sqlmodel import Session, select

from app.errors import DesignFrozen, NameTaken, NotFound, Unusable
from app.models import GroupLink, PoemSet, RaterKind, Study
from app.studies.lifecycle import close_study, create_study, delete_draft, edit_draft, open_study
from app.studies.queries import study, votes_by_people
from tests.factories import (
    make_poem,
    make_poem_set,
    make_prompted_poems,
    make_rater,
    make_slot,
    make_study,
    make_vote,
)


@pytest.fixture
def draft(session: Session) -> Study:
    poem_set = make_poem_set(session)
    make_prompted_poems(session, poem_set=poem_set, each=3)
    return create_study(
        session,
        name="Draft",
        poem_set_key=poem_set.key,
        question="Which poem do you prefer?",
        pairs_per_rater=2,
    )


def change(session: Session, key: str, **changed: object) -> Study:
    values = {"name": "Draft", "question": "Why?", "pairs_per_rater": 3, "title": "", "about": ""}
    return edit_draft(session, key, **values | changed)  # type: ignore[arg-type]  # mixed values


def test_draft_takes_every_change(session: Session, draft: Study):
    change(session, draft.key, name=" New ", title="Two poems", about="By us", pairs_per_rater=5)
    found = study(session, draft.key)
    assert (found.name, found.title, found.question) == ("New", "Two poems", "Why?")
    assert (found.about, found.pairs_per_rater) == ("By us", 5)
    assert open_study(session, draft.key).pairs_per_rater == 5


def test_changed_draft_may_keep_its_name_and_take_no_other(session: Session, draft: Study):
    other = make_study(session, poem_set=session.get_one(PoemSet, draft.poem_set_id))
    assert change(session, draft.key, name="Draft").question == "Why?"
    with pytest.raises(NameTaken):
        change(session, draft.key, name=other.name)
    assert study(session, draft.key).name == "Draft"


@pytest.mark.parametrize("changed", [{"name": " "}, {"question": ""}, {"pairs_per_rater": 0}])
def test_change_that_no_study_could_have_is_refused(
    session: Session, draft: Study, changed: dict[str, object]
):
    with pytest.raises(Unusable):
        change(session, draft.key, **changed)


def test_deleted_draft_takes_its_links_and_leaves_its_poems(session: Session, draft: Study):
    key, poem_set_id = draft.key, draft.poem_set_id
    delete_draft(session, key)
    assert session.exec(select(GroupLink)).all() == []
    assert session.get(PoemSet, poem_set_id) is not None
    with pytest.raises(NotFound):
        delete_draft(session, key)


def test_opened_study_is_neither_changed_nor_deleted(session: Session, draft: Study):
    open_study(session, draft.key)
    for _state in ("open", "closed"):
        with pytest.raises(DesignFrozen):
            change(session, draft.key, name="Too late")
        with pytest.raises(DesignFrozen):
            delete_draft(session, draft.key)
        if draft.closed_at is None:
            close_study(session, draft.key)
    assert study(session, draft.key).name == "Draft"


def test_votes_of_people_are_counted_without_the_simulated_and_the_judges(session: Session):
    poem_set = make_poem_set(session)
    left, right = make_poem(session, poem_set=poem_set), make_poem(session, poem_set=poem_set)
    voted, empty = make_study(session, poem_set=poem_set), make_study(session, poem_set=poem_set)
    pair_of = make_slot(session, rater=make_rater(session, study=voted), left=left, right=right)
    make_vote(session, slot=pair_of)
    third = make_poem(session, poem_set=poem_set)
    fourth = make_poem(session, poem_set=poem_set)
    simulated = make_rater(session, study=voted, simulated=True)
    make_vote(session, slot=make_slot(session, rater=simulated, left=left, right=third))
    judge = make_rater(session, study=voted, kind=RaterKind.JUDGE)
    make_vote(session, slot=make_slot(session, rater=judge, left=left, right=fourth))
    assert votes_by_people(session) == {voted.key: 1}
    assert empty.key not in votes_by_people(session)
