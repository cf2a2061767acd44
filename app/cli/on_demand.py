"""Commands that are imported when they are called, so that those without a database start at
once."""

from collections import UserDict
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

# Where each command is, and what a group of commands is for.
_PLACES = {
    "serve": ("app.cli.serve:serve", None),
    "worker": ("app.cli.serve:work", None),
    "demo": ("app.cli.demo:demo", None),
    "migrate": ("app.cli.database:migrate", None),
    "admins": ("app.cli.admins:app", "Create admins and links that sign them in."),
    "poems": ("app.cli.poems:app", "Import, measure and list poem sets."),
    "studies": ("app.cli.studies:app", "Create, open, close and list studies."),
    "flags": ("app.cli.flags:flags", None),
    "export": ("app.cli.exports:export", None),
    "measure": ("app.cli.verse:measure", None),
    "rhymes": ("app.cli.rhymes:rhymes", None),
    "analyse": ("app.cli.analysis:analyse", None),
    "power": ("app.cli.power:power", None),
    "simulate": ("app.cli.simulate:simulate", None),
}


class _OnDemand(UserDict[str, Any]):  # Any: Typer does not name the type of its commands
    """Commands by name, each imported when it is looked up."""

    def __getitem__(self, name: str) -> Any:  # Any: as above
        place, help_text = self.data[name]
        module, _, what = place.partition(":")
        found = getattr(import_module(module), what)
        around = typer.Typer(rich_markup_mode=None)
        around.callback()(_nothing)
        if isinstance(found, typer.Typer):
            around.add_typer(found, name=name, help=help_text)
        else:
            around.command(name)(found)
        return vars(get_command(around))["commands"][name]


def _nothing() -> None:
    """Makes a group even of one command."""


class OnDemand(TyperGroup):
    """The commands of `blindverse`."""

    def __init__(self, **given: Any) -> None:  # Any: Typer's
        super().__init__(**given)
        self.commands = _OnDemand(_PLACES)
