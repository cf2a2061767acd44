"""What a rater is given at the end: a code, and the way back to where they came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from sqlalchemy import Exists, Select, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.models import Participant, Purpose, Rater, Slot, Study, StudyState, Vote, VoteFollowUp
from app.rating.checks import failed_checks
from app.studies.plan import IN_RETURN_LINKS, Design, Panel, Recruitment
from app.studies.queries import stands


class State(StrEnum):
    """How far a rater has come."""

    JOINED = "joined"  # has consented
    RATING = "rating"  # has answered the questions, or a pair
    FINISHED = "finished"
    SCREENED_OUT = "screened out"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Ending:
    """`panel`: where the code is to be given, if anywhere; one of app.studies.plan.Panel."""

    panel: str
    code: str
    return_link: str


def ending(session: Session, rater_id: int) -> Ending | None:
    """None before the last answer is stored, and where there is nothing to give."""
    row = session.execute(standing_of_raters().where(col(Rater.id) == rater_id)).one()
    recruitment = Recruitment.from_json(row.recruitment)
    failed = failed_checks(session, rater_id)
    code = code_for(recruitment, came_to(row), failed=failed, panel=row.panel)
    if code is None:
        return None
    link = _filled(recruitment.return_link, code, row)
    if "{code}" not in recruitment.return_link and code != recruitment.completion_code:
        link = ""  # it would say that all went well
    if not code and not link:
        return None
    return Ending(panel=recruitment.panel.value, code=code, return_link=link)


def code_for(
    recruitment: Recruitment, state: State, *, failed: int, panel: str | None
) -> str | None:
    """The code of a rater whom this panel sent: empty where the study has none for them, None where
    they have not come to an end, or are not the panel's to reward."""
    if recruitment.panel is not Panel.NONE and panel != recruitment.panel:
        return None
    if state is State.SCREENED_OUT:
        return recruitment.screened_out_code
    if state is not State.FINISHED:
        return None
    if failed > recruitment.failed_checks_forgiven and recruitment.failed_attention_code:
        return recruitment.failed_attention_code
    return recruitment.completion_code


def standing_of_raters() -> Select[Any]:  # Any: the columns below
    """Of each rater what tells their state, and who they are to whom."""
    vote = select(col(Vote.id)).where(col(Vote.slot_id) == col(Slot.id), stands())
    of_rater = select(col(Slot.id)).where(col(Slot.rater_id) == col(Rater.id))
    columns: list[Any] = [  # Any: of as many types
        col(Rater.id),
        col(Rater.key),
        col(Rater.kind),
        col(Rater.joined_at),
        col(Rater.answered_at),
        col(Rater.screened_out_at),
        col(Rater.withdrawn_at),
        exists(of_rater.where(vote.exists())).label("has_begun"),
        exists(of_rater.where(~vote.exists())).label("has_more"),
        _no_follow_up().label("no_follow_up"),
        col(Participant.panel),
        col(Participant.external_id),
        col(Participant.external_study),
        col(Participant.external_session),
        col(Participant.earlier_visits),
        col(Study.recruitment),
        col(Study.design),
        col(Study.state),
    ]
    return (
        select(*columns)
        .join(Study, col(Study.id) == col(Rater.study_id))
        .outerjoin(Participant, col(Participant.rater_id) == col(Rater.id))
    )


def _no_follow_up() -> Exists:
    """Whether nothing has been said, nor left unsaid, of the answer to the rater's last pair."""
    last, followed = aliased(Slot), select(col(VoteFollowUp.vote_id))
    of_rater = select(func.max(col(last.position))).where(col(last.rater_id) == col(Rater.id))
    answers = select(col(Vote.id)).join(Slot, col(Slot.id) == col(Vote.slot_id))
    return exists(
        answers.where(
            col(Slot.rater_id) == col(Rater.id),
            col(Slot.position) == of_rater.correlate(Rater).scalar_subquery(),
            col(Slot.purpose) != Purpose.CHECK,
            stands(),
            ~followed.where(col(VoteFollowUp.vote_id) == col(Vote.id)).correlate(Vote).exists(),
        ).correlate(Rater)
    )


def state_of(row: Any) -> State:  # Any: a row of the statement above
    return State.WITHDRAWN if row.withdrawn_at is not None else came_to(row)


def came_to(row: Any) -> State:  # Any: as above
    """Their state without regard to withdrawing: who has finished is given what was promised."""
    if row.screened_out_at is not None:
        return State.SCREENED_OUT
    owes = row.state == StudyState.OPEN and row.no_follow_up
    owes = owes and Design.from_json(row.design).asks_about_choices
    if row.answered_at is not None and row.has_begun and not row.has_more and not owes:
        return State.FINISHED
    return State.RATING if row.answered_at is not None or row.has_begun else State.JOINED


def _filled(link: str, code: str, row: Any) -> str:  # Any: as above
    """The return link of this rater; none where it would have to name a code or an id that is not
    there, or would tell that somebody finished who did not."""
    if not link or ("{code}" not in link and came_to(row) is not State.FINISHED):
        return ""
    values: Mapping[str, str | None] = {
        "code": code,
        "id": row.external_id,
        "study": row.external_study,
        "session": row.external_session,
    }
    for name in IN_RETURN_LINKS:
        field = f"{{{name}}}"
        if field in link:
            if not values[name]:
                return ""
            link = link.replace(field, quote(str(values[name]), safe=""))
    return link
