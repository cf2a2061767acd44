"""Poems: read from a file, stored as a set, measured, shown."""
