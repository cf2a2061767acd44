"""A folder, a database and a file of poems for commands to work on."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db import Engine, make_engine
from tests.cli.commands.running import done, write_poems


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing is written anywhere else, and no setting of the person who tests is used."""
    for name in [name for name in os.environ if name.startswith("BLINDVERSE_")]:  # noqa: TID251  # forgotten
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def engine(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The migrated database that the commands then use."""
    monkeypatch.setenv("BLINDVERSE_DATABASE_URL", sqlite_url)
    engine = make_engine(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def poems(own_folder: Path) -> Path:
    """Three prompts, two poems each."""
    return write_poems(
        own_folder / "poems.csv",
        [
            {
                "poem_id": f"p{n}",
                "prompt": f"Write about winter {n // 2}.",
                "source": "AB"[n % 2],
                "text": f"The snow of day {n}\nis slow to go away" if n % 2 else f"Snow {n}\nfell",
            }
            for n in range(6)
        ],
    )


@pytest.fixture
def open_study(engine: Engine, poems: Path) -> str:
    done("poems", "import", str(poems), "--set", "Winter")
    done("studies", "create", "First", "--set", "Winter", "--pairs", "3")
    return done("studies", "open", "First")
