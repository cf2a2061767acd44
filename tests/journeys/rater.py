"""A rater at the level of HTTP: follows links, fills in forms, remembers cookies."""

import re
from dataclasses import dataclass, field
from html import unescape

import httpx2 as httpx

ANSWERS = {
    "reads": "monthly",
    "writes": "never",
    "published": "no",
    "studied": "school",
    "years": "none",
    "self_described": "nonexpert",
}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
FORM = re.compile(r'<form class="([\w-]+)[^"]*"[^>]*action="([^"]*)".*?</form>', re.DOTALL)


@dataclass
class HttpRater:
    client: httpx.Client
    seen: list[httpx.Response] = field(default_factory=list)
    fragment: bool = False  # ask for fragments, as htmx does

    def send(self, method: str, path: str, **keywords: object) -> httpx.Response:
        headers = {"Origin": str(self.client.base_url).rstrip("/")}
        if self.fragment and path.startswith("/rate/"):
            headers["HX-Request-Type"] = "partial"
        response = self.client.request(method, path, headers=headers, **keywords)  # type: ignore[arg-type]  # httpx's own
        self.seen.append(response)
        return response

    def page(self, path: str) -> httpx.Response:
        """Follows redirects by hand, so that every answer is seen."""
        response = self.send("GET", path)
        while response.is_redirect:
            response = self.send("GET", response.headers["location"])
        return response

    def consent(self, link_key: str, *, times: int = 1) -> None:
        page = self.page(f"/join/{link_key}")
        for _ in range(times):
            self.send("POST", f"/join/{link_key}", data=form(page, "consent") | {"consent": "yes"})

    def join(self, link_key: str) -> httpx.Response:
        self.consent(link_key)
        self.page("/questions")
        self.send("POST", "/questions", data=ANSWERS)
        return self.page("/rate")

    def vote(self, page: httpx.Response, choice: str) -> httpx.Response:
        values = form(page, "choices") | {"choice": choice, "decision_ms": "1812"}
        response = self.send("POST", "/rate/votes", data=values)
        return self.page("/rate") if response.is_redirect else response

    def submit(self, page: httpx.Response, name: str, **values: str) -> httpx.Response:
        """Sends one form of the page to where it says."""
        response = self.send("POST", action(page, name), data=form(page, name) | values)
        return self.page("/rate") if response.is_redirect else response

    def proceed(self, page: httpx.Response) -> httpx.Response:
        """Through whatever stands before the next pair: practice, questions on a choice, breaks."""
        while True:
            if 'class="pair practice"' in page.text:
                page = self.submit(page, "choices", choice="left")
            elif '<form class="follow-up"' in page.text:
                page = self.submit(page, "follow-up", confidence="4", ease="2")
            elif '<form class="go-on"' in page.text:
                page = self.submit(page, "go-on")
            else:
                return page

    def undo(self, page: httpx.Response) -> httpx.Response:
        response = self.send("POST", "/rate/retractions", data=form(page, "undo"))
        return self.page("/rate") if response.is_redirect else response


def form(page: httpx.Response, name: str) -> dict[str, str]:
    """The hidden values of one form of the page."""
    for found, body in ((match.group(1), match.group(0)) for match in FORM.finditer(page.text)):
        if found == name:
            return {key: unescape(value) for key, value in HIDDEN.findall(body)}
    raise AssertionError(f"no form {name!r} in {page.text[:500]}")


def action(page: httpx.Response, name: str) -> str:
    return next(match.group(2) for match in FORM.finditer(page.text) if match.group(1) == name)


def leads_to(response: httpx.Response) -> str:
    """Where a redirect goes, without whose page it is."""
    return str(response.headers["location"]).split("?")[0]


def is_done(page: httpx.Response) -> bool:
    return 'id="pair" class="done"' in page.text
