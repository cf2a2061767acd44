"""Where the tests find the data beside the checkout."""

import os
from pathlib import Path

from tests.full_run import missing

ABSENT = "the shared data folder ../shared/data is not beside this checkout"


def shared_data() -> Path:
    """The folder `../shared/data`; skips the test where it is absent, or fails it in a full run."""
    named = os.getenv("BLINDVERSE_SHARED_DATA")
    checkout = Path(__file__).resolve().parents[1]
    folder = Path(named) if named else checkout.parent / "shared" / "data"
    if not folder.is_dir():
        missing(ABSENT)
    return folder
