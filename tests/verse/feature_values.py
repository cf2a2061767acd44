"""What every feature gives for the poems of the project, by its version.

    python -m tests.verse.feature_values

writes it anew. Stored values are taken for current as long as versions are the same, so a feature
whose values change needs a new version first.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from app.verse.features import FEATURES, measure

ROOT = Path(__file__).resolve().parents[2]
RECORD = ROOT / "tests" / "data" / "feature_values.tsv"
POEMS = (ROOT / "tests" / "data" / "forms.jsonl", ROOT / "app" / "demo" / "poems.jsonl")
DIGITS = 4  # that machines agree on


def texts() -> Iterator[str]:
    for path in POEMS:
        for row in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(row)["text"]


def rows() -> Iterator[tuple[str, int, str]]:
    """The name and version of each feature, and a digest of its values."""
    measured = [measure(text) for text in texts()]
    for feature in FEATURES:
        values = [poem[feature.name] for poem in measured]
        written = json.dumps([round(x, DIGITS) if isinstance(x, float) else x for x in values])
        yield feature.name, feature.version, sha256(written.encode()).hexdigest()[:12]


def recorded() -> dict[str, tuple[int, str]]:
    found = (row.split("\t") for row in RECORD.read_text(encoding="utf-8").splitlines())
    return {name: (int(version), digest) for name, version, digest in found}


if __name__ == "__main__":
    RECORD.write_text("".join(f"{name}\t{n}\t{digest}\n" for name, n, digest in rows()), "utf-8")
