"""Rewrites the generated parts of docs/: data dictionary, commands, settings, instrument, tree."""

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
from app.studies.instrument import (
    Kind,
    Section,
    in_words,
    questionnaire,
    rules,
    sections_in,
    version,
)
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


def flags() -> str:
    """Every rule of data quality, with the thresholds that a study has unless it sets others."""
    lines = ["| flag | version | rule | to think of |", "|---|---|---|---|"]
    for rule in RULES:
        cells = (f"`{rule.name}`", str(rule.version), rule.says(Design()), rule.advice)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def instrument() -> str:
    """Every item with its answers, points and source; and the rules in words."""
    lines = [f"The instrument is of version {version()}."]
    for section in sections_in("en"):
        lines += ["", f"### {section.heading} (`{section.name}`)", "", f"> {section.intro}", ""]
        lines += _names(section) if section.kind is Kind.NAMES else _items(section)
    lines += ["", "### Rules", ""]
    asked = (
        questionnaire(Design(recognition_test=True, knowledge_test=True, expert_rule=rule.name))
        for rule in rules()
    )
    lines += [f"- `{one.rule.name}`: {in_words(one)}" for one in asked]
    return "\n".join(lines)


def _items(section: Section) -> list[str]:
    lines = ["| item | question | answers (points) | source |", "|---|---|---|---|"]
    for item in section.items:
        answers = "; ".join(
            f"{option.label} ({option.points:g})" if item.is_scored else option.label
            for option in item.options
        )
        text = f"{item.text} *{item.hint}*" if item.hint else item.text
        lines.append(f"| `{item.name}` | {text} | {answers} | {item.source} |")
    return lines


def _names(section: Section) -> list[str]:
    lines = ["| item | name | points of a tick | who |", "|---|---|---|---|"]
    for item in section.items:
        points = f"{item.options[0].points:+g}".replace("-", "−")
        lines.append(f"| `{item.name}` | {item.text} | {points} | {item.source} |")
    return lines


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
    expertise = DOCS / "expertise.md"
    return {
        DOCS / "cli.md": commands(),
        DOCS / "data-dictionary.md": dictionary_markdown(),
        protection: between(
            protection.read_text(encoding="utf-8"), "tables", data_protection_markdown()
        ),
        quality: between(quality.read_text(encoding="utf-8"), "rules", flags()),
        operating: between(operating.read_text(encoding="utf-8"), "settings", settings_table()),
        expertise: between(expertise.read_text(encoding="utf-8"), "instrument", instrument()),
        design: between(design.read_text(encoding="utf-8"), "tree", tree()),
    }


if __name__ == "__main__":
    for file, text in generated().items():
        file.write_text(text, encoding="utf-8")
