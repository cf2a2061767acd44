"""How a word is looked up: one form for its letters, and today's spellings of an older one."""

import re
import unicodedata
from collections.abc import Iterator

MOST_STEPS = 3
MOST_SPELLINGS = 60

# Older or British spelling and today's American one, each tried wherever it fits.
_RULES = tuple(
    (re.compile(old), new)
    for old, new in (
        (r"(?<=[aeiorl])u(?=[eiy])", "v"),  # loue, beleeued, serue
        (r"v(?=[^aeiouyv])", "u"),  # vs, vpon
        (r"^i(?=[aou])", "j"),  # ioy
        (r"(?<=[b-df-hj-np-tv-xz])e$", ""),  # againe, knowe
        (r"(?<=[b-df-hj-np-tv-xz])e(?=s$)", ""),  # beames
        (r"(?<=[aeiouy][b-df-hj-np-tv-xz])$", "e"),  # increas
        (r"(?:ie|ye)$", "y"),  # beautie
        (r"(?<=[a-z])y(?=[a-z])", "i"),  # lyfe
        (r"([b-df-hj-np-tv-xz])\1$", r"\1"),  # faithfull
        (r"([b-df-hj-np-tv-xz])\1(?=[a-z])", r"\1"),  # delicattely
        (r"ee", "ea"),  # neere
        (r"ee", "ie"),  # beleeve
        (r"ee(?=re)", "e"),  # heere
        (r"ea", "ee"),  # seaven
        (r"oo", "o"),  # proove
        (r"ou(?=l)", "o"),  # tould
        (r"ow", "ou"),  # howse
        (r"aun", "an"),  # daunce
        (r"ai", "ei"),  # raign
        (r"ight(?=s?$)", "ite"),  # spight
        (r"(?<=[^aeiou])e(?=[b-df-hj-np-tv-xz][ei])", "ea"),  # increse
        (r"ck(?=e?s?$)", "c"),  # musick
        (r"our(?=s?$|e[dr]|ing|less)", "or"),  # honour
        (r"tre(?=s?$)", "ter"),  # centre
        (r"cion(?=s?$)", "tion"),  # nacion
        (r"(?<=[iy])s(?=e)", "z"),  # realise
        (r"(?<=[^s])st$", "sed"),  # opprest
    )
)
_V = re.compile(r"(?<=[aeiorl])u(?=[eiy])")
_U = re.compile(r"^v(?=[^aeiouyv])")
_DOUBLED_E = re.compile(r"([b-df-hj-np-tv-xz])\1e$")


def spell(word: str) -> str:
    """Give the form under which a word is looked up.

    Parameters
    ----------
    word : str
        One word.

    Returns
    -------
    str
        Lower case, without accents, with plain apostrophes and hyphens.

    Examples
    --------
    >>> spell("Belovèd’s")
    "beloved's"
    """
    plain = word.casefold().replace("’", "'").replace("‐", "-").replace("‑", "-")
    if plain.isascii():
        return plain
    letters = unicodedata.normalize("NFKD", plain)
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold()


def respellings(spelling: str) -> Iterator[str]:
    """Give spellings of today that an older or British one may stand for.

    Parameters
    ----------
    spelling : str
        As `spell` gives it.

    Yields
    ------
    str
        Other spellings, those fewer changes away first, at most 60; not all are words.

    Examples
    --------
    >>> "believed" in respellings("beleeued")
    True
    """
    seen = {spelling}
    nearest = [spelling]
    if "'" in spelling[1:-1]:
        nearest += [spelling.replace("'", letter) for letter in ("e", "i", "o", "v", "")]
        yield from nearest[1:]
        seen.update(nearest)
    for _ in range(MOST_STEPS):
        found = dict.fromkeys(new for old in nearest for new in _one_change(old))
        nearest = [new for new in found if new not in seen]
        seen.update(nearest)
        yield from nearest[: max(0, MOST_SPELLINGS - len(seen) + len(nearest))]
        if len(seen) > MOST_SPELLINGS:
            return


def also_read_as(spelling: str) -> str:
    """Give the word that a listed spelling may stand for in old verse as well.

    Parameters
    ----------
    spelling : str
        As `spell` gives it.

    Returns
    -------
    str
        *grave* for *graue*, *pass* for *passe*; the same spelling where neither rule fits.

    Examples
    --------
    >>> also_read_as("graue"), also_read_as("passe"), also_read_as("night")
    ('grave', 'pass', 'night')
    """
    if "u" in spelling:
        spelling = _V.sub("v", spelling)
    if spelling[:1] == "v":
        spelling = _U.sub("u", spelling)
    return _DOUBLED_E.sub(r"\1\1", spelling) if spelling[-1:] == "e" else spelling


def _one_change(spelling: str) -> Iterator[str]:
    for old, new in _RULES:
        changed = old.sub(new, spelling)
        if changed != spelling and len(changed) > 1:
            yield changed
