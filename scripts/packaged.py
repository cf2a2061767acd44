"""Write a table into app/verse/data and note its checksum beside those of the others."""

import gzip
import hashlib
from collections.abc import Iterable
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "app" / "verse" / "data"
_SUMS = DATA / "SHA256SUMS"


def write_table(name: str, rows: Iterable[str]) -> int:
    """The same bytes whenever the same rows are written; how many bytes they take."""
    packed = gzip.compress("\n".join(rows).encode(), compresslevel=9, mtime=0)
    (DATA / name).write_bytes(packed)
    noted = (row.split() for row in _SUMS.read_text("utf-8").splitlines() if _SUMS.exists())
    sums = {table: total for total, table in noted} | {name: hashlib.sha256(packed).hexdigest()}
    _SUMS.write_text("".join(f"{sums[table]}  {table}\n" for table in sorted(sums)), "utf-8")
    return len(packed)
