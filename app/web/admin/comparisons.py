"""The sources of a set side by side: asked for, downloaded; and the poems that disobey."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.db import Session
from app.errors import NotFound
from app.exports.columns import Column, Row
from app.exports.writers import MEDIA_TYPES, Format, write
from app.models import SourceComparison
from app.poems.comparing import ask_for_comparing, comparison_of
from app.poems.instructions import Asked, disobeying, obedience, wordings
from app.poems.queries import PoemSetRow, poem_set
from app.web.admin.exports import file_stem
from app.web.admin.features_shown import COLUMNS, chosen, feature_rows, numbers
from app.web.admin.sources_shown import (
    PAIR_COLUMNS,
    STOCK_COLUMNS,
    obedience_shown,
    pair_rows,
    stock_rows,
    stock_shown,
)
from app.web.deps import ReadSession, WriteSession
from app.web.render import page, redirect

router = APIRouter(prefix="/poem-sets/{key}")

_ON_A_PAGE = 50
_MOST_WORDINGS = 20


class Tables(StrEnum):
    FEATURES = "features"
    STOCK = "rhyme-stock"
    PAIRS = "repeated-rhymes"


class DisobeyingWhat(StrEnum):
    """As it stands in an address."""

    NO_RHYME = "no-rhyme"
    RHYME = "rhyme"


_ASKED = {DisobeyingWhat.NO_RHYME: Asked.NO_RHYME, DisobeyingWhat.RHYME: Asked.RHYME}


@router.post("/comparison", name="admin:compare_sources")
def compare_sources(request: Request, session: WriteSession, key: str) -> Response:
    """Asks for the sources to be compared; the set's page waits for it."""
    ask_for_comparing(session, poem_set(session, key).id)
    return redirect(request, "admin:show_poem_set", key=key)


@router.get("/disobeying", name="admin:list_disobeying")
def list_disobeying(
    request: Request,
    session: ReadSession,
    key: str,
    *,
    source: str | None = None,
    asked: DisobeyingWhat | None = None,
    page_number: Annotated[int, Query(alias="page")] = 1,
) -> Response:
    """Poems that rhyme although asked not to, or do not although asked to; and how the
    instructions are read."""
    found = poem_set(session, key)
    wanted = _ASKED[asked] if asked else None
    counts = obedience(session, found.id)
    n_poems = sum(
        one.n_disobeying
        for one in counts
        if source in (None, one.source) and wanted in (None, one.asked)
    )
    pages = max(1, -(-n_poems // _ON_A_PAGE))
    number = min(max(1, page_number), pages)
    return page(
        request,
        "admin/poem_sets/disobeying.html",
        set=found,
        poems=disobeying(
            session,
            found.id,
            asked=wanted,
            source=source,
            offset=(number - 1) * _ON_A_PAGE,
            limit=_ON_A_PAGE,
        ),
        n_poems=n_poems,
        n_of={one: sum(own.n_disobeying for own in counts if own.asked is one) for one in Asked},
        Asked=Asked,
        source=source,
        asked=asked,
        wordings=wordings(session, found.id, limit=_MOST_WORDINGS),
        most_wordings=_MOST_WORDINGS,
        page_number=number,
        pages=pages,
    )


@router.get("/{table}.csv", name="admin:download_comparison")
def download_comparison(session: ReadSession, key: str, table: Tables) -> Response:
    """The numbers behind the charts."""
    found = poem_set(session, key)
    compared = _compared(session, found)
    rows: dict[Tables, tuple[Iterable[Row], Sequence[Column]]] = {
        Tables.FEATURES: (feature_rows(compared.features), COLUMNS),
        Tables.STOCK: (stock_rows(compared.rhymes), STOCK_COLUMNS),
        Tables.PAIRS: (pair_rows(compared.rhymes), PAIR_COLUMNS),
    }
    content = b"".join(write(*rows[table], Format.CSV))
    return _file(found, content, f"{table}.csv", MEDIA_TYPES[Format.CSV])


@router.get("/features/{feature_name}.svg", name="admin:download_feature_chart")
def download_feature_chart(session: ReadSession, key: str, feature_name: str) -> Response:
    """The chart of one feature, to be enlarged at will."""
    found = poem_set(session, key)
    feature, compared = chosen(feature_name), _compared(session, found).features
    if feature.name != feature_name or "edges" not in compared[feature_name]:
        raise NotFound("There is no such chart.")
    return _chart(found, numbers(feature, compared[feature_name]).charts, feature_name)


@router.get("/rhyme-stock.svg", name="admin:download_stock_chart")
def download_stock_chart(session: ReadSession, key: str) -> Response:
    """The chart of the stock of rhymes, to be enlarged at will."""
    found = poem_set(session, key)
    return _chart(found, stock_shown(_compared(session, found).rhymes).charts, "rhyme-stock")


@router.get("/disobeying.svg", name="admin:download_obedience_chart")
def download_obedience_chart(session: ReadSession, key: str) -> Response:
    """The chart of poems that disobey, to be enlarged at will."""
    found = poem_set(session, key)
    shown = obedience_shown(obedience(session, found.id))
    return _chart(found, shown.charts if shown else {}, "disobeying")


def _compared(session: Session, found: PoemSetRow) -> SourceComparison:
    compared = comparison_of(session, found.id)
    if compared is None:
        raise NotFound("The sources of this set are not compared yet.")
    return compared


def _chart(found: PoemSetRow, charts: dict[str, str], name: str) -> Response:
    if not charts:
        raise NotFound("There is no such chart.")
    return _file(found, charts["wide"].encode(), f"{name}.svg", "image/svg+xml")


def _file(found: PoemSetRow, content: bytes, name: str, media_type: str) -> Response:
    disposition = f'attachment; filename="{file_stem(found.name, found.key)}-{name}"'
    headers = {"Content-Disposition": disposition}
    return Response(content, media_type=media_type, headers=headers)
