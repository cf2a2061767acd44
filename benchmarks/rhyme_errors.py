"""What kinds of rhyme a detector misses or invents, by the two words that end the lines."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from app.verse import end_words, is_known, pronunciations
from benchmarks.marked_verse import Record, Scheme

FARTHEST = 4
EXAMPLES = 5
NO_RHYME = {None, "-", "x", "X", ""}  # as `evaluate.py` has it

Sounds = tuple[str, ...]


def error_table(
    records: Iterable[Record], schemes: Mapping[str, Scheme], *, at_most: int
) -> Iterator[str]:
    """The most frequent kinds of error as a Markdown table, each with its most frequent pairs."""
    kinds: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for what, kind, pair in errors(records, schemes):
        kinds[what, kind][pair] += 1
    ranked = sorted(kinds.items(), key=lambda item: (-item[1].total(), item[0]))
    yield "| error | kind | links | most frequent |\n|---|---|---|---|"
    for (what, kind), pairs in ranked[:at_most]:
        examples = ", ".join(
            f"{pair} ({count})" if count > 1 else pair
            for pair, count in pairs.most_common(EXAMPLES)
        )
        yield f"| {what} | {kind} | {pairs.total():,} | {examples} |"


def errors(
    records: Iterable[Record], schemes: Mapping[str, Scheme]
) -> Iterator[tuple[str, str, str]]:
    """Each link between two lines that is missed or invented, its kind and its two words."""
    for record in records:
        words = end_words("\n".join(record["lines"]))
        marked, found = links(record["scheme"]), links(schemes.get(record["id"], ()))
        invented = (
            "invented" if record["kind"] == "rhymed" else f"invented in {record['kind']} verse"
        )
        for what, wrong in (("missed", marked - found), (invented, found - marked)):
            for first, second in sorted(wrong):
                one, two = (words[line] or "" for line in (first, second))
                yield (
                    what,
                    kind_of(one, two, distance=second - first),
                    "/".join(sorted((one.lower(), two.lower()))),
                )


def links(scheme: Scheme) -> set[tuple[int, int]]:
    """Every two lines that share a label."""
    lines: defaultdict[str | int | None, list[int]] = defaultdict(list)
    for line, label in enumerate(scheme):
        if label not in NO_RHYME:
            lines[label].append(line)
    return {
        (first, second)
        for group in lines.values()
        for rank, first in enumerate(group)
        for second in group[rank + 1 :]
    }


def kind_of(one: str, two: str, *, distance: int) -> str:
    """The first of these that is true of two words, by any of their pronunciations."""
    if one.lower() == two.lower():
        return "same word"
    if distance > FARTHEST:
        return f"more than {FARTHEST} lines apart"
    if not (is_known(one) and is_known(two)):
        return "unknown word"
    pairs = list(product(_ends(one), _ends(two)))
    if any(rhyme(first) == rhyme(second) for first, second in pairs):
        return "perfect rhyme"
    if any(
        rhyme(first, last_syllable=True) == rhyme(second, last_syllable=True)
        for first, second in pairs
    ):
        return "unstressed ending"
    return _by_sight_and_sound(one, two, pairs)


def rhyme(phones: Sounds, *, last_syllable: bool = False) -> Sounds:
    """From the last stressed vowel on, or from the last vowel on; without stress."""
    vowels = [ix for ix, phone in enumerate(phones) if phone[-1].isdigit()]
    stressed = [ix for ix in vowels if phones[ix][-1] in "12"]
    start = (vowels if last_syllable else stressed or vowels or [0])[-1:] or [0]
    return tuple(phone.rstrip("012") for phone in phones[start[0] :])


def _ends(word: str) -> list[Sounds]:
    return [found.phones for found in pronunciations(word)]


def _by_sight_and_sound(one: str, two: str, pairs: list[tuple[Sounds, Sounds]]) -> str:
    if _letters(one) == _letters(two):
        return "eye rhyme"
    parts = [(rhyme(first), rhyme(second)) for first, second in pairs]
    if any(first[1:] == second[1:] != () for first, second in parts):
        return "other vowel, same consonants"
    if any(first[:1] == second[:1] for first, second in parts):
        return "same vowel, other consonants"
    return "other sounds"


def _letters(word: str) -> str:
    """The spelling from its last vowel letters on, a silent e aside."""
    letters = word.lower()
    end = len(letters) - letters.endswith("e")
    start = end
    while start and letters[start - 1] not in "aeiouy":
        start -= 1
    while start and letters[start - 1] in "aeiouy":
        start -= 1
    return letters[start:]
