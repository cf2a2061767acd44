"""A report as PDF, set by Typst.

The template reads the report as data, so that nothing in a poem, a name or a sentence can be taken
for markup. Faces are those that Typst brings with it; nothing is fetched.
"""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from app.analysis.cells import cell_text
from app.analysis.glossary import GLOSSARY
from app.analysis.plots import svg_pdf
from app.pages.glossing import paragraphs
from app.reports.document import Block, Document, Shown
from app.settings import data_folder

Json = dict[str, Any]  # Any: JSON


def report_pdf(document: Document) -> bytes:
    """On A4, with its charts as drawings."""
    import typst  # 40 MB: only who wants a PDF waits for it

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(data_folder("templates") / "report" / "report.typ", folder)
        given = _given(document, folder)
        (folder / "report.json").write_text(json.dumps(given), encoding="utf-8")
        made = typst.compile(
            folder / "report.typ", root=folder, format="pdf", ignore_system_fonts=True
        )
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no document.")
    return made


def _given(document: Document, folder: Path) -> Json:
    return {
        "title": document.title,
        "study": document.study,
        "told": document.told,
        "since": document.since,
        "blocks": [_block(block, folder, document.version) for block in document.blocks],
        "words": [{"term": one.term, "meaning": one.meaning} for one in GLOSSARY],
        "record": [
            ["Votes used", f"{document.rows:,} rows"],
            ["SHA-256", document.sha256],
            ["Program", f"Blindverse {document.version}"],
            *([["Measures", document.measures]] if document.measures else []),
            *([["Made", f"{document.made:%Y-%m-%d %H:%M} UTC"]] if document.made else []),
        ],
    }


def _block(block: Block, folder: Path, version: str) -> Json:
    return {
        "simulated": block.whose == "simulated",
        "full": block.full,
        "sections": [_section(shown, folder, version) for shown in block.sections],
        "methods": block.methods.text if block.n else "",
        "references": block.methods.references if block.n else [],
    }


def _section(shown: Shown, folder: Path, version: str) -> Json:
    part, chart = shown.part, ""
    if shown.wide:
        chart = f"{shown.id}.pdf"
        (folder / chart).write_bytes(svg_pdf(shown.wide))
    columns = shown.filled
    return {
        "title": part["title"],
        "sentence": part["sentence"],
        "chart": chart,
        "head": [column["heading"] for column in columns],
        "text": [column["format"] == "text" for column in columns],
        "rows": [[cell_text(row, column) for column in columns] for row in part["rows"]],
        "notes": part["notes"],
        "method": paragraphs(shown.method),
        "basis": shown.basis(version),
    }
