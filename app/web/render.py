"""Pages, fragments and messages for the next page."""

from collections.abc import Callable
from urllib.parse import urlencode

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app import pages
from app.pages.languages import ENGLISH, catalogue, preferred
from app.web.known import keep_known
from app.web.security import set_cookie

WHOSE = "rater"  # in addresses and in forms: the key of the rater they are of
_FLASH = "bv_flash"
_MOST_FLASHES = 5
_ADMINS = "/admin"


def page(
    request: Request,
    template: str,
    *,
    fragment: str | None = None,
    status: int = 200,
    **values: object,
) -> Response:
    """The whole page, or where htmx asks for a part, the fragment that the page includes."""
    partial = fragment is not None and request.headers.get("hx-request-type") == "partial"
    flashes = [] if partial else _waiting(request)
    html = pages.render(
        fragment if partial and fragment else template,
        language=language_of(request),
        url=addresses(request),
        nonce=request.state.nonce,
        own_language=language_of(
            request
        ),  # of the study's texts, of which there may be no words of ours
        flashes=flashes,
        **values,
    )
    response = HTMLResponse(html, status_code=status)
    if fragment is not None:
        response.headers["Vary"] = "HX-Request-Type"
    if flashes:
        response.delete_cookie(_FLASH)
    keep_known(request, response)
    return response


def language_of(request: Request) -> str:
    """That of the study that the request is about, once known; otherwise what the browser asks for
    among the languages there are. Admins are spoken to in English."""
    if known := getattr(request.state, "language", None):
        return str(known)
    if is_for_admins(request):
        return ENGLISH
    return preferred(request.headers.get("accept-language", ""))


def is_for_admins(request: Request) -> bool:
    return str(request.scope["path"]).startswith(_ADMINS)


def speak(request: Request, language: str) -> None:
    """Everything shown in answer to this request is in this language from now on."""
    request.state.language = language


def translated(request: Request, message: str) -> str:
    return str(catalogue(language_of(request)).ugettext(message)) if message else ""


def redirect(
    request: Request, name: str, /, *, flash: str | None = None, whose: str = "", **path: object
) -> Response:
    """To a route by its name, after a POST; with a sentence for the page that follows. `whose`: the
    key of the rater whose page it is."""
    address = str(request.app.url_path_for(name, **path))
    response = RedirectResponse(of_rater(address, whose), status_code=303)
    if flash:
        messages = [*_waiting(request), flash][-_MOST_FLASHES:]
        set_cookie(request, response, _FLASH, _signer(request).dumps(messages), days=1)
    keep_known(request, response)
    return response


def leave(request: Request, name: str, *, whose: str) -> Response:
    """To another page of this rater, also where htmx asked for a part of this one."""
    if request.headers.get("hx-request-type") == "partial":
        address = str(request.app.url_path_for(name))
        return Response(headers={"HX-Redirect": of_rater(address, whose)})
    return redirect(request, name, whose=whose)


def of_rater(address: str, key: str) -> str:
    """Says whose page it is, since a browser may know several raters; by itself it opens none."""
    return f"{address}?{urlencode({WHOSE: key})}" if key else address


def absolute(request: Request, name: str, **path: object) -> str:
    """An address that can be copied elsewhere."""
    base = request.app.state.settings.public_url or str(request.base_url)
    return base.rstrip("/") + str(request.app.url_path_for(name, **path))


def addresses(request: Request) -> Callable[..., str]:
    def url(name: str, *, whose: str = "", **path: object) -> str:
        return of_rater(str(request.app.url_path_for(name, **path)), whose)

    return url


def _waiting(request: Request) -> list[str]:
    try:
        return [str(message) for message in _signer(request).loads(request.cookies[_FLASH])]
    except (KeyError, BadSignature):
        return []


def _signer(request: Request) -> URLSafeSerializer:
    return URLSafeSerializer(request.app.state.signing_key, salt="flash")
