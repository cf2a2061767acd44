"""A report as one HTML file that needs no other: to be sent, kept and opened from disk."""

import base64
import re
from typing import Any

from markupsafe import Markup

from app.analysis.cells import cell_text
from app.analysis.glossary import GLOSSARY
from app.analysis.wording import percent
from app.pages.environment import render
from app.pages.glossing import Glosser, paragraphs
from app.reports.document import Document
from app.settings import data_folder

_SHEETS = ("tokens", "fonts", "base", "components", "layout", "tables", "charts", "report")
# Those of the page's own words; other letters are shown in what the reader's system has.
_FACES = re.compile(r"(?:atkinson-hyperlegible-next|gentium-book-plus)-latin-[46]00-normal\.")
_HASH = re.compile(r"\.[0-9a-f]{10}\.woff2$")
_FACE = re.compile(r"@font-face\s*{[^}]*}")
_SOURCE = re.compile(r'url\(\s*"?([^")]+)"?\s*\)')


def report_values(document: Document) -> dict[str, Any]:  # Any: what templates are given
    """What the templates of a report need, on the page and in the file."""
    return {
        "document": document,
        "gloss": Glosser(),
        "glossary": GLOSSARY,
        "cell_text": cell_text,
        "paragraphs": paragraphs,
        "percent": percent,
    }


def report_html(document: Document) -> str:
    """Styles, faces and charts are in it, and it asks for nothing from anywhere."""
    style = Markup(f"<style>{_style()}</style>")  # noqa: S704  # our own style sheets
    return render("report/file.html", style=style, **report_values(document))


def _style() -> str:
    folder = data_folder("static") / "css"
    sheets = [(folder / f"{name}.css").read_text(encoding="utf-8") for name in _SHEETS]
    return _FACE.sub(_embedded, "\n".join(sheets))


def _embedded(face: re.Match[str]) -> str:
    """The face with its file in it; nothing for one that is left out."""
    if not _FACES.search(face.group()):
        return ""

    def data(address: re.Match[str]) -> str:
        path = data_folder("static") / "css" / _HASH.sub(".woff2", address.group(1))
        content = base64.b64encode(path.read_bytes()).decode()
        return f"url(data:font/woff2;base64,{content})"

    return _SOURCE.sub(data, face.group())
