r"""What a program puts around a whole poem: the lines of a code block, quotation marks.

Examples
--------
>>> without_quotes_around("“Rain\nfalls”")
'Rain\nfalls'
"""

import re

__all__ = ["is_fence", "without_fences", "without_quotes_around"]

_NAME = (
    r"(?:poem|poetry|verse|text|plain|plaintext|txt|markdown|md|output|lyrics|haiku|sonnet|title|"
    r"\{[^{}]*\}|[\w-]+=\S+)"
)
_FENCE = re.compile(
    rf"\s*(?:(?:`{{3,}}|~{{3,}})\s*(?:[\w+-]*|{_NAME}(?:\s+{_NAME}){{0,3}})|\"{{3,}}|'{{3,}})\s*$",
    re.IGNORECASE,
)
_FENCED = re.compile(  # at most 20 marks, or thousands of them would take hours
    r"(?P<mark>`{3,20}|~{3,20}|\"{3,20}|'{3,20})(?P<inner>(?:(?!(?P=mark)).)+)(?P=mark)", re.DOTALL
)


def is_fence(line: str) -> bool:
    r"""Tell whether a line only opens or closes a block of code or of quoted text.

    Parameters
    ----------
    line : str
        One line.

    Returns
    -------
    bool
        True for three marks or more, behind which at most the block's kind is named.

    Examples
    --------
    >>> [is_fence(line) for line in ("````", "```poem text", '\"\"\"', "```The rain fell")]
    [True, True, True, False]
    """
    return _FENCE.match(line) is not None


def without_fences(text: str) -> str:
    r"""Give a poem without the marks of a block of code or of quoted text.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text without lines that are only such marks (`is_fence`), and without a pair of them
        around two lines or more, where these stand on the poem's own first and last line.

    Examples
    --------
    >>> without_fences('\"\"\"Rain\nfalls\"\"\"'), without_fences("```poem\nRain\nfalls```")
    ('Rain\nfalls', 'Rain\nfalls')
    """
    found = _FENCED.fullmatch(text.strip())
    if found and "\n" in found["inner"]:
        mark, inner = found["mark"], found["inner"]
        opening = mark if is_fence(mark + inner.split("\n", 1)[0]) else ""
        text = f"{opening}{inner}"
    return "\n".join(line for line in text.split("\n") if not is_fence(line))


def without_quotes_around(text: str) -> str:
    r"""Give a poem without the quotation marks around the whole of it.

    Parameters
    ----------
    text : str
        A poem with curved quotation marks, without blank lines at its ends.

    Returns
    -------
    str
        The poem without the marks at its two ends, where it has two lines or more and no other
        double mark: with one, somebody speaks in it.

    Examples
    --------
    >>> without_quotes_around("“Rain,”\nshe said, “falls”")
    '“Rain,”\nshe said, “falls”'
    """
    inner = text.strip()[1:-1]
    around = text.strip()[:1] + text.strip()[-1:]
    if around == "“”" and "\n" in inner and not re.search("[“”]", inner):
        return inner
    return text
