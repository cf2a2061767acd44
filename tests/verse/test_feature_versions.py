"""A feature whose values change has a new version, or stored values would pass for current."""

from tests.verse.feature_values import recorded, rows

WRITE = "then write the record anew: python -m tests.verse.feature_values"


def test_values_change_with_their_version_only():
    before = recorded()
    for name, version, digest in rows():
        assert name in before, f"{name} is new: {WRITE}"
        old_version, old_digest = before[name]
        if version == old_version:
            assert digest == old_digest, f"{name} gives other values: raise its version, {WRITE}"
        else:
            assert version > old_version, f"the version of {name} went down"
            raise AssertionError(f"{name} has a new version: {WRITE}")
