"""The raters that a browser knows, as its cookies."""

from starlette.requests import Request
from starlette.responses import Response

from app.accounts.tokens import new_token
from app.web.known import forget, keep_known, known_raters, make_current


def asked(app, **cookies: str) -> Request:
    sent = "; ".join(f"{name}={value}" for name, value in cookies.items())
    scope = {"type": "http", "app": app, "path": "/", "headers": [(b"cookie", sent.encode())]}
    scope |= {"scheme": "https", "server": ("localhost", 443), "query_string": b""}
    return Request(scope)


def set_by(request: Request) -> dict[str, str]:
    response = Response()
    keep_known(request, response)
    set_now = (value.partition(";")[0] for value in response.headers.getlist("set-cookie"))
    return dict(one.split("=", 1) for one in set_now)


def test_browser_knows_the_latest_raters_and_forgets_the_oldest(app):
    tokens = [new_token() for _ in range(14)]
    cookies: dict[str, str] = {}
    for token in tokens:
        request = asked(app, **cookies)
        make_current(request, token)
        cookies = set_by(request)
    assert known_raters(asked(app, **cookies)).tokens == tuple(reversed(tokens))[:11]


def test_rater_who_is_current_again_stands_once(app):
    one, two = new_token(), new_token()
    request = asked(app, bv_rater=one, bv_raters=two)
    make_current(request, two)
    assert set_by(request) == {"bv_rater": two, "bv_raters": one}


def test_cookies_are_left_alone_where_nothing_changed(app):
    token = new_token()
    request = asked(app, bv_rater=token)
    make_current(request, token)
    assert set_by(request) == {}


def test_forgotten_rater_gives_way_to_the_latest_of_the_others(app):
    one, two, three = new_token(), new_token(), new_token()
    request = asked(app, bv_rater=one, bv_raters=f"{two}.{three}")
    forget(request, one)
    assert set_by(request) == {"bv_rater": two, "bv_raters": three}
    last = asked(app, bv_rater=one)
    forget(last, one)
    assert known_raters(last).tokens == ()
    assert set_by(last) == {"bv_rater": '""'}


def test_list_that_is_none_of_ours_is_no_list(app):
    assert known_raters(asked(app, bv_raters="a.b.." + "x" * 32 + "!")).tokens == ()
