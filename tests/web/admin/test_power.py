"""How many raters a study takes, from its own poems, on the page of a draft."""

import re
from collections.abc import Iterator, Sequence

import pytest

from app.analysis.planning import Plan
from app.analysis.power import Found, simulated_differences
from app.reports import power
from tests.web.admin.conftest import Admin, study_form

SUBJECTS = ("house", "road", "river", "cart", "lamp", "stone", "field", "boat", "bell", "wall")
RHYMED = "The {0} was old,\nthe night was cold,\nthe tale was told,\nthe land was sold."
FREE = "The {0} was old,\nthe night came down,\nsomebody spoke\nand nobody heard it."


def poems(*texts: str) -> str:
    rows = [
        f'"{"very " * (3 * n % 7 * (text == texts[0]))}{text.format(subject)}",A,About a {subject}.'
        for n, subject in enumerate(SUBJECTS)
        for text in texts
    ]
    return "\n".join(["text,source,prompt", *rows])


@pytest.fixture
def draft(admin: Admin) -> str:
    key = admin.store(poems(RHYMED, FREE)).rpartition("/")[2]
    admin.let_worker_finish()
    admin.send("/admin/studies", data=study_form(key, pairs_per_rater="10"))
    return admin.address


def test_draft_offers_to_reckon_and_reckons_only_when_asked(admin: Admin, draft: str):
    page = admin.open(draft)
    assert "How many raters?" in page
    assert "Power, %" not in page
    page = admin.open(f"{draft}/power?points=10&nonexperts=50")
    assert admin.status == 200
    assert re.search(r"(With \d+ experts, 50|50) non-experts and 10 pairs each", page)
    assert admin.source.count("<svg") >= 2
    powers = [int(n) for n in re.findall(r"\d+ experts (\d+) \d+ \(", page)]
    assert len(powers) == 5
    assert powers == sorted(powers)
    assert powers[0] < powers[-1]


def test_same_question_gets_the_same_answer_and_more_points_more_power(admin: Admin, draft: str):
    def powers(points: int) -> list[int]:
        page = admin.open(f"{draft}/power?points={points}&nonexperts=30")
        return [int(n) for n in re.findall(r"\d+ experts (\d+) \d+ \(", page)]

    few = powers(8)
    assert powers(8) == few
    assert all(less < more for less, more in zip(few, powers(20), strict=True))


@pytest.mark.parametrize(("nonexperts", "runs"), [(100, 80), (1_000, 37), (2_000, 19)])
def test_the_more_votes_studies_have_the_fewer_are_drawn_so_that_nobody_waits_long(
    admin: Admin, draft: str, monkeypatch: pytest.MonkeyPatch, nonexperts: int, runs: int
):
    def drawn(plan: Plan, *, experts: Sequence[int], runs: int) -> Iterator[Found]:
        asked.append(runs)
        return simulated_differences(plan, experts=experts, runs=2)

    asked: list[int] = []
    monkeypatch.setattr(power, "simulated_differences", drawn)
    page = admin.open(f"{draft}/power?points=10&nonexperts={nonexperts}")
    assert asked == [runs]
    assert f"the share of {runs} drawn studies" in page


def test_answer_replaces_the_section_where_htmx_asks(admin: Admin, draft: str):
    headers = {"HX-Request-Type": "partial"}
    admin.open(f"{draft}/power?points=10&nonexperts=20", headers=headers)
    assert admin.source.lstrip().startswith("<section")
    assert "<html" not in admin.source


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("points=90&nonexperts=20", "Points must be at most 40."),
        ("points=10&nonexperts=1", "Nonexperts must be at least 3."),
        ("points=ten&nonexperts=20", "Points must be a whole number."),
    ],
)
def test_numbers_that_cannot_be_are_said_beside_their_field(
    admin: Admin, draft: str, asked: str, why: str
):
    page = admin.open(f"{draft}/power?{asked}")
    assert admin.status == 422
    assert why in page


def test_poems_that_rhyme_alike_or_are_not_measured_get_a_sentence(admin: Admin):
    key = admin.store(poems(RHYMED, RHYMED.replace("old", "bold"))).rpartition("/")[2]
    admin.send("/admin/studies", data=study_form(key))
    study = admin.address
    assert "wait until the measuring of the poem set is done" in admin.open(f"{study}/power")
    admin.let_worker_finish()
    assert "rhyme alike, so no study of them can" in admin.open(f"{study}/power")


def test_poems_that_cannot_answer_get_the_reason(admin: Admin):
    alike = [text.replace("The {0}", "The cart") for text in (RHYMED, FREE)]
    rows = [f'"{text}\nNumber {n}.",A,{n // 2}' for n in range(20) for text in alike[n % 2 :][:1]]
    key = admin.store("\n".join(["text,source,prompt", *rows])).rpartition("/")[2]
    admin.let_worker_finish()
    admin.send("/admin/studies", data=study_form(key, pairs_per_rater="10"))
    page = admin.open(f"{admin.address}/power")
    assert "Studies of these poems and pairs give no estimate. In the votes by non-experts" in page
    assert "rhyme cannot be told apart from words per line" in page


def test_studies_too_large_to_draw_on_a_page_get_a_sentence(admin: Admin, monkeypatch, draft: str):
    monkeypatch.setattr("app.reports.power.MOST_VOTES", 500)
    page = admin.open(f"{draft}/power?points=10&nonexperts=100")
    assert "Studies of 1,800 votes, with 80 experts, take too long to draw here" in page


def test_study_that_is_open_is_not_planned(admin: Admin, draft: str):
    page = admin.send(f"{draft}/opening")
    assert "Study open" in page
    assert "How many raters?" not in page
