"""Collects every text that a rater can see into the catalogue of each other language, which a
person then completes: `python scripts/catalogues.py`. Texts that are gone are dropped."""

from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.pages.languages import FOLDER

ROOT = Path(__file__).parents[1]
# Messages are written where an error is raised, so its name marks them as `_` does in a template.
ERRORS = (
    *("NotFound", "NotAllowed", "NotARater", "StudyClosed", "JoiningOver", "StudyFull"),
    *("LinkUsed", "AnotherRater", "EverythingErased", "SlotConflict", "Unusable", "Withdrawn"),
)
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "rater_text": None,
    **dict.fromkeys(ERRORS),
}
# Where the words of raters are: what admins alone see is in English.
PLACES = (
    ("templates/rater", "jinja2"),
    ("templates/errors", "jinja2"),
    ("templates/site", "jinja2"),
    ("templates/macros", "jinja2"),
    ("app/rating", "python"),
    ("app/web/rater", "python"),
)
PATTERNS = {"jinja2": "**.*", "python": "**.py"}  # what Python compiled is no text
SINGLE = (
    ("templates", "base.html", "jinja2"),
    ("app/web", "errors.py", "python"),
    ("app/web", "deps.py", "python"),
    ("app/web", "forms.py", "python"),
)


def collected() -> Catalog:
    """Every text, in the order of the files."""
    catalog = Catalog(project="Blindverse", charset="utf-8", fuzzy=False)
    for folder, method in PLACES:
        _collect(catalog, ROOT / folder, PATTERNS[method], method)
    for folder, name, method in SINGLE:
        _collect(catalog, ROOT / folder, name, method)
    return catalog


def _collect(catalog: Catalog, folder: Path, pattern: str, method: str) -> None:
    options = {pattern: {"trimmed": "true", "newstyle_gettext": "true"}}
    found = extract_from_dir(
        folder, [(pattern, method)], options, keywords=KEYWORDS, directory_filter=lambda _path: True
    )
    for file, _line, message, _comments, context in found:
        where = (folder / file).relative_to(ROOT)
        catalog.add(message, None, [(str(where), 0)], context=context)


def completed(language: str) -> bytes:
    """The catalogue of a language with every text of now, translated as far as it was before."""
    file = FOLDER / f"{language}.po"
    with file.open("rb") as lines:
        catalog = read_po(lines, locale=language)
    catalog.update(
        collected(), no_fuzzy_matching=True, keep_user_comments=True, update_creation_date=False
    )
    catalog.obsolete.clear()
    written = BytesIO()
    write_po(
        written, catalog, width=100, include_lineno=False, omit_header=False, sort_output=False
    )
    return written.getvalue()


def main() -> None:
    for file in sorted(FOLDER.glob("*.po")):
        file.write_bytes(completed(file.stem))
        print(f"{file.relative_to(ROOT)} is brought up to date")


if __name__ == "__main__":
    main()
