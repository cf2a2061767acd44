"""A real server in a process of its own, on a free port."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running(
    *command: str, database_url: str | None, folder: Path, port: int = 0
) -> Iterator[tuple[str, str]]:
    """Its address, and what it printed until then."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}  # noqa: TID251  # handed on to the server
    if database_url:
        environment["BLINDVERSE_DATABASE_URL"] = database_url
    process = subprocess.Popen(
        [sys.executable, "-m", "app", *command, "--port", str(port)],
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield _address(process)
    finally:
        process.terminate()
        process.wait(timeout=30)
        if process.stdout:
            process.stdout.close()


def _address(process: "subprocess.Popen[str]") -> tuple[str, str]:
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        printed += line
        found = re.search(r"http://127\.0\.0\.1:\d+", printed)
        if found and ("Serving on" in printed or "Stop with Ctrl-C" in printed):
            return found.group(0), printed
    raise AssertionError(f"the server ended: {printed}")
