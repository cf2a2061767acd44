"""A study is created as a draft, opened (its design is frozen), and closed."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.db import utc_now
from app.errors import Conflict, DesignFrozen, NameTaken, NotFound, Unusable
from app.models import GroupLink, Pair, Pairing, Poem, PoemSet, RaterKind, Study, StudyState
from app.studies.design import PlanPoem, plan_pairs
from app.studies.instrument import frozen
from app.studies.plan import Design, Recruitment
from app.studies.recruiting import locked_study, set_recruitment

INVITED_KINDS = (RaterKind.NONEXPERT, RaterKind.EXPERT)
MOST_PAIRS_PER_RATER = 500
USUAL_TITLE = "Reading poems"
_INSERTED_AT_ONCE = 5_000
_MOST_SEED = 2**31 - 1
_FEW_PROMPTS = 5

ACROSS_SET_COST = (
    "No two poems of this set have the same prompt on record, so pairs are formed across the "
    "whole set. Two such poems may differ in subject as well as in rhyme: a liking for a subject "
    "can then look like a liking for rhyme, and more votes are needed. If the poems were written "
    "to prompts, add a column “prompt” to the file and make a study of the set that it gives."
)


@dataclass(frozen=True, slots=True)
class DesignPreview:
    """What a study of this set would be made of, before it exists."""

    pairing: Pairing
    n_poems: int
    n_prompts: int
    n_pairs: int
    warnings: tuple[str, ...]


def preview_design(session: Session, poem_set_key: str) -> DesignPreview:
    poem_set = _poem_set(session, poem_set_key)
    pairing, poems = _plan_poems(session, poem_set)
    pairs = plan_pairs(poems, np.random.default_rng(0))
    used = len({poem for pair in pairs for poem in pair})
    n_prompts = len({poem.block for poem in poems} - {None})
    return DesignPreview(
        pairing=pairing,
        n_poems=used,
        n_prompts=n_prompts,
        n_pairs=len(pairs),
        warnings=_warnings(pairing, n_prompts, n_unused=poem_set.n_poems - used),
    )


def planned_pairs(session: Session, study: Study) -> list[tuple[int, int]]:
    """Those that opening the study stores, by the ids of their poems."""
    _pairing, poems = _plan_poems(session, session.get_one(PoemSet, study.poem_set_id))
    return plan_pairs(poems, np.random.default_rng(study.seed))


def create_study(
    session: Session,
    *,
    name: str,
    poem_set_key: str,
    question: str,
    pairs_per_rater: int,
    title: str = USUAL_TITLE,
    about: str = "",
    design: Design | None = None,
    recruitment: Recruitment | None = None,
    seed: int | None = None,
    admin_id: int | None = None,
) -> Study:
    """A draft. Without a design of its own it is as plain as can be."""
    name, question = _checked(session, name, question, pairs_per_rater)
    poem_set = _poem_set(session, poem_set_key)
    pairing, _poems = _plan_poems(session, poem_set)
    study = Study(
        name=name,
        poem_set_id=poem_set.id or 0,
        title=title.strip() or USUAL_TITLE,
        question=question,
        about=about.strip(),
        pairing=pairing,
        pairs_per_rater=pairs_per_rater,
        seed=seed if seed is not None else int(np.random.default_rng().integers(_MOST_SEED)),
        design=(design or Design()).to_json(),
        created_by=admin_id,
    )
    with _unless_taken(session, name):
        session.add(study)
    session.add_all(GroupLink(study_id=study.id or 0, kind=kind) for kind in INVITED_KINDS)
    session.flush()
    set_recruitment(session, study, recruitment or Recruitment())
    return study


def edit_draft(
    session: Session,
    key: str,
    *,
    name: str,
    question: str,
    pairs_per_rater: int,
    title: str,
    about: str,
    design: Design | None = None,
    recruitment: Recruitment | None = None,
) -> Study:
    """Change anything but the poem set, for as long as nobody can have read it; a design or a
    recruitment that is not given stays as it is."""
    study = locked_study(session, key)
    require_draft(study.state)
    name, question = _checked(session, name, question, pairs_per_rater, own=study.id)
    with _unless_taken(session, name):
        study.name, study.question, study.pairs_per_rater = name, question, pairs_per_rater
        study.title, study.about = title.strip() or USUAL_TITLE, about.strip()
        if design is not None:
            study.design = design.to_json()
    set_recruitment(session, study, recruitment or Recruitment.from_json(study.recruitment))
    return study


def require_draft(state: StudyState) -> None:
    """What must hold for a design to be changed."""
    if state != StudyState.DRAFT:
        raise DesignFrozen(f"The study is {state}: its design can no longer be changed.")


def delete_draft(session: Session, key: str) -> None:
    """Its links go with it; its poem set stays."""
    study = locked_study(session, key)
    if study.state != StudyState.DRAFT:
        raise DesignFrozen(f"Only a draft can be deleted; this study is {study.state}.")
    session.delete(study)
    session.flush()


def open_study(session: Session, key: str) -> Study:
    """Freezes the design: pairs and questions are stored, the links begin to work."""
    study = locked_study(session, key)
    if study.state != StudyState.DRAFT:
        raise DesignFrozen(f"The study is {study.state} already.")
    pairs = planned_pairs(session, study)
    if not pairs:
        raise Unusable(
            "No pair can be formed: the set needs two different poems"
            + (" of one prompt." if study.pairing == Pairing.WITHIN_PROMPT else ".")
        )
    for start in range(0, len(pairs), _INSERTED_AT_ONCE):
        chunk = pairs[start : start + _INSERTED_AT_ONCE]
        rows = [
            {"study_id": study.id, "first_poem_id": first, "second_poem_id": second}
            for first, second in chunk
        ]
        session.execute(
            insert(Pair), [row | {"drawn_expert": 0, "drawn_nonexpert": 0} for row in rows]
        )
    study.design = frozen(study.design)
    study.state, study.opened_at = StudyState.OPEN, utc_now()
    session.flush()
    return study


def close_study(session: Session, key: str) -> Study:
    study = locked_study(session, key)
    if study.state != StudyState.OPEN:
        raise Conflict(f"Only an open study can be closed; this one is {study.state}.")
    study.state, study.closed_at = StudyState.CLOSED, utc_now()
    session.flush()
    return study


def _checked(
    session: Session, name: str, question: str, pairs_per_rater: int, *, own: int | None = None
) -> tuple[str, str]:
    """Name and question as they are stored. `own`: the study that may have the name already."""
    name, question = name.strip(), question.strip()
    if not name or not question:
        raise Unusable("A study needs a name and a question.")
    if not 1 <= pairs_per_rater <= MOST_PAIRS_PER_RATER:
        raise Unusable(f"Pairs per rater must be between 1 and {MOST_PAIRS_PER_RATER}.")
    if session.exec(select(Study.id).where(Study.name == name)).first() not in (None, own):
        raise _taken(name)
    return name, question


@contextmanager
def _unless_taken(session: Session, name: str) -> Iterator[None]:
    """For a name that somebody else may take at the same moment: then nothing is changed."""
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError as error:
        raise _taken(name) from error


def _taken(name: str) -> NameTaken:
    return NameTaken(f"There is a study with the name “{name}” already.")


def _poem_set(session: Session, key: str) -> PoemSet:
    poem_set = session.exec(select(PoemSet).where(PoemSet.key == key)).first()
    if poem_set is None:
        raise NotFound("There is no such poem set.")
    return poem_set


def _plan_poems(session: Session, poem_set: PoemSet) -> tuple[Pairing, list[PlanPoem]]:
    """Within prompts wherever one prompt has two poems; a set without that pairs across itself."""
    rows = session.exec(
        select(Poem.id, Poem.prompt_id, Poem.text_hash)
        .where(Poem.poem_set_id == poem_set.id)
        .order_by(col(Poem.id))
    ).all()
    sizes = Counter(prompt_id for _id, prompt_id, _hash in rows if prompt_id is not None)
    if any(size > 1 for size in sizes.values()):
        return Pairing.WITHIN_PROMPT, [
            PlanPoem(poem_id or 0, prompt_id, text_hash)
            for poem_id, prompt_id, text_hash in rows
            if prompt_id is not None
        ]
    return Pairing.ACROSS_SET, [
        PlanPoem(poem_id or 0, None, text_hash) for poem_id, _prompt, text_hash in rows
    ]


def _warnings(pairing: Pairing, n_prompts: int, *, n_unused: int) -> tuple[str, ...]:
    warnings = []
    if pairing == Pairing.ACROSS_SET:
        warnings.append(ACROSS_SET_COST)
    elif n_prompts < _FEW_PROMPTS:
        warnings.append(
            f"The set has {n_prompts} prompt{'s' * (n_prompts != 1)}. Below {_FEW_PROMPTS} the "
            "report cannot tell the effect of rhyme from that of the prompts, and reckons by poem."
        )
    if n_unused:
        which = " for the same prompt" if pairing == Pairing.WITHIN_PROMPT else ""
        poems = "poem has" if n_unused == 1 else "poems have"
        warnings.append(
            f"{n_unused:,} {poems} no partner (another poem with a different text{which}) and will "
            "not be shown."
        )
    return tuple(warnings)
