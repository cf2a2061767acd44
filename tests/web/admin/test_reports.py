"""A report asked for, waited for and read."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from sqlmodel import select

from app.db import transaction
from app.models import Poem, Rater, RaterAnswer, RaterKind, Report
from app.reports import live
from tests.web.admin.conftest import Admin, links_in
from tests.web.admin.voting import ask, made, vote

pytestmark = pytest.mark.usefixtures("charts")


def as_read(text: str) -> str:
    """Without the blanks that stand around an explained word where tags were taken out."""
    return re.sub(r"\s+", "", text)


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
    assert "Non-experts are estimated to choose a fully rhymed poem over an unrhymed one" in page
    assert "With words per line held equal Non-experts" in page  # all have as many lines
    assert "Nothing held equal Non-experts" in page
    assert "The difference, non-experts less experts" in page
    assert "Non-experts 5 5 40 " in page  # joined, voted; votes
    charts = admin.source.count("<svg") - 1  # without the house's mark
    assert charts > 10
    assert charts % 2 == 0  # each wide and narrow
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
    assert f"{100 * group['win_share']:.0f} ({100 * low:.0f} to {100 * high:.0f})" in page
    assert f"{group['odds_ratio']:.2f} (" in page
    assert f"{result['difference']['ratio_of_odds_ratios']:.2f} (" in page
    for part in result["parts"]:
        assert as_read(part["title"]) in as_read(page)
        assert as_read(part["sentence"]) in as_read(page)
        for note in part["notes"]:
            assert as_read(note) in as_read(page)
    admin.open(f"{address}/figures.csv")
    rows = list(csv.DictReader(io.StringIO(admin.source)))
    row = next(r for r in rows if (r["estimate"], r["group"]) == ("adjusted", "nonexpert"))
    assert float(row["win_share"]) == group["win_share"]
    assert {r["votes_by"] for r in rows} == {"people"}


def test_command_takes_the_files_that_the_report_was_made_from(admin: Admin, study: str):
    vote(admin, kind=RaterKind.NONEXPERT)
    address = ask(admin, study)
    admin.let_worker_finish()
    page = admin.open(address)
    assert "blindverse analyse --votes study-votes.csv --poems study-poems.csv" in page
    assert "study-raters.csv" not in page
    with transaction(admin.app.state.engine, write=True) as session:
        rater = session.exec(select(Rater)).first()
        assert rater is not None
        answer = {"item": "reads", "value": "weekly", "instrument_version": "1"}
        session.add(RaterAnswer(rater_id=rater.id or 0, **answer))
    page = admin.open(address)
    files = "--votes study-votes.csv --poems study-poems.csv --raters study-raters.csv"
    told = f"votes, poems and raters, given to blindverse analyse {files}, give the same numbers"
    assert as_read(told) in as_read(page)
    assert f'href="{study}/raters.csv"' in admin.source


def test_too_few_votes_give_a_sentence_and_no_number(admin: Admin, study: str):
    vote(admin, kind=RaterKind.NONEXPERT)
    address = ask(admin, study)
    admin.let_worker_finish()
    page = admin.open(address)
    assert "There are no experts to compare with: none of the votes is by one." in page
    assert "The difference, non-experts less experts" not in page
    assert "Experts – – – – –" in page


def test_report_without_any_vote_has_no_chart(admin: Admin, study: str):
    address = ask(admin, study)
    admin.let_worker_finish()
    page = admin.open(address)
    assert "Non-experts 0 0 0 –" in page
    assert admin.source.count("<svg") == 1
    assert "All numbers" not in page
    assert "Methods, for a paper" not in page


def test_simulated_votes_stand_below_and_are_called_so(admin: Admin, study: str):
    for kind in (RaterKind.NONEXPERT, RaterKind.EXPERT):
        vote(admin, kind=kind, simulated=True)
    address = ask(admin, study)
    admin.let_worker_finish()
    page = admin.open(address)
    people, _, simulated = page.partition("Simulated Simulated votes")
    assert "Non-experts 0 0 0 –" in people
    assert "%" not in people.partition("What people chose")[2]
    assert "drawn by a program" in simulated
    assert "those of the simulated votes with --simulated only" in page
    assert "Non-experts are estimated to choose a fully rhymed poem" in simulated
    assert "Drawn by a program, not given by people" in admin.open(study)


def test_every_file_that_the_report_offers_is_there(admin: Admin, study: str):
    vote(admin, kind=RaterKind.NONEXPERT)
    vote(admin, kind=RaterKind.EXPERT, simulated=True)
    address = ask(admin, study)
    admin.let_worker_finish()
    admin.open(address)
    offered = links_in(admin.source, f"{address}/")
    kinds = {link.rpartition(".")[2] for link in offered if "." in link}
    assert kinds == {"svg", "png", "csv", "json", "html", "pdf", "md"}
    offered = [link for link in offered if "." in link]
    for link in offered:
        admin.open(link)
        assert admin.status == 200
        assert 'filename="study-report-' in admin.answer.headers["content-disposition"]
        assert admin.answer.content


def test_files_of_an_unfinished_report_are_not_there(admin: Admin, study: str):
    address = ask(admin, study)
    for name in (
        *("result.json", "figures.csv", "report.html", "report.pdf", "report.md"),
        *("people/answer.svg", "people/answer.png", "people/answer.csv"),
    ):
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


def test_contents_lead_to_every_section(admin: Admin, voted: str):
    admin.open(made(admin, voted))
    contents = admin.source.partition('<nav class="contents"')[2].partition("</nav>")[0]
    places = re.findall(r'href="#([^"]+)"', contents)
    assert places[:2] == ["people-answer", "people-controls"]
    assert {"people-dose", "people-ranking", "people-sensitivity", "people-limits"} <= {*places}
    assert places[-3:] == ["methods", "words", "record"]
    for place in places:
        assert admin.source.count(f' id="{place}"') == 1


def test_explained_word_takes_the_focus_and_is_described_in_the_list_of_words(
    admin: Admin, voted: str
):
    page = admin.open(made(admin, voted))
    words = re.findall(
        r'class="term" tabindex="0" aria-describedby="([^"]+)" data-meaning="[^"]+"', admin.source
    )
    assert "word-interval" in words
    for word in words:
        assert admin.source.count(f'<dd id="{word}">') == 1
    assert "Odds ratio The odds are how often" in page


def test_section_as_csv_holds_what_its_table_shows(admin: Admin, voted: str):
    address = made(admin, voted)
    admin.open(f"{address}/result.json")
    (answer, *_) = json.loads(admin.source)["people"]["parts"]
    admin.open(f"{address}/people/answer.csv")
    rows = list(csv.DictReader(io.StringIO(admin.source)))
    assert len(rows) == len(answer["rows"])
    assert float(rows[0]["win_share_low"]) == answer["rows"][0]["win_share_low"]
    admin.open(f"{address}/people/nothing.csv")
    assert admin.status == 404


def test_file_of_a_report_needs_no_other(admin: Admin, voted: str):
    address = made(admin, voted)
    admin.open(f"{address}/result.json")
    sentence = json.loads(admin.source)["people"]["parts"][0]["sentence"]
    page = admin.open(f"{address}/report.html")
    assert as_read(sentence) in as_read(page)
    assert admin.source.count("<svg") > 10
    assert "<script" not in admin.source
    outward = re.findall(r'(?:href|src)="(?!#)[^"]*"|url\(["\']?(?!data:|#)[^)]*\)', admin.source)
    assert outward == []
    assert "data:font/woff2;base64," in admin.source


def test_report_is_there_as_markdown_and_pdf(admin: Admin, voted: str):
    address = made(admin, voted)
    admin.open(f"{address}/result.json")
    result = json.loads(admin.source)["people"]
    admin.open(f"{address}/report.md")
    text = admin.source.replace("\\", "")  # before what Markdown would take for a sign
    for part in result["parts"]:
        assert f"### {part['title']}" in text
        assert part["sentence"] in text
    assert "MacKinnon, J. G." in text
    admin.open(f"{address}/report.pdf")
    assert admin.answer.content.startswith(b"%PDF-")
    assert admin.answer.headers["content-type"] == "application/pdf"


def test_report_as_it_is_now_is_asked_for_by_looking_and_can_be_kept(admin: Admin, voted: str):
    assert "The report is being made" in admin.open(f"{voted}/report")
    admin.let_worker_finish()
    page = admin.open(f"{voted}/report")
    assert "As the votes stood at" in page
    assert 'hx-trigger="every 15s"' in admin.source
    assert "Report of" not in admin.open(voted)
    admin.open(f"{voted}/report")
    (keeping,) = re.findall(r'action="([^"]+/keeping)"', admin.source)
    admin.send(keeping)
    assert "This report is kept." in admin.source
    assert "Report of" in admin.open(voted)


def test_open_page_is_told_of_a_newer_report_at_once_and_of_nothing_else(
    admin: Admin, voted: str, monkeypatch: pytest.MonkeyPatch
):
    admin.open(f"{voted}/report")
    admin.let_worker_finish()
    admin.open(f"{voted}/report")
    (looks,) = re.findall(r'hx-get="([^"]+)"', admin.source)
    admin.open(looks)
    assert (admin.status, admin.source) == (204, "")
    vote(admin, kind=RaterKind.NONEXPERT)
    monkeypatch.setattr(live, "FRESH_FOR", timedelta(0))
    page = admin.open(looks)
    assert "a newer report is being made" in page
    assert 'hx-trigger="every 5s"' in admin.source
    (looks,) = re.findall(r'hx-get="([^"]+)"', admin.source)
    admin.open(looks)
    assert admin.status == 204
    admin.let_worker_finish()
    page = admin.open(looks)
    assert "Non-experts 10 10 80 " in page
    assert "a newer report" not in page


def test_report_stored_before_there_were_sections_is_still_shown(admin: Admin, voted: str):
    address = made(admin, voted)
    with transaction(admin.app.state.engine, write=True) as session:
        report = session.exec(select(Report)).one()
        result = dict(report.result or {})
        result["people"] = {k: v for k, v in result["people"].items() if k != "parts"}
        sentence, charts = result["people"]["sentence"], report.charts or {}
        report.result, report.options = result, {}
        report.charts = {f"people_{w}": charts[f"people_answer_{w}"] for w in ("wide", "narrow")}
    page = admin.open(address)
    assert as_read(sentence) in as_read(page)
    assert admin.source.count("<svg") == 3
    for name in ("report.html", "report.md", "report.pdf", "figures.csv", "people/answer.svg"):
        admin.open(f"{address}/{name}")
        assert admin.status == 200


def test_report_without_a_number_says_why_once_and_shows_no_empty_section(admin: Admin, study: str):
    vote(admin, kind=RaterKind.NONEXPERT)
    with transaction(admin.app.state.engine, write=True) as session:
        poems = session.exec(select(Poem)).all()
        for poem in poems:
            poem.prompt_id = poems[0].prompt_id
    address = made(admin, study)
    page = admin.open(address)
    assert (
        page.count("All votes are on poems for one prompt") == 3
    )  # answer; methods on screen and paper
    assert "Does it matter who counts as an expert?" not in page
    assert "Which votes does this rest on?" in page
    admin.open(f"{address}/result.json")
    result = json.loads(admin.source)["people"]
    assert result["groups"] == {"nonexpert": None, "expert": None}
    assert "one prompt" in result["sentence"]
