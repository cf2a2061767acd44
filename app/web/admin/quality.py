"""Data quality: the raters of a study with their flags, and who is left out, by which decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.analysis.plots.distributions import SourceBars, distribution_chart
from app.db import Session
from app.errors import Unusable
from app.rating.personal_data import HOW_LONG_SIGNED, OTHERS, RATERS, SIGNED
from app.rating.withdrawing import erase
from app.studies import excluding
from app.studies.flags import BY_NAME, RULES, Rule
from app.studies.plan import Design, Recruitment
from app.studies.quality import (
    JUDGEMENT,
    RaterQuality,
    erasures,
    history,
    quality_of,
    rater_of,
)
from app.studies.queries import study, study_by_key
from app.web.deps import FormValues, ReadSession, SignedInAdmin, WriteSession
from app.web.forms import Form, parse_form
from app.web.render import page, redirect

router = APIRouter()

_SHOWN_AT_ONCE = 50
_GROUPS = {"expert": "Experts", "nonexpert": "Non-experts", "judge": "Judges"}
_BINS = 20
_FASTEST_DRAWN = 2.0  # times the study's limit; beyond it, the outermost bar
_SORTS = {
    "joined": ("Joined", lambda one: one.joined_at),
    "flags": ("Most flags", lambda one: -len(one.flags)),
    "speed": ("Fastest", lambda one: -(one.measures.median_speed or 0)),
    "side": ("Most one-sided", lambda one: -abs((one.measures.share_left or 0.5) - 0.5)),
    "votes": ("Fewest answers", lambda one: one.measures.n_votes),
}


class DecisionForm(BaseModel):
    excluded: bool
    rule: str = JUDGEMENT
    reason: str = Field(default="", max_length=excluding.LONGEST_REASON)


@dataclass(frozen=True, slots=True)
class ShownRule:
    rule: Rule
    says: str
    n_flagged: int
    n_left_out: int  # by this rule
    n_open: int  # flagged and not decided about


@dataclass(frozen=True, slots=True)
class Drawn:
    title: str
    wide: str
    narrow: str
    told: str


@router.get("/studies/{key}/quality", name="admin:show_quality")
def show_quality(
    request: Request,
    session: ReadSession,
    *,
    key: str,
    flag: str = "",
    sort: str = "flags",
    page_number: int = 1,
) -> Response:
    """Every rule with how many it flags, how fast and how evenly people choose, and all raters."""
    found = study_by_key(session, key)
    design, raters = Design.from_json(found.design), quality_of(session, found)
    sort = sort if sort in _SORTS else "flags"
    listed = sorted((one for one in raters if _is_listed(one, flag)), key=_SORTS[sort][1])
    pages = max(1, -(-len(listed) // _SHOWN_AT_ONCE))
    number = min(max(page_number, 1), pages)
    return page(
        request,
        "admin/quality/show.html",
        study=study(session, key),
        design=design,
        rules=[_shown(rule, raters, design) for rule in RULES],
        by_name=BY_NAME,
        raters=listed[(number - 1) * _SHOWN_AT_ONCE : number * _SHOWN_AT_ONCE],
        n_listed=len(listed),
        n_raters=len(raters),
        n_excluded=sum(one.is_excluded for one in raters),
        n_withdrawn=sum(one.withdrawn_at is not None for one in raters),
        groups=_GROUPS,
        drawn=_drawn(raters, design),
        erased=erasures(session, found.id or 0),
        flag=flag,
        sort=sort,
        sorts={name: label for name, (label, _key) in _SORTS.items()},
        page_number=number,
        pages=pages,
        keeps=Recruitment.from_json(found.recruitment).keep_identities_days,
    )


@router.get("/studies/{key}/quality/rules/{rule}", name="admin:show_rule")
def show_rule(request: Request, session: ReadSession, key: str, rule: str) -> Response:
    """Whom a rule would leave out, before it does."""
    return _rule(request, session, key, rule, Form())


@router.post("/studies/{key}/quality/rules/{rule}", name="admin:apply_rule")
def post_rule(
    request: Request,
    admin: SignedInAdmin,
    values: FormValues,
    session: WriteSession,
    *,
    key: str,
    rule: str,
) -> Response:
    """Leaves out the raters that were shown."""
    n = excluding.apply_rule(
        session,
        study=study_by_key(session, key),
        rule=rule,
        reason=values.get("reason", ""),
        admin_id=admin.id or 0,
        shown=set(values.get("shown", "").split()),
    )
    said = f"{n:,} rater{'s' * (n != 1)} left out from now on. All votes are kept."
    return redirect(request, "admin:show_quality", key=key, flash=said)


@router.get("/studies/{key}/raters/{rater}", name="admin:show_rater")
def show_rater(request: Request, session: ReadSession, key: str, rater: str) -> Response:
    """One rater: what was found, every decision, and a form for another."""
    return _rater(request, session, key, rater, Form({"rule": JUDGEMENT}))


@router.post("/studies/{key}/raters/{rater}/decisions", name="admin:decide_on_rater")
def post_decision(
    request: Request,
    admin: SignedInAdmin,
    values: FormValues,
    session: WriteSession,
    *,
    key: str,
    rater: str,
) -> Response:
    """Stores the decision beside those before, or shows the form again."""
    form = parse_form(DecisionForm, values)
    try:
        if form.valid is not None:
            excluding.decide(
                session,
                study=study_by_key(session, key),
                rater_key=rater,
                admin_id=admin.id or 0,
                **form.valid.model_dump(),
            )
            return redirect(request, "admin:show_rater", key=key, rater=rater, flash="Decided.")
    except Unusable as error:
        form = form.refused(reason=str(error))
    return _rater(request, session, key, rater, form, status=422)


@router.post("/studies/{key}/raters/{rater}/erasure", name="admin:erase_rater")
def post_erasure(
    request: Request, values: FormValues, session: WriteSession, key: str, rater: str
) -> Response:
    """Erases a rater who asked for it and has lost their own link."""
    found = rater_of(session, study_by_key(session, key), rater)
    if values.get("sure") != "yes":
        form: Form[Any] = Form({"rule": JUDGEMENT}, {"sure": "Tick the box, if you are sure."})
        return _rater(request, session, key, rater, form, status=422)
    erase(session, found.id)
    said = (
        f"Everything about the rater {rater} is erased. Delete their rows from files made before."
    )
    return redirect(request, "admin:show_quality", key=key, flash=said)


@router.get("/data-protection", name="admin:show_data_protection")
def show_data_protection(request: Request) -> Response:
    """What is stored about people, column by column, why and for how long."""
    return page(
        request,
        "admin/quality/data_protection.html",
        parts={"Raters": RATERS, "Others": OTHERS},
        signed=SIGNED,
        how_long=HOW_LONG_SIGNED,
    )


def _is_listed(one: RaterQuality, flag: str) -> bool:
    if flag == "excluded":
        return one.is_excluded
    return flag not in BY_NAME or flag in one.flags


def _shown(rule: Rule, raters: Sequence[RaterQuality], design: Design) -> ShownRule:
    flagged = [one for one in raters if rule.name in one.flags]
    return ShownRule(
        rule=rule,
        says=rule.says(design),
        n_flagged=len(flagged),
        n_left_out=sum(
            one.standing is not None and one.is_excluded and one.standing.rule == rule.name
            for one in raters
        ),
        n_open=sum(one.standing is None and one.withdrawn_at is None for one in flagged),
    )


def _drawn(raters: Sequence[RaterQuality], design: Design) -> list[Drawn]:
    people = [one for one in raters if one.kind.value != "judge"]
    most = _FASTEST_DRAWN * design.fastest_reading
    charts = (
        _chart(
            people,
            "Reading speed",
            "Words a minute, each rater’s median",
            [one.measures.median_speed for one in people],
            most,
        ),
        _chart(
            people,
            "Side chosen",
            "Share of choices for the left poem",
            [one.measures.share_left for one in people],
            1.0,
        ),
    )
    return [chart for chart in charts if chart is not None]


def _chart(
    raters: Sequence[RaterQuality],
    title: str,
    axis: str,
    values: Sequence[float | None],
    most: float,
) -> Drawn | None:
    rows, told = [], []
    edges = np.linspace(0, most, _BINS + 1)
    places = 2 if most <= 1 else 0  # a share, or words a minute
    for kind, label in _GROUPS.items():
        pairs = zip(raters, values, strict=True)
        own = [value for one, value in pairs if one.kind.value == kind and value is not None]
        if own:
            low, middle, high = (float(one) for one in np.quantile(own, (0.25, 0.5, 0.75)))
            counts = np.histogram(np.minimum(own, most), edges)[0]
            rows.append(
                SourceBars(label, len(own), tuple(int(n) for n in counts), (low, middle, high))
            )
            quartiles = f"{low:,.{places}f} and {high:,.{places}f}"
            told.append(f"{label}: median {middle:,.{places}f}, quartiles {quartiles}.")
    if not rows:
        return None
    given = {"edges": tuple(float(edge) for edge in edges), "title": title, "axis": axis}
    wide, narrow = (
        distribution_chart(tuple(rows), width=width, noun="rater", **given)
        for width in ("wide", "narrow")
    )
    return Drawn(title, wide, narrow, " ".join(told))


def _rule(request: Request, session: Session, key: str, name: str, form: Form[Any]) -> Response:
    found = study_by_key(session, key)
    flagged = excluding.flagged_by(session, found, name)
    counts: dict[str, tuple[int, int]] = {}
    for one in flagged:
        raters, votes = counts.get(one.kind.value, (0, 0))
        counts[one.kind.value] = (raters + 1, votes + one.measures.n_votes)
    return page(
        request,
        "admin/quality/rule.html",
        study=study(session, key),
        rule=BY_NAME[name],
        says=BY_NAME[name].says(Design.from_json(found.design)),
        flagged=flagged,
        counts=counts,
        groups=_GROUPS,
        form=form,
        longest=excluding.LONGEST_REASON,
    )


def _rater(
    request: Request, session: Session, key: str, rater: str, form: Form[Any], *, status: int = 200
) -> Response:
    found = study_by_key(session, key)
    one = rater_of(session, found, rater)
    return page(
        request,
        "admin/quality/rater.html",
        status=status,
        study=study(session, key),
        design=Design.from_json(found.design),
        rater=one,
        by_name=BY_NAME,
        rules=[(JUDGEMENT, "My judgement (needs a reason)")]
        + [(rule.name, rule.label) for rule in RULES if rule.name in one.flags],
        history=history(session, one.id),
        groups=_GROUPS,
        form=form,
        longest=excluding.LONGEST_REASON,
    )
