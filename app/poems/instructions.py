"""What a style instruction asks of a poem's rhyme: the one definition, and who did not do it.

An instruction is read by the phrases below, case aside, in their order: the first that it holds
decides. So "need not rhyme" leaves the choice, "do not rhyme" forbids rhyme, and what else holds
"rhym" asks for it; but where there is a "no" or a "without" somewhere else in it, it counts as not
understood. A poem disobeys that was asked not to rhyme and is rhymed, or was asked to and is not.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import CTE, ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.models import Poem, PoemFeature, SchemeCorrection
from app.poems.corrections import is_in_force

RHYMED = "rhymed"


class Asked(StrEnum):
    NO_RHYME = "no rhyme"
    RHYME = "rhyme"
    FREE = "free to choose"
    UNCLEAR = "not understood"
    NOTHING = "no instruction"


# In small letters. A blank is set before and behind the instruction, and for every end of a line.
PHRASES: tuple[tuple[Asked, tuple[str, ...]], ...] = (
    (
        Asked.FREE,
        (
            *("unspecified", "not specified", "free to choose", "free choice", "optional"),
            *("any style", "any form", "or not", "with or without", "not necessarily"),
            *("need not rhyme", "not need to rhyme", "not have to rhyme"),
            *("n't need to rhyme", "n’t need to rhyme", "n't have to rhyme", "n’t have to rhyme"),
        ),
    ),
    (
        Asked.NO_RHYME,
        (
            *("unrhym", "nonrhym", "non-rhym", "rhymeless", "free verse", "blank verse"),
            *("no rhym", "not rhym", "n't rhym", "n’t rhym", "never rhym"),
            *("not use rhym", "n't use rhym", "n’t use rhym"),
            *("without rhym", "without any rhym", "without using rhym"),
            *("avoid rhym", "avoid any rhym", "avoid using rhym"),
        ),
    ),
    (
        Asked.UNCLEAR,
        (
            *(" no ", " not ", "n't ", "n’t ", " never ", " without ", " avoid "),
            *(": no", "=no", "false"),
        ),
    ),
    (Asked.RHYME, ("rhym",)),
)
WHOLE = {"free": Asked.FREE}

# Of those that were asked: what is not obeyed, as the feature `rhymed` has it.
DISOBEYED = {Asked.NO_RHYME: 1, Asked.RHYME: 0}


@dataclass(frozen=True, slots=True)
class Wording:
    """An instruction as it is written."""

    text: str
    asked: Asked
    n_poems: int


@dataclass(frozen=True, slots=True)
class Obedience:
    """The poems of one source that were asked the same."""

    source: str
    asked: Asked
    n_poems: int
    n_measured: int  # those whose rhyme could be measured
    n_rhymed: int

    @property
    def n_disobeying(self) -> int:
        """None do where nothing was asked, or what was asked is not understood."""
        if self.asked not in DISOBEYED:
            return 0
        return self.n_rhymed if DISOBEYED[self.asked] else self.n_measured - self.n_rhymed


@dataclass(frozen=True, slots=True)
class Disobeying:
    """A poem that did not do as it was asked."""

    poem_id: str
    title: str | None
    first_line: str
    source: str
    asked: Asked
    instruction: str
    scheme: str | None
    corrected: bool


def obedience(session: Session, poem_set_id: int) -> list[Obedience]:
    """What the poems of each source were asked, and how many of them rhyme."""
    rhymed = aliased(PoemFeature)
    counted = (  # by wording first: few wordings stand for many poems
        select(
            col(Poem.source),
            col(Poem.style_instruction),
            func.count().label("n_poems"),
            func.count(col(rhymed.value)).label("n_measured"),
            func.coalesce(func.sum(col(rhymed.value)), 0).label("n_rhymed"),
        )
        .outerjoin(rhymed, _feature_is(rhymed, RHYMED))
        .where(col(Poem.poem_set_id) == poem_set_id)
        .group_by(col(Poem.source), col(Poem.style_instruction))
        .cte("counted")
        .prefix_with("MATERIALIZED")
    )
    read = select(counted, _asked(counted.c.style_instruction).label("asked")).cte("read")
    statement = select(
        read.c.source,
        read.c.asked,
        func.sum(read.c.n_poems),
        func.sum(read.c.n_measured),
        func.sum(read.c.n_rhymed),
    ).group_by(read.c.source, read.c.asked)
    return [
        Obedience(source, Asked(asked), *map(int, numbers))
        for source, asked, *numbers in session.execute(statement)
    ]


def wordings(session: Session, poem_set_id: int, *, limit: int) -> list[Wording]:
    """The instructions of a set and how they are read, from the most frequent on."""
    read, n_poems = _readings(poem_set_id), func.count()
    statement = (
        select(read.c.wording, read.c.asked, n_poems)
        .join(Poem, col(Poem.style_instruction) == read.c.wording)
        .where(col(Poem.poem_set_id) == poem_set_id)
        .group_by(read.c.wording, read.c.asked)
        .order_by(n_poems.desc(), read.c.wording)
        .limit(limit)
    )
    return [Wording(text, Asked(asked), n) for text, asked, n in session.execute(statement)]


def disobeying(
    session: Session,
    poem_set_id: int,
    *,
    asked: Asked | None = None,
    source: str | None = None,
    offset: int = 0,
    limit: int = 50,
) -> list[Disobeying]:
    """In the order of the file; of one source, or asked one thing, where that is given."""
    read, rhymed, scheme = _readings(poem_set_id), aliased(PoemFeature), aliased(PoemFeature)
    statement = (
        select(
            Poem,
            read.c.asked,
            col(scheme.label),
            col(SchemeCorrection.id).is_not(None),
        )
        .join(read, read.c.wording == col(Poem.style_instruction))
        .join(rhymed, _feature_is(rhymed, RHYMED))
        .outerjoin(scheme, _feature_is(scheme, "rhyme_scheme"))
        .outerjoin(SchemeCorrection, is_in_force(SchemeCorrection))
        .where(
            col(Poem.poem_set_id) == poem_set_id,
            _disobeys(read, rhymed, asked),
            *([col(Poem.source) == source] if source is not None else []),
        )
        .order_by(col(Poem.id))
        .offset(offset)
        .limit(limit)
    )
    return [
        Disobeying(
            poem_id=poem.poem_id,
            title=poem.title,
            first_line=next((line.strip() for line in poem.text.split("\n") if line.strip()), ""),
            source=poem.source,
            asked=Asked(was_asked),
            instruction=poem.style_instruction,
            scheme=label,
            corrected=corrected,
        )
        for poem, was_asked, label, corrected in session.execute(statement)
    ]


def _readings(poem_set_id: int) -> CTE:
    """Every instruction of a set once, and what it asks: few wordings stand for many poems."""
    found = (
        select(col(Poem.style_instruction).label("wording"))
        .where(col(Poem.poem_set_id) == poem_set_id, col(Poem.style_instruction).is_not(None))
        .distinct()
        .cte("wordings")
        .prefix_with("MATERIALIZED")
    )
    read = select(found.c.wording, _asked(found.c.wording).label("asked"))
    return read.cte("readings").prefix_with("MATERIALIZED")


def _asked(instruction: ColumnElement[str]) -> ColumnElement[str]:
    wording: ColumnElement[str] = func.lower(instruction)
    for blank in "\t\r\n":
        wording = func.replace(wording, blank, " ")
    padded = literal(" ") + wording + " "
    whole = func.trim(wording)
    return case(
        (or_(instruction.is_(None), whole == ""), Asked.NOTHING.value),
        *((whole == phrase, asked.value) for phrase, asked in WHOLE.items()),
        *(
            (or_(*(padded.contains(phrase) for phrase in phrases)), asked.value)
            for asked, phrases in PHRASES
        ),
        else_=Asked.UNCLEAR.value,
    )


def _disobeys(read: CTE, rhymed: type[PoemFeature], asked: Asked | None) -> ColumnElement[bool]:
    return or_(
        *(
            and_(read.c.asked == one.value, col(rhymed.value) == value)
            for one, value in DISOBEYED.items()
            if asked in (None, one)
        )
    )


def _feature_is(feature: type[PoemFeature], name: str) -> ColumnElement[bool]:
    return and_(col(feature.poem_id) == col(Poem.id), col(feature.name) == name)
