"""A file of poems between its choice and its storing: form, preview, confirmation."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.db import Session
from app.errors import NameTaken, NotFound, UnreadableFile, Unusable
from app.models import PoemSet, Upload
from app.poems.importing import confirm_upload, discard_upload, find_upload, prepare_upload
from app.poems.naming import MUST_BE_DECIDED
from app.poems.reading import PoemRow, Reading, read
from app.poems.trimming import what_was_done
from app.verse import Language, language, stanzas
from app.web.admin.posted_file import Posted
from app.web.admin.trims import (
    DECISIONS,
    NAMING_CHOICES,
    Chosen,
    Trims,
    look_for_trims,
    trimmed_as_chosen,
)
from app.web.deps import FormValues, ReadSession, SignedInAdmin, WriteSession
from app.web.forms import Form, parse_form
from app.web.render import page, redirect

router = APIRouter()

_POEMS_SHOWN = 3
_LINES_SHOWN = 14  # a sonnet is shown whole
_TELLING = 500  # characters that tell a poem's language
_LONGEST_NAME = 200

EXAMPLE = """\
text,source,prompt,title,style_instruction,year
"The kettle sings, the morning's grey,
I pour myself another day.",Model A,Write two lines about breakfast.,Kettle,rhymed,2025
"The kettle ticks as it cools.
Nobody has asked me anything yet.",Model B,Write two lines about breakfast.,,unrhymed,2025
"""


class UploadForm(BaseModel):
    name: str = Field(default="", max_length=_LONGEST_NAME)


class ConfirmationForm(BaseModel):
    name: str = Field(min_length=1, max_length=_LONGEST_NAME)


@dataclass(frozen=True, slots=True)
class ShownPoem:
    row: PoemRow
    stanzas: list[tuple[str, ...]]  # as much of it as is shown
    n_more: int  # lines


@dataclass(frozen=True, slots=True)
class Preview:
    reading: Reading
    sources: list[tuple[str, int]]
    prompts: list[tuple[str, str | None, int]]  # id, text, number of poems
    first: list[ShownPoem]
    trims: Trims
    n_foreign: int  # poems


@dataclass(frozen=True, slots=True)
class ReadUpload:
    reading: Reading
    chosen: Chosen

    @property
    def to_store(self) -> Reading:
        """Trimmed as chosen."""
        return self.chosen.to_store


@router.get("/uploads/new", name="admin:new_upload")
def new_upload(request: Request) -> Response:
    """A form for a file of poems, and what the file should hold."""
    return _new(request, Form())


@router.get("/uploads/example.csv", name="admin:download_example")
def download_example() -> Response:
    """A small file in the right form."""
    return Response(
        EXAMPLE,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="example-poems.csv"'},
    )


@router.post("/uploads", name="admin:create_upload")
def create_upload(
    request: Request, admin: SignedInAdmin, posted: Posted, session: WriteSession
) -> Response:
    """Keeps the file for the preview, or shows the form again. Nothing of it is a poem yet."""
    form = parse_form(UploadForm, posted.values)
    problem = _problem(request, posted)
    if problem:
        form = form.refused(file=problem)
    if form.valid is None or form.errors:
        return _new(request, form, status=422)
    name = form.valid.name.strip() or _name_of(posted.name)
    form = Form({**form.values, "name": name}, {}, form.valid)
    try:
        upload = prepare_upload(
            session,
            admin_id=admin.id or 0,
            set_name=name,
            file_name=posted.name,
            content=posted.content,
        )
    except (NameTaken, Unusable) as error:
        return _new(request, form.refused(name=str(error)), status=422)
    return redirect(request, "admin:show_upload", key=upload.key)


@router.get("/uploads/{key}", name="admin:show_upload")
def show_upload(request: Request, admin: SignedInAdmin, session: ReadSession, key: str) -> Response:
    """What would be stored, or every error that keeps it from being stored."""
    upload = find_upload(session, key, admin.id or 0)
    try:
        reading = read(upload.content, upload.file_name)
    except UnreadableFile as error:
        return _show(request, upload, unreadable=str(error), status=422)
    return _show(request, upload, reading, status=422 if reading.errors else 200)


def _upload_read(
    admin: SignedInAdmin, values: FormValues, session: ReadSession, key: str
) -> ReadUpload | None:
    """Before the write session is begun, as it stands before it in the signature."""
    try:
        upload = find_upload(session, key, admin.id or 0)
    except NotFound:
        return None
    reading = read(upload.content, upload.file_name)
    return ReadUpload(reading, trimmed_as_chosen(reading, values))


UploadRead = Annotated[ReadUpload | None, Depends(_upload_read)]


@router.post("/uploads/{key}/confirmation", name="admin:confirm_upload")
def post_confirmation(
    request: Request,
    admin: SignedInAdmin,
    values: FormValues,
    content: UploadRead,
    *,
    session: WriteSession,
    key: str,
) -> Response:
    """Stores the poems, trimmed as chosen, or shows the preview again for another name. A second
    click finds the upload stored, and leads to the sets."""
    try:
        upload = find_upload(session, key, admin.id or 0, lock=True)
    except NotFound as gone:
        return redirect(request, "admin:list_poem_sets", flash=str(gone))
    if content is None:
        return redirect(request, "admin:list_poem_sets")
    form = parse_form(ConfirmationForm, {"name": upload.set_name, **values})
    if content.chosen.errors:
        form = form.refused(**content.chosen.errors)
    if form.valid is not None and not form.errors:
        try:
            stored = _store(session, upload, form.valid.name, content)
        except (NameTaken, Unusable) as error:
            form = form.refused(name=str(error))
        else:
            said = _stored(stored, content)
            return redirect(request, "admin:show_poem_set", key=stored.key, flash=said)
    return _show(request, upload, content.reading, form=form, status=422)


@router.post("/uploads/{key}/removal", name="admin:discard_upload")
def post_removal(
    request: Request, admin: SignedInAdmin, session: WriteSession, key: str
) -> Response:
    """Forgets the file."""
    discard_upload(session, key, admin.id or 0)
    return redirect(request, "admin:new_upload", flash="The file is discarded; nothing was stored.")


def _problem(request: Request, posted: Posted) -> str | None:
    if posted.too_large:
        limit = request.app.state.settings.upload_limit_mb
        return f"The file is larger than {limit} MB, the most that is accepted."
    return None if posted.name else "Choose a file."


def _new(request: Request, form: Form[UploadForm], *, status: int = 200) -> Response:
    return page(
        request,
        "admin/uploads/new.html",
        status=status,
        form=form,
        example=EXAMPLE,
        limit_mb=request.app.state.settings.upload_limit_mb,
    )


def _show(
    request: Request,
    upload: Upload,
    reading: Reading | None = None,
    *,
    form: Form[ConfirmationForm] | None = None,
    unreadable: str = "",
    status: int,
) -> Response:
    return page(
        request,
        "admin/uploads/show.html",
        status=status,
        upload=upload,
        preview=_preview(reading) if reading else None,
        form=form or Form({"name": upload.set_name}),
        decisions=DECISIONS,
        must_be_decided=MUST_BE_DECIDED,
        naming_choices=NAMING_CHOICES,
        unreadable=unreadable,
    )


def _store(session: Session, upload: Upload, name: str, content: ReadUpload) -> PoemSet:
    """Nested, so that a name that is taken leaves the transaction and the upload as they were."""
    with session.begin_nested():
        upload.set_name = name
        return confirm_upload(
            session, upload.key, upload.admin_id, content.to_store, content.chosen.decided
        )


def _stored(poem_set: PoemSet, content: ReadUpload) -> str:
    n, done = poem_set.n_poems, what_was_done(content.reading, content.to_store)
    said = f"“{poem_set.name}” is stored: {n:,} poem{'s' * (n != 1)}"
    return f"{said} ({done})." if done else f"{said}."


def _name_of(file_name: str) -> str:
    words = re.sub(r"[\s_]+", " ", PurePath(file_name.replace("\\", "/")).stem).strip()
    return words[:_LONGEST_NAME] or "Poems"


def _preview(reading: Reading) -> Preview:
    sources = Counter(row.source for row in reading.rows)
    sizes = Counter(row.prompt_id for row in reading.rows if row.prompt_id is not None)
    texts = {row.prompt_id: row.prompt for row in reading.rows if row.prompt}
    return Preview(
        reading=reading,
        sources=sorted(sources.items(), key=lambda item: item[0].casefold()),
        prompts=[(name, texts.get(name), size) for name, size in sizes.items()],
        first=[_shown(row) for row in reading.rows[:_POEMS_SHOWN]],
        trims=look_for_trims(reading),
        n_foreign=sum(language(row.text[:_TELLING]) is Language.OTHER for row in reading.rows),
    )


def _shown(row: PoemRow) -> ShownPoem:
    whole = stanzas(row.text)
    n_lines = sum(len(stanza) for stanza in whole)
    return ShownPoem(row, list(_beginning(whole)), max(0, n_lines - _LINES_SHOWN))


def _beginning(whole: tuple[tuple[str, ...], ...]) -> Iterator[tuple[str, ...]]:
    left = _LINES_SHOWN
    for stanza in whole:
        if left > 0:
            yield stanza[:left]
        left -= len(stanza)
