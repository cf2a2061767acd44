"""Words of a report that are explained where they stand."""

from markupsafe import Markup, escape

from app.analysis.glossary import Entry, marked


class Glosser:
    """Marks the first use of a word in each section of one page."""

    def __init__(self) -> None:
        self._known: dict[str, set[str]] = {}

    def __call__(self, text: str, section: str = "") -> Markup:
        known = self._known.setdefault(section, set())
        return Markup("").join(
            escape(piece) if entry is None else _word(piece, entry)
            for piece, entry in marked(text, known)
        )


def _word(piece: str, entry: Entry) -> Markup:
    """It takes the focus, and breaks over lines as any word; what it means is shown by the style
    sheet alone, and read out from the list of words at the end of the page."""
    return Markup(
        '<dfn class="term" tabindex="0" aria-describedby="word-{}" data-meaning="{}">{}</dfn>'
    ).format(entry.name, entry.meaning, piece)


def paragraphs(text: str) -> list[str]:
    return [part for part in text.split("\n\n") if part.strip()]
