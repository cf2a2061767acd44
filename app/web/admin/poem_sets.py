"""Poem sets and their sources."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.analysis.wording import percent
from app.db import Session
from app.models import SourceComparison
from app.poems.comparing import comparison_of, is_current, under_way
from app.poems.instructions import Asked, obedience
from app.poems.queries import (
    PoemSetRow,
    n_poems_of,
    poem_set,
    poem_sets,
    poems_of,
    sources,
    without_rhyme,
)
from app.verse import Feature
from app.web.admin.features_shown import chosen, families, labels, numbers, overview, shown
from app.web.admin.sources_shown import obedience_shown, stock_shown
from app.web.deps import ReadSession
from app.web.render import page

router = APIRouter()

_ON_A_PAGE = 50


@router.get("/poem-sets", name="admin:list_poem_sets")
def list_poem_sets(request: Request, session: ReadSession) -> Response:
    """All sets, newest first."""
    return page(request, "admin/poem_sets/list.html", sets=poem_sets(session))


@router.get("/poem-sets/{key}", name="admin:show_poem_set")
def show_poem_set(
    request: Request,
    session: ReadSession,
    key: str,
    *,
    source: str | None = None,
    unmeasured: bool = False,
    feature: str | None = None,
    page_number: Annotated[int, Query(alias="page")] = 1,
) -> Response:
    """A set's sources side by side, and its poems. While there is something to wait for, the page
    asks how far that is, and loads itself anew at the end."""
    found = poem_set(session, key)
    if request.headers.get("hx-request-type") == "partial":
        return _part(request, session, found, feature)
    n_poems = n_poems_of(session, found.id, source=source, without_rhyme=unmeasured)
    pages = max(1, -(-n_poems // _ON_A_PAGE))
    number = min(max(1, page_number), pages)
    by_source = sources(session, found.id)
    return page(
        request,
        "admin/poem_sets/show.html",
        fragment="admin/poem_sets/_measuring.html",  # another answer where a part is asked for
        set=found,
        sources=by_source,
        without_rhyme=without_rhyme(session, found.id)
        if any(row.n_with_rhyme < row.n_poems for row in by_source)
        else {},
        obedience=obedience_shown(obedience(session, found.id)),
        poems=poems_of(
            session,
            found.id,
            source=source,
            without_rhyme=unmeasured,
            offset=(number - 1) * _ON_A_PAGE,
            limit=_ON_A_PAGE,
        ),
        n_poems=n_poems,
        source=source,
        unmeasured=unmeasured,
        Asked=Asked,
        percent=percent,
        page_number=number,
        pages=pages,
        **_progress(session, found),
        **_comparison(session, found, chosen(feature)),
    )


def _part(request: Request, session: Session, found: PoemSetRow, feature: str | None) -> Response:
    """One feature, or the progress of what is waited for."""
    if feature is not None:
        return page(
            request,
            "admin/poem_sets/_feature.html",
            fragment="admin/poem_sets/_feature.html",
            set=found,
            **_one_feature(comparison_of(session, found.id), chosen(feature)),
        )
    progress = _progress(session, found)
    waiting = "admin/poem_sets/_measuring.html"
    response = page(request, waiting, fragment=waiting, set=found, **progress)
    if not found.n_unmeasured and not progress["comparing"]:
        response.headers["HX-Refresh"] = "true"
    return response


def _progress(session: Session, found: PoemSetRow) -> dict[str, Any]:  # Any: a template's values
    return {"comparing": under_way(session, found.id)}


def _comparison(
    session: Session, found: PoemSetRow, feature: Feature
) -> dict[str, Any]:  # Any: a template's values
    compared = comparison_of(session, found.id)
    return {
        "compared": compared,
        "is_current": is_current(session, found.id),
        "overview": overview(compared.features) if compared else None,
        "stock": stock_shown(compared.rhymes) if compared else None,
        **_one_feature(compared, feature),
    }


def _one_feature(
    compared: SourceComparison | None, feature: Feature
) -> dict[str, Any]:  # Any: a template's values
    found = compared.features.get(feature.name) if compared else None
    is_label = feature.kind == "label"
    return {
        "families": families(),
        "feature": shown(feature),
        "numbers": numbers(feature, found) if found and not is_label else None,
        "labels": labels(found) if found and is_label else None,
    }
