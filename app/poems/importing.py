"""One upload to one poem set, in the caller's one transaction: all of its poems or none."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app import jobs
from app.db import utc_now
from app.errors import NameTaken, NotFound, Unusable
from app.models import Poem, PoemSet, Prompt, Upload
from app.poems.equality import text_hash
from app.poems.measuring import JOB as MEASURING
from app.poems.naming import Decided
from app.poems.reading import PoemRow, Reading

_AT_ONCE = 1000  # rows of one statement
_LONGEST_NAME = 200
_UPLOADS_LAST = timedelta(days=1)


def import_poems(
    session: Session,
    reading: Reading,
    *,
    name: str,
    file_name: str,
    content_sha256: str,
    admin_id: int | None = None,
    decided: Decided | None = None,
) -> PoemSet:
    if reading.errors:
        first = reading.errors[0]
        raise Unusable(
            f"Nothing was stored: the file has {len(reading.errors):,} "
            f"{'error' if len(reading.errors) == 1 else 'errors'}. "
            f"The first is on line {first.line}: {first.message}"
        )
    if not reading.rows:
        raise Unusable("The file holds no poems.")
    poem_set = PoemSet(
        name=_free_name(session, name),
        file_name=file_name,
        file_sha256=content_sha256,
        n_poems=len(reading.rows),
        decisions=decided.to_json() if decided else {},
        created_by=admin_id,
    )
    set_id = _store_set(session, poem_set)
    _store_poems(session, set_id, reading.rows, _store_prompts(session, set_id, reading.rows))
    jobs.enqueue(session, MEASURING, poem_set=set_id)
    return poem_set


def prepare_upload(
    session: Session, *, admin_id: int, set_name: str, file_name: str, content: bytes
) -> Upload:
    """Keep a file until its preview is confirmed. Those that nobody confirmed within a day go."""
    session.execute(delete(Upload).where(col(Upload.created_at) < utc_now() - _UPLOADS_LAST))
    upload = Upload(
        admin_id=admin_id,
        set_name=_free_name(session, set_name),
        file_name=file_name,
        content=content,
    )
    session.add(upload)
    session.flush()
    return upload


def find_upload(session: Session, key: str, admin_id: int, *, lock: bool = False) -> Upload:
    """With `lock`, whoever asks for it at the same time waits, and then finds nothing."""
    statement = select(Upload).where(Upload.key == key, Upload.admin_id == admin_id)
    if lock:
        statement = statement.with_for_update()
    upload = session.exec(statement).first()
    if upload is None:
        raise NotFound("This upload is no longer here: it was stored, discarded or is a day old.")
    return upload


def confirm_upload(
    session: Session, key: str, admin_id: int, reading: Reading, decided: Decided | None = None
) -> PoemSet:
    """Store the poems of an upload as they were read from its content. The reading is the caller's,
    so that nobody's vote waits for a long file."""
    upload = find_upload(session, key, admin_id)
    poem_set = import_poems(
        session,
        reading,
        name=upload.set_name,
        file_name=upload.file_name,
        content_sha256=sha256(upload.content).hexdigest(),
        admin_id=admin_id,
        decided=decided,
    )
    session.delete(upload)
    session.flush()
    return poem_set


def discard_upload(session: Session, key: str, admin_id: int) -> None:
    session.delete(find_upload(session, key, admin_id, lock=True))
    session.flush()


def _free_name(session: Session, name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        raise Unusable(f"The poem set needs a name of 1 to {_LONGEST_NAME} characters.")
    if session.exec(select(PoemSet.id).where(PoemSet.name == name)).first() is not None:
        raise _taken(name)
    return name


def _taken(name: str) -> NameTaken:
    return NameTaken(f"There is a poem set called “{name}” already: choose another name.")


def _store_set(session: Session, poem_set: PoemSet) -> int:
    session.add(poem_set)
    try:
        session.flush()
    except IntegrityError as error:  # someone else took the name since we looked
        raise _taken(poem_set.name) from error
    assert poem_set.id is not None  # noqa: S101  # given by the flush
    return poem_set.id


def _store_prompts(session: Session, set_id: int, rows: tuple[PoemRow, ...]) -> dict[str, int]:
    """Row numbers by the file's prompt ids."""
    texts: dict[str, str | None] = {}
    for row in rows:
        if row.prompt_id is not None:
            texts[row.prompt_id] = texts.get(row.prompt_id) or row.prompt
    values = (
        {"poem_set_id": set_id, "prompt_id": name, "text": text and _line_ends(text)}
        for name, text in texts.items()
    )
    _insert(session, Prompt, values)
    stored = select(Prompt.prompt_id, col(Prompt.id)).where(Prompt.poem_set_id == set_id)
    return {name: number for name, number in session.exec(stored) if number is not None}


def _store_poems(
    session: Session, set_id: int, rows: tuple[PoemRow, ...], prompts: dict[str, int]
) -> None:
    values = (
        {
            "poem_set_id": set_id,
            "poem_id": row.poem_id,
            "prompt_id": prompts[row.prompt_id] if row.prompt_id is not None else None,
            "source": row.source,
            "title": row.title,
            "text": _line_ends(row.text),
            "text_hash": text_hash(row.text),
            "style_instruction": row.style_instruction,
            "meta": row.meta,
        }
        for row in rows
    )
    _insert(session, Poem, values)


def _insert(
    session: Session, table: type[Poem] | type[Prompt], rows: Iterator[dict[str, Any]]
) -> None:  # Any: what columns hold
    connection = session.connection()  # past the session's own record of every row
    while chunk := list(islice(rows, _AT_ONCE)):
        connection.execute(insert(table), chunk)


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
