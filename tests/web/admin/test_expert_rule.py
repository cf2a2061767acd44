"""What an admin is told of who counts as an expert."""

from fastapi import FastAPI
from starlette.testclient import TestClient

from app.accounts.tokens import new_token
from app.db import transaction
from app.models import RaterKind, StudyState
from app.rating.answering import answer
from app.rating.joining import join, rater_by_token
from app.studies.plan import Design
from app.studies.queries import group_links
from tests.studies.test_instrument import NOVICE, SCHOLAR, opened


def test_study_page_says_the_frozen_rule_and_who_is_an_expert_by_each_definition(
    app: FastAPI, admin_client: TestClient
):
    with transaction(app.state.engine, write=True) as session:
        study = opened(session, Design(expert_rule="strict"))
        link = group_links(session, study.key)[RaterKind.EXPERT]
        for given in (SCHOLAR, SCHOLAR, NOVICE | {"self_described": "expert"}):
            token = new_token()
            join(session, link, token)
            rater = rater_by_token(session, token)
            assert rater is not None
            answer(session, rater_id=rater.id, answers=given)
        key = study.key
    page = " ".join(admin_client.get(f"/admin/studies/{key}").text.split())
    assert "Strict: half of the points, and training or a publication." in page
    assert "an expert is who scores 0.5 or more and answered" in page
    assert "Fixed, with the questions, when the study opened." in page
    row = page.partition('id="experts"')[2].partition("</tbody>")[0]
    assert "1 (33%)" in row  # calls themself an expert
    assert "2 (67%)" in row  # scored as one
    assert "0.36" in row


def test_draft_with_a_rule_that_cannot_work_says_so(app: FastAPI, admin_client: TestClient):
    with transaction(app.state.engine, write=True) as session:
        study = opened(session, Design())
        study.state, study.design = StudyState.DRAFT, Design(expert_rule="tests").to_json()
        key = study.key
    page = admin_client.get(f"/admin/studies/{key}").text
    assert "which this study does not ask" in page
