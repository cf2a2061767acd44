"""Python that has loaded nothing yet."""

import subprocess
import sys


def printed_by(code: str) -> list[str]:
    """The words that it prints in a process of its own; an error in it is one here."""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return ran.stdout.split()
