"""A report asked for, waited for and read."""

import csv
import io
import json

import numpy as np
import pytest
from sqlmodel import Session, select

from app.db import transaction
from app.models import Choice, Pair, Poem, RaterKind, Slot, Study
from tests.factories import make_rater, make_vote
from tests.web.admin.conftest import Admin, links_in

PROMPTS = 8
RATERS = 5


@pytest.fixture
def study(admin: Admin) -> str:
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


def vote(admin: Admin, *, kind: RaterKind, simulated: bool = False) -> None:
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


def ask(admin: Admin, study: str) -> str:
    admin.send(f"{study}/reports")
    return admin.address


def test_report_is_waited_for_and_then_shown(admin: Admin, study: str):
    vote(admin, kind=RaterKind.NONEXPERT)
    vote(admin, kind=RaterKind.EXPERT)
    address = ask(admin, study)
    assert "The report is being made" in admin.open(address)
    assert 'hx-trigger="every 2s"' in admin.source
    assert "in the making" in admin.open(study)
    admin.let_worker_finish()
    admin.open(address, headers={"HX-Request-Type": "partial"})
    assert admin.source.lstrip().startswith('<div id="report">')
    assert "hx-get" not in admin.source
    page = admin.open(address)
    assert "non-experts choose a fully rhymed poem over an unrhymed one" in page
    assert "Adjusted: number of lines and words per line held equal" in page
    assert "Unadjusted: nothing held equal" in page
    assert "Ratio of the odds ratios, non-experts to experts:" in page
    assert "Non-experts 5 5 40 " in page  # joined, voted; votes
    assert admin.source.count("<svg") == 3  # the house's mark, and the chart wide and narrow
    assert "Simulated votes" not in page
    assert "ready" in admin.open(study)


def test_page_shows_the_stored_numbers(admin: Admin, study: str):
    vote(admin, kind=RaterKind.NONEXPERT)
    vote(admin, kind=RaterKind.EXPERT)
    address = ask(admin, study)
    admin.let_worker_finish()
    page = admin.open(address)
    admin.open(f"{address}/result.json")
    result = json.loads(admin.source)["people"]
    group = result["groups"]["nonexpert"]
    low, high = group["win_share_ci_low"], group["win_share_ci_high"]
    assert f"{100 * group['win_share']:.0f}% [{100 * low:.0f}, {100 * high:.0f}]" in page
    assert f"{group['odds_ratio']:.2f} [" in page
    assert f"{result['difference']['ratio_of_odds_ratios']:.2f} [" in page
    assert result["sentence"] in page
    admin.open(f"{address}/figures.csv")
    rows = list(csv.DictReader(io.StringIO(admin.source)))
    row = next(r for r in rows if (r["estimate"], r["group"]) == ("adjusted", "nonexpert"))
    assert float(row["win_share"]) == group["win_share"]
    assert {r["votes_by"] for r in rows} == {"people"}


def test_too_few_votes_give_a_sentence_and_no_number(admin: Admin, study: str):
    vote(admin, kind=RaterKind.NONEXPERT)
    address = ask(admin, study)
    admin.let_worker_finish()
    page = admin.open(address)
    assert "There are no experts to compare with: none of them has voted." in page
    assert "Experts no estimate" in page
    assert "Ratio of the odds ratios, non-experts" not in page


def test_report_without_any_vote_has_no_chart(admin: Admin, study: str):
    address = ask(admin, study)
    admin.let_worker_finish()
    page = admin.open(address)
    assert "Non-experts 0 0 0 –" in page
    assert admin.source.count("<svg") == 1
    assert "Would another way" not in page


def test_simulated_votes_stand_below_and_are_called_so(admin: Admin, study: str):
    for kind in (RaterKind.NONEXPERT, RaterKind.EXPERT):
        vote(admin, kind=kind, simulated=True)
    address = ask(admin, study)
    admin.let_worker_finish()
    page = admin.open(address)
    people, _, simulated = page.partition("Simulated Simulated votes")
    assert "Non-experts 0 0 0 –" in people
    assert "%" not in people.partition("What people chose")[2].partition("How this was")[0]
    assert "drawn by a program" in simulated
    assert page.count("How this was computed") == 1
    assert "those of the simulated votes with --simulated only" in page
    assert "non-experts choose a fully rhymed poem" in simulated
    assert "Drawn by a program, not given by people" in admin.open(study)


def test_every_file_that_the_report_offers_is_there(admin: Admin, study: str):
    vote(admin, kind=RaterKind.NONEXPERT)
    vote(admin, kind=RaterKind.EXPERT, simulated=True)
    address = ask(admin, study)
    admin.let_worker_finish()
    admin.open(address)
    offered = links_in(admin.source, f"{address}/")
    assert {link.rpartition(".")[2] for link in offered} == {"svg", "png", "csv", "json"}
    for link in offered:
        admin.open(link)
        assert admin.status == 200
        assert 'filename="study-report-' in admin.answer.headers["content-disposition"]
        assert admin.answer.content


def test_files_of_an_unfinished_report_are_not_there(admin: Admin, study: str):
    address = ask(admin, study)
    for name in ("result.json", "figures.csv", "people-chart.svg", "people-chart.png"):
        admin.open(f"{address}/{name}")
        assert admin.status == 404


def test_report_that_cannot_be_made_says_why(admin: Admin):
    """The votes came before the poems were measured."""
    address = admin.create_study(
        admin.store("text,source,prompt\nOne poem,A,P\nAnother poem,B,P\n")
    )
    admin.send(f"{address}/opening")
    vote(admin, kind=RaterKind.NONEXPERT)
    report = ask(admin, address)
    from app.reports.building import run

    run(admin.app.state.engine, 1)
    page = admin.open(report)
    assert "No report could be made" in page
    assert "not measured yet" in page
    assert "not possible" in admin.open(address)
