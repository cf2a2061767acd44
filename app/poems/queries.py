"""Reads: poem sets, their poems and their sources."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.errors import NotFound
from app.models import Admin, Poem, PoemFeature, PoemSet, Prompt, SchemeCorrection, SourceComparison
from app.poems.corrections import Correction, corrections_of, is_in_force
from app.poems.measuring import unmeasured
from app.verse import FEATURE_VERSION, FEATURES

LINES = "n_lines"
DENSITY = "rhyme_density"
SCHEME = "rhyme_scheme"
RHYMED = "rhymed"
LANGUAGE = "language"

NOT_YET = "not measured yet"
OTHER_SCRIPT = "in another script"
NOT_HEARD = {"other": "not in English", "unknown": "without words"}  # by the label of LANGUAGE


@dataclass(frozen=True, slots=True)
class PoemSetRow:
    id: int
    key: str
    name: str
    file_name: str
    file_sha256: str
    n_poems: int
    n_prompts: int
    n_sources: int
    n_unmeasured: int
    created_at: datetime
    decisions: dict[str, Any]  # Any: JSON of app.poems.naming.Decided
    created_by: str | None


@dataclass(frozen=True, slots=True)
class PoemListRow:
    poem_id: str
    title: str | None
    source: str
    prompt_id: str | None
    prompt: str | None
    first_line: str
    n_lines: int | None  # none: not measured yet
    rhyme_density: float | None  # none: not measured yet, or not measurable
    rhyme_scheme: str | None
    scheme_corrected: bool
    language: str | None

    @property
    def why_no_rhyme(self) -> str | None:
        """Why rhyme is not measured, if so."""
        return _why_no_rhyme(self.n_lines, self.rhyme_density, self.language)


@dataclass(frozen=True, slots=True)
class FeatureValue:
    name: str
    version: int
    value: float | str | None


@dataclass(frozen=True, slots=True)
class PoemDetail:
    poem_id: str
    title: str | None
    source: str
    prompt_id: str | None
    prompt: str | None
    style_instruction: str | None
    text: str
    meta: dict[str, Any]  # Any: JSON
    features: tuple[FeatureValue, ...]  # in the registry's order
    equal_to: tuple[str, ...]  # ids of poems of the set with the same text
    corrections: tuple[Correction, ...]  # of the rhyme scheme, newest first

    @property
    def correction(self) -> Correction | None:
        """The one in force."""
        newest = self.corrections[0] if self.corrections else None
        return newest if newest and newest.scheme is not None else None

    @property
    def why_no_rhyme(self) -> str | None:
        """Why rhyme is not measured, if so."""
        value = {feature.name: feature.value for feature in self.features}
        return _why_no_rhyme(value.get(LINES), value.get(DENSITY), value.get(LANGUAGE))


@dataclass(frozen=True, slots=True)
class SourceRow:
    source: str
    n_poems: int
    n_with_rhyme: int  # poems whose rhyme could be measured: what the two shares rest on
    mean_density: float | None
    share_rhymed: float | None


def _why_no_rhyme(n_lines: object, density: object, language: object) -> str | None:
    """Of a poem with these values, none where there is none."""
    if density is not None:
        return None
    return NOT_YET if n_lines is None else NOT_HEARD.get(str(language), OTHER_SCRIPT)


def poem_sets(session: Session) -> list[PoemSetRow]:
    """All of them, newest first."""
    statement = select(PoemSet, *_counts()).order_by(col(PoemSet.id).desc())
    return [_set_row(session, *row) for row in session.execute(statement).all()]


def has_poem_sets(session: Session) -> bool:
    return session.execute(select(col(PoemSet.id)).limit(1)).first() is not None


def poem_set(session: Session, key: str) -> PoemSetRow:
    statement = select(PoemSet, *_counts()).where(col(PoemSet.key) == key)
    row = session.execute(statement).first()
    if row is None:
        raise NotFound("There is no such poem set.")
    return _set_row(session, *row)


def find_poem_set(session: Session, name_or_key: str) -> PoemSetRow:
    """By its name, or else by its key."""
    statement = select(col(PoemSet.key)).where(col(PoemSet.name) == name_or_key)
    named = session.execute(statement).scalar_one_or_none()
    try:
        return poem_set(session, named or name_or_key)
    except NotFound:
        raise NotFound(f"There is no poem set with the name or key “{name_or_key}”.") from None


def poems_of(
    session: Session,
    poem_set_id: int,
    *,
    offset: int = 0,
    limit: int = 50,
    source: str | None = None,
    prompt_id: str | None = None,
    without_rhyme: bool = False,
) -> list[PoemListRow]:
    """In the order of the file; all of them, or of one source or prompt, or those alone whose rhyme
    cannot be measured."""
    page = (  # first, so that features are looked up for this page alone
        select(col(Poem.id).label("id"))
        .outerjoin(Prompt, col(Prompt.id) == col(Poem.prompt_id))
        .where(*_chosen(poem_set_id, source, prompt_id, without_rhyme))
        .order_by(col(Poem.id))
        .offset(offset)
        .limit(limit)
        .subquery()
    )
    lines, density, scheme, language = (aliased(PoemFeature) for _ in range(4))
    statement: Select[*tuple[Any, ...]] = (  # Any: the columns' own types
        select(
            Poem,
            Prompt,
            col(lines.value).label("n_lines"),
            col(density.value).label("density"),
            col(scheme.label).label("scheme"),
            col(SchemeCorrection.id).is_not(None).label("corrected"),
            col(language.label).label("language"),
        )
        .join(page, page.c.id == col(Poem.id))
        .outerjoin(Prompt, col(Prompt.id) == col(Poem.prompt_id))
        .outerjoin(lines, _feature_is(lines, LINES))
        .outerjoin(density, _feature_is(density, DENSITY))
        .outerjoin(scheme, _feature_is(scheme, SCHEME))
        .outerjoin(language, _feature_is(language, LANGUAGE))
        .outerjoin(SchemeCorrection, is_in_force(SchemeCorrection))
        .order_by(col(Poem.id))
    )
    return [_list_row(found) for found in session.execute(statement)]


def n_poems_of(
    session: Session,
    poem_set_id: int,
    *,
    source: str | None = None,
    prompt_id: str | None = None,
    without_rhyme: bool = False,
) -> int:
    statement = (
        select(func.count(col(Poem.id)))
        .outerjoin(Prompt, col(Prompt.id) == col(Poem.prompt_id))
        .where(*_chosen(poem_set_id, source, prompt_id, without_rhyme))
    )
    found: int = session.execute(statement).scalar_one()
    return found


def one_poem(session: Session, set_key: str, poem_id: str) -> PoemDetail:
    statement = (
        select(Poem, Prompt)
        .join(PoemSet, col(PoemSet.id) == col(Poem.poem_set_id))
        .outerjoin(Prompt, col(Prompt.id) == col(Poem.prompt_id))
        .where(col(PoemSet.key) == set_key, col(Poem.poem_id) == poem_id)
    )
    found = session.execute(statement).first()
    if found is None:
        raise NotFound("There is no such poem in this set.")
    poem, prompt = found
    return PoemDetail(
        poem_id=poem.poem_id,
        title=poem.title,
        source=poem.source,
        prompt_id=prompt.prompt_id if prompt else None,
        prompt=prompt.text if prompt else None,
        style_instruction=poem.style_instruction,
        text=poem.text,
        meta=poem.meta,
        features=_features(session, poem),
        equal_to=_equal_poems(session, poem),
        corrections=corrections_of(session, poem.id),
    )


def sources(session: Session, poem_set_id: int) -> list[SourceRow]:
    """By name."""
    density, rhymed = aliased(PoemFeature), aliased(PoemFeature)
    statement = (
        select(
            col(Poem.source),
            func.count(),
            func.count(col(density.value)),
            func.avg(col(density.value)),
            func.avg(col(rhymed.value)),
        )
        .outerjoin(density, _feature_is(density, DENSITY))
        .outerjoin(rhymed, _feature_is(rhymed, RHYMED))
        .where(col(Poem.poem_set_id) == poem_set_id)
        .group_by(col(Poem.source))
    )
    rows = [SourceRow(*row) for row in session.execute(statement)]
    return sorted(rows, key=lambda row: (row.source.casefold(), row.source))


def without_rhyme(session: Session, poem_set_id: int) -> dict[str, int]:
    """How many poems are measured but not their rhyme, by why not."""
    density, language = aliased(PoemFeature), aliased(PoemFeature)
    statement = (
        select(col(language.label), func.count())
        .select_from(Poem)
        .join(density, _feature_is(density, DENSITY))
        .outerjoin(language, _feature_is(language, LANGUAGE))
        .where(col(Poem.poem_set_id) == poem_set_id, col(density.value).is_(None))
        .group_by(col(language.label))
        .order_by(func.count().desc())
    )
    found: dict[str, int] = {}
    for label, n_poems in session.execute(statement):
        why = NOT_HEARD.get(label or "", OTHER_SCRIPT)
        found[why] = found.get(why, 0) + n_poems
    return found


def _n_unmeasured(session: Session, poem_set_id: int) -> int:
    """None are, at once, where their sources were compared: that is done when all are measured."""
    statement = select(col(SourceComparison.feature_version)).where(
        col(SourceComparison.poem_set_id) == poem_set_id
    )
    if session.execute(statement).scalar_one_or_none() == FEATURE_VERSION:
        return 0
    return unmeasured(session, poem_set_id)


def _counts() -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    prompts = select(func.count()).where(col(Prompt.poem_set_id) == col(PoemSet.id))
    found = select(func.count(func.distinct(col(Poem.source)))).where(
        col(Poem.poem_set_id) == col(PoemSet.id)
    )
    return (
        prompts.correlate(PoemSet).scalar_subquery(),
        found.correlate(PoemSet).scalar_subquery(),
    )


def _set_row(session: Session, found: PoemSet, n_prompts: int, n_sources: int) -> PoemSetRow:
    assert found.id is not None  # noqa: S101  # read from the database
    admin = session.get(Admin, found.created_by) if found.created_by else None
    return PoemSetRow(
        id=found.id,
        key=found.key,
        name=found.name,
        file_name=found.file_name,
        file_sha256=found.file_sha256,
        n_poems=found.n_poems,
        n_prompts=n_prompts,
        n_sources=n_sources,
        n_unmeasured=_n_unmeasured(session, found.id),
        created_at=found.created_at,
        decisions=found.decisions,
        created_by=admin.email if admin else None,
    )


def _list_row(found: Any) -> PoemListRow:  # Any: a row of the statement in poems_of
    poem, prompt = found.Poem, found.Prompt
    first_line = next((line.strip() for line in poem.text.split("\n") if line.strip()), "")
    return PoemListRow(
        poem_id=poem.poem_id,
        title=poem.title,
        source=poem.source,
        prompt_id=prompt.prompt_id if prompt else None,
        prompt=prompt.text if prompt else None,
        first_line=first_line,
        n_lines=None if found.n_lines is None else int(found.n_lines),
        rhyme_density=found.density,
        rhyme_scheme=found.scheme,
        scheme_corrected=found.corrected,
        language=found.language,
    )


def _feature_is(feature: type[PoemFeature], name: str) -> ColumnElement[bool]:
    return and_(col(feature.poem_id) == col(Poem.id), col(feature.name) == name)


def _chosen(
    poem_set_id: int, source: str | None, prompt_id: str | None, without_rhyme: bool
) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = [col(Poem.poem_set_id) == poem_set_id]
    if source is not None:
        chosen.append(col(Poem.source) == source)
    if prompt_id is not None:
        chosen.append(col(Prompt.prompt_id) == prompt_id)
    if without_rhyme:
        density = aliased(PoemFeature)
        found = select(col(density.poem_id)).where(
            _feature_is(density, DENSITY), col(density.value).is_(None)
        )
        chosen.append(found.correlate(Poem).exists())
    return chosen


def _features(session: Session, poem: Poem) -> tuple[FeatureValue, ...]:
    statement = select(PoemFeature).where(col(PoemFeature.poem_id) == poem.id)
    stored = {row.name: row for row in session.scalars(statement)}
    return tuple(
        FeatureValue(row.name, row.version, row.value if row.label is None else row.label)
        for feature in FEATURES
        if (row := stored.get(feature.name)) is not None
    )


def _equal_poems(session: Session, poem: Poem) -> tuple[str, ...]:
    statement = (
        select(col(Poem.poem_id))
        .where(
            col(Poem.text_hash) == poem.text_hash,
            col(Poem.poem_set_id) == poem.poem_set_id,
            col(Poem.id) != poem.id,
        )
        .order_by(col(Poem.id))
    )
    return tuple(session.scalars(statement))
