"""An admin's correction of a poem's rhyme scheme, and its withdrawal.

What depends on rhyme is measured by the corrected scheme from then on, whatever becomes of the
program's own ear.
"""

import re
from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.errors import NotFound, Unusable
from app.models import Poem, PoemSet, SchemeCorrection
from app.poems.comparing import ask_for_comparing
from app.poems.measuring import PoemText, lock_poems, measured, store_features
from app.verse import lines, stanzas, tidy_scheme, write_scheme

MOST_LINES = 5_000  # more make no form

_LABEL = re.compile(r"[A-Za-z](?:[1-9]\d?)?")
_NONE = {"", "-", "–", "—", "x", "X"}  # X by the custom of writing schemes


def wrong_labels(typed: Sequence[str]) -> dict[int, str]:
    """By line, from 1: what is wrong with its label."""
    return {
        number: (
            f"Line {number}: “{label}” is no label. Type one letter from A to Z (after Z comes "
            "A1), or - or X where the line rhymes with none."
        )
        for number, label in enumerate(typed, 1)
        if label.strip() not in _NONE and not _LABEL.fullmatch(label.strip())
    }


def correct_scheme(
    session: Session,
    *,
    set_key: str,
    poem_id: str,
    typed: Sequence[str],
    note: str = "",
    admin_id: int,
) -> None:
    """Store one label a line as it was typed, and measure the poem by it. The same correction sent
    twice is one."""
    poem = _locked(session, set_key, poem_id)
    _check(poem, typed)
    labels = [None if label.strip() in _NONE else label.strip().upper() for label in typed]
    scheme = write_scheme(tidy_scheme(labels), map(len, stanzas(poem.text)))
    newest = _newest(session, poem)
    if newest and (newest.scheme, newest.note, newest.made_by) == (scheme, note, admin_id):
        return
    _store(session, poem, scheme=scheme, note=note, admin_id=admin_id)


def withdraw_correction(session: Session, *, set_key: str, poem_id: str, admin_id: int) -> None:
    """From now on the scheme is the one that the program hears."""
    poem = _locked(session, set_key, poem_id)
    newest = _newest(session, poem)
    if newest and newest.scheme is not None:
        _store(session, poem, scheme=None, note="", admin_id=admin_id)


def _locked(session: Session, set_key: str, poem_id: str) -> Poem:
    statement = (
        select(Poem)
        .join(PoemSet, col(PoemSet.id) == Poem.poem_set_id)
        .where(PoemSet.key == set_key, Poem.poem_id == poem_id)
    )
    poem = session.exec(statement).first()
    if poem is None:
        raise NotFound("There is no such poem in this set.")
    lock_poems(session, [poem.id or 0])
    return poem


def _check(poem: Poem, typed: Sequence[str]) -> None:
    n_lines = len(lines(poem.text))
    if len(typed) != n_lines:
        raise Unusable(f"A scheme for this poem has {n_lines} labels, not {len(typed)}.")
    for wrong in wrong_labels(typed).values():
        raise Unusable(wrong)


def _newest(session: Session, poem: Poem) -> SchemeCorrection | None:
    statement = (
        select(SchemeCorrection)
        .where(SchemeCorrection.poem_id == poem.id)
        .order_by(col(SchemeCorrection.id).desc())
        .limit(1)
    )
    return session.exec(statement).first()


def _store(session: Session, poem: Poem, *, scheme: str | None, note: str, admin_id: int) -> None:
    poem_row_id = poem.id or 0
    made = SchemeCorrection(poem_id=poem_row_id, scheme=scheme, note=note, made_by=admin_id)
    session.add(made)
    session.flush()
    correction_id = None if scheme is None else made.id
    text = PoemText(poem_row_id, poem.text, correction_id, scheme)
    store_features(session, [measured(text)])
    ask_for_comparing(session, poem.poem_set_id)
