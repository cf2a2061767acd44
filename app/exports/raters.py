"""Raters as rows, without anything that would let one in or tell who they are."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.exports.columns import FLAG, INTEGER, NUMBER, READ_AT_ONCE, TEXT, TIME, Column, Row, iso
from app.models import Purpose, Rater, RaterAnswer, Slot, Study, Vote, VoteRetraction
from app.studies.flags import RULES
from app.studies.instrument import Item, questionnaire_of
from app.studies.quality import RaterQuality, quality_of

RATER_COLUMNS = (
    Column("rater_id", "Identifier of the rater", TEXT),
    Column("group", "expert, nonexpert or judge, by the link followed", TEXT),
    Column("simulated", "1 for a rater drawn by a simulation, 0 for a person", FLAG),
    Column("consented_at", "When the rater consented", TIME, "UTC"),
    Column("consent_version", "Version of the text consented to", TEXT),
    Column("joined_at", "When the rater was made", TIME, "UTC"),
    Column("answered_at", "When the questionnaire was answered; empty if not", TIME, "UTC"),
    Column("instrument_version", "Version of the questionnaire answered", TEXT),
    Column("self_described", "What the rater calls themself: expert or nonexpert", TEXT),
    Column("scored_as", "expert or nonexpert by the answers and the rule of the study", TEXT),
    Column(
        "expertise_score",
        "Share of the points of the questionnaire, weighed by that rule, 0 to 1",
        NUMBER,
    ),
    Column(
        "screened_out_at",
        "When the study ended early for a rater whose answers did not fit the group; mostly empty",
        TIME,
        "UTC",
    ),
    Column("n_slots", "Pairs given to the rater, also those that come again", INTEGER, "pairs"),
    Column("n_votes", "Votes of the rater that stand, as in the votes' file", INTEGER, "votes"),
    Column(
        "withdrawn_at",
        "When the rater withdrew: their votes and answers are in no file made since",
        TIME,
        "UTC",
    ),
    Column("excluded", "1 where it was decided that the rater's votes should not count", FLAG),
    Column("exclusion_rule", "Rule of the newest decision, or judgement or withdrawn", TEXT),
    Column("exclusion_reason", "Reason of the newest decision, as its author wrote it", TEXT),
    Column("exclusion_decided_at", "When it was made", TIME, "UTC"),
    Column("share_left", "Choices of the left poem, of those that decide", NUMBER, "share"),
    Column("median_reading_speed", "Median of the votes' reading speed", NUMBER, "words a minute"),
    Column("share_too_fast", "Votes above the study's limit, of those timed", NUMBER, "share"),
    Column("n_checks", "Attention checks answered", INTEGER, "checks"),
    Column("n_checks_failed", "Of these otherwise than asked", INTEGER, "checks"),
    Column("n_repeats", "Pairs decided twice, the second time with sides exchanged", INTEGER),
    Column("n_repeats_contradicted", "Of these, where the other poem was chosen", INTEGER),
    *(
        Column(f"flag_{rule.name}", f"{rule.label} (rule of version {rule.version})", FLAG)
        for rule in RULES
    ),
)
SAYS = "says_"
POINTS = "points_"  # of a section and an item, as app.analysis.answers reads them
_KEPT_OF_WITHDRAWN = (
    *("rater_id", "group", "simulated", "withdrawn_at"),
    *("excluded", "exclusion_rule", "exclusion_decided_at"),
)


def rater_columns(session: Session, study_id: int) -> tuple[Column, ...]:
    """Those every study has, and of each item that anyone in this one answered, what was said and
    what it is worth."""
    statement = (
        select(col(RaterAnswer.item))
        .join(Rater, col(Rater.id) == RaterAnswer.rater_id)
        .where(col(Rater.study_id) == study_id)
        .distinct()
        .order_by(col(RaterAnswer.item))
    )
    items = session.execute(statement).scalars().all()
    said = (
        Column(SAYS + item, f"What the rater answered to the item “{item}”", TEXT) for item in items
    )
    worth = (
        Column(name, f"Points of the answer to “{item.text}”", NUMBER, "points")
        for name, item in _scored(session, study_id)
        if item.name in items
    )
    return (*RATER_COLUMNS, *said, *worth)


def _scored(session: Session, study_id: int) -> list[tuple[str, Item]]:
    """The items that count in the study's questionnaire, by the names of their columns."""
    design = session.execute(
        select(col(Study.design)).where(col(Study.id) == study_id)
    ).scalar_one()
    return [
        (f"{POINTS}{section.name}_{item.name}", item)
        for section in questionnaire_of(design).sections
        for item in section.scored
    ]


def rater_rows(session: Session, study_id: int) -> Iterator[Row]:
    """In the order they joined. Of those who withdrew, only that they did."""
    quality = {one.id: one for one in quality_of(session, session.get_one(Study, study_id))}
    holds_poems = col(Slot.purpose) != Purpose.CHECK
    n_slots = (
        select(func.count()).where(col(Slot.rater_id) == Rater.id, holds_poems).correlate(Rater)
    )
    n_votes = (
        select(func.count())
        .select_from(Slot)
        .join(Vote, col(Vote.slot_id) == Slot.id)
        .outerjoin(VoteRetraction, col(VoteRetraction.vote_id) == Vote.id)
        .where(col(Slot.rater_id) == Rater.id, col(VoteRetraction.vote_id).is_(None))
        .where(holds_poems)
        .correlate(Rater)
    )
    statement = (
        select(
            col(Rater.id),
            col(Rater.key),
            col(Rater.kind),
            col(Rater.simulated),
            col(Rater.consented_at),
            col(Rater.consent_version),
            col(Rater.joined_at),
            col(Rater.answered_at),
            col(Rater.self_described),
            col(Rater.scored_as),
            col(Rater.expertise_score),
            col(Rater.screened_out_at),
            n_slots.scalar_subquery().label("n_slots"),
            n_votes.scalar_subquery().label("n_votes"),
        )
        .where(col(Rater.study_id) == study_id)
        .order_by(col(Rater.id))
        .execution_options(yield_per=READ_AT_ONCE)
    )
    names = [column.name for column in rater_columns(session, study_id)]
    scored = _scored(session, study_id)
    for part in session.execute(statement).partitions():
        answers = _answers(session, [found.id for found in part])
        for found in part:
            own = quality[found.id]
            said = answers.get(found.id, {})
            points = {name: item.points(said.get(SAYS + item.name, "")) for name, item in scored}
            row = _row(found) | said | points | _quality(own)
            if own.withdrawn_at is not None:
                row = {name: row[name] for name in _KEPT_OF_WITHDRAWN}
            yield {name: row.get(name) for name in names}


def _row(found: Any) -> Row:  # Any: a row of the statement above
    return {
        "rater_id": found.key,
        "group": found.kind.value,
        "simulated": int(found.simulated),
        "consented_at": iso(found.consented_at),
        "consent_version": found.consent_version,
        "joined_at": iso(found.joined_at),
        "answered_at": iso(found.answered_at),
        "self_described": found.self_described and found.self_described.value,
        "scored_as": found.scored_as and found.scored_as.value,
        "expertise_score": found.expertise_score,
        "screened_out_at": iso(found.screened_out_at),
        "n_slots": found.n_slots,
        "n_votes": found.n_votes,
    }


def _quality(rater: RaterQuality) -> Row:
    found, standing = rater.measures, rater.standing
    return {
        "withdrawn_at": iso(rater.withdrawn_at),
        "excluded": int(rater.is_excluded),
        "exclusion_rule": standing.rule if standing else None,
        "exclusion_reason": standing.reason if standing else None,
        "exclusion_decided_at": iso(standing.made_at) if standing else None,
        "share_left": found.share_left,
        "median_reading_speed": found.median_speed,
        "share_too_fast": found.share_too_fast,
        "n_checks": found.n_checks,
        "n_checks_failed": found.n_failed,
        "n_repeats": found.n_repeats,
        "n_repeats_contradicted": found.n_contradicted,
        **{f"flag_{rule.name}": int(rule.name in rater.flags) for rule in RULES},
    }


def _answers(session: Session, rater_ids: Sequence[int]) -> dict[int, Row]:
    statement = select(
        col(RaterAnswer.rater_id),
        col(RaterAnswer.item),
        col(RaterAnswer.value),
        col(RaterAnswer.instrument_version),
    ).where(col(RaterAnswer.rater_id).in_(rater_ids))
    answers: dict[int, Row] = {}
    for rater_id, item, value, version in session.execute(statement):
        row = answers.setdefault(rater_id, {})
        row[SAYS + item] = value
        row["instrument_version"] = version
    return answers
