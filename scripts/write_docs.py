"""Rewrites the generated parts of docs/: the data dictionary, the commands, the settings."""

import ast
from pathlib import Path
from typing import Any

import typer
from typer.main import get_command

from app.cli import app
from app.exports.dictionary import dictionary_markdown
from app.rating.personal_data import data_protection_markdown
from app.settings import Settings
from app.studies.flags import RULES
from app.studies.plan import Design

DOCS = Path(__file__).parents[1] / "docs"
APP = DOCS.parent / "app"


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


def rules() -> str:
    """Every rule of data quality, with the thresholds that a study has unless it sets others."""
    lines = ["| flag | version | rule | to think of |", "|---|---|---|---|"]
    for rule in RULES:
        cells = (f"`{rule.name}`", str(rule.version), rule.says(Design()), rule.advice)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def tree() -> str:
    """Every module with the first line of its docstring."""
    lines = ["```"]
    for file in sorted(APP.rglob("*.py"), key=lambda file: (file.parent, file.name)):
        module = ast.parse(file.read_text(encoding="utf-8"))
        sentence = (ast.get_docstring(module) or "").split("\n\n", maxsplit=1)[0]
        name = file.relative_to(APP.parent).as_posix().removesuffix("/__init__.py")
        lines.append(f"{name:<34} {' '.join(sentence.split())}")
    return "\n".join([*lines, "```"])


def between(page: str, name: str, text: str) -> str:
    """The page with the text between the two comments of this name."""
    begin, end = f"<!-- {name} begin: written by make docs -->", f"<!-- {name} end -->"
    before, rest = page.split(begin)
    return f"{before}{begin}\n{text}\n{end}{rest.split(end)[1]}"


def generated() -> dict[Path, str]:
    """From each file to what should be in it."""
    operating, design = DOCS / "operating.md", DOCS / "design.md"
    protection, quality = DOCS / "data-protection.md", DOCS / "data-quality.md"
    return {
        DOCS / "cli.md": commands(),
        DOCS / "data-dictionary.md": dictionary_markdown(),
        protection: between(
            protection.read_text(encoding="utf-8"), "tables", data_protection_markdown()
        ),
        quality: between(quality.read_text(encoding="utf-8"), "rules", rules()),
        operating: between(operating.read_text(encoding="utf-8"), "settings", settings_table()),
        design: between(design.read_text(encoding="utf-8"), "tree", tree()),
    }


if __name__ == "__main__":
    for file, text in generated().items():
        file.write_text(text, encoding="utf-8")
