"""Results as charts; the only package that knows Altair and vl-convert."""

from app.analysis.plots.distributions import SourceBars, distribution_chart
from app.analysis.plots.drawing import svg_pdf, svg_png
from app.analysis.plots.intervals import Reference, SourceShares, share_chart
from app.analysis.plots.win_share import chart_png, win_share_chart

__all__ = [
    "Reference",
    "SourceBars",
    "SourceShares",
    "chart_png",
    "distribution_chart",
    "share_chart",
    "svg_pdf",
    "svg_png",
    "win_share_chart",
]
