"""Which raters this browser knows: one of each study it takes part in, by cookies of tokens."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from app.accounts.tokens import is_token
from app.web.security import set_cookie

RATER_COOKIE = "bv_rater"  # the rater whose pages this browser shows
OTHERS_COOKIE = "bv_raters"
_MOST_OTHERS = 10
_BETWEEN = "."  # stands in no token
_DAYS = 180
_OURS = "bv_"
_TRIAL_COOKIE = "bv_cookies"


@dataclass(frozen=True, slots=True)
class Known:
    """Tokens, latest first."""

    current: str = ""
    others: tuple[str, ...] = ()

    @property
    def tokens(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.current, *self.others)))


def known_raters(request: Request) -> Known:
    """As the cookies say, and as this request has changed it since."""
    changed: Known | None = getattr(request.state, "known", None)
    return changed or _sent(request)


def make_current(request: Request, token: str) -> None:
    """From this answer on the browser shows the pages of this rater; it forgets no other."""
    others = [other for other in known_raters(request).tokens if other != token]
    request.state.known = Known(token, tuple(others[:_MOST_OTHERS]))


def forget(request: Request, token: str) -> None:
    """The latest of the others, if there is one, takes their place."""
    left = [other for other in known_raters(request).tokens if other != token]
    request.state.known = Known(left[0], tuple(left[1:])) if left else Known()


def try_cookies(request: Request, response: Response) -> None:
    """Sets one that says nothing, to be seen again with the next request."""
    if not keeps_cookies(request):
        set_cookie(request, response, _TRIAL_COOKIE, "1", days=1)


def keeps_cookies(request: Request) -> bool:
    """Whether the browser has sent back any cookie of ours."""
    return any(name.startswith(_OURS) for name in request.cookies)


def end_trial(response: Response) -> None:
    response.delete_cookie(_TRIAL_COOKIE)


def keep_known(request: Request, response: Response) -> None:
    """Every page and every redirect goes through here, so that whatever answers a request, an
    error too, leaves the browser with the raters it has."""
    sent, now = _sent(request), known_raters(request)
    for name, before, after in (
        (RATER_COOKIE, sent.current, now.current),
        (OTHERS_COOKIE, _BETWEEN.join(sent.others), _BETWEEN.join(now.others)),
    ):
        if after and now != sent:  # both, so that neither ends before the other
            set_cookie(request, response, name, after, days=_DAYS)
        elif before and not after:
            response.delete_cookie(name)


def _sent(request: Request) -> Known:
    listed = request.cookies.get(OTHERS_COOKIE, "").split(_BETWEEN)
    others = [token for token in listed if is_token(token)]
    return Known(request.cookies.get(RATER_COOKIE, ""), tuple(others[:_MOST_OTHERS]))
