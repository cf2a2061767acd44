"""Rules of the house that no other tool checks."""

import posixpath
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

from app.pages import static_files
from tests.full_run import missing

ROOT = Path(__file__).resolve().parents[1]
APP = sorted((ROOT / "app").rglob("*.py"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
LOCKS = sorted(ROOT.glob("requirements*.lock"))
ENDS_TRANSACTION = re.compile(r"\.(?:commit|rollback)\(")
ENVIRONMENT = re.compile(r"\b(?:environ|getenv)\b")
CSS_ADDRESS = re.compile(r"""url\(\s*["']?(?!data:)([^"')]+)|@import\s+["']([^"']+)""")
PIN = re.compile(r"^([\w.-]+(?:\[[\w,.-]+\])?)==(\S+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
SOMEONES_FOLDER = re.compile(rb"(?<![\w.])/(?:root|home|Users)/\w|[A-Z]:\\Users\\")


def files_with(pattern: re.Pattern[str]) -> set[str]:
    return {
        file.relative_to(ROOT).as_posix()
        for file in APP
        if pattern.search(file.read_text(encoding="utf-8"))
    }


def test_only_the_database_module_ends_transactions():
    assert files_with(ENDS_TRANSACTION) <= {"app/db.py"}


def test_only_the_settings_read_the_environment():
    assert files_with(ENVIRONMENT) <= {"app/settings.py"}


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_address_in_a_style_sheet_is_that_of_a_file_as_it_is_now(style):
    current = set(static_files().values())
    for in_url, imported in CSS_ADDRESS.findall(style.read_text(encoding="utf-8")):
        assert posixpath.normpath(f"css/{in_url or imported}") in current


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_names_no_host_and_has_hashes_for_every_pin(lock):
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text
    pins = pins_of(lock)
    assert pins
    assert [name for name, (_version, rest) in pins.items() if "--hash=sha256:" not in rest] == []
    outside = PIN.sub("", text).strip()
    assert all(line.startswith("#") for line in outside.splitlines()), outside[:200]


def pins_of(lock: Path) -> dict[str, tuple[str, str]]:
    """From each name to its version and what follows."""
    found = PIN.findall(lock.read_text(encoding="utf-8"))
    return {plain(name): (version, rest) for name, version, rest in found}


def plain(name: str) -> str:
    return re.split(r"[\[=<>~! ;]", name)[0].lower().replace("_", "-").replace(".", "-")


def test_locks_hold_what_the_project_asks_for_and_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    runs, tests = pins_of(ROOT / "requirements.lock"), pins_of(ROOT / "requirements-dev.lock")
    needed = {plain(name) for name in [*project["project"]["dependencies"], *groups["build"]]}
    assert needed <= runs.keys()
    assert {plain(name) for name in groups["dev"]} <= tests.keys()
    versions = {name: version for name, (version, _rest) in tests.items()}
    assert {name: versions.get(name) for name in runs} == {name: runs[name][0] for name in runs}


def tracked_files() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        missing("this is no checkout, so there is no list of its files")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    names = (name for name in listed.stdout.decode().split("\0") if name)
    return [file for name in names if (file := ROOT / name).is_file()]


def test_no_file_names_a_folder_of_somebodys_machine():
    named = {
        file.relative_to(ROOT).as_posix(): found.group()
        for file in tracked_files()
        if (found := SOMEONES_FOLDER.search(file.read_bytes()))
    }
    assert named == {}


IN_THE_WHEEL = """
from app.pages import environment, static_files
from app.settings import data_folder
for template in environment().list_templates():
    environment().get_template(template)
print(len(static_files()), data_folder("templates").name)
"""


@pytest.mark.slow
def test_wheel_holds_everything_and_works_without_the_checkout(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*build, "--directory", tmp_path], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    with ZipFile(wheel) as archive:
        archive.extractall(installed)
    for folder, inside in (
        ("templates", "app/_templates"),
        ("static", "app/_static"),
        ("migrations", "app/_migrations"),
        ("app/verse/data", "app/verse/data"),
        ("app/demo", "app/demo"),
        ("app/studies", "app/studies"),
    ):
        assert files_of(installed / inside) == files_of(ROOT / folder) != set()
    (licences,) = installed.glob("*.dist-info/licenses")
    assert files_of(licences) == {"LICENSE", "NOTICE"}

    def python(*arguments: str) -> str:
        """Away from the checkout, which the environment would otherwise find."""
        ran = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env={"PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout

    assert python("-c", IN_THE_WHEEL).split() == [str(len(static_files())), "_templates"]
    assert "up to date" in python("-m", "app", "migrate")
    assert (tmp_path / "blindverse.db").is_file()


def files_of(folder: Path) -> set[str]:
    return {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
