"""How much a text speaks to the senses.

The data is that of the Lancaster Sensorimotor Norms (CC BY 4.0, ``data/LICENSE.lancaster``).
"""

from collections.abc import Iterable
from functools import cache

from app.verse.tables import read_numbers

FEWEST_RATED = 10
# Endings of word forms, and what stands in their place in the listed word.
_FORMS = (
    ("'s", ("",)),
    ("ies", ("y",)),
    ("es", ("", "e")),
    ("s", ("",)),
    ("'d", ("", "e")),
    ("ied", ("y",)),
    ("ed", ("", "e")),
    ("ing", ("", "e")),
)


def sensory_strength(word: str) -> float | None:
    """Say how strongly what a word names is felt by one of the senses.

    Parameters
    ----------
    word : str
        A word in small letters.

    Returns
    -------
    float or None
        0 to 5: people's mean rating for the strongest of sight, hearing, touch, taste and smell.
        A plural or a form of a verb is taken for its listed word. None for words that are not
        rated and for those that only bind others (*the*, *of*, *she*).

    References
    ----------
    Lynott, D., Connell, L., Brysbaert, M., Brand, J. and Carney, J. (2020). The Lancaster
    Sensorimotor Norms. Behavior Research Methods 52, 1271-1291.

    Examples
    --------
    >>> sensory_strength("pears"), sensory_strength("eternity"), sensory_strength("the")
    (4.25, 0.89, None)
    """
    table = _table()
    if word in table:
        return table[word]
    for ending, others in _FORMS:
        if word.endswith(ending):
            stem = word[: -len(ending)]
            found = (table[stem + other] for other in others if stem + other in table)
            return next(found, None)
    return None


def imagery(strengths: Iterable[float | None]) -> float | None:
    """Give the mean sensory strength of the words that carry meaning.

    Parameters
    ----------
    strengths : iterable of float or None
        `sensory_strength` of every word of a text.

    Returns
    -------
    float or None
        0 to 5; None where fewer than ten words are rated.

    Examples
    --------
    >>> imagery([4.25, None] * 10), imagery([4.25])
    (4.25, None)
    """
    found = [strength for strength in strengths if strength is not None]
    return sum(found) / len(found) if len(found) >= FEWEST_RATED else None


@cache
def _table() -> dict[str, float]:
    return read_numbers("imagery.tsv.gz")
