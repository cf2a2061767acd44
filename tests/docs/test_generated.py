"""What `make docs` writes is what the files hold, and what they name exists."""

import re
import runpy
from pathlib import Path

import pytest
from typer.main import get_command

from app.cli import app
from app.settings import Settings
from app.verse import FEATURES

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
COMMAND = re.compile(r"(?:`|^ {4})blindverse ([a-z]+)(?: ([a-z]+))?", re.MULTILINE)
TARGET = re.compile(r"`make ([a-z]+)")
SETTING = re.compile(r"\bBLINDVERSE_([A-Z]+(?:_[A-Z]+)*)\b")
OF_TESTS = {"REQUIRE_ALL", "TEST_DATABASE_URL", "TEST_RATERS", "SHARED_DATA"}


def generated() -> dict[Path, str]:
    pages: dict[Path, str] = runpy.run_path(str(ROOT / "scripts" / "write_docs.py"))["generated"]()
    return pages


GENERATED = (
    *("cli.md", "data-dictionary.md", "data-protection.md", "data-quality.md"),
    *("operating.md", "design.md", "expertise.md"),
)


@pytest.mark.parametrize("name", GENERATED)
def test_generated_page_is_fresh(name):
    page = ROOT / "docs" / name
    is_fresh = page.read_text(encoding="utf-8") == generated()[page]
    assert is_fresh, f"docs/{name} is stale: run `make docs` and commit what it writes"


def test_every_setting_is_explained():
    operating = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert f"`BLINDVERSE_{name.upper()}`" in operating
        assert field.description


def test_every_command_is_explained():
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for group, names in commands().items():
        for name in ("", *names):
            assert f"## blindverse {group} {name}".rstrip() + "\n" in page


def commands() -> dict[str, set[str]]:
    """From each command to the commands under it."""
    tree = getattr(get_command(app), "commands")  # noqa: B009  # Typer does not declare it
    return {name: set(getattr(child, "commands", {})) for name, child in tree.items()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_names_only_what_exists(page):
    text = page.read_text(encoding="utf-8")
    known, makefile = commands(), (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in LINK.findall(text):
        assert (page.parent / target).exists(), target
    for command, under in COMMAND.findall(text):
        assert command in known, command
        assert not known[command] or not under or under in known[command], (command, under)
    for target in TARGET.findall(text):
        assert f"\n{target}:" in makefile, target
    for name in SETTING.findall(text):
        assert name.lower() in Settings.model_fields or name in OF_TESTS, name


def test_every_feature_of_the_registry_has_its_row_and_range():
    page = (
        (ROOT / "docs" / "verse.md")
        .read_text(encoding="utf-8")
        .partition("### How good style is")[0]
    )
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", page, re.MULTILINE)
    ranges = {name: cell for name, cell in rows if name in {feature.name for feature in FEATURES}}
    assert list(ranges) == [feature.name for feature in FEATURES]
    for feature in FEATURES:
        ends = (feature.low, feature.high) if feature.kind == "number" else ()
        for end in ends:
            assert end is None or re.search(rf"(?<![\d.-]){end:g}(?!\.?\d)", ranges[feature.name])
