"""A report ready to be shown: the same for the page, for each file of it, and for the command."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.analysis import Experts
from app.analysis.methods import Methods, methods
from app.analysis.wording import feature_words
from app.exports.columns import INTEGER, NUMBER, TEXT, Column, Row
from app.models import Report, Study
from app.reports.building import draw
from app.reports.filters import Filters
from app.studies.quality import changes_since

Json = dict[str, Any]  # Any: JSON
PEOPLE, SIMULATED = "people", "simulated"


@dataclass(frozen=True, slots=True)
class Shown:
    """A section with its charts; none where it has none."""

    whose: str
    part: Json
    wide: str | None
    narrow: str | None

    @property
    def id(self) -> str:
        return f"{self.whose}-{self.part['name']}"

    @property
    def method(self) -> str:
        """How its numbers were computed; empty where it has none."""
        return "" if self.part["declined"] else self.part["method"]

    def basis(self, version: str) -> str:
        """What its numbers rest on, and the program; a report stored before sections said so has
        the program alone."""
        used = self.part.get("basis", "")
        return f"{used}. Blindverse {version}." if used else f"Blindverse {version}."

    @property
    def filled(self) -> list[Json]:
        """The columns of its table to be looked at: those in which some row has something."""
        rows = self.part["rows"]
        return [
            column
            for column in self.part["columns"]
            if any(row.get(column["name"]) not in {None, ""} for row in rows)
        ]

    @property
    def columns(self) -> list[Column]:
        """Of its table as a file: an interval is two columns of its own."""
        found = []
        for column in self.part["columns"]:
            kind = _TYPES.get(column["format"], NUMBER)
            found.append(Column(column["name"], column["meaning"], kind))
            for end, words in (("low", "Lower"), ("high", "Upper")):
                if column[end]:
                    found.append(Column(column[end], f"{words} end of its interval", kind))
        return found

    def rows(self) -> list[Row]:
        names = [column.name for column in self.columns]
        return [{name: row.get(name) for name in names} for row in self.part["rows"]]


_TYPES = {"text": TEXT, "count": INTEGER}


@dataclass(frozen=True, slots=True)
class Block:
    """The sections on the votes of people, or on the simulated ones."""

    whose: str
    analysis: Json
    sections: list[Shown]
    joined: Json = field(default_factory=dict)
    period: str = ""  # when the votes were cast, where that was chosen

    @property
    def answer(self) -> Shown:
        return self.sections[0]

    @property
    def rest(self) -> list[Shown]:
        return self.sections[1:]

    @property
    def methods(self) -> Methods:
        return methods(self.analysis, self.period)

    @property
    def full(self) -> str:
        """The answer with all its figures; empty where the section says all there is."""
        shown = self.n and "parts" in self.analysis and not self.answer.part["declined"]
        return self.analysis["sentence"] if shown else ""

    @property
    def n(self) -> int:
        """Votes that are counted, of both groups."""
        counts = self.analysis["data"]["counts"]
        return sum(counts[group]["votes"] for group in ("nonexpert", "expert"))


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    study: str
    told: list[str]  # what was chosen otherwise than usual
    since: list[str]  # what changed who is counted since it was asked for
    blocks: list[Block]
    rows: int
    sha256: str
    version: str
    measures: str = ""
    made: datetime | None = None

    def find(self, whose: str, name: str) -> Shown | None:
        shown = (s for block in self.blocks if block.whose == whose for s in block.sections)
        return next((one for one in shown if one.part["name"] == name), None)


def of_report(session: Session, report: Report) -> Document | None:
    """None while there is no result."""
    result = report.result
    if result is None:
        return None
    filters = Filters.from_dict(report.options)
    as_invited = filters.experts is Experts.INVITATION
    blocks = [
        _block(
            whose,
            result[whose],
            report.charts or {},
            result["counts"][whose] if as_invited else {},
            filters.period,
        )
        for whose in (PEOPLE, SIMULATED)
        if result[whose] is not None
    ]
    return Document(
        title=title(filters.feature),
        study=session.get_one(Study, report.study_id).name,
        told=filters.told(),
        since=changes_since(session, report.study_id, report.created_at).told(),
        blocks=blocks,
        rows=result["data"]["rows"],
        sha256=result["data"]["sha256"],
        version=report.app_version,
        measures=report.feature_version,
        made=report.finished_at,
    )


def of_analysis(analysis: Json, filters: Filters, *, study: str, measures: str) -> Document:
    """Of votes that were analysed from files."""
    data = analysis["data"]
    whose = SIMULATED if 0 < data["simulated"] == data["rows"] else PEOPLE
    return Document(
        title=title(filters.feature),
        study=study,
        told=filters.told(),
        since=[],
        blocks=[_block(whose, analysis, draw(whose, analysis), {}, filters.period)],
        rows=data["rows"],
        sha256=data["sha256"],
        version=analysis["version"],
        measures=measures,
    )


def title(feature: str) -> str:
    return f"How much does {feature_words(feature).noun} drive choices?"


def _block(
    whose: str, analysis: Json, charts: Mapping[str, str], joined: Json, period: str
) -> Block:
    parts = analysis.get("parts") or [_before_parts(analysis)]
    if not analysis["data"]["rows"]:
        parts = parts[:1]  # one sentence says all
    if parts[0]["declined"]:  # what is missing is said once, not in every section
        parts = [parts[0], *(part for part in parts[1:] if not part["declined"])]
    drawn = [_charts(whose, part, charts) for part in parts]
    sections = [Shown(whose, part, *svgs) for part, svgs in zip(parts, drawn, strict=True)]
    return Block(whose, analysis, sections, joined, period)


def _charts(whose: str, part: Json, charts: Mapping[str, str]) -> tuple[str | None, str | None]:
    old = part.get("old", False)
    stem = whose if old else f"{whose}_{part['name']}"
    return charts.get(f"{stem}_wide"), charts.get(f"{stem}_narrow")


def _before_parts(analysis: Json) -> Json:
    """The one section of a report that was stored before reports had sections."""
    declined = not any(analysis["groups"].values())
    return {
        "name": "answer",
        "title": title(analysis["feature"]),
        "sentence": analysis["sentence"],
        "declined": declined,
        "columns": [],
        "rows": [],
        "method": "",
        "notes": analysis["notes"],
        "data": {},
        "old": not declined,
    }
