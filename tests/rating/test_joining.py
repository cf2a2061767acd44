"""What a rater is promised and given."""

from collections import Counter

import pytest
from sqlmodel import Session, select

from app.accounts.tokens import new_token
from app.errors import Unusable
from app.models import RaterKind, Slot
from app.rating.joining import invitation, join, rater_by_token
from app.studies.lifecycle import create_study, open_study
from app.studies.queries import group_links
from tests.factories import make_poem, make_poem_set, make_prompt


def open_across_set(session: Session, *, n_poems: int, pairs: int) -> str:
    """A study of poems that each answer a prompt of their own; the link of its experts."""
    poem_set = make_poem_set(session)
    for _ in range(n_poems):
        make_poem(session, poem_set=poem_set, prompt=make_prompt(session, poem_set=poem_set))
    study = create_study(
        session,
        name="S",
        poem_set_key=poem_set.key,
        question="Which?",
        pairs_per_rater=pairs,
        seed=11,
    )
    open_study(session, study.key)
    return group_links(session, study.key)[RaterKind.EXPERT]


def test_pairs_across_a_set_are_shown_evenly_whatever_the_order_of_upload(session: Session):
    link = open_across_set(session, n_poems=12, pairs=11)
    for _ in range(30):
        join(session, link, new_token())
    shown = Counter(slot.pair_id for slot in session.exec(select(Slot)))
    assert len(shown) == 66
    assert max(shown.values()) - min(shown.values()) <= 2  # 5 on average


def test_invitation_promises_no_more_pairs_than_there_are(session: Session):
    link = open_across_set(session, n_poems=3, pairs=20)
    assert invitation(session, link).pairs == 3


def test_token_that_no_page_made_is_refused(session: Session):
    link = open_across_set(session, n_poems=3, pairs=3)
    for token in ("", "short", "x" * 33, "é" * 32, "a b" * 11):
        with pytest.raises(Unusable):
            join(session, link, token)


def test_same_token_makes_one_rater(session: Session):
    link = open_across_set(session, n_poems=3, pairs=3)
    token = new_token()
    for _ in range(2):
        join(session, link, token)
    rater = rater_by_token(session, token)
    assert rater is not None
    assert len(session.exec(select(Slot).where(Slot.rater_id == rater.id)).all()) == 3
    assert len(session.exec(select(Slot)).all()) == 3
