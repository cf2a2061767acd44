"""Poem sets, their sources and their poems."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.poems.queries import (
    FeatureValue,
    PoemDetail,
    n_poems_of,
    one_poem,
    poem_set,
    poem_sets,
    poems_of,
    sources,
)
from app.verse import FEATURES, stanzas
from app.web.deps import ReadSession
from app.web.render import page

router = APIRouter()

_ON_A_PAGE = 50
_SCHEME_LABEL = re.compile(r"[A-Z]\d*|-")


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str
    rhyme: str  # a letter, or empty


@dataclass(frozen=True, slots=True)
class ShownFeature:
    name: str
    label: str
    meaning: str
    value: str
    version: int


@router.get("/poem-sets", name="admin:list_poem_sets")
def list_poem_sets(request: Request, session: ReadSession) -> Response:
    """All sets, newest first."""
    return page(request, "admin/poem_sets/list.html", sets=poem_sets(session))


@router.get("/poem-sets/{key}", name="admin:show_poem_set")
def show_poem_set(
    request: Request,
    session: ReadSession,
    key: str,
    source: str | None = None,
    page_number: Annotated[int, Query(alias="page")] = 1,
) -> Response:
    """A set's sources and poems. While it is measured the page asks how far that is, and loads
    itself anew at the end."""
    found = poem_set(session, key)
    n_poems = n_poems_of(session, found.id, source=source)
    pages = max(1, -(-n_poems // _ON_A_PAGE))
    number = min(max(1, page_number), pages)
    response = page(
        request,
        "admin/poem_sets/show.html",
        fragment="admin/poem_sets/_measuring.html",
        set=found,
        sources=sources(session, found.id),
        poems=poems_of(
            session,
            found.id,
            source=source,
            offset=(number - 1) * _ON_A_PAGE,
            limit=_ON_A_PAGE,
        ),
        n_poems=n_poems,
        source=source,
        page_number=number,
        pages=pages,
    )
    if request.headers.get("hx-request-type") == "partial" and not found.n_unmeasured:
        response.headers["HX-Refresh"] = "true"
    return response


@router.get("/poem-sets/{key}/poems/{poem_id:path}", name="admin:show_poem")
def show_poem(request: Request, session: ReadSession, key: str, poem_id: str) -> Response:
    """One poem with its lines numbered, its rhymes, and all that was measured on it."""
    poem = one_poem(session, key, poem_id)
    features = _shown(poem)
    return page(
        request,
        "admin/poem_sets/poem.html",
        set=poem_set(session, key),
        poem=poem,
        stanzas=_numbered(poem),
        features=features,
        versions=sorted({feature.version for feature in features}),
    )


def _numbered(poem: PoemDetail) -> list[list[Line]]:
    scheme = next((f.value for f in poem.features if f.name == "rhyme_scheme"), None)
    labels = iter(_SCHEME_LABEL.findall(str(scheme or "")))
    numbers = iter(range(1, poem.text.count("\n") + 2))
    return [
        [Line(next(numbers), line, next(labels, "").strip("-")) for line in stanza]
        for stanza in stanzas(poem.text)
    ]


def _shown(poem: PoemDetail) -> list[ShownFeature]:
    registry = {feature.name: feature for feature in FEATURES}
    return [
        ShownFeature(
            name=found.name,
            label=found.name.removeprefix("n_").replace("_", " ").capitalize(),
            meaning=registry[found.name].meaning,
            value=_value(found, registry[found.name].unit),
            version=found.version,
        )
        for found in poem.features
    ]


def _value(found: FeatureValue, unit: str) -> str:
    if found.value is None:
        return "not measurable"
    if isinstance(found.value, str):
        return found.value
    if unit == "0 or 1":
        return "yes" if found.value else "no"
    return f"{found.value:,.2f}".removesuffix(".00")
