"""What raters are promised of their pages, measured in real browsers: accessibility (axe-core),
Lighthouse's scores, the weight of the pages as they are sent, and the whole walk in Firefox.
`make audit` installs what it needs; it ends with an error where a promise is not kept. With
--pictures FOLDER every page of a rater is looked at and a picture of each is left in the folder."""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from sqlmodel import Session, select  # noqa: E402

from app.db import make_engine, migrate, transaction  # noqa: E402
from app.demo.building import demo_links  # noqa: E402
from app.models import PoemSet, RaterKind  # noqa: E402
from app.studies.lifecycle import close_study, create_study, open_study  # noqa: E402
from app.studies.plan import USUAL_LANGUAGE, Design, Recruitment  # noqa: E402
from app.studies.queries import group_links  # noqa: E402
from app.studies.recruiting import change_recruitment  # noqa: E402
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


QUESTIONS = {"en": "Which poem do you prefer?", "de": "Welches Gedicht gefällt Ihnen besser?"}
CODES = Recruitment(completion_code="C1DONE", screened_out_code="C2THANKS")


def make_places(address: str, language: str) -> dict[str, Any]:  # Any: JSON
    """The links to a study that asks for everything and to one that screens out whoever is no
    expert, and the paths of the pages where no pair is shown."""
    migrate(address)
    engine = make_engine(address)
    with transaction(engine, write=True) as session:
        demo_links(session)
        poem_set = session.exec(select(PoemSet)).one().key
        asking = _study(session, poem_set, "Audit", replace(EVERYTHING, language=language), CODES)
        screening = replace(EVERYTHING, language=language, screens_out=True)
        for_experts = _study(session, poem_set, "Screening", screening, CODES)
        full = _study(session, poem_set, "Full", Design(language=language), Recruitment())
        nobody = dict.fromkeys(RaterKind, 0)
        change_recruitment(session, full, recruitment=Recruitment(), quotas=nobody)
        closed = _study(session, poem_set, "Closed", Design(language=language), Recruitment())
        links = {key: group_links(session, key) for key in (asking, for_experts, full, closed)}
        close_study(session, closed)
    engine.dispose()
    paths = {
        "refused": f"/join/{links[asking][RaterKind.NONEXPERT]}/refusal",
        "full": f"/join/{links[full][RaterKind.NONEXPERT]}",
        "closed": f"/join/{links[closed][RaterKind.NONEXPERT]}",
        "no invitation": "/join/nothing",
        "dead link": "/r/nothing",
        "privacy": f"/privacy?language={language}",
    }
    return {
        "walk": f"/join/{links[asking][RaterKind.NONEXPERT]}",
        "other": f"/join/{links[asking][RaterKind.EXPERT]}",
        "screening": f"/join/{links[for_experts][RaterKind.EXPERT]}",
        "pages": paths,
    }


def _study(
    session: Session, poem_set: str, name: str, design: Design, recruitment: Recruitment
) -> str:
    study = create_study(
        session,
        name=name,
        poem_set_key=poem_set,
        question=QUESTIONS.get(design.language, QUESTIONS[USUAL_LANGUAGE]),
        pairs_per_rater=8,
        about="A study that asks for everything that a study can ask for.",
        design=design,
        recruitment=recruitment,
    )
    open_study(session, study.key)
    return study.key


def measured(address: str, places: dict[str, Any], pictures: Path | None) -> dict[str, Any]:
    """`places` as `make_places` gives them."""
    chromium = system_chromium()
    if chromium is None:
        sys.exit("Chromium is needed: install your system's package chromium.")
    firefox = next(filter(None, map(shutil.which, FIREFOX_NAMES)), "")
    there = {
        "walk": f"{address}{places['walk']}",
        "other": f"{address}{places['other']}",
        "screening": f"{address}{places['screening']}",
        "pages": {name: f"{address}{path}" for name, path in places["pages"].items()},
    }
    pictured = [str(pictures.resolve())] if pictures else []
    with tempfile.TemporaryDirectory() as home:  # Firefox wants a home that it may write to
        done = subprocess.run(
            ["node", "main.mjs", chromium, firefox, json.dumps(there), *pictured],
            cwd=ROOT / "audit",
            env={"PATH": f"{Path(chromium).parent}:/usr/local/bin:/usr/bin:/bin", "HOME": home},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    return dict(json.loads(done.stdout))


def broken_promises(found: dict[str, Any], *, whole: bool) -> Iterator[str]:
    for state, problems in found["accessibility"]["states"].items():
        yield from (f"axe, {state}: {problem}" for problem in problems)
    if not whole:
        return
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
    if "weights" in found:
        print(
            f"Weight: first load {found['weights']['first']:,} bytes, "
            f"next pair at most {found['weights']['next']:,} bytes"
        )
    for state, devices in found.get("lighthouse", {}).items():
        for device, scores in devices.items():
            print(
                f"Lighthouse, {state} on a {device}: performance {scores['performance']}, "
                f"accessibility {scores['accessibility']}, best practices "
                f"{scores['best-practices']}, largest paint {scores['largest_paint_ms']} ms"
            )
    if "firefox" in found:
        print(f"{found['firefox']['version']}: {found['firefox']['states']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", default=USUAL_LANGUAGE, help="of the studies")
    parser.add_argument(
        "--pictures",
        type=Path,
        metavar="FOLDER",
        help="only look at every page, and leave a picture of each look in this folder",
    )
    given = parser.parse_args()
    if given.pictures:
        given.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/audit.db"
        places = make_places(database, given.language)
        with running("serve", database_url=database, folder=Path(folder)) as (address, _printed):
            found = measured(address, places, given.pictures)
    tell(found)
    broken = list(broken_promises(found, whole=given.pictures is None))
    for promise in broken:
        print(f"NOT KEPT  {promise}")
    if broken:
        sys.exit(1)
    print("Every promise is kept.")


if __name__ == "__main__":
    main()
