"""Blindverse: blind comparison of poems."""

__version__ = "0.1.0"
