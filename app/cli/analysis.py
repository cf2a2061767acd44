"""Analyse an exported file; needs no database."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app import __version__
from app.cli.progress import steps
from app.cli.study_files import CONTROLS, controls_of, read_files, table_of, usual_controls
from app.errors import Unusable
from app.verse import FEATURE_VERSION

if TYPE_CHECKING:  # NumPy and SciPy would slow down the start of every command
    from app.analysis import Analysis, Comparison, Difference, GroupEffect, VoteTable
    from app.analysis.sections import Section
    from app.reports.filters import Filters

_STANDARD_OUTPUT = "-"
_PEOPLE = {"nonexpert": "non-experts", "expert": "experts"}


def analyse(
    votes: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="Votes as CSV, JSONL or Parquet.")
    ],
    poems: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="Poems as CSV, JSONL or Parquet.")
    ],
    raters: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="Raters as CSV, JSONL or Parquet: their points on the questions about themselves.",
        ),
    ] = None,
    feature: Annotated[
        str, typer.Option(help="The numeric column or measured feature whose effect is asked for.")
    ] = "rhyme_density",
    adjust: Annotated[
        str | None,
        typer.Option(
            metavar="F1,F2,...|none",
            help="Columns or measured features that are held equal.",
            show_default=f"{','.join(CONTROLS)}, where the poems have them or a text",
        ),
    ] = None,
    weights: Annotated[
        Literal["tau", "equal", "rater"],
        typer.Option(
            help="What a vote counts: by how unlike raters are, the same, or 1 / its rater's votes."
        ),
    ] = "tau",
    ties: Annotated[
        Literal["half", "drop", "ordinal"],
        typer.Option(
            help="A tie is half a choice for each, left out, or an outcome of its own (Davidson)."
        ),
    ] = "half",
    variance: Annotated[
        Literal["two-way", "rater", "naive"],
        typer.Option(help="What votes are taken to share: rater and prompt, the rater, nothing."),
    ] = "two-way",
    simulated: Annotated[
        Literal["exclude", "only"],
        typer.Option(help="Leave out the votes marked simulated, or analyse them alone."),
    ] = "exclude",
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only votes cast on this day (UTC) or later."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only votes cast on this day (UTC) or before."),
    ] = None,
    exclusions: Annotated[
        Literal["drop", "keep"],
        typer.Option(help="What becomes of votes with 1 in a column excluded."),
    ] = "drop",
    experts: Annotated[
        Literal["invitation", "self-described", "scored", "score"],
        typer.Option(
            help="Who is an expert: by column group, self_described or scored_as, or whose "
            "expertise_score is above the middle rater's."
        ),
    ] = "invitation",
    hierarchical: Annotated[
        bool,
        typer.Option(
            "--hierarchical",
            help="Add the hierarchical model (minutes; needs pip install 'blindverse[bayes]').",
        ),
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out the sections that draw again and again.")
    ] = False,
    json_out: Annotated[
        str | None,
        typer.Option("--json", metavar="OUT|-", help="Write every figure as JSON; - prints it."),
    ] = None,
    html_out: Annotated[
        Path | None,
        typer.Option("--html", metavar="OUT", help="Write the report as one HTML file."),
    ] = None,
    markdown_out: Annotated[
        Path | None,
        typer.Option("--markdown", metavar="OUT", help="Write the report as Markdown."),
    ] = None,
    pdf_out: Annotated[
        Path | None, typer.Option("--pdf", metavar="OUT", help="Write the report as PDF.")
    ] = None,
) -> None:
    """Say how much rhyme drives the choices of non-experts and of experts.

    Reads the votes and the poems of a study as `blindverse export` writes them, or any files with
    the columns vote_id, rater_id, group (or expert), poem_left, poem_right, choice, and poem_id,
    prompt_id, text. A numeric column of the poems is taken as it is given; a feature that the file
    does not hold is measured from the text.
    """
    from app.analysis import Exclusions, Experts, Ties, Variance, Weights
    from app.reports.filters import Filters

    files = read_files(votes, poems, raters)
    filters = Filters(
        feature=feature,
        adjust=usual_controls(files) if adjust is None else controls_of(adjust, feature),
        weights=Weights(weights),
        ties=Ties(ties),
        variance=Variance(variance),
        since=since and since.date(),
        until=until and until.date(),
        exclusions=Exclusions(exclusions),
        experts=Experts(experts),
        hierarchical=hierarchical,
    )
    if hierarchical:
        _require_extra()
    table = table_of(files, filters, simulated=simulated)
    outputs = {"html": html_out, "markdown": markdown_out, "pdf": pdf_out}
    wanted = {kind: out for kind, out in outputs.items() if out is not None}
    found = _analysed(table, filters, quick=quick, sections=bool(json_out or wanted))
    if json_out is not None:
        _write_json(found, json_out)
    if wanted:
        _write_report(found, filters, votes.name, wanted)
    if json_out != _STANDARD_OUTPUT:
        typer.echo(summary(found))


def _analysed(table: "VoteTable", filters: "Filters", *, quick: bool, sections: bool) -> "Analysis":
    """Sections are made only for a file that shows them."""
    from app.analysis import analyse as analysis_of
    from app.analysis.sections import SECTIONS, with_hierarchical

    def made(all_of: "tuple[Section, ...]") -> "Analysis":
        own = "hierarchical" if filters.hierarchical else ""
        kept = (one for one in all_of if sections or one.name == own)
        chosen = tuple(one for one in kept if not (quick and one.slow))
        return analysis_of(table, filters.options, version=__version__, sections=chosen)

    if not filters.hierarchical:
        return made(SECTIONS)
    with steps("Sampling the hierarchical model") as tell:
        return made(with_hierarchical(tell))


def _require_extra() -> None:
    from app.analysis.hierarchical_part import NOT_INSTALLED
    from app.analysis.sampling import is_installed

    if not is_installed():
        raise Unusable(NOT_INSTALLED)


def _write_json(found: "Analysis", out: str) -> None:
    text = json.dumps(found.as_dict(), indent=2, ensure_ascii=False, allow_nan=False)
    if out == _STANDARD_OUTPUT:
        typer.echo(text)
    else:
        _write(Path(out), f"{text}\n".encode())


def _write_report(
    found: "Analysis", filters: "Filters", study: str, wanted: Mapping[str, Path]
) -> None:
    from app.pages.report_html import report_html
    from app.pages.report_markdown import report_markdown
    from app.pages.report_pdf import report_pdf
    from app.reports.document import of_analysis

    document = of_analysis(found.as_dict(), filters, study=study, measures=FEATURE_VERSION)
    makers: dict[str, Callable[[], bytes]] = {
        "html": lambda: report_html(document).encode(),
        "markdown": lambda: report_markdown(document).encode(),
        "pdf": lambda: report_pdf(document),
    }
    for kind, out in wanted.items():
        _write(out, makers[kind]())


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise Unusable(f"{out} cannot be written: {error.strerror}.") from None


def summary(found: "Analysis") -> str:
    """The result as a person reads it: a sentence, a table, and what to keep in mind."""
    parts = [found.sentence]
    if found.verdict:
        parts.append(found.verdict)
    models = {"adjusted": found.estimate} if found.estimate.adjusted_for else {}
    models["unadjusted"] = found.unadjusted
    models |= {name.replace("_", " "): one for name, one in found.sensitivity.items()}
    lines = [line for name, model in models.items() for line in _lines(name, model)]
    if lines:
        parts.append("\n".join(_aligned([_HEAD, *lines])))
    if any(name == _AVERAGE for _, name, *_ in lines):
        parts.append(f"{_AVERAGE}: every rater counts alike, however many votes they gave")
    parts += [one.sentence for one in found.parts if one.name == "hierarchical"]
    parts.append("\n".join(f"- {note}" for note in found.notes))
    return "\n\n".join(part for part in parts if part)


_AVERAGE = "average rater"
_HEAD = (
    *("", "", "win share % (95%)", "odds ratio (95%)", "p", "df"),
    *("votes", "ties", "raters", "prompts"),
)


def _lines(name: str, model: "Comparison") -> list[tuple[str, ...]]:
    lines = [
        _group_line(_PEOPLE[group.value], name, effect)
        for group, effect in model.groups.items()
        if effect is not None
    ]
    if model.difference is not None:
        one = model.difference
        ratio = _interval(one.ratio_of_odds_ratios, one.ratio_ci_low, one.ratio_ci_high, ".2f")
        p = "<0.001" if one.p_value < 0.001 else f"{one.p_value:.3f}"  # noqa: PLR2004  # as printed
        share, low, high = _in_percent(one)
        points = _interval(share, low, high, ".1f")
        lines.append(("difference", name, points, ratio, p, f"{one.df:.1f}"))
    return lines


def _group_line(people: str, name: str, effect: "GroupEffect") -> tuple[str, ...]:
    share, low, high = _in_percent(effect)
    counts = (effect.votes, effect.ties, effect.raters, effect.prompts)
    return (
        people,
        name,
        _interval(share, low, high, ".1f"),
        _interval(effect.odds_ratio, effect.odds_ratio_ci_low, effect.odds_ratio_ci_high, ".2f"),
        "",
        f"{effect.df:.1f}",
        *(f"{count:,}" for count in counts),
    )


def _in_percent(one: "GroupEffect | Difference") -> tuple[float, float, float]:
    return 100 * one.win_share, 100 * one.win_share_ci_low, 100 * one.win_share_ci_high


def _interval(value: float, low: float, high: float, digits: str) -> str:
    return f"{value:{digits}} ({low:{digits}} to {high:{digits}})"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table without the columns that are empty below their heads."""
    full = [[*row, *[""] * (len(_HEAD) - len(row))] for row in rows]
    columns = [column for column in zip(*full, strict=True) if any(column[1:])]
    padded = [[cell.ljust(max(map(len, column))) for cell in column] for column in columns]
    return ["  ".join(row).rstrip() for row in zip(*padded, strict=True)]
