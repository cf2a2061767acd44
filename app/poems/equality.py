"""When two poems are the same text."""

from hashlib import sha256

from app.verse.text import normalise


def text_hash(text: str) -> str:
    """Equal for texts that differ in case, blanks and line breaks alone."""
    return sha256(" ".join(normalise(text).casefold().split()).encode()).hexdigest()
