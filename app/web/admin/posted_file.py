"""A form with a file in it, of which never more than the limit is kept."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from app.errors import Unusable

MEGABYTE = 1_000_000
_ROOM_FOR_FIELDS = 100_000  # bytes


@dataclass(frozen=True, slots=True)
class PostedFile:
    values: dict[str, str]  # the other fields
    name: str = ""  # empty: no file was chosen
    content: bytes = b""
    too_large: bool = False


class _TooLarge(MultiPartException):
    """Derived so that the parser closes what it has opened."""


async def posted_file(request: Request) -> PostedFile:
    limit = request.app.state.settings.upload_limit_mb * MEGABYTE
    parser = MultiPartParser(request.headers, _up_to(limit + _ROOM_FOR_FIELDS, request))
    try:
        form = await parser.parse()
    except _TooLarge:
        sent = {name: value for name, value in parser.items if isinstance(value, str)}
        return PostedFile(sent, too_large=True)
    except (MultiPartException, KeyError) as error:
        raise Unusable("The form did not arrive whole. Please go back and try again.") from error
    values = {name: value for name, value in form.items() if isinstance(value, str)}
    if any("\0" in value for value in values.values()):
        raise Unusable("The form holds a character that cannot be stored.")
    file = form.get("file")
    found = PostedFile(values)
    if isinstance(file, UploadFile) and file.filename:
        content = await file.read()
        found = PostedFile(values, file.filename, content, too_large=len(content) > limit)
    await form.close()
    return found


async def _up_to(limit: int, request: Request) -> AsyncGenerator[bytes, None]:
    """Takes all that is sent, since a browser reads no answer before it has sent it, but passes on
    no more than the limit."""
    n = 0
    async for piece in request.stream():
        if n < limit:
            yield piece[: limit - n]
        n += len(piece)
    if n > limit:
        raise _TooLarge("too large")


Posted = Annotated[PostedFile, Depends(posted_file)]
