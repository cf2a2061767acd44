"""Every section says what its own numbers rest on, and not what those of another do."""

import re
from dataclasses import replace

import pytest

from app.analysis import Options, Ties, VoteTable, Weights, analyse
from app.analysis.sections import SECTIONS
from app.pages.report_html import report_html
from app.pages.report_markdown import report_markdown
from app.pages.report_pdf import _given, report_pdf
from app.reports.document import Document, of_analysis
from app.reports.filters import Filters
from tests.analysis.measured import AS_REPORTED, LARGER, measured_study
from tests.analysis.studies import Frame

QUICK = tuple(one for one in SECTIONS if one.name not in {"power", "sensitivity"})
OTHERWISE = replace(AS_REPORTED, ties=Ties.ORDINAL, weights=Weights.TAU)


def with_judges(votes: Frame) -> Frame:
    """The votes of many non-experts as those of two judges."""
    people = sorted(
        {r for r, g in zip(votes["rater_id"], votes["group"], strict=True) if g[0] == "n"}
    )
    judge = {name: f"judge {ix % 2}" for ix, name in enumerate(people[:60])}
    return {
        **votes,
        "group": [
            "judge" if r in judge else g
            for r, g in zip(votes["rater_id"], votes["group"], strict=True)
        ],
        "rater_id": [judge.get(r, r) for r in votes["rater_id"]],
    }


@pytest.fixture(scope="module")
def frames() -> tuple[Frame, Frame]:
    votes, poems = measured_study(LARGER)
    votes = with_judges(votes)
    return {
        **votes,
        "decision_ms": [4000 + 37 * ix % 9000 for ix in range(len(votes["vote_id"]))],
    }, poems


def document(frames: tuple[Frame, Frame], options: Options = AS_REPORTED) -> Document:
    found = analyse(VoteTable.from_frames(*frames), options, version="9.9", sections=QUICK)
    return of_analysis(found.as_dict(), Filters(ties=options.ties), study="x", measures="1")


@pytest.fixture(scope="module")
def usual(frames: tuple[Frame, Frame]) -> Document:
    return document(frames)


@pytest.fixture(scope="module")
def ordinal(frames: tuple[Frame, Frame]) -> Document:
    return document(frames, OTHERWISE)


def basis(of: Document, name: str) -> str:
    shown = of.find(of.blocks[0].whose, name)
    assert shown is not None
    assert not shown.part["declined"], shown.part["sentence"]
    return str(shown.part["basis"])


def test_answer_names_the_votes_and_choices_of_the_report(usual):
    groups = usual.blocks[0].analysis["groups"].values()
    said = basis(usual, "answer")
    assert said.startswith(f"{sum(one['votes'] for one in groups):,} votes; ties as half a choice")
    assert "weights: adaptive (tau)" in said
    assert "intervals: rater and prompt (two-way jackknife)" in said
    assert "controls: number of lines and words per line" in said


def test_judge_is_said_to_count_alike_by_prompt_on_its_own_votes(usual):
    said = basis(usual, "judges")
    rows = usual.find(usual.blocks[0].whose, "judges").part["rows"]
    alone, together = said.split(". ")
    for row in rows:
        told = f"{row['who']} {row['votes']:,} votes"
        assert told in (alone if row["kind"] == "judge" else together)
    assert "weights: every vote the same; intervals: prompt (CR2)" in alone
    assert "weights: adaptive" in together


def test_ranking_names_no_weights_or_controls_that_it_does_not_know(usual):
    said = basis(usual, "ranking")
    assert "weights: every vote the same" in said
    assert "number of lines" not in said


def test_where_ties_are_no_outcome_of_their_own_it_is_not_said_that_they_are(ordinal):
    for name in ("answer", "neutrality"):
        assert "ties as an outcome of their own" in basis(ordinal, name), name
    for name in ("dose", "expertise", "laziness", "ranking", "judges", "shares"):
        assert "ties as half a choice" in basis(ordinal, name), name


def test_what_knows_no_choice_names_none(usual):
    for name in ("data", "multiplicity"):
        assert "tau" not in basis(usual, name)
        assert "jackknife" not in basis(usual, name)
    assert "90%" in basis(usual, "neutrality")
    assert "pigeonhole" in basis(usual, "shares")


def test_page_and_markdown_say_it_of_every_section_with_the_program(usual):
    page, text = report_html(usual), report_markdown(usual)
    for shown in usual.blocks[0].sections:
        if not shown.method:
            continue
        section = re.search(rf'id="{shown.id}"(.*?)</section>', page, re.DOTALL)
        assert section is not None
        lines = re.findall(r'small basis">(.*?)</p>', section.group(1))
        assert lines == [f"{shown.part['basis']}. Blindverse 9.9."], shown.id
        assert f"> {shown.part['basis']}. Blindverse 9.9." in text, shown.id
    assert "weights: tau" not in page


def test_stored_section_without_it_is_shown_with_the_program_alone(usual):
    analysis = usual.blocks[0].analysis
    old = [{k: v for k, v in part.items() if k != "basis"} for part in analysis["parts"]]
    shown = of_analysis(analysis | {"parts": old}, Filters(), study="x", measures="1")
    assert 'small basis">Blindverse 9.9.</p>' in report_html(shown)
    assert "> Blindverse 9.9." in report_markdown(shown)


def test_print_is_given_it_too(usual, tmp_path):
    given = _given(usual, tmp_path)
    for shown, section in zip(
        usual.blocks[0].sections, given["blocks"][0]["sections"], strict=True
    ):
        if section["method"]:
            assert section["basis"] == f"{shown.part['basis']}. Blindverse 9.9."
    assert report_pdf(usual).startswith(b"%PDF")
