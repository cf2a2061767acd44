"""A study with votes for reports to be made of, and asking for them."""

from typing import TYPE_CHECKING

import numpy as np
from sqlmodel import Session, select

from app.db import transaction
from app.models import Choice, Pair, Poem, RaterKind, Slot, Study
from tests.factories import make_rater, make_vote

if TYPE_CHECKING:  # whose fixtures are made of this
    from tests.web.admin.conftest import Admin

PROMPTS = 8
RATERS = 5


def opened(admin: "Admin") -> str:
    """An open study of prompts with one rhymed and one unrhymed poem each, measured."""
    rows = "".join(
        f'"The lamp is on the stair,\nand number {n} was there.",A,Prompt {n}\n'
        f'"The lamp burns low.\nNumber {n} {"went away " * n}quietly.",B,Prompt {n}\n'
        for n in range(PROMPTS)
    )
    address = admin.create_study(admin.store(f"text,source,prompt\n{rows}"))
    admin.let_worker_finish()
    admin.send(f"{address}/opening")
    return address


def vote(admin: "Admin", *, kind: RaterKind, simulated: bool = False) -> None:
    """Every rater votes on every pair, mostly for the rhymed poem, not always."""
    with transaction(admin.app.state.engine, write=True) as session:
        found = session.exec(select(Study)).one()
        pairs = session.exec(select(Pair)).all()
        rng = np.random.default_rng(1)
        for _ in range(RATERS):
            rater = make_rater(session, study=found, kind=kind, simulated=simulated)
            for position, pair in enumerate(pairs, 1):
                poems = rng.permutation([pair.first_poem_id, pair.second_poem_id]).tolist()
                slot = Slot(
                    rater_id=rater.id or 0,
                    pair_id=pair.id or 0,
                    position=position,
                    left_poem_id=poems[0],
                    right_poem_id=poems[1],
                )
                session.add(slot)
                session.flush()
                make_vote(session, slot=slot, choice=_choice(session, slot, rng.random()))


def _choice(session: Session, slot: Slot, draw: float) -> Choice:
    if draw < 0.1:
        return Choice.TIE
    rhymed_left = session.get_one(Poem, slot.left_poem_id).source == "A"
    return Choice.LEFT if rhymed_left == (draw < 0.75) else Choice.RIGHT


def ask(admin: "Admin", study: str) -> str:
    admin.send(f"{study}/reports")
    return admin.address


def made(admin: "Admin", study: str) -> str:
    address = ask(admin, study)
    admin.let_worker_finish()
    return address
