"""Pages made from templates, and a report as one file. Knows no request."""

from app.pages.environment import STATIC_ADDRESS, environment, render, static, static_files

__all__ = ["STATIC_ADDRESS", "environment", "render", "static", "static_files"]
