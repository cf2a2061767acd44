"""Leaving raters out of what is reckoned, and counting them again: decisions that are kept beside
the votes, never a deletion."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from app.db import utc_now
from app.errors import Conflict, NotFound, Unusable
from app.models import Exclusion, Rater, Study
from app.studies.flags import BY_NAME
from app.studies.quality import JUDGEMENT, RaterQuality, Standing, quality_of, standings

LONGEST_REASON = 1_000


def decide(
    session: Session,
    *,
    study: Study,
    rater_key: str,
    excluded: bool,
    rule: str,
    reason: str,
    admin_id: int,
) -> bool:
    """On one rater; whether that changed anything."""
    return bool(
        _decide(
            session,
            study,
            [rater_key],
            excluded=excluded,
            rule=rule,
            reason=reason,
            admin_id=admin_id,
        )
    )


def flagged_by(session: Session, study: Study, rule: str) -> list[RaterQuality]:
    """Whom the rule would leave out: flagged, and counted until now on nobody's decision."""
    _known(rule)
    return [
        one
        for one in quality_of(session, study)
        if rule in one.flags and one.standing is None and one.withdrawn_at is None
    ]


def apply_rule(
    session: Session,
    *,
    study: Study,
    rule: str,
    reason: str,
    admin_id: int,
    shown: Collection[str],
) -> int:
    """Leaves out those of the raters shown whom the rule still flags; how many these are. Who was
    flagged since is not among them, as nobody has seen that."""
    keys = [one.key for one in flagged_by(session, study, rule) if one.key in shown]
    return _decide(session, study, keys, excluded=True, rule=rule, reason=reason, admin_id=admin_id)


def _decide(
    session: Session,
    study: Study,
    keys: Collection[str],
    *,
    excluded: bool,
    rule: str,
    reason: str,
    admin_id: int,
) -> int:
    reason = reason.strip()
    if rule != JUDGEMENT:
        _known(rule)
    elif not reason:
        raise Unusable("A decision without a rule needs a reason.")
    if len(reason) > LONGEST_REASON:
        raise Unusable(f"A reason may have at most {LONGEST_REASON} characters.")
    statement = (
        select(Rater)
        .where(Rater.study_id == study.id, col(Rater.key).in_(keys))
        .order_by(col(Rater.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    raters = session.exec(statement).all()
    if len(raters) < len(keys):
        raise NotFound("There is no such rater in this study; they may have had it all erased.")
    if any(rater.withdrawn_at for rater in raters):
        raise Conflict("This rater has withdrawn: their votes stay out, whatever anybody decides.")
    now, standing = utc_now(), standings(session, study.id or 0)
    changed = [one for one in raters if _is_excluded(standing.get(one.id or 0)) != excluded]
    for rater in changed:
        session.add(
            Exclusion(
                rater_id=rater.id or 0,
                excluded=excluded,
                rule=rule,
                rule_version=BY_NAME[rule].version if rule in BY_NAME else None,
                reason=reason,
                made_by=admin_id,
                made_at=now,
            )
        )
    session.flush()
    return len(changed)


def _is_excluded(found: Standing | None) -> bool:
    return found is not None and found.excluded


def _known(rule: str) -> None:
    if rule not in BY_NAME:
        raise Unusable(f"There is no rule “{rule}”; there are {', '.join(BY_NAME)}.")
