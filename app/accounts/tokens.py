"""Secret strings: made at random, kept only as a hash. And the installation's own secrets."""

import base64
import hashlib
import hmac
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


def derived_token(secret: str, name: str) -> str:
    """The same token for the same name, which nobody can tell who has not the secret."""
    digest = hmac.digest(secret.encode(), f"token:{name}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:_BYTES]).decode()


def signature(secret: str, *parts: str) -> str:
    """Proves that this installation put these parts together; the first says what for."""
    message = "\0".join(("signed", *parts)).encode()
    digest = hmac.digest(secret.encode(), message, "sha256")
    return base64.urlsafe_b64encode(digest[:_BYTES]).decode()


def is_signature(text: str, secret: str, *parts: str) -> bool:
    return hmac.compare_digest(text.encode(), signature(secret, *parts).encode())


def installation_secret(session: Session, name: str) -> str:
    """A random value made at its first use and the same for every process ever after."""
    row = session.get(Secret, name)
    if row is None:
        row = Secret(name=name, value=secrets.token_urlsafe(32))
        session.add(row)
        session.flush()
    return row.value
