"""How many raters, votes and prompts it takes to see a difference; needs no database."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app import __version__
from app.cli.progress import with_progress
from app.cli.study_files import CONTROLS, controls_of, measure_missing, read_files, table_of
from app.errors import Unusable
from app.exports.reading import read_frame

if TYPE_CHECKING:  # NumPy and SciPy would slow down the start of every command
    from app.analysis.additions import Addition, Goal
    from app.analysis.draws import PoemArrays
    from app.analysis.planning import Plan
    from app.analysis.power import Power

_STANDARD_OUTPUT = "-"
_USUAL_EXPERTS = (10, 20, 40, 80, 160)
_USUAL_POINTS = 10.0
_USUAL_NONEXPERTS, _USUAL_VOTES, _USUAL_PROMPTS = 300, 40, 60
_TIMES = (1.5, 2.0, 2.5, 3.0, 4.0)


@dataclass(frozen=True, slots=True)
class _Sizes:
    """What was asked for; None for what the files or the usual numbers say."""

    experts: tuple[int, ...] | None
    nonexperts: tuple[int, ...] | None
    votes: tuple[int, ...] | None
    prompts: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """The files, and what of them."""

    poems: Path | None
    votes: Path | None
    feature: str
    controls: tuple[str, ...]
    simulated: Literal["exclude", "only"]


@dataclass(frozen=True, slots=True, eq=False)
class _Study:
    """One plan with each number of experts, and what would be added to the last."""

    power: "tuple[Power, ...]"
    more: "tuple[Addition, ...]"


def power(
    poems: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="The study's own poems as CSV, JSONL or Parquet; without them poems are drawn.",
        ),
    ] = None,
    votes: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="Votes that there are, with --poems: pairs, raters, votes of each and how much "
            "they vary are as in them, unless told otherwise.",
        ),
    ] = None,
    simulated: Annotated[
        Literal["exclude", "only"],
        typer.Option(help="Leave out the votes marked simulated, or take them alone."),
    ] = "exclude",
    experts: Annotated[
        str | None,
        typer.Option(
            metavar="N1,N2,...",
            help="Numbers of experts [usually those of the votes, or 10,20,40,80,160].",
        ),
    ] = None,
    nonexperts: Annotated[
        str | None,
        typer.Option(metavar="N1,N2,...", help=f"Of non-experts [usually {_USUAL_NONEXPERTS}]."),
    ] = None,
    votes_per_rater: Annotated[
        str | None,
        typer.Option(metavar="N1,N2,...", help=f"Votes by each rater [usually {_USUAL_VOTES}]."),
    ] = None,
    prompts: Annotated[
        str | None,
        typer.Option(
            metavar="N1,N2,...",
            help="Prompts, or poems where there are no prompts [usually those of the file, or "
            f"{_USUAL_PROMPTS} prompts of 4 poems].",
        ),
    ] = None,
    points: Annotated[
        float | None,
        typer.Option(
            help="Difference to see, in points of the share of choices where experts are at 50%."
            f" [usually {_USUAL_POINTS:g}]"
        ),
    ] = None,
    effect: Annotated[
        float | None,
        typer.Option(help="The same as log odds for a typical rater, in the place of --points."),
    ] = None,
    feature: Annotated[
        str, typer.Option(help="The numeric column or measured feature whose effect is asked for.")
    ] = "rhyme_density",
    adjust: Annotated[
        str | None,
        typer.Option(
            metavar="F1,F2,...|none", help="What is held equal.", show_default=",".join(CONTROLS)
        ),
    ] = None,
    runs: Annotated[int, typer.Option(min=10, help="Studies to draw for each line.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same studies.")] = 1,
    more: Annotated[
        bool,
        typer.Option("--more", help="Say how many more of what would reach 80% (or --width)."),
    ] = False,
    width: Annotated[
        float | None,
        typer.Option(
            help="With --more: half of the interval to reach, in points, in the place of 80%."
        ),
    ] = None,
    json_out: Annotated[
        str | None,
        typer.Option("--json", metavar="OUT|-", help="Write every figure as JSON; - prints it."),
    ] = None,
    svg_out: Annotated[
        Path | None,
        typer.Option("--svg", metavar="OUT", help="Write a chart of power by number of experts."),
    ] = None,
) -> None:
    """Say how likely a study is to see a difference between non-experts and experts.

    Studies are drawn again and again from the poems of a file, or from numbers alone, with a known
    difference, and analysed as `blindverse analyse` does. The power is the share of them with
    p < 0.05; beside it stands its interval for so few drawn studies. What varies between raters and
    poems is read from the votes where there are any, and else as `blindverse simulate` has it.
    """
    _refuse_what_does_not_go_together(poems, votes, points, effect)
    sizes = _Sizes(
        _numbers("--experts", experts),
        _numbers("--nonexperts", nonexperts),
        _numbers("--votes-per-rater", votes_per_rater),
        _numbers("--prompts", prompts),
    )
    usual = tuple(name for name in CONTROLS if name != feature)
    controls = usual if adjust is None else controls_of(adjust, feature)
    asked = _Asked(poems, votes, feature, controls, simulated)
    plan = _with_difference(_plan(asked), points, effect)
    goal = _goal(width) if more or width is not None else None
    studies = [
        _reckoned(one, counts, goal, runs, seed)
        for one, counts in _designs(plan, sizes, has_votes=votes is not None)
    ]
    found = [one for study in studies for one in study.power]
    if json_out is not None:
        _write_json(json_out, studies, runs=runs, seed=seed)
    if svg_out is not None:
        _write_svg(svg_out, found)
    if json_out != _STANDARD_OUTPUT:
        told = [_told(study, goal) for study in studies if goal is not None]
        typer.echo("\n\n".join(["\n".join(_table(found)), *told]))


def _refuse_what_does_not_go_together(
    poems: Path | None, votes: Path | None, points: float | None, effect: float | None
) -> None:
    if votes is not None and poems is None:
        raise typer.BadParameter("--votes needs the --poems that they are about.")
    if points is not None and effect is not None:
        raise typer.BadParameter("--points and --effect say the same; give one of them.")


def _numbers(name: str, given: str | None) -> tuple[int, ...] | None:
    if given is None:
        return None
    try:
        found = tuple(sorted({int(one) for one in given.split(",")}))
    except ValueError:
        found = (0,)
    if found[0] < 1:
        raise typer.BadParameter(
            f"{name} is {given!r}; it must be whole numbers from 1, as in 20,40."
        )
    return found


def _goal(width: float | None) -> "Goal":
    from app.analysis.additions import Goal

    return Goal() if width is None else Goal(None, width)


def _plan(asked: _Asked) -> "Plan":
    """What the files say; without files the usual numbers."""
    from app.analysis.planning import Plan, plan_of_poems, plan_of_votes
    from app.analysis.study_parameters import StudyParameters
    from app.analysis.variation import variation_of

    usual = StudyParameters(n_nonexperts=_USUAL_NONEXPERTS)
    if asked.poems is None:
        return Plan(usual, controls=asked.controls).with_votes(_USUAL_VOTES)
    try:
        if asked.votes is None:
            poems = _poem_arrays(asked.poems, asked.feature, asked.controls)
            plan = plan_of_poems(poems, usual, feature=asked.feature, controls=asked.controls)
            return plan.with_votes(_USUAL_VOTES)
        from app.reports.filters import Filters

        filters = Filters(feature=asked.feature, adjust=asked.controls)
        table = table_of(read_files(asked.votes, asked.poems), filters, simulated=asked.simulated)
        read = variation_of(table, usual, controls=asked.controls)
        return plan_of_votes(table, read.parameters, controls=asked.controls)
    except ValueError as problem:
        raise Unusable(f"{asked.poems.name}: {problem}") from None


def _poem_arrays(file: Path, feature: str, controls: tuple[str, ...]) -> "PoemArrays":
    from app.analysis.columns import InvalidVotes
    from app.analysis.planning import poems_of_frame

    poems = read_frame(file)
    names = poems.get("poem_id", [])
    measure_missing(
        poems, file.name, {"poem_left": names, "poem_right": names}, (feature, *controls)
    )
    try:
        return poems_of_frame(poems, (feature, *controls))
    except InvalidVotes as problem:
        raise Unusable(f"{file.name}: {problem}") from None


def _with_difference(plan: "Plan", points: float | None, effect: float | None) -> "Plan":
    from app.analysis.points import effect_of_points

    if effect is not None:
        return plan.with_effect(effect)
    try:
        return plan.with_effect(effect_of_points(points or _USUAL_POINTS, plan.parameters))
    except ValueError as problem:
        raise typer.BadParameter(f"--points: {problem}") from None


def _designs(
    plan: "Plan", sizes: _Sizes, *, has_votes: bool
) -> "Iterator[tuple[Plan, tuple[int, ...]]]":
    """Each combination of what was asked for, with the numbers of experts to look at."""
    counts = sizes.experts
    if counts is None:
        counts = (plan.parameters.n_experts,) if has_votes else _USUAL_EXPERTS
    own = (None,)
    for nonexperts, votes, material in product(
        sizes.nonexperts or own, sizes.votes or own, sizes.prompts or own
    ):
        one = plan
        if nonexperts is not None:
            one = replace(one, parameters=replace(one.parameters, n_nonexperts=nonexperts))
        if votes is not None:
            one = one.with_votes(votes)
        if material is not None:
            one = one.with_material(material)
        yield one, counts


def _with_experts(plan: "Plan", count: int) -> "Plan":
    return replace(plan, parameters=replace(plan.parameters, n_experts=count))


def _reckoned(
    plan: "Plan", counts: tuple[int, ...], goal: "Goal | None", runs: int, seed: int
) -> _Study:
    from app.analysis.additions import More, additions
    from app.analysis.power import power_of, simulated_differences

    each = simulated_differences(plan, experts=counts, runs=runs, seed=seed)
    drawn = list(with_progress(each, total=runs, label="Drawing studies"))
    plans = [
        replace(plan, parameters=replace(plan.parameters, n_experts=count)) for count in counts
    ]
    found = tuple(
        power_of(one, [study[count] for study in drawn])
        for one, count in zip(plans, counts, strict=True)
    )
    if goal is None or goal.is_met(found[-1]):
        return _Study(found, ())
    larger = additions(plans[-1], goal, times=_TIMES, seed=seed)
    return _Study(found, tuple(with_progress(larger, total=len(More) - 1, label="Adding to it")))


def _told(study: _Study, goal: "Goal") -> str:
    from app.analysis.additions import additions_in_words

    last = study.power[-1]
    material = f"{last.n_prompts:,} prompts" if last.n_prompts else f"{last.n_poems:,} poems"
    named = (
        f"{last.n_experts:,} experts, {last.n_nonexperts:,} non-experts, "
        f"{last.votes_per_rater:.3g} votes each, {material}"
    )
    words = additions_in_words(study.more, goal) if study.more else "that is enough."
    return f"{named}: {words}"


_HEAD = (
    *("experts", "non-experts", "votes each", "prompts", "difference", "power % (95%)"),
    *("half of interval", "by se %"),
)


def _table(found: "list[Power]") -> list[str]:
    rows = [_HEAD, *map(_line, found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]


def _line(one: "Power") -> tuple[str, ...]:
    material = f"{one.n_prompts:,}" if one.n_prompts else f"{one.n_poems:,} poems"
    shares = (100 * share for share in (one.power, one.power_low, one.power_high))
    width = "none" if one.half_width_points is None else f"{one.half_width_points:.1f} points"
    return (
        f"{one.n_experts:,}",
        f"{one.n_nonexperts:,}",
        f"{one.votes_per_rater:.3g}",
        material,
        f"{one.points:.1f} points",
        "{:.0f} ({:.0f} to {:.0f})".format(*shares),
        width,
        f"{100 * one.expected:.0f}",
    )


def _write_json(out: str, studies: Sequence[_Study], *, runs: int, seed: int) -> None:
    from app.analysis.parts import plain_json

    content = {
        "power": [asdict(one) for study in studies for one in study.power],
        "more": [
            {"more": one.more, "times": one.times, "added": one.added, "enough": one.enough}
            | {"power": asdict(one.power)}
            for study in studies
            for one in study.more
        ],
        "runs": runs,
        "seed": seed,
        "version": __version__,
    }
    text = json.dumps(plain_json(content), indent=1, ensure_ascii=False) + "\n"
    if out == _STANDARD_OUTPUT:
        typer.echo(text, nl=False)
    else:
        _write(Path(out), text)


def _write_svg(out: Path, found: "list[Power]") -> None:
    from app.analysis.plots.power import MOST_SERIES, planning_chart

    if len({one.n_experts for one in found}) * MOST_SERIES < len(found):
        raise typer.BadParameter(
            f"--svg draws at most {MOST_SERIES} combinations of other numbers; ask for fewer."
        )
    _write(out, planning_chart(found))


def _write(out: Path, content: str) -> None:
    try:
        out.write_text(content, encoding="utf-8")
    except OSError as error:
        raise Unusable(f"{out} cannot be written: {error.strerror}.") from None
