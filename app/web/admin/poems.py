"""One poem: its rhymes marked, what was measured on it, and the correction of its rhyme scheme."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.db import Session
from app.errors import NotFound
from app.poems.correcting import MOST_LINES, correct_scheme, withdraw_correction, wrong_labels
from app.poems.queries import SCHEME, FeatureValue, PoemDetail, one_poem, poem_set
from app.verse import FEATURES, ParsedPoem, lines, read_scheme, stanzas
from app.verse.plain import plain_stanzas
from app.web.admin.features_shown import shown
from app.web.admin.marked_poem import marked_poem, scheme_of
from app.web.deps import Answered, FormValues, ReadSession, SignedInAdmin, WriteSession
from app.web.forms import Form, parse_form
from app.web.render import page, redirect

router = APIRouter()

_ADDRESS = "/poem-sets/{key}/poems/{poem_id:path}"
_CORRECTIONS = "/corrections"
_REMEMBERED = 32  # poems whose scheme as it is heard is kept
_LONGEST_NAME = 80  # of a poem without a title
_BESIDE = ("rhyme_density", "meter", "meter_regularity", "form", "form_confidence")


@dataclass(frozen=True, slots=True)
class ShownFeature:
    name: str
    label: str
    meaning: str
    unit: str
    value: str
    version: int


class CorrectionForm(BaseModel):
    note: str = Field(default="", max_length=1_000)


@dataclass(frozen=True, slots=True)
class TypedScheme:
    labels: list[str]
    note: str


@router.get(_ADDRESS, name="admin:show_poem")
def show_poem(request: Request, session: ReadSession, key: str, poem_id: str) -> Response:
    """One poem with its rhymes marked, all that was measured on it, and a form for its scheme."""
    try:
        poem = one_poem(session, key, poem_id)
    except NotFound:
        if not poem_id.endswith(_CORRECTIONS):
            raise
        # A refused correction, loaded again. A route of its own would hide the poem of that id.
        return _back(request, key, poem_id.removesuffix(_CORRECTIONS))
    return _poem(request, session, key, poem)


def _typed_scheme(
    request: Request, values: FormValues, session: ReadSession, key: str, poem_id: str
) -> TypedScheme:
    """Before the write session is begun, as it stands before it in the signature: drawing the page
    of a long poem takes seconds."""
    names = [name for number in range(1, MOST_LINES + 1) if (name := f"line_{number}") in values]
    labels = [values[name] for name in names]
    wrong = {names[number - 1]: sentence for number, sentence in wrong_labels(labels).items()}
    form = parse_form(CorrectionForm, values)
    if form.valid is None or wrong:
        poem = one_poem(session, key, poem_id)
        raise Answered(_poem(request, session, key, poem, form.refused(**wrong)))
    return TypedScheme(labels, form.valid.note.strip())


@router.post(f"{_ADDRESS}{_CORRECTIONS}", name="admin:correct_scheme")
def post_correction(
    request: Request,
    admin: SignedInAdmin,
    typed: Annotated[TypedScheme, Depends(_typed_scheme)],
    session: WriteSession,
    *,
    key: str,
    poem_id: str,
) -> Response:
    """Stores one label a line, or shows the form again."""
    correct_scheme(
        session,
        set_key=key,
        poem_id=poem_id,
        typed=typed.labels,
        note=typed.note,
        admin_id=admin.id or 0,
    )
    return _back(request, key, poem_id, "The corrected scheme counts from now on.")


@router.post(f"{_ADDRESS}/withdrawal", name="admin:withdraw_correction")
def post_withdrawal(
    request: Request, admin: SignedInAdmin, session: WriteSession, key: str, poem_id: str
) -> Response:
    """Lets the scheme count again that the program finds."""
    withdraw_correction(session, set_key=key, poem_id=poem_id, admin_id=admin.id or 0)
    return _back(request, key, poem_id, "The correction is withdrawn.")


def _back(request: Request, key: str, poem_id: str, sentence: str | None = None) -> Response:
    return redirect(request, "admin:show_poem", flash=sentence, key=key, poem_id=quote(poem_id))


def _poem(
    request: Request,
    session: Session,
    key: str,
    poem: PoemDetail,
    form: Form[CorrectionForm] | None = None,
) -> Response:
    correction = poem.correction
    marked = marked_poem(ParsedPoem(poem.text, _scheme(poem)))
    labels = {
        f"line_{line.number}": line.label or "-" for stanza in marked.stanzas for line in stanza
    }
    features = _features(poem)
    return page(
        request,
        "admin/poems/show.html",
        status=422 if form else 200,
        set=poem_set(session, key),
        poem=poem,
        name=_name(poem),
        marked=marked,
        correction=correction,
        found_scheme=heard_scheme(poem.text) if correction else None,
        features=features,
        beside=[feature for feature in features if feature.name in _BESIDE],
        versions=sorted({feature.version for feature in features}),
        form=form or Form(labels),
        as_raters_see_it=_as_raters_see_it(poem.text),
        n_lines=len(labels),
        most_lines=MOST_LINES,
    )


def _scheme(poem: PoemDetail) -> tuple[str | None, ...] | None:
    """As corrected, as it is stored or, before the poem is measured, as it is heard: the links
    between lines follow from it, so that a long poem is not listened to at every view."""
    if poem.correction:
        return read_scheme(poem.correction.scheme or "")
    version = next(feature.version for feature in FEATURES if feature.name == SCHEME)
    stored = [
        found.value for found in poem.features if found.name == SCHEME and found.version == version
    ]
    written = stored[0] if stored else heard_scheme(poem.text)
    return read_scheme(written) if isinstance(written, str) else None


@lru_cache(maxsize=_REMEMBERED)
def heard_scheme(text: str) -> str | None:
    """None where rhyme is not measured."""
    return scheme_of(ParsedPoem(text))


def _as_raters_see_it(text: str) -> tuple[tuple[str, ...], ...] | None:
    """None where it is the text as it is stored."""
    seen = plain_stanzas(text)
    return None if seen == stanzas(text) else seen


def _name(poem: PoemDetail) -> str:
    """As lists of poems call it, unless its first line is long."""
    first = next(iter(lines(poem.text)), poem.poem_id).strip()
    return poem.title or (first if len(first) <= _LONGEST_NAME else f"{first[:_LONGEST_NAME]}…")


def _features(poem: PoemDetail) -> list[ShownFeature]:
    registry = {feature.name: feature for feature in FEATURES}
    return [
        ShownFeature(
            name=found.name,
            label=shown(registry[found.name]).label,
            meaning=registry[found.name].meaning,
            unit=_unit(found, shown(registry[found.name]).unit),
            value=_value(found, registry[found.name].unit),
            version=found.version,
        )
        for found in poem.features
    ]


def _unit(found: FeatureValue, unit: str) -> str:
    """Empty where the value says it all."""
    return "" if unit == "0 or 1" or not isinstance(found.value, float) else unit


def _value(found: FeatureValue, unit: str) -> str:
    if found.value is None:
        return "not measurable"
    if isinstance(found.value, str):
        return found.value
    if unit == "0 or 1":
        return "yes" if found.value else "no"
    return f"{found.value:,.2f}".removesuffix(".00")
