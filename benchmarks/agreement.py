"""How far people agree who marked the rhymes of the same lines, from one source to another."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, groupby
from operator import itemgetter
from typing import NamedTuple

from benchmarks.marked_verse import Record
from benchmarks.rhyme_errors import links

LEAST_SHARED = 0.8  # of the lines of the shorter record, for both to be the same verse
LATE = 19  # the first of the centuries told apart


class Agreement(NamedTuple):
    """Links marked in two sources, in the first only, in the second only; in how many pairs of
    records."""

    both: int
    first: int
    second: int
    records: int

    @property
    def f1(self) -> float | None:
        """The link F1 of the one by the other."""
        links_of_both = 2 * self.both + self.first + self.second
        return 2 * self.both / links_of_both if links_of_both else None


def agreement_table(records: Sequence[Record]) -> Iterator[str]:
    """Agreement of all records and of the late ones, as Markdown."""
    yield "| marked twice | pairs of records | links | marked once only | link F1 |"
    yield "|---|---|---|---|---|"
    late = [record for record in records if (record["century"] or 0) >= LATE]
    for name, those in {"all": records, "19th+20th": late}.items():
        found = agreement(those)
        once = found.first + found.second
        f1 = "" if found.f1 is None else f"{found.f1:.3f}"
        yield f"| {name} | {found.records} | {found.both + once} | {once} | {f1} |"


def agreement(records: Sequence[Record]) -> Agreement:
    """Agreement on the lines that two sources have in common."""
    both = first = second = n_records = 0
    by_author = sorted(records, key=itemgetter("author_key"))
    for _, own in groupby(by_author, key=itemgetter("author_key")):
        for one, two in combinations(own, 2):
            if one["source"] != two["source"] and (shared := shared_lines(one, two)):
                firsts, seconds = ([pair[side] for pair in shared] for side in (0, 1))
                marked = links([one["scheme"][line] for line in firsts])
                again = links([two["scheme"][line] for line in seconds])
                both += len(marked & again)
                first += len(marked - again)
                second += len(again - marked)
                n_records += 1
    return Agreement(both, first, second, n_records)


def shared_lines(one: Record, two: Record) -> list[tuple[int, int]]:
    """Where both have the same line, if they are the same verse; in order where it comes again."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for ix, line in enumerate(two["lines"]):
        places[_letters(line)].append(ix)
    letters = map(_letters, one["lines"])
    found = [(ix, places[line].pop(0)) for ix, line in enumerate(letters) if places[line]]
    shortest = min(len(one["lines"]), len(two["lines"]))
    return found if len(found) >= LEAST_SHARED * shortest else []


def _letters(line: str) -> str:
    return "".join(filter(str.isalpha, line.lower()))
