"""Downloads of a study's data."""

import re
from collections.abc import AsyncIterator, Iterator

from fastapi import APIRouter, Request
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from app.db import transaction
from app.exports.dictionary import dictionary_markdown
from app.exports.tables import Table, export
from app.exports.writers import MEDIA_TYPES, Format
from app.models import Study
from app.studies.queries import study_by_key
from app.web.deps import ReadSession

router = APIRouter()


@router.get("/studies/{key}/{table}.{format}", name="admin:download_table")
def download_table(
    request: Request,
    session: ReadSession,
    key: str,
    table: Table,
    format: Format,  # noqa: A002  # what the choice is called everywhere
    *,
    full: bool = False,
) -> Response:
    """Votes, poems, raters or checks, streamed; `full` with the votes that were taken back."""
    study = study_by_key(session, key)
    name = file_name(study, table, format, full=full)

    def pieces() -> Iterator[bytes]:
        with transaction(request.app.state.engine, write=False) as own:
            yield from export(own, study_by_key(own, key), table, format, full=full)

    return StreamingResponse(
        _behind_the_gate(request, pieces()),
        media_type=MEDIA_TYPES[format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/data-dictionary.md", name="admin:download_dictionary")
def download_dictionary() -> Response:
    """What every column of the files means."""
    return Response(
        dictionary_markdown(),
        media_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="data-dictionary.md"'},
    )


def file_name(
    study: Study,
    table: Table,
    format: Format,  # noqa: A002  # as above
    *,
    full: bool = False,
) -> str:
    """What a downloaded file is called."""
    return f"{file_stem(study.name, study.key)}-{table}{'-full' if full else ''}.{format}"


def file_stem(name: str, key: str) -> str:
    """The name as file names have it everywhere; the key where nothing is left of it."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or key


async def _behind_the_gate(request: Request, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The request's own session has ended when an answer is sent: streams hold another."""
    async with request.app.state.gates.readers:
        async for piece in iterate_in_threadpool(pieces):
            yield piece
