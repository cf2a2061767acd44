"""Verse whose rhymes were marked by people, and how near a detector comes to them.

The data is not part of the project: it lies in `../shared/data`, or where
`BLINDVERSE_SHARED_DATA` says, with the scripts that count (`evaluate.py`, `stress.py`).
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
HEAD = (
    "| | records | link F1 | precision | recall | exact scheme | false lines, free and blank verse "
    "| broken lines wrongly rhymed | unrhymed quatrains, false lines |\n" + "|---" * 9 + "|"
)

Record = dict[str, Any]  # Any: JSON
Scheme = Sequence[str | int | None]


def shared_data() -> Path | None:
    """The folder of shared data, None where it is absent."""
    folder = Path(os.getenv("BLINDVERSE_SHARED_DATA") or CHECKOUT.parent / "shared" / "data")
    return folder if folder.is_dir() else None


def read_rows(path: Path) -> list[Record]:
    return [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]


def write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def as_poems(records: Iterable[Record]) -> Iterator[Record]:
    """Poems of stanzas: records that follow each other and name the same poem are one."""
    for poem, stanzas in groupby(records, key=lambda record: record["poem"]):
        yield {"id": poem, "stanzas": [record["lines"] for record in stanzas]}


def as_records(records: Iterable[Record], schemes: Mapping[str, Scheme]) -> Iterator[Record]:
    """The part of its poem's scheme that belongs to each record."""
    for poem, stanzas in groupby(records, key=lambda record: record["poem"]):
        begin = 0
        for record in stanzas:
            end = begin + len(record["lines"])
            yield {"id": record["id"], "scheme": schemes[poem][begin:end]}
            begin = end


def score(folder: Path, schemes: Mapping[str, Scheme]) -> dict[str, dict[str, float | None]]:
    """What `evaluate.py` says of all records and of every group, and `stress.py` under `stress`.

    `schemes` goes from a record's id to its scheme. A record without one counts as without rhyme;
    where one of the stress set is missing, `stress` is left out.
    """
    gold, stress = folder / "rhyme" / "gold_dev.jsonl", folder / "rhyme" / "stress_dev.jsonl"
    with TemporaryDirectory() as name:
        output, found = Path(name) / "output.jsonl", Path(name) / "scores.json"
        write_rows(output, ({"id": name, "scheme": scheme} for name, scheme in schemes.items()))
        _run(folder / "rhyme" / "evaluate.py", gold, output, "--json", found)
        scores: dict[str, dict[str, float | None]] = json.loads(found.read_text(encoding="utf-8"))
        if all(record["id"] in schemes for record in read_rows(stress)):
            said = _run(folder / "rhyme" / "stress.py", stress, output)
            broken, unrhymed = map(float, re.findall(r"rhymed (\d\.\d+) of", said))
            scores["stress"] = {"broken": broken, "unrhymed": unrhymed}
    return scores


def table_row(
    name: str, found: Mapping[str, float | None], stress: Mapping[str, float | None] | None = None
) -> str:
    """One row under `HEAD`: ratios with three digits, shares of falsely rhymed lines in percent."""
    stress = stress or {}
    ratios = [found[key] if found["n"] else None for key in ("F1", "P", "R", "exact")]
    shares = [found["fp_line"], stress.get("broken"), stress.get("unrhymed")]
    cells = [f"{(found['n'] or 0) + (found['neg'] or 0):,}"]
    cells += ["" if ratio is None else f"{ratio:.3f}" for ratio in ratios]
    cells += ["" if share is None else f"{100 * share:.2f}%" for share in shares]
    return f"| {name} | " + " | ".join(cells) + " |"


def _run(*command: Path | str) -> str:
    ran = subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True)
    return ran.stdout
