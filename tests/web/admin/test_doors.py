"""Who gets in."""

import re

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.web.admin.conftest import Admin
from tests.web.conftest import ADMIN

PASSWORD = "a long enough password"


def addresses(app: FastAPI) -> list[tuple[str, str]]:
    """Every method and address of the admin pages, some key in the place of each parameter."""
    paths = app.openapi()["paths"]
    filled = {"table": "votes", "format": "csv", "whose": "people"}
    return [
        (method, re.sub(r"{(\w+)}", lambda found: filled.get(found[1], "abc"), path))
        for path, methods in paths.items()
        for method in methods
        if path.startswith("/admin") and not path.startswith("/admin/sign-")
    ]


def test_every_admin_page_asks_a_stranger_to_sign_in(app: FastAPI, client: TestClient):
    found = addresses(app)
    assert len(found) > 20
    for method, address in found:
        answer = client.request(method, address, follow_redirects=False)
        assert answer.status_code == 303, (method, address)
        wanted = "/admin/sign-in?next=/admin/" if method == "get" else "/admin/sign-in"
        assert answer.headers["location"].startswith(wanted), address


def test_another_site_can_change_nothing(admin_client: TestClient):
    for headers in ({"Origin": "http://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = admin_client.post("/admin/sign-out", headers=headers)
        assert answer.status_code == 403
    assert admin_client.get("/admin/studies").status_code == 200


def test_first_password_is_set_and_signs_in(admin: Admin):
    assert "Set a password" in admin.open("/admin/account")
    page = admin.send("/admin/account/password", data={"password": PASSWORD, "again": PASSWORD})
    assert "Your new password is stored." in page
    admin.send("/admin/sign-out")
    page = admin.open("/admin/studies")
    assert "Sign in" in page
    form = {"email": ADMIN, "password": PASSWORD, "next": "/admin/account"}
    assert ADMIN in admin.send("/admin/sign-in", data=form)
    assert admin.address == "/admin/account"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"password": "short", "again": "short"}, "at least 10 characters"),
        ({"password": PASSWORD, "again": "something else"}, "not the same"),
        ({"password": PASSWORD, "again": PASSWORD}, "not your present password"),
    ],
)
def test_wrong_new_password_is_refused(admin: Admin, typed: dict[str, str], sentence: str):
    old = "the password until now"
    admin.send("/admin/account/password", data={"password": old, "again": old})
    assert sentence in admin.send("/admin/account/password", data=typed)
    assert admin.status == 422


def test_wrong_sign_in_keeps_the_email(admin: Admin):
    admin.send("/admin/sign-out")
    page = admin.send("/admin/sign-in", data={"email": ADMIN, "password": "wrong"})
    assert admin.status == 422
    assert "not right" in page
    assert f'value="{ADMIN}"' in admin.source
    assert "wrong" not in admin.source


def test_sign_in_leads_to_no_other_site(admin: Admin):
    admin.send("/admin/account/password", data={"password": PASSWORD, "again": PASSWORD})
    for wanted in ("https://elsewhere.example", "//elsewhere.example", "/admin//elsewhere.example"):
        form = {"email": ADMIN, "password": PASSWORD, "next": wanted}
        answer = admin.client.post("/admin/sign-in", data=form, follow_redirects=False)
        assert answer.headers["location"] == "/admin/studies"


def test_link_is_not_used_up_by_looking_at_it(admin: Admin):
    admin.send("/admin/sign-out")
    assert "Sign in with this link" in admin.open("/admin/sign-in/some-token")
    admin.send("/admin/sign-in/some-token")
    assert admin.status == 404


def test_link_leads_whoever_is_signed_in_to_the_studies(admin: Admin):
    assert "You are signed in already." in admin.open("/admin/sign-in/some-token")
    assert admin.address == "/admin/studies"


def test_expired_session_leads_the_whole_page_to_the_sign_in(client):
    answer = client.get("/admin/studies", headers={"HX-Request-Type": "partial"})
    assert answer.headers["hx-redirect"] == "/admin/sign-in"
    assert answer.text == ""
