"""What the tests of the admin pages share: a browser that is signed in and reads pages."""

import html
import re
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app import worker
from app.models import RaterKind
from tests.quick_reports import charts, quick_reports
from tests.web.admin.voting import opened, vote

__all__ = ["charts", "quick_reports"]  # fixtures

POEMS = """\
text,source,prompt,title,year
"A lamp, a stair, a door;
we climb it as before.",Demo A,Write about a house.,Stair,1999
"A lamp and a stair.
Nobody climbs it now.",Demo B,Write about a house.,,2001
"The rain is on the road;
the cart has lost its load.",Demo A,Write about rain.,,
"The rain comes sideways.
We wait for it to stop.",Demo B,Write about rain.,,
"""


@dataclass
class Admin:
    """A signed-in person at a browser without script."""

    client: TestClient
    app: FastAPI
    status: int = 0
    address: str = ""
    source: str = ""
    answer: Any = None  # Any: the client's answer

    def open(self, address: str, **parts: Any) -> str:
        return self._read(self.client.get(address, **parts))

    def send(self, address: str, **parts: Any) -> str:
        return self._read(self.client.post(address, **parts))

    def upload(self, content: str | bytes, *, name: str = "Set", file: str = "poems.csv") -> str:
        data = content.encode() if isinstance(content, str) else content
        return self.send("/admin/uploads", data={"name": name}, files={"file": (file, data)})

    def store(self, content: str | bytes = POEMS, **names: str) -> str:
        """Upload, look, confirm; the address of the set."""
        self.upload(content, **names)
        self.send(f"{self.address}/confirmation")
        return self.address

    def create_study(self, set_address: str, *, name: str = "Study") -> str:
        """The address of a draft of this set."""
        key = set_address.rpartition("/")[2]
        self.send("/admin/studies", data=study_form(key, name=name))
        return self.address

    def let_worker_finish(self) -> None:
        while worker.work_once(self.app.state.engine):
            pass

    def _read(self, answer: Any) -> str:
        """What a person reads on the page, blanks made equal."""
        self.answer, self.status = answer, answer.status_code
        self.address, self.source = answer.url.path, answer.text
        shown = re.sub(r"<[^>]+>", " ", self.source.rpartition("<main")[2])
        return " ".join(html.unescape(shown).split())


def study_form(set_key: str, **changed: str) -> dict[str, str]:
    return {
        "poem_set": set_key,
        "name": "Study",
        "title": "Reading poems",
        "question": "Which poem do you prefer?",
        "about": "",
        "pairs_per_rater": "2",
    } | changed


@pytest.fixture
def admin(admin_client: TestClient, app: FastAPI) -> Admin:
    return Admin(admin_client, app)


def links_in(source: str, containing: str) -> list[str]:
    found = re.findall(r'(?:href|value)="([^"]+)"', source)
    return [html.unescape(link) for link in found if containing in link]


@pytest.fixture
def study(admin: Admin) -> str:
    """The address of an open study of prompts with one rhymed and one unrhymed poem each."""
    return opened(admin)


@pytest.fixture
def voted(admin: Admin, study: str) -> str:
    """The same after people of both groups have voted."""
    vote(admin, kind=RaterKind.NONEXPERT)
    vote(admin, kind=RaterKind.EXPERT)
    return study
