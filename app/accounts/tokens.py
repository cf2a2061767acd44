"""Secret strings: made at random, kept only as a hash. And the installation's own secrets."""

import hashlib
import re
import secrets

from sqlmodel import Session

from app.models import Secret

_BYTES = 24
_LENGTH = 32  # of as many bytes in base 64


def new_token() -> str:
    return secrets.token_urlsafe(_BYTES)


def is_token(text: str) -> bool:
    """Whether it could have been made by `new_token`."""
    return re.fullmatch(rf"[\w-]{{{_LENGTH}}}", text, re.ASCII) is not None


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def installation_secret(session: Session, name: str) -> str:
    """A random value made at its first use and the same for every process ever after."""
    row = session.get(Secret, name)
    if row is None:
        row = Secret(name=name, value=secrets.token_urlsafe(32))
        session.add(row)
        session.flush()
    return row.value
