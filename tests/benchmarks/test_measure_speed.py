"""The benchmark of measuring reads poems and prints how many a second."""

import json
import re
import subprocess
import sys


def test_speed_is_printed_cold_and_warm(tmp_path):
    poems = tmp_path / "poems.jsonl"
    texts = ["The sun goes down,\nThe lamps come on;", "Across the town\nDay is over."]
    poems.write_text("\n".join(json.dumps({"text": text}) for text in texts), encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks.measure_speed", str(poems), "--rounds", "3"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.startswith("2 poems")
    found = {
        what: int(n.replace(",", "")) for what, n in re.findall(r"  (\S.*?)  +([\d,]+)", printed)
    }
    assert list(found) == ["cold", "cold, with the import", "warm, median", "warm, best"]
    assert found["cold, with the import"] < found["cold"] < found["warm, median"]
