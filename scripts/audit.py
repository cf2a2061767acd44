"""What raters are promised of their pages, measured in real browsers: accessibility (axe-core),
Lighthouse's scores, the weight of the pages as they are sent, and the whole walk in Firefox.
`make audit` installs what it needs; it ends with an error where a promise is not kept."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from sqlmodel import select  # noqa: E402

from app.db import make_engine, migrate, transaction  # noqa: E402
from app.demo.building import demo_links  # noqa: E402
from app.models import PoemSet, RaterKind, Study  # noqa: E402
from app.studies.lifecycle import create_study, open_study  # noqa: E402
from app.studies.plan import Design  # noqa: E402
from app.studies.queries import group_links  # noqa: E402
from tests.browser.conftest import system_chromium  # noqa: E402
from tests.journeys.server import running  # noqa: E402

FIRST_LOAD_BYTES = 120_000
NEXT_PAIR_BYTES = 8_000
FIREFOX_NAMES = ("firefox-esr", "firefox")

# Everything a study can ask of raters, so that every page there is comes by.
EVERYTHING = Design(
    minimum_age=18,
    recognition_test=True,
    knowledge_test=True,
    practice=True,
    asks_confidence=True,
    asks_ease=True,
    break_every=4,
    repeats=2,
    checks=1,
)


def make_study(address: str) -> str:
    """The key of a link to a study of the demo poems that asks for everything."""
    migrate(address)
    engine = make_engine(address)
    with transaction(engine, write=True) as session:
        demo_links(session)
        poem_set = session.exec(select(PoemSet)).one()
        study: Study = create_study(
            session,
            name="Audit",
            poem_set_key=poem_set.key,
            question="Which poem do you prefer?",
            pairs_per_rater=8,
            about="A study that asks for everything that a study can ask for.",
            design=EVERYTHING,
        )
        open_study(session, study.key)
        link = group_links(session, study.key)[RaterKind.NONEXPERT]
    engine.dispose()
    return link


def measured(address: str, link: str) -> dict[str, Any]:  # Any: JSON
    chromium = system_chromium()
    if chromium is None:
        sys.exit("Chromium is needed: install your system's package chromium.")
    firefox = next(filter(None, map(shutil.which, FIREFOX_NAMES)), "")
    with tempfile.TemporaryDirectory() as home:  # Firefox wants a home that it may write to
        done = subprocess.run(
            ["node", "main.mjs", chromium, firefox, f"{address}/join/{link}"],
            cwd=ROOT / "audit",
            env={"PATH": f"{Path(chromium).parent}:/usr/local/bin:/usr/bin:/bin", "HOME": home},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    return dict(json.loads(done.stdout))


def broken_promises(found: dict[str, Any]) -> Iterator[str]:
    for state, problems in found["accessibility"]["states"].items():
        yield from (f"axe, {state}: {problem}" for problem in problems)
    if found["weights"]["first"] > FIRST_LOAD_BYTES:
        yield f"the first load weighs {found['weights']['first']:,} bytes"
    if found["weights"]["next"] > NEXT_PAIR_BYTES:
        yield f"a next pair weighs {found['weights']['next']:,} bytes"
    yield from low_scores(found["lighthouse"])
    if "firefox" not in found:
        yield "Firefox is not installed: the walk in it was not tried"
    elif not found["firefox"]["finished"] or found["firefox"]["errors"]:
        yield f"Firefox: {found['firefox']}"


def low_scores(states: dict[str, Any]) -> Iterator[str]:
    for state, devices in states.items():
        for device, scores in devices.items():
            for name in ("performance", "accessibility", "best-practices"):
                if (scores[name] or 0) < 1:
                    failed = ", ".join(scores["failed"])
                    yield f"Lighthouse, {state} on a {device}: {name} {scores[name]} ({failed})"


def tell(found: dict[str, Any]) -> None:
    states = found["accessibility"]["states"]
    print(f"axe-core: {found['accessibility']['looks']} looks at {', '.join(states)}")
    print(
        f"Weight: first load {found['weights']['first']:,} bytes, "
        f"next pair at most {found['weights']['next']:,} bytes"
    )
    for state, devices in found["lighthouse"].items():
        for device, scores in devices.items():
            print(
                f"Lighthouse, {state} on a {device}: performance {scores['performance']}, "
                f"accessibility {scores['accessibility']}, best practices "
                f"{scores['best-practices']}, largest paint {scores['largest_paint_ms']} ms"
            )
    if "firefox" in found:
        print(f"{found['firefox']['version']}: {found['firefox']['states']}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/audit.db"
        link = make_study(database)
        with running("serve", database_url=database, folder=Path(folder)) as (address, _printed):
            found = measured(address, link)
    tell(found)
    broken = list(broken_promises(found))
    for promise in broken:
        print(f"NOT KEPT  {promise}")
    if broken:
        sys.exit(1)
    print("Every promise is kept.")


if __name__ == "__main__":
    main()
