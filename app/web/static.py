"""Serves static files under names that change with their content."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.pages import static_files
from app.settings import data_folder

_A_YEAR = "public, max-age=31536000, immutable"
_NEVER_ASKED_AGAIN = ("etag", "last-modified", "accept-ranges")  # its name says which version it is


class HashedFiles(StaticFiles):
    """Finds the file behind a hashed name; an unhashed or outdated name is not found, so that no
    stale copy is ever kept under a current name."""

    def __init__(self) -> None:
        super().__init__(directory=data_folder("static"))
        self._paths = {hashed: path for path, hashed in static_files().items()}

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path not in self._paths:
            raise HTTPException(status_code=404)
        response = await super().get_response(self._paths[path], scope)
        response.headers["Cache-Control"] = _A_YEAR
        for name in _NEVER_ASKED_AGAIN:
            del response.headers[name]
        return response
