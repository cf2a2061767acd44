"""`python -m benchmarks.million`: the analysis of a million votes by 10,000 raters on 10,000 poems,
beside statsmodels and arena-rank on the same votes. Every stage runs alone in a process of its own
with one core's worth of threads, and is told in processor seconds and peak memory."""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from time import process_time
from typing import Annotated, Any

import numpy as np
import typer

from app.analysis import Options, VoteTable, analyse
from app.analysis.comparison import COMPARED, compare
from app.analysis.diagnostics import group_votes
from app.analysis.ranking import rank_sources
from app.analysis.sections import SECTIONS
from app.analysis.simulate import StudyParameters, simulate_study

SEED = 1
MILLION = StudyParameters(
    n_experts=2_000,
    n_nonexperts=8_000,
    median_votes=100.0,
    votes_log_sd=0.05,
    n_prompts=1_000,
    poems_per_prompt=10,
)
TENTH = StudyParameters(
    n_experts=200, n_nonexperts=800, median_votes=100.0, votes_log_sd=0.05, n_prompts=100,
    poems_per_prompt=10,
)  # fmt: skip
N_SOURCES = 10
CHECKOUT = Path(__file__).parents[1]
PEERS = CHECKOUT / ".venv" / "peers" / "bin" / "python"
ARENA = Path(__file__).with_name("peers") / "arena.py"
ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
DATA, PAIRS = "votes.pickle", "votes.csv"
ROW = "{:<66} {:>10} {:>9}"


def check(folder: Path) -> Callable[[], object]:
    votes, poems = pickle.loads((folder / DATA).read_bytes())  # our own, just written
    return lambda: VoteTable.from_frames(votes, poems)


def primary(folder: Path) -> Callable[[], object]:
    table = table_of(folder)

    def work() -> object:
        options = Options(adjust=table.controls)
        votes = {group: group_votes(table, group, options.ties) for group in COMPARED}
        return compare(votes, table.controls, options)

    return work


def ranking(folder: Path) -> Callable[[], object]:
    table = table_of(folder)
    return lambda: rank_sources(table, Options(adjust=()), np.random.default_rng(SEED))


def report(folder: Path, *, bootstrap: bool) -> Callable[[], object]:
    table = table_of(folder)
    sections = tuple(one for one in SECTIONS if bootstrap or one.name != "shares")
    return lambda: analyse(table, sections=sections)


def two_way(folder: Path) -> Callable[[], object]:
    """The same logit for both groups with the usual two-way clustered covariance: no unlikeness
    between raters, no jackknife, no prompts of two poems, no degrees of freedom."""
    import statsmodels.api as sm
    from statsmodels.stats.sandwich_covariance import cov_cluster_2groups

    table = table_of(folder)
    groups = {group: group_votes(table, group, Options().ties) for group in COMPARED}
    names = table.controls

    def work() -> None:
        for votes in groups.values():
            columns = [votes.feature, *(votes.controls[name] for name in names)]
            x = np.column_stack([np.ones(len(votes.outcome)), *columns])
            fit = sm.GLM(votes.outcome, x, family=sm.families.Binomial()).fit()
            cov_cluster_2groups(fit, votes.rater, votes.left)

    return work


STAGES: dict[str, tuple[str, Callable[[Path], Callable[[], object]]]] = {
    "check": ("rows checked and made into arrays", check),
    "primary": ("primary estimate: both groups and their difference", primary),
    "two_way": ("  statsmodels: both groups' logit, two-way clustered", two_way),
    "report": ("whole report, without bootstrap", lambda f: report(f, bootstrap=False)),
    "bootstrap": ("whole report, with 500 draws", lambda f: report(f, bootstrap=True)),
    "ranking": (f"{N_SOURCES} sources ranked in each group, with intervals", ranking),
}


def table_of(folder: Path) -> VoteTable:
    table = check(folder)()
    assert isinstance(table, VoteTable)
    return table


def prepare(folder: Path, parameters: StudyParameters) -> int:
    """Writes the votes for all stages; their number."""
    votes, poems = simulate_study(parameters, np.random.default_rng(SEED))
    source = [f"source {row % N_SOURCES}" for row in range(len(poems["poem_id"]))]
    poems = {**poems, "source": np.array(source)}
    (folder / DATA).write_bytes(pickle.dumps((votes, poems)))
    by_poem = dict(zip(poems["poem_id"].tolist(), source, strict=True))
    shares = {"left": "1", "right": "0", "tie": "0.5"}
    with (folder / PAIRS).open("w", encoding="utf-8") as file:
        file.write("model_a,model_b,share\n")
        for left, right, choice in zip(
            *(votes[name].tolist() for name in ("poem_left", "poem_right", "choice")), strict=True
        ):
            file.write(f"{by_poem[left]},{by_poem[right]},{shares[choice]}\n")
    return len(votes["vote_id"])


def measured(command: list[str]) -> dict[str, Any]:  # Any: JSON
    environment = os.environ | ONE_CORE  # noqa: TID251  # handed on
    done = subprocess.run(
        command, cwd=CHECKOUT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def told(what: str, found: dict[str, Any]) -> str:  # Any: JSON
    return ROW.format(what, f"{found['seconds']:,.1f} s", f"{found['gigabytes']:.2f} GB")


def main(
    quick: Annotated[bool, typer.Option("--quick", help="A tenth of the votes.")] = False,
    stage: Annotated[str, typer.Option(hidden=True)] = "",
    folder: Annotated[Path, typer.Option(hidden=True)] = Path(),
) -> None:
    """Analyse a million votes, stage by stage, beside published programs."""
    if stage:
        work = STAGES[stage][1](folder)
        begun = process_time()
        work()
        taken = process_time() - begun
        print(json.dumps({"seconds": taken, "gigabytes": peak_gigabytes()}))
        return
    with TemporaryDirectory() as name:
        n = prepare(Path(name), TENTH if quick else MILLION)
        print(ROW.format(f"{n:,} votes, one core", "processor", "peak"), flush=True)
        for key, (what, _work) in STAGES.items():
            command = [sys.executable, "-m", "benchmarks.million", "--stage", key, "--folder", name]
            print(told(what, measured(command)), flush=True)
        if not PEERS.exists():
            print("arena-rank is not installed: make .venv/peers/installed")
            return
        found = measured([str(PEERS), str(ARENA), str(Path(name) / PAIRS)])
        print(told("  arena-rank: the sources once, all raters alike, with intervals", found))


def peak_gigabytes() -> float:
    return getrusage(RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    typer.run(main)
