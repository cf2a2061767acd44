"""Admins: created, signed in by password or by a link that works once, signed out."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from app.accounts.passwords import hash_password, is_correct
from app.accounts.tokens import hash_token, new_token
from app.db import utc_now
from app.errors import NameTaken, NotFound, Unusable
from app.models import Admin, AdminSession, SignInFailure, SignInLink

SESSION_LENGTH = timedelta(days=14)
_LINK_LENGTH = timedelta(days=7)
_FAILURES_ALLOWED = 10
_FAILURES_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class SignIn:
    """A session's token, or what kept it from being made (which must be stored all the same)."""

    token: str | None
    problem: str | None = None


def create_admin(session: Session, *, email: str, password: str | None = None) -> Admin:
    admin = Admin(
        email=require_new_email(session, email),
        password_hash=None if password is None else hash_password(password),
    )
    session.add(admin)
    session.flush()
    return admin


def require_new_email(session: Session, email: str) -> str:
    """The address as it is stored, if it is one and no admin has it."""
    email = _normal(email)
    name, at, domain = email.partition("@")
    if not (name and at and domain) or any(c.isspace() for c in email):
        raise Unusable(f"{email!r} is not an e-mail address: it needs a name, an @ and a domain.")
    if session.exec(select(Admin).where(Admin.email == email)).first():
        raise NameTaken(f"There is an admin with the e-mail {email} already.")
    return email


def admin_by_email(session: Session, email: str) -> Admin | None:
    return session.exec(select(Admin).where(Admin.email == _normal(email))).first()


def has_admins(session: Session) -> bool:
    return session.exec(select(Admin.id).limit(1)).first() is not None


def sign_in(session: Session, *, email: str, password: str) -> SignIn:
    email = _normal(email)
    if _recent_failures(session, email) >= _FAILURES_ALLOWED:
        return SignIn(
            None, "Too many attempts with this e-mail. Try again in a quarter of an hour."
        )
    admin = session.exec(
        select(Admin).where(Admin.email == email, col(Admin.disabled_at).is_(None))
    ).first()
    if not is_correct(password, admin.password_hash if admin else None) or admin is None:
        old = col(SignInFailure.at) < utc_now() - _FAILURES_WITHIN
        session.execute(delete(SignInFailure).where(old))
        session.add(SignInFailure(email=email))
        return SignIn(None, "The e-mail or the password is not right.")
    session.execute(delete(SignInFailure).where(col(SignInFailure.email) == email))
    return SignIn(_begin_session(session, admin))


def has_right_password(session: Session, admin_id: int, password: str) -> bool:
    """Whether this is the admin's password; an admin who has none yet has nothing to know."""
    stored = session.get_one(Admin, admin_id).password_hash
    return stored is None or is_correct(password, stored)


def set_password(session: Session, admin_id: int, password: str, *, keep: str | None) -> None:
    """Ends every session of this admin but the one whose token is to be kept."""
    session.get_one(Admin, admin_id).password_hash = hash_password(password)
    others = delete(AdminSession).where(col(AdminSession.admin_id) == admin_id)
    if keep is not None:
        others = others.where(col(AdminSession.token_hash) != hash_token(keep))
    session.execute(others)


def make_sign_in_link(session: Session, admin: Admin) -> str:
    """The token of a link that signs this admin in once within a week."""
    token = new_token()
    expires_at = utc_now() + _LINK_LENGTH
    session.add(
        SignInLink(admin_id=admin.id or 0, token_hash=hash_token(token), expires_at=expires_at)
    )
    session.flush()
    return token


def sign_in_by_link(session: Session, token: str) -> str:
    link = session.exec(
        select(SignInLink).where(SignInLink.token_hash == hash_token(token)).with_for_update()
    ).first()
    if link is None or link.used_at or link.expires_at < utc_now():
        raise NotFound(
            "This sign-in link has been used or is too old. `blindverse admins link EMAIL` makes "
            "a new one."
        )
    link.used_at = utc_now()
    return _begin_session(session, session.get_one(Admin, link.admin_id))


def admin_of(session: Session, token: str) -> Admin | None:
    """Who is signed in with this session's token."""
    return session.exec(
        select(Admin)
        .join(AdminSession, col(AdminSession.admin_id) == Admin.id)
        .where(
            AdminSession.token_hash == hash_token(token),
            col(AdminSession.expires_at) > utc_now(),
            col(Admin.disabled_at).is_(None),
        )
    ).first()


def sign_out(session: Session, token: str) -> None:
    session.execute(delete(AdminSession).where(col(AdminSession.token_hash) == hash_token(token)))


def forget_old_sign_ins(session: Session) -> None:
    """Sessions that have ended, and attempts that count no longer."""
    now = utc_now()
    session.execute(delete(AdminSession).where(col(AdminSession.expires_at) < now))
    session.execute(delete(SignInFailure).where(col(SignInFailure.at) < now - _FAILURES_WITHIN))


def _begin_session(session: Session, admin: Admin) -> str:
    now = utc_now()
    session.execute(delete(AdminSession).where(col(AdminSession.expires_at) < now))
    token = new_token()
    session.add(
        AdminSession(
            admin_id=admin.id or 0, token_hash=hash_token(token), expires_at=now + SESSION_LENGTH
        )
    )
    return token


def _recent_failures(session: Session, email: str) -> int:
    since = utc_now() - _FAILURES_WITHIN
    return session.exec(
        select(func.count()).where(SignInFailure.email == email, col(SignInFailure.at) > since)
    ).one()


def _normal(email: str) -> str:
    return email.strip().casefold()
