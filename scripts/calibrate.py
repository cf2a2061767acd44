"""Draw many studies from a known truth and write how often the intervals held it.

    python scripts/calibrate.py
    python scripts/calibrate.py --studies 100 --processes 1
    python scripts/calibrate.py --part sections

Writes docs/calibration.md and docs/pictures/calibration.svg; the same seed gives the same numbers
on any number of processes.
"""

import argparse
import math
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import typer

from app.analysis.calibrated_sections import CALIBRATED
from app.analysis.calibration import (
    SCENARIOS,
    Found,
    Method,
    Quantity,
    Scenario,
    Truth,
    intervals,
    judge,
    limits,
)
from app.analysis.coverage import Performance, Share, seeds
from app.analysis.plots.calibration import coverage_chart
from app.analysis.section_calibration import (
    Intervals,
    judge_section,
    section_intervals,
    section_limits,
)

ROOT = Path(__file__).resolve().parents[1]
SEED, STUDIES, SECTION_STUDIES = 20_261_125, 800, 400
LEAST, MOST, MOST_ERRORS = 0.93, 0.985, 0.07
PEOPLE = {
    Quantity.EXPERT: "experts",
    Quantity.NONEXPERT: "non-experts",
    Quantity.DIFFERENCE: "difference",
    Quantity.POINTS: "difference in points",
}
TITLES = {Method.OURS: "ours", Method.RATER: "by rater", Method.NAIVE: "naive"}
SECTION_SCENARIOS = (0, [one.name for one in SCENARIOS].index("difference"))
FIRST_SECTION = 1000  # seeds of the sections begin here
SECTIONS_HEADING = "## The other intervals of a report"
PARTS = ("answer", "sections")
SECTIONS_TEXT = """\
The sections are calibrated in the same way, each by the code that makes it in a report, in two
kinds of study. The truth is again the limit of the same estimate: what the section's own code
finds in the pooled votes of 200 or 300 further studies, each with raters, poems and prompts of
its own. For power it is the share of 1,000 studies of that kind that see a difference of 10
points. All intervals promise 95%. ± is one standard error of the simulation; "studies" are those
that gave an interval.

Beside what the scenario says, poems are by four sources (log odds 0.3, 0.1, -0.1, -0.3, the first
rhyming more), each line adds 0.1 (others), a decision one standard deviation slower takes 0.2
from the effect of rhyme (laziness), experts' scores lie two standard deviations above those of
others (expertise). One judge has the taste of a typical rater and votes 240 times; six judges
differ as raters do. Pairs came again in a study of 30 prompts of 2 poems with 40 votes by each
rater.

Units: log odds for effects, their changes, strengths and bends; shares of choices for win shares;
R^2 for shares; places for ranks, whose intervals are of whole numbers and so hold the truth
nearly always."""
Judged = dict[Method, dict[Quantity, Performance]]
SectionKey = tuple[int, str]
Key = TypeVar("Key")
One = TypeVar("One")
BySection = dict[str, Performance]


def draw(job: tuple[int, np.random.SeedSequence]) -> Found | None:
    number, seed = job
    return intervals(SCENARIOS[number].parameters, np.random.default_rng(seed))


def truth_of(number: int) -> Truth:
    return limits(SCENARIOS[number], np.random.default_rng([SEED, number, 1]))


def draw_section(job: tuple[SectionKey, np.random.SeedSequence]) -> Intervals:
    (number, name), seed = job
    scenario = SCENARIOS[number].parameters
    return section_intervals(CALIBRATED[name], scenario, np.random.default_rng(seed))


def section_truth(key: SectionKey) -> dict[str, float]:
    number, name = key
    rng = np.random.default_rng([SEED, number, *name.encode()])
    return section_limits(CALIBRATED[name], SCENARIOS[number].parameters, rng)


def drawn(
    pool: ProcessPoolExecutor,
    draw_one: Callable[[tuple[Key, np.random.SeedSequence]], One],
    key: Key,
    *,
    number: int,
    studies: int,
    label: str,
) -> list[One]:
    jobs = [(key, seed) for seed in seeds(SEED, number, studies)]
    found = pool.map(draw_one, jobs, chunksize=8)
    with typer.progressbar(found, length=studies, label=f"{label:40s}") as bar:
        return list(bar)


def calibrated(studies: int, processes: int) -> Iterator[tuple[Scenario, Judged, int]]:
    with ProcessPoolExecutor(processes) as pool:
        truths = [pool.submit(truth_of, number) for number in range(len(SCENARIOS))]
        for number, scenario in enumerate(SCENARIOS):
            found = drawn(pool, draw, number, number=number, studies=studies, label=scenario.name)
            kept = sum(one is not None for one in found)
            yield scenario, judge(found, truths[number].result()), kept


def calibrated_sections(studies: int, processes: int) -> Iterator[tuple[SectionKey, BySection]]:
    keys = [(number, name) for number in SECTION_SCENARIOS for name in CALIBRATED]
    with ProcessPoolExecutor(processes) as pool:
        truths = [pool.submit(section_truth, key) for key in keys]
        for ix, ((number, name), truth) in enumerate(zip(keys, truths, strict=True)):
            found = drawn(
                pool,
                draw_section,
                (number, name),
                number=FIRST_SECTION + ix,
                studies=round(CALIBRATED[name].share * studies),
                label=f"{SCENARIOS[number].name}: {name}",
            )
            yield (number, name), judge_section(found, truth.result())


def percent(share: Share) -> str:
    return f"{100 * share.value:.1f} ± {100 * share.se:.1f}"


def coverage_rows(done: list[tuple[Scenario, Judged, int]]) -> Iterator[str]:
    heads = ("scenario", "interval for", "truth", "ours, %", "by rater, %", "naive, %")
    yield f"| {' | '.join((*heads, 'bias ± se', 'length'))} |"
    yield "|---" * 8 + "|"
    for scenario, judged, _ in done:
        for quantity in Quantity:
            ours = judged[Method.OURS][quantity]
            cells = (
                *(scenario.name, PEOPLE[quantity], f"{ours.truth:.3f}"),
                *(percent(judged[method][quantity].coverage) for method in Method),
                *(f"{ours.bias:+.3f} ± {ours.bias_se:.3f}", f"{ours.length:.2f}"),
            )
            yield f"| {' | '.join(cells)} |"


def error_rows(done: list[tuple[Scenario, Judged, int]]) -> Iterator[str]:
    yield "| scenario | a difference is | ours, % | by rater, % | naive, % |"
    yield "|---" * 5 + "|"
    for scenario, judged, _ in done:
        there = "not there: type-I error" if scenario.without_difference else "there: power"
        found = (percent(judged[method][Quantity.DIFFERENCE].rejection) for method in Method)
        yield f"| {scenario.name} | {there} | {' | '.join(found)} |"


def verdict(done: list[tuple[Scenario, Judged, int]]) -> Iterator[str]:
    """What falls outside the aims; nothing is left out."""
    for scenario, judged, _ in done:
        for quantity, one in judged[Method.OURS].items():
            if not LEAST <= one.coverage.value <= MOST:
                yield f"{scenario.name}, {PEOPLE[quantity]}: coverage {percent(one.coverage)}%"
        error = judged[Method.OURS][Quantity.DIFFERENCE].rejection
        if scenario.without_difference and error.value > MOST_ERRORS:
            yield f"{scenario.name}: type-I error {percent(error)}%"


def page(done: list[tuple[Scenario, Judged, int]], studies: int) -> str:
    outside = list(verdict(done))
    said = (
        "Outside these aims: " + "; ".join(outside) + "."
        if outside
        else "Every figure of ours is within these aims."
    )
    meanings = "\n".join(
        f"- **{scenario.name}**: {scenario.meaning}"
        + ("" if kept == studies else f" ({kept} of {studies} studies gave an estimate)")
        for scenario, _, kept in done
    )
    return f"""# Whether the intervals hold what they promise

Written by `make calibrate`: {studies} studies of each kind drawn from a known truth with the seed
{SEED}, each analysed by the report's own method (weights and variance two-way by rater and prompt)
and, beside it, by what is commonly done: clusters by rater (CR1), and every vote taken for
independent. All hold the number of lines and words per line equal. The truth is the limit of the
same estimate: one logit fitted to the pooled votes of up to 400 further studies of that design. A
nominal 95% interval should hold it in 95% of studies; the aims are 93 to 98.5% for both groups and
the difference, and at most 7% differences found where there is none. ± is one standard error of the
simulation.

{said}

![Coverage of the 95% intervals by scenario and method](pictures/calibration.svg)

{meanings}

## Coverage

{chr(10).join(coverage_rows(done))}

Truth, bias and length are those of our estimate, in natural log odds per unit of rhyme density;
the difference in points is that of the two win shares, from -1 to 1.

## Differences found

{chr(10).join(error_rows(done))}
"""


def section_rows(done: list[tuple[SectionKey, BySection]], number: int) -> Iterator[str]:
    heads = ("section", "interval for", "studies", "truth", "coverage, %", "bias ± se", "length")
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for (of, section), judged in done:
        for name, one in judged.items() if of == number else ():
            without = math.isnan(one.length)
            cells = (
                *(section, name, str(one.studies), f"{one.truth:.3f}"),
                "no interval" if without else percent(one.coverage),
                *(f"{one.bias:+.3f} ± {one.bias_se:.3f}", "" if without else f"{one.length:.2f}"),
            )
            yield f"| {' | '.join(cells)} |"


def below(done: list[tuple[SectionKey, BySection]]) -> Iterator[str]:
    """What certainly holds less than it should: by more than two standard errors."""
    for (number, section), judged in done:
        for name, one in judged.items():
            reach = one.coverage.value + 2 * one.coverage.se
            if reach < LEAST and not math.isnan(one.length):
                yield f"{section}: {name} ({SCENARIOS[number].name}) {percent(one.coverage)}%"


def sections_page(done: list[tuple[SectionKey, BySection]]) -> str:
    low = list(below(done))
    said = "\n".join(
        ["Below 93% by more than two standard errors:\n", *(f"- {one}" for one in low)]
        if low
        else ["No interval is below 93% by more than two standard errors."]
    )
    tables = "\n\n".join(
        f"### {SCENARIOS[number].name.capitalize()}: {SCENARIOS[number].meaning}\n\n"
        + "\n".join(section_rows(done, number))
        for number in SECTION_SCENARIOS
    )
    return f"""{SECTIONS_HEADING}

{SECTIONS_TEXT}

{said}

{tables}
"""


def write(part: str, text: str) -> None:
    """Write one part of the page and leave the other as it is."""
    page_file = ROOT / "docs" / "calibration.md"
    before = page_file.read_text(encoding="utf-8") if page_file.exists() else ""
    answer, _, sections = before.partition(SECTIONS_HEADING)
    if part == "answer":
        answer = text + "\n"
    else:
        sections = text.removeprefix(SECTIONS_HEADING)
    whole = answer.rstrip() + "\n"
    if sections:
        whole += f"\n{SECTIONS_HEADING}{sections}"
    page_file.write_text(whole, encoding="utf-8")
    print("docs/calibration.md")


def calibrate_answer(studies: int, processes: int) -> None:
    done = list(calibrated(studies, processes))
    write("answer", page(done, studies))
    rows = [
        {
            "scenario": scenario.name,
            "quantity": PEOPLE[quantity],
            "method": TITLES[method],
            "coverage": 100 * one.coverage.value,
            "se": 100 * one.coverage.se,
        }
        for scenario, judged, _ in done
        for method, by_quantity in judged.items()
        for quantity, one in by_quantity.items()
    ]
    chart = ROOT / "docs" / "pictures" / "calibration.svg"
    chart.write_text(coverage_chart(rows), encoding="utf-8")
    print(*verdict(done), sep="\n")


def calibrate_sections(studies: int, processes: int) -> None:
    done = list(calibrated_sections(studies, processes))
    write("sections", sections_page(done))
    print(*below(done), sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--studies", type=int, metavar="N", help="of each kind")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--part", choices=PARTS, help="only one part of the page")
    chosen = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # noqa: TID251  # before the processes start
    if chosen.part != "sections":
        calibrate_answer(chosen.studies or STUDIES, chosen.processes)
    if chosen.part != "answer":
        calibrate_sections(chosen.studies or SECTION_STUDIES, chosen.processes)


if __name__ == "__main__":
    main()
