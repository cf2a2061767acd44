"""A rhyme scheme as a reader marked it: read, tidied, written, and the links that it says."""

import re
from collections.abc import Iterable, Sequence

from app.verse.rhyme import Rhymes, link_lines, name_groups

_LABEL = re.compile(r"[A-Z]\d*|-")


def read_scheme(scheme: str) -> tuple[str | None, ...]:
    """Read a rhyme scheme from its written form.

    Parameters
    ----------
    scheme : str
        Labels as in the feature ``rhyme_scheme``: A to Z, each with digits behind it or without,
        and ``-`` for a line that rhymes with none. Blanks part stanzas.

    Returns
    -------
    tuple of str or None
        One label a line; None where the line rhymes with none.

    Raises
    ------
    ValueError
        If there is anything else in it.

    Examples
    --------
    >>> read_scheme("A-A B1B1")
    ('A', None, 'A', 'B1', 'B1')
    """
    joined = "".join(scheme.split())
    labels = _LABEL.findall(joined)
    if "".join(labels) != joined:
        raise ValueError(f"{scheme!r} is no rhyme scheme")
    return tuple(None if label == "-" else label for label in labels)


def write_scheme(labels: Iterable[str | None], stanza_lengths: Iterable[int]) -> str:
    """Write a rhyme scheme as one string, the form that `read_scheme` reads.

    Parameters
    ----------
    labels : iterable of str or None
        One label a line.
    stanza_lengths : iterable of int
        Lines of each stanza; together as many as there are labels.

    Returns
    -------
    str
        The labels, ``-`` for None, with a blank between stanzas.

    Examples
    --------
    >>> write_scheme(["A", None, "A", "B", "B"], [3, 2])
    'A-A BB'
    """
    rest = iter(labels)
    return " ".join("".join(next(rest) or "-" for _ in range(n)) for n in stanza_lengths)


def tidy_scheme(labels: Sequence[str | None]) -> tuple[str | None, ...]:
    """Give a rhyme scheme its usual names.

    Parameters
    ----------
    labels : sequence of str or None
        One label a line, equal where lines rhyme.

    Returns
    -------
    tuple of str or None
        A to Z without X, then A1 to Z1 and so on, by first appearance. A label of one line only
        says that the line rhymes with none: None stands in its place.

    Examples
    --------
    >>> tidy_scheme(["X", "B", "C", "B"])
    (None, 'A', None, 'A')
    """
    return name_groups([(line,) if label is None else label for line, label in enumerate(labels)])


def marked_rhymes(labels: Sequence[str | None], ends: Sequence[str | None]) -> Rhymes:
    """Give the rhymes of a poem whose scheme is known.

    Parameters
    ----------
    labels : sequence of str or None
        The scheme: one label a line, equal where lines rhyme.
    ends : sequence of str or None
        The last word of every line in order, None for a line without one.

    Returns
    -------
    Rhymes
        The scheme as `tidy_scheme` names it, and a link from every line to the nearest line before
        it that has its label. Kind and strength are those of `compare`; where it hears nothing,
        the link is slant with strength 0.

    Raises
    ------
    ValueError
        If there are not as many labels as lines.

    Examples
    --------
    >>> [(link.first, link.second, link.kind.value) for link in marked_rhymes(
    ...     ["A", None, "A"], ["day", "stone", "way"]).links]
    [(0, 2, 'perfect')]
    """
    if len(labels) != len(ends):
        raise ValueError(f"{len(labels)} labels were given for {len(ends)} lines")
    scheme = tidy_scheme(labels)
    return Rhymes(scheme, link_lines(scheme, ends))
