"""In which studies the raters of one browser take part, for them to tell one from the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from app.accounts.tokens import hash_token
from app.models import Rater, Slot, Study, Vote
from app.rating.ending import State, standing_of_raters, state_of
from app.studies.plan import Design
from app.studies.queries import stands


@dataclass(frozen=True, slots=True)
class TakingPart:
    key: str  # of the rater
    title: str  # of the study, for raters
    joined_at: datetime
    language: str
    state: State
    answered: int
    total: int


def taking_part(session: Session, tokens: Sequence[str]) -> list[TakingPart]:
    """In the order of the tokens; without those that lead to nobody."""
    hashes = [hash_token(token) for token in tokens]
    rows = session.execute(_statement().where(col(Rater.token_hash).in_(hashes))).all()
    return [
        TakingPart(
            key=row.key,
            title=row.title,
            joined_at=row.joined_at,
            language=Design.from_json(row.design).language,
            state=state_of(row),
            answered=row.answered,
            total=row.total,
        )
        for row in sorted(rows, key=lambda row: hashes.index(row.token_hash))
    ]


def _statement() -> Select[Any]:  # Any: the columns of raters, and these
    own = select(func.count()).select_from(Slot).where(col(Slot.rater_id) == col(Rater.id))
    vote = select(col(Vote.id)).where(col(Vote.slot_id) == col(Slot.id), stands())
    return standing_of_raters().add_columns(
        col(Rater.token_hash),
        col(Study.title),
        own.correlate(Rater).scalar_subquery().label("total"),
        own.where(vote.exists()).correlate(Rater).scalar_subquery().label("answered"),
    )
