"""The cross-site check, response headers and cookies."""

import secrets
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.pages import STATIC_ADDRESS

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types htmx"
)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

# On files that are no pages, and the same for everybody, the rest would be said in vain, and weighs
# more than some of them.
STATIC_HEADERS = {"X-Content-Type-Options": HEADERS["X-Content-Type-Options"]}
_FILES = (".css", ".js", ".woff2")


class SecurityMiddleware:
    """Refuses changes asked for by other sites, and puts the headers on every answer, also on the
    one to an unexpected error."""

    def __init__(
        self,
        app: ASGIApp,
        on_error: Callable[[Request, Exception], Response],
        on_refusal: Callable[[Request, int], Response],
    ) -> None:
        self.app = app
        self.on_error = on_error
        self.on_refusal = on_refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce

        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _put_headers(MutableHeaders(scope=message), scope, nonce)
            await send(message)

        refusal = _refusal(scope)
        if refusal:
            answer = self.on_refusal(Request(scope), refusal)
            await answer(scope, receive, send_with_headers)
            return
        try:
            await self.app(scope, receive, send_with_headers)
        except ClientDisconnect:
            return  # nobody is there to be answered
        except Exception as error:
            if begun:  # too late for a page; the server ends the connection
                raise
            await self.on_error(Request(scope), error)(scope, receive, send_with_headers)


def _put_headers(headers: MutableHeaders, scope: Scope, nonce: str) -> None:
    is_file = scope["path"].startswith(f"{STATIC_ADDRESS}/") and scope["path"].endswith(_FILES)
    for name, value in (STATIC_HEADERS if is_file else HEADERS).items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")
    if not is_file:
        headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce))


def set_cookie(request: Request, response: Response, name: str, value: str, *, days: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=days * 24 * 3600,
        httponly=True,
        samesite="lax",
        secure=not _plain_http_is_fine(request),
    )


def _refusal(scope: Scope) -> int | None:
    """The status of the answer, where nothing of ours is asked."""
    if scope["method"] not in _SAFE_METHODS and not _same_origin(Headers(scope=scope)):
        return HTTPStatus.FORBIDDEN
    if (
        "\0" in scope["path"] or b"%00" in scope["query_string"]
    ):  # PostgreSQL stores no such character, so nothing has this name
        return HTTPStatus.NOT_FOUND
    return None


def _same_origin(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == headers.get("host")


def _plain_http_is_fine(request: Request) -> bool:
    """A Secure cookie is dropped on plain HTTP: on this machine, and where a setting allows it, a
    plain one is set."""
    if request.url.scheme == "https":
        return False
    host = request.url.hostname or ""
    return (
        bool(request.app.state.settings.insecure_cookies) or host == "localhost" or _loopback(host)
    )


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
