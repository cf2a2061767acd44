"""The front page, and whether the server is well."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app import __version__
from app.db import is_reachable
from app.web.deps import ReadSession
from app.web.render import page

router = APIRouter()


@router.get("/", name="site:front")
def front(request: Request) -> Response:
    """What this is, for whoever comes by."""
    return page(request, "site/front.html")


@router.get("/health", name="site:health")
def health(session: ReadSession) -> Response:
    """200 where the database answers: for a load balancer or a container's check."""
    is_reachable(session)
    return JSONResponse({"status": "ok", "version": __version__})
