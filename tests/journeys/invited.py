"""An open study and browsers that come to it, for the tests of how people get in and out."""

import csv
import io
import re
from collections.abc import Callable

import httpx2 as httpx
from sqlalchemy import Engine
from sqlmodel import select

from app.accounts.admins import create_admin, make_sign_in_link
from app.db import transaction
from app.models import Rater, RaterKind, Study
from app.studies.lifecycle import create_study, open_study
from app.studies.plan import Design, Panel, Recruitment
from app.studies.queries import group_links, study_by_key
from app.studies.recruiting import (
    change_recruitment,
)
from tests.factories import make_poem_set, make_prompted_poems
from tests.journeys.rater import ANSWERS, HttpRater, form, is_done

PID = "5f1e2d3c4b5a"
PROLIFIC = Recruitment(
    panel=Panel.PROLIFIC,
    completion_code="C1DONE",
    screened_out_code="S1OUT",
    return_link="https://app.prolific.com/submissions/complete?cc={code}",
)


class Invited:
    """An open study, and browsers that come to it."""

    def __init__(self, engine: Engine, begin: Callable[[], HttpRater], secret: str) -> None:
        self.engine, self.begin, self.secret = engine, begin, secret
        self.key = self.link = ""
        self.links: dict[RaterKind, str] = {}
        self.n_studies = 0

    def open(self, recruitment: Recruitment | None = None, **design: object) -> "Invited":
        """Another study; `key`, `link` and `links` are the latest one's."""
        self.n_studies += 1
        with transaction(self.engine, write=True) as session:
            poem_set = make_poem_set(session)
            make_prompted_poems(session, poem_set=poem_set, prompts=2)
            made = create_study(
                session,
                name=f"Study {self.n_studies}",
                poem_set_key=poem_set.key,
                question="Which poem do you prefer?",
                about="Two of us ask.\n\nWrite to us & ours.",
                pairs_per_rater=2,
                design=Design(**design),  # type: ignore[arg-type]  # fields of several types
                recruitment=recruitment,
            )
            open_study(session, made.key)
            self.key = made.key
            self.links = group_links(session, made.key)
            self.link = self.links[RaterKind.NONEXPERT]
        return self

    def change(self, recruitment: Recruitment) -> None:
        with transaction(self.engine, write=True) as session:
            change_recruitment(session, self.key, recruitment=recruitment, quotas={})

    def raters(self) -> list[Rater]:
        with transaction(self.engine, write=False) as session:
            return list(session.exec(select(Rater)))

    def study(self) -> Study:
        with transaction(self.engine, write=False) as session:
            return study_by_key(session, self.key)


def consent(rater: HttpRater, page: httpx.Response, **ticked: str) -> httpx.Response:
    action = re.search(r'<form class="consent" method="post" action="([^"]+)"', page.text)
    assert action
    return rater.send("POST", action[1], data=form(page, "consent") | {"consent": "yes"} | ticked)


def finish(rater: HttpRater, page: httpx.Response, **ticked: str) -> httpx.Response:
    assert consent(rater, page, **ticked).status_code == 303
    rater.send("POST", "/questions", data=ANSWERS)
    page = rater.page("/rate")
    while not is_done(page):
        assert "C1DONE" not in page.text
        page = rater.vote(page, "left")
    return page


def from_prolific(link: str, pid: str = PID, session: str = "se1") -> str:
    return f"/join/{link}?PROLIFIC_PID={pid}&STUDY_ID=st1&SESSION_ID={session}"


def participants_file(invited: Invited) -> list[dict[str, str]]:
    """The rows that an admin downloads."""
    with transaction(invited.engine, write=True) as session:
        token = make_sign_in_link(session, create_admin(session, email="ada@example.org"))
    admin = invited.begin()
    admin.send("POST", f"/admin/sign-in/{token}")
    answer = admin.send("GET", f"/admin/studies/{invited.key}/participants.csv")
    return list(csv.DictReader(io.StringIO(answer.text)))
