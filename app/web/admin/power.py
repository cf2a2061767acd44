"""How many raters a study takes: reckoned when an admin asks."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.errors import Unusable
from app.reports.power import MOST_NONEXPERTS, MOST_POINTS, outlook
from app.studies.queries import study
from app.web.deps import ReadSession
from app.web.forms import parse_form
from app.web.render import page

router = APIRouter()

USUAL = {"points": "10", "nonexperts": "100"}


class PowerForm(BaseModel):
    points: int = Field(ge=1, le=MOST_POINTS)
    nonexperts: int = Field(ge=3, le=MOST_NONEXPERTS)


@router.get("/studies/{key}/power", name="admin:show_power")
def show_power(request: Request, session: ReadSession, key: str) -> Response:
    """Power by the number of experts, for the numbers in the address; or the form again."""
    found = study(session, key)
    form = parse_form(PowerForm, USUAL | dict(request.query_params))
    shown, refused = None, None
    if form.valid is not None:
        try:
            shown = outlook(
                session, key, points=form.valid.points, n_nonexperts=form.valid.nonexperts
            )
        except Unusable as reason:
            refused = str(reason)
    return page(
        request,
        "admin/studies/power.html",
        fragment="admin/studies/_power.html",
        status=200 if form.valid is not None else 422,
        study=found,
        form=form,
        power=shown,
        refused=refused,
    )
