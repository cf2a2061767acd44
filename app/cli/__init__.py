"""The command `blindverse`. Exit codes: 0 done, 1 it could not be done, 2 the command was not
understood."""

import sys
import traceback
from typing import Annotated

import typer

from app import __version__
from app.cli.on_demand import OnDemand
from app.errors import AppError

app = typer.Typer(
    name="blindverse",
    cls=OnDemand,
    help="Blind comparison of poems, and how much rhyme drives the choices of non-experts compared "
    "with experts. Settings are environment variables that begin with BLINDVERSE_.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:  # Typer's call-back
    if wanted:
        typer.echo(f"blindverse {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


def main() -> None:
    try:
        app()
    except AppError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output, such as `head`, had enough
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:  # a fault of ours: one line, and the rest where it was asked for
        if _asks_for_all():
            traceback.print_exc()
        _fail(f"Unexpected error: {error!r}. BLINDVERSE_LOG_LEVEL=debug shows more.")


def _asks_for_all() -> bool:
    from app.settings import Settings  # takes long to import

    try:
        return Settings().log_level.lower() == "debug"
    except ValueError:  # the settings may be what is wrong
        return False


def _fail(sentence: str) -> None:
    typer.echo(f"blindverse: {sentence}", err=True)
    sys.exit(1)
