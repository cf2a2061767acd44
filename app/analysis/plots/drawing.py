"""What all charts share: colours, sizes, drawing, and what a screen reader is told."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

# A style sheet can turn each of these into another for the dark, by attribute: [fill="#241f1a"].
EXPERT = "#1f5a9c"
NONEXPERT = "#a34d00"
INK = "#241f1a"
MUTED = "#5b5148"
GRID = "#d9d0c2"
CHANCE_LINE = "#857868"
ACCENT = "#7a2e2e"
BAR = "#a57771"
BLUE = "#2d4f7c"
PAGE = "#fdfbf7"  # around the labels, and the ground of a PNG
HALO = f'stroke="{PAGE}"'
PADDING = 6  # pixels around a chart
ROOM_FOR_NAMES = 22  # pixels left of names, which are wider in another typeface than in ours
FONT = "Atkinson Hyperlegible Next, sans-serif"

Width = Literal["wide", "narrow"]
Spec = dict[str, Any]  # Any: Vega-Lite's own


@dataclass(frozen=True, slots=True)
class Size:
    """Measures of a chart, in pixels."""

    plot: int
    row: int
    text: int
    title_words: int


SIZES: dict[Width, Size] = {
    "wide": Size(plot=520, row=104, text=14, title_words=66),
    "narrow": Size(plot=238, row=104, text=12, title_words=34),
}


def draw(spec: Spec) -> str:
    """Draw, with the halo of a label under its letters, which Vega-Lite cannot ask for."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(json.dumps(spec))
    return _with_own_names(svg).replace(HALO, f'paint-order="stroke" {HALO}')


def _with_own_names(svg: str) -> str:
    """What one chart cuts out must not be cut out of another on the same page."""
    own = hashlib.sha256(svg.encode()).hexdigest()[:8]
    return re.sub(r'(\bid="|url\(#)(\w+)', rf"\g<1>{own}-\g<2>", svg)


def to_png(svg: str, *, scale: float) -> bytes:
    """Turn a drawing into a picture."""
    import vl_convert

    return vl_convert.svg_to_png(svg, scale=scale)


def svg_png(svg: str, *, scale: float = 2.0) -> bytes:
    """Turn a chart into a picture on the ground of a page.

    Parameters
    ----------
    svg
        A chart of this package.
    scale
        Pixels of the picture per pixel of the chart.

    Returns
    -------
    bytes
        A PNG.
    """
    opening, rest = svg.split(">", 1)
    ground = f'<rect width="100%" height="100%" fill="{PAGE}"/>'
    return to_png(f"{opening}>{ground}{rest}", scale=scale)


def svg_pdf(svg: str) -> bytes:
    """Turn a chart into a drawing for print.

    Parameters
    ----------
    svg
        A chart of this package.

    Returns
    -------
    bytes
        A PDF of one page of the chart's size.
    """
    import vl_convert

    return vl_convert.svg_to_pdf(svg)


def wrapped(words: str, most: int) -> list[str]:
    """Lines of at most so many letters, unless a word is longer."""
    lines = [""]
    for word in words.split():
        if len(lines[-1]) + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def described(svg: str, title: str, description: str) -> str:
    """Tell a screen reader what the picture shows, in the place of its parts."""
    opening, rest = svg.split(">", 1)
    opening = f'{opening} role="img" aria-label={quoteattr(title)}'
    told = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    parts = rest.removesuffix("</svg>")
    return f'{opening}>{told}<g aria-hidden="true">{parts}</g></svg>'


def config(size: Size, ground: str = "transparent", *, left: int = PADDING) -> Spec:
    """Colours and type of axes and legends; `left` is the space beside what stands leftmost."""
    axis = {
        "labelColor": MUTED,
        "labelFontSize": size.text - 1,
        "titleColor": INK,
        "titleFontSize": size.text,
        "titleFontWeight": "normal",
        "titlePadding": 10,
        "domainColor": GRID,
        "gridColor": GRID,
        "tickColor": GRID,
    }
    return {
        "background": ground,
        "font": FONT,
        "padding": dict.fromkeys(("top", "right", "bottom"), PADDING) | {"left": left},
        "view": {"stroke": None},
        "axis": axis,
        "axisY": {
            "labelColor": INK,
            "labelFontSize": size.text,
            "labelPadding": 8,
            "ticks": False,
            "domain": False,
            "grid": False,
        },
        "legend": {
            "labelColor": INK,
            "labelFontSize": size.text,
            "columnPadding": 18,
        },
    }
