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
from app.analysis.bradley_terry import fit_bradley_terry
from app.analysis.comparison import COMPARED, compare
from app.analysis.diagnostics import group_votes
from app.analysis.numbering import numbered
from app.analysis.preference import sums
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
ARENA_RANK = "arena-rank 0.1.1"
DATA, PAIRS = "votes.pickle", "votes.csv"
ROW = "{:<66} {:>10} {:>9}"
EXPLAINED = """Peak memory is that of the whole process, the checked votes among it.
statsmodels: a logit for each group with its two-way clustered covariance; no weights for unlike
raters, no jackknife, no degrees of freedom, no difference. arena-rank: Bradley-Terry of all votes
between two sources, which takes votes for independent, groups and sides for alike."""


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


def strengths(folder: Path) -> Callable[[], dict[str, float]]:
    """What arena-rank computes: one scale for all raters, ties as half, votes taken for
    independent. The votes of each two sources are counted first, as it does too."""
    table = table_of(folder)
    left, right = table.context.source[table.left], table.context.source[table.right]
    names = table.context.sources

    def work() -> dict[str, float]:
        apart = left != right
        pairs, pair = numbered(left[apart] * len(names) + right[apart])
        n = np.bincount(pair).astype(np.float64)
        share = sums(pair, table.outcome[apart]) / n
        one, other = np.divmod(pairs, len(names))
        found = fit_bradley_terry(one, other, share, names=names, weight=n)
        found.covariance()
        return dict(zip(names, found.strengths.tolist(), strict=True))

    return work


def report(folder: Path, *, bootstrap: bool) -> Callable[[], object]:
    table = table_of(folder)
    sections = tuple(one for one in SECTIONS if bootstrap or one.name != "shares")
    return lambda: analyse(table, sections=sections)


def two_way(folder: Path) -> Callable[[], object]:
    """The same logit for both groups with the usual two-way clustered covariance: no weights, no
    jackknife, no degrees of freedom, one prompt a vote, no difference."""
    import statsmodels.api as sm
    from statsmodels.stats.sandwich_covariance import cov_cluster_2groups

    table = table_of(folder)
    groups = {group: group_votes(table, group, Options().ties) for group in COMPARED}
    names = table.controls

    def work() -> list[object]:
        found = []
        for votes in groups.values():
            columns = [votes.feature, *(votes.controls[name] for name in names)]
            x = np.column_stack([np.ones(len(votes.outcome)), *columns])
            fit = sm.GLM(votes.outcome, x, family=sm.families.Binomial()).fit()
            found.append(cov_cluster_2groups(fit, votes.rater, votes.left))
        return found

    return work


STAGES: dict[str, tuple[str, Callable[[Path], Callable[[], object]]]] = {
    "check": ("rows checked and made into arrays", check),
    "primary": ("primary estimate: both groups and their difference", primary),
    "two_way": ("  statsmodels: both groups' logit, two-way clustered", two_way),
    "report": ("whole report, without bootstrap", lambda f: report(f, bootstrap=False)),
    "bootstrap": ("whole report, with 500 draws", lambda f: report(f, bootstrap=True)),
    "strengths": (f"strengths of {N_SOURCES} sources, plain intervals", strengths),
    "ranking": ("sources ranked in each group, with and without rhyme, two-way", ranking),
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
        result = work()
        took = {"seconds": process_time() - begun, "gigabytes": peak_gigabytes()}
        print(json.dumps(took | {"strengths": result if stage == "strengths" else None}))
        return
    with TemporaryDirectory() as name:
        n = prepare(Path(name), TENTH if quick else MILLION)
        print(ROW.format(f"{n:,} votes, one core", "processor", "peak"), flush=True)
        for key, (what, _work) in STAGES.items():
            command = [sys.executable, "-m", "benchmarks.million", "--stage", key, "--folder", name]
            found = measured(command)
            print(told(what, found), flush=True)
            if key == "strengths":
                print(peer(Path(name) / PAIRS, found["strengths"]), flush=True)
    print(EXPLAINED)


def peer(pairs: Path, ours: dict[str, float]) -> str:
    """A line on arena-rank, run in the peers' environment."""
    what = f"  {ARENA_RANK}: the same"
    if not PEERS.exists():
        return f"{what}: left out, it is not installed (make .venv/peers/installed)"
    try:
        found = measured([str(PEERS), str(ARENA), str(pairs)])
    except subprocess.CalledProcessError:
        return f"{what}: left out, it failed"
    apart = max(abs(found["strengths"][name] - one) for name, one in ours.items())
    return told(f"{what} (strengths at most {apart:.0e} log odds apart)", found)


def peak_gigabytes() -> float:
    return getrusage(RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    typer.run(main)
