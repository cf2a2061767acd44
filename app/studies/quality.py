"""Reads: the raters of a study with their flags, and whether they are left out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.errors import NotFound
from app.models import (
    Admin,
    Erasure,
    Exclusion,
    Participant,
    Poem,
    PoemFeature,
    Purpose,
    Rater,
    RaterKind,
    Slot,
    Study,
    Vote,
)
from app.studies.flags import Answer, Facts, Measures, Others, findings, measures
from app.studies.plan import Design
from app.studies.queries import stands

WITHDRAWN = "withdrawn"
JUDGEMENT = "judgement"
_AT_ONCE = 1_000

_Statement = Select[*tuple[Any, ...]]  # Any: the columns' own types


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a rater's votes count, by the newest decision."""

    excluded: bool
    rule: str
    reason: str
    made_by: str | None  # an admin's address; none: the rater
    made_at: datetime


@dataclass(frozen=True, slots=True)
class RaterQuality:
    id: int
    key: str
    kind: RaterKind
    simulated: bool
    joined_at: datetime
    withdrawn_at: datetime | None
    measures: Measures
    flags: dict[str, str]  # why, by the rule's name
    standing: Standing | None  # none: nobody has decided

    @property
    def is_excluded(self) -> bool:
        return self.standing is not None and self.standing.excluded


def quality_of(session: Session, study: Study) -> list[RaterQuality]:
    """Every rater in the order they joined. Memory grows with the raters, not with the votes."""
    design = Design.from_json(study.design)
    seen = {rater: measures(facts, design) for rater, facts in _facts(session, study)}
    series = Counter(one.series for one in seen.values() if one.series)
    identities = _same_identity(session, study)
    standing = standings(session, study.id or 0)
    statement: _Statement = (
        select(
            col(Rater.id),
            col(Rater.key),
            col(Rater.kind),
            col(Rater.simulated),
            col(Rater.joined_at),
            col(Rater.withdrawn_at),
        )
        .where(col(Rater.study_id) == study.id)
        .order_by(col(Rater.id))
    )
    found = []
    for row in session.execute(statement):
        own = seen[row[0]]
        others = Others(series.total(), max(series[own.series] - 1, 0), identities[row[0]])
        decided = (own, findings(own, others, design), standing.get(row[0]))
        found.append(RaterQuality(*(*row, *decided)))
    return found


def rater_of(session: Session, study: Study, key: str) -> RaterQuality:
    found = next((one for one in quality_of(session, study) if one.key == key), None)
    if found is None:
        raise NotFound("There is no such rater in this study; they may have had it all erased.")
    return found


def standings(session: Session, study_id: int) -> dict[int, Standing]:
    """The newest decision on each rater about whom there is one."""
    statement = _decisions().where(col(Rater.study_id) == study_id, is_newest(Exclusion))
    return {row[0]: Standing(*row[1:]) for row in session.execute(statement)}


def history(session: Session, rater_id: int) -> list[Standing]:
    """Every decision on a rater, newest first."""
    statement = _decisions().where(col(Rater.id) == rater_id).order_by(col(Exclusion.id).desc())
    return [Standing(*row[1:]) for row in session.execute(statement)]


def is_newest(table: type[Exclusion]) -> ColumnElement[bool]:
    """A condition on Exclusion, or on an alias of it: no later one of the same rater."""
    later = aliased(Exclusion)
    return ~exists().where(col(later.rater_id) == col(table.rater_id), col(later.id) > table.id)


def erasures(session: Session, study_id: int) -> list[Erasure]:
    """Newest first."""
    statement = select(Erasure).where(col(Erasure.study_id) == study_id)
    return list(session.execute(statement.order_by(col(Erasure.id).desc())).scalars())


@dataclass(frozen=True, slots=True)
class Since:
    """What changed who is counted since a report was asked for."""

    erased: int
    withdrawn: int
    decided: int  # raters left out or counted again

    def told(self) -> list[str]:
        """A sentence for each; none where nothing changed."""
        found = []
        if self.erased:
            found.append(
                f"{_raters(self.erased, 'has', 'have')} been erased since this report was asked "
                "for. It holds sums over all raters and stays as it was made."
            )
        if self.withdrawn:
            found.append(f"{_raters(self.withdrawn, 'has', 'have')} withdrawn since.")
        if self.decided:
            found.append(f"{_raters(self.decided, 'was', 'were')} left out or counted again since.")
        return found


def _raters(n: int, one: str, many: str) -> str:
    return f"One rater {one}" if n == 1 else f"{n:,} raters {many}"


def changes_since(session: Session, study_id: int, time: datetime) -> Since:
    decided = (
        select(col(Exclusion.rater_id), col(Exclusion.made_by))
        .join(Rater, col(Rater.id) == col(Exclusion.rater_id))
        .where(col(Rater.study_id) == study_id, col(Exclusion.made_at) > time)
    )
    rows = session.execute(decided).all()
    erased = select(func.count()).where(
        col(Erasure.study_id) == study_id, col(Erasure.erased_at) > time
    )
    withdrawn = select(func.count()).where(
        col(Rater.study_id) == study_id, col(Rater.withdrawn_at) > time
    )
    return Since(
        erased=session.scalar(erased) or 0,
        withdrawn=session.scalar(withdrawn) or 0,
        decided=len({row.rater_id for row in rows if row.made_by is not None}),
    )


def milliseconds(vote: Any) -> int | None:  # Any: a row with the columns of a vote named here
    """The time that reading can have taken: by the rater's clock, else by the server's. None for
    what had been read before: a pair again, an answer given anew."""
    if vote.attempt != 1 or vote.purpose != Purpose.MEASURE:
        return None
    if vote.decision_ms is not None:
        return int(vote.decision_ms)
    return int((vote.cast_at - vote.shown_at) / timedelta(milliseconds=1))


def _decisions() -> _Statement:
    statement: _Statement = (
        select(
            col(Exclusion.rater_id),
            col(Exclusion.excluded),
            col(Exclusion.rule),
            col(Exclusion.reason),
            col(Admin.email),
            col(Exclusion.made_at),
        )
        .join(Rater, col(Rater.id) == col(Exclusion.rater_id))
        .outerjoin(Admin, col(Admin.id) == col(Exclusion.made_by))
    )
    return statement


def _facts(session: Session, study: Study) -> Iterator[tuple[int, Facts]]:
    """Of every rater, also of those without a slot."""
    statement: _Statement = (
        select(
            col(Rater.id).label("rater"),
            col(Rater.kind),
            col(Slot.id).label("slot"),
            col(Slot.purpose),
            col(Slot.pair_id),
            col(Slot.left_poem_id),
            col(Slot.right_poem_id),
            col(Slot.check_side),
            col(Vote.choice),
            col(Vote.attempt),
            col(Vote.shown_at),
            col(Vote.cast_at),
            col(Vote.decision_ms),
        )
        .outerjoin(Slot, col(Slot.rater_id) == col(Rater.id))
        .outerjoin(Vote, (col(Vote.slot_id) == col(Slot.id)) & stands())
        .where(col(Rater.study_id) == study.id)
        .order_by(col(Rater.id), col(Slot.position))
        .execution_options(yield_per=_AT_ONCE)
    )
    words = _words(session, study)
    for rater, rows in groupby(session.execute(statement), key=lambda row: row.rater):
        own = list(rows)
        answers = tuple(_answer(row, words) for row in own if row.choice is not None)
        n_slots = sum(row.slot is not None for row in own)
        yield rater, Facts(RaterKind(own[0].kind), n_slots, answers)


def _words(session: Session, study: Study) -> dict[int, float]:
    statement = (
        select(col(PoemFeature.poem_id), col(PoemFeature.value))
        .join(Poem, col(Poem.id) == col(PoemFeature.poem_id))
        .where(col(Poem.poem_set_id) == study.poem_set_id, col(PoemFeature.name) == "n_words")
    )
    return {poem: words for poem, words in session.execute(statement) if words is not None}


def _answer(row: Any, words: dict[int, float]) -> Answer:  # Any: a row of the statement above
    left, right = words.get(row.left_poem_id), words.get(row.right_poem_id)
    both = None if left is None or right is None else left + right
    return Answer(
        purpose=Purpose(row.purpose),
        pair=row.pair_id,
        left=row.left_poem_id,
        choice=row.choice,
        check_side=row.check_side,
        words=both,
        ms=milliseconds(row),
    )


def _same_identity(session: Session, study: Study) -> Counter[int]:
    """By rater: how many others with the same id of a panel or list had voted on the same poems
    before this one did, in this study or another. Whoever has not voted has rated nothing."""
    own, other, elsewhere = aliased(Participant), aliased(Participant), aliased(Study)
    statement = (
        select(
            col(own.rater_id),
            _first_vote(own).label("own_first"),
            col(other.rater_id).label("other_id"),
            _first_vote(other).label("other_first"),
        )
        .join(
            other,
            (col(other.external_id) == col(own.external_id))
            & (col(other.rater_id) != col(own.rater_id)),
        )
        .join(elsewhere, col(elsewhere.id) == col(other.study_id))
        .where(col(own.study_id) == study.id, col(elsewhere.poem_set_id) == study.poem_set_id)
    )
    return Counter(row.rater_id for row in session.execute(statement) if _was_earlier(row))


def _first_vote(who: type[Participant]) -> Any:  # Any: a scalar subquery, to be labelled
    """When they first voted on poems, whether or not they took it back."""
    return (
        select(func.min(col(Vote.cast_at)))
        .join(Slot, col(Slot.id) == col(Vote.slot_id))
        .where(col(Slot.rater_id) == col(who.rater_id), col(Slot.purpose) != Purpose.CHECK)
        .scalar_subquery()
    )


def _was_earlier(row: Any) -> bool:  # Any: a row of the statement above
    if row.own_first is None or row.other_first is None:
        return False
    return bool((row.other_first, row.other_id) < (row.own_first, row.rater_id))
