"""A report as Markdown: for a repository, a wiki or a notebook."""

import re

from app.analysis.cells import cell_text
from app.analysis.glossary import GLOSSARY
from app.reports.document import Block, Document, Shown

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def report_markdown(document: Document) -> str:
    """Everything but the charts."""
    lines = [f"# {document.title}", "", plain(document.study)]
    lines += ["", *(f"- **{plain(one)}**" for one in (*document.since, *document.told))]
    for block in document.blocks:
        lines += _block(block, document.version)
    lines += ["", "## Words", ""]
    lines += [f"- **{entry.term}**: {plain(entry.meaning)}" for entry in GLOSSARY]
    lines += ["", "## Where the numbers come from", "", *_record(document)]
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """Text that Markdown takes for nothing else."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _block(block: Block, version: str) -> list[str]:
    lines = [""]
    if block.whose == "simulated":
        lines += [
            "## Simulated votes",
            "",
            "**These votes were drawn by a program with known effects. They are not people’s.**",
        ]
    else:
        lines += ["## What people chose"]
    for shown in block.sections:
        lines += _section(shown, version)
        if shown is block.answer and block.full:
            lines += ["", plain(block.full)]
    if block.n:
        lines += ["", "### Methods, for a paper", "", plain(block.methods.text), ""]
        lines += [f"- {plain(one)}" for one in block.methods.references]
    return lines


def _section(shown: Shown, version: str) -> list[str]:
    part = shown.part
    lines = ["", f"### {plain(part['title'])}", "", plain(part["sentence"])]
    if part["rows"]:
        lines += ["", *_table(shown)]
    if part["notes"]:
        lines += ["", *(f"- {plain(note)}" for note in part["notes"])]
    if shown.method:
        lines += ["", "How this was computed:", "", *_quoted(shown.method)]
        lines += [">", f"> {plain(shown.basis(version))}"]
    return lines


def _quoted(text: str) -> list[str]:
    lines = [line for part in text.split("\n\n") for line in (f"> {plain(part)}", ">")]
    return lines[:-1]


def _table(shown: Shown) -> list[str]:
    columns, part = shown.filled, shown.part
    numeric = [column["format"] != "text" for column in columns]
    rows = [[cell_text(row, column) for column in columns] for row in part["rows"]]
    head = [column["heading"] for column in columns]
    marks = ["---:" if right else "---" for right in numeric]
    lines = [[plain(cell) for cell in head], marks, *([plain(c) for c in row] for row in rows)]
    return [f"| {' | '.join(line)} |" for line in lines]


def _record(document: Document) -> list[str]:
    found = [
        f"- Votes used: {document.rows:,} rows",
        f"- Their SHA-256: `{document.sha256}`",
        f"- Program: Blindverse {document.version}",
    ]
    if document.measures:
        found.append(f"- Measures: {document.measures}")
    if document.made:
        found.append(f"- Made: {document.made:%Y-%m-%d %H:%M} UTC")
    return found
