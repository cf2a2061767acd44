"""A real server in a process of its own, on a free port."""

import multiprocessing
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TextIO

# Every server is forked from a process that has imported the application, which takes seconds.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["app.main", "app.cli.serve", "app.cli.demo", "pytest"])


@contextmanager
def running(
    *command: str, database_url: str | None, folder: Path, port: int = 0
) -> Iterator[tuple[str, str]]:
    """Its address, and what it printed until then."""
    environment = dict(os.environ)  # noqa: TID251  # handed on to the server
    if database_url:
        environment["BLINDVERSE_DATABASE_URL"] = database_url
    receiver, sender = processes.Pipe(duplex=False)
    process = processes.Process(
        target=_blindverse, args=([*command, "--port", str(port)], environment, folder, sender)
    )
    process.start()
    sender.close()
    with receiver, open(receiver.fileno(), encoding="utf-8", closefd=False) as printed:
        try:
            yield _address(printed)
        finally:
            process.terminate()
            process.join(timeout=30)
            assert process.exitcode is not None, "the server does not stop"


def _blindverse(
    arguments: list[str], environment: Mapping[str, str], folder: Path, output: Connection
) -> None:
    """What the shell does with the command `blindverse`, in the new process."""
    from app.cli import main

    os.environ.clear()  # noqa: TID251  # the process was forked with that of the first server
    os.environ.update(environment)  # noqa: TID251
    os.chdir(folder)
    for stream in (1, 2):
        os.dup2(output.fileno(), stream)
    output.close()
    for text in (sys.stdout, sys.stderr):
        assert hasattr(text, "reconfigure")
        text.reconfigure(line_buffering=True)
    sys.argv = ["blindverse", *arguments]
    main()


def _address(lines: TextIO) -> tuple[str, str]:
    printed = ""
    for line in lines:
        printed += line
        found = re.search(r"http://127\.0\.0\.1:\d+", printed)
        if found and ("Serving on" in printed or "Stop with Ctrl-C" in printed):
            return found.group(0), printed
    raise AssertionError(f"the server ended: {printed}")
