"""Passwords: hashed with Argon2id, checked in the same time whether or not the admin exists."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import Unusable

MINIMUM_LENGTH = 10
_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    if len(password) < MINIMUM_LENGTH:
        raise Unusable(f"A password needs at least {MINIMUM_LENGTH} characters.")
    try:
        return _hasher.hash(password)
    except UnicodeEncodeError as error:
        raise Unusable("The password is not text in UTF-8.") from error


def is_correct(password: str, stored: str | None) -> bool:
    try:
        return _hasher.verify(stored or _nobodys_hash(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("no password is this one")
