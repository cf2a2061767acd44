"""How far a study has come: raters and votes per group, the simulated apart from people. Who has
withdrawn is counted as that, and as nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlmodel import Session, col

from app.models import Choice, Purpose, Rater, RaterKind, Slot, Study, Vote
from app.studies.queries import stands


@dataclass(frozen=True, slots=True)
class GroupProgress:
    kind: RaterKind
    simulated: bool
    joined: int  # consented
    begun: int  # at least one vote
    finished: int  # an answer to every pair and check
    votes: int  # on poems, that stand
    ties: int
    mean_seconds: float | None  # from display to choice
    last_vote_at: datetime | None
    withdrawn: int


@dataclass(frozen=True, slots=True)
class GroupAnswers:
    """What became of those who were invited to one group and answered the questions."""

    kind: RaterKind
    simulated: bool
    answered: int
    self_described: int  # who call themselves experts
    scored: int  # whom the study's rule makes experts
    screened_out: int
    mean_score: float


def answers_by_group(session: Session, key: str) -> list[GroupAnswers]:
    """Groups without an answer are left out."""

    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    statement = (
        select(
            col(Rater.kind),
            col(Rater.simulated),
            func.count(),
            number(col(Rater.self_described) == RaterKind.EXPERT),
            number(col(Rater.scored_as) == RaterKind.EXPERT),
            number(col(Rater.screened_out_at).is_not(None)),
            func.avg(col(Rater.expertise_score)),
        )
        .join(Study, col(Study.id) == col(Rater.study_id))
        .where(
            col(Study.key) == key,
            col(Rater.expertise_score).is_not(None),
            col(Rater.withdrawn_at).is_(None),
        )
        .group_by(col(Rater.kind), col(Rater.simulated))
    )
    order = list(RaterKind)
    rows = [GroupAnswers(*row) for row in session.execute(statement)]
    return sorted(rows, key=lambda row: (row.simulated, -order.index(row.kind)))


def progress(session: Session, key: str) -> list[GroupProgress]:
    """One row per group of people (also an empty one), and one per group of simulated raters."""
    on_poems = col(Slot.purpose) != Purpose.CHECK
    stays = col(Rater.withdrawn_at).is_(None)
    per_rater = (
        select(
            col(Rater.id).label("rater"),
            col(Rater.kind).label("kind"),
            col(Rater.simulated).label("simulated"),
            case((stays, 1), else_=0).label("stays"),
            func.count(col(Slot.id)).label("slots"),
            func.count(col(Vote.id)).label("answered"),
            func.count(case((on_poems, col(Vote.id)))).label("votes"),
            func.sum(case((on_poems & (col(Vote.choice) == Choice.TIE), 1), else_=0)).label("ties"),
            func.sum(case((on_poems, col(Vote.decision_ms)))).label("ms"),
            func.count(case((on_poems, col(Vote.decision_ms)))).label("timed"),
            func.max(col(Vote.cast_at)).label("last"),
        )
        .join(Study, col(Study.id) == col(Rater.study_id))
        .outerjoin(Slot, col(Slot.rater_id) == Rater.id)
        .outerjoin(Vote, and_(col(Vote.slot_id) == col(Slot.id), stands(), stays))
        .where(col(Study.key) == key)
        .group_by(col(Rater.id), col(Rater.kind), col(Rater.simulated), col(Rater.withdrawn_at))
        .subquery()
    )
    c = per_rater.c
    statement = select(
        c.kind,
        c.simulated,
        func.sum(c.stays),
        func.sum(case((c.answered > 0, 1), else_=0)),
        func.sum(case((and_(c.slots > 0, c.answered == c.slots), 1), else_=0)),
        func.sum(c.votes),
        func.sum(c.ties),
        func.sum(c.ms),
        func.sum(c.timed),
        func.max(c.last),
        func.sum(1 - c.stays),
    ).group_by(c.kind, c.simulated)
    rows = {(row[0], row[1]): _progress(row) for row in session.execute(statement).all()}
    for kind in (RaterKind.NONEXPERT, RaterKind.EXPERT):
        rows.setdefault((kind, False), _progress((kind, False, 0, 0, 0, 0, 0, None, 0, None, 0)))
    order = list(RaterKind)
    return sorted(rows.values(), key=lambda row: (row.simulated, -order.index(row.kind)))


def _progress(row: Sequence[Any]) -> GroupProgress:  # Any: one statement's columns
    kind, simulated, joined, begun, finished, votes, ties, milliseconds, timed, last, gone = row
    mean = float(milliseconds) / int(timed) / 1000 if timed else None
    return GroupProgress(
        kind=kind,
        simulated=simulated,
        joined=int(joined),
        begun=int(begun),
        finished=int(finished),
        votes=int(votes),
        ties=int(ties),
        mean_seconds=mean,
        last_vote_at=last,
        withdrawn=int(gone),
    )
