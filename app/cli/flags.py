"""Raters of a study with the flags on them."""

from typing import Annotated

import typer

from app.cli.database import opened
from app.db import transaction
from app.studies.flags import BY_NAME, RULES
from app.studies.plan import Design
from app.studies.quality import erasures, quality_of
from app.studies.queries import find_study


def flags(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="The study's name or key.")],
    rules: Annotated[bool, typer.Option("--rules", help="Say what each rule is.")] = False,
) -> None:
    """List the raters of a study that a rule flags, and those who are left out.

    A line a rater: key, group, counted, excluded or withdrawn, and why. A flag decides nothing;
    raters are left out and counted again on the study's page. Raters who had everything erased
    come last: delete their rows from exported files.
    """
    with opened() as engine, transaction(engine, write=False) as session:
        found = find_study(session, study)
        raters, erased = quality_of(session, found), erasures(session, found.id or 0)
        design = Design.from_json(found.design)
    for rule in RULES if rules else ():
        typer.echo(f"{rule.name} (version {rule.version}): {rule.says(design)}")
    for rater in raters:
        if rater.flags or rater.is_excluded:
            state = "withdrawn" if rater.withdrawn_at else "excluded"
            whys = "; ".join(f"{BY_NAME[name].label}: {why}" for name, why in rater.flags.items())
            typer.echo(
                f"{rater.key}  {rater.kind.value:<9}  "
                f"{state if rater.is_excluded else 'counted':<9}  {whys}"
            )
    for one in erased:
        typer.echo(f"{one.rater_key}  erased with {one.n_votes} votes")
    n = sum(bool(rater.flags) for rater in raters)
    out = sum(rater.is_excluded for rater in raters)
    typer.echo(f"{len(raters)} raters, {n} flagged, {out} left out, {len(erased)} erased.")
