"""The signed-in admin's own account."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.accounts.admins import has_right_password, set_password
from app.accounts.passwords import MINIMUM_LENGTH
from app.models import Admin
from app.web.deps import ADMIN_COOKIE, FormValues, SignedInAdmin, WriteSession
from app.web.forms import Form, parse_form
from app.web.render import page, redirect

router = APIRouter()


class PasswordForm(BaseModel):
    current_password: str = ""
    password: str = Field(min_length=1)
    again: str = ""


@router.get("/account", name="admin:show_account")
def show_account(request: Request, admin: SignedInAdmin) -> Response:
    """Who is signed in, and a form for a new password."""
    return _account(request, admin, Form())


@router.post("/account/password", name="admin:set_password")
def post_password(
    request: Request, admin: SignedInAdmin, values: FormValues, session: WriteSession
) -> Response:
    """Stores a new password, or shows the form again."""
    form = parse_form(PasswordForm, values)
    if form.valid is None:
        return _account(request, admin, form, status=422)
    given = form.valid
    if len(given.password) < MINIMUM_LENGTH:
        form = form.refused(password=f"A password needs at least {MINIMUM_LENGTH} characters.")
    elif given.again != given.password:
        form = form.refused(again="The two are not the same.")
    elif not has_right_password(session, admin.id or 0, given.current_password):
        form = form.refused(current_password="This is not your present password.")  # noqa: S106  # a sentence
    if form.errors:
        return _account(request, admin, form, status=422)
    set_password(session, admin.id or 0, given.password, keep=request.cookies.get(ADMIN_COOKIE))
    return redirect(request, "admin:show_account", flash="Your new password is stored.")


def _account(
    request: Request, admin: Admin, form: Form[PasswordForm], *, status: int = 200
) -> Response:
    return page(
        request,
        "admin/account/show.html",
        status=status,
        admin=admin,
        has_password=admin.password_hash is not None,
        minimum=MINIMUM_LENGTH,
        form=form,
    )
