"""Reports are made quickly: how much is drawn for them is not what is tested here."""

from tests.quick_reports import charts, quick_reports

__all__ = ["charts", "quick_reports"]
