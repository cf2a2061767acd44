"""How far a study has come."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.studies.monitoring import progress
from app.studies.queries import study
from app.web.deps import ReadSession
from app.web.render import page

router = APIRouter()


@router.get("/studies/{key}/progress", name="admin:show_progress")
def show_progress(request: Request, session: ReadSession, key: str) -> Response:
    """Raters and votes by group; the study's page asks for this part again and again."""
    return page(
        request,
        "admin/monitor/show.html",
        fragment="admin/monitor/_progress.html",
        study=study(session, key),
        progress=progress(session, key),
    )
