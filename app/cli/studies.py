"""Studies on the command line."""

from typing import Annotated

import typer

from app.cli.database import opened
from app.cli.serve import address_of_site
from app.db import Session, transaction
from app.models import Pairing
from app.poems.queries import find_poem_set
from app.studies import lifecycle
from app.studies.monitoring import progress
from app.studies.queries import find_study, group_links, studies

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="STUDY", help="The study's name or key.")]


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="Name of the study, for admins.")],
    set_name: Annotated[str, typer.Option("--set", help="Name or key of the poem set.")],
    question: Annotated[
        str, typer.Option(help="What raters are asked about each pair.")
    ] = "Which poem do you prefer?",
    pairs: Annotated[int, typer.Option(help="Pairs each rater is given.")] = 20,
    title: Annotated[str, typer.Option(help="Title that raters see.")] = "Reading poems",
    about: Annotated[str, typer.Option(help="What raters are told about the study.")] = "",
) -> None:
    """Create a study as a draft, and say what it would be made of."""
    with opened() as engine, transaction(engine, write=True) as session:
        set_key = find_poem_set(session, set_name).key
        preview = lifecycle.preview_design(session, set_key)
        study = lifecycle.create_study(
            session,
            name=name,
            poem_set_key=set_key,
            question=question,
            pairs_per_rater=pairs,
            title=title,
            about=about,
        )
    typer.echo(f"Created the study “{name}” ({study.key}), a draft.")
    where = "within prompts" if preview.pairing == Pairing.WITHIN_PROMPT else "across the set"
    typer.echo(f"{preview.n_pairs} pairs of {preview.n_poems} poems, {where}.")
    for warning in preview.warnings:
        typer.echo(f"Note: {warning}")


@app.command("open")
def open_study(study: Name) -> None:
    """Freeze a study's design and print the links that invite its two groups."""
    with opened() as engine, transaction(engine, write=True) as session:
        key = find_study(session, study).key
        lifecycle.open_study(session, key)
        _print_links(session, key)


@app.command("close")
def close_study(study: Name) -> None:
    """Close a study: no more raters, no more votes."""
    with opened() as engine, transaction(engine, write=True) as session:
        lifecycle.close_study(session, find_study(session, study).key)
    typer.echo("Closed.")


@app.command("list")
def list_studies() -> None:
    """List the studies: key, state, votes of people, name."""
    with opened() as engine, transaction(engine, write=False) as session:
        for row in studies(session):
            votes = sum(group.votes for group in progress(session, row.key) if not group.simulated)
            typer.echo(f"{row.key}  {row.state.value:<6}  {votes:>7} votes  {row.name}")


def _print_links(session: Session, key: str) -> None:
    address = address_of_site()
    links = group_links(session, key)
    for kind in lifecycle.INVITED_KINDS:
        typer.echo(f"{kind.value:<10} {address}/join/{links[kind]}")
