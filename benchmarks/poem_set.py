"""`python -m benchmarks.poem_set`: the page of a set of 100,000 poems by 88 sources.

The poems are copies of those of the demo, with what was measured on them; so this tells how long
the sources take to be compared, and their page to be shown, not how long measuring takes.
"""

import resource
import time
from collections.abc import Callable
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, insert
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import migrate, transaction
from app.demo.building import demo_links
from app.main import create_app
from app.models import Poem, PoemFeature, PoemSet
from app.poems.comparing import compare_set
from app.settings import Settings

N_POEMS, N_SOURCES = 100_000, 88
INSTRUCTIONS = ("rhymed", "unrhymed", "unspecified")
_AT_ONCE = 2_000


def copy_demo(engine: Engine) -> tuple[int, str]:
    """The new set's row number and key."""
    with transaction(engine, write=True) as session:
        poems = session.exec(select(Poem)).all()
        features: dict[int | None, list[PoemFeature]] = {}
        for feature in session.exec(select(PoemFeature)).all():
            features.setdefault(feature.poem_id, []).append(feature)
        large = PoemSet(name="Large", file_name="-", file_sha256="-", n_poems=N_POEMS)
        session.add(large)
        session.flush()
        connection, first = session.connection(), len(poems) + 1
        copies = enumerate(islice(cycle(poems), N_POEMS), first)
        while batch := list(islice(copies, _AT_ONCE)):
            connection.execute(
                insert(Poem),
                [
                    poem.model_dump(exclude={"prompt_id"})
                    | {
                        "id": number,
                        "poem_set_id": large.id,
                        "poem_id": f"p{number}",
                        "source": f"Source {number % N_SOURCES}",
                        "style_instruction": INSTRUCTIONS[number % 3],
                    }
                    for number, poem in batch
                ],
            )
            connection.execute(
                insert(PoemFeature),
                [
                    feature.model_dump() | {"poem_id": number}
                    for number, poem in batch
                    for feature in features[poem.id]
                ],
            )
        return large.id or 0, large.key


def main() -> None:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'large.db'}"
        migrate(url)
        app = create_app(Settings(database_url=url), with_worker=False)
        engine = app.state.engine
        with transaction(engine, write=True) as session:
            token = demo_links(session).admin_token
        set_id, key = copy_demo(engine)
        show("comparing the sources", lambda: list(compare_set(engine, set_id)))
        with TestClient(
            app, base_url="http://localhost", headers={"Origin": "http://localhost"}
        ) as client:
            client.post(f"/admin/sign-in/{token}")
            page = f"/admin/poem-sets/{key}"
            for what, address in (
                ("the page, first after a start", page),
                ("the page", page),
                ("the page, another feature", f"{page}?feature=n_words"),
                ("poems that disobey", f"{page}/disobeying"),
                ("poems that disobey, page 300", f"{page}/disobeying?page=300"),
                ("all sets", "/admin/poem-sets"),
            ):
                show(what, partial(client.get, address))
            part = {"HX-Request-Type": "partial"}
            alone = partial(client.get, f"{page}?feature=imagery", headers=part)
            show("another feature, its part alone", alone)
        print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most")


def show(what: str, do: Callable[[], object]) -> None:
    begun = time.perf_counter()
    do()
    print(f"{what}: {time.perf_counter() - begun:.2f} s")


if __name__ == "__main__":
    main()
