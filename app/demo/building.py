"""The demo set, study and simulated votes, made once; and the links into them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from importlib.resources import files

import numpy as np
from sqlalchemy import insert, select
from sqlmodel import Session, col

from app import __version__
from app.accounts.admins import admin_by_email, create_admin, make_sign_in_link
from app.analysis.simulate import StudyParameters, simulate_votes
from app.db import new_key, utc_now
from app.demo.answering import drawn, sitting
from app.models import (
    Admin,
    Poem,
    PoemFeature,
    PoemSet,
    Purpose,
    Rater,
    RaterAnswer,
    RaterKind,
    Slot,
    Study,
    Vote,
)
from app.poems.importing import import_poems
from app.poems.measuring import measure_poems
from app.poems.reading import read
from app.rating.drawing import give_slots
from app.studies.instrument import questionnaire_of
from app.studies.lifecycle import create_study, open_study
from app.studies.plan import Design, When
from app.studies.queries import group_links
from app.studies.scoring import scored

ADMIN_EMAIL = "admin@demo.example"
SET_NAME = "Demo poems"
STUDY_NAME = "Demo study"
PAIRS_PER_RATER = 13  # half of the demo's pairs: ten minutes of reading

# The known effects of the simulated votes: non-experts lean to rhyme, experts do not.
PARAMETERS = StudyParameters(
    n_experts=60,
    n_nonexperts=240,
    rhyme_expert=0.0,
    rhyme_nonexpert=0.9,
    poem_sd=0.3,
    median_seconds=55.0,
)
SEED = 20_260
# The questions come last, so that whoever tries the demo reads poems at once.
DESIGN = Design(instrument_when=When.AFTER, recognition_test=True, knowledge_test=True)
_POEMS = "poems.jsonl"


@dataclass(frozen=True, slots=True)
class DemoLinks:
    """What follows the site's address in the three links."""

    nonexpert: str
    expert: str
    admin_token: str


def demo_links(session: Session) -> DemoLinks:
    """Links into the demo study, which is made first where it is not there yet."""
    found = select(Study).where(col(Study.name) == STUDY_NAME)
    study = session.execute(found).scalar_one_or_none()
    admin = admin_by_email(session, ADMIN_EMAIL) or create_admin(session, email=ADMIN_EMAIL)
    study = study or _build(session, admin)
    links = group_links(session, study.key)
    return DemoLinks(
        nonexpert=links[RaterKind.NONEXPERT],
        expert=links[RaterKind.EXPERT],
        admin_token=make_sign_in_link(session, admin),
    )


def _build(session: Session, admin: Admin) -> Study:
    content = files("app.demo").joinpath(_POEMS).read_bytes()
    poem_set = import_poems(
        session,
        read(content, _POEMS),
        name=SET_NAME,
        file_name=_POEMS,
        content_sha256=sha256(content).hexdigest(),
        admin_id=admin.id,
    )
    measure_poems(session, poem_set.id or 0, limit=poem_set.n_poems)
    study = create_study(
        session,
        name=STUDY_NAME,
        poem_set_key=poem_set.key,
        question="Which poem do you prefer?",
        pairs_per_rater=PAIRS_PER_RATER,
        about="This is a demonstration of Blindverse. Your choices are stored on this computer.",
        seed=SEED,
        admin_id=admin.id,
    )
    study.design = DESIGN.to_json()
    open_study(session, study.key)
    _simulate(session, study, poem_set)
    return study


def _simulate(session: Session, study: Study, poem_set: PoemSet) -> None:
    rng = np.random.default_rng(SEED)
    kinds = [RaterKind.EXPERT] * PARAMETERS.n_experts
    kinds += [RaterKind.NONEXPERT] * PARAMETERS.n_nonexperts
    raters = [Rater(study_id=study.id or 0, kind=kind, simulated=True) for kind in kinds]
    for rater in raters:
        session.add(rater)
        session.flush()
        give_slots(session, study=study, rater=rater)
    _simulate_answers(session, study, raters)
    slots = _slots(session, study)
    votes = simulate_votes(_poems(session, poem_set), slots, PARAMETERS, rng)
    now = utc_now()
    rows = []
    for slot_id, choice, milliseconds in zip(
        slots["vote_id"], votes["choice"].tolist(), votes["decision_ms"].tolist(), strict=True
    ):
        shown_at = now - timedelta(milliseconds=milliseconds)
        rows.append(
            {
                "key": new_key(),
                "slot_id": int(slot_id),
                "attempt": 1,
                "choice": choice,
                "shown_at": shown_at,
                "cast_at": now,
                "decision_ms": milliseconds,
                "app_version": __version__,
            }
        )
    session.execute(insert(Vote), rows)


def _simulate_answers(session: Session, study: Study, raters: Sequence[Rater]) -> None:
    """By a generator of their own: the votes are the same with them and without."""
    rng = np.random.default_rng([SEED, len(raters)])
    asked = questionnaire_of(study.design)
    of, now, rows = sitting(asked, rng), utc_now(), []
    for rater in raters:
        answers = drawn(of, rater.kind, rng)
        found = scored(asked, answers)
        rater.answered_at, rater.expertise_score = now, found.score
        rater.scored_as, rater.self_described = found.scored_as, found.self_described
        rows += [
            {
                "rater_id": rater.id,
                "item": item,
                "value": value,
                "instrument_version": asked.version,
            }
            for item, value in answers.items()
        ]
    session.execute(insert(RaterAnswer), rows)


def _slots(session: Session, study: Study) -> dict[str, list[str]]:
    """The simulated raters' slots in the simulator's columns; `vote_id` is the slot's id."""
    statement = (
        select(
            col(Slot.id),
            col(Rater.id),
            col(Rater.kind),
            col(Slot.left_poem_id),
            col(Slot.right_poem_id),
        )
        .join(Rater, col(Rater.id) == col(Slot.rater_id))
        .where(col(Rater.study_id) == study.id, col(Rater.simulated))
        .where(col(Slot.purpose) != Purpose.CHECK)
        .order_by(col(Slot.id))
    )
    names = ("vote_id", "rater_id", "group", "poem_left", "poem_right")
    columns = zip(*session.execute(statement).all(), strict=True)
    return {
        name: [str(value) for value in values] for name, values in zip(names, columns, strict=True)
    }


def _poems(session: Session, poem_set: PoemSet) -> dict[str, list[str] | list[float]]:
    statement = (
        select(col(Poem.id), col(Poem.prompt_id), col(PoemFeature.value))
        .join(PoemFeature, col(PoemFeature.poem_id) == col(Poem.id))
        .where(col(Poem.poem_set_id) == poem_set.id, col(PoemFeature.name) == "rhyme_density")
        .order_by(col(Poem.id))
    )
    rows = session.execute(statement).all()
    return {
        "poem_id": [str(row.id) for row in rows],
        "prompt_id": [str(row.prompt_id) for row in rows],
        "rhyme_density": [float(row.value) for row in rows],
    }
