"""Rewrites the generated parts of docs/: the data dictionary, the commands, the settings."""

from pathlib import Path
from typing import Any

import typer
from typer.main import get_command

from app.cli import app
from app.exports.dictionary import dictionary_markdown
from app.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"
BEGIN, END = "<!-- settings begin: written by make docs -->", "<!-- settings end -->"


def commands() -> str:
    """docs/cli.md: the help of every command."""
    head = (
        "# Commands\n\nThe help of every command, written by `make docs`. Exit codes: 0 done, 1 it "
        "could not be done (a sentence says why), 2 the command was not understood.\n"
    )
    sections = [head]
    sections += [
        _section(["blindverse", *path], command) for path, command in _walk([], get_command(app))
    ]
    return "\n".join(sections)


# Any: Typer does not name the type of its commands
def _walk(path: list[str], command: Any) -> list[tuple[list[str], Any]]:
    found = [(path, command)]
    for name, child in getattr(command, "commands", {}).items():
        found += _walk([*path, name], child)
    return found


def _section(words: list[str], command: Any) -> str:
    context = typer.Context(command, info_name=" ".join(words), terminal_width=96)
    return f"## {' '.join(words)}\n\n```\n{command.get_help(context).rstrip()}\n```\n"


def settings_table() -> str:
    """Every environment variable with its default and meaning."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = f"`{field.default}`" if field.default not in ("", None) else ""
        lines.append(f"| `BLINDVERSE_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines)


def with_settings(page: str) -> str:
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n{settings_table()}\n{END}{rest.split(END)[1]}"


def generated() -> dict[Path, str]:
    operating = DOCS / "operating.md"
    return {
        DOCS / "cli.md": commands(),
        DOCS / "data-dictionary.md": dictionary_markdown(),
        operating: with_settings(operating.read_text(encoding="utf-8")),
    }


if __name__ == "__main__":
    for file, text in generated().items():
        file.write_text(text, encoding="utf-8")
