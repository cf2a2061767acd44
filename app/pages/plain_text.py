"""A page's words without its markup, as somebody read them."""

from html.parser import HTMLParser

_BREAKS = {"p", "h1", "h2", "h3", "li", "div", "dt", "dd", "section", "ul", "ol", "dl", "br"}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = [""]

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        self.blocks[-1] += data


def plain_text(html: str) -> str:
    """Its paragraphs, one below the other; blanks within them made equal, line ends kept where a
    text has two of them."""
    words = _Words()
    words.feed(html)
    words.close()
    paragraphs = [part for block in words.blocks for part in block.split("\n\n")]
    lines = (" ".join(paragraph.split()) for paragraph in paragraphs)
    return "\n".join(line for line in lines if line)
