"""Signing in and out."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse, Response

from app.accounts.admins import SESSION_LENGTH, admin_of, sign_in, sign_in_by_link, sign_out
from app.web.deps import ADMIN_COOKIE, FormValues, ReadSession, WriteSession
from app.web.forms import Form, parse_form
from app.web.render import page, redirect
from app.web.security import set_cookie

router = APIRouter()


class SignInForm(BaseModel):
    email: str = Field(min_length=1, max_length=320)
    password: str = Field(min_length=1, max_length=1000)
    next: str = Field(default="", max_length=2000)


@router.get("/sign-in", name="admin:show_sign_in")
def show_sign_in(request: Request, next: str = "") -> Response:  # noqa: A002  # the address's word
    """E-mail and password."""
    return page(request, "admin/sign_in/show.html", form=Form({"next": next}))


@router.post("/sign-in", name="admin:sign_in")
def post_sign_in(request: Request, values: FormValues, session: WriteSession) -> Response:
    """Opens a session, or shows the form again."""
    form = parse_form(SignInForm, values)
    if form.valid is not None:
        given = form.valid
        outcome = sign_in(session, email=given.email, password=given.password)
        if outcome.token is not None:
            return _signed_in(request, outcome.token, given.next)
        form = form.refused(email=outcome.problem or "")
    return page(request, "admin/sign_in/show.html", status=422, form=form)


@router.get("/sign-in/{token}", name="admin:show_sign_in_link")
def show_sign_in_link(request: Request, session: ReadSession, token: str) -> Response:
    """A button; the link itself signs nobody in, so that a preview of it uses nothing up. Whoever
    is signed in goes on to the studies."""
    own = request.cookies.get(ADMIN_COOKIE)
    if own and admin_of(session, own) is not None:
        return redirect(request, "admin:list_studies", flash="You are signed in already.")
    return page(request, "admin/sign_in/link.html", token=token)


@router.post("/sign-in/{token}", name="admin:sign_in_by_link")
def post_sign_in_link(request: Request, session: WriteSession, token: str) -> Response:
    """Opens a session, once."""
    return _signed_in(request, sign_in_by_link(session, token), "")


@router.post("/sign-out", name="admin:sign_out")
def post_sign_out(request: Request, session: WriteSession) -> Response:
    """Ends the session."""
    token = request.cookies.get(ADMIN_COOKIE)
    if token:
        sign_out(session, token)
    response = redirect(request, "site:front")
    response.delete_cookie(ADMIN_COOKIE)
    return response


def _signed_in(request: Request, token: str, wanted: str) -> Response:
    inside = wanted.startswith("/admin") and "//" not in wanted and "\\" not in wanted
    home = str(request.app.url_path_for("admin:list_studies"))
    response = RedirectResponse(wanted if inside else home, status_code=303)
    set_cookie(request, response, ADMIN_COOKIE, token, days=SESSION_LENGTH.days)
    return response
