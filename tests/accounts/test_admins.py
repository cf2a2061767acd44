"""Signing in, by password and by link."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.accounts.admins import (
    admin_of,
    create_admin,
    has_right_password,
    make_sign_in_link,
    set_password,
    sign_in,
    sign_in_by_link,
    sign_out,
)
from app.accounts.tokens import installation_secret
from app.db import utc_now
from app.errors import NameTaken, NotFound, Unusable
from app.models import AdminSession, SignInFailure

PASSWORD = "a long enough password"


def test_right_password_opens_a_session_until_signing_out(session: Session):
    admin = create_admin(session, email="Ada@Example.org ", password=PASSWORD)
    token = sign_in(session, email="ada@example.org", password=PASSWORD).token
    assert token is not None
    found = admin_of(session, token)
    assert found is not None
    assert found.id == admin.id
    sign_out(session, token)
    assert admin_of(session, token) is None


def test_token_itself_is_nowhere_in_the_database(session: Session):
    create_admin(session, email="a@example.org", password=PASSWORD)
    token = sign_in(session, email="a@example.org", password=PASSWORD).token
    assert session.exec(select(AdminSession.token_hash)).one() != token


def test_wrong_password_unknown_admin_and_disabled_admin_sound_the_same(session: Session):
    admin = create_admin(session, email="a@example.org", password=PASSWORD)
    wrong = sign_in(session, email="a@example.org", password="not the password")
    unknown = sign_in(session, email="b@example.org", password=PASSWORD)
    admin.disabled_at = utc_now()
    session.flush()
    disabled = sign_in(session, email="a@example.org", password=PASSWORD)
    assert wrong == unknown == disabled
    assert wrong.token is None


def test_admin_without_password_cannot_sign_in_by_one(session: Session):
    create_admin(session, email="a@example.org")
    assert sign_in(session, email="a@example.org", password="").token is None


def test_many_failures_close_the_door_for_a_while(session: Session):
    create_admin(session, email="a@example.org", password=PASSWORD)
    for _ in range(10):
        sign_in(session, email="a@example.org", password="not the password")
    assert "Too many" in (sign_in(session, email="a@example.org", password=PASSWORD).problem or "")
    for failure in session.exec(select(SignInFailure)):
        failure.at -= timedelta(minutes=16)
    session.flush()
    assert sign_in(session, email="a@example.org", password=PASSWORD).token


def test_link_signs_in_once(session: Session):
    token = make_sign_in_link(session, create_admin(session, email="a@example.org"))
    assert admin_of(session, sign_in_by_link(session, token)) is not None
    with pytest.raises(NotFound):
        sign_in_by_link(session, token)


def test_new_password_signs_in_and_ends_other_sessions(session: Session):
    admin = create_admin(session, email="a@example.org", password=PASSWORD)
    here, elsewhere = (sign_in(session, email=admin.email, password=PASSWORD) for _ in range(2))
    assert has_right_password(session, admin.id or 0, PASSWORD)
    assert not has_right_password(session, admin.id or 0, "another password")
    set_password(session, admin.id or 0, "a new password", keep=here.token)
    assert admin_of(session, here.token or "") is not None
    assert admin_of(session, elsewhere.token or "") is None
    assert sign_in(session, email=admin.email, password=PASSWORD).token is None
    assert sign_in(session, email=admin.email, password="a new password").token


def test_admin_without_password_needs_none_to_set_the_first(session: Session):
    admin = create_admin(session, email="a@example.org")
    assert has_right_password(session, admin.id or 0, "")


def test_expired_session_is_no_session(session: Session):
    token = sign_in_by_link(
        session, make_sign_in_link(session, create_admin(session, email="a@example.org"))
    )
    session.exec(select(AdminSession)).one().expires_at = utc_now() - timedelta(seconds=1)
    session.flush()
    assert admin_of(session, token) is None


def test_unusable_accounts_are_refused(session: Session):
    create_admin(session, email="a@example.org")
    with pytest.raises(NameTaken):
        create_admin(session, email="A@example.org")
    with pytest.raises(Unusable, match="e-mail"):
        create_admin(session, email="nonsense")
    with pytest.raises(Unusable, match="characters"):
        create_admin(session, email="b@example.org", password="short")


def test_installation_secret_stays_the_same(session: Session):
    assert installation_secret(session, "signing") == installation_secret(session, "signing")
    assert installation_secret(session, "signing") != installation_secret(session, "other")
