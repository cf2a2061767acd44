"""Many raters at once on a real server: every acknowledged vote is in the export exactly once."""

import csv
import json
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2 as httpx
import numpy as np
import pytest

from app.db import make_engine, transaction
from app.exports.tables import Table, export
from app.exports.writers import Format
from app.models import RaterKind
from app.poems.importing import import_poems
from app.poems.reading import read
from app.studies.lifecycle import create_study, open_study
from app.studies.queries import find_study, group_links
from tests.journeys.rater import HttpRater, form, is_done
from tests.journeys.server import running
from tests.shared_data import shared_data

CROWD = os.getenv("BLINDVERSE_TEST_RATERS")  # of raters of the real poems
AT_ONCE = 32


def made_poems() -> bytes:
    return "\n".join(
        json.dumps(
            {
                "text": f"One line {n}\nand another",
                "source": f"S{n % 5}",
                "prompt": f"Prompt {n // 8}",
            }
        )
        for n in range(160)
    ).encode()


def real_poems() -> bytes:
    return (shared_data() / "poems" / "model_poems.jsonl").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "n_raters", "n_pairs"),
    [
        pytest.param(made_poems, 24, 10, id="poems made up"),
        pytest.param(real_poems, int(CROWD or 60), 20, id="real poems", marks=pytest.mark.shared),
    ],
)
def test_every_acknowledged_vote_is_exported_once(
    database_url: str, tmp_path: Path, content, n_raters: int, n_pairs: int
):
    if database_url.startswith("postgresql"):
        n_raters = min(n_raters, AT_ONCE)  # a larger crowd once, on the default database, is enough
    links = prepare(database_url, content(), n_pairs)
    with running("serve", database_url=database_url, folder=tmp_path) as (address, _printed):

        def rate(number: int) -> Counter[tuple[str, str]]:
            with httpx.Client(base_url=address, timeout=60) as client:
                return rate_all(
                    HttpRater(client, fragment=number % 4 > 0), links[number % 2], number
                )

        with ThreadPoolExecutor(AT_ONCE) as pool:
            acknowledged = sum(pool.map(rate, range(n_raters)), Counter())
    assert sum(acknowledged.values()) == n_raters * n_pairs
    exported = list(csv.DictReader(export_lines(database_url)))
    assert len({row["vote_id"] for row in exported}) == len(exported) == n_raters * n_pairs
    found = Counter((row["rater_id"], row["choice"]) for row in exported)
    by_choice = Counter[str]()
    for (_rater, choice), n in acknowledged.items():
        by_choice[choice] += n
    assert Counter(row["choice"] for row in exported) == by_choice
    assert set(Counter(rater for rater, _choice in found.elements()).values()) == {n_pairs}


def prepare(database_url: str, content: bytes, n_pairs: int) -> list[str]:
    engine = make_engine(database_url)
    with transaction(engine, write=True) as session:
        poem_set = import_poems(
            session,
            read(content, "poems.jsonl"),
            name="Set",
            file_name="poems.jsonl",
            content_sha256="0",
        )
        study = create_study(
            session,
            name="Study",
            poem_set_key=poem_set.key,
            question="Which poem do you prefer?",
            pairs_per_rater=n_pairs,
        )
        open_study(session, study.key)
        links = group_links(session, study.key)
    engine.dispose()
    return [links[RaterKind.EXPERT], links[RaterKind.NONEXPERT]]


def rate_all(rater: HttpRater, link: str, number: int) -> Counter[tuple[str, str]]:
    """Rates to the end, now and then sending a vote twice or taking one back; gives the choices
    that the server acknowledged and that stand."""
    rng = np.random.default_rng(number)
    standing: dict[str, str] = {}
    page = rater.join(link)
    while not is_done(page):
        choice = str(rng.choice(["left", "right", "tie"]))
        slot = form(page, "choices")["slot"]
        following = rater.vote(page, choice)
        standing[slot] = choice
        if rng.random() < 0.05:
            following = rater.vote(page, "tie")  # the same attempt again: changes nothing
        if rng.random() < 0.05 and not is_done(following):
            following = rater.undo(following)
            del standing[slot]
        page = following
    failed = [answer.status_code for answer in rater.seen if answer.status_code >= 400]
    assert not failed, failed
    return Counter((str(number), choice) for choice in standing.values())


def export_lines(database_url: str) -> list[str]:
    engine = make_engine(database_url)
    with transaction(engine, write=False) as session:
        study = find_study(session, "Study")
        content = b"".join(export(session, study, Table.VOTES, Format.CSV))
    engine.dispose()
    return content.decode().splitlines()
